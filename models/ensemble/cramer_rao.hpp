// The Cramér-Rao bound: no unbiased estimator of parameters θ from samples i(θ) + white Gaussian noise of standard
// deviation σ has a smaller standard deviation than
//
//   sqrt((I⁻¹)_jj),      I_jk = Σ_samples (∂i/∂θ_j)(∂i/∂θ_k)/σ²
//
// A parameter whose slope is a combination of the others' can not be told from them: its bound is infinite.
#pragma once

#include <span>
#include <vector>

namespace seccm::models {

/// Upper triangle of the information of n parameters, by rows: (0,0), (0,1), ..., (n-1,n-1).
inline std::size_t packed_size(std::size_t n) {
  return n * (n + 1) / 2;
}

/// The bound of each of n parameters. Infinite where less than 1e-10 of a parameter's own information is left beside
/// the others, the round-off of slopes that are accurate to 1e-11.
std::vector<double> cramer_rao_bounds(std::span<const double> packed_information, std::size_t n);

}  // namespace seccm::models
