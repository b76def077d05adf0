#include "models/network/sparse_factor.hpp"

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>
#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

constexpr std::size_t widest = 4;

/// Columns are taken in groups of up to four whose rows below the group are the same: each of those rows is then
/// looked up once for the whole group.
struct Triangle {
  std::size_t groups;
  const int* group;  ///< first column of each, then the number of columns
  const std::size_t* start;
  const int* row;
};

template <std::size_t width>
SECCM_INLINE void group_down(const Triangle& t, std::size_t k, const double* lower, double* y) {
  const std::size_t common = t.start[k + width] - t.start[k + width - 1];
  double value[width];
  const double* column[width];
  for (std::size_t i = 0; i < width; ++i) {
    value[i] = y[k + i];
    column[i] = lower + t.start[k + i + 1] - common;
    for (std::size_t j = i + 1; j < width; ++j) y[k + j] -= lower[t.start[k + i] + j - i - 1] * value[i];
  }
  const int* row = t.row + t.start[k + width] - common;
#pragma omp simd
  for (std::size_t p = 0; p < common; ++p) {
    double sum = 0.0;
    for (std::size_t i = 0; i < width; ++i) sum += column[i][p] * value[i];
    y[row[p]] -= sum;
  }
}

template <std::size_t width>
SECCM_INLINE void group_up(const Triangle& t, std::size_t k, const double* upper, const double* inverse, double* y) {
  const std::size_t common = t.start[k + width] - t.start[k + width - 1];
  const int* row = t.row + t.start[k + width] - common;
  double sum[widest] = {0.0, 0.0, 0.0, 0.0};
  const double* column[width];
  for (std::size_t i = 0; i < width; ++i) column[i] = upper + t.start[k + i + 1] - common;
  double sum0 = 0.0, sum1 = 0.0, sum2 = 0.0, sum3 = 0.0;
#pragma omp simd reduction(+ : sum0, sum1, sum2, sum3)
  for (std::size_t p = 0; p < common; ++p) {
    const double v = y[row[p]];
    sum0 += column[0][p] * v;
    if constexpr (width > 1) sum1 += column[1][p] * v;
    if constexpr (width > 2) sum2 += column[2][p] * v;
    if constexpr (width > 3) sum3 += column[3][p] * v;
  }
  sum[0] = sum0;
  sum[1] = sum1;
  sum[2] = sum2;
  sum[3] = sum3;
  for (std::size_t i = width; i-- > 0;) {
    double value = y[k + i] * inverse[k + i] - sum[i];
    for (std::size_t j = i + 1; j < width; ++j) value -= upper[t.start[k + i] + j - i - 1] * y[k + j];
    y[k + i] = value;
  }
}

/// y <- L⁻¹ y. The rows of a column are distinct, so its entries do not wait for one another.
SECCM_CLONES void substitute_down(const Triangle& t, const double* lower, double* y) {
  for (std::size_t g = 0; g < t.groups; ++g) {
    const auto k = static_cast<std::size_t>(t.group[g]);
    switch (t.group[g + 1] - t.group[g]) {
      case 1:
        group_down<1>(t, k, lower, y);
        break;
      case 2:
        group_down<2>(t, k, lower, y);
        break;
      case 3:
        group_down<3>(t, k, lower, y);
        break;
      default:
        group_down<4>(t, k, lower, y);
        break;
    }
  }
}

/// y <- U⁻¹ D⁻¹ y.
SECCM_CLONES void substitute_up(const Triangle& t, const double* upper, const double* inverse, double* y) {
  for (std::size_t g = t.groups; g-- > 0;) {
    const auto k = static_cast<std::size_t>(t.group[g]);
    switch (t.group[g + 1] - t.group[g]) {
      case 1:
        group_up<1>(t, k, upper, inverse, y);
        break;
      case 2:
        group_up<2>(t, k, upper, inverse, y);
        break;
      case 3:
        group_up<3>(t, k, upper, inverse, y);
        break;
      default:
        group_up<4>(t, k, upper, inverse, y);
        break;
    }
  }
}

}  // namespace

SparseFactor::SparseFactor(std::size_t unknowns, std::span<const Coupling> couplings) : order_(unknowns) {
  find_order(couplings);
  sort_entries(couplings);
  find_fill();
  find_groups();
  lower_.assign(row_.size(), 0.0);
  for (auto* values : {&pivot_, &inverse_, &work_lower_, &work_upper_, &rotated_}) values->assign(unknowns, 0.0);
  filled_.assign(unknowns, 0);
}

void SparseFactor::find_order(std::span<const Coupling> couplings) {
  const auto n = static_cast<int>(order_.size());
  std::vector<Eigen::Triplet<double>> entries;
  for (int k = 0; k < n; ++k) entries.emplace_back(k, k, 1.0);
  for (const Coupling& c : couplings) {
    entries.emplace_back(c.a, c.b, 1.0);
    entries.emplace_back(c.b, c.a, 1.0);
  }
  Eigen::SparseMatrix<double> pattern(n, n);
  pattern.setFromTriplets(entries.begin(), entries.end());
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> permutation;
  Eigen::AMDOrdering<int>()(pattern, permutation);
  for (int k = 0; k < n; ++k) order_[at(k)] = permutation.indices()[k];
}

void SparseFactor::sort_entries(std::span<const Coupling> couplings) {
  const std::size_t n = order_.size();
  std::vector<int> place(n);
  for (std::size_t k = 0; k < n; ++k) place[at(order_[k])] = static_cast<int>(k);
  entry_start_.assign(n + 1, 0);
  for (const Coupling& c : couplings) ++entry_start_[at(std::max(place[at(c.a)], place[at(c.b)])) + 1];
  for (std::size_t k = 0; k < n; ++k) entry_start_[k + 1] += entry_start_[k];
  entry_column_.resize(couplings.size());
  entry_coupling_.resize(couplings.size());
  entry_is_ab_.resize(couplings.size());
  std::vector<std::size_t> next(entry_start_.begin(), entry_start_.end() - 1);
  for (std::size_t k = 0; k < couplings.size(); ++k) {
    const int a = place[at(couplings[k].a)];
    const int b = place[at(couplings[k].b)];
    const std::size_t slot = next[at(std::max(a, b))]++;
    entry_column_[slot] = std::min(a, b);
    entry_coupling_[slot] = static_cast<int>(k);
    entry_is_ab_[slot] = static_cast<char>(a > b);
  }
}

/// Row k of L reaches every column on the way from its entries up the elimination tree.
void SparseFactor::find_fill() {
  const std::size_t n = order_.size();
  std::vector<int> parent(n, -1);
  std::vector<int> seen(n, -1);
  column_start_.assign(n + 1, 0);
  reach_start_.assign(1, 0);
  for (std::size_t k = 0; k < n; ++k) {
    const auto row = static_cast<int>(k);
    seen[k] = row;
    for (std::size_t e = entry_start_[k]; e < entry_start_[k + 1]; ++e) {
      for (int j = entry_column_[e]; seen[at(j)] != row; j = parent[at(j)]) {
        if (parent[at(j)] < 0) parent[at(j)] = row;
        seen[at(j)] = row;
        reach_.push_back(j);
        ++column_start_[at(j) + 1];
      }
    }
    std::sort(reach_.begin() + static_cast<std::ptrdiff_t>(reach_start_.back()), reach_.end());
    reach_start_.push_back(reach_.size());
  }
  for (std::size_t k = 0; k < n; ++k) column_start_[k + 1] += column_start_[k];
  row_.resize(reach_.size());
  std::vector<std::size_t> next(column_start_.begin(), column_start_.end() - 1);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t r = reach_start_[k]; r < reach_start_[k + 1]; ++r)
      row_[next[at(reach_[r])]++] = static_cast<int>(k);
  }
}

/// Column k + 1 joins the group of k if it is the first row of k and has all its other rows.
void SparseFactor::find_groups() {
  const std::size_t n = order_.size();
  group_.assign(1, 0);
  for (std::size_t k = 1; k < n; ++k) {
    const std::size_t rows = column_start_[k] - column_start_[k - 1];
    const std::size_t next_rows = column_start_[k + 1] - column_start_[k];
    const bool nested = rows == next_rows + 1 && row_[column_start_[k - 1]] == static_cast<int>(k);
    if (!nested || k - at(group_.back()) == widest) group_.push_back(static_cast<int>(k));
  }
  group_.push_back(static_cast<int>(n));
}

template <bool symmetric>
bool SparseFactor::factor_rows(const double* diagonal, const double* off_ab, const double* off_ba) {
  std::copy(column_start_.begin(), column_start_.end() - 1, filled_.begin());
  const double* upper = symmetric ? lower_.data() : upper_.data();
  for (std::size_t k = 0; k < order_.size(); ++k) {
    for (std::size_t e = entry_start_[k]; e < entry_start_[k + 1]; ++e) {
      const auto coupling = at(entry_coupling_[e]);
      const bool is_ab = entry_is_ab_[e] != 0;
      work_upper_[at(entry_column_[e])] += (is_ab ? off_ba : off_ab)[coupling];
      if (!symmetric) work_lower_[at(entry_column_[e])] += (is_ab ? off_ab : off_ba)[coupling];
    }
    double rest = diagonal[order_[k]];
    for (std::size_t r = reach_start_[k]; r < reach_start_[k + 1]; ++r) {
      const std::size_t j = at(reach_[r]);
      const double down = work_upper_[j];  // column k of D U above the pivot
      const double across = symmetric ? down : work_lower_[j];
      work_upper_[j] = 0.0;
      if (!symmetric) work_lower_[j] = 0.0;
      const std::size_t end = filled_[j];
      for (std::size_t p = column_start_[j]; p < end; ++p) {
        work_upper_[at(row_[p])] -= lower_[p] * down;
        if (!symmetric) work_lower_[at(row_[p])] -= upper[p] * across;
      }
      lower_[end] = across * inverse_[j];
      if (!symmetric) upper_[end] = down * inverse_[j];
      rest -= across * down * inverse_[j];
      ++filled_[j];
    }
    if (!(rest > 0.0 && std::isfinite(rest))) {
      std::fill(work_lower_.begin(), work_lower_.end(), 0.0);
      std::fill(work_upper_.begin(), work_upper_.end(), 0.0);
      return false;
    }
    pivot_[k] = rest;
    inverse_[k] = 1.0 / rest;
  }
  return true;
}

double SparseFactor::cost_in_solutions() const {
  double products = 0.0;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const auto rows = static_cast<double>(column_start_[k + 1] - column_start_[k]);
    products += 0.5 * rows * (rows + 1.0);
  }
  return products / std::max(1.0, 2.0 * static_cast<double>(fill()));
}

bool SparseFactor::factor(std::span<const double> diagonal, std::span<const double> off) {
  assert(diagonal.size() == order_.size() && off.size() == entry_column_.size());
  symmetric_ = true;
  return factor_rows<true>(diagonal.data(), off.data(), off.data());
}

bool SparseFactor::factor(std::span<const double> diagonal, std::span<const double> off_ab,
                          std::span<const double> off_ba) {
  assert(diagonal.size() == order_.size() && off_ab.size() == entry_column_.size());
  symmetric_ = false;
  if (upper_.size() != row_.size()) upper_.assign(row_.size(), 0.0);
  return factor_rows<false>(diagonal.data(), off_ab.data(), off_ba.data());
}

void SparseFactor::solve(std::span<double> x) const {
  const std::size_t n = order_.size();
  assert(x.size() >= n);
  double* y = rotated_.data();
  for (std::size_t k = 0; k < n; ++k) y[k] = x[at(order_[k])];
  const Triangle shape{group_.size() - 1, group_.data(), column_start_.data(), row_.data()};
  substitute_down(shape, lower_.data(), y);
  substitute_up(shape, symmetric_ ? lower_.data() : upper_.data(), inverse_.data(), y);
  for (std::size_t k = 0; k < n; ++k) x[at(order_[k])] = y[k];
}

}  // namespace seccm::models
