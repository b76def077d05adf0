// Salt transport in the cone of a pipette: steady and transient exact solutions, balance, order, and cells under a
// liquid that changes.
// Longer than 500 lines: one record page; its cases share their liquids.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/electrolyte/surrounded_cell.hpp"
#include "models/engine/simulate.hpp"
#include "models/pipette/pipette.hpp"
#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models {
namespace {

using constants::faraday;
using constants::pi;
using test::table;
using verification::check;
using verification::check_order;
using verification::plot;

constexpr double degree = pi / 180.0;
constexpr double R_gas_T_over_F = constants::gas * 298.15 / faraday;
constexpr double forever = 1e30;  // s: one backward-Euler step to the steady state

ElectrolyteParameters liquid(SaltLaw law, double t_plus = 0.25) {
  ElectrolyteParameters e;
  e.salt.transport = SaltTransport::cone;
  e.salt.properties = law;
  e.transference_number = t_plus;
  return e;
}

struct Cone {
  double radius = 0.5e-6;
  double half_angle = 7.5 * degree;
  double length = 3e-3;
  ConeEnd end = ConeEnd::cap;
  double height = 0.0;
  int cells = 80;
  double first_cell = 0.02;

  [[nodiscard]] SaltGeometry geometry() const {
    return {.radius = radius,
            .half_angle = half_angle,
            .length = length,
            .cone_end = end,
            .droplet_height = height,
            .footprint_radius = 1.1 * radius,
            .cells = cells,
            .first_cell = first_cell};
  }
};

SaltStepper stepper_of(const Cone& cone, const ElectrolyteParameters& e, double flow = 0.0) {
  return SaltStepper(SaltColumn(cone.geometry()), SaltProperties(e, 298.15), flow);
}

/// The current (a magnitude) at which the surface has no salt, of constant properties: the end of the step is affine in
/// the current.
double emptying_current(SaltStepper& salt, double dt, const sim::StepScheme& scheme) {
  const double unit = -1e-12;
  const double at_rest = salt.solve(0.0, dt, scheme).concentration;
  const double slope = (salt.solve(unit, dt, scheme).concentration - at_rest) / unit;
  return at_rest / slope;
}

TEST(ExactElectrolyte, ConeAgainstTheDisc) {
  // Cones of 10 m: the far end adds r1/r2 < 1e-6 to a steady state of an infinite cone.
  ElectrolyteParameters e = liquid(SaltLaw::constant, 0.0);
  const double D = e.salt_diffusivity.si();
  const double kappa = e.conductivity.si();
  for (const auto& row : table("i2_cone_pipette.csv")) {
    const Cone cone{.radius = 1e-7, .half_angle = row[0] * degree, .length = 1e3};
    SaltStepper salt = stepper_of(cone, e);
    const double limit = emptying_current(salt, forever, sim::backward_euler);
    check({.name = fmt::format("half angle {} deg, limiting current", row[0]),
           .quantity = "i_lim/(4 n F D c a)",
           .exact = row[1],
           .computed = limit / (4.0 * faraday * D * 1e3 * cone.radius),
           .bound = 1e-8,
           .relative = true,
           .note = "table i2; the cone ends at r1/r2 < 1e-9; 1e-10 of rounding over 80 cells"});
    check({.name = fmt::format("half angle {} deg, resistance", row[0]),
           .quantity = "R kappa a",
           .exact = row[2],
           .computed = salt.solve(0.0, forever, sim::backward_euler).resistance * kappa * cone.radius,
           .bound = 1e-8,
           .relative = true,
           .note = "table i2, spherical caps"});
  }
}

TEST(ExactElectrolyte, PublishedPipettes) {
  ElectrolyteParameters e = liquid(SaltLaw::constant, 0.0);
  e.salt_concentration = Concentration(1.0);
  e.salt_diffusivity = Diffusivity(1e-9);
  SaltStepper flat = stepper_of({.radius = 200e-9, .length = 1.0, .end = ConeEnd::flat}, e);
  check({.name = "a = 200 nm, 7.5 deg, D = 1e-9 m2/s, 1 mM, R2",
         .quantity = "limiting current",
         .unit = "pA",
         .exact = 7.879,
         .computed = emptying_current(flat, forever, sim::backward_euler) * 1e12,
         .bound = 6e-4,
         .note = "echemtips; three decimals"});
  e.conductivity = Conductivity(1.0 / 0.64);
  const Cone narrow{.radius = 50e-9, .half_angle = 4.0 * degree, .length = 30e-6};
  const double cone = stepper_of(narrow, e).tip().resistance;
  check({.name = "a = 50 nm, 4 deg, 30 um, 64 Ohm cm",
         .quantity = "cone and access",
         .unit = "MOhm",
         .exact = 60.11,
         .computed = (cone + access_resistance(1.0 / 0.64, 50e-9)) * 1e-6,
         .bound = 0.0012 * 60.11,
         .note = "CRAN breakage, by flat discs; spherical caps are tan(4 deg)/(2 tan(2 deg)) - 1 = 0.12 % above"});
  check({.name = "the same by spherical caps",
         .quantity = "cone",
         .unit = "MOhm",
         .exact = truncated_cone_resistance(1.0 / 0.64, 50e-9, 4.0 * degree, 30e-6) * 1e-6,
         .computed = cone * 1e-6,
         .bound = 1e-11,
         .relative = true,
         .note = "models/pipette, closed form"});
  const PipetteParameters pipette;
  const Cone with_droplet{.height = 0.15e-6};
  check({.name = "1 um pipette with its droplet",
         .quantity = "series resistance",
         .unit = "MOhm",
         .exact = solution_resistance(pipette, {}, 0.15e-6, 1.1e-6) * 1e-6,
         .computed = stepper_of(with_droplet, liquid(SaltLaw::constant)).tip().resistance * 1e-6,
         .bound = 1e-11,
         .relative = true,
         .note = "what the twin's landings use"});
}

/// Dimensionless runs from t = 0: `steps` equal ones to τ = D t/r1².
struct Transient {
  double tau = 0.1;
  int steps = 200;
  int cells = 200;
  double first_cell = 0.0;  ///< 0: a fiftieth of the layer
};

SaltStepper transient_salt(const Transient& run, const ElectrolyteParameters& e) {
  Cone cone{.length = 0.1, .cells = run.cells};  // r2/r1 = 2.6e4: the far end is not felt
  cone.first_cell = run.first_cell > 0.0 ? run.first_cell : std::min(0.05, 0.02 * std::sqrt(run.tau));
  return stepper_of(cone, e);
}

double step_of(const Transient& run, const SaltStepper& salt, double D) {
  const double r1 = salt.column().end_radius();
  return run.tau * r1 * r1 / D / run.steps;
}

TEST(ExactElectrolyte, StepOfTheSurfaceConcentration) {
  const ElectrolyteParameters e = liquid(SaltLaw::constant);
  const double D = e.salt_diffusivity.si();
  verification::Curve exact{.label = "1 + r1/sqrt(pi D t)", .points = true};
  verification::Curve computed{.label = "finite volumes"};
  for (const double tau : {1e-3, 1e-2, 0.1, 1.0, 10.0}) {
    const Transient run{.tau = tau, .steps = 400, .cells = 400};
    SaltStepper salt = transient_salt(run, e);
    const double dt = step_of(run, salt, D);
    const double limit = emptying_current(salt, forever, sim::backward_euler);
    double current = 0.0;
    for (int k = 0; k < run.steps; ++k) {
      const auto& scheme = k == 0 ? sim::backward_euler : sim::bdf2;
      current = emptying_current(salt, dt, scheme);
      salt.solve(-current, dt, scheme);
      salt.accept();
    }
    exact.x.push_back(tau);
    exact.y.push_back(1.0 + 1.0 / std::sqrt(pi * tau));
    computed.x.push_back(tau);
    computed.y.push_back(current / limit);
    check({.name = fmt::format("D t/r1^2 = {}", tau),
           .quantity = "i/i_lim after the surface is emptied",
           .exact = exact.y.back(),
           .computed = computed.y.back(),
           .bound = 2e-4,
           .relative = true,
           .note = "infinite cone; 50 cells in the layer sqrt(D t): 1/50^2 = 4e-4, half of it at most by the parabola "
                   "through a "
                   "cell; BDF2 behind the jump errs by 1/n^2 = 6e-6, the far end by r1/r2 = 4e-5"});
  }
  plot({.name = "step response",
        .x_label = "D t/r1^2",
        .y_label = "i/i_lim",
        .curves = {computed, exact},
        .log_x = true});
}

/// (c_tip - c0) D Ω r1/g of a constant current, g = (1 - t+) i/F, and its exact value.
double charged(const Transient& run) {
  const ElectrolyteParameters e = liquid(SaltLaw::constant);
  const double D = e.salt_diffusivity.si();
  SaltStepper salt = transient_salt(run, e);
  const double dt = step_of(run, salt, D);
  const double current = 1e-10;
  for (int k = 0; k < run.steps; ++k) {
    salt.solve(current, dt, k == 0 ? sim::backward_euler : sim::bdf2);
    salt.accept();
  }
  const double g = 0.75 * current / faraday;
  return (salt.tip().concentration - 1e3) * D * salt.column().solid_angle() * salt.column().end_radius() / g;
}
double charged_exactly(double tau) {
  return 1.0 - std::exp(tau) * std::erfc(std::sqrt(tau));
}

TEST(ExactElectrolyte, ConstantCurrent) {
  for (const double tau : {1e-2, 0.1, 1.0, 10.0}) {
    check({.name = fmt::format("D t/r1^2 = {}", tau),
           .quantity = "rise of the surface concentration over g/(D Omega r1)",
           .exact = charged_exactly(tau),
           .computed = charged({.tau = tau, .steps = 400, .cells = 400}),
           .bound = 2e-4,
           .relative = true,
           .note = "1 - e^tau erfc(sqrt(tau)); errors as in the step of the surface concentration"});
  }
}

TEST(OrderElectrolyte, TimeAndSpace) {
  verification::Order time{.name = "time", .quantity = "surface concentration at D t/r1^2 = 1", .expected = 2.0};
  verification::Order space{.name = "space", .quantity = "surface concentration at D t/r1^2 = 1", .expected = 2.0};
  // Each against the limit of its own refinement, so that the other error does not enter.
  const double fine_time = charged({.tau = 1.0, .steps = 12800, .cells = 100, .first_cell = 0.01});
  for (const int steps : {50, 100, 200, 400}) {
    time.size.push_back(1.0 / steps);
    time.error.push_back(std::abs(charged({.tau = 1.0, .steps = steps, .cells = 100, .first_cell = 0.01}) - fine_time));
  }
  time.note = "against 12800 steps; a jump of the current at t = 0";
  time.tolerance = 0.15;
  time.pairs = 2;
  check_order(time);
  for (const int cells : {50, 100, 200, 400}) {
    // Halving the first cell with twice the cells keeps the stretch.
    const double first =
        std::expm1(12.0 / cells) / std::expm1(12.0) * 0.1 / std::cos(7.5 * degree) / (0.5e-6 / std::sin(7.5 * degree));
    space.size.push_back(1.0 / cells);
    space.error.push_back(
        std::abs(charged({.tau = 1.0, .steps = 3200, .cells = cells, .first_cell = first}) - charged_exactly(1.0)));
  }
  space.note = "against the exact value; 3200 steps leave 1e-8";
  space.tolerance = 0.2;
  check_order(space);
}

TEST(ExactElectrolyte, Evaporation) {
  const ElectrolyteParameters e = liquid(SaltLaw::constant);
  const double D = e.salt_diffusivity.si();
  const Cone cone{.height = 0.15e-6};
  const double s = SaltColumn(cone.geometry()).resistance();
  verification::Curve exact{.label = "e^Pe", .points = true};
  verification::Curve computed{.label = "finite volumes"};
  for (const double Pe : {0.01, 0.3, 1.0, 2.0, 5.0}) {
    const double flow = Pe * D / s;
    SaltStepper salt = stepper_of(cone, e, flow);
    const double rest = salt.solve(0.0, forever, sim::backward_euler).concentration / 1e3;
    exact.x.push_back(Pe);
    exact.y.push_back(std::exp(Pe));
    computed.x.push_back(Pe);
    computed.y.push_back(rest);
    check({.name = fmt::format("Pe = {}, no current", Pe),
           .quantity = "c(tip)/c0",
           .exact = std::exp(Pe),
           .computed = rest,
           .bound = 1e-10,
           .relative = true,
           .note = "the scheme is exact for a steady state of constant properties: rounding"});
    const double current = -50e-12;
    const double g = 0.75 * current / faraday;
    check({.name = fmt::format("Pe = {}, -50 pA", Pe),
           .quantity = "c(tip)",
           .unit = "mol/m3",
           .exact = (1e3 + g / flow) * std::exp(Pe) - g / flow,
           .computed = salt.solve(current, forever, sim::backward_euler).concentration,
           .bound = 1e-9,
           .relative = true,
           .note = "(c0 + g/Q) e^Pe - g/Q; g/Q is up to 1e2 times c0 where Pe is small"});
  }
  plot({.name = "enrichment by evaporation",
        .x_label = "Pe = Q s/D",
        .y_label = "c(tip)/c0",
        .curves = {computed, exact},
        .log_y = true});
}

TEST(ExactElectrolyte, ResistanceOfADepletedCone) {
  // κ proportional to c: R = s c0/(κ0 (c_tip - c0)) ln(c_tip/c0) for the linear profile in s.
  const ElectrolyteParameters e = liquid(SaltLaw::dilute);
  const double s = SaltColumn(Cone{.cells = 400}.geometry()).resistance();
  for (const double share : {-0.5, 0.5, 0.9, 0.99}) {
    SaltStepper salt = stepper_of({.cells = 400}, e);
    const double limit = emptying_current(salt, forever, sim::backward_euler);
    const SaltTip tip = salt.solve(-share * limit, forever, sim::backward_euler);
    const double ratio = 1.0 - share;
    check(
        {.name = fmt::format("at {} of the limiting current", share),
         .quantity = "resistance",
         .unit = "MOhm",
         .exact = s / 0.95 * std::log(ratio) / (ratio - 1.0) * 1e-6,
         .computed = tip.resistance * 1e-6,
         .bound = 1e-6,
         .relative = true,
         .note =
             "Simpson between cells whose conductivities differ by up to h = 5 %: h^4/180 = 3e-8; twice that much per "
             "cell next to an empty surface"});
    check({.name = fmt::format("at {} of the limiting current, potential", share),
           .quantity = "Nernst shift and diffusion potential",
           .unit = "mV",
           .exact = 2.0 * 0.75 * R_gas_T_over_F * std::log(ratio) * 1e3,
           .computed = (R_gas_T_over_F * std::log(tip.activity) + tip.diffusion_potential) * 1e3,
           .bound = 1e-8,
           .relative = true,
           .note = "concentration cell with transference, 2 (1 - t+) (RT/F) ln(c/c0)"});
  }
}

/// ∫ from a to b by Simpson's rule.
double integral(const std::function<double(double)>& f, double a, double b) {
  constexpr int n = 2000;
  const double h = (b - a) / n;
  double sum = f(a) + f(b);
  for (int k = 1; k < n; ++k) sum += (k % 2 == 1 ? 4.0 : 2.0) * f(a + h * k);
  return sum * h / 3.0;
}

TEST(ExactElectrolyte, PropertiesOfLiPF6) {
  const SaltProperties salt(liquid(SaltLaw::landesfeind), 298.15);
  const auto at_one_molar = [](const char* what, const char* unit, double exact, double computed, double half_digit) {
    check({.name = fmt::format("1 mol/L, 25 C, {}", what),
           .quantity = what,
           .unit = unit,
           .exact = exact,
           .computed = computed,
           .bound = half_digit,
           .note = "PHYSICS table of the electrolyte, EC:EMC 3:7; half its last digit"});
  };
  at_one_molar("conductivity", "S/m", 0.913, salt.conductivity(1e3), 5e-4);
  at_one_molar("diffusivity", "1e-10 m2/s", 2.89, salt.diffusivity(1e3) * 1e10, 5e-3);
  at_one_molar("transference number", "1", 0.221, salt.transference(1e3), 5e-4);
  at_one_molar("thermodynamic factor", "1", 2.18, salt.thermodynamic_factor(1e3), 5e-3);
  for (const double c : {200.0, 2500.0}) {
    check({.name = fmt::format("ln activity from 1 to {} mol/L", c * 1e-3),
           .quantity = "ln a",
           .exact = integral([&](double x) { return salt.thermodynamic_factor(x) / x; }, 1e3, c),
           .computed = salt.log_activity(c),
           .bound = 1e-9,
           .note = "Simpson's rule with 2000 intervals against the closed form"});
    check({.name = fmt::format("diffusion potential from 1 to {} mol/L", c * 1e-3),
           .quantity = "E_d",
           .unit = "V",
           .exact =
               R_gas_T_over_F *
               integral([&](double x) { return (1.0 - 2.0 * salt.transference(x)) * salt.thermodynamic_factor(x) / x; },
                        1e3, c),
           .computed = salt.diffusion_potential(c),
           .bound = 1e-10,
           .note = "Simpson's rule with 2000 intervals against the closed form"});
  }
}

/// Steady surface concentration of the concentrated solution without flow: ∫ D/(1 - t+) dc = i s/F from c0.
double steady_surface(const SaltProperties& salt, double resistance, double current) {
  double low = 1.0;
  double high = 3500.0;
  for (int k = 0; k < 100; ++k) {
    const double c = 0.5 * (low + high);
    const double found = integral([&](double x) { return salt.diffusivity(x) / (1.0 - salt.transference(x)); }, 1e3, c);
    (found < current * resistance / faraday ? low : high) = c;
  }
  return 0.5 * (low + high);
}

TEST(CrossElectrolyte, ConcentratedSolutionAgainstQuadrature) {
  const ElectrolyteParameters e = liquid(SaltLaw::landesfeind);
  for (const double current : {3e-9, -3e-9}) {
    verification::Order space{.name = fmt::format("{} nA, cells", current * 1e9),
                              .quantity = "steady surface concentration",
                              .expected = 2.0,
                              .tolerance = 0.25,
                              .note = "D and t+ at the mean concentration of a face; against Simpson quadrature"};
    double best = 0.0;
    double exact = 0.0;
    for (const int cells : {40, 80, 160}) {
      SaltStepper salt = stepper_of({.cells = cells, .first_cell = 1.6 / cells}, e);
      exact = steady_surface(salt.properties(), salt.column().resistance(), current);
      best = salt.solve(current, forever, sim::backward_euler).concentration;
      space.size.push_back(1.0 / cells);
      space.error.push_back(std::abs(best - exact));
    }
    check_order(space);
    check({.name = fmt::format("{} nA, 160 cells", current * 1e9),
           .quantity = "steady surface concentration",
           .unit = "mol/m3",
           .exact = exact,
           .computed = best,
           .bound = 1e-4,
           .relative = true,
           .note = "second order, first cell of 1 % of r1: h^2 = 1e-4"});
  }
}

TEST(IdentityElectrolyte, NonlinearSolverHasTheConstantLimit) {
  // A current so small that the properties stay at c0: the difference is second order in c - c0.
  const SaltProperties salt(liquid(SaltLaw::landesfeind), 298.15);
  ElectrolyteParameters constant = liquid(SaltLaw::constant, salt.transference(1e3));
  constant.salt_diffusivity = Diffusivity(salt.diffusivity(1e3));
  constant.salt.thermodynamic_factor = salt.thermodynamic_factor(1e3);
  const double current = 1e-15;  // 1e-7 of the limiting current
  for (const double dt : {1e-3, 0.1, forever}) {
    SaltStepper fit = stepper_of({}, liquid(SaltLaw::landesfeind));
    SaltStepper same = stepper_of({}, constant);
    const double exact = same.solve(current, dt, sim::backward_euler).concentration - 1e3;
    check({.name = dt == forever ? "steady state" : fmt::format("after {} s", dt),
           .quantity = "rise of the surface concentration",
           .unit = "mol/m3",
           .exact = exact,
           .computed = fit.solve(current, dt, sim::backward_euler).concentration - 1e3,
           .bound = 1e-6,
           .relative = true,
           .note = "c - c0 is 1e-7 c0, of which the differences of two concentrations keep 1e-9"});
  }
}

/// A thin slab of fast kinetics that can empty a pipette: its current is what the liquid supplies.
CellSpec greedy_cell(double area) {
  CellSpec spec;
  spec.geometry = sim::Geometry::slab;
  spec.face_area = area;
  spec.material.E0 = Potential(2.0);
  spec.material.D = Diffusivity(1e-13);
  spec.material.k0 = Velocity(1e-6);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.water.enabled = false;
  spec.particles = {{.radius = 1e-6}};
  spec.numerics.cells = 60;
  spec.numerics.grading = 0.05;
  return spec;
}

ElectrolyteSpec cone_liquid(SaltLaw law, double flow = 0.0) {
  ElectrolyteSpec spec;
  spec.electrolyte = liquid(law);
  spec.electrolyte.salt.evaporation = flow;
  spec.geometry = Cone{.height = 0.15e-6}.geometry();
  return spec;
}

TEST(IdentityElectrolyte, SaltAndChargeOfACycle) {
  for (const SaltLaw law : {SaltLaw::constant, SaltLaw::dilute, SaltLaw::landesfeind}) {
    CellSpec spec = greedy_cell(100e-12);
    spec.double_layer.titania = ArealCapacitance(0.1);
    spec.gold_area = 1e-12;
    spec.stray_capacitance = 1e-12;
    const Cell cell(spec);
    ElectrolyteSpec liquid_spec = cone_liquid(law);
    SurroundedCell run(cell, liquid_spec, 2.6);
    double largest = 0.0;
    double lowest = 1e3;
    for (int k = 1; k <= 800; ++k) {
      if (k == 401) run.corner();
      run.advance(2.6 - 2e-3 * (k <= 400 ? k : 800 - k), 0.02);
      largest = std::max(largest, std::abs(run.salt()->excess()));
      lowest = std::min(lowest, run.tip().concentration);
    }
    const std::string name(salt_law_names[static_cast<std::size_t>(law)]);
    EXPECT_LT(lowest, 950.0) << "a run in which nothing happens proves nothing";
    check({.name = name + ", salt",
           .quantity = "salt in the column and past its end over the largest excess",
           .exact = 0.0,
           .computed = (run.salt()->excess() + run.salt()->state().left) / largest,
           .bound = 1e-10,
           .note = "the anion does not react: rounding of 800 steps"});
    const CellCurrents q = run.charge();
    const double into_particles = faraday * (cell.lithium(run.cell_state()) - cell.lithium(cell.rest(2.6)));
    check({.name = name + ", lithium",
           .quantity = "F times the lithium taken up plus the charge of intercalation, over that of half a cycle",
           .exact = 0.0,
           .computed = (into_particles + q.intercalation) / (faraday * largest),
           .bound = 1e-10,
           .note = "the cell's own balance, unharmed by the loop with the liquid"});
    if (law == SaltLaw::landesfeind) continue;
    check({.name = name + ", charge",
           .quantity = "F times the excess of salt over (1 - t+) times the ionic charge",
           .exact = 1.0,
           .computed = faraday * run.salt()->excess() / (0.75 * (q.total - q.stray)),
           .bound = 1e-9,
           .relative = true,
           .note = "16 s reach 0.06 mm of a cone of 3 mm: nothing diffuses out of the far end"});
  }
}

TEST(OrderElectrolyte, CellAndLiquidTogether) {
  // Currents up to half of the limiting one; the sweep starts far above the wave, so that there is no jump.
  const Cell cell(greedy_cell(20e-12));
  const auto current_at = [&](int steps) {
    SurroundedCell run(cell, cone_liquid(SaltLaw::landesfeind), 2.5);
    for (int k = 1; k <= steps; ++k) run.advance(2.5 - 0.6 * k / steps, 6.0 / steps);
    EXPECT_LT(run.tip().concentration, 990.0);
    return run.currents().total;
  };
  verification::Order order{.name = "sweep of 0.6 V", .quantity = "current at its end", .expected = 2.0, .pairs = 2};
  const double fine = current_at(6400);
  for (const int steps : {200, 400, 800}) {
    order.size.push_back(1.0 / steps);
    order.error.push_back(std::abs(current_at(steps) - fine));
  }
  order.tolerance = 0.25;
  order.note = "against 6400 steps; cell and liquid both by BDF2, the loop closed in each step";
  check_order(order);
}

TEST(CrossElectrolyte, SmallCurrentsSeeAResistance) {
  // Against the cell alone behind the resistance of the cone: what is left is the change of the surface concentration.
  for (const double area : {1e-12, 1e-13, 1e-14}) {
    CellSpec spec = greedy_cell(area);
    spec.material.k0 = Velocity(1e-9);
    const ElectrolyteSpec liquid_spec = cone_liquid(SaltLaw::constant);
    const double limit = salt_limiting_current(liquid_spec);
    const sim::Waveform program = sim::Waveform::at(2.6).cyclic(1.4, 2.6, 0.1, 1);
    const Trace with = simulate(Cell(spec), liquid_spec, program);
    spec.series_resistance = SaltColumn(liquid_spec.geometry).resistance() / 0.95;
    const Trace without = simulate(Cell(spec), program);
    double largest = 0.0;
    double difference = 0.0;
    for (std::size_t k = 0; k < with.size(); ++k) {
      largest = std::max(largest, std::abs(without.current[k]));
      difference = std::max(difference, std::abs(with.current[k] - without.current[k]));
    }
    check({.name = fmt::format("currents up to {:.2g} of the limiting one", largest / limit),
           .quantity = "difference over the largest current",
           .exact = 0.0,
           .computed = difference / largest,
           .bound = 2.0 * 0.75 * 2.15 * largest / limit,
           .note = "bound: 2 (1 - t+) Gamma i/i_lim, the shift of potential times F/RT; d ln i/dE <= F/RT"});
  }
}

TEST(ExactElectrolyte, CellAtTheLimitOfThePipette) {
  // A jump deep below the wave: the electrode takes whatever lithium the cone supplies, i_lim (1 + r1/sqrt(pi D t)).
  const Cell cell(greedy_cell(1e-8));
  ElectrolyteSpec liquid_spec = cone_liquid(SaltLaw::constant);
  liquid_spec.geometry.droplet_height = 0.0;
  liquid_spec.geometry.cells = 200;
  liquid_spec.geometry.first_cell = 0.01;
  liquid_spec.electrolyte.conductivity = Conductivity(20.0);
  const double limit = salt_limiting_current(liquid_spec);
  SurroundedCell run(cell, liquid_spec, 3.0);
  run.jump(1.7);
  verification::Curve exact{.label = "i_lim (1 + r1/sqrt(pi D t))"};
  verification::Curve computed{.label = "cell and cone", .points = true};
  for (int k = 1; k <= 1000; ++k) {
    run.advance(1.7, 2e-3);
    if (k % 50 != 0) continue;
    const double r1 = run.salt()->column().end_radius();
    exact.x.push_back(run.time());
    exact.y.push_back(limit * (1.0 + r1 / std::sqrt(pi * 2.5e-10 * run.time())) * 1e9);
    computed.x.push_back(run.time());
    computed.y.push_back(-run.currents().total * 1e9);
  }
  check({.name = "1 um pipette, 2 s after the jump",
         .quantity = "cathodic current",
         .unit = "nA",
         .exact = exact.y.back(),
         .computed = computed.y.back(),
         .bound = run.tip().concentration / 1e3 + 2e-3,
         .relative = true,
         .note = "salt left at the surface over c0, and r1/r2 = 1.3e-3 of the finite cone with the mesh"});
  plot({.name = "cell at the limit of the pipette",
        .x_label = "t (s)",
        .y_label = "-i (nA)",
        .curves = {exact, computed}});
}

TEST(IdentityElectrolyte, EquilibriumInAnEnrichedDroplet) {
  // Evaporation shifts the potential at which a particle rests by the concentration cell with transference.
  CellSpec spec = greedy_cell(1e-12);
  spec.particles = {{.radius = 2e-9}};
  const Cell cell(spec);
  const double D = 2.5e-10;
  const double s = SaltColumn(cone_liquid(SaltLaw::constant).geometry).resistance();
  SurroundedCell run(cell, cone_liquid(SaltLaw::constant, 0.5 * D / s), 2.0);
  for (int k = 0; k < 3000; ++k) run.advance(2.0, 0.5);
  const double y = cell.mean_filling(run.cell_state()).front();
  const double shift = 2.0 * 0.75 * 2.15 * R_gas_T_over_F * std::log(run.tip().concentration / 1e3);
  check({.name = "Pe = 0.5, 25 min",
         .quantity = "E - U(y)",
         .unit = "mV",
         .exact = shift * 1e3,
         .computed = (2.0 - cell.equilibrium_potential(y)) * 1e3,
         .bound = 1e-2,
         .note = "2 (1 - t+) Gamma (RT/F) ln(c/c0); the surface still moves by 1e-5 of c0 per second, and the particle "
                 "follows within 0.1 s"});
}

TEST(IdentityElectrolyte, ChargeOfSpreadingGold) {
  CellSpec spec;
  spec.particles.clear();
  spec.gold_area = 1e-12;
  spec.water.enabled = false;
  const Cell cell(spec);
  for (const Spreading law : {Spreading::exponential, Spreading::power}) {
    ElectrolyteSpec liquid_spec = cone_liquid(SaltLaw::constant);
    liquid_spec.electrolyte.salt.transport = SaltTransport::none;
    liquid_spec.electrolyte.salt.spreading = law;
    liquid_spec.electrolyte.salt.spreading_time = Time(5.0);
    SurroundedCell run(cell, liquid_spec, 3.0);
    for (int k = 1; k <= 500; ++k) run.advance(3.0 - 2e-3 * k, 0.02);
    const double a0 = liquid_spec.footprint_radius();
    const double ratio = law == Spreading::power ? std::pow(3.0, 0.1) : 1.0 + 0.5 * (1.0 - std::exp(-2.0));
    const double grown = pi * a0 * a0 * (ratio * ratio - 1.0);
    const double areal = spec.double_layer.gold.si();
    check({.name = std::string(spreading_names[static_cast<std::size_t>(law)]),
           .quantity = "charge of the double layer after 10 s",
           .unit = "fC",
           .exact = (areal * 1e-12 * (2.0 - 3.0) + areal * grown * (2.0 - 3.2)) * 1e15,
           .computed = run.charge().total * 1e15,
           .bound = 1e-10,
           .relative = true,
           .note = "C' A0 dE + C' dA (E - E_pzc)"});
  }
}

}  // namespace
}  // namespace seccm::models
