#include "models/ensemble/ensemble_parameters.hpp"

namespace seccm::models {
namespace {

constexpr const char* page = "docs/physics-ensemble.md";

}  // namespace

void EnsembleParameters::visit(ParameterVisitor& v, EnsembleParameters& p) {
  v({.key = "cells", .low = 1, .high = 1e7, .source = page, .text = "Number of cells"}, p.cells);
  v({.key = "D_range",
     .unit = "cm^2/s",
     .low = 1e-24,
     .high = 1e-2,
     .source = "PHYSICS: 1e-18..1e-8 reported",
     .text = "Ends of ln D, drawn uniformly; in place of [material] D"},
    p.D_range);
  v({.key = "D_spread", .low = 0, .high = 10, .source = page, .text = "Standard deviation of ln D around [material] D"},
    p.D_spread);
  v({.key = "k0_range",
     .unit = "cm/s",
     .low = 1e-16,
     .high = 1e4,
     .source = "3.5e-10..1e-8 reported",
     .text = "Ends of ln k0, drawn uniformly; in place of [material] k0"},
    p.k0_range);
  v({.key = "k0_spread",
     .low = 0,
     .high = 10,
     .source = page,
     .text = "Standard deviation of ln k0 around [material] k0"},
    p.k0_spread);
  v({.key = "radius_range",
     .unit = "nm",
     .low = 0.1,
     .high = 1e7,
     .source = page,
     .text = "Ends of ln radius, drawn uniformly; in place of [cell] radius"},
    p.radius_range);
  v({.key = "radius_spread",
     .low = 0,
     .high = 3,
     .source = page,
     .text = "Standard deviation of ln radius around [cell] radius"},
    p.radius_spread);
  v({.key = "contact_resistance_range",
     .unit = "Ohm",
     .low = 1e-3,
     .high = 1e18,
     .grade = Grade::recalled,
     .source = "1e7-1e11",
     .text = "Ends of ln contact_resistance, drawn uniformly; in place of [cell] contact_resistance"},
    p.contact_resistance_range);
  v({.key = "contact_resistance_spread",
     .low = 0,
     .high = 10,
     .grade = Grade::recalled,
     .source = "log-normal",
     .text = "Standard deviation of ln contact_resistance around [cell] contact_resistance"},
    p.contact_resistance_spread);
  v({.key = "double_layer_range",
     .unit = "uF/cm^2",
     .low = 1e-6,
     .high = 1e4,
     .grade = Grade::recalled,
     .source = "5-40",
     .text = "Ends of ln of the particles' double layer, drawn uniformly; in place of [double_layer] titania"},
    p.double_layer_range);
  v({.key = "double_layer_spread",
     .low = 0,
     .high = 10,
     .source = page,
     .text = "Standard deviation of ln of the double layer around [double_layer] titania"},
    p.double_layer_spread);
  v({.key = "scan_rate_range",
     .unit = "V/s",
     .low = 1e-9,
     .high = 1e6,
     .source = page,
     .text = "Ends of ln scan rate, drawn uniformly: each cell runs [program] stretched in time to its own rate, rests "
             "included"},
    p.scan_rate_range);
  v({.key = "E0_range",
     .unit = "V",
     .low = -10,
     .high = 10,
     .source = "1.80-1.84",
     .text = "Ends of E0, drawn uniformly; in place of [material] E0"},
    p.E0_range);
  v({.key = "E0_spread",
     .unit = "V",
     .low = 0,
     .high = 2,
     .source = page,
     .text = "Standard deviation of E0 around [material] E0"},
    p.E0_spread);
  v({.key = "alpha_range",
     .low = 0.05,
     .high = 0.95,
     .source = "0.4-0.6",
     .text = "Ends of alpha, drawn uniformly; in place of [material] alpha"},
    p.alpha_range);
  v({.key = "alpha_spread",
     .low = 0,
     .high = 0.3,
     .source = page,
     .text = "Standard deviation of alpha around [material] alpha"},
    p.alpha_spread);
  v({.key = "g_range",
     .low = -3.999,
     .high = 1000,
     .source = page,
     .text = "Ends of g, drawn uniformly; in place of [material] g, with law = \"frumkin\""},
    p.g_range);
  v({.key = "g_spread", .low = 0, .high = 100, .source = page, .text = "Standard deviation of g around [material] g"},
    p.g_spread);
  v({.key = "traces", .source = page, .text = "Write every voltammogram into the HDF5 file"}, p.traces);
  v({.key = "noise",
     .unit = "fA",
     .low = 0,
     .high = 1e15,
     .source = page,
     .text = "Standard deviation of the noise of one sample (one row of a voltammogram), white; above 0 asks for the "
             "Cramer-Rao bounds of the unknowns"},
    p.noise);
  v({.key = "relative_noise",
     .low = 0,
     .high = 10,
     .source = page,
     .text =
         "The same as a share of each cell's own largest current: one signal-to-noise ratio for all; added to noise "
         "as squares"},
    p.relative_noise);
  v({.key = "unknowns",
     .source = page,
     .text = "What is fitted together, in which the bounds hold: ln_D, ln_k0, ln_radius, ln_area, E0, alpha, g, "
             "resistance, capacitance, offset, slope (in E) and drift (in time) of a baseline"},
    p.unknowns);
  v({.key = "measurable_below",
     .low = 1e-6,
     .high = 10,
     .source = page,
     .text = "Bound of the standard deviation of ln D below which D counts as measurable"},
    p.measurable_below);
}

}  // namespace seccm::models
