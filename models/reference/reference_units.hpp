// Units of the scaled unknowns of a reference system; shared by a system and its neighbours in parameter space.
#pragma once

#include <vector>

#include "models/reference/reference_spec.hpp"

namespace seccm::models {

struct ReferenceUnits {
  double scan_rate = 1.0;      ///< V/s
  double current = 1.0;        ///< I0, A
  double intercalation = 0.0;  ///< of all first lattices, A
  double resistance = 0.0;     ///< R0 between reference electrode and metal at rest, Ohm
  std::vector<double> flux;    ///< q0 of the first lattice, m/s, per particle
  std::vector<double> second_flux;
};

/// What diffusion and capacitances allow at this rate (V/s).
ReferenceUnits reference_units(const ReferenceSpec& spec, double scan_rate);
ReferenceUnits reference_units(const CellSpec& spec, double scan_rate);

}  // namespace seccm::models
