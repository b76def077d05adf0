// x in Li_xTiO2 and the C-rate: a charge against the volume from the micrograph.
//
//   x = Q/(F V c_1),   c_1 = host_concentration/x_cap: Ti per volume (0.024/0.5 = 0.048 mol/cm³)
#include <cmath>

#include <fmt/format.h>

#include "pipeline/analysis/estimator_functions.hpp"

namespace seccm::analysis {

namespace {

Measured composition(const Measured& charge, const PointAnalysis& point, const AnalysisParameters& p) {
  Measured x;
  if (!point.volume.known) {
    x.reason = point.volume.reason;
    return x;
  }
  const double sites = constants::faraday * point.volume.value * p.host_concentration.si() / p.x_cap;
  x.value = charge.value / sites;
  x.error = charge.error / sites;
  x.degrees_of_freedom = charge.degrees_of_freedom;
  x.log_error = std::hypot(point.volume.log_error, point.volume.error / point.volume.value);
  x.below = charge.below / sites;
  x.above = charge.above / sites;
  x.leaves_out = joined(charge.leaves_out, point.volume.leaves_out);
  x.known = true;
  x.reason = point.volume.reason;
  return x;
}

// The host takes up to x_cap. Beyond it within the error is a reservation; where the whole interval lies beyond, volume
// or charge is wrong and the number is none.
Measured within_cap(Measured x, double x_cap) {
  if (!x.known || x.value <= x_cap) return x;
  const StatedInterval interval = interval_of(x, files::IntervalScale::logarithmic);
  const std::string beyond = fmt::format("x = {:.2f} is above its cap {:g}", x.value, x_cap);
  if (interval.lower <= x_cap && interval.level > 0.0) {
    x.reason = joined(x.reason, beyond + ", within the error");
  } else {
    x = {.reason = beyond + " beyond the error: volume or charge is wrong"};
  }
  return x;
}

Measured scaled(Measured m, double factor) {
  for (double* part : {&m.value, &m.error, &m.below, &m.above}) *part *= factor;
  return m;
}

// Factor from x to the C-rate and the time it refers to.
Measured c_rate(CRate definition, const Measured& x, const DirectionAnalysis& d, double v, double x_cap) {
  constexpr double hour = 3600.0;
  const double window = d.window / v, sweep = d.span / v;
  switch (definition) {
    case CRate::capacity_in_window:
      return scaled(x, hour / window);
    case CRate::capacity_in_sweep:
      return scaled(x, hour / sweep / x_cap);
    case CRate::inverse_window:
      break;
  }
  return {.value = hour / window, .error = 0.0, .known = true};
}

}  // namespace

void estimate_composition(std::string_view name, ChargeKind kind, const PointAnalysis& point,
                          const AnalysisParameters& p, Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const RowKey key{
          .estimator = name, .quantity = "x", .unit = "1", .direction = d->direction, .scan_rate = rate.scan_rate};
      if (!d->well_defined) {
        add_missing(rows, point, key, d->reason);
        continue;
      }
      const Measured x = composition(kind == ChargeKind::total ? d->total : d->intercalation, point, p);
      add_measured(rows, point, key, within_cap(x, p.x_cap));
    }
  }
}

void estimate_c_rate(std::string_view name, CRate definition, const PointAnalysis& point, const AnalysisParameters& p,
                     Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const RowKey key{.estimator = name,
                       .quantity = "C_rate",
                       .unit = "1/h",
                       .direction = d->direction,
                       .scan_rate = rate.scan_rate};
      if (!d->well_defined) {
        add_missing(rows, point, key, d->reason);
        continue;
      }
      const Measured x = within_cap(composition(d->intercalation, point, p), p.x_cap);
      add_measured(rows, point, key, c_rate(definition, x, *d, rate.scan_rate, p.x_cap));
    }
  }
}

}  // namespace seccm::analysis
