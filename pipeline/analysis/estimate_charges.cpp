// Charges, their ratio, and the split by scan rate.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "pipeline/analysis/dunn.hpp"
#include "pipeline/analysis/estimator_functions.hpp"

namespace seccm::analysis {

namespace {

Measured charge_of(const DirectionAnalysis& d, ChargeKind kind) {
  switch (kind) {
    case ChargeKind::total:
      return d.total;
    case ChargeKind::intercalation:
      return d.intercalation;
    case ChargeKind::double_layer:
      return d.double_layer;
    case ChargeKind::surface:
      break;
  }
  // all of it may be the diffusive tail below the line
  Measured m = d.total;
  m.value -= d.intercalation.value;
  m.below = std::max(0.0, m.value);
  m.error = std::hypot(d.total.error, d.intercalation.error);
  m.reason = "surface redox and the diffusive tail below the baseline together";
  return m;
}

}  // namespace

void estimate_charge(std::string_view name, ChargeKind kind, const PointAnalysis& point, Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      const RowKey key{
          .estimator = name, .quantity = "charge", .unit = "C", .direction = d->direction, .scan_rate = rate.scan_rate};
      if (!d->well_defined) {
        add_missing(rows, point, key, d->reason);
        continue;
      }
      Measured charge = charge_of(*d, kind);
      if (kind == ChargeKind::double_layer) {
        charge.reason = fmt::format("background by {}", background_names[static_cast<std::size_t>(rate.background)]);
      }
      add_measured(rows, point, key, charge);
    }
  }
}

void estimate_charge_ratio(std::string_view name, const PointAnalysis& point, Rows& rows) {
  for (const RateAnalysis& rate : point.rates) {
    const RowKey key{.estimator = name, .quantity = "charge_ratio", .unit = "1", .scan_rate = rate.scan_rate};
    const Measured &a = rate.anodic.total, &c = rate.cathodic.total;
    if (!rate.anodic.well_defined || !rate.cathodic.well_defined || !(c.value > 0.0)) {
      add_missing(rows, point, key, "a direction without a well-defined peak");
      continue;
    }
    const double ratio = a.value / c.value;
    add_row(rows, point, key, ratio, std::hypot(a.error / c.value, ratio * c.error / c.value));
  }
}

void estimate_dunn(std::string_view name, const PointAnalysis& point, const AnalysisParameters& p, Rows& rows) {
  for (const DunnShare& share : dunn_shares(point, p)) {
    const bool doubtful = share.outside > 0.05 || share.loop_share < 0.0 || share.loop_share > 1.0;
    const std::string caveat =
        doubtful
            ? fmt::format("k1 v/i outside [0,1] at {:.0f} % of the potentials: the premise fails", 100 * share.outside)
            : "";
    RowKey key{.estimator = name, .quantity = "capacitive_share", .unit = "1", .scan_rate = share.scan_rate};
    add_row(rows, point, key, share.loop_share, share.loop_share_error, caveat);
    key.quantity = "capacitive_absolute_share";
    add_row(rows, point, key, share.absolute_share, 0.0, caveat);
    key.quantity = "outside_share";
    add_row(rows, point, key, share.outside, 0.0);
    key.quantity = "capacitive_charge";
    key.unit = "C";
    add_row(rows, point, key, share.capacitive_charge, share.charge_error, caveat);
  }
}

}  // namespace seccm::analysis
