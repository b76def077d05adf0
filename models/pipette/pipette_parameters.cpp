#include "models/pipette/pipette_parameters.hpp"

namespace seccm::models {

void PipetteParameters::visit(ParameterVisitor& v, PipetteParameters& p) {
  v({.key = "diameter",
     .unit = "um",
     .low = 0.05,
     .high = 5,
     .grade = Grade::paper,
     .source = "1, 2 and 3 um",
     .text = "Inner diameter of the opening"},
    p.diameter);
  v({.key = "half_cone_angle",
     .unit = "deg",
     .low = 2,
     .high = 20,
     .grade = Grade::verified,
     .source = "Anderson & Edwards 2023, as used in echemtips",
     .text = "Half angle of the inner cone"},
    p.half_cone_angle);
  v({.key = "wall_ratio",
     .low = 1.05,
     .high = 3,
     .grade = Grade::recalled,
     .source = "pulled borosilicate, o.d./i.d.",
     .text = "Outer : inner diameter at the opening"},
    p.wall_ratio);
  v({.key = "cone_length",
     .unit = "mm",
     .low = 0.01,
     .high = 20,
     .grade = Grade::recalled,
     .source = "pulled taper",
     .text = "Length of the filled taper behind the opening"},
    p.cone_length);
}

namespace {

void visit_salt(ParameterVisitor& v, ElectrolyteParameters& p) {
  v({.key = "conductivity",
     .unit = "S/m",
     .low = 0.01,
     .high = 20,
     .grade = Grade::verified,
     .source = "1 M LiPF6 EC:EMC 1:1, 25 C (AEM grid; Nyman 2008; Landesfeind 2019)",
     .text = "Ionic conductivity"},
    p.conductivity);
  v({.key = "salt_concentration",
     .unit = "mol/L",
     .low = 0.001,
     .high = 5,
     .grade = Grade::paper,
     .source = "1 M LiPF6",
     .text = "Concentration of the lithium salt"},
    p.salt_concentration);
  v({.key = "salt_diffusivity",
     .unit = "cm^2/s",
     .low = 1e-8,
     .high = 1e-4,
     .grade = Grade::verified,
     .source = "1.8-3.2e-6 (Nyman, Landesfeind, Valoen-Reimers)",
     .text = "Diffusivity of the salt"},
    p.salt_diffusivity);
  v({.key = "transference_number",
     .low = 0,
     .high = 0.95,
     .grade = Grade::verified,
     .source = "0.221 Landesfeind, 0.2594 Nyman",
     .text = "Cation transference number"},
    p.transference_number);
}

void visit_ferrocene(ParameterVisitor& v, ElectrolyteParameters& p) {
  v({.key = "ferrocene_concentration",
     .unit = "mmol/L",
     .low = 0,
     .high = 100,
     .grade = Grade::choice,
     .source = "internal reference; Fc/Fc+ calibrates the QRCE in the paper",
     .text = "Concentration of ferrocene"},
    p.ferrocene_concentration);
  v({.key = "ferrocene_diffusivity",
     .unit = "cm^2/s",
     .low = 1e-8,
     .high = 1e-4,
     .grade = Grade::recalled,
     .source = "0.8-3e-6, Stokes-Einstein from MeCN",
     .text = "Diffusivity of ferrocene"},
    p.ferrocene_diffusivity);
  v({.key = "ferrocene_potential",
     .unit = "V",
     .low = 3,
     .high = 3.5,
     .grade = Grade::paper,
     .source = "+3.25 V, ref. 12",
     .text = "Formal potential of Fc/Fc+ vs Li/Li+"},
    p.ferrocene_potential);
  v({.key = "ferrocene_rate_constant",
     .unit = "cm/s",
     .low = 1e-12,
     .high = 1e8,
     .grade = Grade::recalled,
     .source = "fast outer-sphere couple; reversible in this electrolyte (Laoire 2009)",
     .text = "Standard rate constant of Fc/Fc+"},
    p.ferrocene_rate_constant);
  v({.key = "ferrocene_transfer_coefficient",
     .low = 0.1,
     .high = 0.9,
     .grade = Grade::choice,
     .source = "",
     .text = "Transfer coefficient of the oxidation of Fc"},
    p.ferrocene_transfer_coefficient);
}

}  // namespace

void ElectrolyteParameters::visit(ParameterVisitor& v, ElectrolyteParameters& p) {
  visit_salt(v, p);
  visit_ferrocene(v, p);
  SaltTransportParameters::visit(v, p.salt);
}

}  // namespace seccm::models
