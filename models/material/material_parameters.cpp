#include "models/material/material_parameters.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr std::array<std::string_view, 2> truth_sets{"reconciled", "paper_literal"};

void visit_thermodynamics(ParameterVisitor& v, MaterialParameters& p) {
  v({.key = "law",
     .source = "docs/physics-cell.md",
     .text = "Open-circuit potential law of the first lattice (x up to x_max)"},
    isotherm_names, p.law);
  v({.key = "E0",
     .unit = "V",
     .low = 0.5,
     .high = 4.5,
     .grade = Grade::verified,
     .source = "de Klerk/Vasileiadis (equilibrium 1.84 V); 1.78-1.84 V",
     .text = "Standard potential of the host vs Li/Li+: half filling, or the plateau"},
    p.E0);
  v({.key = "g",
     .low = -3.99,
     .high = 100,
     .grade = Grade::choice,
     .source = "Frumkin isotherm",
     .text = "Interaction of law = frumkin; > 0 repulsive, <= -4 would separate phases"},
    p.g);
  v({.key = "plateau_solubility",
     .low = 1e-4,
     .high = 0.4,
     .grade = Grade::verified,
     .source = "Wagemaker 2001/2002 (x = 0.01 by NMR, 0.02 used; more below 40 nm)",
     .text = "Filling y at the lithium-poor end of the plateau of law = anatase_plateau"},
    p.plateau_solubility);
  v({.key = "c_max",
     .unit = "mol/m^3",
     .low = 1e2,
     .high = 1e5,
     .grade = Grade::paper,
     .source = "Tetteh 2023",
     .text = "Lithium concentration at y = 1"},
    p.c_max);
  v({.key = "x_max",
     .low = 0.1,
     .high = 1.0,
     .grade = Grade::paper,
     .source = "Tetteh 2023; Lindstrom 1997 0.47",
     .text = "x in LixTiO2 at y = 1"},
    p.x_max);
}

void visit_transport(ParameterVisitor& v, MaterialParameters& p) {
  v({.key = "diffusion",
     .source = "docs/physics-cell.md",
     .text = "One diffusion coefficient, one per direction of the cell's net lithium flux, or one that depends on the "
             "filling: a table, D e^(k y), or D times the thermodynamic factor of the law"},
    diffusion_names, p.diffusion);
  v({.key = "D",
     .unit = "cm^2/s",
     .low = 1e-22,
     .high = 1e-4,
     .grade = Grade::computed,
     .source = "range of the literature 1e-18..1e-8; 1e-13 reproduces x = 0.3 at 100 mV/s in 50 nm spheres",
     .text = "Diffusion coefficient of lithium in the host; of diffusion = exponential at y = 0, of diffusion = "
             "thermodynamic the self-diffusivity"},
    p.D);
  v({.key = "D_intercalation",
     .unit = "cm^2/s",
     .low = 1e-22,
     .high = 1e-4,
     .grade = Grade::paper,
     .source = "Tetteh 2023",
     .text = "Diffusion coefficient on intercalation, of diffusion = per_direction"},
    p.D_intercalation);
  v({.key = "D_deintercalation",
     .unit = "cm^2/s",
     .low = 1e-22,
     .high = 1e-4,
     .grade = Grade::paper,
     .source = "Tetteh 2023",
     .text = "Diffusion coefficient on de-intercalation, of diffusion = per_direction"},
    p.D_deintercalation);
  v({.key = "D_exponent",
     .low = -20,
     .high = 20,
     .grade = Grade::computed,
     .source = "ln of 1.3e-11 (titanate) over 4.7e-12 cm^2/s (anatase), Wagemaker 2001 by NMR",
     .text = "ln(D(1)/D(0)) of diffusion = exponential"},
    p.D_exponent);
  v({.key = "D_table_y",
     .low = 0,
     .high = 1,
     .source = "scenario",
     .text = "Fillings y of diffusion = table, rising, at least two; D is held beyond the first and the last"},
    p.D_table_y);
  v({.key = "D_table",
     .unit = "cm^2/s",
     .source = "scenario",
     .text = "Diffusion coefficients of diffusion = table at those fillings, all above 0"},
    p.D_table);
}

void visit_kinetics(ParameterVisitor& v, MaterialParameters& p) {
  v({.key = "kinetics",
     .source = "docs/physics-particles.md",
     .text = "Rate law of the insertion: Butler-Volmer, or Marcus-Hush-Chidsey (symmetric, saturates)"},
    kinetics_names, p.kinetics);
  v({.key = "k0",
     .unit = "cm/s",
     .low = 1e-16,
     .high = 1e6,
     .grade = Grade::verified,
     .source = "Lindstrom 1997 3.5e-10; Hengerer 2000 2e-9 (101), 1e-8 (001)",
     .text = "Standard rate constant; a large value makes the reaction reversible"},
    p.k0);
  v({.key = "alpha",
     .low = 0.05,
     .high = 0.95,
     .grade = Grade::verified,
     .source = "Lindstrom 1997; Tetteh 2023",
     .text = "Transfer coefficient of the reduction (kinetics = marcus_hush_chidsey is symmetric and takes 0.5)"},
    p.alpha);
  v({.key = "reorganisation_energy",
     .unit = "eV",
     .low = 0.01,
     .high = 10,
     .grade = Grade::recalled,
     .source = "8.3 kT in carbon-coated LiFePO4, Bai and Bazant 2014; no value for anatase is known",
     .text = "Reorganisation energy of kinetics = marcus_hush_chidsey"},
    p.reorganisation_energy);
  v({.key = "film_resistance",
     .unit = "Ohm m^2",
     .low = 0,
     .high = 1e3,
     .grade = Grade::recalled,
     .source = "films on electrodes in carbonates: 1e-3..1e-2 Ohm m^2; none is expected on TiO2 above 1 V",
     .text = "Ohmic film in series with the insertion reaction, per wetted area"},
    p.film_resistance);
}

void visit_second_process(ParameterVisitor& v, MaterialParameters& p) {
  v({.key = "second_process",
     .source = "de Klerk 2017: two lattices with their own D and kinetics",
     .text = "Add the sites between Li0.5 and Li1 as a second ideal lattice of the same capacity"},
    p.second_process);
  v({.key = "second_E0",
     .unit = "V",
     .low = 0.5,
     .high = 4.5,
     .grade = Grade::verified,
     .source = "de Klerk/Vasileiadis; 1.50-1.56 V",
     .text = "Standard potential of the second lattice vs Li/Li+"},
    p.second_E0);
  v({.key = "second_D",
     .unit = "cm^2/s",
     .low = 1e-22,
     .high = 1e-4,
     .grade = Grade::recalled,
     .source = "1e-16..1e-18; 'plunges' in Li1TiO2",
     .text = "Diffusion coefficient in the second lattice"},
    p.second_D);
  v({.key = "second_k0",
     .unit = "cm/s",
     .low = 1e-16,
     .high = 1e6,
     .grade = Grade::recalled,
     .source = "taken as that of the first lattice, Lindstrom 1997",
     .text = "Standard rate constant of the second lattice"},
    p.second_k0);
}

}  // namespace

void MaterialParameters::visit(ParameterVisitor& v, MaterialParameters& p) {
  visit_thermodynamics(v, p);
  visit_transport(v, p);
  visit_kinetics(v, p);
  visit_second_process(v, p);
}

void apply_truth_set(std::string_view name, MaterialParameters& material) {
  if (name == "reconciled") {
    material.diffusion = DiffusionKind::single;
    material.D = 1e-13 * unit::cm2_per_s;
    material.k0 = 2e-9 * unit::cm_per_s;
  } else if (name == "paper_literal") {
    material.diffusion = DiffusionKind::per_direction;
    material.D_intercalation = 2e-14 * unit::cm2_per_s;
    material.D_deintercalation = 3e-15 * unit::cm2_per_s;
    material.k0 = 3.5e-10 * unit::cm_per_s;
  } else {
    throw InputError(
        fmt::format("truth_set = \"{}\" is not known; accepted are {}", name, fmt::join(truth_sets, ", ")));
  }
}

std::span<const std::string_view> truth_set_names() {
  return truth_sets;
}

}  // namespace seccm::models
