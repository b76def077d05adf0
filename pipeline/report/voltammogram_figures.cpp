// Voltammograms, and what they do with the scan rate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/report/figure_data.hpp"
#include "pipeline/report/figures.hpp"
#include "pipeline/report/plot.hpp"

namespace seccm::report {
namespace {

using files::Estimate;

constexpr double pico = 1e12, milli = 1e3, cubic_micro = 1e18;
constexpr double sigmas_of_95 = 1.96;
constexpr const char* against_lithium = "E / V vs Li/Li⁺";

/// Every n-th value, so that a curve of thousands of points draws as well with some hundreds; the last one is kept.
std::vector<double> thinned(const std::vector<double>& values, double factor = 1.0) {
  constexpr std::size_t most = 500;
  const std::size_t stride = values.size() / most + 1;
  std::vector<double> out;
  for (std::size_t k = 0; k < values.size(); k += stride) out.push_back(values[k] * factor);
  if (!values.empty() && (values.size() - 1) % stride != 0) out.push_back(values.back() * factor);
  return out;
}

/// Where it lies on the current, no baseline is drawn.
std::vector<double> drawn_baseline(const files::CvCurve& c) {
  std::vector<double> line = c.baseline;
  for (std::size_t k = 0; k < std::min(line.size(), c.current.size()); ++k)
    if (line[k] == c.current[k]) line[k] = std::nan("");
  return line;
}

bool same_rate(double a, double b) {
  return std::abs(a - b) <= 1e-3 * std::max(a, b);
}

/// Scan rates of a point's curves, to 0.1 %.
std::vector<double> rates_of(const files::Results& results, int point) {
  std::vector<double> rates;
  for (const auto& c : results.curves)
    if (c.point == point && std::ranges::none_of(rates, [&](double r) { return same_rate(r, c.scan_rate); }))
      rates.push_back(c.scan_rate);
  std::ranges::sort(rates);
  return rates;
}

int index_of(const std::vector<double>& rates, double rate) {
  const auto at = std::ranges::find_if(rates, [&](double r) { return same_rate(r, rate); });
  return static_cast<int>(at - rates.begin());
}

/// Where the estimators put the peaks of a point.
Series peaks_of(const ReportInputs& inputs, int point) {
  Series peaks{.label = "peaks as found", .mark = Mark::peaks, .colour = 3};
  for (const int direction : {1, -1}) {
    const auto currents = estimates_of(inputs, "peak_current", direction);
    for (const Estimate* E : estimates_of(inputs, "peak_potential", direction)) {
      if (E->point != point) continue;
      const auto i = std::ranges::find_if(currents, [&](const Estimate* c) {
        return c->point == point && c->cycle == E->cycle && same_rate(c->scan_rate, E->scan_rate);
      });
      if (i == currents.end()) continue;
      peaks.x.push_back(E->value);
      peaks.y.push_back((*i)->value * pico);
    }
  }
  return peaks;
}

Plot voltammogram_plot(const ReportInputs& inputs, int point) {
  const std::vector<double> rates = rates_of(*inputs.results, point);
  Plot plot{.title = fmt::format("point {}", point), .x = {.label = against_lithium}, .y = {.label = "i / pA"}};
  if (rates.size() == 1) plot.title += ", " + rate_name(rates.front());
  const auto volume = volumes(inputs);
  if (const auto found = volume.find(point); found != volume.end())
    plot.title += fmt::format(", {:.2g} µm³", found->second * cubic_micro);
  std::set<int> labelled;
  bool baseline_labelled = false;
  for (const auto& c : inputs.results->curves) {
    if (c.point != point) continue;
    const int rate = index_of(rates, c.scan_rate);
    const int colour = rates.size() > 1 ? rate : c.cycle - 1;
    std::string label;
    if (labelled.insert(colour).second)
      label = rates.size() > 1 ? rate_name(c.scan_rate) : fmt::format("cycle {}", c.cycle);
    plot.series.push_back(
        {.label = std::move(label), .x = thinned(c.E_vs_Li), .y = thinned(c.current, pico), .colour = colour});
    if (c.baseline != c.current && !c.baseline.empty()) {
      plot.series.push_back({.label = baseline_labelled ? "" : "baseline",
                             .x = thinned(c.E_vs_Li),
                             .y = thinned(drawn_baseline(c), pico),
                             .mark = Mark::dashed,
                             .colour = 7});
      baseline_labelled = true;
    }
  }
  plot.series.push_back(peaks_of(inputs, point));
  return plot;
}

/// What was recorded at a point, without any treatment.
Plot recorded_plot(const files::RunReader& run, const files::PointRecord& point) {
  Plot plot{.title = fmt::format("point {}", point.index),
            .x = {.label = "E / V vs reference electrode"},
            .y = {.label = "i / pA"}};
  std::vector<double> rates;
  for (const files::Leg& leg : point.legs) {
    if (leg.kind != files::LegKind::ramp || leg.cycle < 1 || leg.frame_end <= leg.frame_begin) continue;
    const bool fresh = std::ranges::none_of(rates, [&](double r) { return std::abs(r - leg.scan_rate) < 0.02 * r; });
    if (fresh) rates.push_back(leg.scan_rate);
    const auto frames = run.frames(leg.frame_begin, leg.frame_end);
    const int colour = static_cast<int>(
        std::ranges::find_if(rates, [&](double r) { return std::abs(r - leg.scan_rate) < 0.02 * r; }) - rates.begin());
    plot.series.push_back({.label = fresh ? rate_name(leg.scan_rate) : "",
                           .x = thinned(frames.E1),
                           .y = thinned(frames.i1, pico),
                           .colour = colour});
  }
  return plot;
}

struct MultiRate {
  std::vector<double> v, i, e;
};

/// Peak currents of points measured at several scan rates, keyed by (point, direction).
std::map<std::pair<int, int>, MultiRate> multi_rate_peaks(const ReportInputs& inputs) {
  std::map<std::pair<int, int>, MultiRate> groups;
  for (const int direction : {1, -1}) {
    for (const Estimate* e : estimates_of(inputs, "peak_current", direction)) {
      MultiRate& group = groups[{e->point, direction}];
      if (std::ranges::find(group.v, e->scan_rate) != group.v.end()) continue;
      group.v.push_back(e->scan_rate);
      group.i.push_back(std::abs(e->value));
      group.e.push_back(e->standard_error);
    }
  }
  std::erase_if(groups, [](const auto& entry) { return entry.second.v.size() < 3; });
  return groups;
}

/// Unweighted least-squares line through (x, y).
struct Line {
  double intercept = 0.0, slope = 0.0;
};
Line fit_line(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    sx += x[k];
    sy += y[k];
    sxx += x[k] * x[k];
    sxy += x[k] * y[k];
  }
  const double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return {(sy - slope * sx) / n, slope};
}

std::vector<double> mapped(const std::vector<double>& values, auto map) {
  std::vector<double> out;
  std::ranges::transform(values, std::back_inserter(out), map);
  return out;
}

/// Peak currents with the bars of their 95 % intervals over the given abscissa.
Series peak_series(std::string label, std::vector<double> x, const MultiRate& group, int colour) {
  Series series{.label = std::move(label), .x = std::move(x), .mark = Mark::points_with_errors, .colour = colour};
  for (std::size_t k = 0; k < group.i.size(); ++k) {
    series.y.push_back(pico * group.i[k]);
    series.y_low.push_back(pico * (group.i[k] - sigmas_of_95 * group.e[k]));
    series.y_high.push_back(pico * (group.i[k] + sigmas_of_95 * group.e[k]));
  }
  return series;
}

void add_group(Plot& power, Plot& root, const std::string& name, const MultiRate& group, int colour) {
  const auto log10_of = [](double value) { return std::log10(value); };
  const Line line = fit_line(mapped(group.v, log10_of), mapped(group.i, log10_of));
  const auto rate = mapped(group.v, [](double v) { return v * milli; });
  power.series.push_back(peak_series(fmt::format("{}: b = {:.3f}", name, line.slope), rate, group, colour));
  const auto fitted =
      mapped(group.v, [&](double v) { return pico * std::pow(10.0, line.intercept + line.slope * std::log10(v)); });
  power.series.push_back({.label = "", .x = rate, .y = fitted, .colour = colour});

  const auto root_v = mapped(group.v, [](double v) { return std::sqrt(v * milli); });
  const Line straight = fit_line(root_v, mapped(group.i, [](double i) { return i * pico; }));
  root.series.push_back(peak_series(name, root_v, group, colour));
  const double far = *std::ranges::max_element(root_v);
  root.series.push_back({.label = "",
                         .x = {0.0, far},
                         .y = {straight.intercept, straight.intercept + straight.slope * far},
                         .colour = colour});
}

}  // namespace

Figure voltammogram_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Voltammograms"};
  if (inputs.results == nullptr) return figure;
  std::vector<Plot> panels;
  for (const int point : spread(by_size(inputs), 12)) panels.push_back(voltammogram_plot(inputs, point));
  figure.html = render_svg(panels);
  figure.caption = fmt::format(
      "{} of {} accepted points{}. Dashed: the baseline under the peaks. Triangles: the peaks that the estimators use.",
      panels.size(), accepted_points(inputs).size(),
      volumes(inputs).empty() ? "" : ", from the smallest to the largest object (volume from the micrograph)");
  return figure;
}

Figure recorded_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Voltammograms as recorded"};
  if (inputs.run == nullptr || !accepted_points(inputs).empty()) return figure;
  std::vector<Plot> panels;
  for (const auto& point : inputs.run->summary().points) {
    const Plot plot = recorded_plot(*inputs.run, point);
    if (has_data(plot) && point.kind != files::PointKind::ferrocene && panels.size() < 6) panels.push_back(plot);
  }
  figure.html = render_svg(panels);
  figure.caption =
      inputs.results == nullptr ? "Not analysed yet." : "The analysis accepted none of them; the reasons stand above.";
  return figure;
}

Figure scan_rate_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Peak current against scan rate"};
  constexpr int most = 8;  // colours
  const auto groups = multi_rate_peaks(inputs);
  if (groups.empty()) return figure;
  Plot power{.title = "slope b of log i against log v",
             .x = {.label = "v / mV s⁻¹", .logarithmic = true},
             .y = {.label = "peak current / pA", .logarithmic = true}};
  Plot root{.title = "a straight line where i goes with √v",
            .x = {.label = "√v / √(mV/s)", .low = 0.0},
            .y = {.label = "peak current / pA"}};
  int colour = 0;
  for (const auto& [key, group] : groups) {
    if (colour == most) break;
    add_group(power, root, fmt::format("point {}, {}", key.first, sweep_name(key.second)), group, colour++);
  }
  figure.html = render_svg({power, root}, 560);
  figure.caption = fmt::format(
      "{} of {} series. Bars: 95 %. The lines are not weighted, a guide to the eye; the table holds "
      "the weighted fits with their intervals.",
      colour, groups.size());
  return figure;
}

Figure exponent_figure(const ReportInputs& inputs) {
  Figure figure{.title = "b-value against potential"};
  if (inputs.results == nullptr || inputs.results->exponents.empty()) return figure;
  std::vector<Plot> panels;
  for (const int direction : {-1, 1}) {
    Plot plot{
        .title = std::string(sweep_name(direction)) + " sweep", .x = {.label = against_lithium}, .y = {.label = "b"}};
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (const auto& curve : inputs.results->exponents) {
      if (curve.direction != direction || curve.b.empty()) continue;
      Series series{.label = fmt::format("point {}", curve.point),
                    .x = curve.E_vs_Li,
                    .y = curve.b,
                    .mark = Mark::points_with_errors,
                    .colour = static_cast<int>(plot.series.size())};
      for (std::size_t k = 0; k < curve.b.size(); ++k) {
        series.y_low.push_back(curve.b[k] - sigmas_of_95 * curve.standard_error[k]);
        series.y_high.push_back(curve.b[k] + sigmas_of_95 * curve.standard_error[k]);
        low = std::min(low, curve.E_vs_Li[k]);
        high = std::max(high, curve.E_vs_Li[k]);
      }
      plot.series.push_back(std::move(series));
    }
    if (plot.series.empty()) continue;
    plot.series.push_back({.label = "0.5: semi-infinite diffusion",
                           .x = {low, high},
                           .y = {0.5, 0.5},
                           .mark = Mark::dashed,
                           .colour = 7});
    plot.series.push_back(
        {.label = "1: capacitive or thin layer", .x = {low, high}, .y = {1.0, 1.0}, .mark = Mark::dashed, .colour = 6});
    panels.push_back(std::move(plot));
  }
  figure.html = render_svg(panels, 560);
  figure.caption = "Exponent b of i = a·vᵇ at fixed potential; bars: 95 %.";
  return figure;
}

}  // namespace seccm::report
