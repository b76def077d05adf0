// What the comparison of blind results with the truth calls good, and what the smart scan is compared with.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::validation {

struct ValidationParameters {
  double factor = 2.0;                   ///< an estimate counts as right when est/true lies in [1/factor, factor]
  double confidence = 0.95;              ///< of every interval
  int resamples = 1000;                  ///< bootstrap
  double quantitative_bias = 0.1;        ///< decades
  double quantitative_coverage = 0.9;    ///< of the estimator's own intervals at `confidence`
  double order_of_magnitude_bias = 0.5;  ///< decades
  Length grid_pitch = 4.0 * unit::um;    ///< the regular array that a smart scan is compared with
  Length grid_width = 100.0 * unit::um;
  Length grid_height = 100.0 * unit::um;

  static void visit(ParameterVisitor& visit, ValidationParameters& p);
};

/// Throws InputError naming the key for a value outside its declared range.
void require_valid(const ValidationParameters& parameters);

}  // namespace seccm::validation
