// The contact network and the necks of a cluster: resistor ladders, RC networks and two-compartment exchange with exact
// solutions, identities with the star and the single particle, an independent integrator, balances and orders.
// Longer than 500 lines: one record page; its cases share their networks.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "models/cell.hpp"
#include "models/network/network_wiring.hpp"
#include "models/network/packed_cluster.hpp"
#include "tests/verification/record.hpp"

namespace seccm::verification {
namespace {

using models::Cell;
using models::CellSpec;
using models::CellState;
using models::CellStepper;
using models::NetworkSpec;
using models::on_gold;
using models::Trace;

constexpr double F = constants::faraday;
constexpr double f = F / (constants::gas * 298.15);

/// Reversible enough to be in equilibrium, mixed at once: a particle whose charge is a function of its potential.
CellSpec mixed_particles(std::size_t count) {
  CellSpec spec;
  spec.material.E0 = Potential(1.8);
  spec.material.D = Diffusivity(1e-10);
  spec.material.k0 = Velocity(1.0);
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.numerics.cells = 12;
  spec.numerics.grading = 1.0;
  for (std::size_t k = 0; k < count; ++k)
    spec.particles.push_back({.radius = 20e-9 + 2e-9 * static_cast<double>(k % 7)});
  return spec;
}

void wire(CellSpec& spec, NetworkSpec network) {
  spec.wiring = std::make_shared<const models::NetworkWiringModel>(std::move(network), spec.material.c_max.si());
}

double volume(double r) {
  return 4.0 / 3.0 * constants::pi * r * r * r;
}

/// Largest |a - b| over the largest |a|.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  double worst = 0.0;
  double size = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    worst = std::max(worst, std::abs(a[k] - b[k]));
    size = std::max(size, std::abs(a[k]));
  }
  return worst / size;
}

sim::Waveform cycle(double scan_rate) {
  return sim::Waveform::at(2.2).ramp_to(1.4, scan_rate).ramp_to(2.2, scan_rate);
}

/// A packed pile and everything that this file's models can do, or less of it.
struct Pile {
  int particles = 40;
  double contact_resistance = 3e10;
  bool conduction = false;
  double neck_share = 0.0;
  double potential_step = 4e-3;

  [[nodiscard]] CellSpec spec() const {
    models::SampleParameters sample;
    sample.dead_fraction = 0.0;
    sample.packing_fraction = 0.6;
    sample.contact_resistance = Resistance(contact_resistance);
    models::ClusterParameters cluster;
    cluster.isolated = models::IsolatedParticles::drop;
    cluster.neck_share = neck_share;
    if (conduction) cluster.conduction = models::ConductionKind::lithiation;
    cluster.conductivity_pristine = Conductivity(1e-4);
    models::PackedCluster packed = models::pack_cluster(cluster, sample, {.count = particles, .seed = 3});
    CellSpec spec;
    spec.material.D = Diffusivity(1e-17);
    spec.particles = packed.particles;
    spec.series_resistance = 1e7;
    spec.numerics.potential_step = Potential(potential_step);
    spec.numerics.cells = 40;
    wire(spec, packed.network);
    return spec;
  }
};

TEST(ExactNetwork, AChainOfResistorsIsALadder) {
  constexpr int n = 50;
  constexpr double g = 1e-9;
  constexpr double G = 2e-12;
  NetworkSpec network;
  for (int k = 0; k < n; ++k) network.contacts.push_back({k, k == 0 ? on_gold : k - 1, 1.0 / g, 5e-9});
  models::Kirchhoff kirchhoff(network, n);
  std::vector<double> p(n, 0.0), current(n), slope(n, G), dp0(n), dpdphi(n), place, exact, computed;
  double conductance = 0.0;
  for (int pass = 0; pass < 10; ++pass) {  // each leaves at most 1e-2 of the error of the one before
    for (std::size_t k = 0; k < n; ++k) current[k] = G * p[k];
    conductance = kirchhoff.eliminate({p, current, slope, 1.0, false}, dp0, dpdphi).conductance;
    for (std::size_t k = 0; k < n; ++k) p[k] += dp0[k];
  }
  const double theta = std::acosh(1.0 + 0.5 * G / g);
  double worst = 0.0;
  for (int k = 0; k < n; ++k) {
    place.push_back(k + 1);
    exact.push_back(std::cosh((n - k - 0.5) * theta) / std::cosh((n + 0.5) * theta));
    computed.push_back(p[static_cast<std::size_t>(k)]);
    worst = std::max(worst, std::abs(exact.back() - computed.back()));
  }
  check({.name = "chain of 50 equal resistors, a load at each node",
         .quantity = "largest error of a potential",
         .unit = "V",
         .exact = 0.0,
         .computed = worst,
         .bound = 1e-12,
         .note = "p_k = cosh((n-k+1/2)θ)/cosh((n+1/2)θ), cosh θ = 1 + G/2g; bound: round-off times the condition "
                 "number (4n²/π²)"});
  check({.name = "the same chain, seen from the gold",
         .quantity = "input conductance",
         .unit = "S",
         .exact = g * (1.0 - exact.front()),
         .computed = conductance,
         .bound = 1e-2,
         .relative = true,
         .note = "steers Newton's method only: solved to 1e-2"});
  plot({.name = "ladder",
        .x_label = "place in the chain",
        .y_label = "potential / V",
        .curves = {{"exact", place, exact, true}, {"network", place, computed}}});
}

/// Particles without a reaction are capacitors: C dp/dt = -L p + g φ.
TEST(ExactNetwork, DoubleLayersChargeThroughTheNetworkByItsEigenmodes) {
  CellSpec spec = mixed_particles(12);
  spec.material.k0 = Velocity(0.0);
  spec.double_layer.titania = ArealCapacitance(0.1);
  NetworkSpec network;
  const auto n = static_cast<int>(spec.particles.size());
  Eigen::MatrixXd L = Eigen::MatrixXd::Zero(n, n);
  Eigen::VectorXd gold = Eigen::VectorXd::Zero(n), C(n);
  for (int k = 0; k < n; ++k) {
    const double r = spec.particles[static_cast<std::size_t>(k)].radius;
    C[k] = 0.1 * 4.0 * constants::pi * r * r;
    const double R = 1e13 * (1.0 + 0.3 * k);
    network.contacts.push_back({k, k == 0 ? on_gold : k - 1, R, 5e-9});
    (k == 0 ? gold[0] : L(k - 1, k - 1)) += 1.0 / R;
    L(k, k) += 1.0 / R;
    if (k > 0) L(k, k - 1) = L(k - 1, k) = -1.0 / R;
    if (k < 2 || k % 3 != 0) continue;
    network.contacts.push_back({k, k - 2, 2.0 * R, 5e-9});
    L(k, k) += 0.5 / R;
    L(k - 2, k - 2) += 0.5 / R;
    L(k, k - 2) = L(k - 2, k) = -0.5 / R;
  }
  wire(spec, network);
  const Eigen::VectorXd root = C.cwiseSqrt().cwiseInverse();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> modes(root.asDiagonal() * L * root.asDiagonal());
  const auto exact_current = [&](double t) {  // of a step of 1 V
    const Eigen::VectorXd start = modes.eigenvectors().transpose() * C.cwiseSqrt();
    const Eigen::VectorXd left = (-modes.eigenvalues() * t).array().exp() * start.array();
    return gold.dot(root.asDiagonal() * (modes.eigenvectors() * left));
  };
  const Cell cell(spec);
  const double slowest = 1.0 / modes.eigenvalues().minCoeff();
  std::vector<double> size, error, time, exact, computed;
  for (const int steps : {100, 200, 400}) {
    CellStepper stepper(cell, cell.rest(2.0));
    stepper.jump(3.0);
    const double dt = slowest / steps;
    for (int k = 0; k < steps; ++k) {
      stepper.advance(3.0, dt);
      if (steps != 400 || k < 2) continue;
      time.push_back((k + 1) * dt);
      exact.push_back(exact_current(time.back()) * 1e15);
      computed.push_back(stepper.currents().total * 1e15);
    }
    size.push_back(dt);
    error.push_back(std::abs(stepper.currents().total / exact_current(slowest) - 1.0));
  }
  check_order({.name = "charging current of 12 double layers through a network",
               .quantity = "error at the slowest time constant",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.2,
               .pairs = 1,
               .note = "i(t) = g·C^-1/2 exp(-C^-1/2 L C^-1/2 t) C^1/2 1 V, dense eigenvectors"});
  check({.name = "charging current of 12 double layers through a network, 400 steps",
         .quantity = "current at the slowest time constant",
         .unit = "A",
         .exact = exact_current(slowest),
         .computed = computed.back() * 1e-15,
         .bound = 1e-4,
         .relative = true,
         .note = "bound: the Euler step behind the jump, O(dt²)"});
  plot({.name = "charging",
        .x_label = "time / s",
        .y_label = "current / fA",
        .curves = {{"eigenmodes", time, exact, true}, {"network", time, computed}},
        .log_y = true});
}

TEST(IdentityNetwork, OneNodeIsASingleParticle) {
  CellSpec spec;
  spec.particles = {{.contact_resistance = 3e12}};
  spec.series_resistance = 1e11;
  spec.numerics.potential_step = Potential(4e-3);
  const Trace single = simulate(Cell(spec), cycle(0.1));
  NetworkSpec network;
  network.contacts = {{0, on_gold, 3e12, 5e-9}};
  wire(spec, network);
  const Trace node = simulate(Cell(spec), cycle(0.1));
  check({.name = "network of one particle against a particle behind its resistance",
         .quantity = "largest difference of the current over its peak",
         .exact = 0.0,
         .computed = difference(single.current, node.current),
         .bound = 1e-11,
         .note = "same equations; round-off over 400 steps"});
}

TEST(IdentityNetwork, AStarOfContactsIsTheStarWiring) {
  CellSpec spec;
  spec.series_resistance = 1e10;
  spec.numerics.potential_step = Potential(4e-3);
  NetworkSpec network;
  for (int k = 0; k < 25; ++k) {
    const double R = 1e9 * std::pow(1.5, k);
    spec.particles.push_back({.radius = 15e-9 + 1e-9 * k, .contact_resistance = R});
    network.contacts.push_back({k, on_gold, R, 5e-9});
  }
  const Trace star = simulate(Cell(spec), cycle(0.1));
  wire(spec, network);
  const Trace graph = simulate(Cell(spec), cycle(0.1));
  check({.name = "25 particles on gold contacts alone against the star",
         .quantity = "largest difference of the current over its peak",
         .exact = 0.0,
         .computed = difference(star.current, graph.current),
         .bound = 1e-9,
         .note = "Newton's method stops at moves of 2.6e-10 V = 1e-8 RT/F and leaves 1e-2 of them"});
}

/// i at j for a volt at k is i at k for a volt at j.
TEST(IdentityNetwork, IsReciprocal) {
  const CellSpec spec = Pile{.particles = 60}.spec();
  const auto* model = dynamic_cast<const models::NetworkWiringModel*>(spec.wiring.get());
  ASSERT_NE(model, nullptr);
  const std::size_t n = spec.particles.size();
  models::Kirchhoff kirchhoff(model->network(), n);
  const std::vector<double> slope(n, 1e-12), rest(n, 0.0);
  const auto response = [&](std::size_t from, std::size_t to) {
    std::vector<double> p(n, 0.0), current(n), dp0(n), dpdphi(n);
    for (int pass = 0; pass < 12; ++pass) {
      for (std::size_t k = 0; k < n; ++k) current[k] = slope[k] * p[k] - (k == from ? 1e-12 : 0.0);
      kirchhoff.eliminate({p, current, slope, 0.0, true}, dp0, dpdphi);
      for (std::size_t k = 0; k < n; ++k) p[k] += dp0[k];
    }
    return p[to];
  };
  double worst = 0.0;
  for (std::size_t k = 1; k < n; k += 7) {
    const double there = response(0, k);
    worst = std::max(worst, std::abs(response(k, 0) / there - 1.0));
  }
  check({.name = "a pile of 60 particles",
         .quantity = "largest relative asymmetry of the transfer resistance",
         .exact = 0.0,
         .computed = worst,
         .bound = 1e-9,
         .note = "bound: round-off times the condition number of the network, about 1e5"});
}

/// Particles in equilibrium with their potential: (C - F c_max V dy/dp) dp_k/dt = i_k, integrated by Runge and Kutta.
TEST(CrossNetwork, WellMixedParticlesFollowAnIndependentIntegrator) {
  CellSpec spec = mixed_particles(8);
  spec.double_layer.titania = ArealCapacitance(1.0);  // large: keeps the explicit integrator stable
  NetworkSpec network;
  for (int k = 0; k < 8; ++k) network.contacts.push_back({k, k == 0 ? on_gold : (k - 1) / 2, 2e12 * (1 + k), 5e-9});
  network.contacts.push_back({5, on_gold, 9e12, 5e-9});
  wire(spec, network);
  constexpr double scan_rate = 0.02;
  using Array = Eigen::Array<double, 8, 1>;
  Array charge, capacitance;  // F c_max V, C
  for (int k = 0; k < 8; ++k) {
    const double r = spec.particles[static_cast<std::size_t>(k)].radius;
    charge[k] = F * spec.material.c_max.si() * volume(r);
    capacitance[k] = 4.0 * constants::pi * r * r;
  }
  double gold_current = 0.0;
  const auto rate = [&](double t, const Array& p) {
    const double E = 2.2 - scan_rate * t;
    Array inflow = Array::Zero();
    gold_current = 0.0;
    for (const models::NetworkContact& c : network.contacts) {
      const double i = ((c.second == on_gold ? E : p[c.second]) - p[c.first]) / c.interface_resistance;
      inflow[c.first] += i;
      if (c.second == on_gold) {
        gold_current += i;
      } else {
        inflow[c.second] -= i;
      }
    }
    const Array y = 1.0 / (1.0 + (f * (p - 1.8)).exp());  // dy/dp = -f y (1-y)
    return Array(inflow / (capacitance + charge * f * y * (1.0 - y)));
  };
  std::vector<double> size, error, E, exact, computed;
  double peak = 0.0;
  for (const double step : {1e-3, 0.5e-3, 0.25e-3}) {
    spec.numerics.potential_step = Potential(step);
    const Trace trace = simulate(Cell(spec), sim::Waveform::at(2.2).ramp_to(1.4, scan_rate));
    Array p = Array::Constant(2.2);
    E.clear(), exact.clear(), computed.clear();
    double worst = 0.0;
    const int per_row = static_cast<int>(std::lround(step / 2.5e-5));
    for (std::size_t row = 0; row + 1 < trace.size(); ++row) {
      const double h = (trace.time[row + 1] - trace.time[row]) / per_row;
      for (int k = 0; k < per_row; ++k) {
        const double t = trace.time[row] + k * h;
        const Array k1 = rate(t, p), k2 = rate(t + 0.5 * h, p + 0.5 * h * k1), k3 = rate(t + 0.5 * h, p + 0.5 * h * k2),
                    k4 = rate(t + h, p + h * k3);
        p += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
      }
      rate(trace.time[row + 1], p);
      E.push_back(trace.E_vs_Li[row + 1]);
      exact.push_back(gold_current * 1e15);
      computed.push_back(trace.current[row + 1] * 1e15);
      if (E.back() < 2.0) worst = std::max(worst, std::abs(exact.back() - computed.back()));
      peak = std::max(peak, std::abs(exact.back()));
    }
    size.push_back(step);
    error.push_back(worst / peak);
  }
  check_order({.name = "8 particles in equilibrium with their potentials, a tree and a loop",
               .quantity = "largest difference of the current over its peak",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.2,
               .pairs = 1,
               .note =
                   "Runge-Kutta of fourth order in the potentials, steps of 0.025 mV; below 2.0 V, where the start is "
                   "forgotten"});
  check({.name = "the same, 0.25 mV steps",
         .quantity = "largest difference of the current over its peak",
         .exact = 0.0,
         .computed = error.back(),
         .bound = 5e-4,
         .note = "bound: the difference at 0.5 mV, of which the order makes a quarter"});
  plot({.name = "tree",
        .x_label = "E / V vs Li/Li+",
        .y_label = "current / fA",
        .curves = {{"Runge-Kutta", E, exact, true}, {"network", E, computed}}});
}

TEST(OrderNetwork, IsOfSecondOrderWithConductivityThatRises) {
  const auto at = [](double step) {
    const Trace trace =
        simulate(Cell(Pile{.particles = 12, .conduction = true, .potential_step = step}.spec()), cycle(0.1));
    std::vector<double> current;
    const auto stride = static_cast<std::size_t>(std::lround(4e-3 / step));
    for (std::size_t k = 0; k < trace.size(); k += stride) current.push_back(trace.current[k]);
    return current;
  };
  const std::vector<double> finest = at(0.125e-3);
  std::vector<double> error;
  for (const double step : {2e-3, 1e-3, 0.5e-3}) error.push_back(difference(finest, at(step)));
  check_order({.name = "12 particles, conductivity over four decades",
               .quantity = "largest difference of the current to that of 0.125 mV steps",
               .size = {2e-3, 1e-3, 0.5e-3},
               .error = error,
               .expected = 2.0,
               .tolerance = 0.3,
               .pairs = 1,
               .note = "the reference is 16 times closer than the last: 2 + 0.1"});
}

TEST(IdentityNetwork, ChargePassedIsLithiumMovedAlsoThroughNecks) {
  for (const double necks : {0.0, 0.5}) {
    const Pile pile{.conduction = true, .neck_share = necks};
    const Cell cell(pile.spec());
    CellStepper stepper(cell, cell.rest(2.2));
    const double before = cell.lithium(stepper.state());
    const auto sweep = [&](double from, double to) {
      for (int k = 1; k <= 200; ++k) stepper.advance(from + (to - from) * k / 200, 0.04);
    };
    double worst = 0.0, passed = 0.0;
    for (int round = 0; round < 3; ++round) {
      for (const auto& [from, to] : {std::pair{2.2, 1.4}, std::pair{1.4, 2.2}}) {
        sweep(from, to);
        const double moved = F * (cell.lithium(stepper.state()) - before);
        worst = std::max(worst, std::abs(stepper.state().charge.intercalation + moved));
        passed = std::max(passed, std::abs(moved));
      }
    }
    check({.name = necks > 0.0 ? "pile with necks and rising conductivity, three cycles"
                               : "pile with rising conductivity, three cycles",
           .quantity = "charge that passed and is not lithium, over the largest charge",
           .exact = 0.0,
           .computed = worst / passed,
           .bound = 1e-10,
           .note = "the surface is an imposed flux; the sum over all necks is zero"});
  }
}

/// Two dry particles that exchange lithium: their difference decays with w (1/V1 + 1/V2) if they are mixed inside.
struct DryPair {
  double exchange = 0.0;
  double D = 1e-10;
  [[nodiscard]] CellSpec spec() const {
    CellSpec spec = mixed_particles(0);
    spec.material.D = Diffusivity(D);
    spec.particles = {{.radius = 20e-9, .wetted_fraction = 0.0, .initial_filling = 0.9},
                      {.radius = 30e-9, .wetted_fraction = 0.0, .initial_filling = 0.1}};
    NetworkSpec network;
    network.contacts = {{0, on_gold, 1e9, 5e-9}, {1, on_gold, 1e9, 5e-9}};
    network.necks = {{0, 1, exchange}};
    wire(spec, network);
    return spec;
  }
};

TEST(ExactNecks, TwoMixedParticlesRelaxExponentially) {
  const double rate = 0.1;
  const double inverse = 1.0 / volume(20e-9) + 1.0 / volume(30e-9);
  const Cell cell(DryPair{.exchange = rate / inverse}.spec());
  std::vector<double> size, error, time, exact, computed;
  for (const double dt : {1.0, 0.5, 0.25}) {
    CellStepper stepper(cell, cell.rest(2.0));
    const int steps = static_cast<int>(std::lround(20.0 / dt));
    double last = 0.0;
    for (int k = 1; k <= steps; ++k) {
      stepper.advance(2.0, dt);
      const std::vector<double> y = cell.mean_filling(stepper.state());
      last = (y[0] - y[1]) / 0.8;
      if (dt != 0.25) continue;
      time.push_back(stepper.state().time);
      computed.push_back(last);
      exact.push_back(std::exp(-rate * time.back()));
    }
    size.push_back(dt);
    error.push_back(std::abs(last - std::exp(-2.0)));
  }
  check(
      {.name = "two dry particles, steps of 0.25 s",
       .quantity = "difference of the fillings after two time constants, of that at the start",
       .exact = std::exp(-2.0),
       .computed = computed.back(),
       .bound = 4e-4,
       .note = "e^(-w (1/V1 + 1/V2) t); bound: (λ dt)²/3 · λt e^(-λt) of BDF2, and as much for the first Euler step"});
  check_order({.name = "two dry particles",
               .quantity = "error of the difference after two time constants",
               .size = size,
               .error = error,
               .expected = 2.0,
               .tolerance = 0.25,
               .pairs = 1,
               .note = "exact exponential"});
  plot({.name = "relaxation",
        .x_label = "time / s",
        .y_label = "difference of fillings",
        .curves = {{"exact", time, exact, true}, {"necks", time, computed}},
        .log_y = true});
}

/// Without exchange each keeps its own; with an infinite one the surfaces share a filling.
TEST(IdentityNecks, LimitsOfNoAndOfInfiniteExchange) {
  const auto sum_of_volumes = volume(20e-9) + volume(30e-9);
  const double mixed = (0.9 * volume(20e-9) + 0.1 * volume(30e-9)) / sum_of_volumes;
  const auto after = [](double exchange) {
    const Cell cell(DryPair{.exchange = exchange, .D = 1e-16}.spec());
    CellStepper stepper(cell, cell.rest(2.0));
    for (int k = 0; k < 20; ++k) stepper.advance(2.0, 0.05);
    std::vector<double> y = std::get<models::RadialState>(stepper.state().hosts.front()).surface;
    const std::vector<double> mean = cell.mean_filling(stepper.state());
    y.resize(2);
    y.push_back((mean[0] * volume(20e-9) + mean[1] * volume(30e-9)) / (volume(20e-9) + volume(30e-9)));
    return y;
  };
  check({.name = "no exchange",
         .quantity = "surface filling of the first",
         .exact = 0.9,
         .computed = after(0.0)[0],
         .bound = 1e-13,
         .note = "nothing moves"});
  std::vector<double> inverse, apart, lost;
  for (const double exchange : {1e-17, 1e-16, 1e-15}) {
    const std::vector<double> joined = after(exchange);
    inverse.push_back(1.0 / exchange);
    apart.push_back(joined[0] - joined[1]);
    lost.push_back(std::abs(joined[2] - mixed));
  }
  check_order({.name = "exchange towards infinity",
               .quantity = "difference of the two surface fillings",
               .size = inverse,
               .error = apart,
               .expected = 1.0,
               .tolerance = 0.01,
               .pairs = 2,
               .note = "flux/w: the surfaces share a filling in the limit"});
  check({.name = "exchange of 1e-15 m³/s",
         .quantity = "mean filling of both, against the start",
         .exact = 0.0,
         .computed = lost.back(),
         .bound = 1e-12,
         .note = "lithium is moved, not made"});
}

TEST(IdentityNecks, EqualParticlesHaveNothingToExchange) {
  CellSpec spec;
  spec.series_resistance = 1e8;
  spec.numerics.potential_step = Potential(4e-3);
  spec.particles = {{.radius = 25e-9}, {.radius = 25e-9}};
  NetworkSpec network;
  network.contacts = {{0, on_gold, 1e11, 5e-9}, {1, on_gold, 1e11, 5e-9}};
  wire(spec, network);
  const Trace apart = simulate(Cell(spec), cycle(0.1));
  network.necks = {{0, 1, 1e-20}};
  wire(spec, network);
  const Trace joined = simulate(Cell(spec), cycle(0.1));
  check({.name = "two equal particles with and without a neck",
         .quantity = "largest difference of the current over its peak",
         .exact = 0.0,
         .computed = difference(apart.current, joined.current),
         .bound = 1e-9,
         .note = "both paths of Newton's method stop at moves of 1e-8 RT/F"});
}

/// A strong neck between equal spheres on one potential is the same as one particle: nothing to see. Between a fed and
/// an unfed particle (behind an insulating contact) it feeds the second.
TEST(IdentityNecks, AnUnfedParticleFillsThroughItsNeckAsFastAsItsOwnContactWould) {
  CellSpec spec;
  spec.material.D = Diffusivity(1e-10);
  spec.numerics.potential_step = Potential(2e-3);
  spec.numerics.cells = 12;
  spec.numerics.grading = 1.0;
  spec.double_layer.titania = ArealCapacitance(0.0);
  spec.particles = {{.radius = 25e-9}, {.radius = 25e-9, .wetted_fraction = 0.0}};
  NetworkSpec network;
  network.contacts = {{0, on_gold, 1e9, 5e-9}, {1, on_gold, 1e9, 5e-9}};
  network.necks = {{0, 1, 1e-16}};
  wire(spec, network);
  const Trace joined = simulate(Cell(spec), cycle(0.02));
  // One mixed particle of twice the volume at the same reacting surface: half the rate constant over its fillings.
  CellSpec one = spec;
  one.wiring = nullptr;
  const double larger = 25e-9 * std::cbrt(2.0);
  one.particles = {{.radius = larger, .wetted_fraction = std::pow(25e-9 / larger, 2.0), .contact_resistance = 1e9}};
  const Trace single = simulate(Cell(one), cycle(0.02));
  check({.name = "a wet and a dry particle, mixed and with a strong neck, against one of twice the volume",
         .quantity = "largest difference of the current over its peak",
         .exact = 0.0,
         .computed = difference(single.current, joined.current),
         .bound = 1e-4,
         .note = "bound: R/(D/R) of 6e-6 s and V/w of 7e-7 s against RT/(F v) = 1.3 s"});
}

}  // namespace
}  // namespace seccm::verification
