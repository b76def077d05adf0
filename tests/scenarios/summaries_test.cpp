// What a terminal and --json say of a voltammogram and of an ensemble, from numbers that are put in by hand.
#include <gtest/gtest.h>

#include "jobs/ensemble.hpp"
#include "jobs/simulate.hpp"
#include "sim/quantity.hpp"

namespace seccm::scenarios {
namespace {

// 3e-20 mol of 5e-20 leave the particles, known to 1e-21 mol. The liquid carries what is not stray: 40 of 50 pA through
// 2 GOhm, whatever their sign.
TEST(Summary, OfAVoltammogramIsInChargesOfTheParticlesAndDropsOfTheLiquid) {
  jobs::Simulation run;
  models::Trace& t = run.trace;
  t.time = {2.0, 3.0, 4.5};
  t.charge = {0.0, 1e-12, 7e-12};
  t.charge_error = 2e-13;
  t.lithium = {5e-20, 6e-20, 2e-20};
  t.lithium_error = 1e-21;
  t.components.resize(3);
  t.components[1].total = -50e-12;
  t.components[1].stray = -10e-12;
  t.components[2].total = 30e-12;
  t.components[2].stray = -5e-12;
  t.liquid.resize(3);
  for (models::LiquidRow& row : t.liquid) row.series_resistance = 2e9;
  t.liquid[0].concentration = 900.0;
  t.liquid[1].concentration = 1200.0;
  t.liquid[2].concentration = 1000.0;
  t.liquid[1].nernst_potential = -8e-3;
  t.liquid[1].diffusion_potential = 3e-3;
  run.error = 1e-4;
  const jobs::TraceSummary s = jobs::summarise(run);
  EXPECT_EQ(s.rows, 3U);
  EXPECT_DOUBLE_EQ(s.duration, 2.5);
  EXPECT_DOUBLE_EQ(s.charge, 7e-12);
  EXPECT_DOUBLE_EQ(s.charge_error, 2e-13);
  EXPECT_NEAR(s.lithium_charge / (constants::faraday * 3e-20), 1, 1e-12);
  EXPECT_NEAR(s.lithium_error / (constants::faraday * 1e-21), 1, 1e-12);
  EXPECT_DOUBLE_EQ(s.relative_error, 1e-4);
  EXPECT_TRUE(s.liquid.present);
  EXPECT_DOUBLE_EQ(s.liquid.lowest_salt, 900.0);
  EXPECT_DOUBLE_EQ(s.liquid.highest_salt, 1200.0);
  EXPECT_NEAR(s.liquid.ohmic_drop, 80e-3, 1e-12);
  EXPECT_NEAR(s.liquid.concentration_potential, 5e-3, 1e-15);
}

// Five cells: medians are those of the third, and two bounds of five are within 0.2. E0 is no number that compares with
// a limit.
TEST(Summary, OfAnEnsembleHasMediansAndSharesOfItsCells) {
  Scenario scenario;
  scenario.ensemble.measurable_below = 0.2;
  jobs::EnsembleResult result;
  result.E_vs_Li.resize(7);
  result.survey.unknowns = {"D", "E0"};
  const double order[] = {4, 1, 5, 2, 3};
  for (const double k : order) {
    models::EnsembleMember m;
    m.peak_cathodic_current = -1e-12 * k;
    m.peak_cathodic_potential = 1.5 + 0.01 * k;
    m.peak_anodic_current = 2e-12 * k;
    m.peak_anodic_potential = 1.9 + 0.01 * k;
    m.bounds = {0.1 * k, 0.01};
    result.survey.members.push_back(m);
  }
  const jobs::EnsembleSummary s = jobs::summarise(scenario, result);
  EXPECT_EQ(s.cells, 5U);
  EXPECT_EQ(s.rows, 7U);
  EXPECT_DOUBLE_EQ(s.median_peak_cathodic_current, -3e-12);
  EXPECT_DOUBLE_EQ(s.median_peak_cathodic_potential, 1.53);
  EXPECT_DOUBLE_EQ(s.median_peak_anodic_current, 6e-12);
  EXPECT_DOUBLE_EQ(s.median_peak_anodic_potential, 1.93);
  ASSERT_EQ(s.unknowns.size(), 1U);
  EXPECT_EQ(s.unknowns[0].name, "D");
  EXPECT_NEAR(s.unknowns[0].median_bound, 0.3, 1e-12);
  EXPECT_DOUBLE_EQ(s.unknowns[0].measurable, 0.4);
}

}  // namespace
}  // namespace seccm::scenarios
