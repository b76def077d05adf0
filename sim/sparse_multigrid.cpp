#include "sim/sparse_multigrid.hpp"

#include <algorithm>
#include <cstddef>

#include "sim/multiversion.hpp"

namespace seccm::sim {
namespace {

constexpr int smallest_edge = 2;
constexpr int coarsest_sweeps = 4;         // pairs
constexpr float first_weight = 0.569530F;  // 1/(7/6 ± (5/6) cos 45°)
constexpr float second_weight = 1.731624F;

// Strides and indices are signed: rows are read up to one plane before the first cell.
struct Rows {
  const float* lx;
  const float* ly;
  const float* lz;
  const float* link_sum;
  const float* mass;
  const float* inverse;
  std::ptrdiff_t sy, sz;
};

/// out = x + weight D^(-1) (b - A x).
SECCM_CLONES void jacobi_rows(const Rows l, float tau, float weight, const float* b, const float* x, float* out,
                              std::ptrdiff_t begin, std::ptrdiff_t end) {
  for (std::ptrdiff_t i = begin; i < end; ++i) {
    const float near = l.lx[i] * x[i + 1] + l.lx[i - 1] * x[i - 1] + l.ly[i] * x[i + l.sy] +
                       l.ly[i - l.sy] * x[i - l.sy] + l.lz[i] * x[i + l.sz] + l.lz[i - l.sz] * x[i - l.sz];
    const float r = b[i] - (l.mass[i] + tau * l.link_sum[i]) * x[i] + tau * near;
    out[i] = x[i] + weight * l.inverse[i] * r;
  }
}

SECCM_CLONES void residual_rows(const Rows l, float tau, const float* b, const float* x, float* out,
                                std::ptrdiff_t begin, std::ptrdiff_t end) {
  for (std::ptrdiff_t i = begin; i < end; ++i) {
    const float near = l.lx[i] * x[i + 1] + l.lx[i - 1] * x[i - 1] + l.ly[i] * x[i + l.sy] +
                       l.ly[i - l.sy] * x[i - l.sy] + l.lz[i] * x[i + l.sz] + l.lz[i - l.sz] * x[i - l.sz];
    out[i] = b[i] - (l.mass[i] + tau * l.link_sum[i]) * x[i] + tau * near;
  }
}

GridShape halved(const GridShape& s) {
  return {(s.nx + 1) / 2, (s.ny + 1) / 2, (s.nz + 1) / 2};
}

/// f(fine cell, coarse cell, whether each axis leads out of the coarse cell).
template <class Function>
void for_children(const GridShape& fine, const Function& f) {
  const GridShape coarse = halved(fine);
  std::size_t i = 0;
  for (int z = 0; z < fine.nz; ++z) {
    for (int y = 0; y < fine.ny; ++y) {
      const std::size_t row =
          (static_cast<std::size_t>(z / 2) * static_cast<std::size_t>(coarse.ny) + static_cast<std::size_t>(y / 2)) *
          static_cast<std::size_t>(coarse.nx);
      for (int x = 0; x < fine.nx; ++x, ++i)
        f(i, row + static_cast<std::size_t>(x / 2), std::array<bool, 3>{x % 2 == 1, y % 2 == 1, z % 2 == 1});
    }
  }
}

GridLinks coarsen(const GridLinks& fine) {
  GridLinks coarse(halved(fine.shape));
  for_children(fine.shape, [&](std::size_t i, std::size_t c, const std::array<bool, 3>& out) {
    for (std::size_t a = 0; a < 3; ++a) {
      if (out[a]) coarse.axis[a][c] += 0.5F * fine.axis[a][i];
    }
  });
  return coarse;
}

/// coarse = sums over the children, plane by plane on all threads.
void restrict_to(const GridShape& fine, const GridVector<float>& from, GridVector<float>& to) {
  const GridShape coarse = halved(fine);
  const auto cx = static_cast<std::size_t>(coarse.nx);
  const auto fx = static_cast<std::size_t>(fine.nx);
#pragma omp parallel for schedule(static) if (fine.cells() >= parallel_blocks * grid_block)
  for (int z = 0; z < coarse.nz; ++z) {
    for (int y = 0; y < coarse.ny; ++y) {
      float* row =
          to.data() +
          (static_cast<std::size_t>(z) * static_cast<std::size_t>(coarse.ny) + static_cast<std::size_t>(y)) * cx;
      std::fill(row, row + cx, 0.0F);
      for (int dz = 2 * z; dz < std::min(2 * z + 2, fine.nz); ++dz) {
        for (int dy = 2 * y; dy < std::min(2 * y + 2, fine.ny); ++dy) {
          const float* source =
              from.data() +
              (static_cast<std::size_t>(dz) * static_cast<std::size_t>(fine.ny) + static_cast<std::size_t>(dy)) * fx;
          for (std::size_t x = 0; x < fx / 2; ++x) row[x] += source[2 * x] + source[2 * x + 1];
          if (fx % 2 == 1) row[cx - 1] += source[fx - 1];
        }
      }
    }
  }
}

void prolong_add(const GridShape& fine, const GridVector<float>& from, const GridVector<float>& inverse,
                 GridVector<float>& to) {
  const GridShape coarse = halved(fine);
#pragma omp parallel for schedule(static) if (fine.cells() >= parallel_blocks * grid_block)
  for (int z = 0; z < fine.nz; ++z) {
    for (int y = 0; y < fine.ny; ++y) {
      const std::size_t at =
          (static_cast<std::size_t>(z) * static_cast<std::size_t>(fine.ny) + static_cast<std::size_t>(y)) *
          static_cast<std::size_t>(fine.nx);
      const float* source = from.data() + (static_cast<std::size_t>(z / 2) * static_cast<std::size_t>(coarse.ny) +
                                           static_cast<std::size_t>(y / 2)) *
                                              static_cast<std::size_t>(coarse.nx);
      for (std::size_t x = 0; x < static_cast<std::size_t>(fine.nx); ++x)
        to[at + x] += inverse[at + x] > 0.0F ? source[x / 2] : 0.0F;
    }
  }
}

}  // namespace

GridMultigrid::GridMultigrid(const GridLinks& links) {
  coarse_links_.reserve(32);
  const GridLinks* finest = &links;
  for (const GridLinks* l = finest;;) {
    Level level{.shape = l->shape,
                .links = l,
                .link_sum = GridVector<float>(l->shape),
                .mass = GridVector<float>(l->shape),
                .inverse = GridVector<float>(l->shape),
                .b = GridVector<float>(l->shape),
                .x = GridVector<float>(l->shape),
                .other = GridVector<float>(l->shape)};
    sum_links(*l, level.link_sum);
    levels_.push_back(std::move(level));
    if (std::max({l->shape.nx, l->shape.ny, l->shape.nz}) <= smallest_edge) break;
    coarse_links_.push_back(coarsen(*l));
    l = &coarse_links_.back();
  }
}

void GridMultigrid::invert(Level& level) const {
  for_blocks(level.mass.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const float diagonal = level.mass[i] + tau_ * level.link_sum[i];
      level.inverse[i] = diagonal > 0.0F ? 1.0F / diagonal : 0.0F;
    }
  });
}

void GridMultigrid::prepare(const GridVector<double>& mass, double tau) {
  tau_ = static_cast<float>(tau);
  for_blocks(mass.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) levels_[0].mass[i] = static_cast<float>(mass[i]);
  });
  invert(levels_[0]);
  for (std::size_t k = 1; k < levels_.size(); ++k) {
    restrict_to(levels_[k - 1].shape, levels_[k - 1].mass, levels_[k].mass);
    invert(levels_[k]);
  }
}

void GridMultigrid::smooth(Level& level, float weight) const {
  const auto strides = level.shape.strides();
  const Rows rows{level.links->axis[0].data(),
                  level.links->axis[1].data(),
                  level.links->axis[2].data(),
                  level.link_sum.data(),
                  level.mass.data(),
                  level.inverse.data(),
                  static_cast<std::ptrdiff_t>(strides[1]),
                  static_cast<std::ptrdiff_t>(strides[2])};
  for_blocks(level.x.size(), [&](std::size_t begin, std::size_t end) {
    jacobi_rows(rows, tau_, weight, level.b.data(), level.x.data(), level.other.data(),
                static_cast<std::ptrdiff_t>(begin), static_cast<std::ptrdiff_t>(end));
  });
  std::swap(level.x, level.other);
}

void GridMultigrid::cycle(std::size_t k) {
  Level& level = levels_[k];
  for_blocks(level.x.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) level.x[i] = first_weight * level.inverse[i] * level.b[i];
  });
  smooth(level, second_weight);
  if (k + 1 == levels_.size()) {
    for (int pair = 1; pair < coarsest_sweeps; ++pair) {
      smooth(level, first_weight);
      smooth(level, second_weight);
    }
    return;
  }
  const auto strides = level.shape.strides();
  const Rows rows{level.links->axis[0].data(),
                  level.links->axis[1].data(),
                  level.links->axis[2].data(),
                  level.link_sum.data(),
                  level.mass.data(),
                  level.inverse.data(),
                  static_cast<std::ptrdiff_t>(strides[1]),
                  static_cast<std::ptrdiff_t>(strides[2])};
  for_blocks(level.x.size(), [&](std::size_t begin, std::size_t end) {
    residual_rows(rows, tau_, level.b.data(), level.x.data(), level.other.data(), static_cast<std::ptrdiff_t>(begin),
                  static_cast<std::ptrdiff_t>(end));
  });
  restrict_to(level.shape, level.other, levels_[k + 1].b);
  cycle(k + 1);
  prolong_add(level.shape, levels_[k + 1].x, level.inverse, level.x);
  smooth(level, second_weight);
  smooth(level, first_weight);
}

void GridMultigrid::apply(const GridVector<double>& r, double scale, GridVector<double>& z) {
  const double down = 1.0 / scale;
  Level& finest = levels_[0];
  for_blocks(r.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) finest.b[i] = static_cast<float>(r[i] * down);
  });
  cycle(0);
  for_blocks(r.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) z[i] = scale * static_cast<double>(finest.x[i]);
  });
}

}  // namespace seccm::sim
