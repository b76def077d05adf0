// Legal cells at the far ends of their ranges, which a solver must neither refuse nor get wrong: each against the other
// engine at a tight tolerance, or against an identity.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "jobs/simulate.hpp"
#include "models/reference/reference_simulate.hpp"
#include "scenarios/scenario.hpp"
#include "sim/quantity.hpp"

namespace seccm::scenarios {
namespace {

using Settings = std::vector<std::string>;

Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

models::Trace run_plain(const Settings& settings) {
  return jobs::simulate(parse_scenario("name = \"b\"\njob = \"simulate\"\n", "plain", settings)).trace;
}

jobs::Simulation measured(const std::string& name, const Settings& settings) {
  return jobs::simulate(
      load_scenario(std::filesystem::path(SECCM_SOURCE_DIR) / "scenarios" / (name + ".toml"), settings));
}

models::Trace run_named(const std::string& name, const Settings& settings) {
  return measured(name, settings).trace;
}

double largest(const models::Trace& trace) {
  double most = 0.0;
  for (const double i : trace.current) most = std::max(most, std::abs(i));
  return most;
}

/// Over the largest current, rows from `first` on.
double difference(const models::Trace& a, const models::Trace& b, std::size_t first = 1) {
  EXPECT_EQ(a.size(), b.size());
  double most = 0.0;
  for (std::size_t k = first; k < a.size(); ++k) {
    const double d = std::abs(a.current[k] - b.current[k]);
    if (!(d <= most)) most = d;
  }
  return most / largest(b);
}

double lithium_charge(const models::Trace& trace) {
  return constants::faraday * (trace.lithium.front() - trace.lithium.back());
}

/// (h F/RT)²/3: what BDF2 in steps of h leaves of a wave that no resistance spreads, at 25 °C in steps of 1 mV.
constexpr double wave_in_steps = 1.517e-3 / 3.0;

const Settings two_with_a_neck{"material.law=frumkin",
                               "material.D=3.05e-13 cm^2/s",
                               "material.k0=1.97e-08 cm/s",
                               "material.alpha=0.143",
                               "material.E0=1.52 V",
                               "material.g=-3.980",
                               "cell.geometry=sphere",
                               "cell.radius=25 nm",
                               "cell.particles=2",
                               "cell.wetted_fraction=0.050",
                               "cell.contact_resistance=0 Ohm",
                               "cell.series_resistance=0 Ohm",
                               "cell.gold_area=0 um^2",
                               "double_layer.titania=571 uF/cm^2",
                               "cell.temperature=273 K",
                               "program.start=2.949 V",
                               "program.vertex1=0.708 V",
                               "program.vertex2=2.032 V",
                               "program.scan_rates=[\"1.11 V/s\"]",
                               "cluster.particles=packed",
                               "cluster.wiring=network",
                               "cluster.isolated=drop",
                               "sample.dead_fraction=0",
                               "sample.contact_resistance=3.95e+09 Ohm",
                               "sample.contact_resistance_sigma=1.2",
                               "cluster.conduction=unlimited",
                               "cluster.neck_share=0.50",
                               "cluster.neck_diffusivity=5e-16 cm^2/s",
                               "seed=46"};

TEST(LegalInput, LithiumOfTwoParticlesWithANeckConvergesInTheStep) {
  // 2.809208 fC by the reference engine. The sharp wave (1 + g/4 = 0.005) is far narrower than 1 mV in potential, but
  // kinetics and contacts spread it over tenths of a volt: the second order of the steps shows.
  const double exact = lithium_charge(
      run_plain(with(two_with_a_neck, {"numerics.engine=reference", "numerics.tolerance=1e-4", "numerics.cells=60"})));
  // The mesh of all runs here is one of 60 cells, which leaves 6e-4 (sim/radial_mesh.hpp).
  EXPECT_NEAR(exact, -2.809208e-15, 6e-4 * 2.809208e-15);
  const auto error_in = [&](const char* step) {
    const Settings steps{"numerics.engine=fast", "numerics.step=fixed", "numerics.cells=60",
                         std::string("numerics.potential_step=") + step};
    return std::abs(lithium_charge(run_plain(with(two_with_a_neck, steps))) / exact - 1.0);
  };
  const double coarse = error_in("2 mV"), fine = error_in("0.5 mV");
  EXPECT_LT(coarse, 1e-4);
  EXPECT_LT(fine, 0.25 * coarse);
  const Settings adaptive{"numerics.engine=fast", "numerics.step=adaptive", "numerics.cells=60",
                          "numerics.tolerance=3e-4"};
  EXPECT_NEAR(lithium_charge(run_plain(with(two_with_a_neck, adaptive))) / exact, 1.0, 1e-3);
}

TEST(LegalInput, NecksWithoutADoubleLayerFarAboveTheWaveAreSolved) {
  const Settings bare{"double_layer.titania=0 uF/cm^2", "program.start=4 V"};
  const models::Trace fast = run_named("necks_pair", bare);
  const models::Trace exact = run_named("necks_pair", with(bare, {"numerics.engine=reference"}));
  EXPECT_LT(difference(fast, exact), wave_in_steps);
}

TEST(LegalInput, SpreadingGoldBehindAGigaohmIsAPartOfTheCircuit) {
  // Rows behind the turns hold a response of R C = 0.1 to 30 ms that steps of 20 ms do not resolve: the peaks, and one
  // row in the middle of each sweep, are compared. Steps of 2 mV: four times what 1 mV leave.
  const auto expect_equal = [](const char* law, const char* R) {
    const Settings settings{std::string("electrolyte.spreading=") + law, std::string("cell.series_resistance=") + R,
                            "program.cycles=1", "numerics.potential_step=2 mV"};
    const jobs::Simulation fast_run = measured("electrolyte_cone", settings);
    const jobs::Simulation exact_run = measured("electrolyte_cone", with(settings, {"numerics.engine=reference"}));
    const models::Trace &fast = fast_run.trace, &exact = exact_run.trace;
    const jobs::TraceSummary found = jobs::summarise(fast_run), wanted = jobs::summarise(exact_run);
    const double bound = 4.0 * wave_in_steps;
    EXPECT_NEAR(found.cathodic.current / wanted.cathodic.current, 1.0, bound) << law << " " << R;
    EXPECT_NEAR(found.anodic.current / wanted.anodic.current, 1.0, bound) << law << " " << R;
    for (const std::size_t row : {500U, 1500U}) {
      EXPECT_NEAR(fast.current[row], exact.current[row], bound * largest(exact)) << law << " " << R;
    }
  };
  expect_equal("power", "1e9 Ohm");
  expect_equal("exponential", "3e10 Ohm");
}

TEST(LegalInput, AFilmOverAHalfFilledParticleIsDischargedAlikeByBothEngines) {
  // The start is a jump by 1.2 V: steps of 20 ms do not follow its first tenths of a second.
  const Settings filmed{"material.film_resistance=0.01 Ohm m^2", "cell.initial_filling=0.5",
                        "double_layer.titania=0 uF/cm^2"};
  const models::Trace fast = run_plain(with(filmed, {"numerics.engine=fast"}));
  const models::Trace exact = run_plain(with(filmed, {"numerics.engine=reference"}));
  EXPECT_LT(difference(fast, exact, 100), wave_in_steps);
  EXPECT_NEAR(fast.charge.back() / exact.charge.back(), 1.0, 1e-5);
}

const Settings filmed_small_particle{"material.D=1.35e-12 cm^2/s",
                                     "material.k0=2.65e-06 cm/s",
                                     "material.alpha=0.264",
                                     "material.E0=2.17 V",
                                     "cell.geometry=sphere",
                                     "cell.radius=10.7 nm",
                                     "cell.wetted_fraction=0.050",
                                     "cell.contact_resistance=0 Ohm",
                                     "cell.series_resistance=5.21e+09 Ohm",
                                     "cell.gold_area=0 um^2",
                                     "double_layer.titania=62.2 uF/cm^2",
                                     "cell.temperature=273 K",
                                     "program.start=3.981 V",
                                     "program.vertex1=1.318 V",
                                     "program.vertex2=3.981 V",
                                     "program.scan_rates=[\"0.909 V/s\"]",
                                     "material.film_resistance=0.155 Ohm m^2",
                                     "surface_redox.enabled=true",
                                     "surface_redox.g=0.00",
                                     "surface_redox.rate=39.3 1/s",
                                     "surface_redox.E0=1.90 V"};

TEST(LegalInput, ADiffusivityThatDependsOnTheFillingStartsFromAnyFilling) {
  // The thermodynamic factor of the ideal lattice gas is 1: the solver of D(y) has to give what that of one D gives,
  // to what Newton's method leaves (moves of 1e-8) in some hundred steps.
  for (const char* filling : {"0", "0.5", "1"}) {
    const Settings start =
        with(filmed_small_particle, {std::string("cell.initial_filling=") + filling, "numerics.engine=fast"});
    const models::Trace one_D = run_plain(with(start, {"material.diffusion=single"}));
    EXPECT_LT(difference(run_plain(with(start, {"material.diffusion=thermodynamic"})), one_D), 1e-6) << filling;
  }
}

TEST(LegalInput, TheReferenceEngineStartsFromAnyFillingBehindAFilm) {
  for (const char* filling : {"0.5", "1"}) {
    const Settings start =
        with(filmed_small_particle, {std::string("cell.initial_filling=") + filling, "material.diffusion=exponential",
                                     "material.D_exponent=4", "numerics.tolerance=2e-4"});
    const models::Trace fast = run_plain(with(start, {"numerics.engine=fast"}));
    const models::Trace exact = run_plain(with(start, {"numerics.engine=reference"}));
    EXPECT_LT(difference(fast, exact), wave_in_steps) << filling;
  }
}

TEST(LegalInput, ALongRestCostsTheReferenceEngineAFewSteps) {
  // 10 000 s before 100 V/s: steps of the sweep's 0.05 V would be 2e7. An empty particle far above its wave does not
  // change at rest, so that the sweep is that without a rest.
  const Settings fast_sweep{"numerics.engine=reference", "numerics.tolerance=1e-5", "program.scan_rates=[\"100 V/s\"]"};
  for (const char* R : {"0 Ohm", "1e8 Ohm"}) {
    const Settings settings = with(fast_sweep, {std::string("cell.series_resistance=") + R});
    const models::Trace rested = run_plain(with(settings, {"program.rest=10000 s", "numerics.hold_step=10 s"}));
    const models::Trace at_once = run_plain(settings);
    ASSERT_EQ(rested.size(), at_once.size() + 1000);
    for (std::size_t k = 1; k < at_once.size(); ++k) {
      EXPECT_NEAR(rested.current[k + 1000], at_once.current[k],
                  rested.current_error[k + 1000] + at_once.current_error[k])
          << R << ", row " << k;
    }
  }
}

TEST(LegalInput, TheReferenceEngineHoldsASharpSurfaceRedoxBehindAResistanceToItsTolerance) {
  // At 200 K the sites of g = -3.9 fill within a millivolt, and what they miss then stays in the charge. 1e-7 of a
  // filling per step, through some hundred steps: 1e-5.
  const Settings sharp{"material.law=frumkin",
                       "material.D=6.7e-17 cm^2/s",
                       "material.k0=1.86e-12 cm/s",
                       "material.alpha=0.770",
                       "material.E0=1.70 V",
                       "material.g=-3.684",
                       "cell.geometry=slab",
                       "cell.radius=661 nm",
                       "cell.area=48.8 um^2",
                       "cell.contact_resistance=4.49e+09 Ohm",
                       "cell.series_resistance=8.19e+10 Ohm",
                       "cell.gold_area=11.1 um^2",
                       "double_layer.titania=56.1 uF/cm^2",
                       "double_layer.gold=48.6 uF/cm^2",
                       "cell.temperature=200 K",
                       "program.start=3.894 V",
                       "program.vertex1=0.138 V",
                       "program.vertex2=3.894 V",
                       "program.scan_rates=[\"0.483 V/s\"]",
                       "surface_redox.enabled=true",
                       "surface_redox.g=-3.90",
                       "surface_redox.E0=2.32 V",
                       "numerics.engine=reference",
                       "numerics.potential_step=5 mV"};
  const models::Trace exact = run_plain(with(sharp, {"numerics.tolerance=1e-7"}));
  EXPECT_LT(difference(run_plain(with(sharp, {"numerics.tolerance=1e-4"})), exact), 1e-5);
  EXPECT_LT(difference(run_plain(with(sharp, {"numerics.tolerance=1e-6"})), exact), 1e-7);
}

struct LegalCell {
  const char* name;
  double agreement;  ///< of the lithium that has passed, relative
  Settings settings;
};

std::ostream& operator<<(std::ostream& out, const LegalCell& cell) {
  return out << cell.name;
}

class LegalCells : public testing::TestWithParam<LegalCell> {};

TEST_P(LegalCells, PassTheSameLithiumInBothEngines) {
  // Second order in steps that resolve all but the first moments of a jump: 1e-4; a sharp wave or a start in full
  // discharge 5e-4.
  const LegalCell& cell = GetParam();
  const double fast = lithium_charge(run_plain(with(cell.settings, {"numerics.engine=fast"})));
  const double exact = lithium_charge(run_plain(with(cell.settings, {"numerics.engine=reference"})));
  EXPECT_NEAR(fast / exact, 1.0, cell.agreement);
}

INSTANTIATE_TEST_SUITE_P(
    Drawn, LegalCells,
    testing::Values(
        LegalCell{"ContactsThatConductAsTheirParticlesFillFarAboveTheWave",
                  1e-4,
                  {"material.law=frumkin",
                   "material.g=-2.360",
                   "material.D=1.09e-15 cm^2/s",
                   "material.k0=6.34e-4 cm/s",
                   "material.alpha=0.468",
                   "material.E0=2.33 V",
                   "material.diffusion=exponential",
                   "material.D_exponent=-7.10",
                   "cell.radius=249 nm",
                   "cell.particles=12",
                   "cell.initial_filling=0.656",
                   "cell.series_resistance=4.22e10 Ohm",
                   "cell.gold_area=4.07 um^2",
                   "double_layer.titania=3.49e-05 uF/cm^2",
                   "cell.temperature=200 K",
                   "program.start=4.109 V",
                   "program.vertex1=0.395 V",
                   "program.vertex2=2.236 V",
                   "program.scan_rates=[\"5.38 V/s\"]",
                   "cluster.particles=packed",
                   "cluster.wiring=network",
                   "cluster.isolated=drop",
                   "sample.dead_fraction=0",
                   "seed=19",
                   "sample.contact_resistance=6.34e7 Ohm",
                   "sample.contact_resistance_sigma=2.48",
                   "cluster.conduction=lithiation",
                   "numerics.potential_step=4 mV"}},
        LegalCell{"FullParticlesWithNecksBehindPoorContacts",
                  1e-4,
                  {"material.law=anatase_plateau",
                   "material.plateau_solubility=0.01347",
                   "material.k0=0.00157 cm/s",
                   "material.alpha=0.342",
                   "material.E0=2.08 V",
                   "material.D=1e-12 cm^2/s",
                   "cell.radius=28.5 nm",
                   "cell.particles=4",
                   "cell.initial_filling=1",
                   "cell.series_resistance=1.57e9 Ohm",
                   "cell.temperature=400 K",
                   "program.start=4.449 V",
                   "program.vertex1=1.262 V",
                   "program.vertex2=3.067 V",
                   "program.scan_rates=[\"4.39 V/s\"]",
                   "numerics.potential_step=2 mV",
                   "cluster.particles=packed",
                   "cluster.wiring=network",
                   "cluster.isolated=drop",
                   "sample.dead_fraction=0",
                   "seed=27",
                   "sample.contact_resistance=5.9e11 Ohm",
                   "sample.contact_resistance_sigma=1",
                   "cluster.neck_share=1",
                   "cluster.neck_diffusivity=2.13e-17 cm^2/s"}},
        LegalCell{"AFilmBehindLittleResistanceAndNoDoubleLayerOfTheGold",
                  1e-4,
                  {"material.D=9.71e-12 cm^2/s",
                   "material.k0=3.22e-4 cm/s",
                   "material.kinetics=marcus_hush_chidsey",
                   "material.alpha=0.5",
                   "material.reorganisation_energy=1.7 eV",
                   "material.E0=2.14 V",
                   "material.film_resistance=4.36e-4 Ohm m^2",
                   "cell.geometry=slab",
                   "cell.radius=69.9 nm",
                   "cell.area=0.107 um^2",
                   "cell.initial_filling=0.672",
                   "cell.wetted_fraction=0.05",
                   "cell.series_resistance=141 Ohm",
                   "cell.gold_area=1.88 um^2",
                   "double_layer.titania=5.53e-4 uF/cm^2",
                   "double_layer.gold=0 uF/cm^2",
                   "program.kind=hold",
                   "program.start=1.836 V",
                   "program.vertex1=0.300 V",
                   "program.hold_time=1.83 ms",
                   "numerics.hold_step=2.8 us"}},
        LegalCell{"AHalfFilledParticleOfFastDiffusion",
                  1e-4,
                  {"cell.initial_filling=0.5", "material.k0=1.33e-8 cm/s", "material.D=2.8e-10 cm^2/s",
                   "program.start=4.4 V", "material.alpha=0.8"}},
        LegalCell{
            "ATransitionTimeAtRest",
            5e-4,
            {"material.D=1.12e-10 cm^2/s", "material.k0=1.84e4 cm/s", "material.alpha=0.604", "material.E0=1.57 V",
             "cell.geometry=slab", "cell.radius=31.8 nm", "cell.area=7.09 um^2", "cell.initial_filling=0.174",
             "cell.series_resistance=1.72e8 Ohm", "cell.gold_area=84.2 um^2", "double_layer.titania=1.97e-5 uF/cm^2",
             "double_layer.gold=7.6e-4 uF/cm^2", "cell.temperature=273 K", "program.kind=hold", "program.start=3 V",
             "program.vertex1=0.256 V", "program.hold_time=1 s", "program.rest=0.211 s", "numerics.hold_step=1 ms"}},
        LegalCell{"AFilmOverADiffusivityThatFallsByFiveDecades",
                  5e-4,
                  {"material.D=6.33e-9 cm^2/s",
                   "material.k0=1.63e-5 cm/s",
                   "material.alpha=0.660",
                   "material.E0=1.99 V",
                   "material.diffusion=exponential",
                   "material.D_exponent=-12.94",
                   "material.film_resistance=0.612 Ohm m^2",
                   "cell.geometry=cylinder",
                   "cell.radius=10.9 nm",
                   "cell.area=2.25 um^2",
                   "cell.wetted_fraction=0.05",
                   "cell.contact_resistance=4.96e8 Ohm",
                   "cell.series_resistance=1290 Ohm",
                   "surface_redox.enabled=true",
                   "surface_redox.g=0",
                   "surface_redox.E0=2.06 V",
                   "program.kind=hold",
                   "program.start=3 V",
                   "program.vertex1=1.086 V",
                   "program.hold_time=2.01 s",
                   "numerics.hold_step=5 ms"}},
        LegalCell{"ARepulsiveIsothermNearlyFullAt200K",
                  1e-4,
                  {"material.law=frumkin", "material.g=3.718", "material.D=1.18e-14 cm^2/s", "material.k0=4.22e-4 cm/s",
                   "material.alpha=0.495", "material.E0=1.26 V", "cell.radius=217 nm", "cell.initial_filling=0.932",
                   "cell.wetted_fraction=0.64", "double_layer.titania=0 uF/cm^2", "cell.temperature=200 K",
                   "program.start=3.548 V", "program.vertex1=0.704 V", "program.vertex2=2.662 V",
                   "program.scan_rates=[\"0.295 V/s\"]", "numerics.potential_step=2 mV"}}),
    [](const testing::TestParamInfo<LegalCell>& cell) { return std::string(cell.param.name); });

}  // namespace
}  // namespace seccm::scenarios
