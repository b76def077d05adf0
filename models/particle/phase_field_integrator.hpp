// Carries Cahn-Hilliard particles over one interval of time after another, each in inner steps of its own length.
//
// Phase separation is sudden, so the inner step follows the solution: BDF2 of variable step with an estimate of its
// local error from third differences; an inner step that Newton's method can not solve, or whose estimate exceeds the
// tolerance, is repeated with a shorter one. The first inner step behind a jump is backward Euler. The potential of a
// particle runs linearly through the interval, or is held at its end value behind a jump.
//
// The caller may try several end potentials for the same interval: `run` gives what each particle took up and its exact
// derivative with the end potential. Inner steps are chosen in the first run and kept in the following ones, so that
// the response is smooth. What was taken up is read from the profiles; lithium is conserved to round-off whatever the
// tolerance.
//
// Nothing is allocated after construction. Throws SolverError naming time, particle and residual where inner steps of
// 1e-9 of the interval do not help.
#pragma once

#include <span>
#include <vector>

#include "models/particle/phase_field_model.hpp"

namespace seccm::models {

class PhaseFieldIntegrator {
 public:
  /// Keeps a reference to the model. An infinite tolerance makes each interval one inner step.
  explicit PhaseFieldIntegrator(const PhaseFieldModel& model);
  PhaseFieldIntegrator(const PhaseFieldModel& model, double tolerance);

  /// An interval of length dt from `from`, which must stay as it is until `accept`. jump: the potential is the end
  /// potential throughout, the history is forgotten. activity: a_e of the electrolyte at the surface.
  void begin(const PhaseFieldState& from, double time, double dt, double activity, bool jump);
  /// Runs all particles to the end of the interval, their potentials ending at `potential` (V, per lane).
  void run(std::span<const double> potential);

  /// Per lane since `begin`: change of the mean filling, summed over the lattices; and its derivative, 1/V.
  [[nodiscard]] std::span<const double> filled() const { return filled_; }
  [[nodiscard]] std::span<const double> slope() const { return slope_; }
  /// The same change as booked from the surface reaction: differs by what Newton's method left.
  [[nodiscard]] std::span<const double> reacted() const { return reacted_; }
  /// Surface filling of the first lattice, per lane.
  [[nodiscard]] std::span<const double> surface() const { return surface_; }
  /// Rate of the surface reaction at the end, as d<y>/dt (1/s) summed over the lattices, per lane.
  [[nodiscard]] std::span<const double> rate() const { return rate_; }

  /// Follows a small change of the end potentials to first order.
  void move(std::span<const double> change);
  /// The state at the end of the interval.
  void accept(PhaseFieldState& to);

  struct Counts {
    long inner_steps = 0;  ///< accepted, lane by lane
    long rejected = 0;
    long newton_passes = 0;  ///< of a block
  };
  [[nodiscard]] Counts counts() const { return counts_; }

 private:
  struct Work;   // arrays of one block
  struct Lanes;  // what the lanes of a block do at the moment
  void run_block(std::size_t block, std::span<const double> potential);
  bool try_block(std::size_t block, std::span<const double> potential, bool replay);
  void start_block(std::size_t block, Lanes& lanes);
  bool choose_steps(std::size_t block, Lanes& lanes, bool replay) const;
  void prepare(std::size_t block, std::span<const double> potential, Lanes& lanes, bool replay);
  void solve(std::size_t block, Lanes& lanes);
  void judge(Lanes& lanes, bool replay);
  void take_steps(std::size_t block, Lanes& lanes);
  void finish_block(std::size_t block, const Lanes& lanes);
  [[nodiscard]] phase_field::BlockArrays arrays();

  const PhaseFieldModel* model_;
  double tolerance_;
  const PhaseFieldState* from_ = nullptr;
  double time_ = 0.0, dt_ = 0.0, activity_ = 1.0;
  bool jump_ = false;
  bool first_run_ = true;
  PhaseFieldState result_;
  std::vector<double> tangent_;  // of result_.y
  std::vector<double> filled_, slope_, reacted_, surface_, rate_;
  std::vector<double> sequence_;  // [lane][step]: inner steps of the first run
  std::vector<int> steps_;        // per lane; -1: too many to keep
  // Work space of one block.
  std::vector<double> y_, y0_, y1_, history_, excess_, matrix_, change_, column_, curve_, curve0_, tangent0_, tangent1_;
  Counts counts_;
};

}  // namespace seccm::models
