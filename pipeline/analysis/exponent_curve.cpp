#include "pipeline/analysis/exponent_curve.hpp"

#include <cmath>

#include "pipeline/analysis/current_table.hpp"
#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {

std::optional<files::ExponentCurve> exponent_curve(const PointAnalysis& point, int direction,
                                                   const AnalysisParameters& parameters) {
  constexpr double significance = 3.0;
  const CurrentTable table = current_table(point, direction, parameters);
  if (table.columns.size() < 3) return std::nullopt;
  files::ExponentCurve curve;
  curve.point = point.index;
  curve.direction = direction;
  for (std::size_t k = 0; k < table.E_vs_Li.size(); ++k) {
    std::vector<double> log_v, log_i, sigma;
    for (const RateColumn& column : table.columns) {
      const double s = direction * column.current[k];
      if (!(s > significance * column.error[k])) break;
      log_v.push_back(std::log(column.scan_rate));
      log_i.push_back(std::log(s));
      sigma.push_back(std::max(column.error[k] / s, 1e-9));
    }
    if (log_v.size() < table.columns.size()) continue;
    if (const auto fit = fit_line(log_v, log_i, sigma)) {
      curve.E_vs_Li.push_back(table.E_vs_Li[k]);
      curve.b.push_back(fit->slope);
      curve.standard_error.push_back(fit->slope_error);
    }
  }
  return curve;
}

}  // namespace seccm::analysis
