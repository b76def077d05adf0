// Linear radial diffusion in many bodies at once, eliminated towards the surface.
//
//   dy/dt = (D/R^2) r^(1-m) d/dr (r^(m-1) dy/dr)  in 0 < r < 1,     -(D/R) dy/dr = q at r = 1   (q > 0: outwards)
//
// One implicit step of the finite-volume form is a tridiagonal system whose last row holds q. Eliminated from the
// centre outwards once per step size it gives y_s = a + B q, with B < 0 constant and `a` from the history; after the
// caller has found q the back-substitution gives the new profile. The sum of the rows is d(inventory)/dt = -q to
// round-off: the surface is a flux, never a gradient.
//
// Bodies sit in lanes: profiles are stored [block][cell][lane] with 1, 8 or 16 lanes a block, and the last block is
// padded. Knows no chemistry.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "sim/radial_mesh.hpp"
#include "sim/split_chain.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::sim {

class RadialLanes {
 public:
  /// radius (m) per body; throws InputError unless all are positive and finite.
  RadialLanes(RadialMesh mesh, std::vector<double> radius);

  [[nodiscard]] const RadialMesh& mesh() const { return mesh_; }
  [[nodiscard]] std::size_t bodies() const { return bodies_; }
  [[nodiscard]] int width() const { return width_; }
  /// Bodies and padding.
  [[nodiscard]] std::size_t lanes() const { return radius_.size(); }
  [[nodiscard]] std::span<const double> radius() const { return radius_; }
  [[nodiscard]] std::size_t profile_size() const { return lanes() * static_cast<std::size_t>(mesh_.cells()); }
  [[nodiscard]] std::size_t index(std::size_t body, std::size_t cell) const;

  /// Mean of y over the volume of one body.
  [[nodiscard]] double mean(std::span<const double> profile, std::size_t body) const;

 private:
  RadialMesh mesh_;
  std::size_t bodies_;
  int width_;
  std::vector<double> radius_;
};

/// The elimination for one diffusivity and one step size.
class RadialElimination {
 public:
  RadialElimination(const RadialLanes& lanes, double D, double dt, StepScheme scheme);

  /// B of y_s = a + B q, per lane.
  [[nodiscard]] std::span<const double> slope() const { return slope_; }

  /// Reads the profiles y^n and y^(n-1), writes `a` per lane and leaves the eliminated right-hand side in `before`.
  void forward(std::span<const double> now, std::span<double> before, std::span<double> a) const;
  /// Turns what `forward` left into y^(n+1), given the flux per lane.
  void backward(std::span<double> profile, std::span<const double> flux) const;

 private:
  const RadialLanes* lanes_;
  StepScheme scheme_;
  std::vector<double> pivot_;   // [block][cell][lane]
  std::vector<double> lambda_;  // R^2/(D dt)
  std::vector<double> slope_;
  std::vector<double> flux_scale_;  // R/D
  SplitChain outwards_, inwards_;   // of one body alone
  std::vector<double> held_;        // its R²V/(D dt) over the pivots' inverse
};

}  // namespace seccm::sim
