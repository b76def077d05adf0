// Identities that hold for every model of a particle, from one table of cells.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/cell.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models {
namespace {

using verification::check;

constexpr double temperature = 298.15;
const double thermal = constants::gas * temperature / constants::faraday;
constexpr double E0 = 1.84;

struct Model {
  std::string name;
  CellSpec spec;
  bool has_isotherm = true;  ///< `Cell::equilibrium_potential` is that of the whole particle
};

CellSpec particle() {
  CellSpec spec;
  spec.material.E0 = Potential(E0);
  spec.material.D = 1e-13 * unit::cm2_per_s;
  spec.material.k0 = 1e-8 * unit::cm_per_s;
  spec.numerics.potential_step = Potential(5e-3);
  spec.numerics.cells = 40;
  spec.numerics.grading = 0.05;
  spec.particles = {{.radius = 20e-9}};
  return spec;
}

std::vector<Model> models() {
  std::vector<Model> all{{"ideal", particle()}};
  const auto add = [&](const char* name, bool has_isotherm = true) -> CellSpec& {
    return all.emplace_back(Model{name, particle(), has_isotherm}).spec;
  };
  CellSpec& attractive = add("Frumkin, g = -3");
  attractive.material.law = IsothermKind::frumkin;
  attractive.material.g = -3.0;
  add("plateau").material.law = IsothermKind::anatase_plateau;
  add("two processes", false).material.second_process = true;
  add("surface redox").surface_redox.enabled = true;
  apply_truth_set("paper_literal", add("D per direction").material);
  CellSpec& exponential = add("exponential D");
  exponential.material.diffusion = DiffusionKind::exponential;
  exponential.material.D_exponent = -3.0;
  CellSpec& thermodynamic = add("thermodynamic D, Marcus-Hush-Chidsey, film");
  thermodynamic.material.law = IsothermKind::frumkin;
  thermodynamic.material.g = 5.0;
  thermodynamic.material.diffusion = DiffusionKind::thermodynamic;
  thermodynamic.material.kinetics = KineticsKind::marcus_hush_chidsey;
  thermodynamic.material.film_resistance = ArealResistance(0.01);
  CellSpec& table = add("table D in a cylinder");
  table.geometry = sim::Geometry::cylinder;
  table.material.diffusion = DiffusionKind::table;
  for (const double y : {0.0, 0.5, 1.0}) table.material.D_table_y.emplace_back(y);
  for (const double D : {4e-17, 1e-18, 2e-17}) table.material.D_table.emplace_back(D);
  CellSpec& cluster = add("cluster behind resistances");
  cluster.series_resistance = 1e8;
  for (const double r : {10e-9, 15e-9, 30e-9}) {
    cluster.particles.push_back({.radius = r, .wetted_fraction = 0.7, .contact_resistance = 1e11});
  }
  CellSpec& phases = add("Cahn-Hilliard", false);
  phases.model = ParticleModel::cahn_hilliard;
  phases.material.D = 4.7e-12 * unit::cm2_per_s;
  CellSpec& lattices = add("Cahn-Hilliard, two sublattices", false);
  lattices.model = ParticleModel::cahn_hilliard_two_lattices;
  lattices.material.D = 4.7e-12 * unit::cm2_per_s;
  lattices.material.second_D = 4.7e-14 * unit::cm2_per_s;
  CellSpec& wet = add("Cahn-Hilliard with surface redox behind resistances", false);
  wet.model = ParticleModel::cahn_hilliard;
  wet.material.D = 4.7e-12 * unit::cm2_per_s;
  wet.surface_redox.enabled = true;
  wet.series_resistance = 1e9;
  wet.particles.push_back({.radius = 12e-9, .contact_resistance = 1e11});
  return all;
}

TEST(IdentityTable, ChargeIsLithium) {
  for (const StepKind step : {StepKind::fixed, StepKind::adaptive}) {
    for (Model& model : models()) {
      model.spec.numerics.step = step;
      const Cell cell(model.spec);
      sim::Waveform program = sim::Waveform::at(E0 + 0.5);
      for (int k = 0; k < 3; ++k) program = program.ramp_to(E0 - 0.5, 0.05).ramp_to(E0 + 0.5, 0.05);
      const Trace trace = simulate(cell, program);
      double gross = 0.0;
      double worst = 0.0;
      double passed = 0.0;
      for (std::size_t k = 1; k < trace.size(); ++k) {
        const double dt = trace.time[k] - trace.time[k - 1];
        gross += std::abs(trace.components[k].intercalation) * dt;
      }
      CellStepper stepper(cell, cell.rest(E0 + 0.5));
      for (int k = 1; k <= 200; ++k) {
        stepper.advance(E0 + 0.5 - 5e-3 * k, 0.1);
        passed = stepper.state().charge.intercalation;
        worst = std::max(worst, std::abs(passed + constants::faraday * cell.lithium(stepper.state())));
      }
      const double first = trace.charge.front() + constants::faraday * trace.lithium.front();
      EXPECT_TRUE(std::isfinite(first));
      if (step == StepKind::adaptive) {
        // Only without capacitances is the total charge that of the lithium; the parts are checked step by step above.
        worst = 0.0;
        for (std::size_t k = 1; k < trace.size(); ++k) {
          EXPECT_TRUE(std::isfinite(trace.current[k])) << model.name;
          worst = std::max(worst, trace.lithium[k] < -1e-12 * cell.capacity() ? 1.0 : 0.0);
        }
      }
      check({.name = model.name + (step == StepKind::fixed ? "" : ", adaptive steps"),
             .quantity = step == StepKind::fixed ? "imbalance of charge and lithium over the charge passed"
                                                 : "rows with less lithium than none",
             .exact = 0.0,
             .computed = worst / (step == StepKind::fixed ? std::max(gross, 1e-30) : 1.0),
             .bound = 1e-10,
             .note = "The surface is an imposed flux and the charge is booked by the formula that advances the state: "
                     "round-off."});
    }
  }
}

TEST(IdentityTable, RestAtEquilibriumStays) {
  // With the activity a_e in the electrolyte the equilibrium is at U(y) + (RT/F) ln a_e: Nernst and detailed balance.
  for (const double activity : {1.0, 0.3}) {
    for (Model& model : models()) {
      if (!model.has_isotherm) continue;
      constexpr double y = 0.3;
      for (CellParticle& p : model.spec.particles) p.initial_filling = y;
      model.spec.surface_redox.enabled = model.spec.surface_redox.enabled && activity == 1.0;
      const Cell cell(model.spec);
      const double E = cell.equilibrium_potential(y) + thermal * std::log(activity);
      CellStepper stepper(cell, cell.rest(E));
      stepper.surround({.series_resistance = model.spec.series_resistance, .electrolyte_activity = activity});
      double worst = 0.0;
      for (int k = 0; k < 20; ++k) {
        stepper.advance(E, 1.0);
        worst = std::max(worst, std::abs(stepper.currents().total));
      }
      const double unit = constants::faraday * cell.capacity();  // A for a full charge in a second
      check({.name = model.name + (activity == 1.0 ? "" : ", a_e = 0.3"),
             .quantity = "largest current at rest, over a full charge per second",
             .exact = 0.0,
             .computed = worst / unit,
             .bound = 1e-9,
             .note = "Nernst at zero overpotential. The exchange current is k0 A/V = 0.015 full charges a second per "
                     "thermal voltage, round-off of E is 1e-14 of one."});
    }
  }
}

TEST(IdentityTable, LargeRadiusIsASlab) {
  // The current per area of a sphere differs from that of a slab by (layer/R) times a number of order one, of a
  // cylinder by half as much: psi_sphere = psi_planar - theta/sqrt(w) before the centre is felt.
  const auto sweep = [](sim::Geometry geometry, double radius) {
    CellSpec spec = particle();
    spec.geometry = geometry;
    spec.face_area = 1e-12;
    spec.double_layer.titania = ArealCapacitance(0.0);
    spec.material.k0 = Velocity(1e-3);
    spec.material.D = Diffusivity(1e-17);
    spec.numerics.fastest_scan_rate = ScanRate(0.05);
    spec.numerics.cells = 0;
    spec.numerics.grading = 0.0;
    spec.numerics.potential_step = Potential(2e-3);
    spec.particles = {{.radius = radius}};
    const Trace trace = simulate(Cell(spec), sim::Waveform::at(E0 + 0.3).ramp_to(E0 - 0.3, 0.05));
    const double area = geometry == sim::Geometry::sphere ? 4.0 * constants::pi * radius * radius : 1e-12;
    std::vector<double> density;
    for (const double i : trace.current) density.push_back(i / area);
    return density;
  };
  const double layer = std::sqrt(1e-17 * thermal / 0.05);
  for (const double radius : {1e-6, 4e-6}) {
    const auto slab = sweep(sim::Geometry::slab, radius);
    const auto cylinder = sweep(sim::Geometry::cylinder, radius);
    const auto sphere = sweep(sim::Geometry::sphere, radius);
    const double unit = constants::faraday * 2.4e4 * 1e-17 / layer;
    const double w = layer / radius;
    // At the foot of the wave's end theta -> 1: the last sample.
    const auto difference = [&](const std::vector<double>& curved) { return (curved.back() - slab.back()) / unit / w; };
    const std::string size = radius < 2e-6 ? ", R = 1 um" : ", R = 4 um";
    check({.name = "sphere to slab" + size,
           .quantity = "difference of the currents over D c/R",
           .exact = 1.0,
           .computed = difference(sphere),
           .bound = 0.02,
           .note = "theta_s = 1 behind the wave. The next term of the expansion is of the order layer/R; mesh and "
                   "steps err by 1e-3 of the peak in each current."});
    check({.name = "cylinder to slab" + size,
           .quantity = "difference of the currents over D c/R",
           .exact = 0.5,
           .computed = difference(cylinder),
           .bound = 0.02,
           .note = "Half the curvature of the sphere."});
  }
}

TEST(IdentityTable, CahnHilliardWithoutGapAndGradientsIsFick) {
  CellSpec fick = particle();
  fick.material.D = 1e-11 * unit::cm2_per_s;
  fick.surface_redox.enabled = true;
  fick.series_resistance = 1e9;
  fick.particles[0].contact_resistance = 1e10;
  CellSpec phases = fick;
  phases.model = ParticleModel::cahn_hilliard;
  phases.phase_field.omega = 0.0;
  phases.phase_field.kappa = GradientEnergy(0.0);
  phases.phase_field.tolerance = 1e-6;
  const auto program = sim::Waveform::at(E0 + 0.5).ramp_to(E0 - 0.5, 0.05).ramp_to(E0 + 0.5, 0.05);
  fick.numerics.potential_step = phases.numerics.potential_step = Potential(1e-3);
  const Trace a = simulate(Cell(fick), program);
  const Trace b = simulate(Cell(phases), program);
  double worst = 0.0;
  double peak = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    worst = std::max(worst, std::abs(a.current[k] - b.current[k]));
    peak = std::max(peak, std::abs(a.current[k]));
  }
  check({.name = "one particle with surface redox behind resistances, one cycle",
         .quantity = "largest difference over the peak",
         .exact = 0.0,
         .computed = worst / peak,
         .bound = 2e-3,
         .note = "Two discretisations of one problem: 40 graded volumes and 41 uniform nodes, each promising 0.1 % of "
                 "the peak."});
}

}  // namespace
}  // namespace seccm::models
