#include "sim/sparse_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "sim/multiversion.hpp"

namespace seccm::sim {
namespace {

// Strides and indices are signed: rows are read up to one plane before the first cell.
struct LinkRows {
  const float* x;
  const float* y;
  const float* z;
  std::ptrdiff_t sy, sz;
};

LinkRows rows_of(const GridLinks& links) {
  const auto strides = links.shape.strides();
  return {links.axis[0].data(), links.axis[1].data(), links.axis[2].data(), static_cast<std::ptrdiff_t>(strides[1]),
          static_cast<std::ptrdiff_t>(strides[2])};
}

SECCM_CLONES void apply_rows(const LinkRows l, double tau, const double* diagonal, const double* x, double* out,
                             std::ptrdiff_t begin, std::ptrdiff_t end) {
  for (std::ptrdiff_t i = begin; i < end; ++i) {
    const double near = l.x[i] * x[i + 1] + l.x[i - 1] * x[i - 1] + l.y[i] * x[i + l.sy] + l.y[i - l.sy] * x[i - l.sy] +
                        l.z[i] * x[i + l.sz] + l.z[i - l.sz] * x[i - l.sz];
    out[i] = diagonal[i] * x[i] - tau * near;
  }
}

SECCM_CLONES void balance_rows(const LinkRows l, double tau, double now, const double* offset, const double* x,
                               double* out, std::ptrdiff_t begin, std::ptrdiff_t end) {
  for (std::ptrdiff_t i = begin; i < end; ++i) {
    const double away = l.x[i] * (x[i] - x[i + 1]) - l.x[i - 1] * (x[i - 1] - x[i]) + l.y[i] * (x[i] - x[i + l.sy]) -
                        l.y[i - l.sy] * (x[i - l.sy] - x[i]) + l.z[i] * (x[i] - x[i + l.sz]) -
                        l.z[i - l.sz] * (x[i - l.sz] - x[i]);
    out[i] = offset[i] + now * x[i] + tau * away;
  }
}

}  // namespace

void apply(const GridLinks& links, double tau, const GridVector<double>& diagonal, const GridVector<double>& x,
           GridVector<double>& out) {
  const LinkRows rows = rows_of(links);
  for_blocks(x.size(), [&](std::size_t begin, std::size_t end) {
    apply_rows(rows, tau, diagonal.data(), x.data(), out.data(), static_cast<std::ptrdiff_t>(begin),
               static_cast<std::ptrdiff_t>(end));
  });
}

void balance(const GridLinks& links, double tau, double now, const GridVector<double>& offset,
             const GridVector<double>& x, GridVector<double>& out) {
  const LinkRows rows = rows_of(links);
  for_blocks(x.size(), [&](std::size_t begin, std::size_t end) {
    balance_rows(rows, tau, now, offset.data(), x.data(), out.data(), static_cast<std::ptrdiff_t>(begin),
                 static_cast<std::ptrdiff_t>(end));
  });
}

void sum_links(const GridLinks& links, GridVector<float>& sum) {
  const LinkRows l = rows_of(links);
  for_blocks(sum.size(), [&](std::size_t begin, std::size_t end) {
    float* out = sum.data();
    for (auto i = static_cast<std::ptrdiff_t>(begin); i < static_cast<std::ptrdiff_t>(end); ++i)
      out[i] = l.x[i] + l.x[i - 1] + l.y[i] + l.y[i - l.sy] + l.z[i] + l.z[i - l.sz];
  });
}

double GridSum::dot(const GridVector<double>& a, const GridVector<double>& b) {
  for_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    const double* p = a.data();
    const double* q = b.data();
    double s = 0.0;
#pragma omp simd reduction(+ : s)
    for (std::size_t i = begin; i < end; ++i) s += p[i] * q[i];
    part_[begin / grid_block] = s;
  });
  double total = 0.0;
  for (const double s : part_) total += s;
  return total;
}

double GridSum::sum(const GridVector<double>& a) {
  for_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    const double* p = a.data();
    double s = 0.0;
#pragma omp simd reduction(+ : s)
    for (std::size_t i = begin; i < end; ++i) s += p[i];
    part_[begin / grid_block] = s;
  });
  double total = 0.0;
  for (const double s : part_) total += s;
  return total;
}

double GridSum::largest(const GridVector<double>& a) {
  for_blocks(a.size(), [&](std::size_t begin, std::size_t end) {
    double most = 0.0;
    for (std::size_t i = begin; i < end; ++i) {
      const double size = std::abs(a[i]);
      most = size <= most ? most : size;  // keeps what is not a number
    }
    part_[begin / grid_block] = most;
  });
  double most = 0.0;
  for (const double s : part_) most = s <= most ? most : s;
  return most;
}

}  // namespace seccm::sim
