// What a sweep really exchanged, from the turning points of x in one contact.
#include <gtest/gtest.h>

#include "pipeline/validation/true_values.hpp"

namespace seccm::validation {
namespace {

TrueLanding with_turns(std::vector<double> turns) {
  TrueLanding landing;
  landing.x_turns = std::move(turns);
  return landing;
}

TEST(ExchangedX, IsNotTheSwingOfTheContactWhereLithiumStaysBehind) {
  // Slow extraction: each cycle takes up more than it gives back. The swing of the contact is 0.30; cycle 2 takes up
  // 0.12 and gives back 0.07.
  const TrueLanding landing = with_turns({0.0, 0.16, 0.10, 0.22, 0.15, 0.30, 0.20});
  const std::vector<int> second{2}, both{2, 3};
  EXPECT_DOUBLE_EQ(exchanged_x(landing, -1, second), 0.22 - 0.10);
  EXPECT_DOUBLE_EQ(exchanged_x(landing, +1, second), 0.22 - 0.15);
  EXPECT_DOUBLE_EQ(exchanged_x(landing, +1, both), 0.5 * ((0.22 - 0.15) + (0.30 - 0.20)));
}

TEST(ExchangedX, CountsCyclesFromTheFirstMaximumWhenTheContactBeginsWithARelease) {
  const TrueLanding landing = with_turns({0.2, 0.05, 0.25, 0.1});
  const std::vector<int> first{1};
  EXPECT_DOUBLE_EQ(exchanged_x(landing, -1, first), 0.25 - 0.05);
  EXPECT_DOUBLE_EQ(exchanged_x(landing, +1, first), 0.25 - 0.1);
}

TEST(ExchangedX, HasNoValueForCyclesThatDidNotHappen) {
  const std::vector<int> fifth{5}, none, odd{0, -3};
  EXPECT_EQ(exchanged_x(with_turns({0.0, 0.2, 0.1}), +1, fifth), 0.0);
  EXPECT_EQ(exchanged_x(with_turns({0.0, 0.2, 0.1}), +1, none), 0.0);
  EXPECT_EQ(exchanged_x(with_turns({0.0, 0.2, 0.1}), +1, odd), 0.0);
  EXPECT_EQ(exchanged_x(with_turns({0.0}), -1, std::vector<int>{1}), 0.0);
}

}  // namespace
}  // namespace seccm::validation
