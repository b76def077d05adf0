// A scan of one point on every engine: measured, analysed blind, judged against the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "files/results_file.hpp"
#include "jobs/judgement.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "scenarios/scenario.hpp"
#include "sim/quantity.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

using Settings = std::vector<std::string>;
using testing::HasSubstr;

struct SampleKind {
  const char* name;
  Settings settings;
  const char* meaning_of_D;
};

void PrintTo(const SampleKind& kind, std::ostream* out) {
  *out << kind.name;
}

Settings one_point(Settings more) {
  Settings all{"scan.points=1",
               "scan.blanks=0",
               "cv.cycles=1",
               "cv.scan_rates=[\"200 mV/s\"]",
               "cv.start=3.0 V",
               "sample.cluster_size_median=40",
               "sample.cluster_size_sigma=0.2"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

class ScanOnEngines : public testing::TestWithParam<SampleKind> {};

TEST_P(ScanOnEngines, IsMeasuredAnalysedAndJudged) {
  const auto path = std::filesystem::path(SECCM_SOURCE_DIR) / "tests/kill/short.toml";
  const Scenario scenario = load_scenario(path, one_point(GetParam().settings));
  const test::ScratchDirectory folder;
  const jobs::FinishedRun finished =
      jobs::execute({.label = "", .scenario = scenario, .directory = {folder.path()}}, {});
  EXPECT_EQ(finished.scan.outcome.ending, scan::Ending::complete) << finished.scan.outcome.message;
  ASSERT_TRUE(finished.analysed);

  const validation::Truth truth = validation::read_truth(finished.plan.directory.truth());
  EXPECT_THAT(truth.D_meaning, HasSubstr(GetParam().meaning_of_D));
  const auto landing = std::ranges::find_if(truth.landings, [](const auto& l) { return l.wetted_particles > 0; });
  ASSERT_NE(landing, truth.landings.end());
  EXPECT_GT(landing->x_max, 0.05);
  // What a sweep passes: the lithium that moved, of which the baseline may cut a tenth; on top come both double layers
  // over the window of 2 V and the trace water of the gold.
  const double lithium = constants::faraday * truth.c_max / truth.x_max * landing->wetted_volume * landing->x_max;
  const auto& layer = scenario.twin.double_layer;
  const double layers = 2.0 * (layer.titania.si() * landing->wetted_area + layer.gold.si() * landing->gold_area);
  const double water = scenario.twin.water_reduction.charge.si() * landing->gold_area;
  const files::Results results = files::read_results(finished.plan.directory.results());
  const auto charge = std::ranges::find_if(
      results.estimates, [](const files::Estimate& e) { return e.estimator == "charge_total" && e.direction < 0; });
  ASSERT_NE(charge, results.estimates.end());
  EXPECT_GT(std::abs(charge->value), 0.9 * lithium);
  EXPECT_LT(std::abs(charge->value), lithium + layers + water);

  const jobs::Judgement judgement = jobs::judge(std::vector<jobs::FinishedRun>{finished}, false);
  EXPECT_FALSE(judgement.summaries.front().estimators.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ScanOnEngines,
    testing::Values(SampleKind{"PhaseField", {"particle.model=cahn_hilliard"}, "mobility of a phase field"},
                    SampleKind{"VariableD", {"material.diffusion=exponential", "material.D_exponent=-4"}, "Crank"},
                    SampleKind{"Network",
                               {"cluster.wiring=network", "cluster.conduction=lithiation", "cluster.neck_share=0.5",
                                "cluster.conductivity_pristine=0.01 S/m"},
                               "one D"},
                    SampleKind{"Liquid", {"electrolyte.transport=cone"}, "one D"}),
    [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace seccm::scenarios
