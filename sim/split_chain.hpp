// A first-order recurrence in less time than its chain of dependent operations takes.
//
//   x_0 = h_0,      x_k = h_k + f_k x_(k-1)
//
// A processor waits for each product before the next. Cut into four pieces that run side by side, each piece but the
// first starts without its past; what that adds is F_k times the end of the piece before, F_k the product of the
// factors from the start of its piece. Both are sums of the same terms; with |f| < 1 nothing grows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/multiversion.hpp"

namespace seccm::sim {

class SplitChain {
 public:
  SplitChain() = default;
  /// `factor` in the order of the recurrence; the first is not used.
  explicit SplitChain(std::vector<double> factor) : factor_(std::move(factor)), product_(factor_) {
    const std::size_t piece = factor_.size() / pieces;
    for (std::size_t k = 1; k < pieces * piece; ++k) {
      if (k % piece != 0) product_[k] = product_[k - 1] * factor_[k];
    }
  }

  /// h becomes x, in memory from h[0] on upwards.
  SECCM_INLINE void run_up(double* h) const { run<1>(h); }
  /// The recurrence starts at h[n-1] and ends at h[0].
  SECCM_INLINE void run_down(double* h) const { run<-1>(h); }

 private:
  static constexpr std::size_t pieces = 4;

  template <int Direction>
  SECCM_INLINE void run(double* h) const {
    const std::size_t n = factor_.size();
    const std::size_t piece = n / pieces;
    const double* f = factor_.data();
    const auto at = [h, n](std::size_t k) -> double& { return h[Direction > 0 ? k : n - 1 - k]; };
    double end[pieces] = {};
    for (std::size_t j = 0; j < piece; ++j) {
      for (std::size_t p = 0; p < pieces; ++p) {
        const std::size_t k = p * piece + j;
        end[p] = j == 0 ? at(k) : at(k) + f[k] * end[p];
        at(k) = end[p];
      }
    }
    for (std::size_t p = 1; p < pieces && piece > 0; ++p) {
      const double before = at(p * piece - 1);
      const double* product = product_.data() + p * piece;
#pragma omp simd
      for (std::size_t j = 0; j < piece; ++j) at(p * piece + j) += product[j] * before;
    }
    for (std::size_t k = std::max<std::size_t>(1, pieces * piece); k < n; ++k) at(k) += f[k] * at(k - 1);
  }

  std::vector<double> factor_;
  std::vector<double> product_;
};

}  // namespace seccm::sim
