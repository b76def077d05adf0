#include "models/pipette/ferrocene.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "models/pipette/pipette.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double kT = 298.15;
constexpr double kThermal = constants::gas * kT / constants::faraday;  // RT/F

ConeFerroceneWave wave_with(double rate_constant_over_m, double alpha = 0.5) {
  ElectrolyteParameters electrolyte;
  const ConeFerroceneWave reference({}, electrolyte, 1.1e-6, kT);
  electrolyte.ferrocene_rate_constant = Velocity(rate_constant_over_m * reference.mass_transfer_coefficient());
  electrolyte.ferrocene_transfer_coefficient = alpha;
  return {PipetteParameters{}, electrolyte, 1.1e-6, kT};
}

TEST(ConeFerroceneWave, LimitIsThatOfTheCone) {
  const PipetteParameters pipette;
  const ElectrolyteParameters electrolyte;
  const ConeFerroceneWave wave(pipette, electrolyte, 1.1e-6, kT);
  const double limit = cone_limiting_current(1.5e-10, 3.0, 0.5e-6, pipette.half_cone_angle);
  EXPECT_DOUBLE_EQ(wave.limiting_current(), limit);
  EXPECT_NEAR(wave.current(5.0), limit, 1e-12 * limit);
  EXPECT_NEAR(wave.mass_transfer_coefficient(), limit / (constants::faraday * constants::pi * 0.55e-6 * 0.55e-6 * 3.0),
              1e-15);
  // PHYSICS: 8-48 pA for 5 mM at D = 1.2e-6 cm^2/s and 1-3 um.
  ElectrolyteParameters five;
  five.ferrocene_concentration = 5e-3 * unit::mol_per_L;
  five.ferrocene_diffusivity = 1.2e-6 * unit::cm2_per_s;
  for (double diameter : {1e-6, 3e-6}) {
    PipetteParameters p;
    p.diameter = Length(diameter);
    const double i = ConeFerroceneWave(p, five, 1.1 * diameter, kT).limiting_current();
    EXPECT_GT(i, 8e-12);
    EXPECT_LT(i, 48e-12);
  }
}

TEST(ConeFerroceneWave, ReversibleWaveIsNernstian) {
  const ConeFerroceneWave wave = wave_with(1e9);
  for (double xi : {-8.0, -2.0, 0.0, 1.0, 6.0}) {
    EXPECT_NEAR(wave.current(3.25 + kThermal * xi) / wave.limiting_current(), 1.0 / (1.0 + std::exp(-xi)), 1e-7);
  }
  EXPECT_NEAR(wave.half_wave_potential(), 3.25, 1e-9);
}

TEST(ConeFerroceneWave, IsTheFormOfTheLiterature) {
  for (double k0 : {0.01, 1.0, 100.0}) {
    for (double alpha : {0.3, 0.5, 0.7}) {
      const ConeFerroceneWave wave = wave_with(k0, alpha);
      for (double xi = -20.0; xi <= 20.0; xi += 1.7) {
        // As a reduction in x = -ξ (echemtips): e^{-αx}/(m/k0 + e^{-αx} + e^{(1-α)x}).
        const double x = -xi;
        const double expected = std::exp(-alpha * x) / (1.0 / k0 + std::exp(-alpha * x) + std::exp((1.0 - alpha) * x));
        EXPECT_NEAR(wave.current(3.25 + kThermal * xi) / wave.limiting_current(), expected, 1e-11 * expected);
      }
    }
  }
}

TEST(ConeFerroceneWave, SlowKineticsShiftTheWaveAnodically) {
  const double alpha = 0.4;
  const ConeFerroceneWave wave = wave_with(1e-6, alpha);
  // ln(m/k0)/α = 34.5: the Nernst term at E1/2 is e^{-34.5}, so the totally irreversible formula is exact to 1e-15.
  EXPECT_NEAR(wave.half_wave_potential(), 3.25 + kThermal / alpha * std::log(1e6), 1e-9);
}

TEST(ConeFerroceneWave, HalfWavePotentialGivesHalfTheLimit) {
  for (double k0 : {1e-4, 0.1, 1.0, 30.0, 1e6}) {
    const ConeFerroceneWave wave = wave_with(k0, 0.6);
    EXPECT_NEAR(wave.current(wave.half_wave_potential()), 0.5 * wave.limiting_current(),
                1e-11 * wave.limiting_current());
  }
}

TEST(ConeFerroceneWave, ConductanceIsTheSlope) {
  const ConeFerroceneWave wave = wave_with(3.0);
  for (double E : {3.0, 3.2, 3.25, 3.3, 3.6}) {
    const double h = 1e-5;  // central difference: error h²/6 f''' ~ (h/25 mV)²/6 = 3e-8
    const double slope = (wave.current(E + h) - wave.current(E - h)) / (2.0 * h);
    EXPECT_NEAR(wave.conductance(E), slope, 1e-6 * wave.limiting_current() / kThermal * 0.25 + 1e-6 * slope);
  }
}

TEST(ConeFerroceneWave, StaysFiniteFarFromTheWave) {
  const ConeFerroceneWave wave = wave_with(0.5);
  for (double E : {-1000.0, -10.0, 0.0, 10.0, 1000.0}) {
    EXPECT_TRUE(std::isfinite(wave.current(E))) << E;
    EXPECT_TRUE(std::isfinite(wave.conductance(E))) << E;
    EXPECT_GE(wave.current(E), 0.0);
    EXPECT_LE(wave.current(E), wave.limiting_current());
    EXPECT_GE(wave.conductance(E), 0.0);
  }
}

TEST(ConeFerroceneWave, WithoutFerroceneThereIsNoCurrent) {
  ElectrolyteParameters none;
  none.ferrocene_concentration = Concentration(0.0);
  const ConeFerroceneWave wave({}, none, 1.1e-6, kT);
  EXPECT_EQ(wave.current(3.5), 0.0);
  EXPECT_EQ(wave.conductance(3.25), 0.0);
  EXPECT_TRUE(std::isfinite(wave.half_wave_potential()));
}

TEST(ConeFerroceneWave, BadInputSaysWhatIsAccepted) {
  const auto message = [](const PipetteParameters& p, const ElectrolyteParameters& e, double footprint,
                          double T) -> std::string {
    try {
      ConeFerroceneWave(p, e, footprint, T);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  PipetteParameters wide;
  wide.diameter = 50.0 * unit::um;
  EXPECT_THAT(message(wide, {}, 1e-6, kT), AllOf(HasSubstr("pipette.diameter = 50 um"), HasSubstr("0.05 to 5 um")));
  ElectrolyteParameters bad;
  bad.ferrocene_diffusivity = Diffusivity(-1.0);
  EXPECT_THAT(message({}, bad, 1e-6, kT), HasSubstr("electrolyte.ferrocene_diffusivity"));
  EXPECT_THAT(message({}, {}, 0.0, kT), HasSubstr("footprint diameter = 0 m"));
  EXPECT_THAT(message({}, {}, 1e-6, std::numeric_limits<double>::infinity()), HasSubstr("temperature = inf K"));
}

}  // namespace
}  // namespace seccm::models
