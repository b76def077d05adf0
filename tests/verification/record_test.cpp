// The recorder itself: a case that is wrong must fail.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/verification/record.hpp"

namespace seccm::verification {
namespace {

TEST(Recorder, FailsAValueOutsideItsBound) {
  EXPECT_NONFATAL_FAILURE(check({.name = "off", .quantity = "q", .exact = 1.0, .computed = 1.1, .bound = 0.05}),
                          "off by");
  check({.name = "relative", .quantity = "q", .exact = 100.0, .computed = 101.0, .bound = 0.02, .relative = true});
}

TEST(Recorder, FailsAValueThatIsNotANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NONFATAL_FAILURE(check({.name = "nan", .quantity = "q", .exact = 1.0, .computed = nan, .bound = 1e9}), "nan");
}

TEST(Recorder, FailsAnOrderOnEitherSide) {
  const std::vector<double> size{4, 2, 1};
  EXPECT_NONFATAL_FAILURE(
      check_order({.name = "first", .quantity = "e", .size = size, .error = {4, 2, 1}, .expected = 2.0}), "order 1");
  EXPECT_NONFATAL_FAILURE(
      check_order({.name = "third", .quantity = "e", .size = size, .error = {64, 8, 1}, .expected = 2.0}), "order 3");
  check_order({.name = "second", .quantity = "e", .size = size, .error = {16, 4, 1}, .expected = 2.0, .pairs = 2});
}

}  // namespace
}  // namespace seccm::verification
