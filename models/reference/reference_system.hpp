// The complete differential-algebraic system of a cell, for an integrator with error control. Written from the
// equations of models/cell/cell_spec.hpp in its own words; it shares with the fast engine the parameters, the geometry
// of the mesh and the pointwise laws D(y) and Marcus-Hush-Chidsey, nothing of its time stepping or algebra.
//
// Unknowns: per lattice of a particle the cells y_1..y_N, the surface filling y_s and the flux q (over q0); per
// particle the coverage θ of a kinetic surface redox, and its whole drop d = E - p if it has a contact resistance; the
// current I through the series resistance and its charge Q (over I0). Equations:
//
//   R² V_j y_j' = τ_(j+1) (Φ_(j+1) - Φ_j) - τ_j (Φ_j - Φ_(j-1)),      the outermost face: - q R        Φ = ∫ D dy
//   Φ(y_s) = Φ_N + w (Φ_N - Φ_(N-1)) - s q R                          (w, s of `RadialMesh`)
//   y_s = σ(-z) + q h(z),      z = F(p - ρ_f q - E0)/RT - w(y_s)       σ(x) = 1/(1 + e^-x), h = 1/(k (κ_out + κ_in))
//   θ' h_s(z_s) = σ(-z_s) - θ                                          z_s = F(p - E0_s)/RT + g (θ - 1/2)
//   d = (E - φ) + R_k i_k,  i_k = F c_max A Σ q + C_k p' - Q_s θ'      p = E - d, or φ without a contact resistance
//   I = Σ i_k + i_gold(φ) + i_Fc(φ)                                    φ = E - R I
//   Q' = I
//
// Blocks of their own are the hosts of a particle (fick_block.hpp, of the first three rows; phase_field_block.hpp, of
// particles that separate into phases; voxel_block.hpp, of a whole cluster in voxels), the contacts and necks of a
// network, in place of the row of d (network_block.hpp), the gold with its water and the ring that a spreading meniscus
// wets (gold_block.hpp), and a salt that moves (salt_block.hpp). With the salt E - φ is an unknown of that block, and
// a_e of the salt at the surface multiplies every cathodic branch, a_e κ_in for κ_in: σ(-z + ln a_e) for σ(-z), and h =
// 1/(k (κ_out + a_e κ_in)).
//
// The rate law is solved for y_s: a form that stays of order one from irreversible to reversible. A surface redox in
// equilibrium at all times is a capacitance Q_s dθ/dp (and so no unknown); under a salt that moves it is a kinetic one
// of 1e9/s. Potentials as drops keep the current as precise over 1 Ohm as over 1e12. Where a capacitance that vanishes
// would change the kind of an unknown with the potential (a redox layer in equilibrium without double layer, water or
// a growing ring without one on gold), it is at least 1 ns over the resistance or 1e-9 I0 over the scan rate, whichever
// is less: it carries at most a billionth of the currents.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/cell/cell_state.hpp"
#include "models/engine/simulate.hpp"
#include "models/reference/formal_rate.hpp"
#include "models/reference/gold_block.hpp"
#include "models/reference/host_block.hpp"
#include "models/reference/jacobian_assembler.hpp"
#include "models/reference/network_block.hpp"
#include "models/reference/reference_block.hpp"
#include "models/reference/reference_spec.hpp"
#include "models/reference/reference_units.hpp"
#include "models/reference/salt_block.hpp"
#include "sim/dae_solver.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

struct FickLaws;
struct PhaseFieldLaws;

/// The applied potential on one segment of a program.
struct Ramp {
  double time = 0.0;
  double E = 0.0;
  double slope = 0.0;
  [[nodiscard]] double at(double t) const { return E + slope * (t - time); }
};

/// Where the hosts of a cell stand; shared by a system and its neighbours in parameter space.
struct ReferenceMesh {
  sim::RadialMesh radial;
  int nodes = 0;  ///< of particles that separate into phases
};
ReferenceMesh reference_mesh(const CellSpec& spec);

class ReferenceSystem final : public sim::DaeSystem {
 public:
  /// Throws InputError for what `Cell` refuses.
  ReferenceSystem(const ReferenceSpec& spec, const ReferenceMesh& mesh, ReferenceUnits units);

  [[nodiscard]] const sim::JacobianPattern& pattern() const override { return pattern_; }
  [[nodiscard]] std::span<const char> differential() const override { return unknowns_.differential(); }
  void residual(double t, std::span<const double> u, std::span<const double> du, std::span<double> r) override;
  void jacobian(double t, std::span<const double> u, std::span<const double> du, double by_state, double by_rate,
                std::span<double> values) override;
  [[nodiscard]] std::string name(std::size_t unknown) const override;
  /// The ends of the salt; the ends of the plateau, of every particle; the sign of the intercalation current, where D
  /// depends on it.
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
  void jump(double t, double E_before, double E_after, std::vector<double>& u) const;
  /// Brackets what the surfaces, and the potentials that no capacitance holds, are at t: a guess for consistent values
  /// that is near them however far from equilibrium they are. In a network, and in a liquid, potentials stay.
  void settle_surfaces(double t, std::span<double> u) const;
  /// Absolute tolerances for a relative one.
  [[nodiscard]] std::vector<double> tolerances(double relative) const;
  /// 0 for the potentials, 1 for the others.
  [[nodiscard]] std::vector<char> judged_by_size(double relative) const;

  /// Currents in A; the total without the stray capacitance is that of the unknown I.
  [[nodiscard]] CellCurrents currents(double t, std::span<const double> u, std::span<const double> du) const;
  /// Charges that passed since rest at E_rest, C: each from its own state, the total from the unknown Q, ferrocene the
  /// difference.
  [[nodiscard]] CellCurrents charges(double t, std::span<const double> u, double E_rest) const;
  /// What the electrode finds at the surface, with a liquid.
  [[nodiscard]] LiquidRow liquid(double t, std::span<const double> u) const;
  /// The part of a salt that moves, or null.
  [[nodiscard]] const SaltBlock* salt() const { return salt_ ? &*salt_ : nullptr; }
  /// mol in all particles.
  [[nodiscard]] double lithium(std::span<const double> u) const;
  /// Both lattices, A.
  [[nodiscard]] double intercalation_current(std::span<const double> u) const;
  /// I0 and where I stands: what a sensitivity of the current is read from.
  [[nodiscard]] double current_unit() const { return units_.current; }
  [[nodiscard]] double intercalation_unit() const { return units_.intercalation; }
  [[nodiscard]] std::size_t current_index() const { return current_; }

 private:
  struct Particle {
    double volume = 0.0;          ///< m^3
    double area = 0.0;            ///< m^2, whole
    double capacitance = 0.0;     ///< F
    double surface_charge = 0.0;  ///< C
    double surface_rate = 0.0;    ///< 1/s, of a kinetic surface redox
    double contact = 0.0;         ///< Ohm; in a network one over its conductances
    double initial_filling = 0.0;
    std::vector<std::unique_ptr<HostBlock>> hosts;
    std::optional<std::size_t> coverage;  ///< θ of a kinetic surface redox
    std::optional<std::size_t> drop;      ///< d, with a contact resistance
  };
  /// Shared by the hosts of one kind.
  struct HostLaws {
    std::shared_ptr<const FickLaws> fick;
    std::shared_ptr<const PhaseFieldLaws> phases;
  };
  struct Layer {
    double coverage = 0.0;
    double capacitance = 0.0;  ///< Q_s |dθ/dp|, F
    double slope = 0.0;        ///< of that in p, F/V
  };

  [[nodiscard]] double potential_tolerance(double relative) const;
  [[nodiscard]] bool metal_is_potential(double relative) const;
  double settled_current(const Particle& particle, double p, const SurfaceActivity& a_e, std::span<double> u) const;
  double settled_branch(const Particle& particle, double E, double phi, const SurfaceActivity& a_e,
                        std::span<double> u) const;
  void lay_out(const ReferenceMesh& mesh, const std::optional<ResolvedCluster>& voxels);
  double lay_out_voxels(const ResolvedCluster& cluster);
  void lay_out_metal(double node_capacitance, bool layer_on_node);
  [[nodiscard]] std::vector<std::unique_ptr<HostBlock>> hosts_of(std::size_t particle, const HostLaws& laws);
  void assemble(double t, std::span<const double> u, std::span<const double> du);
  [[nodiscard]] Around around(const Particle& particle, double p, const SurfaceActivity& activity) const;
  [[nodiscard]] FormalRate coverage_rate(const Particle& particle, double p, double theta, double log_activity) const;
  [[nodiscard]] Layer equilibrium_layer(const Particle& particle, double p) const;
  [[nodiscard]] double equilibrium_coverage(double p) const;
  void current_entries(const Particle& particle, std::size_t row, double factor, PotentialRate potential,
                       UnknownColumn column);
  [[nodiscard]] UnknownColumn column_of(const Particle& particle) const;
  [[nodiscard]] SurfaceActivity activity(std::span<const double> u) const;
  [[nodiscard]] PotentialRate metal(double t, std::span<const double> u, std::span<const double> du) const;
  [[nodiscard]] PotentialRate potential_of(const Particle& particle, double t, std::span<const double> u,
                                           std::span<const double> du) const;
  [[nodiscard]] bool in_equilibrium(const Particle& particle) const {
    return particle.surface_charge > 0.0 && !particle.coverage;
  }
  [[nodiscard]] double particle_current(const Particle& particle, PotentialRate potential, std::span<const double> u,
                                        std::span<const double> du) const;
  [[nodiscard]] double ferrocene(double phi, double* slope = nullptr) const;

  CellSpec spec_;
  double salt_concentration_ = 0.0;  ///< of the bulk, mol/m³
  ReferenceUnits units_;
  double f_;  ///< F/RT, 1/V
  GoldBlock gold_;
  std::optional<SaltBlock> salt_;
  std::vector<Particle> particles_;
  std::optional<NetworkBlock> network_;
  UnknownColumn metal_;  ///< φ = E + slope u
  std::size_t current_ = 0;
  std::size_t charge_ = 0;
  Unknowns unknowns_;
  JacobianAssembler assembler_;
  sim::JacobianPattern pattern_;
};

}  // namespace seccm::models
