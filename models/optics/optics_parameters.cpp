#include "models/optics/optics_parameters.hpp"

namespace seccm::models {
namespace {

void visit_objective(ParameterVisitor& v, OpticsParameters& p) {
  v({.key = "wavelength",
     .unit = "nm",
     .low = 470,
     .high = 660,
     .grade = Grade::computed,
     .source = "meniscus contrast on 15 nm Au vanishes near 525 nm: use 625-660 or 470 nm",
     .text = "Centre wavelength of the reflected-light LED and of the lamp"},
    p.wavelength);
  v({.key = "bandwidth",
     .unit = "nm",
     .low = 0,
     .high = 60,
     .grade = Grade::recalled,
     .source = "usual LEDs: 20-35 nm",
     .text = "Full width at half maximum of the LED spectrum"},
    p.bandwidth);
  v({.key = "numerical_aperture",
     .low = 0.1,
     .high = 1.45,
     .grade = Grade::choice,
     .source = "dry 50x objective",
     .text = "Numerical aperture of the objective"},
    p.numerical_aperture);
  v({.key = "illumination_aperture",
     .low = 0.0,
     .high = 1.45,
     .grade = Grade::choice,
     .source = "open aperture stop",
     .text = "Numerical aperture of the reflected-light illumination"},
    p.illumination_aperture);
  v({.key = "magnification",
     .low = 1,
     .high = 200,
     .grade = Grade::choice,
     .source = "50x: 100 um of piezo travel and a margin fit into 1024 pixels",
     .text = "Magnification from the sample to the camera"},
    p.magnification);
}

void visit_coverslip(ParameterVisitor& v, OpticsParameters& p) {
  v({.key = "gold_thickness",
     .unit = "nm",
     .low = 1,
     .high = 100,
     .grade = Grade::recalled,
     .source = "not given in the paper's main text; usual 8-30 nm",
     .text = "Thickness of the gold on the coverslip"},
    p.gold_thickness);
  v({.key = "gold_data",
     .grade = Grade::choice,
     .source = "Yakubovsky 2017 (films), Johnson and Christy 1972 (bulk)",
     .text = "Optical constants used for the gold"},
    gold_data_names, p.gold_data);
  v({.key = "adhesion_thickness",
     .unit = "nm",
     .low = 0,
     .high = 20,
     .grade = Grade::recalled,
     .source = "usual practice",
     .text = "Thickness of the metal between glass and gold"},
    p.adhesion_thickness);
  v({.key = "adhesion_metal",
     .grade = Grade::recalled,
     .source = "usual practice",
     .text = "Metal between glass and gold"},
    adhesion_metal_names, p.adhesion_metal);
  v({.key = "stray_reflectance",
     .low = 0,
     .high = 0.5,
     .grade = Grade::computed,
     .source = "Fresnel reflection of the uncoated face, ((1.522-1)/(1.522+1))^2; 0 for an immersion objective",
     .text = "Light that reaches the camera without seeing the sample, as a reflectance"},
    p.stray_reflectance);
  v({.key = "residue_rim",
     .low = 0,
     .high = 3,
     .grade = Grade::choice,
     .source = "drying drops leave more at the rim",
     .text = "Residue thickness at the rim minus that at the centre, over the mean"},
    p.residue_rim);
}

void visit_light(ParameterVisitor& v, OpticsParameters& p) {
  v({.key = "illumination_falloff",
     .low = 0,
     .high = 0.9,
     .grade = Grade::choice,
     .source = "usual vignetting",
     .text = "Loss of illumination at the corner of the frame against its brightest point"},
    p.illumination_falloff);
  v({.key = "illumination_offset_x",
     .low = -1,
     .high = 1,
     .grade = Grade::choice,
     .source = "usual misalignment",
     .text = "Brightest point from the middle of the frame, in half diagonals, to the right"},
    p.illumination_offset_x);
  v({.key = "illumination_offset_y",
     .low = -1,
     .high = 1,
     .grade = Grade::choice,
     .source = "usual misalignment",
     .text = "Brightest point from the middle of the frame, in half diagonals, downwards"},
    p.illumination_offset_y);
  v({.key = "lamp_tilt",
     .unit = "deg",
     .low = 20,
     .high = 70,
     .grade = Grade::choice,
     .source = "the paper: a separate light source at an angle above the system",
     .text = "Angle of the transmission lamp from the vertical"},
    p.lamp_tilt);
  v({.key = "lamp_azimuth",
     .unit = "deg",
     .low = -180,
     .high = 180,
     .grade = Grade::choice,
     .source = "free",
     .text = "Direction towards the lamp, from the x axis of the stage towards its y axis"},
    p.lamp_azimuth);
  v({.key = "lamp_half_angle",
     .unit = "deg",
     .low = 0.1,
     .high = 15,
     .grade = Grade::choice,
     .source = "free",
     .text = "Angular half width of the lamp: softens the pipette's shadow"},
    p.lamp_half_angle);
}

}  // namespace

OpticalMaterial OpticsParameters::gold() const {
  switch (gold_data) {
    case GoldData::film_9nm:
      return OpticalMaterial::gold_film_9nm;
    case GoldData::film_25nm:
      return OpticalMaterial::gold_film_25nm;
    case GoldData::bulk:
      break;
  }
  return OpticalMaterial::gold_bulk;
}

OpticalMaterial OpticsParameters::adhesion() const {
  return adhesion_metal == AdhesionMetal::titanium ? OpticalMaterial::titanium : OpticalMaterial::chromium;
}

void OpticsParameters::visit(ParameterVisitor& v, OpticsParameters& p) {
  visit_objective(v, p);
  visit_coverslip(v, p);
  visit_light(v, p);
}

}  // namespace seccm::models
