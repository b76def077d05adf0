// The [sample] section: what was drop-cast on the Au-coated coverslip.
#pragma once

#include <vector>

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

/// The coverslip under the particles. Height z above the mean plane through the centre of the field:
///   z(x,y) = tilt_x (x - W/2) + tilt_y (y - H/2) + roughness(x,y),
/// roughness being a stationary Gaussian field of the given rms and correlation length.
struct SubstrateParameters {
  double tilt_x = 0.5e-3;             ///< rad
  double tilt_y = -0.3e-3;            ///< rad
  Length roughness = 0.8 * unit::nm;  ///< rms; 0 for a plane
  Length correlation_length = 1.0 * unit::um;

  static void visit(ParameterVisitor& v, SubstrateParameters& p);
};

/// Clusters of TiO2 nanoparticles.
///
/// Size: the number N of particles is log-normal (median, sigma), rounded, and clipped to [1, cluster_size_max].
/// `cluster_sizes` gives the sizes explicitly instead (then `clusters` is ignored), `positions_x`/`positions_y` the
/// centres. Shape: each cluster is grown to a half ellipsoid whose height : half-width is
///   q(N) = aspect_max N/(N + pile_up_size),
/// so that small clusters lie flat on the gold and large ones pile up. A share
///   f(N) = dispersed_fraction pile_up_size/(N + pile_up_size)
/// of the particles lies loose on the gold around the pile.
/// `packing_fraction` is the one the optics and the micrograph assume inside a pile; the packing itself grows by
/// sequential deposition and reaches the value that geometry allows (reported by `interior_packing_fraction`).
/// Resistance: every particle-particle and particle-gold contact has a log-normal resistance; see contact_network.hpp.
struct SampleParameters {
  Length field_width = 100.0 * unit::um;
  Length field_height = 100.0 * unit::um;
  Length edge_margin = 4.0 * unit::um;
  int clusters = 200;
  Length minimum_spacing = 3.5 * unit::um;  ///< centre to centre; clusters never overlap in any case
  double cluster_size_median = 100.0;
  double cluster_size_sigma = 1.5;  ///< of ln N
  int cluster_size_max = 5000;
  std::vector<double> cluster_sizes;  ///< explicit particle counts
  std::vector<Length> positions_x;
  std::vector<Length> positions_y;

  Length particle_diameter = 50.0 * unit::nm;  ///< number median
  double particle_diameter_sigma = 0.2;        ///< of ln d
  double packing_fraction = 0.6;
  double aspect_max = 0.6;
  double pile_up_size = 150.0;
  double elongation_sigma = 0.2;  ///< of ln(long : short axis of the outline)
  double dispersed_fraction = 0.3;

  Resistance contact_resistance = 1e9 * unit::Ohm;  ///< median of one contact
  double contact_resistance_sigma = 1.5;            ///< of ln R
  double dead_fraction = 0.05;                      ///< particles without electrical contact
  double neck_ratio = 0.2;        ///< neck radius / particle radius at a contact: area that no electrolyte reaches
  double interior_wetting = 0.9;  ///< share of the free surface that electrolyte reaches deep inside a pile

  SubstrateParameters substrate;

  static void visit(ParameterVisitor& v, SampleParameters& p);
};

}  // namespace seccm::models
