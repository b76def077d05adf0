#include "models/particle/phase_field_parameters.hpp"

#include <algorithm>

namespace seccm::models {
namespace {

void visit_bulk(ParameterVisitor& v, PhaseFieldParameters& p) {
  v({.key = "omega",
     .low = -20,
     .high = 8,
     .grade = Grade::computed,
     .source = "ln((1-y_a)/y_a)/(1-2 y_a) at y_a = 0.04 (x = 0.02, Wagemaker); 4.05 at x = 0.01, no gap at 2",
     .text = "Regular-solution interaction of the first lattice over kT, of bulk material"},
    p.omega);
  v({.key = "omega_second",
     .low = -20,
     .high = 8,
     .grade = Grade::recalled,
     .source = "taken as that of the first lattice; de Klerk 2017 has a table that could not be read",
     .text = "Regular-solution interaction of the second lattice over kT, of bulk material"},
    p.omega_second);
  v({.key = "coupling",
     .low = -10,
     .high = 10,
     .grade = Grade::recalled,
     .source = "no value known; the measured plateaus hold it already",
     .text = "Interaction of the two lattices over kT, energy per site coupling y1 y2; > 0 repels"},
    p.coupling);
  v({.key = "size_dependent",
     .grade = Grade::recalled,
     .source = "Wagemaker 2007: solubility rises below 40 nm",
     .text = "Let the interaction fall with the diameter d as 1 - size_length/d"},
    p.size_dependent);
  v({.key = "size_length",
     .unit = "nm",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "3 nm: omega 2.4 at 10 nm and 3.2 at 50 nm",
     .text = "Length of the size law"},
    p.size_length);
  v({.key = "kappa",
     .unit = "J/m",
     .low = 0,
     .high = 1e-8,
     .grade = Grade::verified,
     .source = "proxy: 1.0e-10 of LTO, 5.0e-10 of LFP (MPET)",
     .text = "Gradient energy"},
    p.kappa);
  v({.key = "coherency",
     .unit = "GPa",
     .low = 0,
     .high = 10,
     .grade = Grade::verified,
     .source = "proxy: 0 of LTO, 0.19 GPa of LFP (MPET); the misfit of anatase is large",
     .text = "Coherency strain modulus B"},
    p.coherency);
}

void visit_surface(ParameterVisitor& v, PhaseFieldParameters& p) {
  v({.key = "wetting",
     .source = "docs/physics-phase-field.md",
     .text = "Surface condition: no preference, a constant wetting_energy, or a surface filling"},
    wetting_names, p.wetting);
  v({.key = "wetting_energy",
     .unit = "J/m^2",
     .low = -10,
     .high = 10,
     .grade = Grade::recalled,
     .source = "no value known; below 0 the lithium-rich phase wets the surface",
     .text = "Change of the surface energy from y = 0 to 1, of wetting = energy"},
    p.wetting_energy);
  v({.key = "wetting_filling",
     .low = 1e-3,
     .high = 0.999,
     .grade = Grade::verified,
     .source = "MPET default",
     .text = "Surface filling, of wetting = filling"},
    p.wetting_filling);
  v({.key = "wetting_length",
     .unit = "nm",
     .low = 1e-3,
     .high = 1e6,
     .source = "a small part of the interface width",
     .text = "Distance over which the surface is pulled to wetting_filling"},
    p.wetting_length);
}

}  // namespace

void PhaseFieldParameters::visit(ParameterVisitor& v, PhaseFieldParameters& p) {
  visit_bulk(v, p);
  visit_surface(v, p);
  v({.key = "node_spacing",
     .unit = "nm",
     .low = 0,
     .high = 100,
     .source = "docs/physics-phase-field.md",
     .text = "Spacing of the nodes; 0: half the interface width"},
    p.node_spacing);
  v({.key = "tolerance",
     .low = 1e-9,
     .high = 0.1,
     .source = "docs/physics-phase-field.md",
     .text = "Local error in y that one inner step may make"},
    p.tolerance);
}

double interaction_of(const PhaseFieldParameters& p, int lattice, double diameter) {
  const double bulk = lattice == 0 ? p.omega : p.omega_second;
  if (!p.size_dependent) return bulk;
  return bulk * std::max(0.0, 1.0 - p.size_length.si() / diameter);
}

}  // namespace seccm::models
