#include "sim/split_chain.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/random.hpp"

namespace seccm::sim {
namespace {

struct Recurrence {
  std::vector<double> factor, h, x;
  double bound = 0.0;  ///< of rounding: every x is a sum of products of at most n terms
};

Recurrence random_recurrence(std::size_t n) {
  RandomStream random(1, "split chain", n);
  Recurrence r;
  for (std::size_t k = 0; k < n; ++k) {
    r.factor.push_back(random.uniform());
    r.h.push_back(random.normal());
    r.x.push_back(r.h[k] + (k > 0 ? r.factor[k] * r.x[k - 1] : 0.0));
  }
  double size = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    size = std::abs(r.h[k]) + (k > 0 ? r.factor[k] * size : 0.0);
    r.bound = std::max(r.bound, 2.0 * static_cast<double>(n) * 2.3e-16 * size);
  }
  return r;
}

TEST(SplitChain, IsTheRecurrenceForEveryLengthInBothDirections) {
  for (std::size_t n = 1; n <= 70; ++n) {
    SCOPED_TRACE(n);
    const Recurrence r = random_recurrence(n);
    const SplitChain chain(r.factor);
    std::vector<double> up = r.h, down(r.h.rbegin(), r.h.rend());
    chain.run_up(up.data());
    chain.run_down(down.data());
    for (std::size_t k = 0; k < n; ++k) {
      EXPECT_NEAR(up[k], r.x[k], r.bound);
      EXPECT_NEAR(down[n - 1 - k], r.x[k], r.bound);
    }
  }
}

}  // namespace
}  // namespace seccm::sim
