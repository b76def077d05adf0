// The liquid between the surface and the bulk of a conical pipette as a duct of cross-section A(l), cut into finite
// volumes.
//
// Everything is measured by the geometric resistance s = ∫ dl/A (1/m) from the surface, in which steady diffusion is
// linear and steady diffusion against a flow exponential:
//   cone      between spherical caps of radius r1 and r2 about its virtual apex, solid angle Ω = 2π(1 - cos θ):
//             A = Ω r², s = (1/r1 - 1/r)/Ω, volume Ω (r³ - r1³)/3; cells grow geometrically away from r1
//   droplet   between opening (radius a) and footprint (radius a_f), height h: s = h/(π a a_f), volume
//             π h (a² + a a_f + a_f²)/3, cells of equal height
// The end r1 of the cone follows one of three conventions,
//   cap (R1)  a/sin θ,     flat (R2)  a/tan θ,     below_meniscus (R3)  a/sin θ - h/cos θ,
// the last of which lets the cone go on through the droplet, so that no droplet is added to it.
//
// Lengths in m, angles in rad. Throws InputError for a geometry that is not one.
#pragma once

#include <vector>

#include "models/electrolyte/electrolyte_transport_parameters.hpp"

namespace seccm::models {

struct SaltGeometry {
  double radius = 0.5e-6;      ///< a, of the opening
  double half_angle = 0.1309;  ///< θ
  double length = 3e-3;        ///< of the cone along its axis
  ConeEnd cone_end = ConeEnd::cap;
  double droplet_height = 0.0;    ///< h; 0: no droplet
  double footprint_radius = 0.0;  ///< a_f; unused without a droplet
  int cells = 80;                 ///< of the cone
  double first_cell = 0.02;       ///< height of the cell at r1, relative to r1
};

class SaltColumn {
 public:
  explicit SaltColumn(const SaltGeometry& geometry);

  [[nodiscard]] std::size_t cells() const { return volume_.size(); }
  [[nodiscard]] const std::vector<double>& volume() const { return volume_; }  ///< m³, from the surface to the bulk
  /// Geometric resistance from each cell's centre of volume to the next one's; the last to the bulk. 1/m.
  [[nodiscard]] const std::vector<double>& step() const { return step_; }
  /// From the surface to the centre of the first cell, 1/m.
  [[nodiscard]] double first_step() const { return first_step_; }
  /// From the surface to the bulk: (1/r1 - 1/r2)/Ω + h/(π a a_f), 1/m.
  [[nodiscard]] double resistance() const { return resistance_; }
  [[nodiscard]] double end_radius() const { return end_radius_; }    ///< r1, m
  [[nodiscard]] double solid_angle() const { return solid_angle_; }  ///< Ω

 private:
  void add_droplet(const SaltGeometry& geometry);
  void add_cone(const SaltGeometry& geometry);

  std::vector<double> centre_;  ///< s of the centres
  std::vector<double> volume_, step_;
  double first_step_ = 0.0;
  double resistance_ = 0.0;
  double end_radius_ = 0.0;
  double solid_angle_ = 0.0;
};

}  // namespace seccm::models
