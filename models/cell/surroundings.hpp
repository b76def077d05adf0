// What a cell finds around it during a step: the electrolyte above the particles.
#pragma once

namespace seccm::models {

struct Surroundings {
  double series_resistance = 0.0;     ///< Ohm, pipette and access
  double electrolyte_activity = 1.0;  ///< a_e of lithium at the surface: multiplies the cathodic branch of every rate
  /// V, the liquid at the surface against that at the reference electrode, without the ohmic drop; comes off E.
  double electrolyte_potential = 0.0;
};

}  // namespace seccm::models
