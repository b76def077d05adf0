// Direct solution of sparse linear systems with one fixed, symmetric pattern: the Kirchhoff network of a cluster.
//
//   A = L D U,    L unit lower, U unit upper triangular, D diagonal, in an order that keeps the fill small
//
// Pattern and order (approximate minimum degree) are found once; a factorisation then is arithmetic on arrays that
// exist, and so is a solution. Symmetric values need half of it (U = Lᵀ). There is no pivoting: made for matrices whose
// off-diagonal entries are <= 0 and whose rows are (weakly) diagonally dominant, after a scaling of rows and columns at
// least, as conductances and exchange coefficients are. Such pivots are sums of what is left over and never vanish;
// `factor` says so if they do.
//
// Nothing is allocated after construction. Cost: `fill` entries, twice read per solution.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace seccm::models {

/// Two unknowns that meet in the matrix, a != b. A pair that is given twice has the sum of both values.
struct Coupling {
  int a = 0;
  int b = 0;
};

class SparseFactor {
 public:
  SparseFactor(std::size_t unknowns, std::span<const Coupling> couplings);

  /// A(i,i) = diagonal[i], A(a,b) = A(b,a) = off[k] of coupling k. False if a pivot is not a positive number.
  bool factor(std::span<const double> diagonal, std::span<const double> off);
  /// The same with A(a,b) = off_ab[k] and A(b,a) = off_ba[k].
  bool factor(std::span<const double> diagonal, std::span<const double> off_ab, std::span<const double> off_ba);

  /// x <- A⁻¹ x with the values of the last factorisation.
  void solve(std::span<double> x) const;

  [[nodiscard]] std::size_t unknowns() const { return order_.size(); }
  /// Entries of L below its diagonal.
  [[nodiscard]] std::size_t fill() const { return row_.size(); }
  /// Multiplications of a symmetric factorisation over those of a solution.
  [[nodiscard]] double cost_in_solutions() const;

 private:
  void find_order(std::span<const Coupling> couplings);
  void sort_entries(std::span<const Coupling> couplings);
  void find_fill();
  void find_groups();
  template <bool symmetric>
  bool factor_rows(const double* diagonal, const double* off_ab, const double* off_ba);

  bool symmetric_ = true;
  std::vector<int> order_;  // order_[k]: the unknown that is eliminated k-th
  // The lower triangle of the reordered A by rows.
  std::vector<std::size_t> entry_start_;
  std::vector<int> entry_column_, entry_coupling_;
  std::vector<char> entry_is_ab_;  // the entry itself is A(a,b), its mirror image A(b,a)
  // L by columns; U has the same pattern by rows. `reach_` is the pattern of L by rows, columns ascending.
  std::vector<std::size_t> column_start_, reach_start_;
  std::vector<int> row_, reach_;
  std::vector<int> group_;  // first column of each group of columns with common rows, then the number of columns
  std::vector<double> lower_, upper_, pivot_, inverse_;
  std::vector<std::size_t> filled_;              // work: end of what a column holds so far
  std::vector<double> work_lower_, work_upper_;  // work: one row of L, one column of U
  mutable std::vector<double> rotated_;
};

}  // namespace seccm::models
