// Every engine under the meniscus: what the frames read is the charge of a run of the same cell and program by
// models::run_program in finer steps.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "instrument/twin/cell_runner.hpp"
#include "models/engine/engine_factory.hpp"
#include "models/engine/run_program.hpp"
#include "models/network/network_wiring.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {
namespace {

struct Electrode {
  const char* name;
  models::CellSpec cell;
  std::optional<models::ElectrolyteSpec> liquid;
};

models::CellSpec two_particles() {
  models::CellSpec spec;
  spec.particles = {{.radius = 10e-9, .contact_resistance = 1e9}, {.radius = 12e-9, .contact_resistance = 1e10}};
  spec.series_resistance = 4e6;
  return spec;
}

models::CellSpec of_variable_D() {
  models::CellSpec spec = two_particles();
  spec.material.diffusion = models::DiffusionKind::exponential;
  spec.material.D_exponent = -4.0;
  return spec;
}

models::CellSpec of_phase_fields() {
  models::CellSpec spec = two_particles();
  spec.model = models::ParticleModel::cahn_hilliard;
  return spec;
}

/// One particle on the gold, the other behind it: dry, filled through the neck alone.
models::CellSpec of_a_network() {
  models::CellSpec spec = two_particles();
  spec.particles[1].wetted_fraction = 0.0;
  models::NetworkSpec network;
  network.contacts = {{0, models::on_gold, 1e9, 2e-9}, {0, 1, 1e9, 2e-9}};
  network.necks = {{0, 1, 1e-24}};
  network.conductivity = {.limited = true, .pristine = 1e-6, .lithiated = 1.0, .full_filling = 0.2};
  spec.wiring = std::make_shared<const models::NetworkWiringModel>(network, spec.material.c_max.si());
  return spec;
}

models::ElectrolyteSpec cone() {
  models::ElectrolyteParameters electrolyte;
  electrolyte.salt.transport = models::SaltTransport::cone;
  return models::assemble_electrolyte(electrolyte, {}, {}, 298.15, first_hold_step);
}

std::vector<Electrode> electrodes() {
  models::CellSpec under_liquid = two_particles();
  under_liquid.series_resistance = 0.0;
  return {{"D(y)", of_variable_D(), {}},
          {"phase field", of_phase_fields(), {}},
          {"network", of_a_network(), {}},
          {"liquid", under_liquid, cone()}};
}

models::Qrce still_reference() {
  models::QrceParameters p;
  p.spread = 0.0 * unit::V;
  p.drift = 0.0 * unit::V_per_s;
  p.random_walk = {};
  return {p, 1};
}

constexpr double rate = 0.5, window = 1.4;  // V/s, V

/// Charge at every 20 mV of a sweep down and up again.
std::vector<double> read_by_frames(const Electrode& e, double top, double step) {
  const models::Qrce qrce = still_reference();
  models::CellSpec spec = e.cell;
  spec.numerics.potential_step = step * unit::V;
  spec.numerics.fastest_scan_rate = rate * unit::V_per_s;
  CellRunner runner(models::make_engine(spec, e.liquid, top, 1.0),
                    {.numerics = spec.numerics, .x_max = spec.material.x_max}, qrce, 0.0, top - qrce.offset(0.0));
  std::vector<double> charge;
  double t = 0.0, E = top - qrce.offset(0.0);
  for (const double slope : {-rate, rate}) {
    runner.begin_leg(t, E, slope, window / rate);
    for (int k = 1; k <= 70; ++k) charge.push_back(runner.charge(t + k * 0.02 / rate));
    t += window / rate;
    E += slope * window / rate;
  }
  EXPECT_NEAR(charge.back(), runner.engine().charge().total, 1e-9 * std::abs(charge.front()) + 1e-24) << e.name;
  return charge;
}

std::vector<double> read_by_program(const Electrode& e, double top, double step) {
  models::CellSpec spec = e.cell;
  spec.numerics.potential_step = step * unit::V;
  spec.numerics.fastest_scan_rate = rate * unit::V_per_s;
  const auto engine = models::make_engine(spec, e.liquid, top, 1.0);
  const sim::Waveform program = sim::Waveform::at(top).ramp_to(top - window, rate).ramp_to(top, rate);
  const models::Trace trace = models::run_program(*engine, program, spec.numerics);
  std::vector<double> charge;
  const auto every = static_cast<std::size_t>(std::lround(0.02 / step));
  for (std::size_t k = every; k < trace.size(); k += every) charge.push_back(trace.charge[k]);
  return charge;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) most = std::max(most, std::abs(a[k] - b[k]));
  return most;
}

TEST(EnginesUnderTheMeniscus, FramesReadTheChargeOfTheSameCellInAProgram) {
  constexpr double top = 2.6;
  for (const Electrode& e : electrodes()) {
    const auto frames = read_by_frames(e, top, 1e-3);
    const auto program = read_by_program(e, top, 1e-3), fine = read_by_program(e, top, 0.25e-3);
    ASSERT_EQ(frames.size(), program.size()) << e.name;
    const double passed =
        *std::max_element(fine.begin(), fine.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    EXPECT_GT(std::abs(passed), 1e-16) << e.name;
    // Both take the same formula in the same steps; they differ in how they begin behind a corner, by no more than the
    // steps are off at all: of second order, 16/15 of what steps a quarter as long differ by, for each of the two.
    const double steps = 16.0 / 15.0 * largest_difference(program, fine);
    EXPECT_LE(largest_difference(frames, fine), 2.0 * steps + 1e-9 * std::abs(passed)) << e.name;
  }
}

TEST(EnginesUnderTheMeniscus, KeepTheFillingOfEveryParticle) {
  for (const Electrode& e : electrodes()) {
    const auto engine = models::make_engine(e.cell, e.liquid, 2.6, 0.25);
    EXPECT_EQ(engine->water_left(), 0.25) << e.name;
    EXPECT_EQ(engine->mean_filling().size(), e.cell.particles.size()) << e.name;
    const double before = engine->lithium();
    engine->follow(2.6, 1.4, 0.01, 240, true, [](const models::CellReading&) {});
    // -F dN is the charge of intercalation, to the round-off of 240 additions.
    const double moved = -constants::faraday * (engine->lithium() - before);
    EXPECT_NEAR(engine->charge().intercalation, moved, 1e-12 * std::abs(moved)) << e.name;
    double stored = 0.0;
    const auto filling = engine->mean_filling();
    for (std::size_t k = 0; k < filling.size(); ++k) {
      EXPECT_GT(filling[k], 0.01) << e.name << ", particle " << k;
      stored += filling[k] * 4.0 / 3.0 * constants::pi * std::pow(e.cell.particles[k].radius, 3);
    }
    EXPECT_NEAR(stored * e.cell.material.c_max.si(), engine->lithium(), 1e-9 * engine->lithium()) << e.name;
  }
}

}  // namespace
}  // namespace seccm::instrument::twin
