#include "pipeline/analysis/current_table.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/analysis/averaging.hpp"

namespace seccm::analysis {

namespace {

constexpr double table_step = 10e-3;  // V
constexpr double half_smoothing = 5e-3;
constexpr double end_margin = 20e-3;  // V left out after a reversal and before the next

/// V, of the bins of a sweep.
double bin_step(const Sweep& s) {
  return std::abs(s.E_vs_Li.back() - s.E_vs_Li.front()) / static_cast<double>(s.size() - 1);
}

/// ∫ i |dE| from the outer edge of the first bin to that of the last: bins hold means.
double integral_of(const Sweep& s) {
  double sum = 0.5 * bin_step(s) * (s.i.front() + s.i.back());
  for (std::size_t k = 0; k + 1 < s.size(); ++k)
    sum += 0.5 * (s.i[k] + s.i[k + 1]) * std::abs(s.E_vs_Li[k + 1] - s.E_vs_Li[k]);
  return sum;
}

struct CommonRange {
  double low = -1e300, high = 1e300;
  void intersect(const Sweep& s) {
    low = std::max(low, std::min(s.E_vs_Li.front(), s.E_vs_Li.back()) + end_margin);
    high = std::min(high, std::max(s.E_vs_Li.front(), s.E_vs_Li.back()) - end_margin);
  }
};

RateColumn column(const RateAnalysis& rate, int direction, std::span<const double> E, double model_error) {
  RateColumn out{.scan_rate = rate.scan_rate, .current = std::vector<double>(E.size(), 0.0)};
  const auto& sweeps = rate.at(direction).sweeps;
  const auto n = static_cast<double>(sweeps.size());
  double variance = 0;
  for (const SweepAnalysis& s : sweeps) {
    const double step = bin_step(s.sweep);
    out.low += (std::min(s.sweep.E_vs_Li.front(), s.sweep.E_vs_Li.back()) - 0.5 * step) / n;
    out.high += (std::max(s.sweep.E_vs_Li.front(), s.sweep.E_vs_Li.back()) + 0.5 * step) / n;
    out.integral += integral_of(s.sweep) / n;
    const auto half = static_cast<std::size_t>(half_smoothing / step);
    const auto smooth = moving_mean(s.sweep.i, half);
    for (std::size_t k = 0; k < E.size(); ++k) out.current[k] += interpolate(s.sweep.E_vs_Li, smooth, E[k]) / n;
    variance += s.sweep.noise.variance_of_mean(2 * half + 1) / (n * n);
  }
  const double common = sweeps.front().sweep.background_error;
  out.noise = std::sqrt(variance + common * common);
  for (const double i : out.current) out.error.push_back(std::hypot(out.noise, model_error * i));
  return out;
}

}  // namespace

CurrentTable current_table(const PointAnalysis& point, int direction, const AnalysisParameters& parameters) {
  CurrentTable table;
  CommonRange range;
  for (const RateAnalysis& rate : point.rates) {
    for (const SweepAnalysis& s : rate.at(direction).sweeps) range.intersect(s.sweep);
  }
  if (!(range.high > range.low) || range.high > 1e200) return table;
  const double first = std::ceil(range.low / table_step);
  for (double k = first; k * table_step <= range.high; k += 1.0) table.E_vs_Li.push_back(k * table_step);
  for (const RateAnalysis& rate : point.rates) {
    if (rate.at(direction).sweeps.empty()) continue;
    table.columns.push_back(column(rate, direction, table.E_vs_Li, parameters.current_model_error));
  }
  return table;
}

}  // namespace seccm::analysis
