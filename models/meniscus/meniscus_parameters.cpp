#include "models/meniscus/meniscus_parameters.hpp"

namespace seccm::models {
namespace {

void visit_shape(ParameterVisitor& v, MeniscusParameters& p) {
  v({.key = "footprint_ratio",
     .low = 0.5,
     .high = 3,
     .grade = Grade::recalled,
     .source = "1.0-1.5, organic on Au",
     .text = "Median footprint : pipette diameter"},
    p.footprint_ratio);
  v({.key = "footprint_sigma",
     .low = 0,
     .high = 0.5,
     .grade = Grade::verified,
     .source = "contact area varies by 5 % (Faraday Disc. 2022 233 122)",
     .text = "Standard deviation of the log of the footprint diameter, landing to landing"},
    p.footprint_sigma);
  v({.key = "height_fraction",
     .low = 0.02,
     .high = 1,
     .grade = Grade::recalled,
     .source = "0.1-0.5",
     .text = "Height of the droplet below the opening : radius of the opening"},
    p.height_fraction);
  v({.key = "centring_sigma",
     .low = 0,
     .high = 0.5,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Footprint centre about the tip axis : radius of the opening, per axis"},
    p.centring_sigma);
  v({.key = "spreading",
     .low = 0,
     .high = 0.5,
     .grade = Grade::recalled,
     .source = "slow spreading of organic solvents",
     .text = "Relative growth of the footprint diameter per decade of wet time beyond 1 s"},
    p.spreading);
}

void visit_contact(ParameterVisitor& v, MeniscusParameters& p) {
  v({.key = "transient_amplitude",
     .unit = "pA",
     .low = 0,
     .high = 10000,
     .grade = Grade::recalled,
     .source = "40-80 pA in the simulator of echemtips",
     .text = "Median magnitude of the contact transient"},
    p.transient_amplitude);
  v({.key = "transient_amplitude_sigma",
     .low = 0,
     .high = 2,
     .grade = Grade::recalled,
     .source = "40-80 pA within 2 sigma",
     .text = "Standard deviation of the log of the transient"},
    p.transient_amplitude_sigma);
  v({.key = "transient_time",
     .unit = "s",
     .low = 0.001,
     .high = 10,
     .grade = Grade::recalled,
     .source = "0.12 s in the simulator of echemtips",
     .text = "Median decay time of the contact transient"},
    p.transient_time);
  v({.key = "transient_time_sigma",
     .low = 0,
     .high = 2,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Standard deviation of the log of the decay time"},
    p.transient_time_sigma);
  v({.key = "failed_wetting",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "landings succeed mostly",
     .text = "Probability that a contact wets nothing that lasts"},
    p.failed_wetting);
  v({.key = "wobble_probability",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Probability of an unstable meniscus"},
    p.wobble_probability);
  v({.key = "wobble_amplitude",
     .low = 0,
     .high = 0.5,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Rms relative change of the wetted area of an unstable meniscus"},
    p.wobble_amplitude);
  v({.key = "wobble_period",
     .unit = "s",
     .low = 0.01,
     .high = 1000,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Period of an unstable meniscus"},
    p.wobble_period);
}

void visit_wetting(ParameterVisitor& v, MeniscusParameters& p) {
  v({.key = "penetration_depth",
     .unit = "um",
     .low = 0.001,
     .high = 100,
     .grade = Grade::recalled,
     .source = "organic electrolyte wets oxides",
     .text = "How deep liquid goes into a pile from its top"},
    p.penetration_depth);
  v({.key = "gold_under_particles",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Share of the gold in the shadow of particles that is wetted"},
    p.gold_under_particles);
}

void visit_leaving(ParameterVisitor& v, MeniscusParameters& p) {
  v({.key = "detachment_ratio",
     .low = 0.1,
     .high = 5,
     .grade = Grade::verified,
     .source = "d = a h + b, a = 1 (echemtips, after Saxena 2024)",
     .text = "Height of break-off : footprint diameter"},
    p.detachment_ratio);
  v({.key = "detachment_offset",
     .unit = "um",
     .low = 0,
     .high = 10,
     .grade = Grade::verified,
     .source = "d = a h + b (echemtips, after Saxena 2024)",
     .text = "Height of break-off at zero footprint"},
    p.detachment_offset);
  v({.key = "detachment_sigma",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Standard deviation of the log of the height of break-off"},
    p.detachment_sigma);
  v({.key = "residue_ratio",
     .low = 0.1,
     .high = 2,
     .grade = Grade::recalled,
     .source = "residue marks the footprint",
     .text = "Residue : footprint diameter"},
    p.residue_ratio);
  v({.key = "residue_thickness",
     .unit = "nm",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "footprints visible in the reflection image",
     .text = "Median film thickness of the residue"},
    p.residue_thickness);
  v({.key = "residue_sigma",
     .low = 0,
     .high = 2,
     .grade = Grade::choice,
     .source = "no measurement known: a moderate scatter",
     .text = "Standard deviation of the log of the film thickness"},
    p.residue_sigma);
}

}  // namespace

void MeniscusParameters::visit(ParameterVisitor& v, MeniscusParameters& p) {
  visit_shape(v, p);
  visit_contact(v, p);
  visit_wetting(v, p);
  visit_leaving(v, p);
}

}  // namespace seccm::models
