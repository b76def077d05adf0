// From the sections [electrolyte], [pipette], [meniscus] to the liquid above a cell, and what to know about it before
// a run.
#pragma once

#include <string>
#include <vector>

#include "models/electrolyte/salt_column.hpp"
#include "models/meniscus/meniscus_parameters.hpp"
#include "models/pipette/pipette_parameters.hpp"

namespace seccm::models {

struct ElectrolyteSpec {
  ElectrolyteParameters electrolyte;
  SaltGeometry geometry;  ///< the droplet as wide as the footprint at the start
  double temperature = 298.15;

  /// Whether anything of it changes in time, so that a cell has to be run with it.
  [[nodiscard]] bool active() const {
    return electrolyte.salt.transport != SaltTransport::none || electrolyte.salt.spreading != Spreading::none;
  }
  [[nodiscard]] double footprint_radius() const { return geometry.footprint_radius; }  ///< at the start, m
};

/// Median footprint and droplet of [meniscus]. The mesh resolves the layer sqrt(D dt) of the program's shortest step.
ElectrolyteSpec assemble_electrolyte(const ElectrolyteParameters& electrolyte, const PipetteParameters& pipette,
                                     const MeniscusParameters& meniscus, double temperature, double shortest_step);

/// Pe = Q s/D(c0): the steady enrichment by evaporation is e^Pe for constant properties. 0 without transport.
double peclet_number(const ElectrolyteSpec& spec);
/// Cathodic current that empties the surface of salt in the steady state at the properties of c0, A (a magnitude).
double salt_limiting_current(const ElectrolyteSpec& spec);

/// Throws InputError for a bulk beyond the solubility, an evaporation with Pe > 20, or a footprint that grows beyond
/// ten times its first radius within `duration` (s).
void check_electrolyte(const ElectrolyteSpec& spec, double duration);
/// One sentence each: an enrichment that will precipitate, a fit used outside its range.
std::vector<std::string> electrolyte_warnings(const ElectrolyteSpec& spec, double duration);

}  // namespace seccm::models
