#include "models/network/cluster_parameters.hpp"

#include "sim/quantity.hpp"

namespace seccm::models {

void ClusterParameters::visit(ParameterVisitor& v, ClusterParameters& p) {
  v({.key = "particles",
     .source = "docs/physics-network.md",
     .text = "Job simulate: [cell] particles all alike, or a pile packed as [sample] says with the median radius of "
             "[cell]"},
    arrangement_names, p.particles);
  v({.key = "wiring",
     .source = "docs/physics-network.md",
     .text = "Each particle behind one resistance of its own, or the network of all contacts"},
    wiring_names, p.wiring);
  v({.key = "isolated",
     .source = "docs/physics-network.md",
     .text = "Particles without a path of contacts to the gold: refuse the cluster, or leave them out"},
    isolated_names, p.isolated);
  v({.key = "number", .low = 0, .high = 1e9, .source = "scenario", .text = "Which pile of the seed is packed"},
    p.number);
  v({.key = "conduction",
     .source = "docs/physics-network.md",
     .text = "Contacts with their interface resistance only, or with the constriction in particles that conduct better "
             "as they fill (wiring = network)"},
    conduction_names, p.conduction);
  v({.key = "conductivity_pristine",
     .unit = "S/cm",
     .low = 1e-16,
     .high = 1e4,
     .grade = Grade::paper,
     .source = "Tetteh 2023: 1e-12 S/cm",
     .text = "Electronic conductivity of empty TiO2"},
    p.conductivity_pristine);
  v({.key = "conductivity_lithiated",
     .unit = "S/cm",
     .low = 1e-16,
     .high = 1e4,
     .grade = Grade::recalled,
     .source = "1e-12 to 1e-2 S/cm; must rise on lithiation",
     .text = "Electronic conductivity from full_conduction_filling on"},
    p.conductivity_lithiated);
  v({.key = "full_conduction_filling",
     .low = 1e-4,
     .high = 1,
     .grade = Grade::choice,
     .source = "small: conduction comes with the first lithium",
     .text = "Surface filling y at which the conductivity stops rising"},
    p.full_conduction_filling);
  v({.key = "neck_share",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "0: nothing sintered",
     .text = "Share of the particle-particle contacts that are sintered necks, through which lithium passes "
             "(wiring = network)"},
    p.neck_share);
  v({.key = "neck_diffusivity",
     .unit = "cm^2/s",
     .low = 1e-24,
     .high = 1e-4,
     .grade = Grade::recalled,
     .source = "that of the lattice, 1e-13 cm^2/s; a grain boundary may be slower or faster",
     .text = "Diffusion coefficient of lithium in a neck"},
    p.neck_diffusivity);
  v({.key = "neck_length",
     .unit = "nm",
     .low = 0,
     .high = 1e4,
     .grade = Grade::choice,
     .source = "0: the constriction alone",
     .text = "Length of a neck, or of lattice that a grain boundary is worth"},
    p.neck_length);
}

ConductivityLaw conductivity_law(const ClusterParameters& parameters) {
  return {.limited = parameters.conduction == ConductionKind::lithiation,
          .pristine = parameters.conductivity_pristine.si(),
          .lithiated = parameters.conductivity_lithiated.si(),
          .full_filling = parameters.full_conduction_filling};
}

double neck_exchange(const ClusterParameters& parameters, double radius) {
  const double length = parameters.neck_length.si() + 0.5 * constants::pi * radius;
  return parameters.neck_diffusivity.si() * constants::pi * radius * radius / length;
}

}  // namespace seccm::models
