// Sixteen members of an ensemble side by side: all that a step reads and writes. Internal to models/ensemble.
#pragma once

#include <vector>

#include "models/ensemble/ensemble_cell.hpp"
#include "models/ensemble/ensemble_program.hpp"
#include "models/ensemble/ensemble_sensitivity.hpp"
#include "models/material/open_circuit.hpp"
#include "sim/radial_mesh.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

inline constexpr int block_lanes = 16;
inline constexpr int block_rows = 64;  ///< steps between two looks of an observer

struct alignas(64) LaneRow {
  double at[block_lanes] = {};
  double& operator[](std::size_t lane) { return at[lane]; }
  double operator[](std::size_t lane) const { return at[lane]; }
};

/// The elimination of one scheme at the step size in force: as sim::RadialElimination, with D and dt of each lane.
struct BlockElimination {
  std::vector<LaneRow> pivot;
  LaneRow slope;  ///< B of y_s = a + B q
};

/// The derivative of the state by one parameter.
struct BlockTangent {
  TangentSeed seed;
  std::vector<LaneRow> profile, before;
  LaneRow p, p_before, step_charge, charge;
  LaneRow at_window;  ///< charge where the sampling window of a tread opens
};

struct EnsembleBlock {
  EnsembleBlock(const EnsembleFrame& frame, const sim::RadialMesh& mesh, const std::vector<EnsembleParameter>& by);

  /// Puts up to sixteen cells into the lanes, at rest at E; lanes beyond repeat the last one.
  void rest(const EnsembleCell* first, std::size_t count, double E);
  /// Eliminates for a step size and formula, unless they are the ones in force.
  void set_step(double dt, const sim::StepScheme& scheme);
  /// Mean y of the lane's particles.
  [[nodiscard]] double mean_filling(std::size_t lane) const;

  // The mesh and what is common.
  const sim::RadialMesh* mesh;
  IsothermKind law;
  AnatasePlateauLaw plateau;
  double f = 0.0;       ///< F/(RT), 1/V
  bool linear = false;  ///< ideal law and no resistance in any lane: the step is linear

  // The members.
  LaneRow radius, D, k0, alpha, E0, g, scale, resistance, capacitance, own_capacitance, stray, time_scale;

  // The step size in force.
  double dt = 0.0;
  double now = 0.0;                                  ///< of the formula in force
  LaneRow lane_dt, lambda, flux_scale, susceptance;  ///< R²/(D dt), R/D, C/dt
  BlockElimination elimination;

  // The state.
  double E = 0.0;
  std::vector<LaneRow> profile, before;
  LaneRow y, y_before, p, p_before;
  LaneRow step_charge, charge;           ///< of i, C; what passes the stray capacitance is not in it
  LaneRow step_lithium, lithium_charge;  ///< of s q
  std::vector<BlockTangent> tangents;

  // Scratch of a step.
  LaneRow a, q, move;
  LaneRow p_history;          ///< last p^n + before p^(n-1)
  LaneRow at_rest, coupling;  ///< p = at_rest - coupling q
  LaneRow by_filling, by_potential, overpotential;
  std::vector<LaneRow> change;  ///< now y^(n+1) + last y^n + before y^(n-1); only with tangents

  // Results of the last strides: [row] and [row][parameter].
  std::vector<LaneRow> current, slopes;
};

/// A few steps of one run, all with one scheme.
struct Stride {
  const EnsembleRun* run = nullptr;
  double first = 0.0;   ///< the first step ends at run->potential(first + length)
  double length = 1.0;  ///< of a step over that of the run
  int count = 0;
  double ratio = 1.0;  ///< of a step over the one before; 0: backward Euler
  int row = 0;         ///< of the first result
};

/// The formula of a step `ratio` times as long as the last one; 0: that there is none.
constexpr sim::StepScheme scheme_of(double ratio) {
  if (ratio == 0.0) return sim::backward_euler;
  return ratio == 1.0 ? sim::bdf2 : sim::bdf2_after(ratio);
}

/// Which compiled form of the kernels runs.
enum class Instructions { best, baseline, avx2, avx512 };
bool machine_has(Instructions instructions);

/// Advances the block; results go to `current` and `slopes` from row `stride.row`. Returns the number of Newton
/// iterations. A lane without a solution leaves a current that is not finite.
long advance(EnsembleBlock& block, const Stride& stride, Instructions instructions = Instructions::best);

/// The flux of a lane by bracketing, for steps on which Newton's method does not settle; sets y, p and q.
void solve_lane_by_bracketing(EnsembleBlock& block, std::size_t lane, double B);

}  // namespace seccm::models
