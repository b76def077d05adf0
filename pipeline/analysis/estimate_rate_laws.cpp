// Fits of the peak current against the scan rate: exponent b, slope against √v, diffusivity.
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "pipeline/analysis/estimator_functions.hpp"
#include "pipeline/analysis/premises.hpp"
#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {

namespace {

// Peak current against scan rate of one direction; magnitudes.
struct Series {
  std::vector<double> v{}, current{}, error{};
};

Series series(const PointAnalysis& point, int direction, PeakCurrent which, double model_error) {
  Series out;
  for (const RateAnalysis& rate : point.rates) {
    const DirectionAnalysis& d = rate.at(direction);
    if (!d.well_defined) continue;
    const Measured& m = which == PeakCurrent::from_zero ? d.current : d.height;
    const double magnitude = direction * m.value;
    if (!(magnitude > 0.0)) continue;
    out.v.push_back(rate.scan_rate);
    out.current.push_back(magnitude);
    out.error.push_back(std::max(std::hypot(m.error, model_error * magnitude), 1e-9 * magnitude));
  }
  return out;
}

std::vector<double> square_roots(std::vector<double> values) {
  for (double& v : values) v = std::sqrt(v);
  return values;
}

std::string few_rates(std::size_t used, std::size_t recorded) {
  if (used == 2) return "two scan rates: no check of the law";
  if (used < recorded) return fmt::format("{} of {} scan rates have a well-defined peak", used, recorded);
  return {};
}

struct Slope {
  double value, error;
  int degrees_of_freedom = 0;
  std::string caveat{};
  double slowest, fastest;  // V/s
};

std::optional<Slope> fit_slope(const Series& s, RateFit fit, std::size_t recorded) {
  if (fit == RateFit::single_rate) {
    if (s.v.size() != 1) return std::nullopt;
    const double root = std::sqrt(s.v.front());
    return Slope{s.current.front() / root, s.error.front() / root, 0, "", s.v.front(), s.v.front()};
  }
  const auto root_v = square_roots(s.v);
  const auto line = fit == RateFit::with_intercept ? fit_line(root_v, s.current, s.error)
                                                   : fit_through_origin(root_v, s.current, s.error);
  if (!line || s.v.size() < 2) return std::nullopt;
  std::string caveat = few_rates(s.v.size(), recorded);
  const double share = line->intercept / s.current.back();
  if (std::abs(line->intercept) > 2 * line->intercept_error && std::abs(share) > 0.05) {
    caveat = joined(caveat,
                    fmt::format("intercept is {:.0f} % of the largest peak: not proportional to sqrt(v)", 100 * share));
  }
  return Slope{line->slope, line->slope_error, line->degrees_of_freedom, caveat, s.v.front(), s.v.back()};
}

const Measured& area_of(const PointAnalysis& point, AreaSource source) {
  switch (source) {
    case AreaSource::optical:
      return point.optical_area;
    case AreaSource::pipette:
      return point.pipette_area;
    case AreaSource::footprint:
      return point.footprint_area;
    case AreaSource::stated:
      return point.stated_area;
    case AreaSource::micrograph:
      break;
  }
  return point.micrograph_area;
}

// A fit over scan rates takes every peak for one couple's.
bool refused_for_couples(Rows& rows, const PointAnalysis& point, const RowKey& key, const AnalysisParameters& p) {
  std::string couples = several_couples(point, key.direction, p);
  if (couples.empty()) return false;
  add_missing(rows, point, key, std::move(couples));
  return true;
}

// A coefficient of a line over the scan rates.
Measured fitted(double value, double error, const LineFit& fit, const PointAnalysis& point, std::size_t rates) {
  return {.value = value,
          .error = error,
          .known = true,
          .reason = few_rates(rates, point.rates.size()),
          .degrees_of_freedom = fit.degrees_of_freedom};
}

// D goes with (slope/area)^2: the slope's error is normal and enters as a square; the area's is a factor. What bounds
// the area bounds D from the other side.
Measured squared_quotient(double D, const Slope& slope, const Measured& area) {
  Measured m{.value = D, .error = 2.0 * slope.error / slope.value * D, .known = true};
  m.power = 2.0;
  m.degrees_of_freedom = slope.degrees_of_freedom;
  m.log_error = 2.0 * std::hypot(area.error / area.value, area.log_error);
  const double larger = 1.0 + area.above / area.value, smaller = 1.0 - area.below / area.value;
  m.below = D * (1.0 - 1.0 / (larger * larger));
  m.above = smaller > 0.0 ? D * (1.0 / (smaller * smaller) - 1.0) : std::numeric_limits<double>::infinity();
  m.leaves_out = area.leaves_out;
  return m;
}

bool applies(const PointAnalysis& point, RateFit fit) {
  return (fit == RateFit::single_rate) == (point.rates.size() == 1);
}

}  // namespace

void estimate_exponent(std::string_view name, PeakCurrent current, const PointAnalysis& point,
                       const AnalysisParameters& p, Rows& rows) {
  if (point.rates.size() < 2) return;
  for (const int direction : {1, -1}) {
    const RowKey key{.estimator = name, .quantity = "b", .unit = "1", .direction = direction};
    if (refused_for_couples(rows, point, key, p)) continue;
    const Series s = series(point, direction, current, p.current_model_error);
    std::vector<double> x, y, sigma;
    for (std::size_t k = 0; k < s.v.size(); ++k) {
      x.push_back(std::log10(s.v[k]));
      y.push_back(std::log10(s.current[k]));
      sigma.push_back(s.error[k] / s.current[k] / std::numbers::ln10);
    }
    const auto fit = fit_line(x, y, sigma);
    if (!fit) {
      add_missing(rows, point, key, "fewer than two scan rates with a well-defined peak");
      continue;
    }
    add_measured(rows, point, key, fitted(fit->slope, fit->slope_error, *fit, point, s.v.size()));
  }
}

void estimate_slope(std::string_view name, const PointAnalysis& point, const AnalysisParameters& p, Rows& rows) {
  if (point.rates.size() < 2) return;
  for (const int direction : {1, -1}) {
    RowKey key{.estimator = name, .quantity = "slope", .unit = "A V^-1/2 s^1/2", .direction = direction};
    if (refused_for_couples(rows, point, key, p)) continue;
    const Series s = series(point, direction, PeakCurrent::from_zero, p.current_model_error);
    const auto fit = fit_line(square_roots(s.v), s.current, s.error);
    if (!fit) {
      add_missing(rows, point, key, "fewer than two scan rates with a well-defined peak");
      continue;
    }
    add_measured(rows, point, key, fitted(fit->slope, fit->slope_error, *fit, point, s.v.size()));
    key.quantity = "intercept";
    key.unit = "A";
    add_measured(rows, point, key, fitted(fit->intercept, fit->intercept_error, *fit, point, s.v.size()));
  }
}

void estimate_diffusivity(std::string_view name, const DiffusivityOptions& options, const PointAnalysis& point,
                          const AnalysisParameters& p, Rows& rows) {
  if (!applies(point, options.fit)) return;
  if (options.area == AreaSource::stated && !point.stated_area.known) return;
  for (const int direction : {1, -1}) {
    RowKey key{.estimator = name, .quantity = "D", .unit = "m^2/s", .direction = direction};
    if (options.fit == RateFit::single_rate) key.scan_rate = point.rates.front().scan_rate;
    if (refused_for_couples(rows, point, key, p)) continue;
    const Measured& area = area_of(point, options.area);
    if (!area.known) {
      add_missing(rows, point, key, area.reason);
      continue;
    }
    const auto slope = fit_slope(series(point, direction, PeakCurrent::from_zero, p.current_model_error), options.fit,
                                 point.rates.size());
    if (!slope || !(slope->value > 0.0)) {
      add_missing(
          rows, point, key,
          slope ? "the peak current does not grow with sqrt(v)" : "too few scan rates with a well-defined peak");
      continue;
    }
    const double D = diffusivity(options.law, slope->value, area.value, p);
    Measured m = squared_quotient(D, *slope, area);
    m.reason = joined(joined(slope->caveat, area.reason), regime_caveat(options.law, point, p));
    m.reason = joined(m.reason, finite_size_caveat(D, slope->slowest, p, point.stated_radius));
    m.reason = joined(m.reason, continuum_caveat(D, slope->fastest, p));
    add_measured(rows, point, key, m);
  }
}

}  // namespace seccm::analysis
