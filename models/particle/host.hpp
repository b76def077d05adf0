// The seam between a cell and what takes lithium up inside it. A host is one such domain in every particle of a cell:
// a lattice with Fickian diffusion, a phase field, the sites of its surface. It sits behind the potentials p_k of its
// particles, one lane per particle (padding carries nothing), and tells its current and the slope of the current; the
// wiring (models/cell/wiring.hpp) and the circuit find the potentials.
//
//   begin(state, context)   linearise(p)  update(dp)   linearise(p) ...  update(dp)   accept(state)
//
// Currents in A, anodic positive; potentials in V vs Li/Li+. What a host books satisfies
//   F ΔN = -∫ i dt   with ΔQ^(n+1) = (dt/now) i^(n+1) + carry s^n    (sim/step_scheme.hpp)
// to round-off. Activity a_e of lithium in the electrolyte multiplies the cathodic branch of every rate, so that the
// equilibrium potential moves by (RT/F) ln a_e.
//
// A new host: a state in the variant, a `Host`, a `HostSolver`, one line in models/cell/cell_layout.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "models/particle/phase_field_model.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

/// Fillings in the layout of the host, now and what stands behind them (sim/step_scheme.hpp: in fixed steps those one
/// step before), and at the surface per lane.
struct RadialState {
  std::vector<double> filling, before;
  std::vector<double> surface;
};

struct PhaseFieldHostState {
  PhaseFieldState particles;
  std::vector<double> filled;  ///< per lane: change of the mean filling since rest, summed over the lattices
  std::vector<double> before;  ///< what stands behind it
};

/// A copyable value.
using HostState = std::variant<RadialState, PhaseFieldHostState>;

/// What a step formula differentiates, and what stands behind it; of the same size.
std::span<const double> stored_of(const HostState& state);
std::span<double> behind_of(HostState& state);

struct StepContext {
  double time = 0.0;  ///< s, at the start of the step
  double dt = 0.0;
  sim::StepScheme scheme;
  std::span<const double> predicted;  ///< fillings at the end of the step in the layout of the host; empty: unknown
  bool intercalating = true;          ///< which D of `per_direction` is in force
  double electrolyte_activity = 1.0;  ///< a_e at the surface

  [[nodiscard]] bool has_history() const { return scheme.before != 0.0; }
};

/// The surfaces of a host's particles, for a wiring that lets lithium pass between them (models/network). Per lane, as
/// the last `linearise` left them:
///   y = a + B Q,   Q = q + outflow,   δy = dy0 + dyp δp at this outflow,   δq = δQ - δoutflow
/// with q what the reaction takes and Q what leaves the lattice, m/s outwards.
struct SurfacePort {
  std::span<const double> scale;      ///< current per flux, A per (m/s)
  std::span<const double> B;          ///< < 0, s/m
  std::span<const double> stiffness;  ///< dq/dy of the reaction - 1/B, m/s
  std::span<const double> dyp;        ///< 1/V
  std::span<double> dy0;              ///< the wiring puts its own in before `update`
  std::span<double> outflow;          ///< set by the wiring before `linearise`
};

/// The work space of one stepper. Nothing is allocated once a step size has been met.
class HostSolver {
 public:
  HostSolver() = default;
  virtual ~HostSolver() = default;
  HostSolver(const HostSolver&) = delete;
  HostSolver& operator=(const HostSolver&) = delete;
  HostSolver(HostSolver&&) = delete;
  HostSolver& operator=(HostSolver&&) = delete;

  /// Prepares a step. May use up what the state holds of the step before: a step that is not accepted loses its
  /// history.
  virtual void begin(HostState& state, const StepContext& context) = 0;
  /// ADDS current and slope at the potentials p, the host's own unknowns eliminated.
  virtual void linearise(std::span<const double> p, std::span<double> current, std::span<double> conductance) = 0;
  /// Follows the moves dp of the potentials; a filling moves by at most `limit`. Returns the largest move of a filling.
  virtual double update(std::span<const double> dp, double limit) = 0;
  /// Books the step; returns the summed current at its end.
  virtual double accept(HostState& state) = 0;

  /// Surface filling of the current iterate, per lane.
  [[nodiscard]] virtual std::span<const double> surface() const = 0;
  /// At given potentials one pass is the solution.
  [[nodiscard]] virtual bool one_pass() const = 0;
  /// `current_at` is there.
  [[nodiscard]] virtual bool can_bracket() const { return false; }
  /// Solves one lane at p by bracketing, for the steps on which Newton's method does not settle.
  virtual double current_at(std::size_t /*lane*/, double /*p*/) { return 0.0; }
  /// Back to the fillings with which the step began.
  virtual void restart() {}
  /// Brackets the surface filling of every lane at the potentials p, its diffusion as it is linearised there: before
  /// `linearise`, where Newton's method does not settle. A rate is exponential in what a film or a contact takes.
  virtual void settle_surface(std::span<const double> /*p*/) {}
  /// For a wiring that joins surfaces; null where a host's response is not of that form (Host::can_join). Asked for
  /// once, before the first step.
  virtual SurfacePort* surface_port() { return nullptr; }
  /// Step sizes prepared so far.
  [[nodiscard]] virtual long eliminations() const { return 0; }
};

/// The immutable part; shared by all steppers of a cell.
class Host {
 public:
  Host() = default;
  virtual ~Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  Host(Host&&) = delete;
  Host& operator=(Host&&) = delete;

  [[nodiscard]] virtual std::size_t lanes() const = 0;
  /// Uniform at the given filling per particle.
  [[nodiscard]] virtual HostState rest(std::span<const double> filling, double E_vs_Li) const = 0;
  /// The state is one of this host.
  [[nodiscard]] virtual bool fits(const HostState& state) const = 0;
  /// Sublattices of the same capacity.
  [[nodiscard]] virtual int lattices() const { return 1; }
  /// Mean filling of one sublattice of a particle.
  [[nodiscard]] virtual double mean(const HostState& state, std::size_t particle, int lattice) const = 0;
  /// y at the surface of a particle's first sublattice.
  [[nodiscard]] virtual double surface(const HostState& state, std::size_t particle) const = 0;
  /// y of a particle's first sublattice from the centre to the surface.
  [[nodiscard]] virtual std::vector<double> profile(const HostState& state, std::size_t particle) const = 0;
  [[nodiscard]] virtual std::unique_ptr<HostSolver> solver() const = 0;
  /// Values that `stored_of` its states gives.
  [[nodiscard]] virtual std::size_t stored_size() const = 0;
  /// Highest order of the formula that its own accuracy is worth.
  [[nodiscard]] virtual int highest_order() const { return sim::highest_bdf_order; }
  /// Its solver iterates the fillings, so that a prediction of them helps.
  [[nodiscard]] virtual bool iterates_filling() const { return false; }
  /// Its solver has a surface port.
  [[nodiscard]] virtual bool can_join() const { return false; }
};

}  // namespace seccm::models
