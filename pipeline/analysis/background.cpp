#include "pipeline/analysis/background.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/measured.hpp"

namespace seccm::analysis {

bool same_rate(double a, double b) {
  return std::abs(a - b) <= 1e-3 * std::max(std::abs(a), std::abs(b));
}

double interpolate(std::span<const double> E, std::span<const double> y, double at) {
  const bool rising = E.back() >= E.front();
  const auto before = [rising](double a, double b) { return rising ? a < b : a > b; };
  const auto upper = std::upper_bound(E.begin(), E.end(), at, before);
  if (upper == E.begin()) return y.front();
  if (upper == E.end()) return y.back();
  const auto k = static_cast<std::size_t>(upper - E.begin());
  const double f = (at - E[k - 1]) / (E[k] - E[k - 1]);
  return (1 - f) * y[k - 1] + f * y[k];
}

namespace {

constexpr double grid_step = 1.5e-3;       // V
constexpr std::size_t smoothing_half = 8;  // grid steps

// Potential range that every matching sweep covers.
struct Range {
  double low, high;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

std::vector<const Sweep*> matching(const BlankSweeps& sweeps, double scan_rate, int direction) {
  std::vector<const Sweep*> out{};
  for (const Sweep& s : sweeps) {
    if (s.direction == direction && same_rate(s.scan_rate, scan_rate)) out.push_back(&s);
  }
  return out;
}

double mean_at(std::span<const Sweep* const> sweeps, double E) {
  double sum = 0;
  for (const Sweep* s : sweeps) sum += interpolate(s->E_vs_Li, s->i, E);
  return sum / static_cast<double>(sweeps.size());
}

Range common_range(std::span<const std::vector<const Sweep*>> points) {
  Range range{-1e300, 1e300};
  for (const auto& sweeps : points) {
    for (const Sweep* s : sweeps) {
      range.low = std::max(range.low, std::min(s->E_vs_Li.front(), s->E_vs_Li.back()));
      range.high = std::min(range.high, std::max(s->E_vs_Li.front(), s->E_vs_Li.back()));
    }
  }
  return range;
}

// Noise of the mean over the blanks, averaged over `bins` neighbouring bins.
double noise_of_mean(std::span<const std::vector<const Sweep*>> points, std::size_t bins) {
  double variance = 0;
  for (const auto& sweeps : points) {
    double point = 0;
    for (const Sweep* s : sweeps) point += s->noise.variance_of_mean(bins);
    variance += point / static_cast<double>(sweeps.size() * sweeps.size());
  }
  return std::sqrt(variance) / static_cast<double>(points.size());
}

// Root mean square of what scatters about zero by chance, with its degrees of freedom: `lists` share one σ, each has
// lost one degree of freedom to its own centre.
struct PooledScatter {
  double sigma = 0.0;
  int degrees_of_freedom = 0;
};
PooledScatter pooled_scatter(std::span<const std::vector<double>> lists) {
  constexpr double not_blank = 15.0;
  constexpr double typical = 0.65;  // quantile: two values beside a median of four lie close to it by construction
  std::vector<double> magnitudes{};
  for (const auto& list : lists)
    for (const double m : list) magnitudes.push_back(std::abs(m));
  if (magnitudes.empty()) return {};
  std::sort(magnitudes.begin(), magnitudes.end());
  const double limit =
      not_blank * magnitudes[static_cast<std::size_t>(typical * static_cast<double>(magnitudes.size()))];
  PooledScatter out;
  double squares = 0;
  for (const auto& list : lists) {
    int used = 0;
    for (const double m : list) {
      if (std::abs(m) > limit) continue;
      squares += m * m;
      ++used;
    }
    out.degrees_of_freedom += std::max(0, used - 1);
  }
  if (out.degrees_of_freedom > 0) out.sigma = std::sqrt(squares / out.degrees_of_freedom);
  return out;
}

}  // namespace

Background::Background(BackgroundMethod method, const AirMeasurement& air, std::span<const BlankSweeps> blanks)
    : method_(method), air_(air) {
  if (method != BackgroundMethod::blank) return;
  for (const BlankSweeps& sweeps : blanks) {
    for (const Sweep& s : sweeps) {
      if (curve(s.scan_rate, s.direction) == nullptr) add_curve(blanks, s.scan_rate, s.direction);
    }
  }
}

void Background::add_curve(std::span<const BlankSweeps> blanks, double scan_rate, int direction) {
  std::vector<std::vector<const Sweep*>> points{};
  for (const BlankSweeps& sweeps : blanks) {
    auto found = matching(sweeps, scan_rate, direction);
    if (!found.empty()) points.push_back(std::move(found));
  }
  const Range range = common_range(points);
  if (!(range.high - range.low > 20 * grid_step)) return;
  Curve out{.scan_rate = scan_rate, .direction = direction};
  const auto steps = static_cast<int>((range.high - range.low) / grid_step);
  std::vector<double> values{};
  out.deviations.assign(points.size(), 0.0);
  for (int k = 0; k <= steps; ++k) {
    const double E = range.low + k * grid_step;
    std::vector<double> at_E;
    for (const auto& sweeps : points) at_E.push_back(mean_at(sweeps, E));
    out.E.push_back(E);
    values.push_back(median(at_E));
    for (std::size_t p = 0; p < points.size(); ++p) out.deviations[p] += (at_E[p] - values.back()) / (steps + 1);
  }
  out.i = moving_mean(values, smoothing_half);
  out.bin_noise = noise_of_mean(points, 1);
  out.smoothed_noise = noise_of_mean(points, 2 * smoothing_half + 1);
  curves_.push_back(std::move(out));
}

const Background::Curve* Background::curve(double scan_rate, int direction) const {
  for (const Curve& c : curves_) {
    if (c.direction == direction && same_rate(c.scan_rate, scan_rate)) return &c;
  }
  return nullptr;
}

double Background::standard_error(const Curve& c) const {
  std::vector<std::vector<double>> lists{};
  for (const Curve& other : curves_) {
    if (same_rate(other.scan_rate, c.scan_rate)) lists.push_back(other.deviations);
  }
  const PooledScatter scatter = pooled_scatter(lists);
  if (scatter.degrees_of_freedom < 1) return c.smoothed_noise;
  const double widened = half_width(interval_level, scatter.degrees_of_freedom) / half_width(interval_level, 0);
  const auto n = static_cast<double>(c.deviations.size());
  return std::hypot(c.smoothed_noise, scatter.sigma * std::sqrt(1 + 0.5 * std::numbers::pi / n) * widened);
}

std::string Background::caveat(double scan_rate, int direction) const {
  switch (method_at(scan_rate, direction)) {
    case BackgroundMethod::none:
      return "offset, stray and gold, of which nothing is removed";
    case BackgroundMethod::stray_capacitance:
      return "gold and the wandering zero of the amplifier, for want of a blank at this scan rate";
    case BackgroundMethod::blank:
      break;
  }
  if (curve(scan_rate, direction)->deviations.size() > 1) return {};
  return "how blanks differ, for want of a second one";
}

BackgroundMethod Background::method_at(double scan_rate, int direction) const {
  if (method_ == BackgroundMethod::blank && curve(scan_rate, direction) == nullptr) {
    return BackgroundMethod::stray_capacitance;
  }
  return method_;
}

void Background::remove(Sweep& sweep) const {
  const BackgroundMethod method = method_at(sweep.scan_rate, sweep.direction);
  if (method == BackgroundMethod::none) return;
  const Curve* blank = method == BackgroundMethod::blank ? curve(sweep.scan_rate, sweep.direction) : nullptr;
  const double stray = air_.current_offset + air_.stray_capacitance * sweep.scan_rate * sweep.direction;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    const double removed = blank != nullptr ? interpolate(blank->E, blank->i, sweep.E_vs_Li[k]) : stray;
    sweep.background[k] += removed;
    sweep.i[k] -= removed;
  }
  if (blank == nullptr) return;
  sweep.background_error = standard_error(*blank);
  sweep.background_noise = blank->bin_noise;
}

}  // namespace seccm::analysis
