// Potential of the quasi-reference electrode against Li/Li+, between the ferrocene calibrations of a run.
//
//   E_vs_Li = E_vs_QRCE + offset(t)
// offset: linear in time between two calibrations, constant before the first and after the last. Its standard error at
// the fraction f between two calibrations is √((1-f)² s1² + f² s2²): noise of the calibrations, not wander in between.
#pragma once

#include <span>
#include <vector>

#include "files/records.hpp"

namespace seccm::analysis {

struct ReferenceOffset {
  double offset_vs_Li = 0.0;    ///< V
  double standard_error = 0.0;  ///< V
};

class ReferencePotential {
 public:
  /// Uses the calibrations that are valid and finite, in order of time.
  explicit ReferencePotential(std::span<const files::ReferenceCalibration> calibrations);

  [[nodiscard]] bool known() const { return !calibrations_.empty(); }
  /// Requires known().
  [[nodiscard]] ReferenceOffset at(double t) const;

 private:
  std::vector<files::ReferenceCalibration> calibrations_;
};

}  // namespace seccm::analysis
