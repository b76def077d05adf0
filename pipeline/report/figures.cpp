// Where the tip went, and numbers over the points.
#include "pipeline/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pipeline/report/figure_data.hpp"
#include "pipeline/report/plot.hpp"
#include "pipeline/validation/true_values.hpp"

namespace seccm::report {
namespace {

using files::Estimate;
using files::PointKind;

constexpr double micro = 1e6, cubic_micro = 1e18, square_centi = 1e4;

/// The abscissa of figures over the points: the volume where micrographs give one, else the number of the point.
struct OverPoints {
  explicit OverPoints(const ReportInputs& inputs) : volume(volumes(inputs)) {}
  [[nodiscard]] Axis axis() const {
    if (volume.empty()) return {.label = "point", .whole = true};
    return {.label = "volume from the micrograph / µm³", .logarithmic = true};
  }
  /// Nothing for a point without volume where others have one.
  [[nodiscard]] std::optional<double> at(int point) const {
    if (volume.empty()) return point;
    const auto found = volume.find(point);
    if (found == volume.end()) return std::nullopt;
    return found->second * cubic_micro;
  }
  /// The `k`-th of `n` marks of one point: beside each other where the number of the point leaves room.
  [[nodiscard]] double beside(double x, std::size_t k, std::size_t n) const {
    const double share = (static_cast<double>(k) + 0.5) / static_cast<double>(n) - 0.5;
    return volume.empty() ? x + 0.6 * share : x;
  }
  std::map<int, double> volume;
};

void add_estimate(Series& series, const Estimate& e, double x, double unit) {
  series.x.push_back(x);
  series.y.push_back(e.value * unit);
  const bool stated = e.level > 0.0;
  series.y_low.push_back((stated ? e.lower : e.value) * unit);
  series.y_high.push_back((stated ? e.upper : e.value) * unit);
}

double slowest_rate(const files::Results& results, int point) {
  double slowest = HUGE_VAL;
  for (const auto& curve : results.curves)
    if (curve.point == point) slowest = std::min(slowest, curve.scan_rate);
  return slowest;
}

Series true_composition(const ReportInputs& inputs) {
  Series series{.label = "truth: x given back by the anodic sweep, true volume", .mark = Mark::points, .colour = 7};
  const auto accepted = accepted_points(inputs);
  for (const auto& point : inputs.run->summary().points) {
    if (!accepted.contains(point.index)) continue;
    for (const auto& landing : inputs.truth->landings) {
      if (landing.t < point.t_start || landing.t > point.t_end || landing.wetted_particles == 0) continue;
      const double rate = slowest_rate(*inputs.results, point.index);
      const auto cycles = validation::analysed_cycles(*inputs.results, point.index, rate);
      series.x.push_back(landing.wetted_volume * cubic_micro);
      series.y.push_back(validation::exchanged_x(landing, 1, cycles));
    }
  }
  return series;
}

Plot diffusivity_plot(const ReportInputs& inputs, const std::set<std::string>& estimators, int direction) {
  const OverPoints over(inputs);
  Plot plot{.title = std::string(sweep_name(direction)) + " sweep",
            .x = over.axis(),
            .y = {.label = "D / cm² s⁻¹", .logarithmic = true}};
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const auto& name : estimators) {
    Series series{.label = name, .mark = Mark::points_with_errors, .colour = static_cast<int>(plot.series.size())};
    for (const Estimate* e : estimates_of(inputs, "D", direction)) {
      const auto x = over.at(e->point);
      if (e->estimator != name || !x) continue;
      add_estimate(series, *e, over.beside(*x, plot.series.size(), estimators.size()), square_centi);
      low = std::min(low, *x);
      high = std::max(high, *x);
    }
    std::ranges::replace(series.label, '_', ' ');
    plot.series.push_back(std::move(series));
  }
  if (inputs.truth != nullptr && high >= low) {
    low = plot.x.logarithmic ? 0.7 * low : low - 0.5;
    high = plot.x.logarithmic ? 1.4 * high : high + 0.5;
    const double D = direction > 0 ? inputs.truth->D_deintercalation : inputs.truth->D_intercalation;
    for (const double factor : {1.0, 2.0, 0.5})
      plot.series.push_back({.label = factor == 1.0   ? "truth"
                                      : factor == 2.0 ? "factor 2 from it"
                                                      : "",
                             .x = {low, high},
                             .y = {D * factor * square_centi, D * factor * square_centi},
                             .mark = factor == 1.0 ? Mark::line : Mark::dashed,
                             .colour = 7});
  }
  return plot;
}

}  // namespace

Figure registration_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Position calibration and tour"};
  if (inputs.run == nullptr) return figure;
  const auto& summary = inputs.run->summary();
  Plot residuals{.title = "registration residuals", .x = {.label = "stage x / µm"}, .y = {.label = "residual / µm"}};
  Series inliers{.label = "inliers", .mark = Mark::points};
  Series outliers{.label = "outliers", .mark = Mark::points, .colour = 1};
  for (const auto& m : summary.registration.matches) {
    Series& series = m.inlier ? inliers : outliers;
    series.x.push_back(m.stage_x * micro);
    series.y.push_back(m.residual * micro);
  }
  residuals.series = {inliers, outliers};
  Plot tour{.title = "tour of the tip", .x = {.label = "stage x / µm"}, .y = {.label = "stage y / µm"}};
  Series path{.label = "", .x = {}, .y = {}};
  std::set<std::pair<double, double>> places;
  for (const auto& p : summary.points) {
    if (p.kind == PointKind::calibration || p.kind == PointKind::ferrocene) continue;
    path.x.push_back(p.target_x * micro);
    path.y.push_back(p.target_y * micro);
    places.emplace(p.target_x, p.target_y);
  }
  if (places.size() > 1) {
    Series stops = path;
    stops.mark = Mark::points;
    stops.colour = 1;
    tour.series = {path, stops};
  }
  figure.html = render_svg({residuals, tour});
  if (!summary.registration.matches.empty())
    figure.caption =
        fmt::format("Affine map from image to stage from {} footprints; residual {:.0f} nm rms over the inliers.",
                    summary.registration.matches.size(), summary.registration.residual_rms * 1e9);
  return figure;
}

Figure composition_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Stored lithium"};
  const OverPoints over(inputs);
  Plot plot{.title = "", .x = over.axis(), .y = {.label = "x, lithium per formula unit"}};
  for (const int direction : {1, -1}) {
    Series series{.label = direction > 0 ? "given back (anodic)" : "taken up (cathodic)",
                  .mark = Mark::points_with_errors,
                  .colour = direction > 0 ? 0 : 1};
    std::set<int> seen;
    for (const Estimate* e : estimates_of(inputs, "x", direction)) {
      const auto x = over.at(e->point);
      if (x && seen.insert(e->point).second) add_estimate(series, *e, over.beside(*x, plot.series.size(), 2), 1.0);
    }
    plot.series.push_back(std::move(series));
  }
  if (!has_data(plot)) return figure;
  if (inputs.truth != nullptr && inputs.run != nullptr && inputs.results != nullptr)
    plot.series.push_back(true_composition(inputs));
  figure.html = render_svg({plot}, 640);
  figure.caption = "Charge between peak and baseline, divided by the sites in the volume of the object; bars: 95 %.";
  return figure;
}

Figure diffusivity_figure(const ReportInputs& inputs) {
  Figure figure{.title = inputs.truth != nullptr ? "Estimated against true diffusivity" : "Diffusivity by estimator"};
  if (inputs.results == nullptr) return figure;
  std::set<std::string> estimators;
  for (const auto& e : inputs.results->estimates)
    if (e.usable() && e.quantity == "D") estimators.insert(e.estimator);
  std::vector<Plot> panels;
  for (const int direction : {-1, 1}) panels.push_back(diffusivity_plot(inputs, estimators, direction));
  figure.html = render_svg(panels, 640);
  figure.caption =
      std::string("Each mark is what one estimator returns for one point; bars: its 95 % interval") +
      (inputs.truth != nullptr ? "; the line is the truth of the simulation, which no estimator sees." : ".");
  return figure;
}

}  // namespace seccm::report
