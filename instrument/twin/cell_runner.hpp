// Electrochemistry in step with the frames: one landed cell, advanced in the engine's own steps and read in between.
//
// The potential comes in legs, linear in time against the quasi-reference electrode; the cell sees E_vs_Li = E_vs_QRCE
// + offset(t). A sweep is cut into equal steps of at most `numerics.potential_step`, a hold into steps that double from
// 0.25 ms to `numerics.hold_step` behind a jump. Between step ends the charge Q(t) is the cubic through both charges
// and both currents, whose derivative the frames average: the sum over frames is the charge of the engine. Only the
// first step behind a corner knows no current at its start: there the current runs linearly.
//
// A leg that ends early (abort) has already taken the step that it is in; the new leg starts from that step's end state
// (at most one step of lead, and no charge appears or is lost in the frames).
#pragma once

#include <memory>
#include <vector>

#include "models/engine/cell_engine.hpp"
#include "models/qrce/qrce.hpp"
#include "sim/turning_points.hpp"

namespace seccm::instrument::twin {

inline constexpr double first_hold_step = 0.25e-3;  ///< s, behind a jump

class CellRunner {
 public:
  /// What a runner has to know of the cell that its engine answers for.
  struct Steps {
    models::NumericsParameters numerics;
    double x_max = 0.5;     ///< of the material
    double capacity = 0.0;  ///< mol, of one lattice of the particles that x is of, at y = 1; 0: none
    double filling = 0.0;   ///< their mean y at the start
  };
  /// The engine is at rest at the potential applied at `t`. Keeps a reference to `reference`.
  CellRunner(std::unique_ptr<models::CellEngine> engine, const Steps& steps, const models::Qrce& reference, double t,
             double E_vs_QRCE);

  /// From `t` on the potential runs from E_vs_QRCE at `slope` for at least `duration` s. A potential that differs from
  /// the present one is a jump.
  void begin_leg(double t, double E_vs_QRCE, double slope, double duration);
  /// For potentials whose next change nobody knows: no step goes beyond the time that is asked for, so that a change
  /// finds the cell where it is then.
  void step_to_the_point(bool on) { to_the_point_ = on; }
  /// ∫ i dt since the landing, C, without stray capacitance; t within the leg, not before an earlier call.
  double charge(double t);
  /// Current at the last time asked for, A.
  [[nodiscard]] double current() const;

  [[nodiscard]] const models::CellEngine& engine() const { return *engine_; }
  /// Extremes of the mean x in LixTiO2 at step ends.
  [[nodiscard]] double x_max() const { return x_max_; }
  [[nodiscard]] double x_min() const { return x_min_; }
  /// Its value at contact, then every turning point: what each sweep takes up and gives back.
  [[nodiscard]] std::vector<double> x_turns() const { return turns_.values(); }
  [[nodiscard]] long steps() const { return engine_->counts().steps; }

 private:
  void step();
  [[nodiscard]] double step_length() const;
  [[nodiscard]] double interpolated(double t) const;
  void note_filling();

  std::unique_ptr<models::CellEngine> engine_;
  models::NumericsParameters numerics_;
  const models::Qrce& reference_;

  double leg_start_, leg_end_, leg_E_, slope_ = 0.0;
  double E_now_;
  double ramp_step_ = 0.0;
  double hold_step_;
  double begin_t_, end_t_;                          // of the step taken last
  double begin_charge_ = 0.0, end_charge_ = 0.0;    // C, engine
  double begin_current_ = 0.0, end_current_ = 0.0;  // A
  bool corner_ = true;
  bool to_the_point_ = false;
  double shift_ = 0.0;  // frames' charge minus engine's charge
  double asked_t_;
  double x_start_, x_per_charge_, x_max_, x_min_;
  sim::TurningPoints turns_;
};

}  // namespace seccm::instrument::twin
