// What the registry of estimators is made of: one function per family, with the options that make its variants.
#pragma once

#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/analysis/point_analysis.hpp"
#include "pipeline/analysis/randles_sevcik.hpp"

namespace seccm::analysis {

using Rows = std::vector<files::Estimate>;

/// Where a row belongs: everything but the number.
struct RowKey {
  std::string_view estimator, quantity, unit;
  int direction = 0;
  int cycle = 0;
  double scan_rate = 0.0;
};
/// Every row goes through here: interval and verdict follow from what is known of the error (measured.hpp), the scale
/// from the quantity (files/quantities.hpp). A reason or a part left out makes a valid row a caveat.
void add_measured(Rows& rows, const PointAnalysis& point, const RowKey& key, const Measured& value);
/// A value with a normally distributed error, well known (0: none is stated).
void add_row(Rows& rows, const PointAnalysis& point, const RowKey& key, double value, double error,
             std::string caveat = {});
/// Verdict `refused`.
void add_missing(Rows& rows, const PointAnalysis& point, const RowKey& key, std::string reason);
/// Two reasons as one: "a; b".
std::string joined(const std::string& a, const std::string& b);

enum class PeakQuantity { potential, current, height };
void estimate_peak(std::string_view name, PeakQuantity quantity, const PointAnalysis& point, Rows& rows);
void estimate_separation(std::string_view name, const PointAnalysis& point, Rows& rows);

/// Which current a fit against the scan rate takes.
enum class PeakCurrent { from_zero, above_baseline };
void estimate_exponent(std::string_view name, PeakCurrent current, const PointAnalysis& point,
                       const AnalysisParameters& parameters, Rows& rows);
void estimate_slope(std::string_view name, const PointAnalysis& point, const AnalysisParameters& parameters,
                    Rows& rows);

enum class AreaSource { optical, pipette, footprint, micrograph, stated };
enum class RateFit { with_intercept, through_origin, single_rate };
struct DiffusivityOptions {
  WaveLaw law = WaveLaw::irreversible;
  AreaSource area = AreaSource::optical;
  RateFit fit = RateFit::with_intercept;
};
void estimate_diffusivity(std::string_view name, const DiffusivityOptions& options, const PointAnalysis& point,
                          const AnalysisParameters& parameters, Rows& rows);

enum class ChargeKind { total, intercalation, surface, double_layer };
void estimate_charge(std::string_view name, ChargeKind kind, const PointAnalysis& point, Rows& rows);
void estimate_charge_ratio(std::string_view name, const PointAnalysis& point, Rows& rows);
void estimate_dunn(std::string_view name, const PointAnalysis& point, const AnalysisParameters& parameters, Rows& rows);

void estimate_composition(std::string_view name, ChargeKind kind, const PointAnalysis& point,
                          const AnalysisParameters& parameters, Rows& rows);
/// Definitions of the C-rate in use.
enum class CRate {
  capacity_in_window,  ///< x 3600 s/t: share of the capacity at x = 1, t = integration window/v (reference measurement)
  capacity_in_sweep,   ///< (x/x_cap) 3600 s/t: share of the capacity at x_cap, t = whole sweep
  inverse_window,      ///< 3600 s/t, t = integration window/v, whatever the charge
};
void estimate_c_rate(std::string_view name, CRate definition, const PointAnalysis& point,
                     const AnalysisParameters& parameters, Rows& rows);

}  // namespace seccm::analysis
