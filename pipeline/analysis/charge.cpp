#include "pipeline/analysis/charge.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {

namespace {

constexpr double charge_smoothing = 12.5e-3;  // V, half-width
constexpr double vertex_reach = 120e-3;       // V, of the fits beside a vertex
constexpr double end_reach = 20e-3;           // V, of the mean current at the end of a sweep

double width_of_bin(const Sweep& sweep) {
  return std::abs(sweep.E_vs_Li.back() - sweep.E_vs_Li.front()) / static_cast<double>(sweep.size() - 1);
}

std::vector<double> smoothed_current(const Sweep& sweep) {
  return moving_mean(sweep.i, static_cast<std::size_t>(std::max(1.0, charge_smoothing / width_of_bin(sweep))));
}

// Bins over which the smoothed current keeps the sign of a direction, half-open.
struct SignedSpan {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t bins() const { return end - begin; }
};
SignedSpan around_peak(const Sweep& sweep, const Peak& peak) {
  const auto smooth = smoothed_current(sweep);
  std::size_t top = 0;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (std::abs(sweep.E_vs_Li[k] - peak.E) < std::abs(sweep.E_vs_Li[top] - peak.E)) top = k;
  }
  SignedSpan span{top, top + 1};
  while (span.begin > 0 && sweep.direction * smooth[span.begin - 1] > 0) --span.begin;
  while (span.end < sweep.size() && sweep.direction * smooth[span.end] > 0) ++span.end;
  return span;
}
SignedSpan from_start(const Sweep& sweep, int direction) {
  const auto smooth = smoothed_current(sweep);
  SignedSpan span{};
  while (span.end < sweep.size() && direction * smooth[span.end] > 0) ++span.end;
  return span;
}

// Standard error of a sum of n bins times the width of a bin, C.
double noise_charge(const Sweep& sweep, std::size_t n, double step) {
  const auto count = static_cast<double>(n);
  return std::sqrt(sweep.noise.variance_of_mean(n)) * count * step / sweep.scan_rate;
}

// A charge, how long it flowed, how far the potential went along the direction meanwhile, and its noise.
struct Passed {
  double charge = 0.0, time = 0.0, potential = 0.0, variance = 0.0;  // C, s, V, C²
  void add(const Sweep& sweep, SignedSpan span, int direction) {
    const double step = width_of_bin(sweep), dt = step / sweep.scan_rate;
    for (std::size_t k = span.begin; k < span.end; ++k) charge += direction * sweep.i[k] * dt;
    const auto n = static_cast<double>(span.bins());
    time += n * dt;
    potential += n * step * sweep.direction * direction;
    const double noise = noise_charge(sweep, span.bins(), step);
    variance += noise * noise;
  }
};

double mean_at_end(const Sweep& sweep) {
  const auto n = std::min(sweep.size(), static_cast<std::size_t>(std::max(1.0, end_reach / width_of_bin(sweep))));
  double sum = 0;
  for (std::size_t k = sweep.size() - n; k < sweep.size(); ++k) sum += sweep.i[k];
  return sum / static_cast<double>(n);
}

// Without the capacitor, which stops with the ramp.
void add_hold(const Sweep& sweep, const SweepContext& context, Passed& passed) {
  const double capacitor = context.capacitance ? context.capacitance->value * sweep.scan_rate : 0.0;
  const double charge = std::max(0.0, sweep.direction * mean_at_end(sweep) - capacitor) * context.hold_after;
  passed.charge += charge;
  passed.variance += charge * charge / 3;
}

void set_total(const Sweep& sweep, const Peak& peak, const SweepContext& context, SweepCharge& out) {
  const SignedSpan span = around_peak(sweep, peak);
  Passed passed;
  passed.add(sweep, span, sweep.direction);
  if (span.end == sweep.size()) {
    if (context.next != nullptr) {
      passed.add(*context.next, from_start(*context.next, sweep.direction), sweep.direction);
    } else {
      add_hold(sweep, context, passed);
      out.open_end = !(context.hold_after > 0.0);
    }
  }
  const Capacitance c = context.capacitance.value_or(Capacitance{});
  out.total = passed.charge - c.value * passed.potential;
  out.total_shared_error = std::hypot(sweep.background_error * passed.time, c.error * passed.potential);
  out.total_error = std::hypot(std::sqrt(passed.variance), out.total_shared_error);
}

// Current at the end or the start of a sweep, extrapolated from its last or first stretch.
std::optional<LocalValue> at_vertex(const Sweep& sweep, bool end) {
  const double step = width_of_bin(sweep);
  const auto n = static_cast<std::size_t>(vertex_reach / step);
  if (n < 30 || n > sweep.size()) return std::nullopt;
  const std::size_t first = end ? sweep.size() - n : 0;
  const LocalQuartic fit(std::span(sweep.E_vs_Li).subspan(first, n), std::span(sweep.i).subspan(first, n), sweep.noise);
  const double half_bin = 0.5 * step * sweep.direction;
  LocalValue at = fit.at(end ? sweep.E_vs_Li.back() + half_bin : sweep.E_vs_Li.front() - half_bin);
  // the background has noise of its own, as white as that of the sweep
  if (sweep.noise.sigma > 0) at.value_error *= std::hypot(1.0, sweep.background_noise / sweep.noise.sigma);
  return at;
}

double trapezoid(const Sweep& sweep, std::size_t begin, std::size_t end, const auto& value) {
  double sum = 0;
  for (std::size_t k = begin; k + 1 < end; ++k) {
    sum += 0.5 * (value(k) + value(k + 1)) * std::abs(sweep.E_vs_Li[k + 1] - sweep.E_vs_Li[k]);
  }
  return sum / sweep.scan_rate;
}

}  // namespace

bool follows(const Sweep& sweep, const Sweep& next) {
  if (next.direction != -sweep.direction) return false;
  const double step = width_of_bin(sweep), next_step = width_of_bin(next);
  const double pause = next.t.front() - sweep.t.back();
  return pause > 0 && pause < 2 * (step / sweep.scan_rate + next_step / next.scan_rate) &&
         std::abs(next.E_vs_Li.front() - sweep.E_vs_Li.back()) < 2 * (step + next_step);
}

std::optional<Capacitance> vertex_capacitance(const Sweep& sweep, const Sweep& next) {
  const auto before = at_vertex(sweep, true), after = at_vertex(next, false);
  if (!before || !after) return std::nullopt;
  const double rates = sweep.scan_rate + next.scan_rate;
  return Capacitance{next.direction * (after->value - before->value) / rates,
                     std::hypot(before->value_error, after->value_error) / rates};
}

SweepCharge integrate(const Sweep& sweep, const Peak& peak, const SweepContext& context) {
  const double step = width_of_bin(sweep);
  SweepCharge charge;
  set_total(sweep, peak, context, charge);

  const double low = std::min(peak.baseline.E_before, peak.baseline.E_after);
  const double high = std::max(peak.baseline.E_before, peak.baseline.E_after);
  std::size_t begin = sweep.size(), end = 0;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (sweep.E_vs_Li[k] < low || sweep.E_vs_Li[k] > high) continue;
    begin = std::min(begin, k);
    end = k + 1;
  }
  charge.window = high - low;
  if (begin < end) {
    charge.intercalation = trapezoid(sweep, begin, end, [&](std::size_t k) {
      return sweep.direction * (sweep.i[k] - peak.baseline.at(sweep.E_vs_Li[k]));
    });
    // a line through two feet of error σ_f takes a charge of error σ_f window/(v √2)
    charge.intercalation_error =
        std::hypot(noise_charge(sweep, end - begin, step),
                   peak.baseline.foot_error * charge.window / (sweep.scan_rate * std::sqrt(2.0)));
  }
  charge.double_layer =
      trapezoid(sweep, 0, sweep.size(), [&](std::size_t k) { return sweep.direction * sweep.background[k]; });
  return charge;
}

}  // namespace seccm::analysis
