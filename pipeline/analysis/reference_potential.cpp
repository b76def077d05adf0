#include "pipeline/analysis/reference_potential.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::analysis {

ReferencePotential::ReferencePotential(std::span<const files::ReferenceCalibration> calibrations) {
  for (const auto& c : calibrations) {
    if (c.valid && std::isfinite(c.t + c.offset_vs_Li + c.standard_error)) calibrations_.push_back(c);
  }
  std::stable_sort(calibrations_.begin(), calibrations_.end(), [](const auto& a, const auto& b) { return a.t < b.t; });
}

ReferenceOffset ReferencePotential::at(double t) const {
  const auto after = std::upper_bound(calibrations_.begin(), calibrations_.end(), t,
                                      [](double time, const auto& c) { return time < c.t; });
  if (after == calibrations_.begin()) return {after->offset_vs_Li, after->standard_error};
  const auto before = after - 1;
  if (after == calibrations_.end()) return {before->offset_vs_Li, before->standard_error};
  const double f = (t - before->t) / (after->t - before->t);
  return {(1 - f) * before->offset_vs_Li + f * after->offset_vs_Li,
          std::hypot((1 - f) * before->standard_error, f * after->standard_error)};
}

}  // namespace seccm::analysis
