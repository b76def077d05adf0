// Advances a cell in steps.
//
// A step is implicit and of second order (BDF2); the first one behind a corner, a jump or a change of the step size is
// one backward-Euler step, which keeps the second order. With a history it is of that order. Every host eliminates its
// own unknowns (with a constant D once per step size, y_s = a + B q), the wiring eliminates the particle potentials,
// and what remains is Newton's method for the potential of the metal. Nothing is allocated after the first step of a
// given dt.
#pragma once

#include <memory>

#include "models/cell/cell_model.hpp"
#include "models/cell/step_history.hpp"
#include "models/cell/surroundings.hpp"

namespace seccm::models {

class CellStepper {
 public:
  /// Keeps a reference to the cell. The state must come from `cell.rest` or from another stepper of the same cell.
  CellStepper(const Cell& cell, CellState state);
  ~CellStepper();
  CellStepper(CellStepper&&) noexcept;
  CellStepper& operator=(CellStepper&&) noexcept;

  /// One step of length dt > 0 to the potential E_vs_Li_end, linear in between. A change of slope of more than 0.1 %
  /// counts as a corner; a smaller one (a drifting reference) does not.
  /// Throws InputError for a non-finite potential or dt, SolverError naming time and residual if no solution is found,
  /// not even in steps a thousandth as long; the state is then the last one that was solved.
  void advance(double E_vs_Li_end, double dt);
  /// One step with BDF of the given order over a history that ends at the present state and is dt apart. Returns false
  /// where no solution is found: the state is then to be restored.
  bool try_advance(double E_vs_Li_end, double dt, StepHistory& history, int order);
  /// In ten steps, without what stands behind. Throws as `advance`.
  void advance_in_pieces(double E_vs_Li_end, double dt);

  /// What surrounds the cell from the next step on. Until then: the series resistance of the spec, an activity of 1.
  /// Throws InputError unless resistance >= 0 and activity > 0.
  void surround(const Surroundings& surroundings);

  /// Back to a state that this stepper has had. Throws InputError for that of another cell.
  void restore(const CellState& state);

  /// The applied potential jumps; no time passes. The charge of the stray capacitance is booked, its current is not.
  void jump(double E_vs_Li);

  [[nodiscard]] const CellState& state() const;
  /// Currents at the end of the last step; zero at rest.
  [[nodiscard]] CellCurrents currents() const;
  /// Mean currents over the last step: what an integrating amplifier reads.
  [[nodiscard]] CellCurrents mean_currents() const;

  /// Counts since construction, for benches and tests.
  struct Counts {
    long steps = 0;
    long newton_iterations = 0;
    long eliminations = 0;
    long fallbacks = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::models
