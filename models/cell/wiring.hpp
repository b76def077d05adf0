// How the particles of a cell are wired to the metal. A wiring eliminates the particle potentials p_k: given what each
// particle draws, i_k + G_k δp_k (all its hosts and its double layer), it leaves
//
//   Σ_k into the metal = current + conductance δφ        and        δp_k = dp0_k + (dp/dφ)_k δφ
//
// for the one unknown that is shared, the potential φ of the metal. Anodic currents positive; A, V, Ohm.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace seccm::models {

struct SurfacePort;

/// One value per lane; lanes beyond the particles draw nothing.
struct ParticleLanes {
  std::size_t lanes;
  const double* contact;      ///< Ohm, of CellParticle::contact_resistance
  const double* capacitance;  ///< over dt, A/V
  const double* history;      ///< last p^n + before p^(n-1), V
  double now;                 ///< of the step scheme: i_C = capacitance (now p + history), G_C = capacitance now
  double* p;
  double* current;  ///< of all hosts at p; the double layer is the wiring's to add
  double* conductance;
  double* dp0;
  double* dpphi;
};

/// Σ α_k and Σ β_k of i_k = α_k + β_k δφ.
struct ArrowSums {
  double current;
  double conductance;
};

struct WiringContext {
  double phi = 0.0;        ///< V
  bool phi_fixed = false;  ///< no series resistance: δφ will be 0, dp/dφ is not needed
};

/// The work space of one stepper; nothing is allocated after construction.
class Wiring {
 public:
  Wiring() = default;
  virtual ~Wiring() = default;
  Wiring(const Wiring&) = delete;
  Wiring& operator=(const Wiring&) = delete;
  Wiring(Wiring&&) = delete;
  Wiring& operator=(Wiring&&) = delete;

  /// Before the first step, if the model joins surfaces: those of the first lattice.
  virtual void attach(SurfacePort* /*port*/) {}
  /// Before the hosts are linearised: the surface fillings of the first lattice, per lane.
  virtual void prepare(std::span<const double> /*filling*/) {}
  /// Fills dp0 and dpphi (or what it keeps for `update`).
  virtual ArrowSums eliminate(const ParticleLanes& particles, const WiringContext& context) = 0;
  /// Moves p by at most `limit` each, leaves the moves in dp0, returns the largest.
  virtual double update(const ParticleLanes& particles, double dphi, double limit) = 0;
  /// Every particle hangs on the metal alone, behind its contact resistance.
  [[nodiscard]] virtual bool is_star() const { return false; }
};

/// The immutable part, named by CellSpec::wiring; none there means a star.
class WiringModel {
 public:
  WiringModel() = default;
  virtual ~WiringModel() = default;
  WiringModel(const WiringModel&) = delete;
  WiringModel& operator=(const WiringModel&) = delete;
  WiringModel(WiringModel&&) = delete;
  WiringModel& operator=(WiringModel&&) = delete;

  /// For a cell of that many particles, in lanes >= particles. Throws InputError if they do not fit.
  [[nodiscard]] virtual std::unique_ptr<Wiring> make(std::size_t particles, std::size_t lanes) const = 0;
  /// Lithium passes between the surfaces of particles.
  [[nodiscard]] virtual bool joins_surfaces() const { return false; }
  /// Contacts conduct as their particles fill: particles ignite one by one, each within a fraction of a millivolt.
  [[nodiscard]] virtual bool ignites() const { return false; }
};

/// φ - p_k = R_contact,k i_k: an arrowhead.
class StarWiring final : public Wiring {
 public:
  ArrowSums eliminate(const ParticleLanes& particles, const WiringContext& context) override;
  double update(const ParticleLanes& particles, double dphi, double limit) override;
  [[nodiscard]] bool is_star() const override { return true; }
};

}  // namespace seccm::models
