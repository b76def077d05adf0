// Section [ensemble] of job = "ensemble": many cells drawn around the one of [cell] and [material].
//
// What has a range is drawn between its two ends: uniformly in the logarithm for D, k0, radius, contact resistance,
// double layer and scan rate, uniformly for E0, alpha and g. What has a spread is drawn around the value of its own
// section: log-normal (standard deviation of the logarithm) or normal. What has neither is the same in all cells.
#pragma once

#include <string>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::models {

struct EnsembleParameters {
  int cells = 1000;
  std::vector<Diffusivity> D_range;
  double D_spread = 0.0;
  std::vector<Velocity> k0_range;
  double k0_spread = 0.0;
  std::vector<Length> radius_range;
  double radius_spread = 0.0;
  std::vector<Resistance> contact_resistance_range;
  double contact_resistance_spread = 0.0;
  std::vector<ArealCapacitance> double_layer_range;
  double double_layer_spread = 0.0;
  std::vector<ScanRate> scan_rate_range;
  std::vector<Potential> E0_range;
  Potential E0_spread{0.0};
  std::vector<Dimensionless> alpha_range;
  double alpha_spread = 0.0;
  std::vector<Dimensionless> g_range;
  double g_spread = 0.0;

  bool traces = false;            ///< keep every voltammogram
  Current noise{0.0};             ///< standard deviation of one sample; > 0: Cramér-Rao bounds
  double relative_noise = 0.0;    ///< the same over the largest |i| of the cell; both add as squares
  std::string unknowns = "ln_D";  ///< what is fitted together
  double measurable_below = 0.2;  ///< of the bound of ln D

  static void visit(ParameterVisitor& v, EnsembleParameters& p);
};

}  // namespace seccm::models
