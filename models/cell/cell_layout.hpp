// What the solver needs of a cell, one value per lane: the particles in their order, then padding that carries no
// current. Internal to models/cell.
#pragma once

#include <memory>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/cell/wiring.hpp"
#include "models/particle/host.hpp"
#include "models/particle/phase_field_model.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

class CellLayout {
 public:
  explicit CellLayout(const CellSpec& spec);

  [[nodiscard]] std::size_t lanes() const { return contact.size(); }
  /// The wiring of one stepper.
  [[nodiscard]] std::unique_ptr<Wiring> wiring(const CellSpec& spec) const;

  double f = 0.0;  ///< F/(RT), 1/V
  std::vector<std::shared_ptr<const Host>>
      hosts;                        ///< lattices of the particles, then the surface redox if there is one
  std::size_t insertion_hosts = 0;  ///< how many of them are lattices
  std::vector<double> contact;      ///< Ohm
  std::vector<double> capacitance;  ///< F, of the wetted surface
  std::vector<double> volume;       ///< m^3
  double gold_capacitance = 0.0;    ///< F
  double water_charge = 0.0;        ///< C
  bool no_contact_resistance = true;

  [[nodiscard]] bool has_surface_redox() const { return hosts.size() > insertion_hosts; }
};

/// Throws InputError for anything that is not a cell.
void check_spec(const CellSpec& spec);
/// The phase field of a cell whose model is one of cahn_hilliard.
PhaseFieldSpec phase_field_of(const CellSpec& spec);
/// Surface of one particle, m²; the given face of a slab or cylinder.
double area_of(const CellSpec& spec, double radius);
/// The mesh that [numerics] asks for.
sim::MeshParameters mesh_for(const CellSpec& spec);

}  // namespace seccm::models
