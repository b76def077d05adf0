// Lithium exchange through sintered necks together with the contact network, one Newton step.
//
// Particle k has the surface filling y_k = a_k + B_k Q_k (B < 0, radial diffusion eliminated towards the surface; Q
// m/s, over the whole surface A_k, outwards), its electrode takes N(y_k, p_k) of that and its necks the rest:
//
//   Q_k = N(y_k, p_k) + s_k,        A_k s_k = Σ_j w_kj (y_k - y_j)
//
// The sum over all particles of A_k s_k is zero, so necks move lithium and never make it. Linearised and multiplied by
// the current per flux c_k = F c_max A_k,
//
//   c_k m_k δy_k + F c_max Σ_j w_kj (δy_k - δy_j) + c_k N_p δp_k               = c_k ρ_k
//   (G_k + c_k N_p) δp_k + Σ_j g_kj (δp_k - δp_j) + g_k0 δp_k + c_k N_y δy_k  = r_k + g_k0 δφ
//
// m = N_y - 1/B > 0, ρ = Q - s - N and r what is left of the lithium balance and of Kirchhoff's law, G the slope of
// what the particle takes beside the electrode (its double layer). Two unknowns per particle, one fixed pattern, not
// symmetric. An aged factor corrects itself by iterated refinement, judged by what is left of every row against the
// terms of that row (Oettli and Prager 1964), and is renewed when a pass gains less than a factor of ten.
//
// Nothing is allocated after the first step.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/network/kirchhoff.hpp"

namespace seccm::models {

/// One value per particle.
struct NeckStep {
  std::span<const double> scale;         ///< c, A per (m/s)
  std::span<const double> stiffness;     ///< m, m/s
  std::span<const double> by_filling;    ///< N_y, m/s
  std::span<const double> by_potential;  ///< N_p, m/s per V
  std::span<const double> unbalanced;    ///< ρ, m/s
  NetworkStep network;                   ///< current: everything at (y, p); conductance: G, without the electrode
};

/// δy = dy0 + dydφ δφ, δp = dp0 + dpdφ δφ.
struct NeckMoves {
  std::span<double> dy0, dydphi, dp0, dpdphi;
};

class NeckExchange {
 public:
  /// c_max in mol/m³. Throws InputError as check_network does.
  NeckExchange(const NetworkSpec& network, std::size_t particles, double c_max);

  /// A_k s_k, m³/s.
  void outflow(std::span<const double> y, std::span<double> into) const;

  /// Throws SolverError if the linear system is not solved.
  NetworkSums eliminate(Kirchhoff& kirchhoff, const NeckStep& step, const NeckMoves& moves);

  [[nodiscard]] long factorisations() const { return factorisations_; }

 private:
  void fill_matrix(const Kirchhoff& kirchhoff, const NeckStep& step);
  double backward_error(std::span<const double> x);
  void solve(std::span<double> x);
  bool refine(std::span<double> x);

  std::vector<Neck> necks_;
  std::size_t particles_;
  double charge_;  // F c_max
  std::vector<Coupling> couplings_;
  std::vector<int> contact_;  // of the couplings between potentials
  std::size_t first_neck_ = 0;
  SparseFactor factor_;
  bool factored_ = false;
  long factorisations_ = 0;
  std::vector<double> diagonal_, ab_, ba_, right_, solution_, residual_, terms_;
  double error_ = 0.0;
};

}  // namespace seccm::models
