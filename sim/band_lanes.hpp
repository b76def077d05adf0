// Banded linear systems of equal shape, one per lane, solved side by side without pivoting.
//
// The matrix of `rows` rows and half bandwidth `half` is stored as a[row][2 half + 1][W], the diagonal at column
// `half`; `half` rows of padding follow the last one (they are written, never read as results), and so they do behind
// every right-hand side x[row][W]. Without pivoting the elimination is safe for the matrices of implicit diffusion
// steps, whose pivots stay positive; a pivot that vanishes gives values that are not finite, which the caller has to
// look for.
#pragma once

#include <cstddef>

#include "sim/multiversion.hpp"

namespace seccm::sim {

/// Factors in place: multipliers below, upper factor above, the inverse pivot on the diagonal.
template <int half, int W>
SECCM_INLINE void factor_band(double* a, int rows) {
  constexpr int stride = (2 * half + 1) * W;
  for (int r = 0; r < rows; ++r) {
    double* row = a + static_cast<std::ptrdiff_t>(r) * stride;
    double inverse[W];
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      inverse[l] = 1.0 / row[half * W + l];
      row[half * W + l] = inverse[l];
    }
    for (int j = 1; j <= half; ++j) {
      double* below = row + j * stride + (half - j) * W;  // entry of row r + j in column r
      double multiplier[W];
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        multiplier[l] = below[l] * inverse[l];
        below[l] = multiplier[l];
      }
      for (int c = 1; c <= half; ++c) {
#pragma omp simd
        for (int l = 0; l < W; ++l) below[c * W + l] -= multiplier[l] * row[(half + c) * W + l];
      }
    }
  }
}

/// Solves with the factors; x is right-hand side and result. Rows before `first` of the right-hand side are zero.
template <int half, int W>
SECCM_INLINE void solve_band(const double* a, double* x, int rows, int first = 0) {
  constexpr int stride = (2 * half + 1) * W;
  for (int r = first; r < rows; ++r) {
    const double* row = a + static_cast<std::ptrdiff_t>(r) * stride;
    double* at = x + static_cast<std::ptrdiff_t>(r) * W;
    for (int j = 1; j <= half; ++j) {
      const double* multiplier = row + j * stride + (half - j) * W;
#pragma omp simd
      for (int l = 0; l < W; ++l) at[j * W + l] -= multiplier[l] * at[l];
    }
  }
  for (int j = 0; j < half * W; ++j) x[static_cast<std::ptrdiff_t>(rows) * W + j] = 0.0;
  for (int r = rows - 1; r >= 0; --r) {
    const double* row = a + static_cast<std::ptrdiff_t>(r) * stride + half * W;
    double* at = x + static_cast<std::ptrdiff_t>(r) * W;
    for (int c = 1; c <= half; ++c) {
#pragma omp simd
      for (int l = 0; l < W; ++l) at[l] -= row[c * W + l] * at[c * W + l];
    }
#pragma omp simd
    for (int l = 0; l < W; ++l) at[l] *= row[l];
  }
}

}  // namespace seccm::sim
