// A whole potential program on one cell by the reference engine: the complete differential-algebraic system
// (models/reference/reference_system.hpp) with variable order and step under error control; by CVODES instead of IDAS
// where no unknown is algebraic (models/reference/particle_ode.hpp). The measure for the fast
// engine, and the way to sensitivities of a current with respect to any number of the cell.
//
// Corners and jumps of the program are stop times with consistent values behind them; a change of the direction of
// `per_direction` is an event that is found, behind which D changes. Rows stand at the same instants as those of
// `simulate`. With a liquid that changes, its salt and its footprint are part of the system (salt_block.hpp,
// gold_block.hpp) and `Trace::liquid` has its rows. Behind a jump without resistance the charge of the capacitances is
// booked, no row holds its current.
//
// Error against the limit of small tolerances, measured over random cells (docs/physics-reference.md): below 1000
// `relative` times I0, the unit of the currents, with one lattice. I0 leaves a second lattice out: there below 2100
// `relative` times the larger of I0 and the peak.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/engine/simulate.hpp"
#include "models/reference/reference_spec.hpp"
#include "sim/jacobian_pattern.hpp"

namespace seccm::models {

struct ReferenceOptions {
  double relative = 1e-7;  ///< tolerance; the absolute ones follow, in units of the cell's own currents
  sim::LinearAlgebra linear = sim::LinearAlgebra::klu;  ///< KLU of voxels is in the order of AMD
  long most_steps = 200000;                             ///< between two corners
  bool as_algebraic = false;                            ///< IDAS even where no unknown is algebraic
  std::vector<std::string> sensitivities;               ///< names of models/reference/parameter_path.hpp
};

/// The balance of the salt: excess + left = 0, to the precision of Newton's method.
struct SaltRow {
  double excess = 0.0;  ///< in the pipette beyond that at c0, mol
  double left = 0.0;    ///< into the bulk since the start, mol
};

struct ReferenceRun {
  Trace trace;
  /// di/dp at every row, A per SI unit, one column per name of `sensitivities`. Relative error of F_p: 1e-9 (central
  /// difference of the residual); of the whole: that of the tolerance.
  std::vector<std::vector<double>> sensitivity;
  std::vector<SaltRow> salt;  ///< at every row, with a salt that moves
  double current_unit = 0.0;  ///< A, of which `relative` is the absolute tolerance of a current
  sim::IntegratorStatistics statistics;
};

/// Throws InputError for a cell or a liquid it can not describe, SolverError with the time, the unknown and its
/// residual where the tolerance can not be met, and where the salt at the surface precipitates or is used up. `liquid`:
/// null, or what stands above the cell.
ReferenceRun run_reference(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options = {},
                           const std::function<bool(double)>& progress = {}, const ElectrolyteSpec* liquid = nullptr);

/// The system of a spec as it stands, by IDAS: of a cluster resolved in voxels, `reference_spec(cluster)`.
ReferenceRun run_reference(const ReferenceSpec& spec, const sim::Waveform& program,
                           const ReferenceOptions& options = {}, const std::function<bool(double)>& progress = {});

Trace simulate_reference(const Cell& cell, const sim::Waveform& program, const ReferenceOptions& options = {},
                         const std::function<bool(double)>& progress = {});

}  // namespace seccm::models
