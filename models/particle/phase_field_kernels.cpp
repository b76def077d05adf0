// Longer than 500 lines: the kernels of one step, which have to be inlined into one multiversioned loop.
#include "models/particle/phase_field_kernels.hpp"

#include <cstddef>

#include "sim/band_lanes.hpp"
#include "sim/lane_math.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models::phase_field {
namespace {

// A Newton move takes at most this share of the way to 0 or 1, and all of it at most this much.
constexpr double share_of_room = 0.9;
constexpr double largest_move = 0.5;
constexpr double emptiest = 1e-100;
constexpr double fullest = 1.0 - 1e-14;
// Newton's method comes down an exponential by one kT per iteration: the anodic rate of the surface may overshoot what
// can balance it by this much, and may always rise by the second.
constexpr double overshoot = 3.0;
constexpr double least_rise = 2.0;

/// Bernoulli's function x/(e^x - 1) and its derivative.
struct Bernoulli {
  double value, slope;
};
SECCM_INLINE Bernoulli bernoulli(double x) {
  constexpr double near = 0.05;  // the series are good to 1e-16 there, the quotients beyond it
  const double x2 = x * x;
  const double series = 1.0 - 0.5 * x + x2 * (1.0 / 12.0 - x2 * (1.0 / 720.0 - x2 / 30240.0));
  const double series_slope = -0.5 + x * (1.0 / 6.0 - x2 * (1.0 / 180.0 - x2 * (1.0 / 5040.0 - x2 / 151200.0)));
  const double inverse = 1.0 / (sim::lane_exp(x) - 1.0);
  const double value = x * inverse;
  const bool close = x2 < near * near;
  return {close ? series : value, close ? series_slope : (1.0 - value - x) * inverse};
}

template <int W>
SECCM_INLINE void excess_of_node(const BlockConstants& c, int k, double inner, double outer, const double* y,
                                 const double* other, int stride, int lattice, double* excess) {
  // A missing neighbour has conductance 0: its pointer may show anywhere into the profile.
  const double* below = inner > 0.0 ? y - stride : y;
  const double* above = outer > 0.0 ? y + stride : y;
  const double inverse = 1.0 / c.volume[k];
  const double surface = k == c.nodes - 1 ? 1.0 : 0.0;
#pragma omp simd
  for (int l = 0; l < W; ++l) {
    const double lap = (outer * (above[l] - y[l]) - inner * (y[l] - below[l])) * inverse;
    excess[l] = (c.coherency[l] - 2.0 * c.omega[lattice][l]) * y[l] - c.kappa[l] * lap +
                surface * (c.wetting[l] + c.wetting_slope[l] * y[l]);
  }
  if (other == nullptr) return;
#pragma omp simd
  for (int l = 0; l < W; ++l) excess[l] += c.coupling * other[l];
}

template <int L, int W>
SECCM_INLINE void excess_at(const BlockConstants& c, int k, const double* y, double* excess) {
  const double inner = k > 0 ? c.conductance[k - 1] : 0.0;
  const double outer = k + 1 < c.nodes ? c.conductance[k] : 0.0;
  const double* node = y + static_cast<std::ptrdiff_t>(k) * L * W;
  for (int i = 0; i < L; ++i) {
    excess_of_node<W>(c, k, inner, outer, node + i * W, L == 2 ? node + (1 - i) * W : nullptr, L * W, i,
                      excess + (k * L + i) * W);
  }
}

/// Geometry of ex_k, the same for all lanes: κ times `inner` and `outer` couple to the neighbours.
struct NodeGeometry {
  double inner, outer, surface;
};
SECCM_INLINE NodeGeometry geometry_of(const BlockConstants& c, int k) {
  const double inverse = 1.0 / c.volume[k];
  return {k > 0 ? c.conductance[k - 1] * inverse : 0.0, k + 1 < c.nodes ? c.conductance[k] * inverse : 0.0,
          k + 1 == c.nodes ? 1.0 : 0.0};
}
/// Derivative of ex_k by its own y.
SECCM_INLINE double self_slope(const BlockConstants& c, const NodeGeometry& g, int lattice, int l) {
  return c.coherency[l] - 2.0 * c.omega[lattice][l] + c.kappa[l] * (g.inner + g.outer) + g.surface * c.wetting_slope[l];
}

/// Adds the flux through the face between k and k+1 to both rows, and its derivatives to the matrix.
template <int L, int W>
SECCM_INLINE void add_face(const BlockConstants& c, int k, int lattice, const BlockArrays& a) {
  constexpr int half = 2 * L;
  constexpr int stride = (2 * half + 1) * W;
  const int row = k * L + lattice;
  const double G = c.conductance[k];
  const double* y = a.y + row * W;
  const double* ex = a.excess + row * W;
  double* r_in = a.change + row * W;
  double* r_out = r_in + L * W;
  double* J_in = a.matrix + row * stride + half * W;
  double* J_out = J_in + L * stride;
  const NodeGeometry g0 = geometry_of(c, k);
  const NodeGeometry g1 = geometry_of(c, k + 1);
#pragma omp simd
  for (int l = 0; l < W; ++l) {
    const double first = y[l];
    const double second = y[L * W + l];
    const double drop = ex[L * W + l] - ex[l];
    const Bernoulli B = bernoulli(drop);
    const double kappa = c.kappa[l];
    const double flux = -G * (B.value * (second - first) + drop * second * (1.0 - first));
    const double by_drop = -G * (B.slope * (second - first) + second * (1.0 - first));
    const double d_below = by_drop * kappa * g0.inner;
    const double d_first = G * (B.value + drop * second) - by_drop * (kappa * g1.inner + self_slope(c, g0, lattice, l));
    const double d_second =
        -G * (B.value + drop * (1.0 - first)) + by_drop * (self_slope(c, g1, lattice, l) + kappa * g0.outer);
    const double d_above = -by_drop * kappa * g1.outer;
    r_in[l] += flux;
    r_out[l] -= flux;
    J_in[-L * W + l] += d_below;
    J_in[l] += d_first;
    J_in[L * W + l] += d_second;
    J_in[2 * L * W + l] += d_above;
    J_out[-2 * L * W + l] -= d_below;
    J_out[-L * W + l] -= d_first;
    J_out[l] -= d_second;
    J_out[L * W + l] -= d_above;
    if constexpr (L == 2) {
      const int to_other = lattice == 0 ? 1 : -1;
      const double cross = -by_drop * c.coupling;
      J_in[to_other * W + l] += cross;
      J_in[(L + to_other) * W + l] -= cross;
      J_out[(to_other - L) * W + l] -= cross;
      J_out[to_other * W + l] += cross;
    }
  }
}

/// The reaction and what it does to the matrix (null: the flux alone).
template <int L, int W>
SECCM_INLINE void react(const BlockConstants& c, const SubStep& s, const double* y, const double* excess,
                        const PerLattice& mean, double* matrix, SurfaceReaction& out) {
  constexpr int half = 2 * L;
  constexpr int stride = (2 * half + 1) * W;
  for (int i = 0; i < L; ++i) {
    const int row = (c.nodes - 1) * L + i;
    const double* at = y + row * W;
    const double* ex = excess + row * W;
    double* J = matrix == nullptr ? nullptr : matrix + row * stride + half * W;
    const NodeGeometry g = geometry_of(c, c.nodes - 1);
    for (int l = 0; l < W; ++l) {
      const double z = s.reduced[i][l];
      const double mu = ex[l] + c.omega[i][l] - c.coherency[l] * mean[i][l];
      const double anodic = c.rate[i][l] * sim::lane_exp(mu + (1.0 - c.alpha) * z);
      const double cathodic = c.rate[i][l] * s.activity * sim::lane_exp(-c.alpha * z);
      out.flux[i][l] = at[l] * anodic - (1.0 - at[l]) * cathodic;
      out.by_potential[i][l] = c.f * ((1.0 - c.alpha) * at[l] * anodic + c.alpha * (1.0 - at[l]) * cathodic);
      out.by_mean[i][l] = -c.coherency[l] * at[l] * anodic;
      const double storage = c.volume[c.nodes - 1] * s.lambda[i][l];
      const double balance = (cathodic > storage ? cathodic : storage) + 1e-300;
      out.room[i][l] = overshoot + sim::lane_log(balance) - sim::lane_log(at[l] * anodic + 1e-300);
      if (J != nullptr) {
        J[l] += anodic * (1.0 + at[l] * self_slope(c, g, i, l)) + cathodic;
        J[-L * W + l] -= at[l] * anodic * c.kappa[l] * g.inner;
        if constexpr (L == 2) J[(i == 0 ? 1 : -1) * W + l] += at[l] * anodic * c.coupling;
      }
    }
  }
}

template <int L, int W>
SECCM_INLINE void means_of(const BlockConstants& c, const double* y, PerLattice& mean) {
  for (int i = 0; i < L; ++i) {
    double sum[W] = {};
    for (int k = 0; k < c.nodes; ++k) {
      const double* row = y + (k * L + i) * W;
#pragma omp simd
      for (int l = 0; l < W; ++l) sum[l] += c.volume[k] * row[l];
    }
    for (int l = 0; l < W; ++l) mean[i][l] = c.dimension * sum[l];
  }
}

template <int L, int W>
SECCM_INLINE void assemble(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& reaction) {
  constexpr int half = 2 * L;
  constexpr int stride = (2 * half + 1) * W;
  const int rows = c.nodes * L;
  for (int j = 0; j < (rows + half) * stride; ++j) a.matrix[j] = 0.0;
  for (int j = 0; j < (rows + half) * W; ++j) a.change[j] = 0.0;
  for (int k = 0; k < c.nodes; ++k) excess_at<L, W>(c, k, a.y, a.excess);
  for (int k = 0; k < c.nodes; ++k) {
    for (int i = 0; i < L; ++i) {
      const int row = k * L + i;
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        const double scale = c.volume[k] * s.lambda[i][l];
        a.change[row * W + l] += scale * (s.now[l] * a.y[row * W + l] + a.history[row * W + l]);
        a.matrix[row * stride + half * W + l] += scale * s.now[l];
      }
      if (k + 1 < c.nodes) add_face<L, W>(c, k, i, a);
    }
  }
  PerLattice mean{};
  if (c.coherent) means_of<L, W>(c, a.y, mean);
  react<L, W>(c, s, a.y, a.excess, mean, a.matrix, reaction);
  const int surface = (c.nodes - 1) * L;
  for (int i = 0; i < L; ++i) {
    for (int l = 0; l < W; ++l) a.change[(surface + i) * W + l] += reaction.flux[i][l];
  }
  for (int j = 0; j < rows * W; ++j) a.change[j] = -a.change[j];
}

/// The mean filling of a coherent particle acts on its surface: bordered elimination with the columns J^-1 e_surface.
/// Adds to x what the change of the means does.
template <int L, int W>
SECCM_INLINE void add_coherency(const BlockConstants& c, const BlockArrays& a, const SurfaceReaction& r, double* x) {
  const int rows = c.nodes * L;
  const int padded = (rows + 2 * L) * W;
  PerLattice own{};
  means_of<L, W>(c, x, own);
  PerLattice response[L];  // [j]: of the means to reaction j
  for (int j = 0; j < L; ++j) means_of<L, W>(c, a.column + j * padded, response[j]);
  for (int l = 0; l < W; ++l) {
    double weight[L];
    if constexpr (L == 1) {
      weight[0] = own[0][l] / (1.0 - response[0][0][l] * r.by_mean[0][l]) * r.by_mean[0][l];
    } else {
      const double a00 = 1.0 - response[0][0][l] * r.by_mean[0][l];
      const double a01 = -response[1][0][l] * r.by_mean[1][l];
      const double a10 = -response[0][1][l] * r.by_mean[0][l];
      const double a11 = 1.0 - response[1][1][l] * r.by_mean[1][l];
      const double det = a00 * a11 - a01 * a10;
      weight[0] = (own[0][l] * a11 - a01 * own[1][l]) / det * r.by_mean[0][l];
      weight[1] = (a00 * own[1][l] - a10 * own[0][l]) / det * r.by_mean[1][l];
    }
    for (int j = 0; j < L; ++j) {
      const double* column = a.column + j * padded;
      for (int row = 0; row < rows; ++row) x[row * W + l] += column[row * W + l] * weight[j];
    }
  }
}

template <int L, int W>
SECCM_INLINE void solve_columns(const BlockConstants& c, const BlockArrays& a) {
  const int rows = c.nodes * L;
  const int padded = (rows + 2 * L) * W;
  for (int j = 0; j < L; ++j) {
    double* column = a.column + j * padded;
    for (int n = 0; n < padded; ++n) column[n] = 0.0;
    for (int l = 0; l < W; ++l) column[((c.nodes - 1) * L + j) * W + l] = -1.0;
    sim::solve_band<2 * L, W>(a.matrix, column, rows, (c.nodes - 1) * L);
  }
}

/// Moves node by node: a node may go nine tenths of its way to 0 or 1, whatever the others do, so that an almost empty
/// one does not hold up the rest. `largest` is the wanted move.
template <int W>
SECCM_INLINE void damped_move(int rows, const SubStep& s, double* y, const double* change, const double* allowed,
                              double* largest) {
  double most[W] = {};
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const double d = change[r * W + l];
      const double size = d < 0.0 ? -d : d;
      most[l] = size > most[l] || size != size ? size : most[l];
    }
  }
  double share[W];
  for (int l = 0; l < W; ++l) {
    largest[l] = most[l];
    const double of_move = most[l] > largest_move ? largest_move / most[l] : 1.0;
    share[l] = s.active[l] * (of_move < allowed[l] ? of_move : allowed[l]);
  }
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const double at = y[r * W + l];
      double low = (1.0 - share_of_room) * at;
      double high = at + share_of_room * (1.0 - at);
      low = low < emptiest ? emptiest : low;
      high = high > fullest ? fullest : high;
      double next = at + share[l] * change[r * W + l];
      next = next < low ? low : next;
      y[r * W + l] = next > high ? high : next;
    }
  }
}

/// Share of the Newton move that raises ex of the surface no further than its room.
template <int L, int W>
SECCM_INLINE void limit_rise(const BlockConstants& c, const BlockArrays& a, const SurfaceReaction& r, double* allowed) {
  const NodeGeometry g = geometry_of(c, c.nodes - 1);
  for (int l = 0; l < W; ++l) {
    allowed[l] = 1.0;
    for (int i = 0; i < L; ++i) {
      const double* at = a.change + ((c.nodes - 1) * L + i) * W + l;
      const double rise = self_slope(c, g, i, l) * at[0] - c.kappa[l] * g.inner * at[-L * W];
      const double y = a.y[((c.nodes - 1) * L + i) * W + l];
      const double filled = at[0] > 0.0 ? sim::lane_log(1.0 + at[0] / y) : 0.0;  // the anodic rate is y e^ex
      const double left = r.room[i][l] - filled;
      const double room = left > least_rise ? left : least_rise;
      const double share = rise > room ? room / rise : 1.0;
      allowed[l] = share < allowed[l] ? share : allowed[l];
    }
  }
}

template <int L, int W>
SECCM_INLINE void newton(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& reaction,
                         PerLane& largest) {
  const int rows = c.nodes * L;
  assemble<L, W>(c, s, a, reaction);
  sim::factor_band<2 * L, W>(a.matrix, rows);
  sim::solve_band<2 * L, W>(a.matrix, a.change, rows);
  if (c.coherent) {
    solve_columns<L, W>(c, a);
    add_coherency<L, W>(c, a, reaction, a.change);
  }
  double allowed[W];
  limit_rise<L, W>(c, a, reaction, allowed);
  damped_move<W>(rows, s, a.y, a.change, allowed, largest);
}

template <int L, int W>
SECCM_INLINE void tangent(const BlockConstants& c, const SubStep& s, const BlockArrays& a, const SurfaceReaction& r,
                          const PerLane& theta) {
  const int rows = c.nodes * L;
  for (int k = 0; k < c.nodes; ++k) {
    for (int i = 0; i < L; ++i) {
      const int row = (k * L + i) * W;
#pragma omp simd
      for (int l = 0; l < W; ++l) a.change[row + l] = -c.volume[k] * s.lambda[i][l] * a.history[row + l];
    }
  }
  for (int i = 0; i < L; ++i) {
    for (int l = 0; l < W; ++l) a.change[((c.nodes - 1) * L + i) * W + l] -= r.by_potential[i][l] * theta[l];
  }
  sim::solve_band<2 * L, W>(a.matrix, a.change, rows);
  if (c.coherent) add_coherency<L, W>(c, a, r, a.change);
}

template <int L, int W>
SECCM_INLINE void reaction_at(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& out) {
  excess_at<L, W>(c, c.nodes - 1, a.y, a.excess);
  PerLattice mean{};
  if (c.coherent) means_of<L, W>(c, a.y, mean);
  react<L, W>(c, s, a.y, a.excess, mean, nullptr, out);
}

SECCM_CLONES void newton_1_1(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& r,
                             PerLane& largest) {
  newton<1, 1>(c, s, a, r, largest);
}
SECCM_CLONES void newton_1_8(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& r,
                             PerLane& largest) {
  newton<1, 8>(c, s, a, r, largest);
}
SECCM_CLONES void newton_2_1(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& r,
                             PerLane& largest) {
  newton<2, 1>(c, s, a, r, largest);
}
SECCM_CLONES void newton_2_8(const BlockConstants& c, const SubStep& s, const BlockArrays& a, SurfaceReaction& r,
                             PerLane& largest) {
  newton<2, 8>(c, s, a, r, largest);
}
SECCM_CLONES void tangent_1_1(const BlockConstants& c, const SubStep& s, const BlockArrays& a, const SurfaceReaction& r,
                              const PerLane& theta) {
  tangent<1, 1>(c, s, a, r, theta);
}
SECCM_CLONES void tangent_1_8(const BlockConstants& c, const SubStep& s, const BlockArrays& a, const SurfaceReaction& r,
                              const PerLane& theta) {
  tangent<1, 8>(c, s, a, r, theta);
}
SECCM_CLONES void tangent_2_1(const BlockConstants& c, const SubStep& s, const BlockArrays& a, const SurfaceReaction& r,
                              const PerLane& theta) {
  tangent<2, 1>(c, s, a, r, theta);
}
SECCM_CLONES void tangent_2_8(const BlockConstants& c, const SubStep& s, const BlockArrays& a, const SurfaceReaction& r,
                              const PerLane& theta) {
  tangent<2, 8>(c, s, a, r, theta);
}

template <int W>
SECCM_INLINE void combine_rows(int rows, const PerLane& x, const double* a, const PerLane& y, const double* b,
                               double* out) {
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) out[r * W + l] = x[l] * a[r * W + l] + y[l] * b[r * W + l];
  }
}

template <int W>
SECCM_INLINE void extrapolate_rows(int rows, const PerLane& ratio, const double* a, const double* b, double* out) {
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const double at = a[r * W + l];
      const double low = 0.5 * at;
      const double high = 0.5 * (1.0 + at);
      double guess = at + ratio[l] * (at - b[r * W + l]);
      guess = guess < low ? low : guess;
      out[r * W + l] = guess > high ? high : guess;
    }
  }
}

template <int W>
SECCM_INLINE void curvature_rows(int rows, const PerLane& inverse_h, const PerLane& inverse_last, const double* y,
                                 const double* y0, const double* y1, const double* d_last, double* curve,
                                 PerLane& largest) {
  double scale[W];
  double most[W];
  for (int l = 0; l < W; ++l) {
    scale[l] = inverse_h[l] * inverse_last[l] / (inverse_h[l] + inverse_last[l]);  // 1/(h + h_last)
    most[l] = 0.0;
  }
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const int n = r * W + l;
      const double d = ((y[n] - y0[n]) * inverse_h[l] - (y0[n] - y1[n]) * inverse_last[l]) * scale[l];
      const double jump = d - d_last[n];
      const double size = jump < 0.0 ? -jump : jump;
      curve[n] = d;
      most[l] = size > most[l] ? size : most[l];
    }
  }
  for (int l = 0; l < W; ++l) largest[l] = most[l];
}

template <int W>
SECCM_INLINE void difference_rows(int rows, const double* a, const double* b, PerLane& largest) {
  double most[W] = {};
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const double d = a[r * W + l] - b[r * W + l];
      const double size = d < 0.0 ? -d : d;
      most[l] = size > most[l] ? size : most[l];
    }
  }
  for (int l = 0; l < W; ++l) largest[l] = most[l];
}

template <int W>
SECCM_INLINE void copy_rows(int rows, const PerLane& mask, const double* from, double* to) {
  for (int r = 0; r < rows; ++r) {
#pragma omp simd
    for (int l = 0; l < W; ++l) to[r * W + l] = mask[l] > 0.5 ? from[r * W + l] : to[r * W + l];
  }
}

}  // namespace

void newton_pass(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                 SurfaceReaction& reaction, PerLane& largest) {
  if (lattices == 1) {
    width == 1 ? newton_1_1(c, s, a, reaction, largest) : newton_1_8(c, s, a, reaction, largest);
  } else {
    width == 1 ? newton_2_1(c, s, a, reaction, largest) : newton_2_8(c, s, a, reaction, largest);
  }
}

void tangent_pass(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                  const SurfaceReaction& reaction, const PerLane& theta) {
  if (lattices == 1) {
    width == 1 ? tangent_1_1(c, s, a, reaction, theta) : tangent_1_8(c, s, a, reaction, theta);
  } else {
    width == 1 ? tangent_2_1(c, s, a, reaction, theta) : tangent_2_8(c, s, a, reaction, theta);
  }
}

void surface_reaction(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                      SurfaceReaction& reaction) {
  if (lattices == 1) {
    width == 1 ? reaction_at<1, 1>(c, s, a, reaction) : reaction_at<1, 8>(c, s, a, reaction);
  } else {
    width == 1 ? reaction_at<2, 1>(c, s, a, reaction) : reaction_at<2, 8>(c, s, a, reaction);
  }
}

void combine(int width, int rows, const PerLane& x, const double* a, const PerLane& y, const double* b, double* out) {
  width == 1 ? combine_rows<1>(rows, x, a, y, b, out) : combine_rows<8>(rows, x, a, y, b, out);
}

void extrapolate(int width, int rows, const PerLane& ratio, const double* a, const double* b, double* out) {
  width == 1 ? extrapolate_rows<1>(rows, ratio, a, b, out) : extrapolate_rows<8>(rows, ratio, a, b, out);
}

void curvature_change(int width, int rows, const PerLane& inverse_h, const PerLane& inverse_last, const double* y,
                      const double* y0, const double* y1, const double* d_last, double* curve, PerLane& largest) {
  width == 1 ? curvature_rows<1>(rows, inverse_h, inverse_last, y, y0, y1, d_last, curve, largest)
             : curvature_rows<8>(rows, inverse_h, inverse_last, y, y0, y1, d_last, curve, largest);
}

void largest_difference(int width, int rows, const double* a, const double* b, PerLane& largest) {
  width == 1 ? difference_rows<1>(rows, a, b, largest) : difference_rows<8>(rows, a, b, largest);
}

void copy_lanes(int width, int rows, const PerLane& mask, const double* from, double* to) {
  width == 1 ? copy_rows<1>(rows, mask, from, to) : copy_rows<8>(rows, mask, from, to);
}

void means(int lattices, int width, const BlockConstants& c, const double* y, PerLattice& mean) {
  if (lattices == 1) {
    width == 1 ? means_of<1, 1>(c, y, mean) : means_of<1, 8>(c, y, mean);
  } else {
    width == 1 ? means_of<2, 1>(c, y, mean) : means_of<2, 8>(c, y, mean);
  }
}

}  // namespace seccm::models::phase_field
