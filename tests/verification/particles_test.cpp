// Particles beyond one D and Butler-Volmer: D(y), Marcus-Hush-Chidsey, film resistance. Exact solutions, orders and
// identities, through whole cells wherever a cell can show it.
// Longer than 500 lines: one record page; its cases share their particles.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "models/cell.hpp"
#include "models/material/diffusivity.hpp"
#include "models/material/exchange_lanes.hpp"
#include "models/material/marcus_hush_chidsey.hpp"
#include "sim/radial_newton.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models {
namespace {

using verification::check;
using verification::check_order;

constexpr double bath_temperature = 298.15;
const double bath_f = constants::faraday / (constants::gas * bath_temperature);
constexpr double lattice_E0 = 2.0;
constexpr double radius = 25e-9;
constexpr double scan_rate = 0.05;
constexpr double c_max = 2.4e4;
constexpr std::array geometries{sim::Geometry::slab, sim::Geometry::cylinder, sim::Geometry::sphere};
constexpr std::array<const char*, 3> shape{"slab", "cylinder", "sphere"};

/// A reversible particle without anything beside it.
CellSpec bare(sim::Geometry geometry) {
  CellSpec spec;
  spec.geometry = geometry;
  spec.face_area = 1e-12;
  spec.material.D = 1e-14 * unit::cm2_per_s;
  spec.material.k0 = 1e-6 * unit::cm_per_s;
  spec.material.E0 = Potential(lattice_E0);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.numerics.fastest_scan_rate = ScanRate(scan_rate);
  spec.particles = {{.radius = radius}};
  return spec;
}

double area_of(const CellSpec& spec) {
  return spec.geometry == sim::Geometry::sphere ? 4.0 * constants::pi * radius * radius : spec.face_area;
}

Trace cycle(const CellSpec& spec, int cycles = 1) {
  const Cell cell(spec);
  sim::Waveform program = sim::Waveform::at(lattice_E0 + 0.5);
  for (int k = 0; k < cycles; ++k)
    program = program.ramp_to(lattice_E0 - 0.5, scan_rate).ramp_to(lattice_E0 + 0.5, scan_rate);
  return simulate(cell, program);
}

double largest(const std::vector<double>& values) {
  double most = 0.0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

/// Largest difference of two traces of the same program over the largest current.
double difference(const Trace& a, const Trace& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) {
    most = std::max(most, std::abs(a.current[k] - b.current[k]));
  }
  return a.size() == b.size() ? most / largest(a.current) : std::nan("");
}

MaterialParameters with_table(MaterialParameters material, const std::vector<double>& y, const std::vector<double>& D) {
  material.diffusion = DiffusionKind::table;
  for (const double v : y) material.D_table_y.emplace_back(v);
  for (const double v : D) material.D_table.emplace_back(v);
  return material;
}

/// Sorptivity of D = e^(kθ) in a half space behind a jump of its surface from 0 to 1: with φ = x/sqrt(t),
/// θ' = G/D, G' = -φ G/(2D), θ(0) = 1, θ(∞) = 0 gives S = -2 G(0) = ∫ θ dφ... by Runge-Kutta of fourth order and
/// bisection on G(0); nothing is shared with the engine.
double sorptivity(double k, int steps) {
  const double reach = 14.0 * std::exp(0.5 * std::max(k, 0.0));
  const double h = reach / steps;
  const auto end = [&](double G) {
    double theta = 1.0;
    const auto slope = [k](double phi, double th, double g) {
      const double D = std::exp(k * std::clamp(th, 0.0, 1.0));
      return std::pair{g / D, -phi * g / (2.0 * D)};
    };
    for (int i = 0; i < steps && theta > -0.5; ++i) {
      const double phi = i * h;
      const auto [a, p] = slope(phi, theta, G);
      const auto [b, q] = slope(phi + h / 2, theta + h / 2 * a, G + h / 2 * p);
      const auto [c, r] = slope(phi + h / 2, theta + h / 2 * b, G + h / 2 * q);
      const auto [d, s] = slope(phi + h, theta + h * c, G + h * r);
      theta += h / 6 * (a + 2 * b + 2 * c + d);
      G += h / 6 * (p + 2 * q + 2 * r + s);
    }
    return theta;
  };
  double low = -10.0;
  double high = -1e-3;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (end(middle) < 0.0 ? low : high) = middle;
  }
  return -(low + high);
}

TEST(ExactVariableDiffusivity, StepOfTheSurfaceOfAHalfSpace) {
  // 400 steps to t: the charge of the slab, S sqrt(D0 t) F c A, at a penetration of a few per cent of its thickness.
  for (const double k : {-2.0, 0.0, 2.0}) {
    const double S = sorptivity(k, 4000);
    check({.name = "ODE of the similarity solution, k = " + std::to_string(k).substr(0, 4),
           .quantity = "sorptivity at 2000 and 4000 Runge-Kutta steps",
           .exact = S,
           .computed = sorptivity(k, 2000),
           .bound = 1e-8,
           .note = "The exact value of the next case is good to 1e-8; k = 0: 2/sqrt(pi)."});
    CellSpec spec = bare(sim::Geometry::slab);
    spec.material.diffusion = DiffusionKind::exponential;
    spec.material.D_exponent = k;
    spec.material.D = Diffusivity(1e-19);
    spec.material.k0 = Velocity(1.0);
    spec.particles[0].radius = 2.5e-7;
    spec.numerics.hold_step = Time(0.05);
    spec.numerics.cells = 200;
    spec.numerics.grading = 0.02;
    const Cell cell(spec);
    const Trace trace = simulate(cell, sim::Waveform::at(lattice_E0 + 0.9).jump(lattice_E0 - 0.9).hold(20.0));
    const double exact = S * std::sqrt(1e-19 * trace.time.back()) * constants::faraday * c_max * 1e-12;
    check({.name = "jump of a slab with D = D0 e^(ky), k = " + std::to_string(k).substr(0, 4),
           .quantity = "charge after 400 steps",
           .unit = "C",
           .exact = exact,
           .computed = -trace.charge.back(),
           .bound = 2e-3,
           .relative = true,
           .note =
               "Self-similar solution. Behind a jump the first steps err by their whole amount, sqrt(dt/t) / 20 of the "
               "charge for a backward Euler start."});
  }
}

/// A slab in steady state, see tests/sim/radial_newton_test.cpp: y at the surface for Φ falling linearly.
double steady_surface(int cells, const VariableDiffusivity& law, double centre, double q) {
  const sim::RadialLanes lanes(sim::RadialMesh(sim::Geometry::slab, {.cells = cells, .grading = 0.1}), {radius});
  sim::RadialNewton newton(lanes);
  const auto exact = [&](double r) {
    double low = 0.0, high = 1.0;
    for (int i = 0; i < 60; ++i) {
      const double y = 0.5 * (low + high);
      (law.at(y).integral > law.at(centre).integral - q * radius * r ? high : low) = y;
    }
    return 0.5 * (low + high);
  };
  std::vector<double> now(lanes.profile_size()), y(newton.size(), 0.5), D(y), integral(y), a(1), B(1);
  for (std::size_t c = 0; c < now.size(); ++c) now[c] = exact(lanes.mesh().centroid()[c]);
  now[0] += q / (radius * lanes.mesh().volume()[0]);
  newton.begin(now, now, 1.0, sim::backward_euler);
  for (int i = 0; i < 60; ++i) {
    law.evaluate(y, D, integral);
    newton.eliminate(y, D, integral, a, B);
    y[now.size()] = a[0] + B[0] * q;
    newton.substitute(std::vector<double>{q}, D, integral, y);
  }
  return y[now.size()] - exact(1.0);
}

TEST(ExactVariableDiffusivity, SteadyFluxIsKirchhoffs) {
  MaterialParameters material;
  material.D = Diffusivity(1e-18);
  material.diffusion = DiffusionKind::exponential;
  material.D_exponent = 5.0;
  std::vector<std::pair<std::string, MaterialParameters>> laws{{"exponential", material}};
  material.diffusion = DiffusionKind::thermodynamic;
  material.law = IsothermKind::frumkin;
  material.g = 12.0;
  laws.emplace_back("thermodynamic", material);
  laws.emplace_back("table", with_table(MaterialParameters{}, {0.0, 0.3, 0.6, 1.0}, {1e-18, 9e-18, 2e-18, 5e-18}));
  for (const auto& [name, parameters] : laws) {
    const VariableDiffusivity law(parameters);
    const double q = 0.9 * law.at(0.9).integral / radius;
    check(
        {.name = "slab, " + name + ", 25 graded cells",
         .quantity = "error of the surface filling in steady state",
         .exact = 0.0,
         .computed = steady_surface(25, law, 0.9, q),
         .bound = 1e-10,
         .note =
             "Kirchhoff's Φ is linear through the slab, and the face fluxes are differences of Φ: exact on any mesh."});
  }
}

TEST(ExactMarcusHushChidsey, RateConstantsAgainstQuadrature) {
  // Midpoint sums of the defining integral; the integrand is smooth on the scale 0.5 and its ends are below 1e-30.
  const auto direct = [](double lambda, double z) {
    double sum = 0.0;
    for (double x = -220.0; x <= 220.0; x += 0.05) {
      sum += std::exp(-(x - z + lambda) * (x - z + lambda) / (4.0 * lambda)) / (1.0 + std::exp(-x));
    }
    return sum;
  };
  verification::Plot plot{
      .name = "Tafel plot", .x_label = "F (E - E0)/RT", .y_label = "rate constant over k0", .log_y = true};
  for (const double lambda : {1.0, 8.3, 20.0}) {
    const MarcusHushChidsey law(lambda);
    double worst = 0.0;
    verification::Curve curve{.label = "lambda = " + std::to_string(lambda).substr(0, 4) + " kT"};
    verification::Curve exact{.label = "quadrature", .points = true};
    for (double z = -60.0; z <= 60.0; z += 1.3) {
      const double expected = direct(lambda, z) / direct(lambda, 0.0);
      worst = std::max(worst, std::abs(law.rate().at(z).out / expected - 1.0));
      if (z > -5.0 && z < 45.0) {
        curve.x.push_back(z);
        curve.y.push_back(law.rate().at(z).out);
        exact.x.push_back(z);
        exact.y.push_back(expected);
      }
    }
    check({.name = "oxidation, lambda = " + std::to_string(lambda).substr(0, 4) + " kT, |z| <= 60",
           .quantity = "worst relative error of the rate constant",
           .exact = 0.0,
           .computed = worst,
           .bound = 1e-8,
           .note =
               "Direct sum over the electron energies. Bound: h^4/384 max|(ln s)''''| of the cubic table, h = 1/16."});
    plot.curves.push_back(curve);
    plot.curves.push_back(exact);
  }
  verification::plot(plot);
}

TEST(ExactMarcusHushChidsey, CurrentSaturates) {
  // k0 so small that the host stays as it is: i = -F c A k0 κ_in(∞) (1 - y), y = 0.5. After one short step.
  CellSpec spec = bare(sim::Geometry::sphere);
  spec.material.kinetics = KineticsKind::marcus_hush_chidsey;
  spec.material.k0 = Velocity(1e-16);
  spec.particles[0].initial_filling = 0.5;
  const Cell cell(spec);
  const MarcusHushChidsey law(spec.material.reorganisation_energy.si() / (constants::boltzmann * bath_temperature));
  for (const double over : {-1.2, -1.5}) {
    CellStepper stepper(cell, cell.rest(lattice_E0));
    stepper.jump(lattice_E0 + over);
    stepper.advance(lattice_E0 + over, 1e-2);
    check({.name = "sphere at " + std::to_string(over).substr(0, 4) + " V overpotential",
           .quantity = "current",
           .unit = "A",
           .exact = -constants::faraday * c_max * area_of(spec) * 1e-16 * law.limit() * 0.5,
           .computed = stepper.currents().total,
           .bound = 1e-6,
           .relative = true,
           .note = "Saturated rate constant sqrt(4 pi lambda) e^(lambda/4)/S(0). The surface filling moves by k0 L "
                   "sqrt(dt/D) = 2e-7."});
  }
}

TEST(OrderMarcusHushChidsey, ApproachesButlerVolmerAsOneOverLambda) {
  CellSpec spec = bare(sim::Geometry::sphere);
  spec.numerics.potential_step = Potential(5e-3);
  spec.material.k0 = Velocity(1e-11);
  const Trace butler = cycle(spec);
  spec.material.kinetics = KineticsKind::marcus_hush_chidsey;
  verification::Order order{.name = "quasi-reversible cycle of a sphere",
                            .quantity = "largest difference from Butler-Volmer over the peak",
                            .expected = 1.0,
                            .tolerance = 0.1,
                            .note = "Size: 1/lambda (eV). To leading order ln s = -z^2/(4 lambda)."};
  for (const double lambda : {2.5, 5.0, 10.0}) {
    spec.material.reorganisation_energy = Energy(lambda * constants::elementary_charge);
    order.size.push_back(1.0 / lambda);
    order.error.push_back(difference(butler, cycle(spec)));
  }
  check_order(order);
}

TEST(IdentityVariableDiffusivity, ConstantLawsAreTheConstantPath) {
  for (std::size_t g = 0; g < geometries.size(); ++g) {
    CellSpec spec = bare(geometries[g]);
    spec.numerics.potential_step = Potential(4e-3);
    const Trace constant = cycle(spec);
    const double D = spec.material.D.si();
    CellSpec table = spec;
    table.material = with_table(spec.material, {0.0, 0.4, 1.0}, {D, D, D});
    CellSpec flat = spec;
    flat.material.diffusion = DiffusionKind::exponential;
    flat.material.D_exponent = 0.0;
    CellSpec ideal = spec;
    ideal.material.diffusion = DiffusionKind::thermodynamic;
    for (const auto& [name, other] : {std::pair{"constant table", table},
                                      {"exponential, k = 0", flat},
                                      {"thermodynamic, ideal lattice gas", ideal}}) {
      check({.name = std::string(shape[g]) + ", " + name,
             .quantity = "largest difference from the constant-D path over the peak",
             .exact = 0.0,
             .computed = difference(constant, cycle(other)),
             .bound = 1e-10,
             .note = "The same equations by another elimination: round-off, 500 steps."});
    }
  }
}

TEST(IdentityVariableDiffusivity, ChargeIsLithiumOverThreeCycles) {
  for (std::size_t g = 0; g < geometries.size(); ++g) {
    CellSpec spec = bare(geometries[g]);
    spec.numerics.potential_step = Potential(5e-3);
    spec.numerics.cells = 30;
    spec.numerics.grading = 0.05;
    CellSpec exponential = spec;
    exponential.material.diffusion = DiffusionKind::exponential;
    exponential.material.D_exponent = 4.0;
    exponential.material.film_resistance = ArealResistance(0.1);
    CellSpec thermodynamic = spec;
    thermodynamic.material.diffusion = DiffusionKind::thermodynamic;
    thermodynamic.material.law = IsothermKind::frumkin;
    thermodynamic.material.g = -3.0;
    thermodynamic.material.kinetics = KineticsKind::marcus_hush_chidsey;
    CellSpec table = spec;
    table.material = with_table(spec.material, {0.0, 0.3, 0.6, 1.0}, {4e-18, 1e-19, 1e-19, 2e-18});
    for (const auto& [name, cell_spec] : {std::pair{"exponential with film", exponential},
                                          {"thermodynamic with Marcus-Hush-Chidsey", thermodynamic},
                                          {"table", table}}) {
      const Trace trace = cycle(cell_spec, 3);
      double gross = 0.0;
      double worst = 0.0;
      for (std::size_t k = 1; k < trace.size(); ++k) {
        gross += std::abs(trace.charge[k] - trace.charge[k - 1]);
        worst = std::max(worst, std::abs(trace.charge[k] + constants::faraday * (trace.lithium[k] - trace.lithium[0])));
      }
      check({.name = std::string(shape[g]) + ", " + name,
             .quantity = "imbalance of charge and lithium over the charge passed",
             .exact = 0.0,
             .computed = worst / gross,
             .bound = 1e-10,
             .note =
                 "Three cycles on a graded mesh; the surface is an imposed flux. Written as a gradient with D(y) it "
                 "creates lithium (tests/sim/radial_newton_test.cpp shows that)."});
    }
  }
}

TEST(OrderVariableDiffusivity, TimeAndSpace) {
  // At 1.9 V on the cathodic sweep, which every step hits, through a whole cell.
  const auto current = [](sim::Geometry geometry, double step, int cells) {
    CellSpec spec = bare(geometry);
    spec.material.diffusion = DiffusionKind::exponential;
    spec.material.D_exponent = -3.0;
    spec.material.k0 = Velocity(1e-9);
    spec.numerics.potential_step = Potential(step);
    spec.numerics.cells = cells;
    spec.numerics.grading = 0.1;
    const Cell cell(spec);
    return simulate(cell, sim::Waveform::at(lattice_E0 + 0.4).ramp_to(lattice_E0 - 0.1, scan_rate)).current.back();
  };
  for (std::size_t g = 0; g < geometries.size(); ++g) {
    verification::Order time{.name = std::string(shape[g]) + ", step",
                             .quantity = "current on the falling flank",
                             .note = "Error against Richardson's limit of the two finest."};
    verification::Order space = time;
    space.name = std::string(shape[g]) + ", cells";
    const auto richardson = [](double fine, double coarse) { return fine + (fine - coarse) / 3.0; };
    const double t_limit = richardson(current(geometries[g], 3.125e-4, 40), current(geometries[g], 6.25e-4, 40));
    const double s_limit = richardson(current(geometries[g], 4e-3, 320), current(geometries[g], 4e-3, 160));
    for (const double step : {1e-2, 5e-3, 2.5e-3}) {
      time.size.push_back(step);
      time.error.push_back(current(geometries[g], step, 40) / t_limit - 1.0);
    }
    for (const int cells : {20, 40, 80}) {
      space.size.push_back(1.0 / cells);
      space.error.push_back(current(geometries[g], 4e-3, cells) / s_limit - 1.0);
    }
    check_order(time);
    check_order(space);
  }
}

/// A sphere by the method of lines, independent of the engine: vertex-centred volumes on a uniform mesh, D of the mean
/// filling on a face, the surface vertex an unknown of its own, explicit Runge-Kutta steps of fourth order.
class LinesSphere {
 public:
  LinesSphere(const CellSpec& spec, int intervals)
      : reaction_(spec.material, bath_temperature),
        law_(spec.material),
        k0_(spec.material.k0.si()),
        film_(film_of(spec.material, 1.0)),
        n_(static_cast<std::size_t>(intervals)) {}

  /// Current (A) at each multiple of `every` seconds of a sweep from E_start at -scan_rate.
  std::vector<double> sweep(double E_start, double every, int samples) {
    const double h = 1.0 / static_cast<double>(n_);
    const double fastest = std::max({law_.at(0.0).value, law_.at(0.5).value, law_.at(1.0).value});
    // Explicit steps: bounded by the diffusion between vertices and by the exchange of the half volume at the surface.
    const double lowest = E_start - scan_rate * every * samples;
    const double exchange = k0_ * std::exp(0.5 * bath_f * (lattice_E0 - lowest)) / (0.5 * h * radius);
    const double rate = fastest / (radius * radius) / (0.3 * h * h) + exchange;
    const int inner = 1 + static_cast<int>(every * rate);
    const double dt = every / inner;
    std::vector<double> y(n_ + 1, 0.0), currents;
    for (int k = 0; k < samples; ++k) {
      for (int i = 0; i < inner; ++i) y = runge_kutta(y, E_start - scan_rate * (k * every + i * dt), dt);
      const double area = 4.0 * constants::pi * radius * radius;
      currents.push_back(constants::faraday * c_max * area * flux(y.back(), E_start - scan_rate * (k + 1) * every));
    }
    return currents;
  }

 private:
  double flux(double y_s, double E) const {
    double q = 0.0;
    for (int i = 0; i < 100; ++i) {
      const auto N = [&](double x) { return reaction_.flux(k0_, 1.0, bath_f * (E - lattice_E0 - film_ * x), y_s); };
      if (film_ == 0.0) return N(0.0);
      const double d = 1e-7 / (bath_f * film_);
      const double slope = 1.0 - (N(q + d) - N(q - d)) / (2.0 * d);
      const double move = (q - N(q)) / slope;
      q -= move;
      if (std::abs(move) * film_ * bath_f < 1e-12) break;
    }
    return q;
  }
  std::vector<double> rates(const std::vector<double>& y, double E) const {
    const double h = 1.0 / static_cast<double>(n_);
    std::vector<double> dy(n_ + 1);
    double inner = 0.0;
    for (std::size_t j = 0; j <= n_; ++j) {
      const double low = j == 0 ? 0.0 : (static_cast<double>(j) - 0.5) * h;
      const double high = j == n_ ? 1.0 : (static_cast<double>(j) + 0.5) * h;
      const double outer =
          j == n_ ? -flux(y[j], E) / radius
                  : high * high * law_.at(0.5 * (y[j] + y[j + 1])).value * (y[j + 1] - y[j]) / h / (radius * radius);
      dy[j] = (outer - inner) / ((high * high * high - low * low * low) / 3.0);
      inner = outer;
    }
    return dy;
  }
  std::vector<double> runge_kutta(const std::vector<double>& y, double E, double dt) const {
    const auto ahead = [&](const std::vector<double>& slope, double share) {
      std::vector<double> z = y;
      for (std::size_t j = 0; j < z.size(); ++j) z[j] += share * dt * slope[j];
      return z;
    };
    const auto a = rates(y, E);
    const auto b = rates(ahead(a, 0.5), E - 0.5 * dt * scan_rate);
    const auto c = rates(ahead(b, 0.5), E - 0.5 * dt * scan_rate);
    const auto d = rates(ahead(c, 1.0), E - dt * scan_rate);
    std::vector<double> z = y;
    for (std::size_t j = 0; j < z.size(); ++j) z[j] += dt / 6.0 * (a[j] + 2.0 * b[j] + 2.0 * c[j] + d[j]);
    return z;
  }

  SurfaceReaction reaction_;
  VariableDiffusivity law_;
  double k0_, film_;
  std::size_t n_;
};

TEST(CrossVariableDiffusivity, MethodOfLines) {
  CellSpec exponential = bare(sim::Geometry::sphere);
  exponential.material.k0 = Velocity(1e-12);
  exponential.material.diffusion = DiffusionKind::exponential;
  exponential.material.D_exponent = -2.0;
  CellSpec marcus = exponential;
  marcus.material.diffusion = DiffusionKind::thermodynamic;
  marcus.material.law = IsothermKind::frumkin;
  marcus.material.g = 4.0;
  marcus.material.kinetics = KineticsKind::marcus_hush_chidsey;
  CellSpec film = exponential;
  film.material = with_table(film.material, {0.0, 0.5, 1.0}, {5e-19, 1.5e-18, 1e-18});
  film.material.film_resistance = ArealResistance(0.02);
  for (auto& [name, spec] : {std::pair{"exponential, Butler-Volmer", exponential},
                             {"thermodynamic of a Frumkin isotherm, Marcus-Hush-Chidsey", marcus},
                             {"table, film of 0.02 Ohm m^2", film}}) {
    CellSpec fine = spec;
    fine.numerics.potential_step = Potential(0.5e-3);
    fine.numerics.cells = 200;
    const Cell cell(fine);
    const Trace trace = simulate(cell, sim::Waveform::at(lattice_E0 + 0.2).ramp_to(lattice_E0 - 0.5, scan_rate));
    constexpr int samples = 70;
    const auto coarse = LinesSphere(spec, 100).sweep(lattice_E0 + 0.2, 0.2, samples);
    const auto lines = LinesSphere(spec, 200).sweep(lattice_E0 + 0.2, 0.2, samples);
    double worst = 0.0;
    verification::Curve engine{.label = "engine"}, other{.label = "method of lines", .points = true};
    for (int k = 0; k < samples; ++k) {
      const auto i = static_cast<std::size_t>(k);
      const double limit = lines[i] + (lines[i] - coarse[i]) / 3.0;  // both errors are of second order in the mesh
      worst = std::max(worst, std::abs(trace.current[20 * (i + 1)] - limit));
      engine.x.push_back(trace.E_vs_Li[20 * (i + 1)]);
      engine.y.push_back(trace.current[20 * (i + 1)]);
      other.x.push_back(engine.x.back());
      other.y.push_back(limit);
    }
    check({.name = name,
           .quantity = "worst sample over the peak",
           .exact = 0.0,
           .computed = worst / largest(lines),
           .bound = 1e-3,
           .note = "Cathodic sweep of a sphere. Explicit Runge-Kutta on a uniform vertex mesh of 60 and 120 intervals, "
                   "extrapolated; the engine at its default mesh and 1 mV steps promises 0.1 % of the peak."});
    verification::plot(
        {.name = name, .x_label = "E vs Li/Li+ (V)", .y_label = "current (A)", .curves = {engine, other}});
  }
}

TEST(IdentityFilm, IsAContactResistanceOfOneParticleWithoutDoubleLayer) {
  for (const double wetted : {1.0, 0.3}) {
    for (const DiffusionKind kind : {DiffusionKind::single, DiffusionKind::exponential}) {
      CellSpec film = bare(sim::Geometry::sphere);
      film.numerics.potential_step = Potential(4e-3);
      film.material.diffusion = kind;
      film.particles[0].wetted_fraction = wetted;
      CellSpec contact = film;
      film.material.film_resistance = ArealResistance(0.05);
      contact.particles[0].contact_resistance = 0.05 / (wetted * area_of(film));
      check({.name = std::string(kind == DiffusionKind::single ? "constant D" : "exponential D") + ", wetted " +
                     std::to_string(wetted).substr(0, 3),
             .quantity = "largest difference of a cycle with the film from one with the contact, over the peak",
             .exact = 0.0,
             .computed = difference(cycle(film), cycle(contact)),
             .bound = 1e-8,
             .note = "R_contact = R_film/(wetted area). Both solve the same implicit equations; Newton settles at 1e-8 "
                     "and leaves less."});
    }
  }
}

TEST(ExactFilm, LargeFilmIsItsOhmicSlope) {
  // A slab so thick that U hardly moves: between two potentials of a slow sweep di/dE = A/R_film.
  CellSpec spec = bare(sim::Geometry::slab);
  spec.material.D = 1e-8 * unit::cm2_per_s;
  spec.material.k0 = Velocity(1.0);
  spec.material.film_resistance = ArealResistance(10.0);
  spec.particles[0].radius = 1e-3;
  spec.particles[0].initial_filling = 0.5;
  const Cell cell(spec);
  const Trace trace = simulate(cell, sim::Waveform::at(lattice_E0).ramp_to(lattice_E0 - 0.5, scan_rate));
  const std::size_t a = trace.size() / 2;
  const std::size_t b = trace.size() - 1;
  check({.name = "thick slab, 10 Ohm m^2",
         .quantity = "slope of the sweep",
         .unit = "1/Ohm",
         .exact = 1e-12 / 10.0,
         .computed = (trace.current[b] - trace.current[a]) / (trace.E_vs_Li[b] - trace.E_vs_Li[a]),
         .bound = 1e-3,
         .relative = true,
         .note = "The surface filling moves by 2 q sqrt(t/(pi D)) = 3e-6, U by 4 RT/F times that: 1e-6 of the drop."});
}

}  // namespace
}  // namespace seccm::models
