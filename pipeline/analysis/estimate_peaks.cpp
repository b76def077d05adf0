// Peak potentials, currents and separation, per cycle and as the mean over the analysed cycles (cycle 0).
#include <cmath>

#include "pipeline/analysis/estimator_functions.hpp"

namespace seccm::analysis {

namespace {

RowKey peak_key(std::string_view name, PeakQuantity quantity, int direction, double scan_rate) {
  const bool potential = quantity == PeakQuantity::potential;
  return {.estimator = name,
          .quantity = potential ? "peak_potential" : "peak_current",
          .unit = potential ? "V" : "A",
          .direction = direction,
          .scan_rate = scan_rate};
}

void add_cycles(const RowKey& mean_key, PeakQuantity quantity, const DirectionAnalysis& d, const PointAnalysis& point,
                Rows& rows) {
  for (const SweepAnalysis& s : d.sweeps) {
    if (!s.peak.found) continue;
    RowKey key = mean_key;
    key.cycle = s.sweep.cycle;
    switch (quantity) {
      case PeakQuantity::potential:
        add_row(rows, point, key, s.peak.E, std::hypot(s.peak.E_error, s.sweep.E_standard_error));
        break;
      case PeakQuantity::current:
        add_row(rows, point, key, s.peak.current, s.peak.current_error);
        break;
      case PeakQuantity::height:
        add_row(rows, point, key, s.peak.height, s.peak.height_error);
        break;
    }
  }
}

}  // namespace

void estimate_peak(std::string_view name, PeakQuantity quantity, const PointAnalysis& point, Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const RowKey key = peak_key(name, quantity, d->direction, rate.scan_rate);
      if (!d->well_defined) {
        add_missing(rows, point, key, d->reason);
        continue;
      }
      add_cycles(key, quantity, *d, point, rows);
      Measured mean = quantity == PeakQuantity::potential ? d->E
                      : quantity == PeakQuantity::current ? d->current
                                                          : d->height;
      if (rate.only_early_cycles) mean.reason = "only the first cycles were recorded at this scan rate";
      add_measured(rows, point, key, mean);
    }
  }
}

void estimate_separation(std::string_view name, const PointAnalysis& point, Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    const RowKey key{.estimator = name, .quantity = "peak_separation", .unit = "V", .scan_rate = rate.scan_rate};
    if (!rate.anodic.well_defined || !rate.cathodic.well_defined) {
      add_missing(rows, point, key, rate.anodic.well_defined ? rate.cathodic.reason : rate.anodic.reason);
      continue;
    }
    // the reference potential is common to both peaks and cancels
    add_row(rows, point, key, rate.anodic.E.value - rate.cathodic.E.value,
            std::hypot(rate.anodic.E_noise, rate.cathodic.E_noise));
  }
}

}  // namespace seccm::analysis
