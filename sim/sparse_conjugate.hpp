// Preconditioned conjugate gradients for (m + τ L) x = b on a box of cells, warm start, no allocation per solve.
#pragma once

#include <functional>

#include "sim/sparse_grid.hpp"
#include "sim/sparse_multigrid.hpp"

namespace seccm::sim {

enum class GridPreconditioner { multigrid, jacobi };

class GridConjugateGradients {
 public:
  struct Result {
    int iterations = 0;
    double residual = 0.0;  ///< |b - A x| over |b| in the Euclidean norm, by recurrence
    bool converged = true;
  };

  explicit GridConjugateGradients(const GridLinks& links,
                                  GridPreconditioner preconditioner = GridPreconditioner::multigrid);

  /// The operator: masses >= 0 (0: no unknown) and τ.
  void prepare(const GridVector<double>& mass, double tau);
  /// Improves x until |b - A x| <= tolerance |b|. `watch` is called before every iteration; what it throws passes
  /// through.
  Result solve(const GridVector<double>& b, GridVector<double>& x, double tolerance, int most_iterations,
               const std::function<void()>& watch = {});

 private:
  void precondition(double scale);

  const GridLinks* links_;
  GridPreconditioner kind_;
  GridMultigrid multigrid_;
  GridVector<float> link_sum_;
  GridVector<double> diagonal_, r_, z_, p_, q_;
  GridSum sums_;
  double tau_ = 0.0;
};

}  // namespace seccm::sim
