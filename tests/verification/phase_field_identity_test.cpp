// What holds for every Cahn-Hilliard particle: the free energy at rest never rises, lithium is conserved, the two
// sublattices have their plateaus, coupling and coherency included.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/random.hpp"
#include "tests/verification/phase_field_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

using verification::check;

struct Variant {
  const char* name;
  sim::Geometry geometry;
  int lattices = 1;
  double coherency = 0.0;
  double coupling = 0.0;
  WettingKind wetting = WettingKind::none;
};
constexpr std::array variants{
    Variant{"slab", sim::Geometry::slab},
    Variant{"cylinder", sim::Geometry::cylinder},
    Variant{"sphere", sim::Geometry::sphere},
    Variant{"sphere, coherency 0.1 GPa", sim::Geometry::sphere, 1, 0.1e9},
    Variant{"sphere, wetted", sim::Geometry::sphere, 1, 0.0, 0.0, WettingKind::filling},
    Variant{"sphere, two lattices that repel", sim::Geometry::sphere, 2, 0.0, 1.0},
    Variant{"slab, two lattices, all of it", sim::Geometry::slab, 2, 0.05e9, -0.5, WettingKind::energy},
};

PhaseFieldSpec spec_of(const Variant& v, double radius, double k0) {
  const Particle p{.geometry = v.geometry, .radius = radius, .D = 1e-16, .k0 = k0};
  PhaseFieldSpec spec = p.spec();
  spec.lattices = v.lattices;
  spec.lattice[1] = {.D = 2e-17, .k0 = k0, .E_p = 1.54};
  spec.parameters.coherency = Pressure(v.coherency);
  spec.parameters.coupling = v.coupling;
  spec.parameters.wetting = v.wetting;
  spec.parameters.wetting_energy = SurfaceEnergy(-0.01);
  return spec;
}

/// Random fillings around 0.45, the same for every run.
void scatter(Course& course) {
  RandomStream random(7, "phase field, random start", 0);
  for (int i = 0; i < course.model.spec().lattices; ++i) {
    std::vector<double> y;
    for (int k = 0; k < course.model.nodes(); ++k) y.push_back(0.45 + 0.2 * (random.uniform() - 0.5));
    course.model.set_profile(course.state, 0, i, y);
  }
}

TEST(IdentityPhaseField, FreeEnergyAtRestNeverRises) {
  for (const Variant& v : variants) {
    Course course(spec_of(v, 15e-9, 0.0), 0.45, 1.84, 1e-4);
    scatter(course);
    verification::Curve curve{.label = v.name};
    const double before = course.model.free_energy(course.state, 0);
    double energy = before;
    double largest_rise = 0.0;
    double dt = 1e-5;
    for (int k = 0; k < 120; ++k, dt *= 1.15) {
      course.advance(dt, 1.84);
      const double next = course.model.free_energy(course.state, 0);
      largest_rise = std::max(largest_rise, next - energy);
      energy = next;
      curve.x.push_back(course.time);
      curve.y.push_back(energy);
    }
    verification::plot({.name = std::string("energy ") + v.name,
                        .x_label = "t / s",
                        .y_label = "F/kT per site",
                        .curves = {curve},
                        .log_x = true});
    EXPECT_LT(energy, before - 0.01) << v.name << ": nothing separated";
    // Round-off of a sum of some hundred terms of order one.
    check({.name = v.name,
           .quantity = "largest rise of the free energy between two outputs",
           .unit = "kT/site",
           .exact = 0.0,
           .computed = largest_rise,
           .bound = 1e-12,
           .note = "spinodal decomposition from a random start and coarsening, 120 outputs from 1e-5 to 1e3 s"});
    check({.name = v.name,
           .quantity = "lithium gained at rest",
           .unit = "y",
           .exact = 0.0,
           .computed = course.filled,
           .bound = 1e-10,
           .note = "conservative fluxes"});
  }
}

TEST(IdentityPhaseField, WhatTheReactionTakesUpIsWhatTheProfileGains) {
  for (const Variant& v : variants) {
    Course course(spec_of(v, 8e-9, 2e-10), 0.01, 1.9, 1e-4);
    const double start = course.mean(0) + (v.lattices == 2 ? course.mean(1) : 0.0);
    double swing = 0.0;
    for (int cycle = 0; cycle < 3; ++cycle) {
      (void)ramp(course, 1.9, 1.3, 0.1, 300);
      swing = std::max(swing, course.filled);
      (void)ramp(course, 1.3, 1.9, 0.1, 300);
    }
    EXPECT_GT(swing, 0.3) << v.name << ": the cycle does not fill it";
    const double end = course.mean(0) + (v.lattices == 2 ? course.mean(1) : 0.0);
    check({.name = v.name,
           .quantity = "filled - Σ changes",
           .unit = "y",
           .exact = end - start,
           .computed = course.filled,
           .bound = 1e-12,
           .note = "three cycles of 0.6 V at 0.1 V/s, round-off of 1800 sums"});
    check({.name = v.name,
           .quantity = "∫ reaction dt",
           .unit = "y",
           .exact = course.filled,
           .computed = course.reacted,
           .bound = 1e-10,
           .note = "charge balance demanded of every model"});
  }
}

/// The fillings of a two-lattice particle in equilibrium at a potential, by nested bisection of its own equations; no
/// gap.
std::array<double, 2> isotherm(double E, double omega, double coupling) {
  const auto filling = [&](double z, double shift) {  // μ + z + shift = 0
    double low = 1e-12;
    double high = 1.0 - 1e-12;
    for (int i = 0; i < 100; ++i) {
      const double y = 0.5 * (low + high);
      (regular_solution_potential(omega, y) + shift + z < 0.0 ? low : high) = y;
    }
    return 0.5 * (low + high);
  };
  const double z1 = (E - 1.84) / volts_per_kT;
  const double z2 = (E - 1.54) / volts_per_kT;
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 100; ++i) {
    const double y2 = 0.5 * (low + high);
    const double wanted = filling(z2, coupling * filling(z1, coupling * y2));
    (wanted > y2 ? low : high) = y2;
  }
  return {filling(z1, coupling * 0.5 * (low + high)), 0.5 * (low + high)};
}

TEST(CrossPhaseField, TwoLatticesHaveTheIsothermOfAnIndependentCalculation) {
  constexpr double omega = 1.5;
  constexpr double coupling = 2.0;
  PhaseFieldSpec spec = spec_of({"", sim::Geometry::sphere, 2, 0.0, coupling}, 3e-9, 1e-8);
  spec.parameters.omega = spec.parameters.omega_second = omega;
  Course course(spec, 1e-6, 2.1, 1e-4);
  verification::Curve exact{.label = "independent", .points = true};
  verification::Curve computed{.label = "particle at rest"};
  double worst = 0.0;
  for (double E = 2.05; E > 1.30; E -= 0.01) {
    // The second lattice has r²/D = 0.5 s; its relaxation towards a new potential goes by e^(-10 t/(r²/D)).
    for (int k = 0; k < 4; ++k) course.advance(2.0, E, k == 0);
    const std::array<double, 2> y = isotherm(E, omega, coupling);
    worst = std::max({worst, std::abs(course.mean(0) - y[0]), std::abs(course.mean(1) - y[1])});
    exact.x.push_back(y[0] + y[1]);
    computed.x.push_back(course.mean(0) + course.mean(1));
    exact.y.push_back(E);
    computed.y.push_back(E);
  }
  verification::plot(
      {.name = "two lattices", .x_label = "y1 + y2", .y_label = "E / V vs Li", .curves = {computed, exact}});
  check({.name = "Omega = 1.5 kT, coupling 2 kT",
         .quantity = "largest difference of a filling over 2.05..1.30 V",
         .exact = 0.0,
         .computed = worst,
         .bound = 2e-4,
         .note = "8 s at each of 76 potentials; bound: twice the tolerance of an inner step"});
}

TEST(ExactPhaseField, TwoLatticesSwitchAroundTheirPlateaus) {
  PhaseFieldSpec spec = spec_of({"", sim::Geometry::sphere, 2}, 0.8e-9, 1e-8);
  spec.nodes = 11;
  spec.lattice[0].D = spec.lattice[1].D = 1e-14;
  Course course(spec, 0.004, 2.0, 1e-4);
  const Ramp down = ramp(course, 2.0, 1.4, 2e-5, 6000);
  const Ramp up = ramp(course, 1.4, 2.0, 2e-5, 6000);
  const auto switched = [](const Ramp& r, double low, double high, double sign) {
    std::size_t best = 0;
    double most = 0.0;
    for (std::size_t k = 0; k < r.E.size(); ++k) {
      if (r.E[k] > low && r.E[k] < high && sign * r.rate[k] > most) {
        most = sign * r.rate[k];
        best = k;
      }
    }
    return r.E[best];
  };
  const double barrier = volts_per_kT * spinodal_barrier(3.45);
  for (const auto& [name, plateau] : {std::pair{"first lattice", 1.84}, std::pair{"second lattice", 1.54}}) {
    const double discharge = switched(down, plateau - 0.1, plateau + 0.1, 1.0);
    const double charge = switched(up, plateau - 0.1, plateau + 0.1, -1.0);
    // The sweep is as slow as that of the one-lattice case, the step 0.1 mV.
    check({.name = name,
           .quantity = "mean of discharge and charge",
           .unit = "V",
           .exact = plateau,
           .computed = 0.5 * (discharge + charge),
           .bound = 1.5e-4,
           .note = "the lags of the two sweeps cancel"});
    check({.name = name,
           .quantity = "half of the loop",
           .unit = "V",
           .exact = barrier,
           .computed = 0.5 * (charge - discharge),
           .bound = 3.5e-4,
           .note = "lag of a saddle-node at 20 uV/s plus the step"});
  }
}

}  // namespace
}  // namespace seccm::models::test
