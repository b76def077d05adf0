// Transport of a binary salt along a SaltColumn, by the theory of concentrated solutions.
//
// The anion does not react: its flux M through each cross-section (mol/s, away from the surface) is the balance of
//
//   A ∂c/∂t = -∂M/∂l,     M = -A D(c) ∂c/∂l - (1 - t+(c)) i/F - Q c,     M = 0 at the surface, c = c0 at the bulk
//
// c salt concentration (mol/m³), i ionic current (A, anodic positive: it brings Li+ into the liquid), Q the solvent
// that evaporates at the rim of the droplet and is drawn down the cone (m³/s). Divergence form of
// ∂c/∂t = div(D grad c) - i·grad t+/F - v·grad c. Not in it: the volume of salt and solvent that comes with the flux,
// and species other than the salt; every ionic current counts as lithium's.
//
// In the geometric resistance s a face between two cells has the flux that is exact for a steady state of constant
// properties, M + (1 - t+) i/F = (D/Δs)[B(P) c_k - B(-P) c_(k+1)], P = Q Δs/D, B(P) = P/(e^P - 1): second order,
// monotone at any flow, and steady states of constant properties come out to round-off, with or without evaporation.
// D(c), t+(c) of the end of the step by iteration; the rows sum to d(salt)/dt = -M(bulk) whatever the iteration does.
//
//   steady state without flow     c_tip = c0 + (1 - t+) i s/(F D)
//   without current               c_tip = c0 e^Pe,  Pe = Q s/D,   s = SaltColumn::resistance()
//
// Throws SolverError if the iteration does not settle. Nothing is allocated by `solve` and `accept`.
#pragma once

#include <memory>
#include <vector>

#include "models/electrolyte/salt_column.hpp"
#include "models/electrolyte/salt_properties.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

struct SaltState {
  /// c - c0, mol/m³, from the surface to the bulk: the salt of the whole cone would drown what a step moves.
  std::vector<double> excess, excess_before;
  double time = 0.0;       ///< s
  double left = 0.0;       ///< salt that left into the bulk since the start, by the formula of the steps, mol
  double step_left = 0.0;  ///< in the last step
};

/// What the electrode finds at the surface.
struct SaltTip {
  double concentration = 0.0;        ///< mol/m³; may fall below 0 when the current asks for more salt than there is
  double resistance = 0.0;           ///< ∫ ds/κ(c), Ohm
  double activity = 1.0;             ///< relative to the bulk; of the floor below it
  double diffusion_potential = 0.0;  ///< V, the surface against the bulk
};

class SaltStepper {
 public:
  /// Rests at the uniform concentration c0.
  SaltStepper(SaltColumn column, SaltProperties properties, double flow);

  /// The end of a step of length dt with the current i at its end; the state stays as it was.
  const SaltTip& solve(double current, double dt, const sim::StepScheme& scheme);
  /// Makes the last solution the state.
  void accept();

  [[nodiscard]] const SaltState& state() const { return state_; }
  [[nodiscard]] const SaltTip& tip() const { return tip_; }  ///< of the last solution
  [[nodiscard]] double excess() const;                       ///< salt in the column beyond that at c0, mol
  [[nodiscard]] const SaltColumn& column() const { return column_; }
  [[nodiscard]] const SaltProperties& properties() const { return properties_; }
  [[nodiscard]] double flow() const { return flow_; }
  /// Below this concentration properties are held: 1e-6 c0.
  [[nodiscard]] double floor() const { return floor_; }

 private:
  void set_faces(double current);
  void solve_rows(double dt, const sim::StepScheme& scheme);
  void set_tip(double current);
  /// Mean of 1/κ between two concentrations, κ linear in s between them: exact for κ constant or proportional to c.
  [[nodiscard]] double resistivity(double a, double b) const;

  SaltColumn column_;
  SaltProperties properties_;
  double flow_;
  double floor_;
  SaltState state_;
  SaltTip tip_;
  std::vector<double> trial_, guess_;       ///< c - c0
  std::vector<double> near_, far_, drift_;  ///< of each outer face: M = near c_k - far c_(k+1) - drift
  std::vector<double> pivot_, history_;
  double dt_ = 0.0;
  sim::StepScheme scheme_;
};

}  // namespace seccm::models
