// The discrete equations of a block of Cahn-Hilliard particles, side by side in lanes. Internal to models/particle;
// the equations are in phase_field_model.hpp.
//
// Nodes k = 0..n-1 lie at r/R = k/(n-1), the last one on the surface; their volumes V_k reach half way to the
// neighbours, ΣV = 1/m. Everything below is scaled with R and kT:
//
//   V_k λ (now y_k + history_k) + F_(k+1/2) - F_(k-1/2) = 0,   λ = R²/(D h),   F_surface = (R/D) N
//   F = -G [ b(Δ)(y_(k+1) - y_k) + Δ y_(k+1)(1 - y_k) ],   Δ = ex_(k+1) - ex_k,   b(Δ) = Δ/(e^Δ - 1)
//   ex_k = (B - 2Ω) y_k + Ω_c y'_k - κ lap_k                   excess potential without its constants
//
// The flux is that of Scharfetter and Gummel for a lattice gas: it vanishes exactly where μ is equal on both sides and
// runs down its gradient otherwise, so that the free energy can only fall; an empty cell lets nothing out and a full
// one nothing in, however steep the potential; and without excess it is Fick's to round-off.
//
// Unknowns are ordered node by node, the lattices of a node side by side: row = k L + i.
#pragma once

namespace seccm::models::phase_field {

inline constexpr int widest_block = 8;
inline constexpr int most_lattices = 2;

/// One value per lattice and lane.
using PerLattice = double[most_lattices][widest_block];
using PerLane = double[widest_block];

/// Constants of a block.
struct BlockConstants {
  int nodes = 0;
  double dimension = 3.0;               // m
  const double* volume = nullptr;       // V_k
  const double* conductance = nullptr;  // G between k and k+1
  double f = 0.0;                       // F/(RT)
  double alpha = 0.5;
  double coupling = 0.0;  // Ω_c/kT
  bool coherent = false;  // B > 0
  PerLattice omega{};     // Ω/kT
  PerLane coherency{};    // B/(ρ_s kT)
  PerLane kappa{};        // κ/(ρ_s kT R²)
  PerLane wetting{};      // ex of the surface node: + wetting + wetting_slope y
  PerLane wetting_slope{};
  PerLattice rate{};  // R k0 wetted/D
};

/// What belongs to one sub-step of a block.
struct SubStep {
  PerLattice lambda{};   // R²/(D h)
  PerLattice reduced{};  // F(p - E_p)/RT
  PerLane now{}, last{}, before{};
  PerLane active{};  // 1 or 0
  double activity = 1.0;
};

/// Work space of a block: rows of `width` lanes.
struct BlockArrays {
  double* y = nullptr;        // iterate
  double* history = nullptr;  // last y^n + before y^(n-1)
  double* excess = nullptr;
  double* matrix = nullptr;  // [row][2*2L+1][lane], padded
  double* change = nullptr;  // padded
  double* column = nullptr;  // [lattice] padded: response to one unit of reaction, only with coherency
};

/// Reaction of each lattice at the surface, scaled as F_surface, and its derivatives.
struct SurfaceReaction {
  PerLattice flux{}, by_potential{}, by_mean{};
  PerLattice room{};  ///< most that a Newton move may raise ex of the surface, kT
};

/// One Newton iteration: assembles, solves, damps so that y stays in (0,1), moves y. `largest` is the undamped move.
void newton_pass(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                 SurfaceReaction& reaction, PerLane& largest);

/// Response of y to the potential at the end of the interval, with the factors of the last Newton iteration:
/// `history` holds last t^n + before t^(n-1), theta the share of the end potential in this sub-step's. Result in
/// `change`.
void tangent_pass(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                  const SurfaceReaction& reaction, const PerLane& theta);

/// The reaction at y.
void surface_reaction(int lattices, int width, const BlockConstants& c, const SubStep& s, const BlockArrays& a,
                      SurfaceReaction& reaction);

/// Rows combined lane by lane: out = x a + y b (x, y per lane).
void combine(int width, int rows, const PerLane& x, const double* a, const PerLane& y, const double* b, double* out);

/// Initial guess of a sub-step: a + ratio (a - b), kept within a factor of two of a and of 1 - a.
void extrapolate(int width, int rows, const PerLane& ratio, const double* a, const double* b, double* out);

/// Third differences: d = ((y - y0)/h - (y0 - y1)/h_last)/(h + h_last) (half of y'' in the middle), written to `curve`;
/// largest |d - d_last| per lane.
void curvature_change(int width, int rows, const PerLane& inverse_h, const PerLane& inverse_last, const double* y,
                      const double* y0, const double* y1, const double* d_last, double* curve, PerLane& largest);

/// Largest |a - b| per lane.
void largest_difference(int width, int rows, const double* a, const double* b, PerLane& largest);

/// Copies the lanes whose mask is 1.
void copy_lanes(int width, int rows, const PerLane& mask, const double* from, double* to);

/// m Σ V y of each lattice.
void means(int lattices, int width, const BlockConstants& c, const double* y, PerLattice& mean);

}  // namespace seccm::models::phase_field
