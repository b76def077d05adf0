// One member of an ensemble: a cell of identical particles with its own constants, as one circuit branch.
//
//   E - p = R i,     i = s q + C dp/dt,     reported: i + C_stray dE/dt          anodic positive, V, A
//   q = N(y_s, p)    flux out of the particle over its surface, over c_max, m/s (Butler-Volmer)
//
// s = F c_max A is the current per flux. Series and contact resistance are one: n equal particles behind R_contact each
// and R_series in common are one branch of R = R_series + R_contact/n.
#pragma once

#include <string>

#include "models/cell/cell_spec.hpp"

namespace seccm::models {

struct EnsembleCell {
  double radius = 25e-9;           ///< m; thickness of a slab
  double D = 1e-17;                ///< m^2/s
  double k0 = 2e-11;               ///< m/s over the whole surface: times the wetted fraction
  double alpha = 0.5;              ///< transfer coefficient of the reduction
  double E0 = 1.8;                 ///< V vs Li/Li+
  double g = 0.0;                  ///< Frumkin interaction; only with that law
  double current_per_flux = 1e-8;  ///< F c_max A, A per (m/s)
  double resistance = 0.0;         ///< Ohm
  double capacitance = 0.0;        ///< F, of the wetted particles: grows with their area
  double fixed_capacitance = 0.0;  ///< F, of the bare metal, in parallel
  double stray_capacitance = 0.0;  ///< F, does not pass the resistance
  double initial_filling = 0.0;    ///< y at rest
  double time_scale = 1.0;         ///< stretches the program: this cell is swept 1/time_scale times as fast
};

/// What all members of an ensemble have in common.
struct EnsembleFrame {
  sim::Geometry geometry = sim::Geometry::sphere;
  sim::MeshParameters mesh;
  IsothermKind law = IsothermKind::ideal;
  double plateau_solubility = 0.04;  ///< of anatase_plateau
  double temperature = 298.15;       ///< K
};

/// The branch that a cell amounts to. Throws InputError for a cell that is none: unlike particles, a second process, a
/// surface redox, water or ferrocene, D per direction or D(y), other kinetics, a film; metal behind a contact
/// resistance.
EnsembleCell ensemble_cell(const CellSpec& spec);
EnsembleFrame ensemble_frame(const CellSpec& spec);

/// Throws InputError naming the member and the value outside its range.
void check_member(const EnsembleCell& cell, const EnsembleFrame& frame, std::size_t index);

}  // namespace seccm::models
