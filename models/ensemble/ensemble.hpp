// Many different cells under one potential program: sixteen side by side in the lanes of the processor, blocks of
// sixteen shared out among the threads.
//
// Every member takes the very steps of `CellStepper` (fixed BDF2, one backward-Euler step behind a corner, flux-form
// surface, elimination precomputed): its current is that of the scalar engine to round-off and the Newton tolerances
// of both, about 1e-11 of the peak. The result does not depend on the number of threads.
//
// The work space is one block per thread; a member costs its parameters and what the observer keeps, whatever the
// number of steps.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "models/ensemble/ensemble_block.hpp"

namespace seccm::models {

struct EnsembleSpec {
  EnsembleFrame frame = {};
  std::vector<EnsembleCell> cells = {};
  std::vector<EnsembleParameter> slopes = {};  ///< di/dp wanted of each member, in this order
  Instructions instructions = Instructions::best;
};

/// Some rows of up to sixteen members. Lane l is member `first + l`.
struct EnsembleRows {
  std::size_t first = 0;             ///< member in lane 0
  std::size_t members = 0;           ///< lanes in use
  std::size_t first_row = 0;         ///< of the program
  std::span<const LaneRow> current;  ///< A, anodic positive; of a staircase the mean over the sampling window
  std::span<const LaneRow> slopes;   ///< [row][parameter], see EnsembleParameter for the units
  std::size_t parameters = 0;

  [[nodiscard]] const LaneRow& slope(std::size_t row, std::size_t parameter) const {
    return slopes[row * parameters + parameter];
  }
};

/// A member at the end of the program.
struct EnsembleEnd {
  std::size_t member = 0;
  double charge = 0.0;          ///< C, ∫ i dt with the stray capacitance
  double lithium_charge = 0.0;  ///< C, ∫ of the intercalation current: -F ΔN(Li) to round-off
  double mean_filling = 0.0;    ///< y
};

/// Called from several threads at once, never twice at once for the same member; rows of a member come in their order.
class EnsembleObserver {
 public:
  virtual ~EnsembleObserver() = default;
  virtual void rows(const EnsembleRows& rows) = 0;
  virtual void end(const EnsembleEnd& /*end*/) {}
};

class Ensemble {
 public:
  /// Throws InputError for no member or one that is out of range; for AVX2 or AVX-512 on a machine without it; for the
  /// slope by g of a law that has none.
  explicit Ensemble(EnsembleSpec spec);

  [[nodiscard]] const EnsembleSpec& spec() const { return spec_; }
  [[nodiscard]] const sim::RadialMesh& mesh() const { return mesh_; }

  /// Counts of a run.
  struct Counts {
    long block_steps = 0;        ///< steps of a block of sixteen
    long newton_iterations = 0;  ///< of a block
  };

  /// Runs all members. `progress` is called every 64 steps of a block, from one thread at a time, with the fraction
  /// done; false stops the run with Cancelled. Throws SolverError naming member, time and potential for a current that
  /// is not finite.
  Counts run(const EnsembleProgram& program, EnsembleObserver& observer,
             const std::function<bool(double)>& progress = {}) const;

 private:
  EnsembleSpec spec_;
  sim::RadialMesh mesh_;
};

}  // namespace seccm::models
