#include "pipeline/analysis/peak.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {

namespace {

constexpr double smoothing = 12.5e-3;    // V, half-width of the smoothing that only locates
constexpr double foot_reach = 20e-3;     // V, half-width of the mean about a foot
constexpr double standing_share = 0.03;  // of the peak: another maximum
constexpr std::size_t fewest_fit_points = 9;

// A sweep seen along its direction: peaks are maxima of s.
struct View {
  std::vector<double> s;       // A
  std::vector<double> smooth;  // A
  double step = 0.0;           // V per bin
};

View along_direction(const Sweep& sweep) {
  View view;
  for (double i : sweep.i) view.s.push_back(sweep.direction * i);
  view.step = std::abs(sweep.E_vs_Li.back() - sweep.E_vs_Li.front()) / static_cast<double>(sweep.size() - 1);
  const auto half = static_cast<std::size_t>(std::clamp(smoothing / view.step, 1.0, 1000.0));
  view.smooth = moving_mean(view.s, half);
  return view;
}

std::size_t bins(double volts, double step) {
  return static_cast<std::size_t>(std::max(1.0, volts / step));
}

struct Span {
  std::size_t begin = 0, end = 0;  // half-open
};

Span inside(const Sweep& sweep, const PotentialWindow& window) {
  Span span{sweep.size(), 0};
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (sweep.E_vs_Li[k] < window.low || sweep.E_vs_Li[k] > window.high) continue;
    span.begin = std::min(span.begin, k);
    span.end = k + 1;
  }
  return span;
}

// Interior local maxima, highest first; a rising flank that leaves the window is not one.
std::vector<std::size_t> local_maxima(const View& view, Span span) {
  const std::size_t reach = bins(smoothing, view.step);
  std::vector<std::size_t> maxima;
  for (std::size_t k = span.begin + reach; k + reach < span.end; ++k) {
    const auto from = view.smooth.begin() + static_cast<std::ptrdiff_t>(k - reach);
    const auto to = view.smooth.begin() + static_cast<std::ptrdiff_t>(k + reach + 1);
    if (view.smooth[k] >= *std::max_element(from, to)) maxima.push_back(k);
  }
  std::ranges::stable_sort(maxima, [&](std::size_t a, std::size_t b) { return view.smooth[a] > view.smooth[b]; });
  return maxima;
}

// Standard deviation of the slow wander that the noise of the bins does not hold (1/f): from the quiet quarter of the
// differences over 50 mV, so that peaks do not count as wander. 0.3186: the quartile of |z|.
double wander(const View& view) {
  const std::size_t lag = 4 * bins(smoothing, view.step);
  std::vector<double> differences;
  for (std::size_t k = lag; k < view.smooth.size(); ++k)
    differences.push_back(std::abs(view.smooth[k] - view.smooth[k - lag]));
  if (differences.empty()) return 0.0;
  const auto quarter = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 4);
  std::ranges::nth_element(differences, quarter);
  return *quarter / 0.3186 / std::numbers::sqrt2;
}

// Of the other maxima those that stand out from the valley towards the highest.
std::vector<double> standing_out(const Sweep& sweep, const View& view, const std::vector<std::size_t>& maxima,
                                 double least) {
  std::vector<double> potentials;
  for (std::size_t j = 1; j < maxima.size(); ++j) {
    const auto [low, high] = std::minmax(maxima.front(), maxima[j]);
    const double valley = *std::min_element(view.smooth.begin() + static_cast<std::ptrdiff_t>(low),
                                            view.smooth.begin() + static_cast<std::ptrdiff_t>(high));
    if (view.smooth[maxima[j]] - valley > least) potentials.push_back(sweep.E_vs_Li[maxima[j]]);
  }
  return potentials;
}

// Where the smoothed current has come down on one side of the peak, moved on by `reach` bins, so that the current there
// can be averaged without the noise that chose the place.
std::size_t foot(const View& view, std::size_t peak, bool before, double share, double noise, std::size_t reach) {
  const auto begin = view.smooth.begin();
  const auto top = begin + static_cast<std::ptrdiff_t>(peak);
  const double lowest = before ? *std::min_element(begin, top + 1) : *std::min_element(top, view.smooth.end());
  const double summit = view.smooth[peak];
  const double level = std::max(share * summit, lowest + std::max(share * (summit - lowest), 4.0 * noise));
  std::size_t k = peak;
  const std::size_t last = before ? 0 : view.smooth.size() - 1;
  while (k != last && view.smooth[k] > level) before ? --k : ++k;
  return before ? k - std::min(k, reach) : std::min(k + reach, last);
}

// Mean current about a foot, A (along the sweep); fewer bins at the end of the sweep.
double level_at(const View& view, std::size_t foot_at, std::size_t reach) {
  const std::size_t low = foot_at - std::min(foot_at, reach);
  const std::size_t high = std::min(foot_at + reach, view.s.size() - 1);
  double sum = 0;
  for (std::size_t k = low; k <= high; ++k) sum += view.s[k];
  return sum / static_cast<double>(high - low + 1);
}

// Distance from the peak back to half its height above the foot, V.
double half_height_width(const View& view, std::size_t peak, std::size_t foot_before) {
  const double half = 0.5 * (view.smooth[peak] + view.smooth[foot_before]);
  for (std::size_t k = peak; k > foot_before; --k) {
    if (view.smooth[k - 1] <= half) {
      const double f = (view.smooth[k] - half) / (view.smooth[k] - view.smooth[k - 1]);
      return (static_cast<double>(peak - k) + f) * view.step;
    }
  }
  return static_cast<double>(peak - foot_before) * view.step;
}

struct Vertex {
  double E, E_error, s, s_error;
};

// Maximum of the quartic over [low, high], by bisection on its slope from the best of a grid; nothing when that is an
// end of the interval.
std::optional<double> maximum_of(const LocalQuartic& fit, double low, double high) {
  constexpr int grid = 64;
  int best = 0;
  double highest = fit.at(low).value;
  for (int k = 1; k <= grid; ++k) {
    const double value = fit.at(low + (high - low) * k / grid).value;
    if (value > highest) {
      highest = value;
      best = k;
    }
  }
  if (best == 0 || best == grid) return std::nullopt;
  double a = low + (high - low) * (best - 1) / grid, b = low + (high - low) * (best + 1) / grid;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (a + b);
    (fit.at(middle).slope > 0.0 ? a : b) = middle;
  }
  return 0.5 * (a + b);
}

std::optional<LocalQuartic> fit_about(const Sweep& sweep, const View& view, double centre, double reach) {
  std::vector<double> E, s;
  for (std::size_t k = 0; k < sweep.size(); ++k) {
    if (std::abs(sweep.E_vs_Li[k] - centre) > reach) continue;
    E.push_back(sweep.E_vs_Li[k]);
    s.push_back(view.s[k]);
  }
  if (E.size() < fewest_fit_points) return std::nullopt;
  return LocalQuartic(E, s, sweep.noise);
}

// Fits about a centre that follows the maximum. A quartic is free at its ends: only its inner 70 % may hold the peak.
std::optional<Vertex> refine_within(const Sweep& sweep, const View& view, double centre, double reach) {
  constexpr double inner = 0.7;
  for (int iteration = 0; iteration < 6; ++iteration) {
    const auto fit = fit_about(sweep, view, centre, reach);
    if (!fit) return std::nullopt;
    const auto vertex = maximum_of(*fit, centre - inner * reach, centre + inner * reach);
    if (!vertex) return std::nullopt;
    const bool settled = std::abs(*vertex - centre) < view.step;
    centre = *vertex;
    if (!settled && iteration < 5) continue;
    const LocalValue at = fit->at(centre);
    if (!(at.curvature < 0.0)) return std::nullopt;
    const double bias = 0.5 * at.slope_error * at.slope_error / -at.curvature;
    return Vertex{centre, at.slope_error / -at.curvature, at.value - bias, at.value_error};
  }
  return std::nullopt;
}

// Where noise leaves a narrow fit without a maximum, a wider one is taken.
std::optional<Vertex> refine(const Sweep& sweep, const View& view, std::size_t start, double half_width) {
  const double reach = std::max(half_width, 0.5 * static_cast<double>(fewest_fit_points) * view.step);
  for (const double wider : {1.0, 1.5, 2.0}) {
    if (const auto vertex = refine_within(sweep, view, sweep.E_vs_Li[start], wider * reach)) return vertex;
  }
  return std::nullopt;
}

Baseline draw_baseline(const Sweep& sweep, const View& view, std::size_t before, std::size_t after,
                       BaselineMethod method) {
  const double sign = sweep.direction;
  Baseline line;
  line.E_before = sweep.E_vs_Li[before];
  line.E_after = sweep.E_vs_Li[after];
  if (method == BaselineMethod::none) return line;
  const std::size_t reach = bins(foot_reach, view.step);
  line.i_before = sign * level_at(view, before, reach);
  line.i_after = method == BaselineMethod::linear_feet ? sign * level_at(view, after, reach) : line.i_before;
  line.foot_error = std::sqrt(sweep.noise.variance_of_mean(reach + 1));  // half of the bins, as at the end of a sweep
  return line;
}

}  // namespace

double Baseline::at(double E) const {
  if (E_after == E_before) return i_before;
  return i_before + (i_after - i_before) * (E - E_before) / (E_after - E_before);
}

PotentialWindow peak_window(const AnalysisParameters& p, int direction) {
  return direction > 0 ? PotentialWindow{p.anodic_window_low.si(), p.anodic_window_high.si()}
                       : PotentialWindow{p.cathodic_window_low.si(), p.cathodic_window_high.si()};
}

Peak find_peak(const Sweep& sweep, const PotentialWindow& window, const AnalysisParameters& parameters) {
  Peak peak;
  const View view = along_direction(sweep);
  const Span span = inside(sweep, window);
  const auto maxima = span.begin < span.end ? local_maxima(view, span) : std::vector<std::size_t>{};
  if (maxima.empty() || view.smooth[maxima.front()] <= 0.0) {
    peak.reason = "no maximum of the current inside the window";
    return peak;
  }
  const std::size_t top = maxima.front(), reach = bins(foot_reach, view.step);
  const double noise = std::sqrt(sweep.noise.variance_of_mean(2 * bins(smoothing, view.step) + 1));
  const std::size_t before = foot(view, top, true, parameters.foot_level, noise, reach);
  const std::size_t after = foot(view, top, false, parameters.foot_level, noise, reach);
  peak.half_width = half_height_width(view, top, before);
  const auto vertex = refine(sweep, view, top, parameters.fit_width * peak.half_width);
  if (!vertex) {
    peak.reason = "the current has no well-shaped maximum";
    return peak;
  }
  peak.found = true;
  peak.other_maxima = standing_out(sweep, view, maxima,
                                   std::max(9.0 * std::max(noise, wander(view)), standing_share * view.smooth[top]));
  peak.E = vertex->E;
  peak.E_error = vertex->E_error;
  peak.at_window_edge = peak.E < window.low + smoothing || peak.E > window.high - smoothing;
  peak.current = sweep.direction * vertex->s;
  peak.current_error = std::hypot(vertex->s_error, sweep.background_error);
  peak.baseline = draw_baseline(sweep, view, before, after, parameters.baseline);
  peak.height = peak.current - peak.baseline.at(peak.E);
  peak.height_error = std::hypot(vertex->s_error, peak.baseline.foot_error);
  return peak;
}

}  // namespace seccm::analysis
