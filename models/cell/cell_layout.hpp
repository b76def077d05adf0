// What the solver needs of a cell, one value per lane: the particles in their order, then padding that carries no
// current. Internal to models/cell.
#pragma once

#include <vector>

#include "models/cell/cell_spec.hpp"
#include "sim/radial_lanes.hpp"

namespace seccm::models {

class CellLayout {
 public:
  explicit CellLayout(const CellSpec& spec);

  [[nodiscard]] std::size_t lanes() const { return radial.lanes(); }

  sim::RadialLanes radial;
  double f = 0.0;                        ///< F/(RT), 1/V
  std::vector<double> current_per_flux;  ///< F c_max A, A per (m/s)
  std::vector<double> wetted_fraction;
  std::vector<double> contact;         ///< Ohm
  std::vector<double> capacitance;     ///< F, of the wetted surface
  std::vector<double> surface_charge;  ///< C, of the surface redox
  std::vector<double> volume;          ///< m^3
  double gold_capacitance = 0.0;       ///< F
  double water_charge = 0.0;           ///< C
  bool has_second = false;
  bool has_surface_redox = false;
  bool potential_known = false;  ///< no resistance anywhere: every particle is at the applied potential
};

/// Throws InputError for anything that is not a cell.
void check_spec(const CellSpec& spec);
/// The mesh that [numerics] asks for.
sim::MeshParameters mesh_for(const CellSpec& spec);

}  // namespace seccm::models
