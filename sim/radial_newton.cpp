#include "sim/radial_newton.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "sim/error.hpp"
#include "sim/multiversion.hpp"

namespace seccm::sim {
namespace {

constexpr int narrow_block = 8;
constexpr int wide_block = 16;

/// What a sweep reads and writes. Profiles are [block][cell][lane]; per-lane arrays and the surface values behind the
/// profile are [lane].
struct Arrays {
  std::size_t cells;
  std::size_t blocks;
  const double* volume;
  const double* conductance;
  double inner_weight;
  double slope_weight;
  double now;
  const double* rate;
  const double* radius;
  const double* history;
  const double* D;
  const double* integral;
};

/// From the centre outwards. With u = Φ + D δy, the linearised Φ, the flux into a cell from within is f - t u; row by
/// row
///   y = P [f - H - (t + τ) e + τ u_outer],   e = Φ - D y_guess,   P = 1/(M + D (t + τ)),
/// and the next t = τ P (M + D t), f = τ P (D (f - H) + M e): sums and products of positive terms in t. Written as t =
/// n/d the recurrence has no division (a cell's own 1/d stands beside it), which halves its latency; every few cells
/// n/d is formed, far from overflow.
template <int W>
SECCM_INLINE void eliminate_blocks(const Arrays& s, const double* guess, double* all_right, double* all_passed,
                                   double* a, double* B) {
  constexpr std::size_t cells_per_division = 4;
  const std::size_t surface = s.blocks * s.cells * W;
  for (std::size_t b = 0; b < s.blocks; ++b) {
    const std::size_t first = b * s.cells * W;
    double f[W];
    double n[W];
    double d[W];
    double rate[W];
    for (int l = 0; l < W; ++l) {
      f[l] = n[l] = 0.0;
      d[l] = 1.0;
      rate[l] = s.rate[b * W + static_cast<std::size_t>(l)];
    }
    const double* y = guess + first;
    const double* D = s.D + first;
    const double* phi = s.integral + first;
    const double* h = s.history + first;
    double* right = all_right + first;
    double* passed = all_passed + first;
    for (std::size_t chunk = 0; chunk + 1 < s.cells; chunk += cells_per_division) {
      const std::size_t end = chunk + cells_per_division < s.cells - 1 ? chunk + cells_per_division : s.cells - 1;
      for (std::size_t k = chunk; k < end; ++k) {
        const double volume = s.volume[k];
        const double tau = s.conductance[k + 1];
#pragma omp simd
        for (int l = 0; l < W; ++l) {
          const double held = rate[l] * volume;
          const double m = s.now * held;
          const double e = phi[l] - D[l] * y[l];
          const double inner = m * d[l] + D[l] * n[l];
          const double both = n[l] + tau * d[l];
          const double next = inner + (D[l] * tau) * d[l];
          const double inverse = 1.0 / next;
          const double p = d[l] * inverse;
          const double outwards = tau * p;
          const double stored = held * h[l];
          right[l] = p * (f[l] - stored) - both * inverse * e;
          passed[l] = outwards;
          f[l] = (outwards * D[l]) * f[l] + outwards * (m * e - D[l] * stored);
          n[l] = tau * inner;
          d[l] = next;
        }
        y += W;
        D += W;
        phi += W;
        h += W;
        right += W;
        passed += W;
      }
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        n[l] /= d[l];
        d[l] = 1.0;
      }
    }
    const double volume = s.volume[s.cells - 1];
    const double w = s.inner_weight;
    const double* y_s = guess + surface + b * W;
    const double* D_s = s.D + surface + b * W;
    const double* phi_s = s.integral + surface + b * W;
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const std::size_t lane = b * W + static_cast<std::size_t>(l);
      const double held = rate[l] * volume;
      const double m = s.now * held;
      const double rhs = f[l] - held * h[l];
      const double e = phi[l] - D[l] * y[l];
      const double p = 1.0 / (m + D[l] * n[l]);
      right[l] = p * (rhs - n[l] * e);
      passed[l] = p;
      const double outer = p * (D[l] * rhs + m * e);  // u of the last cell at q = 0
      const double outer_slope = D[l] * p;            // -du/d(Rq)
      const double inner_D = D[l - W];
      const double inner = phi[l - W] + inner_D * (right[l - W] + passed[l - W] * outer - y[l - W]);
      const double inner_slope = inner_D * passed[l - W] * outer_slope;
      const double at_surface = outer + w * (outer - inner);
      const double slope = outer_slope + w * (outer_slope - inner_slope) + s.slope_weight;
      const double inverse = 1.0 / D_s[l];
      a[lane] = y_s[l] + (at_surface - phi_s[l]) * inverse;
      B[lane] = -s.radius[lane] * slope * inverse;
    }
  }
}

template <int W>
SECCM_INLINE double substitute_blocks(const Arrays& s, const double* all_right, const double* all_passed,
                                      const double* flux, double* profile) {
  double largest[W] = {};
  for (std::size_t b = 0; b < s.blocks; ++b) {
    const std::size_t last = (b + 1) * s.cells * W - W;
    double* y = profile + last;
    const double* D = s.D + last;
    const double* phi = s.integral + last;
    const double* right = all_right + last;
    const double* passed = all_passed + last;
    double u[W];
    for (int l = 0; l < W; ++l) {
      const std::size_t lane = b * W + static_cast<std::size_t>(l);
      u[l] = -s.radius[lane] * flux[lane];  // `passed` of the last cell is its 1/pivot
    }
    for (std::size_t k = 0; k < s.cells; ++k) {
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        const double next = right[l] + passed[l] * u[l];
        const double move = next - y[l];
        const double size = move < 0.0 ? -move : move;
        u[l] = (phi[l] + D[l] * (right[l] - y[l])) + (D[l] * passed[l]) * u[l];
        y[l] = next;
        largest[l] = size > largest[l] ? size : largest[l];
      }
      y -= W;
      D -= W;
      phi -= W;
      right -= W;
      passed -= W;
    }
  }
  double all = 0.0;
  for (int l = 0; l < W; ++l) all = largest[l] > all ? largest[l] : all;
  return all;
}

SECCM_CLONES void eliminate_1(const Arrays& s, const double* guess, double* right, double* passed, double* a,
                              double* B) {
  eliminate_blocks<1>(s, guess, right, passed, a, B);
}
SECCM_CLONES void eliminate_8(const Arrays& s, const double* guess, double* right, double* passed, double* a,
                              double* B) {
  eliminate_blocks<narrow_block>(s, guess, right, passed, a, B);
}
SECCM_CLONES void eliminate_16(const Arrays& s, const double* guess, double* right, double* passed, double* a,
                               double* B) {
  eliminate_blocks<wide_block>(s, guess, right, passed, a, B);
}
SECCM_CLONES double substitute_1(const Arrays& s, const double* right, const double* passed, const double* flux,
                                 double* profile) {
  return substitute_blocks<1>(s, right, passed, flux, profile);
}
SECCM_CLONES double substitute_8(const Arrays& s, const double* right, const double* passed, const double* flux,
                                 double* profile) {
  return substitute_blocks<narrow_block>(s, right, passed, flux, profile);
}
SECCM_CLONES double substitute_16(const Arrays& s, const double* right, const double* passed, const double* flux,
                                  double* profile) {
  return substitute_blocks<wide_block>(s, right, passed, flux, profile);
}
SECCM_CLONES void combine(std::size_t size, double last, const double* now, double before_weight, const double* before,
                          double* history) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i) history[i] = last * now[i] + before_weight * before[i];
}

Arrays arrays_of(const RadialLanes& lanes) {
  const RadialMesh& mesh = lanes.mesh();
  return {.cells = static_cast<std::size_t>(mesh.cells()),
          .blocks = lanes.lanes() / static_cast<std::size_t>(lanes.width()),
          .volume = mesh.volume().data(),
          .conductance = mesh.conductance().data(),
          .inner_weight = mesh.inner_weight(),
          .slope_weight = mesh.slope_weight(),
          .now = 0.0,
          .rate = nullptr,
          .radius = lanes.radius().data(),
          .history = nullptr,
          .D = nullptr,
          .integral = nullptr};
}

}  // namespace

RadialNewton::RadialNewton(const RadialLanes& lanes)
    : lanes_(&lanes),
      history_(lanes.profile_size()),
      rate_(lanes.lanes()),
      right_(lanes.profile_size()),
      passed_(lanes.profile_size()) {}

void RadialNewton::begin(std::span<const double> now, std::span<const double> before, double dt, StepScheme scheme) {
  assert(now.size() == history_.size() && before.size() == history_.size());
  if (!(dt > 0.0)) throw InputError(fmt::format("radial diffusion: dt = {} s; a value above 0 is needed", dt));
  scheme_ = scheme;
  for (std::size_t l = 0; l < rate_.size(); ++l) {
    const double r = lanes_->radius()[l];
    rate_[l] = r * r / dt;
  }
  combine(history_.size(), scheme.last, now.data(), scheme.before, before.data(), history_.data());
}

void RadialNewton::eliminate(std::span<const double> y, std::span<const double> D, std::span<const double> integral,
                             std::span<double> a, std::span<double> B) {
  assert(y.size() == size() && D.size() == size() && integral.size() == size());
  assert(a.size() == lanes_->lanes() && B.size() == lanes_->lanes());
  Arrays arrays = arrays_of(*lanes_);
  arrays.now = scheme_.now;
  arrays.rate = rate_.data();
  arrays.history = history_.data();
  arrays.D = D.data();
  arrays.integral = integral.data();
  const auto run = lanes_->width() == 1 ? &eliminate_1 : lanes_->width() == narrow_block ? &eliminate_8 : &eliminate_16;
  run(arrays, y.data(), right_.data(), passed_.data(), a.data(), B.data());
}

double RadialNewton::substitute(std::span<const double> flux, std::span<const double> D,
                                std::span<const double> integral, std::span<double> y) const {
  assert(flux.size() == lanes_->lanes() && y.size() == size());
  Arrays arrays = arrays_of(*lanes_);
  arrays.D = D.data();
  arrays.integral = integral.data();
  const auto run = lanes_->width() == 1              ? &substitute_1
                   : lanes_->width() == narrow_block ? &substitute_8
                                                     : &substitute_16;
  return run(arrays, right_.data(), passed_.data(), flux.data(), y.data());
}

}  // namespace seccm::sim
