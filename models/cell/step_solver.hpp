// Solves one implicit step of a cell: Newton's method over its hosts, the wiring of its particles and the shared
// potential. Internal to models/cell.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_state.hpp"
#include "models/cell/step_history.hpp"
#include "models/cell/surroundings.hpp"
#include "models/cell/water_reservoir.hpp"
#include "models/cell/wiring.hpp"
#include "models/particle/host.hpp"

namespace seccm::models {

class StepSolver {
 public:
  StepSolver(const CellSpec& spec, const CellLayout& layout);

  /// Prepares the step from `state` to the applied potential E. Uses up what stands behind the last step. Newton's
  /// method starts from what `history` predicts, or where it is null from the last two steps.
  void begin(CellState& state, double E, const StepContext& context, const Surroundings& surroundings,
             const StepHistory* history);
  /// Returns the number of Newton iterations. Throws SolverError.
  int solve();
  /// Books hosts, potentials and reservoir in `state`; returns the currents at the end, without the stray one.
  CellCurrents accept(CellState& state);

  [[nodiscard]] long fallbacks() const { return fallbacks_; }
  [[nodiscard]] long eliminations() const;

 private:
  struct Moves {
    double potential;
    double filling;
    bool crosses_kink = false;
  };
  /// How much of the moves of one potential is done.
  struct Share {
    double of(double move);
    double value = 1.0, before = 0.0;
    bool tried = false;
  };
  Moves newton_step(bool careful);
  void take_shares(double dphi);
  [[nodiscard]] bool settled(const Moves& moves) const;
  int solve_carefully();
  void guess(const CellState& state, const StepHistory* history);
  void guess_potentials(const CellState& state, const StepHistory* history);
  [[nodiscard]] ParticleLanes particles();
  [[nodiscard]] std::span<const double> filling() const;
  [[nodiscard]] NodeCurrent node(double phi) const;
  [[nodiscard]] NodeCurrent gold(double phi) const;
  [[nodiscard]] NodeCurrent water(double phi) const;
  [[nodiscard]] NodeCurrent ferrocene(double phi) const;
  [[nodiscard]] double reservoir(double phi) const;

  // The slow road: nested bracketing, for steps on which Newton's method does not settle.
  [[nodiscard]] bool can_bracket() const;
  void solve_by_bracketing();
  double particle_current(std::size_t lane, double p);
  double particle_current_behind_contact(std::size_t lane, double phi);

  const CellSpec* spec_;
  const CellLayout* layout_;
  WaterReservoir water_;
  std::vector<std::unique_ptr<HostSolver>> hosts_;
  std::unique_ptr<Wiring> wiring_;
  StepContext context_;
  double E_ = 0.0;
  double phi_ = 0.0;
  double phi_guess_ = 0.0;
  Share phi_share_;
  std::vector<Share> share_;
  double series_resistance_ = 0.0;
  const MetalLoad* load_ = nullptr;
  bool potential_known_ = false;  ///< no resistance anywhere: every particle is at the applied potential
  double phi_last_ = 0.0;
  double phi_history_ = 0.0;
  double reservoir_last_ = 1.0;
  double reservoir_history_ = 0.0;
  long fallbacks_ = 0;
  double worst_drop_ = 0.0;
  std::vector<double> potential_, guess_, current_, conductance_, dp0_, dpphi_, history_, capacitance_;
};

}  // namespace seccm::models
