// The particle potentials of a contact network, one Newton step.
//
// Kirchhoff's law at particle k, behind which a host takes the current i_k(p_k) (anodic +, capacitance included) of
// slope G_k = di_k/dp_k:
//
//   i_k = Σ_j g_kj (p_j - p_k) + g_k0 (φ - p_k)              φ potential of the gold
//
// Linearised in moves of p and φ:  A δp = r + g_0 δφ,  A = L + diag(g_0 + G),  r what is left of Kirchhoff's law. So
//
//   δp = dp0 + dpdφ δφ,     A dp0 = r,     A (1 - dpdφ) = G
//
// and the cluster adds Σ(i + G dp0) + δφ Σ G dpdφ to the node of the gold.
//
// A is symmetric and positive definite. It is factored once in a while: the factor of an earlier step is the
// preconditioner of conjugate gradients, and is renewed when the iterations it has cost add up to its own cost. Since
// A⁻¹ >= 0 and the row sums of A are g_0 + G, what is left of a residual ρ in a move is at most max |ρ|/(g_0 + G): a
// bound, not an estimate. Moves are solved until it is 1e-2 of the largest one (or 1e-13 V): Newton's method gets by
// with that, and what the last move of at most 2.6e-10 V leaves is below 3e-12 V. dpdφ steers the potential of the gold
// only, and is solved to 1e-2.
//
// Conductances follow the fillings of the current iterate, so that the step that comes out is implicit in them; their
// derivative is left out of A.
//
// Nothing is allocated after construction.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "models/network/network_spec.hpp"
#include "models/network/sparse_factor.hpp"

namespace seccm::models {

/// What the cluster adds to the node of the gold: current + conductance δφ.
struct NetworkSums {
  double current = 0.0;
  double conductance = 0.0;
};

/// One value per particle.
struct NetworkStep {
  std::span<const double> p;            ///< V
  std::span<const double> current;      ///< A at p, capacitance included
  std::span<const double> conductance;  ///< A/V, >= 0
  double phi = 0.0;                     ///< V
  bool phi_fixed = false;               ///< no series resistance: dpdφ is not needed, 0
};

class Kirchhoff {
 public:
  /// Throws InputError as check_network does.
  Kirchhoff(const NetworkSpec& network, std::size_t particles);

  [[nodiscard]] std::size_t particles() const { return gold_.size(); }
  /// Contact conductances at these surface fillings.
  void set_fillings(std::span<const double> y);
  /// Of contact k, S.
  [[nodiscard]] double conductance(std::size_t contact) const { return contact_conductance_[contact]; }
  /// Current from contact.second into contact.first, A.
  [[nodiscard]] double contact_current(std::size_t contact, std::span<const double> p, double phi) const;
  /// Σ_j g_kj (p_j - p_k) + g_k0 (φ - p_k) per particle.
  void currents(std::span<const double> p, double phi, std::span<double> into) const;
  /// g_k0 and Σ_j g_kj + g_k0 per particle.
  [[nodiscard]] std::span<const double> gold_conductance() const { return gold_; }
  [[nodiscard]] std::span<const double> conductance_sum() const { return sum_; }

  /// Writes dp0 and dpdφ. Throws SolverError if the linear system is not solved.
  NetworkSums eliminate(const NetworkStep& step, std::span<double> dp0, std::span<double> dpdphi);

  struct Counts {
    long solves = 0;
    long iterations = 0;
    long factorisations = 0;
  };
  [[nodiscard]] Counts counts() const { return counts_; }
  [[nodiscard]] const SparseFactor& factor() const { return factor_; }

 private:
  /// The larger of a share of the largest unknown and an absolute error.
  struct Accuracy {
    double of_largest;
    double absolute;
  };
  struct Link {
    int other;
    int pair;
  };
  void sum_conductances();
  void refactor(std::span<const double> conductance);
  void multiply(std::span<const double> x, std::span<double> result) const;
  bool conjugate_gradients(std::span<double> x, Accuracy wanted, std::size_t& iterations);
  void solve(std::span<const double> right, std::span<double> x, Accuracy wanted, std::span<const double> conductance);

  std::vector<NetworkContact> contacts_;
  ConductivityLaw law_;
  std::vector<double> spreading_;            // 1/(4 σ) per particle
  std::vector<double> contact_conductance_;  // as contacts_
  std::vector<Coupling> pairs_;              // contacts between particles
  std::vector<int> pair_contact_;
  std::vector<double> off_;   // -g per pair
  std::vector<double> gold_;  // g_k0
  std::vector<double> sum_;   // Σ_j g_kj + g_k0
  std::vector<std::size_t> link_start_;
  std::vector<Link> links_;
  std::vector<double> link_conductance_;
  SparseFactor factor_;
  bool factored_ = false;
  double factor_cost_ = 0.0;  // of a factorisation, in solutions
  double wasted_ = 0.0;       // iterations that a fresh factor would have saved
  std::vector<double> diagonal_, row_sum_, right_, residual_, z_, direction_, image_, screening_;
  Counts counts_;
};

}  // namespace seccm::models
