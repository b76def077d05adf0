// Geometric multigrid as a preconditioner of A = m + τ L on a box of cells (sim/sparse_grid.hpp), single precision.
//
// Cells are joined 2 x 2 x 2. Restriction sums, prolongation copies (piecewise constant); a coarse cell has the mass of
// its children, a coarse link half the sum of the fine links that it replaces, which is the finite-volume operator of
// the coarse mesh. The links of all levels depend on geometry alone: a new mass or τ costs one pass over the cells.
//
// One V-cycle with two weighted Jacobi sweeps before and after (the weights of the Chebyshev polynomial on [1/3, 2],
// the part of the spectrum of the Jacobi-scaled operator that the coarse mesh does not see). It is symmetric and
// positive definite: fit for conjugate gradients.
//
// A coarse cell may join cells that no path of links joins. That costs iterations, not correctness.
#pragma once

#include <vector>

#include "sim/sparse_grid.hpp"

namespace seccm::sim {

class GridMultigrid {
 public:
  /// Copies nothing of the finest links: they have to outlive this.
  explicit GridMultigrid(const GridLinks& links);

  /// Masses of the finest cells (>= 0; 0 where there is no unknown) and τ.
  void prepare(const GridVector<double>& mass, double tau);
  /// z ≈ A^(-1) r; `scale` is the size of r, which keeps single precision in its range.
  void apply(const GridVector<double>& r, double scale, GridVector<double>& z);

  [[nodiscard]] std::size_t levels() const { return levels_.size(); }

 private:
  struct Level {
    GridShape shape;
    const GridLinks* links = nullptr;
    GridVector<float> link_sum, mass, inverse;  // inverse of the diagonal, 0 where there is no unknown
    GridVector<float> b, x, other;
  };
  void smooth(Level& level, float weight) const;
  void cycle(std::size_t k);
  void invert(Level& level) const;

  std::vector<GridLinks> coarse_links_;
  std::vector<Level> levels_;
  float tau_ = 0.0F;
};

}  // namespace seccm::sim
