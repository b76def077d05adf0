// State of a cell: a copyable value. The profiles are stored in the layout of the cell that made it; read them
// through `Cell`.
#pragma once

#include <vector>

#include "models/particle/host.hpp"

namespace seccm::models {

/// Currents in A, or charges in C; anodic positive.
struct CellCurrents {
  double total = 0;
  double intercalation = 0;  ///< both lattices of the host
  double double_layer = 0;   ///< TiO2 and gold
  double stray = 0;
  double surface_redox = 0;
  double water = 0;
  double ferrocene = 0;
};

/// (to - from)/time, part by part: the mean current between two charges.
CellCurrents mean_between(const CellCurrents& from, const CellCurrents& to, double time);

struct CellState {
  double time = 0;                 ///< s since rest
  double E_vs_Li = 0;              ///< V, applied
  double electrode_potential = 0;  ///< V, φ: behind the series resistance
  CellCurrents currents;           ///< at `time`
  /// ∫ i dt since rest by the formula that advances the cell: charge.intercalation = -F ΔN(Li) to round-off.
  CellCurrents charge;
  CellCurrents step_charge;  ///< what the last step added

  std::vector<HostState> hosts;  ///< in the order of the cell's hosts; none without particles
  std::vector<double> particle_potential, particle_potential_before;
  double electrode_potential_before = 0;
  double reservoir = 1, reservoir_before = 1;  ///< share of the water that is left

  double last_step = 0;       ///< s
  double last_slope = 0;      ///< V/s
  bool intercalating = true;  ///< which D of `per_direction` is in force
  bool smooth = false;        ///< the last step can serve as history
};

}  // namespace seccm::models
