// The loops over lanes of one step, compiled for the baseline, AVX2 and AVX-512. The three forms are plain functions
// with their own target, so that a bench or a test can name the one it means.
#include <algorithm>

#include "models/ensemble/ensemble_block.hpp"
#include "models/material/rate_law.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

constexpr int width = block_lanes;
constexpr int most_iterations = 40;
constexpr double longest_move = 0.1;  // V per iteration, four thermal voltages
constexpr double longest_filling_move = 0.25;
// Newton converges quadratically: moves below 1e-7 leave an error of the order of 1e-14.
constexpr double settled = 1e-7;

struct IdealLanes {
  static constexpr bool linear = true;
  SECCM_INLINE IdealLaw at(int /*lane*/) const { return {}; }
};
struct FrumkinLanes {
  static constexpr bool linear = false;
  const double* g;
  SECCM_INLINE FrumkinLaw at(int lane) const { return {g[lane]}; }
};
struct PlateauLanes {
  static constexpr bool linear = false;
  AnatasePlateauLaw law;
  SECCM_INLINE AnatasePlateauLaw at(int /*lane*/) const { return law; }
};

SECCM_INLINE double clamped(double value, double limit) {
  const double low = value < -limit ? -limit : value;
  return low > limit ? limit : low;
}
SECCM_INLINE double absolute(double value) {
  return value < 0.0 ? -value : value;
}

/// What a sweep reads that does not change within a stride.
struct Sweep {
  std::size_t cells;
  const double* volume;
  const double* conductance;
  const LaneRow* pivot;
  double inner_weight;
};

/// Eliminates y^(n+1) towards the surface: `before` becomes the eliminated right-hand side, `a` the surface value
/// without flux. With `change`, keeps the history of each cell there.
template <bool keep>
SECCM_INLINE void forward(const Sweep& s, const LaneRow& lambda, sim::StepScheme scheme, const LaneRow* now,
                          LaneRow* before, LaneRow* change, LaneRow& a) {
  double carried[width] = {};
  for (std::size_t k = 0; k < s.cells; ++k) {
    const double last_k = -scheme.last * s.volume[k];
    const double before_k = -scheme.before * s.volume[k];
    const double tau = s.conductance[k];
    const double* y = now[k].at;
    const double* p = s.pivot[k].at;
    double* g = before[k].at;
    double* h = keep ? change[k].at : nullptr;
#pragma omp simd
    for (int l = 0; l < width; ++l) {
      if (keep) h[l] = scheme.last * y[l] + scheme.before * g[l];
      const double history = lambda.at[l] * (last_k * y[l] + before_k * g[l]);
      carried[l] = p[l] * history + (tau * p[l]) * carried[l];
      g[l] = carried[l];
    }
  }
  const double* outer = before[s.cells - 1].at;
  const double* inner = before[s.cells - 2].at;
  const double* p = s.pivot[s.cells - 2].at;
  const double tau = s.conductance[s.cells - 1];
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double next = inner[l] + tau * p[l] * outer[l];
    a.at[l] = outer[l] + s.inner_weight * (outer[l] - next);
  }
}

/// Turns what `forward` left into y^(n+1), given the flux. With `change`, adds now y^(n+1) there.
template <bool keep>
SECCM_INLINE void backward(const Sweep& s, const LaneRow& flux_scale, const LaneRow& flux, double now, LaneRow* profile,
                           LaneRow* change) {
  double outer[width];
  const std::size_t last = s.cells - 1;
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    outer[l] = profile[last].at[l] - s.pivot[last].at[l] * flux_scale.at[l] * flux.at[l];
    profile[last].at[l] = outer[l];
    if (keep) change[last].at[l] += now * outer[l];
  }
  for (std::size_t k = last; k-- > 0;) {
    const double tau = s.conductance[k + 1];
    const double* p = s.pivot[k].at;
    double* g = profile[k].at;
    double* h = keep ? change[k].at : nullptr;
#pragma omp simd
    for (int l = 0; l < width; ++l) {
      outer[l] = g[l] + tau * p[l] * outer[l];
      g[l] = outer[l];
      if (keep) h[l] += now * outer[l];
    }
  }
}

/// p = at_rest - coupling q: the branch E - p = R (s q + C dp/dt).
SECCM_INLINE void prepare_branch(EnsembleBlock& b, sim::StepScheme scheme, double E) {
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double R = b.resistance.at[l];
    const double c = b.susceptance.at[l];
    const double history = scheme.last * b.p.at[l] + scheme.before * b.p_before.at[l];
    const double loaded = 1.0 / (1.0 + R * c * scheme.now);
    b.p_history.at[l] = history;
    b.at_rest.at[l] = (E - R * c * history) * loaded;
    b.coupling.at[l] = R * b.scale.at[l] * loaded;
  }
}

/// Continues y and p from the last two steps.
SECCM_INLINE void guess(EnsembleBlock& b, double slope) {
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double y = b.y.at[l];
    const double p = b.p.at[l];
    const double next = y + slope * (y - b.y_before.at[l]);
    const double above = next < 0.0 ? 0.0 : next;
    b.y_before.at[l] = y;
    b.y.at[l] = above > 1.0 ? 1.0 : above;
    const double p_next = p + slope * (p - b.p_before.at[l]);
    b.p_before.at[l] = p;
    b.p.at[l] = b.coupling.at[l] > 0.0 ? p_next : b.at_rest.at[l];
  }
}

/// One Newton step for q = N(y, p) on y = a + B q, p = at_rest - coupling q. Returns the number of lanes that moved.
template <class Lanes>
SECCM_INLINE double newton_step(const Lanes& laws, EnsembleBlock& b, const LaneRow& B, double filling_limit) {
  double unsettled = 0.0;
  const double f = b.f;
#pragma omp simd reduction(+ : unsettled)
  for (int l = 0; l < width; ++l) {
    const double y = b.y.at[l];
    const double p = b.p.at[l];
    const Rate rate =
        insertion_rate(laws.at(l), ButlerVolmerRate{b.alpha.at[l]}, b.k0.at[l], 1.0, f * (p - b.E0.at[l]), y);
    const double by_p = f * rate.by_potential;
    const double gain = 1.0 - rate.by_filling * B.at[l] + by_p * b.coupling.at[l];
    const double q = (rate.flux + rate.by_filling * (b.a.at[l] - y) + by_p * (b.at_rest.at[l] - p)) / gain;
    const double dy = clamped(b.a.at[l] + B.at[l] * q - y, filling_limit);
    const double dp = clamped(b.at_rest.at[l] - b.coupling.at[l] * q - p, longest_move);
    b.q.at[l] = q;
    b.y.at[l] = y + dy;
    b.p.at[l] = p + dp;
    const double moved = absolute(dy) > f * absolute(dp) ? absolute(dy) : f * absolute(dp);
    b.move.at[l] = moved;
    unsettled += moved < settled ? 0.0 : 1.0;
  }
  return unsettled;
}

template <class Lanes>
SECCM_INLINE long solve(const Lanes& laws, EnsembleBlock& b, const LaneRow& B) {
  const double limit = Lanes::linear ? 1e300 : longest_filling_move;
  for (int i = 1; i <= most_iterations; ++i) {
    if (newton_step(laws, b, B, limit) == 0.0 || (Lanes::linear && b.linear)) return i;
  }
  for (int l = 0; l < width; ++l) {
    if (!(b.move.at[l] < settled)) solve_lane_by_bracketing(b, static_cast<std::size_t>(l), B.at[l]);
  }
  return most_iterations;
}

/// Currents and charges at the end of the step.
SECCM_INLINE void book(EnsembleBlock& b, sim::StepScheme scheme, double moved, LaneRow& current) {
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double faradaic = b.scale.at[l] * b.q.at[l];
    const double i = faradaic + b.susceptance.at[l] * (scheme.now * b.p.at[l] + b.p_history.at[l]);
    const double amount = b.lane_dt.at[l] / scheme.now;
    b.step_charge.at[l] = amount * i + scheme.carry * b.step_charge.at[l];
    b.charge.at[l] += b.step_charge.at[l];
    b.step_lithium.at[l] = amount * faradaic + scheme.carry * b.step_lithium.at[l];
    b.lithium_charge.at[l] += b.step_lithium.at[l];
    current.at[l] = i + b.stray.at[l] * moved / b.lane_dt.at[l];
  }
}

/// The rate's derivatives at the solution.
template <class Lanes>
SECCM_INLINE void linearise(const Lanes& laws, EnsembleBlock& b) {
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double u = b.f * (b.p.at[l] - b.E0.at[l]);
    const auto law = laws.at(l);
    const Rate rate = insertion_rate(law, ButlerVolmerRate{b.alpha.at[l]}, b.k0.at[l], 1.0, u, b.y.at[l]);
    b.by_filling.at[l] = rate.by_filling;
    b.by_potential.at[l] = rate.by_potential;
    b.overpotential.at[l] = u - law.excess(b.y.at[l]).value;
  }
}

/// `forward` of a tangent: the same matrix, with the derivatives of λ and R/D as a source.
SECCM_INLINE void forward_tangent(const Sweep& s, const EnsembleBlock& b, sim::StepScheme scheme, BlockTangent& t,
                                  double slope_weight, LaneRow& a) {
  double carried[width] = {};
  const double by_lambda = t.seed.ln_lambda;
  for (std::size_t k = 0; k < s.cells; ++k) {
    const double volume = s.volume[k];
    const double tau = s.conductance[k];
    const double at_surface = k + 1 == s.cells ? t.seed.ln_flux_scale : 0.0;
    const double* y = t.profile[k].at;
    const double* p = s.pivot[k].at;
    const double* h = b.change[k].at;
    double* g = t.before[k].at;
#pragma omp simd
    for (int l = 0; l < width; ++l) {
      const double source = -volume * (scheme.last * y[l] + scheme.before * g[l] + by_lambda * h[l]);
      const double history = b.lambda.at[l] * source - at_surface * b.flux_scale.at[l] * b.q.at[l];
      carried[l] = p[l] * history + (tau * p[l]) * carried[l];
      g[l] = carried[l];
    }
  }
  const double* outer = t.before[s.cells - 1].at;
  const double* inner = t.before[s.cells - 2].at;
  const double* p = s.pivot[s.cells - 2].at;
  const double tau = s.conductance[s.cells - 1];
  const double by_scale = t.seed.ln_flux_scale;
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double next = inner[l] + tau * p[l] * outer[l];
    a.at[l] = outer[l] + s.inner_weight * (outer[l] - next) - slope_weight * by_scale * b.flux_scale.at[l] * b.q.at[l];
  }
}

/// dq and dp from the differentiated rate law and branch; books the slope of the current.
SECCM_INLINE void tangent_flux(const EnsembleBlock& b, sim::StepScheme scheme, const LaneRow& B, BlockTangent& t,
                               const LaneRow& a, LaneRow& dq_out, LaneRow& slope) {
  const TangentSeed seed = t.seed;
#pragma omp simd
  for (int l = 0; l < width; ++l) {
    const double R = b.resistance.at[l];
    const double c = b.susceptance.at[l];
    const double q = b.q.at[l];
    const double rise = scheme.now * b.p.at[l] + b.p_history.at[l];  // dt dp/dt
    const double i = b.scale.at[l] * q + c * rise;
    const double dscale = seed.ln_current_scale * b.scale.at[l];
    const double dc = (seed.ln_capacitance * b.own_capacitance.at[l] + seed.capacitance) / b.lane_dt.at[l];
    const double dhistory = scheme.last * t.p.at[l] + scheme.before * t.p_before.at[l];
    const double known = dscale * q + dc * rise + c * dhistory;  // of di
    const double loaded = 1.0 / (1.0 + R * c * scheme.now);
    const double dp_at_rest = -(seed.resistance * i + R * known) * loaded;
    const double by_p = b.f * b.by_potential.at[l];
    const double by_law =
        seed.ln_rate * q - seed.alpha * b.overpotential.at[l] * q + seed.g * b.by_potential.at[l] * (b.y.at[l] - 0.5);
    const double gain = 1.0 - b.by_filling.at[l] * B.at[l] + by_p * b.coupling.at[l];
    const double dq = (b.by_filling.at[l] * a.at[l] + by_p * (dp_at_rest - seed.E0) + by_law) / gain;
    const double dp = dp_at_rest - b.coupling.at[l] * dq;
    const double di = known + b.scale.at[l] * dq + c * scheme.now * dp;
    t.p_before.at[l] = t.p.at[l];
    t.p.at[l] = dp;
    t.step_charge.at[l] = b.lane_dt.at[l] / scheme.now * di + scheme.carry * t.step_charge.at[l];
    t.charge.at[l] += t.step_charge.at[l];
    dq_out.at[l] = dq;
    slope.at[l] = di;
  }
}

SECCM_INLINE void step_tangents(EnsembleBlock& b, const Sweep& s, sim::StepScheme scheme, const LaneRow& B,
                                LaneRow* slopes) {
  LaneRow a;
  LaneRow dq;
  for (std::size_t j = 0; j < b.tangents.size(); ++j) {
    BlockTangent& t = b.tangents[j];
    forward_tangent(s, b, scheme, t, b.mesh->slope_weight(), a);
    tangent_flux(b, scheme, B, t, a, dq, slopes[j]);
    backward<false>(s, b.flux_scale, dq, scheme.now, t.before.data(), nullptr);
    std::swap(t.profile, t.before);
  }
}

template <bool tangents, class Lanes>
SECCM_INLINE long advance_lanes(const Lanes& laws, EnsembleBlock& b, const Stride& stride) {
  const sim::StepScheme scheme = scheme_of(stride.ratio);
  const BlockElimination& elimination = b.elimination;
  const Sweep sweep{.cells = b.profile.size(),
                    .volume = b.mesh->volume().data(),
                    .conductance = b.mesh->conductance().data(),
                    .pivot = elimination.pivot.data(),
                    .inner_weight = b.mesh->inner_weight()};
  long iterations = 0;
  for (int n = 0; n < stride.count; ++n) {
    const auto row = static_cast<std::size_t>(stride.row) + static_cast<std::size_t>(n);
    const double E = stride.run->potential(stride.first + (n + 1) * stride.length);
    forward<tangents>(sweep, b.lambda, scheme, b.profile.data(), b.before.data(), b.change.data(), b.a);
    prepare_branch(b, scheme, E);
    guess(b, stride.ratio);
    iterations += solve(laws, b, elimination.slope);
    backward<tangents>(sweep, b.flux_scale, b.q, scheme.now, b.before.data(), b.change.data());
    std::swap(b.profile, b.before);
    if constexpr (tangents) {
      linearise(laws, b);
      step_tangents(b, sweep, scheme, elimination.slope, b.slopes.data() + row * b.tangents.size());
    }
    book(b, scheme, E - b.E, b.current[row]);
    b.E = E;
  }
  return iterations;
}

template <class Lanes>
SECCM_INLINE long advance_with(const Lanes& laws, EnsembleBlock& b, const Stride& stride) {
  return b.tangents.empty() ? advance_lanes<false>(laws, b, stride) : advance_lanes<true>(laws, b, stride);
}

SECCM_INLINE long advance_any(EnsembleBlock& b, const Stride& stride) {
  switch (b.law) {
    case IsothermKind::frumkin:
      return advance_with(FrumkinLanes{b.g.at}, b, stride);
    case IsothermKind::anatase_plateau:
      return advance_with(PlateauLanes{b.plateau}, b, stride);
    case IsothermKind::ideal:
      break;
  }
  return advance_with(IdealLanes{}, b, stride);
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define SECCM_ENSEMBLE_TARGETS 1
__attribute__((target("arch=x86-64-v4,prefer-vector-width=512"))) long advance_avx512(EnsembleBlock& b,
                                                                                      const Stride& stride) {
  return advance_any(b, stride);
}
__attribute__((target("arch=x86-64-v3"))) long advance_avx2(EnsembleBlock& b, const Stride& stride) {
  return advance_any(b, stride);
}
#endif
long advance_baseline(EnsembleBlock& b, const Stride& stride) {
  return advance_any(b, stride);
}

}  // namespace

bool machine_has(Instructions instructions) {
#ifdef SECCM_ENSEMBLE_TARGETS
  if (instructions == Instructions::avx512) return __builtin_cpu_supports("x86-64-v4") != 0;
  if (instructions == Instructions::avx2) return __builtin_cpu_supports("x86-64-v3") != 0;
#endif
  return instructions == Instructions::best || instructions == Instructions::baseline;
}

long advance(EnsembleBlock& block, const Stride& stride, [[maybe_unused]] Instructions instructions) {
#ifdef SECCM_ENSEMBLE_TARGETS
  static const bool has_avx512 = machine_has(Instructions::avx512);
  static const bool has_avx2 = machine_has(Instructions::avx2);
  const bool best = instructions == Instructions::best;
  if (instructions == Instructions::avx512 || (best && has_avx512)) return advance_avx512(block, stride);
  if (instructions == Instructions::avx2 || (best && has_avx2)) return advance_avx2(block, stride);
#endif
  return advance_baseline(block, stride);
}

}  // namespace seccm::models
