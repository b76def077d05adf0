// Solves one implicit step of a cell for the surface fillings, the particle potentials and the shared potential.
// Internal to models/cell.
#pragma once

#include <vector>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_state.hpp"
#include "models/cell/cluster_kernels.hpp"
#include "models/cell/water_reservoir.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

/// One term of the shared node: its current and its slope in φ.
struct NodeCurrent {
  double current = 0.0;
  double slope = 0.0;
};

class StepSolver {
 public:
  StepSolver(const CellSpec& spec, const CellLayout& layout);

  /// Prepares the step from `state` to the applied potential E; a and B of the lattices are in place.
  void begin(const CellState& state, double E, double dt, sim::StepScheme scheme, const double* B_first,
             const double* B_second);
  /// Returns the number of Newton iterations. Throws SolverError.
  int solve();

  [[nodiscard]] double phi() const { return phi_; }
  [[nodiscard]] double reservoir(double phi) const;
  [[nodiscard]] NodeCurrent gold(double phi) const;
  [[nodiscard]] NodeCurrent water(double phi) const;
  [[nodiscard]] NodeCurrent ferrocene(double phi) const;
  [[nodiscard]] long fallbacks() const { return fallbacks_; }

  [[nodiscard]] HostLanes first();
  [[nodiscard]] HostLanes second();
  [[nodiscard]] HostLanes surface();
  [[nodiscard]] ParticleLanes particles();

  std::vector<double> a_first, a_second;      ///< written by the caller before `begin`
  std::vector<double> y, y_second, coverage;  ///< unknowns
  std::vector<double> potential;

 private:
  struct Moves {
    double potential;
    double filling;
  };
  Moves newton_step();
  void linearise_hosts();
  [[nodiscard]] NodeCurrent node(double phi) const;
  void guess(const CellState& state);

  // The slow road: nested bracketing, for steps on which Newton's method does not settle.
  void solve_by_bracketing();
  double particle_current(std::size_t lane, double p);
  double particle_current_behind_contact(std::size_t lane, double phi);

  const CellSpec* spec_;
  const CellLayout* layout_;
  WaterReservoir water_;
  double E_ = 0.0;
  double phi_ = 0.0;
  double dt_ = 0.0;
  sim::StepScheme scheme_;
  double time_ = 0.0;
  double phi_last_ = 0.0;
  double phi_history_ = 0.0;
  double reservoir_last_ = 1.0;
  double reservoir_history_ = 0.0;
  long fallbacks_ = 0;
  double worst_drop_ = 0.0;
  const double* B_first_ = nullptr;
  const double* B_second_ = nullptr;
  std::vector<double> k_first_, k_second_, k_surface_;
  std::vector<double> a_surface_, B_surface_;
  std::vector<double> dy0_, dyp_, dy0_second_, dyp_second_, dy0_surface_, dyp_surface_;
  std::vector<double> current_, conductance_, dp0_, dpphi_, history_, capacitance_;
};

}  // namespace seccm::models
