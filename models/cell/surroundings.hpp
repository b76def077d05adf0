// What a cell finds around it during a step: the electrolyte above the particles, and what else hangs on the metal.
#pragma once

namespace seccm::models {

/// One term of the shared node: its current (A, anodic positive) and its slope in φ (A/V).
struct NodeCurrent {
  double current = 0.0;
  double slope = 0.0;
};

/// What draws current from the metal behind the series resistance beside the cell itself: gold that the meniscus has
/// come to wet. By the formula of the step; no part of the currents and charges of the cell.
class MetalLoad {
 public:
  MetalLoad() = default;
  virtual ~MetalLoad() = default;
  MetalLoad(const MetalLoad&) = default;
  MetalLoad& operator=(const MetalLoad&) = default;
  MetalLoad(MetalLoad&&) = default;
  MetalLoad& operator=(MetalLoad&&) = default;

  /// At the end of the step, the slope >= 0.
  [[nodiscard]] virtual NodeCurrent at(double phi) const = 0;
};

struct Surroundings {
  double series_resistance = 0.0;     ///< Ohm, pipette and access
  double electrolyte_activity = 1.0;  ///< a_e of lithium at the surface: multiplies the cathodic branch of every rate
  /// V, the liquid at the surface against that at the reference electrode, without the ohmic drop; comes off E.
  double electrolyte_potential = 0.0;
  const MetalLoad* load = nullptr;  ///< none
};

}  // namespace seccm::models
