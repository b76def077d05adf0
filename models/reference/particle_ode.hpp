// Particles whose potential is imposed, as ordinary differential equations: the reference engine where no unknown of
// the cell is algebraic. Internal to models/reference.
//
//   dy_j/dt = [ D g_{j+1} (y_{j+1} - y_j) - D g_j (y_j - y_{j-1}) ] / (R² V_j),   last outflow: q R
//   y_s = A - β q,   A = y_N + w (y_N - y_{N-1}),   β = s R/D
//   0 = y_s - σ(-z) - q h(z),   z = F (E - E0)/(R_g T) - excess(y_s),   h = 1/(k (e^((1-α) z) + e^(-α z)))
//
// The flux q (m/s, of y, out of the particle) follows from the fillings and the potential: the surface is eliminated.
// Symbols as in models/reference/reference_system.hpp.
//
// Holds for Fick particles with one D, one lattice, an ideal or a repulsive Frumkin isotherm and Butler-Volmer kinetics
// without a film, on a metal that nothing separates from the source: no contact or series resistance, no surface redox,
// no trace water, no ferrocene.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/reference/reference_system.hpp"
#include "sim/ode_solver.hpp"
#include "sim/radial_mesh.hpp"

namespace seccm::models {

/// Whether the cell is a system of that kind.
bool is_ordinary(const CellSpec& spec);

class ParticleOde final : public sim::OdeSystem {
 public:
  /// `spec` satisfies `is_ordinary`.
  ParticleOde(const CellSpec& spec, const sim::RadialMesh& mesh);

  Ramp ramp;

  [[nodiscard]] const sim::JacobianPattern& pattern() const override { return pattern_; }
  void rate(double t, std::span<const double> u, std::span<double> du) override;
  void jacobian(double t, std::span<const double> u, std::span<double> values) override;
  [[nodiscard]] std::string name(std::size_t unknown) const override;

  /// Every particle at its initial filling.
  [[nodiscard]] std::vector<double> rest() const;
  [[nodiscard]] double intercalation_current(double t, std::span<const double> u) const;  ///< A
  [[nodiscard]] double lithium(std::span<const double> u) const;                          ///< mol
  [[nodiscard]] double capacitance() const { return capacitance_; }                       ///< F, TiO2 and gold

 private:
  struct Particle {
    double radius = 0.0;
    double initial_filling = 0.0;
    double k = 0.0;       ///< k0 times the wetted fraction, m/s
    double area = 0.0;    ///< m²
    double volume = 0.0;  ///< m³
  };
  struct Surface {
    double flux = 0.0;      ///< q
    double by_level = 0.0;  ///< dq/dA
  };
  [[nodiscard]] Surface surface(const Particle& particle, double E, const double* y) const;
  void lay_out();

  CellSpec spec_;
  sim::RadialMesh mesh_;
  double f_ = 0.0;  // F/(R_g T)
  double D_ = 0.0;
  double capacitance_ = 0.0;
  std::vector<Particle> particles_;
  sim::JacobianPattern pattern_;
};

}  // namespace seccm::models
