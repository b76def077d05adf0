#include "pipeline/report/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "pipeline/report/micrograph_svg.hpp"
#include "pipeline/report/plot.hpp"
#include "pipeline/validation/true_values.hpp"

namespace seccm::report {
namespace {

using files::Estimate;
using files::PointKind;
using files::PointRecord;

constexpr double kMicro = 1e6, kPico = 1e12, kMilli = 1e3, kCubicMicro = 1e18, kSquareCentiPerSquareMetre = 1e4;
constexpr const char* kAccepted = "#39d353";
constexpr const char* kRejected = "#ff8c42";
constexpr const char* kBlank = "#4cc9f0";
constexpr const char* kCalibration = "#f2f2f2";

std::set<int> accepted_points(const ReportInputs& inputs) {
  std::set<int> accepted;
  if (inputs.results == nullptr) return accepted;
  for (const auto& s : inputs.results->selections) {
    if (s.accepted) accepted.insert(s.point);
  }
  return accepted;
}

/// Valid estimates of a quantity in one direction.
std::vector<const Estimate*> estimates_of(const ReportInputs& inputs, std::string_view quantity, int direction) {
  std::vector<const Estimate*> found;
  if (inputs.results == nullptr) return found;
  for (const auto& e : inputs.results->estimates) {
    if (e.usable() && e.quantity == quantity && e.direction == direction) found.push_back(&e);
  }
  return found;
}

std::map<int, double> volumes(const ReportInputs& inputs) {
  std::map<int, double> by_point;
  for (const Estimate* e : estimates_of(inputs, "volume", 0)) by_point.emplace(e->point, e->value);
  return by_point;
}

/// Accepted points ordered by volume, the points without one last.
std::vector<int> by_size(const ReportInputs& inputs) {
  const auto volume = volumes(inputs);
  const auto accepted = accepted_points(inputs);
  std::vector<int> points(accepted.begin(), accepted.end());
  const auto size = [&](int p) {
    const auto found = volume.find(p);
    return found == volume.end() ? HUGE_VAL : found->second;
  };
  std::ranges::stable_sort(points, [&](int a, int b) { return size(a) < size(b); });
  return points;
}

/// At most n entries, spread evenly over the list with both ends kept.
std::vector<int> spread(const std::vector<int>& all, std::size_t n) {
  if (all.size() <= n) return all;
  std::vector<int> chosen;
  for (std::size_t k = 0; k < n; ++k) chosen.push_back(all[k * (all.size() - 1) / (n - 1)]);
  return chosen;
}

/// The reference image without the lamp's profile.
std::optional<GreyImage> reference_image(const files::RunReader& run) {
  for (const char* name : {"reference", "after_calibration", "final"}) {
    const auto image = run.image(name);
    if (!image) continue;
    return stretch(flatten(image->pixels, image->width, image->height, image->width / 12), image->width, image->height);
  }
  return std::nullopt;
}

/// Smallest window with a margin that holds every overlay; overlays are moved into it.
GreyImage crop_to(const GreyImage& image, std::vector<Overlay>& overlays, double margin) {
  if (overlays.empty()) return image;
  double x0 = overlays[0].x, x1 = x0, y0 = overlays[0].y, y1 = y0;
  for (const Overlay& o : overlays) {
    x0 = std::min(x0, o.x);
    x1 = std::max(x1, o.x);
    y0 = std::min(y0, o.y);
    y1 = std::max(y1, o.y);
  }
  const int left = std::max(0, static_cast<int>(x0 - margin));
  const int top = std::max(0, static_cast<int>(y0 - margin));
  for (Overlay& o : overlays) {
    o.x -= left;
    o.y -= top;
  }
  return crop(image, left, top, static_cast<int>(x1 + margin) - left, static_cast<int>(y1 + margin) - top);
}

std::vector<Overlay> point_overlays(const ReportInputs& inputs, const std::vector<PointRecord>& points, double radius) {
  const auto accepted = accepted_points(inputs);
  std::vector<Overlay> overlays;
  for (const auto& p : points) {
    if (p.kind == PointKind::blank) {
      overlays.push_back({.x = p.pixel_x,
                          .y = p.pixel_y,
                          .radius = radius,
                          .colour = kBlank,
                          .label = fmt::format("{}", p.index),
                          .dashed = true});
    } else if (p.kind == PointKind::target || p.kind == PointKind::grid) {
      const bool good = inputs.results == nullptr || accepted.contains(p.index);
      overlays.push_back({.x = p.pixel_x,
                          .y = p.pixel_y,
                          .radius = radius,
                          .colour = good ? kAccepted : kRejected,
                          .label = fmt::format("{}", p.index)});
    }
  }
  return overlays;
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

const char* sweep_name(int direction) {
  return direction > 0 ? "anodic" : "cathodic";
}

std::vector<double> scaled(const std::vector<double>& values, double factor) {
  std::vector<double> out;
  out.reserve(values.size());
  for (double v : values) out.push_back(v * factor);
  return out;
}

/// Weighted least-squares line through (x, y).
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

/// Every n-th value, so that a curve of thousands of points draws as well with some hundreds; the last one is kept.
std::vector<double> thinned(const std::vector<double>& values, double factor = 1.0) {
  constexpr std::size_t most = 800;
  const std::size_t stride = values.size() / most + 1;
  std::vector<double> out;
  for (std::size_t k = 0; k < values.size(); k += stride) out.push_back(values[k] * factor);
  if (!values.empty() && (values.size() - 1) % stride != 0) out.push_back(values.back() * factor);
  return out;
}

double slowest_rate(const files::Results& results, int point) {
  double slowest = HUGE_VAL;
  for (const auto& curve : results.curves) {
    if (curve.point == point) slowest = std::min(slowest, curve.scan_rate);
  }
  return slowest;
}

Plot voltammogram_plot(const ReportInputs& inputs, int point) {
  Plot plot{.title = fmt::format("point {}", point),
            .x = {.label = "E / V vs Li/Li^+"},
            .y = {.label = "i / pA"},
            .series = {}};
  const auto volume = volumes(inputs);
  if (const auto found = volume.find(point); found != volume.end()) {
    plot.title += fmt::format(", {:.2g} µm^3", found->second * kCubicMicro);
  }
  std::set<double> rates;
  for (const auto& c : inputs.results->curves) {
    if (c.point == point) rates.insert(c.scan_rate);
  }
  if (rates.size() > 1) plot.key_position = "bottom right";
  std::set<double> labelled;
  for (const auto& c : inputs.results->curves) {
    if (c.point != point) continue;
    const int colour =
        static_cast<int>(rates.size() > 1 ? std::distance(rates.begin(), rates.find(c.scan_rate)) : c.cycle - 1);
    const bool first_of_rate = labelled.insert(c.scan_rate).second;
    std::string label = rates.size() == 1 ? fmt::format("cycle {}", c.cycle)
                        : first_of_rate   ? fmt::format("{:.0f} mV/s", c.scan_rate * kMilli)
                                          : std::string();
    plot.series.push_back(
        {.label = std::move(label), .x = thinned(c.E_vs_Li), .y = thinned(c.current, kPico), .colour = colour});
    if (c.baseline != c.current && !c.baseline.empty()) {
      plot.series.push_back(
          {.label = "", .x = thinned(c.E_vs_Li), .y = thinned(c.baseline, kPico), .mark = Mark::dashed, .colour = 7});
    }
  }
  return plot;
}

}  // namespace

Figure reference_image_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Interference reflection image"};
  if (inputs.run == nullptr) return figure;
  const auto image = reference_image(*inputs.run);
  if (!image) return figure;
  const auto& summary = inputs.run->summary();
  const double pixel = summary.header.nominal_pixel_size;
  const double radius = pixel > 0.0 ? std::max(0.6 * summary.header.pipette_diameter / pixel, 5.0) : 8.0;
  std::vector<Overlay> overlays = point_overlays(inputs, summary.points, radius);
  for (const auto& m : summary.registration.matches) {
    overlays.push_back({.x = m.pixel_x,
                        .y = m.pixel_y,
                        .radius = radius,
                        .colour = m.inlier ? kCalibration : "#ff4d6d",
                        .label = "",
                        .dashed = true});
  }
  const GreyImage view = crop_to(*image, overlays, 5.0 * radius);
  figure.svg = image_svg(view, overlays, 900, pixel > 0.0 ? 10e-6 / pixel : 0.0, "10 µm");
  figure.caption =
      "Bare gold is grey; TiO2 clusters differ by interference. Green: targets with well-defined voltammograms; "
      "orange: targets that were "
      "rejected; blue, dashed: blank points that watch the tip; white, dashed: footprints of the position calibration "
      "(red: outliers).";
  return figure;
}

Figure registration_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Position calibration and tour"};
  if (inputs.run == nullptr) return figure;
  const auto& summary = inputs.run->summary();
  Plot residuals{.title = "registration residuals", .x = {.label = "stage x / µm"}, .y = {.label = "residual / µm"}};
  Series inliers{.label = "inliers", .mark = Mark::points};
  Series outliers{.label = "outliers", .mark = Mark::points, .colour = 1};
  for (const auto& m : summary.registration.matches) {
    Series& series = m.inlier ? inliers : outliers;
    series.x.push_back(m.stage_x * kMicro);
    series.y.push_back(m.residual * kMicro);
  }
  residuals.series = {inliers, outliers};
  Plot tour{.title = "tour of the tip",
            .x = {.label = "stage x / µm"},
            .y = {.label = "stage y / µm"},
            .series = {},
            .key_position = "off"};
  Series path{.label = "", .x = {}, .y = {}};
  for (const auto& p : summary.points) {
    if (p.kind == PointKind::calibration || p.kind == PointKind::ferrocene) continue;
    path.x.push_back(p.target_x * kMicro);
    path.y.push_back(p.target_y * kMicro);
  }
  Series stops = path;
  stops.mark = Mark::points;
  stops.colour = 1;
  tour.series = {path, stops};
  figure.svg = render_svg({residuals, tour}, 2);
  figure.caption =
      fmt::format("Affine map from image to stage from {} footprints; residual {:.0f} nm rms over the inliers.",
                  summary.registration.matches.size(), summary.registration.residual_rms * 1e9);
  return figure;
}

Figure voltammogram_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Voltammograms"};
  if (inputs.results == nullptr) return figure;
  std::vector<Plot> panels;
  for (const int point : spread(by_size(inputs), 12)) panels.push_back(voltammogram_plot(inputs, point));
  figure.svg = panels.size() > 2 ? render_svg(panels, 3, 400, 290) : render_svg(panels, 2, 600, 430);
  figure.caption =
      "Accepted points from the smallest to the largest cluster (volume from the micrograph). Dashed: baseline that "
      "excludes the "
      "pseudocapacitive part.";
  return figure;
}

Figure scan_rate_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Peak current against scan rate"};
  const auto groups = multi_rate_peaks(inputs);
  if (groups.empty()) return figure;
  Plot power{.title = "b-value: log i_p = log a + b log v",
             .x = {.label = "v / mV s^{-1}", .logarithmic = true},
             .y = {.label = "|i_p| / pA", .logarithmic = true},
             .series = {}};
  Plot root{.title = "eq. 3: i_p against v^{1/2}",
            .x = {.label = "v^{1/2} / (V/s)^{1/2}", .low = 0.0},
            .y = {.label = "|i_p| / pA"},
            .series = {}};
  int colour = 0;
  for (const auto& [key, group] : groups) {
    std::vector<double> log_v, log_i, root_v;
    for (std::size_t k = 0; k < group.v.size(); ++k) {
      log_v.push_back(std::log10(group.v[k]));
      log_i.push_back(std::log10(group.i[k]));
      root_v.push_back(std::sqrt(group.v[k]));
    }
    const Line line = fit_line(log_v, log_i);
    const std::string label = fmt::format("point {}, {}: b = {:.3f}", key.first, sweep_name(key.second), line.slope);
    power.series.push_back({.label = label,
                            .x = scaled(group.v, kMilli),
                            .y = scaled(group.i, kPico),
                            .y_error = scaled(group.e, kPico),
                            .mark = Mark::points_with_errors,
                            .colour = colour});
    std::vector<double> fitted;
    for (double lv : log_v) fitted.push_back(std::pow(10.0, line.intercept + line.slope * lv) * kPico);
    power.series.push_back({.label = "", .x = scaled(group.v, kMilli), .y = fitted, .colour = colour});
    const Line straight = fit_line(root_v, scaled(group.i, kPico));
    root.series.push_back({.label = fmt::format("point {}, {}", key.first, sweep_name(key.second)),
                           .x = root_v,
                           .y = scaled(group.i, kPico),
                           .y_error = scaled(group.e, kPico),
                           .mark = Mark::points_with_errors,
                           .colour = colour});
    const double far = *std::ranges::max_element(root_v);
    root.series.push_back({.label = "",
                           .x = {0.0, far},
                           .y = {straight.intercept, straight.intercept + straight.slope * far},
                           .colour = colour});
    ++colour;
  }
  figure.svg = render_svg({power, root}, 2, 560, 400);
  figure.caption = "Unweighted lines, drawn as a guide; the table holds the weighted fits with their uncertainty.";
  return figure;
}

Figure exponent_figure(const ReportInputs& inputs) {
  Figure figure{.title = "b-value against potential"};
  if (inputs.results == nullptr || inputs.results->exponents.empty()) return figure;
  std::vector<Plot> panels;
  for (const int direction : {-1, 1}) {
    Plot plot{.title = direction > 0 ? "anodic sweep" : "cathodic sweep",
              .x = {.label = "E / V vs Li/Li^+"},
              .y = {.label = "b", .low = 0.0, .high = 1.5},
              .series = {}};
    for (const auto& curve : inputs.results->exponents) {
      if (curve.direction != direction) continue;
      plot.series.push_back({.label = fmt::format("point {}", curve.point),
                             .x = curve.E_vs_Li,
                             .y = curve.b,
                             .y_error = curve.standard_error,
                             .mark = Mark::points_with_errors,
                             .colour = static_cast<int>(plot.series.size())});
    }
    plot.series.push_back(
        {.label = "0.5: semi-infinite diffusion", .x = {1.0, 3.0}, .y = {0.5, 0.5}, .mark = Mark::dashed, .colour = 7});
    plot.series.push_back(
        {.label = "1: capacitive or thin layer", .x = {1.0, 3.0}, .y = {1.0, 1.0}, .mark = Mark::dashed, .colour = 6});
    panels.push_back(std::move(plot));
  }
  figure.svg = render_svg(panels, 2, 560, 380);
  figure.caption = "Exponent of i = a v^b at fixed potential, as in the reference measurement, figure 3 d and e.";
  return figure;
}

Figure composition_figure(const ReportInputs& inputs) {
  Figure figure{.title = "x in LixTiO2 against volume"};
  const auto volume = volumes(inputs);
  Plot plot{.title = "",
            .x = {.label = "volume from the micrograph / µm^3", .logarithmic = true},
            .y = {.label = "x in Li_xTiO_2", .low = 0.0, .high = 0.6},
            .series = {},
            .key_position = "top right"};
  for (const int direction : {1, -1}) {
    Series series{.label = direction > 0 ? "de-intercalation (anodic)" : "intercalation (cathodic)",
                  .x = {},
                  .y = {},
                  .y_error = {},
                  .mark = Mark::points_with_errors,
                  .colour = direction > 0 ? 0 : 1};
    std::set<int> seen;
    for (const Estimate* e : estimates_of(inputs, "x", direction)) {
      const auto found = volume.find(e->point);
      if (found == volume.end() || !seen.insert(e->point).second) continue;
      series.x.push_back(found->second * kCubicMicro);
      series.y.push_back(e->value);
      series.y_error.push_back(e->standard_error);
    }
    plot.series.push_back(std::move(series));
  }
  if (inputs.truth != nullptr && inputs.run != nullptr && inputs.results != nullptr) {
    Series series{.label = "truth: x given back by the anodic sweep, true volume", .mark = Mark::points, .colour = 7};
    const auto accepted = accepted_points(inputs);
    for (const auto& point : inputs.run->summary().points) {
      if (!accepted.contains(point.index)) continue;
      for (const auto& landing : inputs.truth->landings) {
        if (landing.t < point.t_start || landing.t > point.t_end || landing.wetted_particles == 0) continue;
        const double rate = slowest_rate(*inputs.results, point.index);
        const auto cycles = validation::analysed_cycles(*inputs.results, point.index, rate);
        series.x.push_back(landing.wetted_volume * kCubicMicro);
        series.y.push_back(validation::exchanged_x(landing, 1, cycles));
      }
    }
    plot.series.push_back(std::move(series));
  }
  const bool empty = std::ranges::all_of(plot.series, [](const Series& s) { return s.x.empty(); });
  if (empty) return figure;
  figure.svg = render_svg({plot}, 1, 640, 440);
  figure.caption =
      "Charge between peak and baseline, divided by the Ti in the volume that the micrograph gives; reference "
      "measurement, figure 4 d.";
  return figure;
}

Figure diffusivity_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Estimated against true diffusivity"};
  if (inputs.results == nullptr) return figure;
  std::set<std::string> estimators;
  for (const auto& e : inputs.results->estimates) {
    if (e.usable() && e.quantity == "D") estimators.insert(e.estimator);
  }
  if (estimators.empty()) return figure;
  const auto volume = volumes(inputs);
  for (const int direction : {-1, 1}) {
    Plot plot{.title = direction > 0 ? "de-intercalation" : "intercalation",
              .x = {.label = "volume from the micrograph / µm^3", .logarithmic = true},
              .y = {.label = "D / cm^2 s^{-1}", .logarithmic = true},
              .key_position = "outside right top"};
    double smallest = HUGE_VAL, largest = 0.0;
    for (const auto& name : estimators) {
      Series series{.label = name, .mark = Mark::points, .colour = static_cast<int>(plot.series.size())};
      for (const Estimate* e : estimates_of(inputs, "D", direction)) {
        const auto found = volume.find(e->point);
        if (e->estimator != name || found == volume.end()) continue;
        series.x.push_back(found->second * kCubicMicro);
        series.y.push_back(e->value * kSquareCentiPerSquareMetre);
        smallest = std::min(smallest, series.x.back());
        largest = std::max(largest, series.x.back());
      }
      std::ranges::replace(series.label, '_', ' ');
      plot.series.push_back(std::move(series));
    }
    if (inputs.truth != nullptr && largest > 0.0) {
      const double D = (direction > 0 ? inputs.truth->D_deintercalation : inputs.truth->D_intercalation) *
                       kSquareCentiPerSquareMetre;
      for (const double factor : {1.0, 2.0, 0.5}) {
        plot.series.push_back({.label = factor == 1.0 ? "truth, and factor 2" : "",
                               .x = {0.7 * smallest, 1.4 * largest},
                               .y = {D * factor, D * factor},
                               .mark = factor == 1.0 ? Mark::line : Mark::dashed,
                               .colour = 7});
      }
    }
    figure.svg += render_svg({plot}, 1, 980, 360);
  }
  figure.caption = "Each mark is what one estimator returns for one point, blind; the line is what the twin was given.";
  return figure;
}

Figure micrograph_figure(const ReportInputs& inputs) {
  Figure figure{.title = "Electron micrographs"};
  if (inputs.run == nullptr || inputs.results == nullptr) return figure;
  for (const int point : spread(by_size(inputs), 4)) {
    const auto record = inputs.run->micrograph(point);
    if (!record) continue;
    figure.svg += "<span style=\"white-space:nowrap\">";
    for (const auto* pixels : {&record->everhart_thornley, &record->in_lens}) {
      const GreyImage image{.width = record->width, .height = record->height, .pixels = *pixels};
      figure.svg += image_svg(image, {}, 230, 0.5e-6 / record->pixel_size, fmt::format("0.5 µm, point {}", point));
    }
    figure.svg += "</span>\n";
  }
  figure.caption =
      "Pairs from the smallest to the largest accepted cluster: Everhart-Thornley detector (left), in-lens detector "
      "(right, shows the residue of the meniscus).";
  return figure;
}

}  // namespace seccm::report
