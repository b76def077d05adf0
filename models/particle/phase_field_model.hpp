// Cahn-Hilliard reaction model of particles that separate into a lithium-poor and a lithium-rich phase (anatase
// LixTiO2), on one or two sublattices i. y = c/c_max in (0,1); radial symmetry, 0 <= r <= R; the potential p is against
// Li/Li+.
//
//   μ_i/kT = ln(y_i/(1-y_i)) + Ω_i(1-2y_i) + Ω_c y_j - (κ/(ρ_s kT)) ∇²y_i + (B/(ρ_s kT))(y_i - <y_i>)
//   ∂y_i/∂t = ∇·( D_i y_i(1-y_i) ∇μ_i/kT )                flux c_max D y(1-y) ∇μ/kT, Bazant's regular-solution mobility
//   ∂y_i/∂n = -(1/κ) dγ_s/dy   at r = R, n outwards        (sources that write a plus sign let n point inwards)
//   -D_i y_i(1-y_i) ∂(μ_i/kT)/∂n = N_i                     at r = R
//   N_i = j/(F c_max),  j = j0 [e^((1-α)η) - e^(-αη)],  η = F(p - E_p,i)/RT + μ_i/kT,
//   j0 = F c_max k0 a_e^(1-α) a_s^α/γ_ts,  a_s = e^(μ/kT),  γ_ts = 1/(1-y),   that is
//   N_i = k0 [ y e^(μ_ex) e^((1-α)z) - a_e (1-y) e^(-αz) ],   z = F(p - E_p,i)/RT,  μ_ex = μ/kT - ln(y/(1-y)),
//   regular at y = 0 and 1.
//
// Symbols: Ω, Ω_c in kT; κ J/m; B Pa; ρ_s = N_A c_max sites 1/m^3; D m²/s (dilute tracer); k0 m/s; γ_s J/m²; α
// transfer coefficient of the reduction; a_e activity of lithium in the electrolyte at the surface. N > 0 anodic,
// lithium leaves.
//
// With Ω = Ω_c = κ = B = 0 this is Fick's law with the ideal isotherm and Butler-Volmer kinetics.
//
// Limits: a continuum down to interfaces of 0.7 nm, less than the c axis of the unit cell; radial symmetry puts the
// phase boundary on a shell (a core or a rim), where a real particle may be cut across; D, κ, Ω, B are constants;
// lithium does not hop between the sublattices inside the particle. Source: Bazant, Acc. Chem. Res. 46 (2013) 1144;
// Cogswell and Bazant, ACS Nano 6 (2012) 2215; de Klerk 2017 (two sublattices of anatase).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "models/particle/phase_field_kernels.hpp"
#include "models/particle/phase_field_parameters.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

/// One particle.
struct PhaseFieldParticle {
  double radius = 25e-9;  ///< m; thickness of a slab that is closed at r = 0
  double wetted_fraction = 1.0;
};

/// Transport and kinetics of one sublattice, SI.
struct SublatticeConstants {
  double D = 1e-17;
  double k0 = 2e-11;
  double E_p = 1.84;
};

struct PhaseFieldSpec {
  PhaseFieldParameters parameters;
  int lattices = 1;
  std::array<SublatticeConstants, 2> lattice{SublatticeConstants{},
                                             SublatticeConstants{.D = 1e-21, .k0 = 3.5e-12, .E_p = 1.54}};
  double alpha = 0.5;
  double c_max = 2.4e4;  ///< mol/m^3 of one sublattice
  double temperature = 298.15;
  sim::Geometry geometry = sim::Geometry::sphere;
  int nodes = 0;  ///< 0: from node_spacing
  std::vector<PhaseFieldParticle> particles;
};

/// A copyable value. Profiles are stored in the layout of the model; read them through it.
struct PhaseFieldState {
  std::vector<double> y, before, curvature;  ///< at the end, one inner step earlier, and its second difference
  std::vector<double> potential;             ///< per lane, V: at the end
  std::vector<double> last_step, next_step;  ///< per lane, s; last_step = 0: no history
  std::vector<double> last_exchange;         ///< per lane: what the reaction took up in the last inner step
};

class PhaseFieldModel {
 public:
  /// Throws InputError for values outside their range, for a miscibility gap (Ω > 2 kT) without gradient energy, and
  /// for a mesh whose spacing exceeds 0.72 interface widths, naming the number of nodes that is needed.
  explicit PhaseFieldModel(PhaseFieldSpec spec);
  PhaseFieldModel(const PhaseFieldModel&) = delete;  // the blocks refer to the mesh
  PhaseFieldModel& operator=(const PhaseFieldModel&) = delete;
  PhaseFieldModel(PhaseFieldModel&&) noexcept = default;
  PhaseFieldModel& operator=(PhaseFieldModel&&) noexcept = default;
  ~PhaseFieldModel() = default;

  [[nodiscard]] const PhaseFieldSpec& spec() const { return spec_; }
  [[nodiscard]] std::size_t particles() const { return spec_.particles.size(); }
  [[nodiscard]] int nodes() const { return nodes_; }
  [[nodiscard]] int rows() const { return nodes_ * spec_.lattices; }
  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] std::size_t lanes() const { return blocks_.size() * static_cast<std::size_t>(width_); }
  /// Ω/kT of a particle's lattice, with the size law.
  [[nodiscard]] double interaction(std::size_t particle, int lattice) const;
  /// V_k of the nodes, their sum is 1/m.
  [[nodiscard]] std::span<const double> volume() const { return volume_; }

  /// Uniform at the given filling per lattice (kept 1e-12 away from 0 and 1), at potential p.
  [[nodiscard]] PhaseFieldState rest(double filling, double second_filling, double p) const;
  /// Mean filling of one lattice.
  [[nodiscard]] double mean(const PhaseFieldState& state, std::size_t particle, int lattice) const;
  /// y from the centre to the surface.
  [[nodiscard]] std::vector<double> profile(const PhaseFieldState& state, std::size_t particle, int lattice) const;
  /// Replaces a profile and forgets the history. Throws InputError for a wrong length or a value outside (0,1).
  void set_profile(PhaseFieldState& state, std::size_t particle, int lattice, std::span<const double> y) const;
  /// μ/kT of every node.
  [[nodiscard]] std::vector<double> chemical_potential(const PhaseFieldState& state, std::size_t particle,
                                                       int lattice) const;
  /// Mean free energy per site over kT, with gradients, coherency and surface:
  /// m Σ V [g + Ω_c y1 y2 + B/2 (y-<y>)²] + (m κ/2) Σ G (Δy)² + surface.
  [[nodiscard]] double free_energy(const PhaseFieldState& state, std::size_t particle) const;

  [[nodiscard]] std::span<const phase_field::BlockConstants> blocks() const { return blocks_; }
  [[nodiscard]] std::size_t index(std::size_t particle, int node, int lattice) const;

 private:
  void make_mesh();
  void make_blocks();

  PhaseFieldSpec spec_;
  int nodes_ = 0;
  int width_ = 1;
  std::vector<double> volume_, conductance_;
  std::vector<phase_field::BlockConstants> blocks_;
};

/// Number of nodes for the largest particle: half an interface width apart (or node_spacing), at least 41.
/// Throws InputError above 20000.
int phase_field_nodes(const PhaseFieldSpec& spec);

}  // namespace seccm::models
