// The complete differential-algebraic system of a cell, for an integrator with error control. Written from the
// equations of models/cell/cell_spec.hpp in its own words; it shares with the fast engine the parameters, the geometry
// of the mesh and the pointwise laws D(y) and Marcus-Hush-Chidsey, nothing of its time stepping or algebra.
//
// Unknowns: per lattice of a particle the cells y_1..y_N, the surface filling y_s and the flux q (over q0); per
// particle the coverage θ of a kinetic surface redox, and its whole drop d = E - p if it has a contact resistance; the
// water reservoir ρ; the current I through the series resistance and its charge Q (over I0). Equations:
//
//   R² V_j y_j' = τ_(j+1) (Φ_(j+1) - Φ_j) - τ_j (Φ_j - Φ_(j-1)),      the outermost face: - q R        Φ = ∫ D dy
//   Φ(y_s) = Φ_N + w (Φ_N - Φ_(N-1)) - s q R                          (w, s of `RadialMesh`)
//   y_s = σ(-z) + q h(z),      z = F(p - ρ_f q - E0)/RT - w(y_s)       σ(x) = 1/(1 + e^-x), h = 1/(k (κ_out + κ_in))
//   θ' h_s(z_s) = σ(-z_s) - θ                                          z_s = F(p - E0_s)/RT + g (θ - 1/2)
//   d = R I + R_k i_k,      i_k = F c_max A Σ q + C_k p' - Q_s θ'      p = E - d, or φ without a contact resistance
//   ρ' = ρ (dS/dE)/S min(φ', 0)
//   I = Σ i_k + C_gold φ' + Q_w ρ' + i_Fc(φ)                           φ = E - R I
//   Q' = I
//
// The rate law is solved for y_s: a form that stays of order one from irreversible to reversible. A surface redox in
// equilibrium at all times is a capacitance Q_s dθ/dp (and so no unknown). Potentials as drops keep the current as
// precise over 1 Ohm as over 1e12. Where a capacitance that vanishes would change the kind of an unknown with the
// potential (a redox layer in equilibrium without double layer, water without one on gold), it is at least 1 ns over
// the resistance or 1e-9 I0 over the scan rate, whichever is less: it carries at most a billionth of the currents.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/cell/cell_state.hpp"
#include "models/cell/water_reservoir.hpp"
#include "models/material/diffusivity.hpp"
#include "models/material/marcus_hush_chidsey.hpp"
#include "models/reference/jacobian_assembler.hpp"
#include "sim/dae_solver.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

/// The applied potential on one segment of a program.
struct Ramp {
  double time = 0.0;
  double E = 0.0;
  double slope = 0.0;
  [[nodiscard]] double at(double t) const { return E + slope * (t - time); }
};

/// Units of the scaled unknowns; shared by a system and its neighbours in parameter space.
struct ReferenceUnits {
  double scan_rate = 1.0;      ///< V/s
  double current = 1.0;        ///< I0, A
  double intercalation = 0.0;  ///< of all first lattices, A
  std::vector<double> flux;    ///< q0 of the first lattice, m/s, per particle
  std::vector<double> second_flux;
};
ReferenceUnits reference_units(const CellSpec& spec, double scan_rate);

class ReferenceSystem final : public sim::DaeSystem {
 public:
  /// `mesh` is that of the cell. Throws InputError for what `Cell` refuses.
  ReferenceSystem(const CellSpec& spec, const sim::RadialMesh& mesh, ReferenceUnits units);

  [[nodiscard]] const sim::JacobianPattern& pattern() const override { return pattern_; }
  [[nodiscard]] std::span<const char> differential() const override { return differential_; }
  void residual(double t, std::span<const double> u, std::span<const double> du, std::span<double> r) override;
  void jacobian(double t, std::span<const double> u, std::span<const double> du, double by_state, double by_rate,
                std::span<double> values) override;
  [[nodiscard]] std::string name(std::size_t unknown) const override;
  /// The sign of the intercalation current, where D depends on it; the ends of the plateau, of every particle.
  [[nodiscard]] std::size_t events() const override;
  void event(double t, std::span<const double> u, std::span<const double> du, std::span<double> g) override;

  /// The plateau law is followed on the branch where y_s stands, beyond its end until an event says so: then every
  /// branch is smooth. `settle_branches` chooses them from u and returns whether one changed; before the first call,
  /// and after `free_branches`, the law is taken as it stands.
  bool settle_branches(std::span<const double> u);
  void free_branches();
  /// Those of another cell with as many particles.
  void follow_branches(const ReferenceSystem& other);
  [[nodiscard]] bool depends_on_direction() const { return spec_.material.diffusion == DiffusionKind::per_direction; }
  /// The lithium current runs against the direction whose D is in force.
  [[nodiscard]] bool runs_against(std::span<const double> u) const;

  Ramp ramp;
  bool intercalating = true;  ///< which D of `per_direction` is in force
  double event_margin = 0.0;  ///< of `intercalation`: the direction changes beyond it

  /// At rest at E: see `Cell::rest`.
  [[nodiscard]] std::vector<double> rest(double E) const;
  /// The unknowns behind a jump of E: capacitances keep their charge where a resistance stands before them; what passes
  /// without one is booked in Q.
  void jump(double E_before, double E_after, std::vector<double>& u) const;
  /// Absolute tolerances for a relative one.
  [[nodiscard]] std::vector<double> tolerances(double relative) const;

  /// Currents in A; the total without the stray capacitance is that of the unknown I.
  [[nodiscard]] CellCurrents currents(double t, std::span<const double> u, std::span<const double> du) const;
  /// Charges that passed since rest at E_rest, C: each from its own state, the total from the unknown Q, ferrocene the
  /// difference.
  [[nodiscard]] CellCurrents charges(double t, std::span<const double> u, double E_rest) const;
  /// mol in all particles.
  [[nodiscard]] double lithium(std::span<const double> u) const;
  /// Both lattices, A.
  [[nodiscard]] double intercalation_current(std::span<const double> u) const;
  /// I0 and where I stands: what a sensitivity of the current is read from.
  [[nodiscard]] double current_unit() const { return units_.current; }
  [[nodiscard]] double intercalation_unit() const { return units_.intercalation; }
  [[nodiscard]] std::size_t current_index() const { return current_; }

 private:
  enum class Branch { as_it_stands, poor, plateau, rich };
  struct Lattice {
    Branch branch = Branch::as_it_stands;
    std::size_t first = 0;  ///< of y_1; then y_s and q follow
    bool is_second = false;
    double k = 0.0;      ///< k0 times the wetted fraction, m/s
    double scale = 0.0;  ///< F c_max A, A per (m/s)
    double film = 0.0;   ///< V per (m/s)
    double unit = 1.0;   ///< q0, m/s
  };
  struct Particle {
    double radius = 0.0;
    double volume = 0.0;          ///< m^3
    double capacitance = 0.0;     ///< F
    double surface_charge = 0.0;  ///< C
    double contact = 0.0;         ///< Ohm
    double initial_filling = 0.0;
    std::vector<Lattice> lattices;
    std::optional<std::size_t> coverage;  ///< θ of a kinetic surface redox
    std::optional<std::size_t> drop;      ///< d, with a contact resistance
  };
  /// A potential and its rate of change.
  struct PotentialRate {
    double p = 0.0;
    double rate = 0.0;
  };
  /// Through which unknown, and how, a potential moves.
  struct Column {
    std::size_t unknown = 0;
    double slope = 0.0;
  };
  struct Reaction {
    double formal = 0.0;        ///< σ(-z)
    double formal_slope = 0.0;  ///< d/dz
    double lag = 0.0;           ///< h
    double lag_slope = 0.0;
  };
  struct Layer {
    double coverage = 0.0;
    double capacitance = 0.0;  ///< Q_s |dθ/dp|, F
    double slope = 0.0;        ///< of that in p, F/V
  };

  [[nodiscard]] bool has_plateau() const { return spec_.material.law == IsothermKind::anatase_plateau; }
  void lay_out();
  void assemble(double t, std::span<const double> u, std::span<const double> du);
  void lattice_rows(const Particle& particle, const Lattice& lattice, double p, std::span<const double> u,
                    std::span<const double> du, std::span<double> r) const;
  void lattice_entries(const Particle& particle, const Lattice& lattice, double p, Column column,
                       std::span<const double> u);
  [[nodiscard]] Diffusion diffusion(const Lattice& lattice, double y) const;
  [[nodiscard]] Reaction reaction(const Lattice& lattice, double z) const;
  [[nodiscard]] Reaction reaction(double k, double alpha, double z) const;
  [[nodiscard]] Excess excess(const Lattice& lattice, double y) const;
  [[nodiscard]] Layer equilibrium_layer(const Particle& particle, double p) const;
  [[nodiscard]] double equilibrium_coverage(double p) const;
  void current_entries(const Particle& particle, std::size_t row, double factor, PotentialRate potential,
                       Column column);
  [[nodiscard]] Column column_of(const Particle& particle) const;
  [[nodiscard]] PotentialRate metal(double t, std::span<const double> u, std::span<const double> du) const;
  [[nodiscard]] PotentialRate potential_of(const Particle& particle, double t, std::span<const double> u,
                                           std::span<const double> du) const;
  [[nodiscard]] bool in_equilibrium(const Particle& particle) const {
    return particle.surface_charge > 0.0 && !particle.coverage;
  }
  [[nodiscard]] double particle_current(const Particle& particle, PotentialRate potential, std::span<const double> u,
                                        std::span<const double> du) const;
  [[nodiscard]] double ferrocene(double phi, double* slope = nullptr) const;
  [[nodiscard]] double mean_filling(const Lattice& lattice, std::span<const double> u) const;

  CellSpec spec_;
  sim::RadialMesh mesh_;
  ReferenceUnits units_;
  WaterReservoir water_;
  double f_ = 0.0;
  double gold_capacitance_ = 0.0;
  double water_charge_ = 0.0;
  double node_capacitance_ = 0.0;
  std::optional<VariableDiffusivity> diffusivity_;
  std::shared_ptr<const MarcusHushChidsey> marcus_;
  AnatasePlateauLaw plateau_;
  std::vector<Particle> particles_;
  std::optional<std::size_t> reservoir_;
  std::size_t current_ = 0;
  std::size_t charge_ = 0;
  std::size_t size_ = 0;
  std::vector<char> differential_;
  JacobianAssembler assembler_;
  sim::JacobianPattern pattern_;
};

}  // namespace seccm::models
