// Cahn-Hilliard particles against what is known exactly: Fick's limit, the equilibrium interface, coexistence, the
// spinodal, the dispersion relation, wetting.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/verification/phase_field_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

using verification::check;
using verification::check_order;

/// Peak of psi = i/(F A C sqrt(Dσ)) of a reversible cathodic sweep over a sphere with w = 100.
double fick_peak(int nodes, int steps) {
  constexpr double w = 100.0;
  constexpr double v = 0.05;
  Particle p{.geometry = sim::Geometry::sphere, .radius = 25e-9, .nodes = nodes, .omega = 0.0, .kappa = 0.0};
  const double sigma = v / volts_per_kT;
  p.D = p.radius * p.radius * sigma / w;
  p.k0 = 1e6 * std::sqrt(p.D * sigma);
  const double start = 1.84 + 12.0 * volts_per_kT;
  Course run(p.spec(), 0.0, start, one_step);
  const Ramp sweep = ramp(run, start, 1.84 - 4.0 * volts_per_kT, v, steps);
  std::size_t k = 1;
  for (std::size_t i = 1; i + 1 < sweep.rate.size(); ++i) {
    if (sweep.rate[i] > sweep.rate[k]) k = i;
  }
  const double a = sweep.rate[k - 1];
  const double b = sweep.rate[k];
  const double c = sweep.rate[k + 1];
  const double x = 0.5 * (a - c) / (a - 2.0 * b + c);
  return (b - 0.25 * (a - c) * x) * p.radius / 3.0 / std::sqrt(p.D * sigma);
}

TEST(ExactPhaseField, WithoutGapAndGradientsItIsFickWithTheIdealIsotherm) {
  // Central differences on a layer of R/10 in which the wave changes over two layers: (h/2L)²/3 with h = R/400. Steps
  // of 0.04 RT/F on a wave 2 RT/F wide: BDF2 and the means over a step leave (0.04/2)²/3. Together 2e-4.
  check({.name = "sphere, reversible, w = 100",
         .quantity = "peak of psi",
         .exact = 0.373059,
         .computed = fick_peak(401, 400),
         .bound = 3e-4,
         .relative = true,
         .note = "Omega = kappa = 0; uniform mesh of 401 nodes; bound from mesh (2e-4) and step (1.3e-4)"});
}

TEST(OrderPhaseField, FickLimitIsOfSecondOrderInSpace) {
  std::vector<double> size;
  std::vector<double> error;
  for (const int n : {25, 50, 100, 200}) {
    size.push_back(1.0 / n);
    error.push_back(std::abs(fick_peak(n + 1, 800) - fick_peak(1601, 800)));
  }
  check_order({.name = "sphere, w = 100",
               .quantity = "peak of psi",
               .size = size,
               .error = error,
               .pairs = 2,
               .note = "against 1600 intervals, which adds (200/1600)² = 1.6 % to the last error"});
}

/// Slab of 20 nm, half of it lithium-rich, relaxed without reaction.
Course relaxed_interface(int nodes) {
  Particle p{.nodes = nodes};
  Course run(p.spec(), 0.5, 1.84, 1e-4);
  const double y_a = binodal_filling(p.omega);
  std::vector<double> y;
  for (int k = 0; k < run.model.nodes(); ++k) {
    const double x = (static_cast<double>(k) / (run.model.nodes() - 1) - 0.5) * p.radius / 1e-9;
    y.push_back(0.5 + (0.5 - y_a) * std::tanh(x));
  }
  run.model.set_profile(run.state, 0, 0, y);
  run.relax(1e-3, 1e-10);
  return run;
}

/// First integral of the interface: (κ/ρ_s kT)/2 y'² = g(y) - g(y_a), so x(y) - x(1/2) by quadrature, m.
double interface_position(double omega, double y) {
  const double floor = mixing_energy(omega, binodal_filling(omega));
  const auto slope = [&](double at) {
    return std::sqrt(1e-10 / (2.0 * site_density * kT * (mixing_energy(omega, at) - floor)));
  };
  return integral(slope, 0.5, y, 400);
}

double interface_energy(const Course& run) {
  return 20e-9 * site_density * kT * (run.model.free_energy(run.state, 0) - mixing_energy(3.45, binodal_filling(3.45)));
}

TEST(ExactPhaseField, InterfaceProfileFollowsTheFirstIntegral) {
  const Course run = relaxed_interface(401);
  const std::vector<double> y = run.model.profile(run.state, 0, 0);
  const double h = 20e-9 / 400;
  // Position of y = 1/2 and of others by cubic-free linear interpolation of x(y) between neighbours: h²y''/8y' each.
  double worst = 0.0;
  double centre = 0.0;
  for (std::size_t k = 0; k + 1 < y.size(); ++k) {
    if (y[k] < 0.5 && y[k + 1] >= 0.5) {
      centre = static_cast<double>(k) * h - interface_position(3.45, y[k]);
    }
  }
  verification::Curve exact{.label = "first integral", .points = true};
  verification::Curve computed{.label = "relaxed particle"};
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (y[k] < 0.05 || y[k] > 0.95) continue;
    const double x = static_cast<double>(k) * h - centre;
    computed.x.push_back(x * 1e9);
    computed.y.push_back(y[k]);
    exact.x.push_back(interface_position(3.45, y[k]) * 1e9);
    exact.y.push_back(y[k]);
    worst = std::max(worst, std::abs(x - interface_position(3.45, y[k])));
  }
  verification::plot({.name = "interface", .x_label = "x / nm", .y_label = "y", .curves = {computed, exact}});
  // Central second differences on an interface of width L = 0.70 nm: relative error (h/L)²/12 = 4e-4 of distances that
  // reach 2 nm.
  check({.name = "slab of 20 nm, Omega = 3.45",
         .quantity = "largest shift of a filling 0.05..0.95",
         .unit = "nm",
         .exact = 0.0,
         .computed = worst * 1e9,
         .bound = 2.0 * 4.3e-4,
         .note = "x(y) by quadrature of the first integral; bound (h/L)²/12 of 2 nm"});
}

TEST(ExactPhaseField, InterfaceEnergyIsTheQuadrature) {
  const double floor = mixing_energy(3.45, binodal_filling(3.45));
  const double y_a = binodal_filling(3.45);
  const auto density = [&](double y) {
    return std::sqrt(std::max(0.0, 2.0 * 1e-10 * site_density * kT * (mixing_energy(3.45, y) - floor)));
  };
  const double exact = integral(density, y_a, 1.0 - y_a, 2000);
  std::vector<double> size;
  std::vector<double> error;
  double last = 0.0;
  for (const int n : {40, 80, 160}) {
    last = interface_energy(relaxed_interface(n + 1));
    size.push_back(20.0 / n);
    error.push_back(std::abs(last - exact));
  }
  check({.name = "slab of 20 nm, 0.125 nm mesh",
         .quantity = "interface energy",
         .unit = "J/m^2",
         .exact = exact,
         .computed = last,
         .bound = 0.125 * 0.125 / (0.70 * 0.70) / 12.0,
         .relative = true,
         .note = "∫ sqrt(2 κ ρ_s Δg) dy; bound (h/L)²/12"});
  check_order({.name = "interface energy", .quantity = "energy", .size = size, .error = error, .tolerance = 0.3});
}

TEST(ExactPhaseField, CoexistingPhasesSitAtTheBinodalAndAtThePlateauPotential) {
  const Course run = relaxed_interface(161);
  const std::vector<double> y = run.model.profile(run.state, 0, 0);
  const std::vector<double> mu = run.model.chemical_potential(run.state, 0, 0);
  // The phases are 10 nm thick: an interface tail of e^(-10 nm/ξ), ξ = 0.18 nm, is nothing.
  check({.name = "lithium-poor phase",
         .quantity = "y",
         .exact = binodal_filling(3.45),
         .computed = y.front(),
         .bound = 1e-8,
         .note = "Omega = ln((1-y_a)/y_a)/(1-2y_a); relaxed until mu is uniform to 1e-10 kT"});
  check({.name = "lithium-rich phase",
         .quantity = "y",
         .exact = 1.0 - binodal_filling(3.45),
         .computed = y.back(),
         .bound = 1e-8});
  check({.name = "plateau",
         .quantity = "U",
         .unit = "V",
         .exact = 1.84,
         .computed = 1.84 - volts_per_kT * mu.front(),
         .bound = 1e-10,
         .note = "mu = 0 for a flat interface"});
}

/// Potentials of the sudden filling and emptying of a particle too small for an interface.
struct Loop {
  double discharge = 0.0, charge = 0.0;
};
Loop slow_loop(double omega) {
  Particle p{.geometry = sim::Geometry::sphere, .radius = 0.8e-9, .nodes = 11, .omega = omega, .D = 1e-14, .k0 = 1e-8};
  Course run(p.spec(), 0.004, 1.84 + 0.10, 1e-4);
  const auto steepest = [](const Ramp& r, double sign) {
    std::size_t k = 0;
    for (std::size_t i = 0; i < r.rate.size(); ++i) {
      if (sign * r.rate[i] > sign * r.rate[k]) k = i;
    }
    return r.E[k];
  };
  const Ramp down = ramp(run, 1.94, 1.74, 1e-5, 4000);
  const Ramp up = ramp(run, 1.74, 1.94, 1e-5, 4000);
  return {steepest(down, 1.0), steepest(up, -1.0)};
}

TEST(ExactPhaseField, SmallParticlesSwitchAtTheSpinodal) {
  for (const auto& [omega, y_s, overpotential] : {std::array{3.45, 0.176, 17.8e-3}, std::array{4.05, 0.144, 28.3e-3}}) {
    const std::string name = "Omega = " + std::to_string(omega).substr(0, 4);
    check({.name = name,
           .quantity = "spinodal filling",
           .exact = y_s,
           .computed = spinodal_filling(omega),
           .bound = 5e-4,
           .note = "three digits of the reference"});
    check({.name = name,
           .quantity = "spinodal overpotential",
           .unit = "V",
           .exact = overpotential,
           .computed = volts_per_kT * spinodal_barrier(omega),
           .bound = 5e-5,
           .note = "three digits of the reference"});
    const Loop loop = slow_loop(omega);
    // Behind the fold E_s the filling runs away: a saddle-node passed at v lags by 2.34 (v τ)^(2/3) in units of kT,
    // with τ = R/(3 k0 ...) ~ 0.1 s: (1e-5/0.0257 · 0.1)^(2/3) · 2.34 = 0.003 kT = 0.07 mV. The potential step is 0.05
    // mV.
    const double barrier = volts_per_kT * spinodal_barrier(omega);
    check({.name = name,
           .quantity = "sudden filling of a 1.6 nm particle",
           .unit = "V",
           .exact = 1.84 - barrier,
           .computed = loop.discharge,
           .bound = 2.5e-4,
           .note = "lag of a saddle-node at 10 uV/s plus the step"});
    check({.name = name,
           .quantity = "sudden emptying",
           .unit = "V",
           .exact = 1.84 + barrier,
           .computed = loop.charge,
           .bound = 2.5e-4});
    check({.name = name,
           .quantity = "width of the loop",
           .unit = "V",
           .exact = 2.0 * barrier,
           .computed = loop.charge - loop.discharge,
           .bound = 5e-4});
  }
}

/// Growth rate of a small cosine in a closed slab, from one e-fold.
double growth_rate(int nodes, double y0, double omega, double coherency, double D, int mode, double exact) {
  Particle p{.radius = 10e-9, .nodes = nodes, .omega = omega, .D = D};
  PhaseFieldSpec spec = p.spec();
  spec.parameters.coherency = Pressure(coherency);
  Course run(spec, y0, 1.84, one_step);
  std::vector<double> y;
  constexpr double amplitude = 1e-6;
  for (int k = 0; k < nodes; ++k) {
    y.push_back(y0 + amplitude * std::cos(constants::pi * mode * static_cast<double>(k) / (nodes - 1)));
  }
  run.model.set_profile(run.state, 0, 0, y);
  const auto projected = [&] {
    const std::vector<double> now = run.model.profile(run.state, 0, 0);
    double sum = 0.0;
    for (int k = 0; k < nodes; ++k) {
      const auto j = static_cast<std::size_t>(k);
      sum +=
          run.model.volume()[j] * (now[j] - y0) * std::cos(constants::pi * mode * static_cast<double>(k) / (nodes - 1));
    }
    return sum;
  };
  constexpr int steps = 1000;
  const double dt = 1.0 / std::abs(exact) / steps;
  const double before = projected();
  for (int k = 0; k < steps; ++k) run.advance(dt, 1.84);
  return std::log(projected() / before) / (steps * dt);
}

double dispersion(double y0, double omega, double coherency, double D, double q) {
  const double kappa = 1e-10 / (site_density * kT);
  const double B = coherency / (site_density * kT);
  const double M = y0 * (1.0 - y0);
  return -D * q * q * (1.0 - 2.0 * omega * M + M * (kappa * q * q + B));
}

TEST(ExactPhaseField, SmallWavesGrowAtTheRateOfTheDispersionRelation) {
  struct Case {
    const char* name;
    double y0, omega, coherency;
    int mode;
  };
  for (const Case& c :
       {Case{"fastest mode of a 10 nm slab", 0.5, 3.45, 0.0, 3}, Case{"off the centre", 0.35, 3.45, 0.0, 2},
        Case{"beyond the cut-off: decays", 0.5, 3.45, 0.0, 12}, Case{"coherency 0.05 GPa", 0.5, 3.45, 0.05e9, 2},
        Case{"outside: decays", 0.1, 3.45, 0.0, 4}}) {
    const double q = constants::pi * c.mode / 10e-9;
    const double D = 1e-16;
    const double exact = dispersion(c.y0, c.omega, c.coherency, D, q);
    const double h = 10e-9 / 400;
    // Differences replace q² by q²(1 - (qh)²/12), in the gradient term twice; the growth is a small difference of the
    // terms, so the error of each counts in full. BDF2 with 1000 steps per e-fold: 1e-6/3.
    const double kappa = 1e-10 / (site_density * kT);
    const double M = c.y0 * (1.0 - c.y0);
    const double terms = D * q * q * (std::abs(1.0 - 2.0 * c.omega * M) + M * 2.0 * kappa * q * q);
    const double bound = terms * q * q * h * h / 12.0 * 1.05 + std::abs(exact) * 1e-5;
    check({.name = c.name,
           .quantity = "growth rate",
           .unit = "1/s",
           .exact = exact,
           .computed = growth_rate(401, c.y0, c.omega, c.coherency, D, c.mode, exact),
           .bound = bound,
           .note = "s = -D q² [1 - 2 Omega y(1-y) + y(1-y)(kappa q² + B)/(rho kT)]; bound: (qh)²/12 of each term"});
  }
}

TEST(OrderPhaseField, GrowthRateConvergesWithTheMesh) {
  std::vector<double> size;
  std::vector<double> error;
  const double exact = dispersion(0.5, 3.45, 0.0, 1e-16, constants::pi * 6 / 10e-9);
  for (const int n : {25, 50, 100}) {
    size.push_back(10.0 / n);
    error.push_back(std::abs(growth_rate(n + 1, 0.5, 3.45, 0.0, 1e-16, 6, exact) - exact));
  }
  check_order({.name = "dispersion, mode 6", .quantity = "growth rate", .size = size, .error = error, .pairs = 2});
}

TEST(OrderPhaseField, StepsOfEqualLengthAreOfSecondOrder) {
  // A sphere filled through a moving phase boundary; one inner step per interval.
  const auto filled = [](int steps) {
    const Particle p{.geometry = sim::Geometry::sphere, .radius = 10e-9, .D = 1e-15, .k0 = 1e-10};
    Course run(p.spec(), 0.01, 1.75, one_step);
    const double dt = 8.0 / steps;
    for (int k = 1; k <= steps; ++k) run.advance(dt, 1.75 - 0.05 * k / steps);
    return run.mean();
  };
  const double exact = filled(12800);
  std::vector<double> size;
  std::vector<double> error;
  for (const int n : {400, 800, 1600}) {
    size.push_back(1.0 / n);
    error.push_back(std::abs(filled(n) - exact));
  }
  check_order({.name = "sphere of 10 nm while it fills",
               .quantity = "mean filling",
               .size = size,
               .error = error,
               .pairs = 2,
               .note = "against 12800 steps; backward Euler first, then BDF2"});
}

TEST(ExactPhaseField, WettedSurfaceStandsWhereTheFirstIntegralSays) {
  // In equilibrium with the lithium-poor phase κ y' = -γ' and κ y'²/2 = ρ kT Δg meet at the surface.
  const double y_a = binodal_filling(3.45);
  const double wanted = 0.30;
  const double drop = mixing_energy(3.45, wanted) - mixing_energy(3.45, y_a);
  Particle p{.nodes = 801};
  PhaseFieldSpec spec = p.spec();
  spec.parameters.wetting = WettingKind::energy;
  spec.parameters.wetting_energy = SurfaceEnergy(-std::sqrt(2.0 * 1e-10 * site_density * kT * drop));
  // The film at the surface takes lithium from 20 nm of the poor phase: start with its excess, relax, read y_a again.
  Course run(spec, y_a, 1.84, 1e-4);
  const double floor = mixing_energy(3.45, y_a);
  const double excess = integral(
      [&](double y) {
        return (y - y_a) * std::sqrt(1e-10 / (2.0 * site_density * kT * (mixing_energy(3.45, y) - floor)));
      },
      y_a + 1e-6, wanted, 4000);
  run.state = run.model.rest(y_a + excess / p.radius, 0.0, 1.84);
  run.relax(1e-3, 1e-9);
  const std::vector<double> y = run.model.profile(run.state, 0, 0);
  // (h/L)²/12 of the surface excess, and what it moves in the bulk: h = 0.025 nm, L = 0.70 nm.
  check({.name = "dgamma/dy for y_s = 0.30",
         .quantity = "surface filling",
         .exact = wanted,
         .computed = y.back(),
         .bound = 2e-3,
         .note = "dgamma/dy = -sqrt(2 kappa rho kT dg(y_s)); bound: twice (h/L)²/12 over dy_s/dy_a"});

  spec = Particle{.nodes = 401}.spec();
  spec.parameters.wetting = WettingKind::filling;
  spec.parameters.wetting_length = Length(1e-12);
  Course pinned(spec, 0.3, 1.84, 1e-4);
  pinned.relax(1e-3, 1e-8);
  const double slope =
      std::sqrt(2.0 * site_density * kT / 1e-10 * std::max(0.0, mixing_energy(3.45, 0.98) - mixing_energy(3.45, y_a)));
  check({.name = "wetting_filling = 0.98",
         .quantity = "surface filling",
         .exact = 0.98,
         .computed = pinned.model.profile(pinned.state, 0, 0).back(),
         .bound = 1.2 * slope * 1e-12,
         .note = "pulled over 1 pm: y' times that"});
}

}  // namespace
}  // namespace seccm::models::test
