#include "models/ensemble/cramer_rao.hpp"

#include <cassert>
#include <cmath>
#include <limits>

namespace seccm::models {
namespace {

constexpr double least_share = 1e-10;

/// The information scaled to a unit diagonal; parameters without any keep a zero row.
std::vector<double> correlations(std::span<const double> packed, std::size_t n) {
  std::vector<double> full(n * n);
  std::size_t at = 0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = j; k < n; ++k) full[j * n + k] = full[k * n + j] = packed[at++];
  }
  std::vector<double> scale(n);
  for (std::size_t j = 0; j < n; ++j) scale[j] = full[j * n + j] > 0.0 ? 1.0 / std::sqrt(full[j * n + j]) : 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < n; ++k) full[j * n + k] *= scale[j] * scale[k];
  }
  return full;
}

/// The share of parameter j's information that is left beside all others: its pivot when it is eliminated last, the
/// others in the order of their own largest pivots.
double share_left(std::vector<double> matrix, std::size_t n, std::size_t j) {
  std::vector<bool> used(n, false);
  used[j] = true;
  for (std::size_t round = 0; round + 1 < n; ++round) {
    std::size_t pivot = n;
    for (std::size_t k = 0; k < n; ++k) {
      if (!used[k] && (pivot == n || matrix[k * n + k] > matrix[pivot * n + pivot])) pivot = k;
    }
    used[pivot] = true;
    const double largest = matrix[pivot * n + pivot];
    if (largest < least_share) break;  // what is left are combinations of what was taken
    for (std::size_t a = 0; a < n; ++a) {
      if (a == pivot || (used[a] && a != j)) continue;
      const double factor = matrix[a * n + pivot] / largest;
      for (std::size_t b = 0; b < n; ++b) matrix[a * n + b] -= factor * matrix[pivot * n + b];
    }
  }
  return matrix[j * n + j];
}

}  // namespace

std::vector<double> cramer_rao_bounds(std::span<const double> packed, std::size_t n) {
  assert(packed.size() == packed_size(n));
  const std::vector<double> scaled = correlations(packed, n);
  std::vector<double> bounds(n, std::numeric_limits<double>::infinity());
  std::size_t diagonal = 0;
  for (std::size_t j = 0; j < n; ++j) {
    const double own = packed[diagonal];
    diagonal += n - j;
    const double left = share_left(scaled, n, j);
    if (own > 0.0 && left > least_share) bounds[j] = 1.0 / std::sqrt(own * left);
  }
  return bounds;
}

}  // namespace seccm::models
