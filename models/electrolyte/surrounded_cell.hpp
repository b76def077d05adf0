// A cell and the liquid above it, advanced together.
//
// At the end of each step the salt at the surface and the current of the cell belong to each other: the electrolyte
// returns, for a current i, its resistance R, the activity a_e and the diffusion potential E_d at the surface; the cell
// solves with
//   E - E_d - φ = R (i_cell + i_grown),   cathodic branch of every rate times a_e
// with i_grown a function of φ, and returns its current. A bracketed secant in i closes the loop to 1e-10 of c0; a
// small current needs one pass. Both take the same formula of second order in time, and the electrolyte receives the
// charge that the cell has passed:
//   F Δ(salt of the column) = charge of the cell - charge that Li+ carries through the far end,    to round-off.
// E is against Li/Li+ in the bulk, at c0, where the quasi-reference electrode is. The stray capacitance does not see
// the liquid. [cell] series_resistance is in series with the column.
//
// SolverError, with time and numbers: the salt at the surface is beyond its solubility or used up, no current closes
// the loop, or what the cell throws. Nothing is allocated after the first steps.
#pragma once

#include <optional>

#include "models/cell/cell_stepper.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/electrolyte/salt_stepper.hpp"
#include "models/electrolyte/spreading_gold.hpp"

namespace seccm::models {

class SurroundedCell {
 public:
  /// At rest at a potential, the liquid uniform. Keeps a reference to the cell. `water_left`: share of the trace water
  /// that its gold still has.
  SurroundedCell(const Cell& cell, const ElectrolyteSpec& spec, double E_vs_Li, double water_left = 1.0);

  void advance(double E_vs_Li_end, double dt);
  void jump(double E_vs_Li);
  /// The program has a corner here: the next step starts without history.
  void corner() { smooth_ = false; }

  [[nodiscard]] const CellState& cell_state() const { return stepper_.state(); }
  [[nodiscard]] double time() const { return stepper_.state().time; }
  [[nodiscard]] CellCurrents currents() const;  ///< at the end of the last step, A; with the grown gold
  [[nodiscard]] CellCurrents charge() const;    ///< since rest, C
  /// The surface: without transport a concentration c0, an activity of 1.
  [[nodiscard]] const SaltTip& tip() const { return used_; }
  [[nodiscard]] double series_resistance() const;  ///< Ohm, of the last step
  [[nodiscard]] const SaltStepper* salt() const { return salt_ ? &*salt_ : nullptr; }
  [[nodiscard]] const SpreadingGold& gold() const { return gold_; }
  [[nodiscard]] long passes() const { return passes_; }  ///< of the loop, since rest

 private:
  /// Cell and grown gold with the surroundings of `current`; the ionic current by the formula of the step.
  double answer(double current, double E, double dt, const sim::StepScheme& scheme);
  void step(double E, double dt);
  void close(double E, double dt, const sim::StepScheme& scheme);
  void accept(double dt);
  [[noreturn]] void fail(const char* what, double dt) const;

  const Cell* cell_;
  ElectrolyteSpec spec_;
  CellStepper stepper_;
  CellState start_;  ///< of the step
  std::optional<SaltStepper> salt_;
  SpreadingGold gold_;
  SaltTip used_;
  CellCurrents grown_charge_;
  double current_ = 0.0, current_before_ = 0.0;  ///< ionic, A
  double step_charge_ = 0.0, trial_charge_ = 0.0;
  double last_step_ = 0.0, ratio_ = 0.0;            ///< s; of the step over the last one, 0 without history
  double since_corner_ = 0.0, last_advance_ = 0.0;  ///< s
  bool smooth_ = false;
  long passes_ = 0;
};

}  // namespace seccm::models
