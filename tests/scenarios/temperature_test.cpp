// One temperature from the scenario to the verdict, off 25 degrees.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "jobs/simulate.hpp"
#include "jobs/twin_truth.hpp"
#include "pipeline/analysis/randles_sevcik.hpp"
#include "pipeline/validation/true_values.hpp"
#include "scenarios/scenario.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

using Settings = std::vector<std::string>;

TEST(OneTemperature, OfTheAnalystIsThatOfTheCellUnlessStated) {
  EXPECT_EQ(parse_scenario("", "a", Settings{"tip.temperature=320 K"}).analysis.temperature.si(), 320.0);
  EXPECT_EQ(parse_scenario("", "a", Settings{"tip.temperature=320 K", "analysis.temperature=300 K"})
                .analysis.temperature.si(),
            300.0);
  EXPECT_EQ(parse_scenario("", "a").analysis.temperature.si(), parse_scenario("", "a").twin.tip.temperature.si());
}

TEST(OneTemperature, TheTrueSlopeIsTheOneThatTheAnalystTurnsBackIntoD) {
  for (const char* kelvin : {"280 K", "298.15 K", "320 K", "380 K"}) {
    const Scenario scenario = parse_scenario("", "a", Settings{std::string("tip.temperature=") + kelvin});
    const test::ScratchDirectory folder;
    validation::write_truth(folder / "t.h5", jobs::truth_of(scenario, {}));
    const validation::Truth truth = validation::read_truth(folder / "t.h5");
    EXPECT_EQ(truth.temperature, scenario.twin.tip.temperature.si());
    const double area = 2e-12, D = truth.D_intercalation;
    // Both are eq. 3 with the printed 0.4958; round-off of a square and a root.
    const double back = analysis::diffusivity(analysis::WaveLaw::irreversible, validation::eq3_slope(truth, area, D),
                                              area, scenario.analysis);
    EXPECT_NEAR(back, D, 1e-12 * D) << kelvin;
  }
}

TEST(OneTemperature, ReachesTheWaveOfACell) {
  // 0.446295 F A C sqrt(D F v/RT) at E0 - 1.109 RT/F, with D = R^2 F v/(R_g T w): bounds as in verification_test.cpp.
  const auto path = std::filesystem::path(SECCM_SOURCE_DIR) / "scenarios/verification/planar_reversible.toml";
  const jobs::TraceSummary warm =
      jobs::summarise(jobs::simulate(load_scenario(path, Settings{"cell.temperature=320 K"})));
  EXPECT_NEAR(-warm.cathodic.current / (0.502802e-12 * 298.15 / 320.0), 1.0, 1e-3);
  EXPECT_NEAR(warm.cathodic.E_vs_Li, 2.0 - 0.028492 * 320.0 / 298.15, 1e-3);
}

}  // namespace
}  // namespace seccm::scenarios
