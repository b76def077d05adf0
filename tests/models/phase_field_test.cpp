// Cahn-Hilliard particles: lanes, sensitivities, inner steps, refusals. What is known exactly is in tests/verification.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "tests/verification/phase_field_support.hpp"

namespace seccm::models::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Particle sphere(double radius) {
  return {.geometry = sim::Geometry::sphere, .radius = radius, .D = 1e-16, .k0 = 2e-10};
}

template <class Function>
std::string refusal(Function&& f) {
  try {
    f();
  } catch (const InputError& error) {
    return error.what();
  } catch (const SolverError& error) {
    return std::string("solver: ") + error.what();
  }
  return "nothing was refused";
}

TEST(PhaseField, ParticlesSideBySideGiveWhatEachGivesAlone) {
  PhaseFieldSpec many = sphere(10e-9).spec();
  many.nodes = 61;
  many.particles.clear();
  for (int i = 0; i < 11; ++i) many.particles.push_back({.radius = (6.0 + 0.9 * i) * 1e-9});
  const PhaseFieldModel model(many);
  PhaseFieldIntegrator integrator(model, one_step);
  PhaseFieldState state = model.rest(0.02, 0.0, 1.85);
  const std::vector<double> p(model.lanes(), 1.72);
  for (int k = 0; k < 40; ++k) {
    integrator.begin(state, 0.05 * k, 0.05, 1.0, false);
    integrator.run(p);
    integrator.accept(state);
  }
  for (const std::size_t i : {0U, 5U, 10U}) {
    PhaseFieldSpec one = many;
    one.particles = {many.particles[i]};
    Course course(one, 0.02, 1.85, one_step);
    for (int k = 0; k < 40; ++k) course.advance(0.05, 1.72);
    // Both stop Newton's method at moves of 1e-10, from different iterates.
    EXPECT_NEAR(model.mean(state, i, 0), course.mean(), 1e-10) << i;
  }
}

TEST(PhaseField, SlopeIsTheDerivativeWithTheEndPotential) {
  for (const double tolerance : {one_step, 1e-5}) {
    PhaseFieldSpec spec = sphere(8e-9).spec();
    spec.parameters.coherency = Pressure(0.05e9);
    spec.lattices = 2;
    spec.lattice[1] = {.D = 1e-16, .k0 = 1e-10, .E_p = 1.7};
    spec.parameters.coupling = 0.5;
    Course course(spec, 0.1, 1.80, tolerance);
    for (int k = 0; k < 10; ++k) course.advance(0.1, 1.75);
    course.integrator.begin(course.state, 1.0, 0.1, 1.0, false);
    const auto filled = [&](double p) {
      course.integrator.run(std::vector<double>{p});
      return course.integrator.filled()[0];
    };
    (void)filled(1.74);  // chooses the inner steps
    constexpr double dp = 1e-4;
    const double difference = (filled(1.74 + dp) - filled(1.74 - dp)) / (2.0 * dp);
    (void)filled(1.74);
    // Central difference: (dp/25 mV)²/6 = 3e-6 relative; round-off 1e-10/1e-4.
    EXPECT_NEAR(course.integrator.slope()[0], difference, 1e-5 * std::abs(difference) + 1e-6) << tolerance;
    EXPECT_LT(course.integrator.slope()[0], 0.0);
  }
}

TEST(PhaseField, MoveFollowsTheSolutionToFirstOrder) {
  Course course(sphere(8e-9).spec(), 0.1, 1.80, 1e-5);
  for (int k = 0; k < 5; ++k) course.advance(0.1, 1.75);
  PhaseFieldState moved = course.state;
  PhaseFieldState solved = course.state;
  const std::vector<double> p{1.74};
  const std::vector<double> near{1.74 + 1e-6};
  course.integrator.begin(course.state, 0.5, 0.1, 1.0, false);
  course.integrator.run(p);
  course.integrator.move(std::vector<double>{1e-6});
  const double filled = course.integrator.filled()[0];
  course.integrator.accept(moved);
  course.integrator.begin(course.state, 0.5, 0.1, 1.0, false);
  course.integrator.run(near);
  // Second order in dp = 1 uV: (1e-6/0.0257)² = 1.5e-9 of the change; Newton's method stops at 1e-10.
  EXPECT_NEAR(filled, course.integrator.filled()[0], 1e-9);
  course.integrator.accept(solved);
  EXPECT_NEAR(course.model.mean(moved, 0, 0), course.model.mean(solved, 0, 0), 1e-9);
  EXPECT_EQ(moved.potential[0], 1.74 + 1e-6);
}

TEST(PhaseField, InnerStepsFollowASuddenEventInsideOneLongInterval) {
  // A jump deep into the lithium-rich side: one interval of 20 s, the particle fills within the first second.
  Particle p = sphere(6e-9);
  p.k0 = 1e-8;
  Course fine(p.spec(), 0.01, 1.9, 1e-7);
  Course coarse(p.spec(), 0.01, 1.9, 1e-4);
  fine.advance(0.2, 1.7, true);
  coarse.advance(0.2, 1.7, true);
  // Local errors of 1e-4 each over some tens of steps of a solution that forgets its errors.
  EXPECT_NEAR(coarse.mean(), fine.mean(), 3e-3);
  EXPECT_GT(coarse.integrator.counts().inner_steps, 10);
  EXPECT_LT(coarse.integrator.counts().inner_steps, 400);
  coarse.advance(20.0, 1.7);
  const std::vector<double> y = coarse.model.profile(coarse.state, 0, 0);
  for (const double value : y) EXPECT_TRUE(value > 0.95 && value < 1.0) << value;
}

TEST(PhaseField, FillingsStayInsideUnderHarshPotentials) {
  for (const double k0 : {1e-14, 1e-9, 1e-3}) {
    Particle p = sphere(5e-9);
    p.k0 = k0;
    Course course(p.spec(), 0.0, 3.0, 1e-3);
    for (const double E : {0.2, 3.5, -2.0, 4.5, 1.84}) {
      course.advance(5.0, E, true);
      course.advance(5.0, E);
      for (const double y : course.model.profile(course.state, 0, 0)) {
        ASSERT_TRUE(std::isfinite(y) && y > 0.0 && y < 1.0) << k0 << " at " << E << " V: " << y;
      }
    }
  }
}

TEST(PhaseField, SizeLawRaisesTheSolubilityOfSmallParticles) {
  PhaseFieldParameters p;
  p.size_dependent = true;
  // Ω (1 - 3 nm/d): 2.415 at 10 nm, 3.243 at 50 nm; the solubilities y/2 solve Ω = ln((1-y)/y)/(1-2y).
  EXPECT_NEAR(interaction_of(p, 0, 10e-9), 2.415, 1e-12);
  EXPECT_NEAR(interaction_of(p, 0, 50e-9), 3.243, 1e-12);
  EXPECT_EQ(interaction_of(p, 0, 2e-9), 0.0);
  const double small = binodal_filling(interaction_of(p, 0, 10e-9));
  EXPECT_NEAR(interaction_for_solubility(small), 2.415, 1e-9);
  EXPECT_GT(small, 3.0 * binodal_filling(interaction_of(p, 0, 50e-9)));
  p.size_dependent = false;
  EXPECT_EQ(interaction_of(p, 0, 10e-9), 3.45);
}

TEST(PhaseField, BinodalAndInteractionAreInverse) {
  for (const double y_a : {0.01, 0.04, 0.2, 0.45}) {
    EXPECT_NEAR(binodal_filling(interaction_for_solubility(y_a)), y_a, 1e-9);
  }
  EXPECT_EQ(binodal_filling(1.9), 0.5);
  EXPECT_EQ(spinodal_barrier(2.0), 0.0);
}

TEST(PhaseField, RefusesWhatItCanNotResolve) {
  PhaseFieldSpec coarse = sphere(25e-9).spec();
  coarse.nodes = 31;
  EXPECT_THAT(refusal([&] { PhaseFieldModel model(coarse); }),
              AllOf(HasSubstr("31 nodes"), HasSubstr("0.833 nm"), HasSubstr("interface of 0.698 nm"),
                    HasSubstr("at least 51 nodes"), HasSubstr("73 are advised")));
  PhaseFieldSpec sharp = sphere(25e-9).spec();
  sharp.parameters.kappa = GradientEnergy(0.0);
  EXPECT_THAT(refusal([&] { PhaseFieldModel model(sharp); }), AllOf(HasSubstr("kappa = 0"), HasSubstr("3.45 kT")));
  PhaseFieldSpec large = sphere(25e-6).spec();
  EXPECT_THAT(refusal([&] { PhaseFieldModel model(large); }),
              AllOf(HasSubstr("nodes; at most"), HasSubstr("2.5e+04 nm")));
  PhaseFieldSpec empty = sphere(25e-9).spec();
  empty.particles.clear();
  EXPECT_THAT(refusal([&] { PhaseFieldModel model(empty); }), HasSubstr("no particle"));
}

TEST(PhaseField, RefusesValuesOutsideTheirRange) {
  PhaseFieldSpec spec = sphere(10e-9).spec();
  const PhaseFieldModel model(spec);
  EXPECT_THAT(refusal([&] { (void)model.rest(1.2, 0.0, 1.8); }),
              AllOf(HasSubstr("initial filling = 1.2"), HasSubstr("0 to 1")));
  PhaseFieldState state = model.rest(0.1, 0.0, 1.8);
  const std::vector<double> outside(static_cast<std::size_t>(model.nodes()), 1.0);
  EXPECT_THAT(refusal([&] { model.set_profile(state, 0, 0, outside); }),
              AllOf(HasSubstr("y = 1"), HasSubstr("exclusive")));
  spec.parameters.omega = 9.0;
  EXPECT_THAT(refusal([&] { PhaseFieldModel other(spec); }), AllOf(HasSubstr("phase_field.omega = 9"), HasSubstr("8")));
  spec = sphere(10e-9).spec();
  spec.lattice[0].D = 0.0;
  EXPECT_THAT(refusal([&] { PhaseFieldModel other(spec); }), HasSubstr("diffusion coefficient = 0 m^2/s"));
  PhaseFieldIntegrator integrator(model);
  EXPECT_THAT(refusal([&] { integrator.begin(state, 0.0, -1.0, 1.0, false); }), HasSubstr("a step of -1 s"));
  PhaseFieldState foreign = state;
  foreign.y.pop_back();
  EXPECT_THAT(refusal([&] { integrator.begin(foreign, 0.0, 1.0, 1.0, false); }), HasSubstr("another model"));
}

TEST(PhaseField, FailureNamesTimeParticleAndResidual) {
  Course course(sphere(5e-9).spec(), 0.1, 1.84, 1e-4);
  const double nan = std::nan("");
  EXPECT_THAT(refusal([&] { course.advance(1.0, nan); }),
              AllOf(HasSubstr("solver:"), HasSubstr("particle 0"), HasSubstr("t = 0 s"), HasSubstr("Newton")));
}

}  // namespace
}  // namespace seccm::models::test
