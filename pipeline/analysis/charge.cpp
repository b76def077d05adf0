#include "pipeline/analysis/charge.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/analysis/averaging.hpp"

namespace seccm::analysis {

namespace {

// Bins around the peak over which the smoothed current keeps the sign of the sweep, half-open.
struct Span {
  std::size_t begin, end;
};
Span same_sign(const Sweep& sweep, const Peak& peak, double step) {
  auto smooth = moving_mean(sweep.i, static_cast<std::size_t>(std::max(1.0, 12.5e-3 / step)));
  std::size_t top = 0;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (std::abs(sweep.E_vs_Li[k] - peak.E) < std::abs(sweep.E_vs_Li[top] - peak.E)) top = k;
  }
  Span span{top, top + 1};
  while (span.begin > 0 && sweep.direction * smooth[span.begin - 1] > 0) --span.begin;
  while (span.end < sweep.size() && sweep.direction * smooth[span.end] > 0) ++span.end;
  return span;
}

// Standard error of a sum of n bins times the width of a bin, C.
double noise_charge(const Sweep& sweep, std::size_t n, double step) {
  const auto count = static_cast<double>(n);
  return std::sqrt(sweep.noise.variance_of_mean(n)) * count * step / sweep.scan_rate;
}

double trapezoid(const Sweep& sweep, std::size_t begin, std::size_t end, const auto& value) {
  double sum = 0;
  for (std::size_t k = begin; k + 1 < end; ++k) {
    sum += 0.5 * (value(k) + value(k + 1)) * std::abs(sweep.E_vs_Li[k + 1] - sweep.E_vs_Li[k]);
  }
  return sum / sweep.scan_rate;
}

}  // namespace

SweepCharge integrate(const Sweep& sweep, const Peak& peak) {
  const double step = std::abs(sweep.E_vs_Li.back() - sweep.E_vs_Li.front()) / static_cast<double>(sweep.size() - 1);
  SweepCharge charge;
  const Span span = same_sign(sweep, peak, step);
  charge.total = trapezoid(sweep, span.begin, span.end, [&](std::size_t k) { return sweep.direction * sweep.i[k]; });
  charge.total_error =
      std::hypot(noise_charge(sweep, span.end - span.begin, step),
                 sweep.background_error * static_cast<double>(span.end - span.begin) * step / sweep.scan_rate);

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
