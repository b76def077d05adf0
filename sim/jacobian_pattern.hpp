// The fixed pattern of a sparse Jacobian, compressed by columns: the rows of column j are row[start[j]] ..
// row[start[j+1] - 1], rising. The values that belong to it stand in the same order in an array of their own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace seccm::sim {

struct JacobianPattern {
  std::size_t size = 0;
  std::vector<std::size_t> start;  ///< size + 1
  std::vector<std::size_t> row;

  [[nodiscard]] std::size_t entries() const { return row.size(); }

  /// Largest distance of an entry below, and above, the diagonal.
  struct Bandwidth {
    std::size_t lower = 0;
    std::size_t upper = 0;
  };
  [[nodiscard]] Bandwidth bandwidth() const {
    Bandwidth band;
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t n = start[j]; n < start[j + 1]; ++n) {
        if (row[n] > j) band.lower = std::max(band.lower, row[n] - j);
        if (row[n] < j) band.upper = std::max(band.upper, j - row[n]);
      }
    }
    return band;
  }
};

/// How the linear systems of an integrator are solved: as a band, or sparse with KLU; its columns in the order of
/// COLAMD or, for grids of two and three dimensions whose pattern is nearly symmetric, in that of AMD, which fills up
/// less.
enum class LinearAlgebra { band, klu, klu_amd };

/// What a run of an integrator took.
struct IntegratorStatistics {
  long steps = 0;
  long residuals = 0;
  long factorisations = 0;
  long error_test_failures = 0;
  long convergence_failures = 0;
  long restarts = 0;
};

}  // namespace seccm::sim
