// Radial diffusion with a diffusivity that depends on the concentration: Newton's method on the tridiagonal system.
//
//   dy/dt = R^-2 r^(1-m) d/dr (r^(m-1) D(y) dy/dr)  in 0 < r < 1,     -(D/R) dy/dr = q at r = 1   (q > 0: outwards)
//
// With Φ(y) = ∫ D dy (Kirchhoff's transform) the flux between two cells is τ (Φ_k - Φ_(k-1)): the face diffusivity is
// the mean of D between the two fillings, which is of second order on any graded mesh, exact in steady state and never
// lets a front freeze as a harmonic mean does. The surface is the imposed flux q; its filling follows from the parabola
// of `RadialMesh` in Φ. So the rows add up to d(inventory)/dt = -q for any D, at every iterate of Newton's method,
// converged or not: what a step stores is what passed its surface, to round-off.
//
// One iteration: `eliminate` at a guess gives y_s = a + B q (B < 0), the caller finds q, `substitute` moves the guess
// to the solution of the linearised system. Pivots are built from sums of positive terms only, as long as D > 0
// everywhere: what is asked of the caller. Lanes as in `RadialLanes`. Knows no chemistry.
#pragma once

#include <span>
#include <vector>

#include "sim/radial_lanes.hpp"

namespace seccm::sim {

class RadialNewton {
 public:
  /// Keeps a reference to the lanes.
  explicit RadialNewton(const RadialLanes& lanes);

  /// Length of the arrays y, D and Φ below: a profile, then one surface value per lane.
  [[nodiscard]] std::size_t size() const { return lanes_->profile_size() + lanes_->lanes(); }

  /// The history of a step: profiles one and two steps back. Throws InputError unless dt > 0.
  void begin(std::span<const double> now, std::span<const double> before, double dt, StepScheme scheme);
  /// Linearises at the guess y, with D (m^2/s) and Φ there. Writes a and B per lane.
  void eliminate(std::span<const double> y, std::span<const double> D, std::span<const double> integral,
                 std::span<double> a, std::span<double> B);
  /// Moves the cells of y (not the surface values, which are the caller's) to the solution for the given fluxes.
  /// y, D and Φ are those of `eliminate`. Returns the largest move of a cell.
  double substitute(std::span<const double> flux, std::span<const double> D, std::span<const double> integral,
                    std::span<double> y) const;

 private:
  const RadialLanes* lanes_;
  StepScheme scheme_;
  std::vector<double> history_;  // last y^n + before y^(n-1), [block][cell][lane] like all profiles
  std::vector<double> rate_;     // R^2/dt per lane
  std::vector<double> right_;    // eliminated right-hand side over the pivot
  std::vector<double> passed_;   // conductance of the outer face over the pivot; of the last cell 1/pivot
};

}  // namespace seccm::sim
