// What passes between the boxes of a scan and its judgement: the truth that estimates are held against, the array that
// a smart scan is compared with, the keys that go on to the runs of a campaign, and the limits of every key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "config/parameter_text.hpp"
#include "instrument/twin/truth.hpp"
#include "jobs/campaign.hpp"
#include "jobs/judgement.hpp"
#include "jobs/twin_truth.hpp"
#include "scenarios/consistency.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Keys = std::vector<std::string>;

Scenario set(const Keys& keys) {
  return parse_scenario("", "x.toml", keys);
}

std::string said_of(const Keys& keys) {
  try {
    require_consistent(set(keys));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TruthOfAScan, HasADiffusivityPerDirectionWhereTheMaterialHas) {
  const Keys both{"material.D_intercalation=2e-13 cm^2/s", "material.D_deintercalation=7e-13 cm^2/s",
                  "material.D=5e-13 cm^2/s"};
  Keys single = both, per_direction = both;
  single.emplace_back("material.diffusion=single");
  per_direction.emplace_back("material.diffusion=per_direction");
  const validation::Truth one = jobs::truth_of(set(single), {}), two = jobs::truth_of(set(per_direction), {});
  EXPECT_DOUBLE_EQ(one.D_intercalation, 5e-17);
  EXPECT_DOUBLE_EQ(one.D_deintercalation, 5e-17);
  EXPECT_DOUBLE_EQ(two.D_intercalation, 2e-17);
  EXPECT_DOUBLE_EQ(two.D_deintercalation, 7e-17);
}

TEST(TruthOfAScan, IsThatOfMaterialAndTwin) {
  const Scenario scenario = set({"material.k0=3e-9 cm/s", "material.alpha=0.37", "material.E0=1.77 V",
                                 "material.c_max=0.02 mol/cm^3", "material.x_max=0.6", "name=\"mine\""});
  instrument::twin::TwinTruth twin;
  twin.seed = 17;
  twin.drift_x = 2e-10;
  twin.drift_y = -3e-10;
  twin.pixel_to_stage = {1, 2, 3, 4, 5, 6};
  const validation::Truth truth = jobs::truth_of(scenario, twin);
  EXPECT_DOUBLE_EQ(truth.k0, 3e-11);
  EXPECT_EQ(truth.alpha, 0.37);
  EXPECT_EQ(truth.E0_vs_Li, 1.77);
  EXPECT_DOUBLE_EQ(truth.c_max, 2e4);
  EXPECT_EQ(truth.x_max, 0.6);
  EXPECT_EQ(truth.seed, 17U);
  EXPECT_EQ(truth.scenario_name, "mine");
  EXPECT_EQ(truth.truth_set, scenario.truth_set);
  EXPECT_EQ(truth.sample_drift_x, 2e-10);
  EXPECT_EQ(truth.sample_drift_y, -3e-10);
  EXPECT_EQ(truth.pixel_to_stage, twin.pixel_to_stage);
  EXPECT_EQ(write_scenario(parse_scenario(truth.scenario_text, "truth")), write_scenario(scenario));
}

// field = (10 um + 0.8 X - 0.6 Y, -5 um + 0.6 X + 0.8 Y), a rotation: X = 0.8 u + 0.6 v, Y = -0.6 u + 0.8 v of what is
// left of the origin. Particles of 20, 30 and (dead) 90 nm: mean 25 nm, ΣR³/ΣR² = 35/1.3 nm.
TEST(TruthOfALanding, IsInTheStagesFrameAndWithoutTheDead) {
  instrument::twin::LandingRecord record;
  record.t = 12.5;
  record.footprint_x = 13e-6;
  record.footprint_y = 2e-6;
  record.footprint_diameter = 1.1e-6;
  record.cluster = 4;
  record.wetted_volume = 1.0;
  record.wetted_area = 2.0;
  record.cluster_volume = 3.0;
  record.cluster_projected_area = 4.0;
  record.gold_area = 5.0;
  record.series_resistance = 6.0;
  record.qrce_offset_vs_Li = 7.0;
  record.x_max = 0.4;
  record.x_min = 0.1;
  record.x_turns = {0.1, 0.4, 0.2};
  record.particles = {{4, 0, 20e-9, 0.5, 1e9, true}, {4, 1, 90e-9, 1.0, 2e9, false}, {4, 2, 30e-9, 0.7, 3e9, true}};
  const auto landing = jobs::landing_of(record, {10e-6, 0.8, -0.6, -5e-6, 0.6, 0.8});
  EXPECT_NEAR(landing.stage_x, 0.8 * 3e-6 + 0.6 * 7e-6, 1e-18);
  EXPECT_NEAR(landing.stage_y, -0.6 * 3e-6 + 0.8 * 7e-6, 1e-18);
  EXPECT_EQ(landing.t, 12.5);
  EXPECT_EQ(landing.footprint_diameter, 1.1e-6);
  EXPECT_EQ(landing.cluster, 4);
  EXPECT_EQ(landing.wetted_volume, 1.0);
  EXPECT_EQ(landing.wetted_area, 2.0);
  EXPECT_EQ(landing.cluster_volume, 3.0);
  EXPECT_EQ(landing.cluster_projected_area, 4.0);
  EXPECT_EQ(landing.gold_area, 5.0);
  EXPECT_EQ(landing.series_resistance, 6.0);
  EXPECT_EQ(landing.qrce_offset_vs_Li, 7.0);
  EXPECT_EQ(landing.x_max, 0.4);
  EXPECT_EQ(landing.x_min, 0.1);
  EXPECT_EQ(landing.x_turns, record.x_turns);
  EXPECT_EQ(landing.wetted_particles, 2);
  EXPECT_NEAR(landing.mean_radius, 25e-9, 1e-22);
  EXPECT_NEAR(landing.sauter_radius, 35e-9 / 1.3, 1e-22);
  EXPECT_EQ(landing.particle_radius, (std::vector<double>{20e-9, 30e-9}));
  EXPECT_EQ(landing.particle_wetted_fraction, (std::vector<double>{0.5, 0.7}));
  EXPECT_EQ(landing.particle_contact_resistance, (std::vector<double>{1e9, 3e9}));
}

/// A finished run of two points that took `per_point` seconds each.
jobs::FinishedRun finished(const fs::path& directory, const std::string& name, scan::ScanMode mode, long long seed,
                           const std::string& truth_set, double per_point) {
  jobs::FinishedRun run;
  run.plan.scenario.name = name;
  run.plan.scenario.seed = seed;
  run.plan.scenario.truth_set = truth_set;
  run.plan.scenario.scan.protocol.mode = mode;
  run.plan.directory.path = directory / (name + std::to_string(seed) + truth_set);
  fs::create_directories(run.plan.directory.path);
  files::RunHeader header;
  header.scenario_name = name;
  header.seed = static_cast<std::uint64_t>(seed);
  files::RunRecorder recorder(run.plan.directory.run(), header);
  for (int k = 0; k < 2; ++k) {
    files::PointRecord point;
    point.index = k;
    point.kind = mode == scan::ScanMode::grid ? files::PointKind::grid : files::PointKind::target;
    point.t_start = k * per_point;
    point.t_end = (k + 1) * per_point;
    recorder.add(point);
  }
  recorder.finalise("complete");
  validation::Truth truth;
  truth.scenario_name = name;
  truth.seed = header.seed;
  truth.truth_set = truth_set;
  validation::write_truth(run.plan.directory.truth(), truth);
  return run;
}

// Two samples and two truth sets, arrays of 10, 20 and 40 s per node in any order: each smart scan is held against the
// array of its own sample, and one whose sample has none against one of the same truth.
TEST(Judgement, ComparesASmartScanWithTheArrayOfItsOwnSample) {
  const test::ScratchDirectory directory;
  using scan::ScanMode;
  std::vector<jobs::FinishedRun> runs{finished(directory / "a", "array", ScanMode::grid, 1, "reconciled", 10.0),
                                      finished(directory / "a", "array", ScanMode::grid, 2, "reconciled", 20.0),
                                      finished(directory / "a", "array", ScanMode::grid, 3, "paper_literal", 40.0),
                                      finished(directory / "a", "smart", ScanMode::smart, 1, "reconciled", 1.0),
                                      finished(directory / "a", "smart", ScanMode::smart, 2, "reconciled", 1.0),
                                      finished(directory / "a", "smart", ScanMode::smart, 3, "reconciled", 1.0),
                                      finished(directory / "a", "smart", ScanMode::smart, 1, "paper_literal", 1.0)};
  const auto key = [](const jobs::FinishedRun& run) { return run.plan.directory.path.filename().string(); };
  std::sort(runs.begin(), runs.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (int order = 0; order < 2; ++order) {
    const jobs::Judgement judgement = jobs::judge(runs, false);
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const std::string name = key(runs[k]);
      if (name.starts_with("array")) continue;
      ASSERT_TRUE(judgement.summaries[k].time_saved) << name;
      const double per_node = judgement.summaries[k].time_saved->time_per_node;
      if (name == "smart1reconciled") {
        EXPECT_DOUBLE_EQ(per_node, 10.0);
      } else if (name == "smart2reconciled") {
        EXPECT_DOUBLE_EQ(per_node, 20.0);
      } else if (name == "smart1paper_literal") {
        EXPECT_DOUBLE_EQ(per_node, 40.0);
      } else {
        EXPECT_LE(per_node, 20.0) << name;
      }
    }
    std::reverse(runs.begin(), runs.end());
  }
}

/// Two scan scenarios and a campaign of them.
class Campaign : public ::testing::Test {
 protected:
  Campaign() {
    write("one.toml", "name = \"one\"\nseed = 5\n[scan]\npoints = 7\n");
    write("two.toml", "name = \"two\"\n");
    write("all.toml",
          "name = \"all\"\njob = \"campaign\"\n[campaign]\nruns = \"one.toml two.toml\"\n"
          "truth_sets = \"reconciled paper_literal\"\nsamples = 2\n");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(directory_ / name) << text; }
  [[nodiscard]] std::vector<jobs::PlannedRun> plan(const Keys& keys) const {
    return jobs::plan_runs(directory_ / "all.toml", directory_ / "out", keys);
  }
  const test::ScratchDirectory directory_;
};

TEST_F(Campaign, GivesEveryRunTheKeysOfTheCommandLine) {
  const auto runs = plan({"scan.points=9", "analysis.alpha=0.4", "cv.scan_rates=[\"0.3 V/s\"]"});
  ASSERT_EQ(runs.size(), 8U);
  for (const jobs::PlannedRun& run : runs) {
    EXPECT_EQ(run.scenario.scan.protocol.points, 9) << run.label;
    EXPECT_EQ(run.scenario.analysis.alpha, 0.4) << run.label;
    ASSERT_EQ(run.scenario.scan.cv.scan_rates.size(), 1U);
    EXPECT_EQ(run.scenario.scan.cv.scan_rates[0].si(), 0.3);
  }
  // Without them each its own.
  EXPECT_EQ(plan({})[0].scenario.scan.protocol.points, 7);
}

TEST_F(Campaign, GivesEverySampleItsSeedAndEveryRunItsTruthSetAndPlace) {
  const auto runs = plan({"seed=40"});
  ASSERT_EQ(runs.size(), 8U);
  for (std::size_t k = 0; k < 8; ++k) {
    EXPECT_EQ(runs[k].scenario.seed, 40 + static_cast<long long>(k % 2)) << k;
    EXPECT_EQ(runs[k].scenario.name, k % 4 < 2 ? "one" : "two") << k;
    EXPECT_EQ(runs[k].scenario.truth_set, k < 4 ? "reconciled" : "paper_literal") << k;
    for (std::size_t j = 0; j < k; ++j) EXPECT_NE(runs[k].directory.path, runs[j].directory.path);
  }
  EXPECT_EQ(plan({})[0].scenario.seed, 5);
  EXPECT_EQ(plan({})[1].scenario.seed, 6);
  EXPECT_EQ(plan({"campaign.samples=1"}).size(), 4U);
  // The runs know nothing of the keys of the campaign.
  for (const jobs::PlannedRun& run : plan({"campaign.samples=3"})) EXPECT_EQ(run.scenario.campaign.samples, 1);
  // Names and job of the campaign are its own.
  EXPECT_EQ(plan({"name=\"other\""})[0].scenario.name, "one");
}

// ±2.4 V vs QRCE of the interlock at 2.55 V vs Li: 0.15 to 4.95 V, less the spread of the reference at both ends.
TEST(Window, IsNarrowerByTheSpreadOfTheReferenceAtBothEnds) {
  const auto with_spread = [](const std::string& spread, const std::string& key) {
    return said_of(
        {"qrce.potential=2.55 V", "qrce.spread=" + spread, "interlock.E_min=-2.4 V", "interlock.E_max=2.4 V", key});
  };
  EXPECT_EQ(with_spread("0 V", "cv.vertex1=0.16 V"), "accepted");
  EXPECT_EQ(with_spread("0.005 V", "cv.vertex1=0.16 V"), "accepted");
  EXPECT_THAT(with_spread("0.03 V", "cv.vertex1=0.16 V"), HasSubstr("cv.vertex1 = 0.16 V vs Li: outside the window"));
  EXPECT_EQ(with_spread("0 V", "cv.vertex2=4.94 V"), "accepted");
  EXPECT_EQ(with_spread("0.005 V", "cv.vertex2=4.94 V"), "accepted");
  EXPECT_THAT(with_spread("0.03 V", "cv.vertex2=4.94 V"), HasSubstr("cv.vertex2 = 4.94 V vs Li: outside the window"));
  EXPECT_THAT(with_spread("0.03 V", "cv.start=4.94 V"), HasSubstr("cv.start"));
  EXPECT_THAT(with_spread("0.03 V", "scan.approach_potential=4.94 V"), HasSubstr("scan.approach_potential"));
}

// ±10 V of the converter over the command ratio, where the interlock leaves more.
TEST(Window, IsThatOfTheConverterWhereTheInterlockIsWider) {
  const auto with_ratio = [](const std::string& ratio) {
    return said_of({"qrce.potential=3 V", "qrce.spread=0 V", "interlock.E_min=-2.5 V", "interlock.E_max=2.5 V",
                    "amplifier.command_ratio=" + ratio, "cv.vertex1=1.01 V"});
  };
  EXPECT_EQ(with_ratio("5"), "accepted");  // ±2 V
  EXPECT_THAT(with_ratio("5.1"), HasSubstr("cv.vertex1 = 1.01 V vs Li: outside the window"));
}

/// Path and bounds of every whole number and every quantity of a scenario.
class Bounds final : public ParameterVisitor {
 public:
  struct Number {
    std::string path, unit;
    double low, high;
    bool whole;
  };
  std::vector<Number> numbers;

  void begin_section(std::string_view key, std::string_view) override {
    path_.push_back(path_.empty() ? std::string(key) : path_.back() + "." + std::string(key));
  }
  void end_section() override { path_.pop_back(); }
  void quantity(const ParameterInfo& info, Dimension, double&) override { add(info, false); }
  void quantities(const ParameterInfo&, Dimension, std::vector<double>&) override {}
  void integer(const ParameterInfo& info, long long&) override { add(info, true); }
  void boolean(const ParameterInfo&, bool&) override {}
  void text(const ParameterInfo&, std::string&) override {}
  void choice(const ParameterInfo&, std::span<const std::string_view>, int&) override {}

 private:
  void add(const ParameterInfo& info, bool whole) {
    const std::string key(info.key);
    numbers.push_back(
        {path_.empty() ? key : path_.back() + "." + key, std::string(info.unit), info.low, info.high, whole});
  }
  std::vector<std::string> path_;
};

std::string assignment(const Bounds::Number& n, double value) {
  if (n.whole) return n.path + "=" + std::to_string(std::llround(value));
  const std::string number = format_quantity(value, "1");
  const bool plain = n.unit == "1" || n.unit.empty();
  return n.path + "=" + (plain ? number : "\"" + number + " " + n.unit + "\"");
}

std::string reading(const Keys& keys) {
  try {
    (void)set(keys);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

// A step beyond either bound is refused with the key; the bounds themselves are taken, all the lower ones of one
// scenario and all the upper ones of another.
TEST(Reading, EveryNumberStopsAtBothItsBounds) {
  Scenario scenario;
  Bounds bounds;
  Scenario::visit(bounds, scenario);
  int checked = 0;
  for (const bool upper : {false, true}) {
    Keys all;
    for (const Bounds::Number& n : bounds.numbers) {
      const double bound = upper ? n.high : n.low;
      if (!std::isfinite(bound) || std::abs(bound) > 1e15) continue;
      const double step = n.whole ? 1.0 : 1e-6 * std::max(std::abs(bound), 1e-3 * std::abs(upper ? n.low : n.high));
      if (!(step > 0.0) || !std::isfinite(step)) continue;
      all.push_back(assignment(n, bound));
      EXPECT_THAT(reading({assignment(n, bound + (upper ? step : -step))}), HasSubstr(n.path)) << bound;
      ++checked;
    }
    EXPECT_EQ(reading(all), "accepted");
  }
  EXPECT_GT(checked, 300);
}

}  // namespace
}  // namespace seccm::scenarios
