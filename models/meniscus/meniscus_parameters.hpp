// The [meniscus] section: how the droplet at the pipette meets the surface, spreads and leaves.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

struct MeniscusParameters {
  double footprint_ratio = 1.1;                    ///< median footprint / pipette diameter
  double footprint_sigma = 0.05;                   ///< of the log of that ratio, landing to landing
  double height_fraction = 0.3;                    ///< h/a: droplet height below the opening / opening radius
  double centring_sigma = 0.03;                    ///< footprint centre about the tip axis / opening radius, per axis
  Current transient_amplitude = 56e-12 * unit::A;  ///< median magnitude of the contact transient
  double transient_amplitude_sigma = 0.17;
  Time transient_time = 0.12 * unit::s;  ///< median decay time
  double transient_time_sigma = 0.1;
  double failed_wetting = 0.02;      ///< probability that a contact wets nothing that lasts
  double wobble_probability = 0.03;  ///< probability of an unstable meniscus
  double wobble_amplitude = 0.1;     ///< rms relative change of the wetted area then
  Time wobble_period = 2.0 * unit::s;
  Length penetration_depth = 2.0 * unit::um;  ///< how deep liquid goes into a pile from its top
  double gold_under_particles = 0.0;          ///< share of the gold in the shadow of particles that is wetted
  double detachment_ratio = 1.0;              ///< height of break-off / footprint diameter
  Length detachment_offset = 0.0 * unit::um;
  double detachment_sigma = 0.1;
  double residue_ratio = 1.0;                  ///< residue / footprint diameter
  Length residue_thickness = 30.0 * unit::nm;  ///< median film thickness of the residue
  double residue_sigma = 0.3;
  double spreading = 0.01;  ///< relative growth of the diameter per decade of wet time beyond 1 s

  static void visit(ParameterVisitor& v, MeniscusParameters& p);
};

}  // namespace seccm::models
