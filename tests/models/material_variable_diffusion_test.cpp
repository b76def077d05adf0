// The solver of particles with D(y) alone, without a cell: potentials are given or behind a contact.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "models/particle/variable_diffusion.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double lattice_temperature = 298.15;
const double lattice_f = constants::faraday / (constants::gas * lattice_temperature);
constexpr double E0 = 1.8;
constexpr double radius = 25e-9;

struct Rig {
  sim::RadialLanes lanes;
  VariableDiffusionSpec spec;
  VariableDiffusionSolver solver;
  std::vector<double> now, before, surface;
  int iterations = 0;
  double booked = 0.0;  ///< step charge over F c_max A

  Rig(const MaterialParameters& material, std::size_t bodies = 1, sim::Geometry geometry = sim::Geometry::sphere)
      : lanes(sim::RadialMesh(geometry, {.cells = 40, .grading = 0.05}), std::vector<double>(bodies, radius)),
        spec{.diffusivity = std::make_shared<const VariableDiffusivity>(material),
             .reaction = SurfaceReaction(material, lattice_temperature),
             .rate = std::vector<double>(lanes.lanes(), material.k0.si()),
             .current_per_flux = std::vector<double>(lanes.lanes(), 1.0),
             .film = std::vector<double>(lanes.lanes(), film_of(material, 1.0)),
             .E0 = E0,
             .f = lattice_f},
        solver(lanes, spec),
        now(lanes.profile_size(), 0.3),
        before(now),
        surface(lanes.lanes(), 0.3) {
    for (std::size_t l = bodies; l < lanes.lanes(); ++l) spec.current_per_flux[l] = 0.0;  // padding
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  /// One step with each particle behind `contact` (V per summed current unit) of the potential E; returns the current.
  double step(double E, double dt, sim::StepScheme scheme, double contact = 0.0) {
    const std::size_t n = lanes.lanes();
    std::vector<double> p(n, E), dp(n);
    solver.begin(now, before, surface, dt, scheme, 1.0);
    iterations = 0;
    for (; iterations < 60; ++iterations) {
      std::vector<double> current(n, 0.0), conductance(n, 0.0);
      solver.linearise(p, current, conductance);
      double moved = 0.0;
      for (std::size_t l = 0; l < n; ++l) {
        dp[l] = (E - p[l] - contact * current[l]) / (1.0 + contact * conductance[l]);
        dp[l] = std::clamp(dp[l], -0.1, 0.1);
        p[l] += dp[l];
        moved = std::max(moved, lattice_f * std::abs(dp[l]));
      }
      moved = std::max(moved, solver.update(dp, 0.25));
      if (moved < 1e-9) break;
    }
    before = now;
    now.assign(solver.profile().begin(), solver.profile().end());
    surface.assign(solver.surface().begin(), solver.surface().end());
    booked = dt / scheme.now * solver.flux()[0] + scheme.carry * booked;
    return solver.current();
  }
};

std::vector<MaterialParameters> materials() {
  MaterialParameters exponential;
  exponential.D = 1e-14 * unit::cm2_per_s;
  exponential.diffusion = DiffusionKind::exponential;
  exponential.D_exponent = -4.0;
  MaterialParameters thermodynamic = exponential;
  thermodynamic.diffusion = DiffusionKind::thermodynamic;
  thermodynamic.law = IsothermKind::frumkin;
  thermodynamic.g = 8.0;
  thermodynamic.kinetics = KineticsKind::marcus_hush_chidsey;
  MaterialParameters table = exponential;
  table.diffusion = DiffusionKind::table;
  table.D_table_y = {Dimensionless(0.0), Dimensionless(0.4), Dimensionless(1.0)};
  table.D_table = {2e-14 * unit::cm2_per_s, 1e-15 * unit::cm2_per_s, 5e-14 * unit::cm2_per_s};
  table.film_resistance = ArealResistance(0.01);
  MaterialParameters plateau = exponential;
  plateau.law = IsothermKind::anatase_plateau;
  return {exponential, thermodynamic, table, plateau};
}

TEST(VariableDiffusionSolver, SettlesASweepInFewIterationsAndBooksWhatItStores) {
  for (const MaterialParameters& material : materials()) {
    for (const auto geometry : {sim::Geometry::slab, sim::Geometry::cylinder, sim::Geometry::sphere}) {
      Rig rig(material, 1, geometry);
      double passed = 0.0;
      long iterations = 0;
      constexpr int steps = 400;
      for (int k = 1; k <= steps; ++k) {
        const bool corner = k == 1 || k == steps / 2 + 1;
        const double share = 2.0 * k / steps;
        rig.step(E0 + 0.4 - 0.8 * (share < 1.0 ? share : 2.0 - share), 0.08, corner ? sim::backward_euler : sim::bdf2);
        ASSERT_LT(rig.iterations, 50) << k;
        iterations += rig.iterations + 1;
        passed += rig.booked;
        const double stored = (rig.lanes.mean(rig.now, 0) - 0.3) * radius / sim::dimension_of(geometry);
        ASSERT_NEAR(stored, -passed, 1e-12 * radius) << k;
      }
      EXPECT_LT(iterations, 4 * steps) << static_cast<int>(material.diffusion);
    }
  }
}

TEST(VariableDiffusionSolver, ConductanceIsTheSlopeOfTheConvergedStep) {
  for (const MaterialParameters& material : materials()) {
    const auto current_at = [&](double E) {
      Rig rig(material);
      return rig.step(E, 0.02, sim::backward_euler);
    };
    Rig rig(material);
    rig.step(E0 + 0.02, 0.02, sim::backward_euler);
    std::vector<double> current(1, 0.0), conductance(1, 0.0);
    rig.solver.linearise(std::vector<double>{E0 + 0.02}, current, conductance);
    const double h = 1e-5;
    const double slope = (current_at(E0 + 0.02 + h) - current_at(E0 + 0.02 - h)) / (2.0 * h);
    EXPECT_NEAR(conductance[0] / slope, 1.0, 1e-5);
    EXPECT_NEAR(current[0] / current_at(E0 + 0.02), 1.0, 1e-10);
  }
}

TEST(VariableDiffusionSolver, FilmIsAContactOfTheSameDrop) {
  // A contact of ρ per flux in front of the reaction is the film; both converge to moves below 1e-9.
  MaterialParameters material = materials()[0];
  Rig contact(material);
  material.film_resistance = ArealResistance(0.02);
  Rig film(material);
  const double rho = film.spec.film[0];
  for (int k = 1; k <= 100; ++k) {
    const auto scheme = k == 1 ? sim::backward_euler : sim::bdf2;
    const double E = E0 + 0.3 - 0.006 * k;
    const double a = film.step(E, 0.1, scheme);
    const double b = contact.step(E, 0.1, scheme, rho);
    EXPECT_NEAR(a, b, 1e-8 * std::abs(b)) << k;
  }
}

TEST(VariableDiffusionSolver, LanesDoNotDependOnTheirCompany) {
  for (const MaterialParameters& material : materials()) {
    Rig one(material, 1), five(material, 5), twenty(material, 20);
    for (int k = 1; k <= 60; ++k) {
      const auto scheme = k == 1 ? sim::backward_euler : sim::bdf2;
      const double E = E0 + 0.2 - 0.004 * k;
      const double i = one.step(E, 0.08, scheme);
      EXPECT_NEAR(five.step(E, 0.08, scheme) / 5.0, i, 1e-9 * std::abs(i));
      EXPECT_NEAR(twenty.step(E, 0.08, scheme) / 20.0, i, 1e-9 * std::abs(i));
    }
  }
}

}  // namespace
}  // namespace seccm::models
