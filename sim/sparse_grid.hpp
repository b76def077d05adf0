// Symmetric seven-point operators on a box of cells, and what runs over their vectors.
//
//   (A x)_i = m_i x_i + τ Σ_j l_ij (x_i - x_j)        j: the six neighbours; l_ij = l_ji >= 0 the link of two cells
//
// Links are kept once per pair, in single precision: along each axis the link of a cell to its next one, 0 where there
// is none. A cell without mass and links is no unknown; vectors are 0 there. The operator conserves: the link of a pair
// adds exactly opposite amounts to both.
//
// Every sum over cells is made in blocks of fixed size, so that its value does not depend on the number of threads.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace seccm::sim {

/// Cells of a box, x fastest.
struct GridShape {
  int nx = 0, ny = 0, nz = 0;
  [[nodiscard]] std::size_t cells() const {
    return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) * static_cast<std::size_t>(nz);
  }
  [[nodiscard]] std::array<std::size_t, 3> strides() const {
    return {1, static_cast<std::size_t>(nx), static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny)};
  }
  /// Room before and behind the cells, so that every neighbour has an address.
  [[nodiscard]] std::size_t margin() const { return strides()[2] + 16; }
};

/// One value per cell with a margin of zeros on both sides.
template <class Real>
class GridVector {
 public:
  GridVector() = default;
  explicit GridVector(const GridShape& shape)
      : margin_(shape.margin()), cells_(shape.cells()), values_(cells_ + 2 * margin_, Real(0)) {}
  [[nodiscard]] Real* data() { return values_.data() + margin_; }
  [[nodiscard]] const Real* data() const { return values_.data() + margin_; }
  [[nodiscard]] std::size_t size() const { return cells_; }
  Real& operator[](std::size_t i) { return values_[margin_ + i]; }
  const Real& operator[](std::size_t i) const { return values_[margin_ + i]; }

 private:
  std::size_t margin_ = 0;
  std::size_t cells_ = 0;
  std::vector<Real> values_;
};

/// Links per axis, 1/s where τ is a time.
struct GridLinks {
  GridShape shape;
  std::array<GridVector<float>, 3> axis;

  GridLinks() = default;
  explicit GridLinks(const GridShape& s)
      : shape(s), axis{GridVector<float>(s), GridVector<float>(s), GridVector<float>(s)} {}
};

inline constexpr std::size_t grid_block = 16384;  ///< cells per block of a loop
inline constexpr long parallel_blocks = 8;        ///< fewer are not worth a second thread

/// out = A x with the diagonal m + τ Σ l given.
void apply(const GridLinks& links, double tau, const GridVector<double>& diagonal, const GridVector<double>& x,
           GridVector<double>& out);
/// out = offset + now x + τ Σ l (x_i - x_j), by differences: what one cell gains its neighbour loses to the last bit.
void balance(const GridLinks& links, double tau, double now, const GridVector<double>& offset,
             const GridVector<double>& x, GridVector<double>& out);
/// Σ_j l_ij of each cell.
void sum_links(const GridLinks& links, GridVector<float>& sum);

/// Runs f(begin, end) over the blocks of n cells, on all threads.
template <class Function>
void for_blocks(std::size_t n, const Function& f) {
  const auto blocks = static_cast<long>((n + grid_block - 1) / grid_block);
#pragma omp parallel for schedule(static) if (blocks >= parallel_blocks)
  for (long b = 0; b < blocks; ++b) {
    const std::size_t begin = static_cast<std::size_t>(b) * grid_block;
    f(begin, begin + grid_block < n ? begin + grid_block : n);
  }
}

/// Sums over cells; keeps one partial sum per block.
class GridSum {
 public:
  explicit GridSum(std::size_t cells) : part_((cells + grid_block - 1) / grid_block) {}
  [[nodiscard]] double dot(const GridVector<double>& a, const GridVector<double>& b);
  [[nodiscard]] double sum(const GridVector<double>& a);
  [[nodiscard]] double largest(const GridVector<double>& a);  ///< of |a|; not a number if any is

 private:
  std::vector<double> part_;
};

}  // namespace seccm::sim
