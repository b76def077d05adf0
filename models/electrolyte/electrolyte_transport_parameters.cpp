#include "models/electrolyte/electrolyte_transport_parameters.hpp"

namespace seccm::models {
namespace {

void visit_salt(ParameterVisitor& v, SaltTransportParameters& p) {
  v({.key = "transport",
     .source = "docs/physics-electrolyte.md",
     .text = "Salt transport in the pipette (job simulate): none, or the truncated cone with the droplet below it"},
    salt_transport_names, p.transport);
  v({.key = "properties",
     .grade = Grade::verified,
     .source = "Landesfeind & Gasteiger 2019, EC:EMC 3:7, as given in PyBaMM's ORegan2022",
     .text = "D, conductivity, t+ and thermodynamic factor against concentration, with transport = cone"},
    salt_law_names, p.properties);
  v({.key = "thermodynamic_factor",
     .low = 0.1,
     .high = 10,
     .grade = Grade::verified,
     .source = "2.18 Landesfeind, 2.13 Valoen-Reimers",
     .text = "1 + dln f/dln c of properties = constant; 1 is the ideal solution"},
    p.thermodynamic_factor);
  v({.key = "cone_end",
     .grade = Grade::verified,
     .source = "R1, R2, R3 of echemtips",
     .text = "Radius at which the cone ends: a/sin, a/tan, or a/sin - h/cos of the half angle"},
    cone_end_names, p.cone_end);
  v({.key = "solubility",
     .unit = "mol/L",
     .low = 0.01,
     .high = 4,
     .grade = Grade::recalled,
     .source = "3-4 mol/L for LiPF6 in carbonates; no measurement read",
     .text = "Concentration of the salt beyond which a run ends: it precipitates"},
    p.solubility);
  v({.key = "electrolyte_cells",
     .low = 10,
     .high = 2000,
     .source = "docs/physics-electrolyte.md",
     .text = "Finite volumes along the cone"},
    p.cells);
}

void visit_meniscus(ParameterVisitor& v, SaltTransportParameters& p) {
  double si = p.evaporation;
  v.quantity({.key = "evaporation",
              .unit = "pL/s",
              .low = 0,
              .high = 1000,
              .grade = Grade::recalled,
              .source = "0.1-1 pL/s for a 1 um hanging meniscus in dry Ar, uncertain by x10",
              .text = "Volume of solvent that leaves at the rim of the meniscus, drawn down the cone"},
             Volume::dimension - Time::dimension, si);
  p.evaporation = si;
  v({.key = "spreading",
     .source = "docs/physics-electrolyte.md",
     .text = "How the footprint grows during the run (job simulate)"},
    spreading_names, p.spreading);
  v({.key = "spreading_ratio",
     .low = 1,
     .high = 10,
     .grade = Grade::recalled,
     .source = "footprint : pipette 1.0-1.5, organic on Au",
     .text = "Final : first footprint radius of spreading = exponential"},
    p.spreading_ratio);
  v({.key = "spreading_time",
     .unit = "s",
     .low = 1e-3,
     .high = 1e6,
     .grade = Grade::choice,
     .source = "no measurement known",
     .text = "Time constant of spreading: a(t) = a0 + (a_end - a0)(1 - exp(-t/time)) or a0 (1 + t/time)^exponent"},
    p.spreading_time);
  v({.key = "spreading_exponent",
     .low = 0,
     .high = 0.5,
     .grade = Grade::recalled,
     .source = "Tanner's law: 1/10",
     .text = "Exponent of spreading = power"},
    p.spreading_exponent);
  v({.key = "gold_pzc",
     .unit = "V",
     .low = 0,
     .high = 5,
     .grade = Grade::recalled,
     .source = "no measurement in carbonates read: +0.2 V vs SHE of polycrystalline Au, -3.04 V of Li",
     .text = "Potential of zero charge vs Li/Li+ at which freshly wetted gold takes up no charge"},
    p.gold_pzc);
}

}  // namespace

void SaltTransportParameters::visit(ParameterVisitor& v, SaltTransportParameters& p) {
  visit_salt(v, p);
  visit_meniscus(v, p);
}

}  // namespace seccm::models
