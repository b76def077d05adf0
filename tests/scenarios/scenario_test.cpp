// The schema as a whole: it round-trips, the library reads, the reference page is current, combinations that can not be
// measured are refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/explain.hpp"
#include "jobs/ensemble.hpp"
#include "jobs/simulate.hpp"
#include "scenarios/consistency.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"
#include "sim/units.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

Scenario with(std::vector<std::string> overrides) {
  return parse_scenario("", "x.toml", overrides);
}

std::string refusal(std::vector<std::string> overrides) {
  try {
    require_consistent(with(std::move(overrides)));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<fs::path> library_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SECCM_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Every value as text that reads back bit for bit: two scenarios are equal when these are.
std::string values(const Scenario& scenario) {
  std::string all;
  for (const config::ParameterRow& row : parameters_of(scenario).rows) all += row.path + " = " + row.value + "\n";
  return all;
}

/// Draws every number of a tree anew inside its range.
class Shuffler final : public ParameterVisitor {
 public:
  explicit Shuffler(std::uint64_t seed) : random_(seed, "shuffled scenario") {}
  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension, double& si) override { si = draw(info, si); }
  void quantities(const ParameterInfo& info, Dimension, std::vector<double>& si) override {
    si.resize(1 + random_.below(4), 0.0);
    for (double& value : si) value = draw(info, value);
  }
  void integer(const ParameterInfo& info, long long& value) override {
    value = static_cast<long long>(info.low + random_.uniform() * (std::min(info.high, 1e15) - info.low));
  }
  void boolean(const ParameterInfo&, bool& value) override { value = random_.below(2) == 0; }
  void text(const ParameterInfo&, std::string& value) override { value = "text \"" + std::to_string(random_.below(9)); }
  void choice(const ParameterInfo&, std::span<const std::string_view> names, int& index) override {
    index = static_cast<int>(random_.below(names.size()));
  }

 private:
  /// Inside the range; where it is open, about the present value.
  double draw(const ParameterInfo& info, double now) {
    const double factor = parse_unit(info.unit).si;
    const double low = std::isfinite(info.low) ? info.low * factor : now - 1.0;
    const double high = std::isfinite(info.high) ? info.high * factor : std::max(now, low) + 1.0;
    return low + random_.uniform() * (high - low);
  }
  RandomStream random_;
};

TEST(Scenario, DefaultsRoundTrip) {
  const Scenario scenario;
  EXPECT_EQ(values(parse_scenario(write_scenario(scenario), "again")), values(scenario));
}

TEST(Scenario, EveryDefaultIsWithinItsOwnRange) {
  // Reading back what is written applies every check to every default.
  EXPECT_NO_THROW((void)parse_scenario(write_scenario({}), "defaults"));
}

TEST(Scenario, EveryParameterSaysWhatItIs) {
  for (const config::ParameterRow& row : parameters_of({}).rows) {
    EXPECT_FALSE(row.text.empty()) << row.path;
    const bool needs_source = row.grade != 'D';
    EXPECT_TRUE(!needs_source || !row.source.empty()) << row.path << " has grade " << row.grade << " and no source";
  }
}

TEST(Scenario, ArbitraryValuesRoundTripBitForBit) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Scenario scenario;
    Shuffler shuffle(seed);
    Scenario::visit(shuffle, scenario);
    const Scenario again = parse_scenario(write_scenario(scenario), "again");
    ASSERT_EQ(values(again), values(scenario));
  }
}

TEST(Scenario, TheTruthSetComesBeforeTheKeysOfTheFile) {
  const Scenario literal = with({"truth_set=paper_literal"});
  EXPECT_DOUBLE_EQ(literal.twin.material.k0.si(), 3.5e-12);  // 3.5e-10 cm/s
  EXPECT_EQ(literal.twin.material.diffusion, models::DiffusionKind::per_direction);
  const Scenario changed = parse_scenario("truth_set = \"paper_literal\"\n[material]\nk0 = \"1e-9 cm/s\"\n", "x.toml");
  EXPECT_DOUBLE_EQ(changed.twin.material.k0.si(), 1e-11);
  EXPECT_EQ(changed.twin.material.diffusion, models::DiffusionKind::per_direction);
}

TEST(Scenario, DefaultsAreTheDefaultTruthSet) {
  models::MaterialParameters material;
  models::apply_truth_set(Scenario{}.truth_set, material);
  Scenario applied;
  applied.twin.material = material;
  EXPECT_EQ(values(applied), values({}));
}

TEST(Scenario, TheObservablePartHoldsNothingOfTheTruth) {
  const std::string text = write_observable(with({"material.k0=1e-9 cm/s", "sample.clusters=77"}));
  for (const char* section : {"[material]", "[sample]", "[meniscus]", "[qrce]", "[alignment]", "[electrolyte]",
                              "[amplifier]", "[stage]", "[surface_redox]", "truth_set"}) {
    EXPECT_THAT(text, Not(HasSubstr(section)));
  }
  EXPECT_THAT(text, HasSubstr("[analysis]"));
  EXPECT_THAT(text, HasSubstr("[cv]"));
  EXPECT_NO_THROW((void)parse_scenario(text, "run file"));
}

TEST(Library, EveryScenarioReadsChecksAndRoundTrips) {
  const auto files = library_files();
  ASSERT_GE(files.size(), 7U);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.string());
    const Scenario scenario = load_scenario(file);
    EXPECT_EQ(values(parse_scenario(write_scenario(scenario), "again")), values(scenario));
    EXPECT_EQ(scenario.name, file.stem().string());
    EXPECT_FALSE(scenario.description.empty());
  }
}

TEST(Library, FindsAScenarioByItsName) {
  EXPECT_TRUE(fs::exists(resolve_scenario("quickstart")));
  EXPECT_TRUE(fs::exists(resolve_scenario("quickstart.toml")));
  EXPECT_EQ(resolve_scenario("no_such_scenario"), fs::path("no_such_scenario"));
}

TEST(Reference, PageIsWhatTheDeclarationsSay) {
  std::ifstream in(fs::path(SECCM_SOURCE_DIR) / "docs/scenario-reference.md");
  std::stringstream page;
  page << in.rdbuf();
  std::istringstream written(page.str());
  std::istringstream declared(config::reference_markdown(parameters_of({})));
  std::string is;
  std::string should;
  while (std::getline(declared, should)) {
    std::getline(written, is);
    ASSERT_EQ(is, should) << "write it anew: seccm explain --all --markdown > docs/scenario-reference.md";
  }
  EXPECT_FALSE(std::getline(written, is)) << "docs/scenario-reference.md has more lines than there are parameters";
}

TEST(Reference, ExplainsKeysSectionsAndBareKeys) {
  const config::ParameterTable table = parameters_of({});
  EXPECT_THAT(config::explain(table, "pipette.diameter"), HasSubstr("accepted  0.05 um to 5 um"));
  EXPECT_THAT(config::explain(table, "pipette"), HasSubstr("pipette.wall_ratio"));
  EXPECT_THAT(config::explain(table, "diameter"), HasSubstr("pipette.diameter"));
  EXPECT_THROW(
      {
        try {
          (void)config::explain(table, "pipete.diameter");
        } catch (const InputError& error) {
          EXPECT_THAT(error.what(), HasSubstr("did you mean \"pipette.diameter\"?"));
          throw;
        }
      },
      InputError);
}

TEST(Consistency, AcceptsTheDefaults) {
  EXPECT_EQ(refusal({}), "accepted");
}

TEST(Consistency, RefusesATipLargerThanTheField) {
  const std::string text = refusal({"pipette.diameter=5 um", "sample.field_width=4 um", "sample.field_height=4 um"});
  EXPECT_THAT(text, HasSubstr("pipette.diameter = 5 um"));
  EXPECT_THAT(text, HasSubstr("larger than the field of 4 um x 4 um"));
  EXPECT_THAT(refusal({"sample.edge_margin=49.9 um"}), HasSubstr("sample.edge_margin"));
}

TEST(Consistency, RefusesInAScanWhatOnlyTheOtherJobsHave) {
  EXPECT_THAT(refusal({"cluster.particles=packed"}), HasSubstr("cluster.particles"));
  EXPECT_THAT(refusal({"voxels.source=sphere"}), HasSubstr("voxels.source"));
  EXPECT_THAT(refusal({"numerics.engine=reference"}), HasSubstr("numerics.engine"));
  EXPECT_THAT(refusal({"numerics.step=adaptive"}), HasSubstr("numerics.step"));
}

TEST(Consistency, AcceptsInAScanWhatItsEnginesDescribe) {
  EXPECT_EQ(refusal({"material.diffusion=exponential"}), "accepted");
  EXPECT_EQ(refusal({"particle.model=cahn_hilliard"}), "accepted");
  EXPECT_EQ(refusal({"cluster.wiring=network", "cluster.neck_share=0.5"}), "accepted");
  EXPECT_EQ(refusal({"electrolyte.transport=cone"}), "accepted");
  // What does not go together is said before the scan, not at its first landing.
  EXPECT_THAT(refusal({"cluster.wiring=network", "cluster.neck_share=0.5", "material.diffusion=exponential"}),
              HasSubstr("neck"));
  EXPECT_THAT(refusal({"particle.model=cahn_hilliard", "material.diffusion=exponential"}), HasSubstr("diffusion"));
  EXPECT_THAT(refusal({"material.diffusion=table"}), HasSubstr("D_table"));
  // Pe = Q s/D above 20, and a footprint that grows tenfold: nothing a point could be measured under.
  EXPECT_THAT(refusal({"electrolyte.transport=cone", "electrolyte.evaporation=100 pL/s"}), HasSubstr("evaporation"));
}

TEST(Electrolyte, PrecipitatesFromTheFlowThatTheWarningNames) {
  // The warning integrates D(c) to the steady state; the run finds it by time stepping: 0.0425 pL/s in this pipette.
  const auto path = fs::path(SECCM_SOURCE_DIR) / "scenarios/electrolyte_cone.toml";
  const auto with = [&](const char* flow) {
    return load_scenario(path, std::vector<std::string>{std::string("electrolyte.evaporation=") + flow,
                                                        "numerics.potential_step=4 mV", "numerics.engine=fast"});
  };
  const auto warned = [&](const char* flow) {
    const auto warnings = jobs::warnings_of(with(flow));
    return std::any_of(warnings.begin(), warnings.end(),
                       [](const std::string& w) { return w.find("beyond the solubility") != std::string::npos; });
  };
  EXPECT_FALSE(warned("0.042 pL/s"));
  EXPECT_TRUE(warned("0.043 pL/s"));
  EXPECT_NO_THROW((void)jobs::simulate(with("0.042 pL/s")));
  EXPECT_THROW((void)jobs::simulate(with("0.044 pL/s")), SolverError);
}

Scenario planar_with(std::vector<std::string> overrides) {
  return load_scenario(fs::path(SECCM_SOURCE_DIR) / "scenarios/verification/planar_quasireversible.toml", overrides);
}

TEST(Remarks, NameTheErrorOfStepsThatWereAskedFor) {
  const jobs::Simulation coarse = jobs::simulate(planar_with({"numerics.step=fixed", "numerics.potential_step=10 mV"}));
  ASSERT_EQ(jobs::remarks_on(coarse).size(), 1U);
  EXPECT_THAT(jobs::remarks_on(coarse).front(), HasSubstr("more than numerics.tolerance = 1.0e-04"));
  EXPECT_GT(coarse.error, 1e-4);
  EXPECT_TRUE(jobs::remarks_on(jobs::simulate(planar_with({}))).empty());
}

TEST(Rows, ALongRestIsThinnedAndTheSweepBehindItIsTheSame) {
  // Lithium that the rest lets in beforehand: y = e^(-(E - E0) F/RT) at 2.45 V. Without the rest it enters in the first
  // steps, by sqrt(D/dt) y of a step of backward Euler, against a peak of 0.4208 sqrt(D F v/RT); less in all later
  // ones.
  const double rt_f = constants::gas * 298.15 / constants::faraday;
  const double bound = 1.05 * std::exp(-0.45 / rt_f) / (0.4208 * std::sqrt(1e-3 / rt_f));
  const auto at_once = jobs::simulate(planar_with({"program.rest=\"0 s\""})).trace;
  const auto rested = jobs::simulate(planar_with({"program.rest=\"21600 s\""})).trace;
  const std::size_t rows = rested.size() - at_once.size();
  EXPECT_LT(rows, 7000U);
  double peak = 0.0;
  for (const double i : at_once.current) peak = std::max(peak, std::abs(i));
  for (std::size_t k = 1; k < at_once.size(); ++k) {
    const double stated = rested.current_error[k + rows] + at_once.current_error[k];
    ASSERT_NEAR(rested.current[k + rows], at_once.current[k], bound * peak + stated) << k;
  }
}

TEST(Rows, AThinnedHoldHasTheChargeOfADenseOne) {
  // A step of a slab into Cottrell's range, i ~ t^(-1/2). On the rows of either run a step of length dt errs by
  // 3/8 (dt/t)^2 at the start of a stretch (backward Euler) and by 1/4 (dt/t)^2 over it (BDF2), dt/t <= 2/1024; what
  // earlier stretches left has fallen by then: below 5e-6 in all, of the current and so of the charge.
  const std::vector<std::string> hold{"program.kind=hold",         "program.hold_time=\"200 s\"",
                                      "program.vertex1=\"1.0 V\"", "numerics.hold_step=\"10 ms\"",
                                      "numerics.engine=fast",      "numerics.step=fixed"};
  const Scenario scenario = planar_with(hold);
  const auto thin = jobs::simulate(scenario).trace;
  const auto dense =
      models::simulate(models::Cell(jobs::cell_spec_of(scenario)), models::to_waveform(scenario.program));
  EXPECT_EQ(dense.size(), 20001U);
  EXPECT_LT(thin.size(), 4000U);
  std::size_t k = 0;
  for (std::size_t row = 1; row < thin.size(); ++row) {
    while (dense.time[k] < thin.time[row] - 1e-6) ++k;
    if (std::abs(dense.time[k] - thin.time[row]) > 1e-6) continue;  // of the last stretch: its steps are its own
    ASSERT_NEAR(thin.current[row], dense.current[k], 5e-6 * std::abs(dense.current[k])) << thin.time[row];
    ASSERT_NEAR(thin.charge[row], dense.charge[k], 5e-6 * std::abs(dense.charge[k])) << thin.time[row];
  }
}

TEST(Rows, WhatStartsAtAMomentOfItsOwnIsNotThinned) {
  const auto rows_of = [](const char* name, std::vector<std::string> more) {
    more.insert(more.begin(), {"program.rest=\"100 s\"", "numerics.hold_step=\"10 ms\""});
    const auto scenario = load_scenario(fs::path(SECCM_SOURCE_DIR) / "scenarios" / (std::string(name) + ".toml"), more);
    const auto program = jobs::program_of(scenario);
    return sim::count_rows(program, sim::plan_steps(program, 1e-3, 0.01)).holds;
  };
  EXPECT_EQ(rows_of("phase_field_particle", {}) % 10000U, 0U);
  EXPECT_EQ(rows_of("network_cluster", {}) % 10000U, 0U);
  EXPECT_LT(rows_of("network_cluster", {"cluster.conduction=unlimited"}), 4000U);
}

TEST(Rows, MoreThanAFileHoldsAreRefusedBeforeTheRunByTheKeyThatMakesThem) {
  const auto refusal = [](const Scenario& scenario) -> std::string {
    try {
      jobs::require_rows(scenario, 1U << 20, "a.h5");
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  EXPECT_EQ(refusal(planar_with({"program.rest=\"1e6 s\""})), "");
  EXPECT_TRUE(
      has(refusal(planar_with({"numerics.potential_step=\"1e-4 mV\""})), "accepted is numerics.potential_step"));
  EXPECT_TRUE(has(refusal(load_scenario(fs::path(SECCM_SOURCE_DIR) / "scenarios/phase_field_particle.toml",
                                        std::vector<std::string>{"program.rest=\"21600 s\""})),
                  "accepted is numerics.hold_step = 0.0"));
  EXPECT_THROW((void)jobs::simulate(planar_with({"numerics.potential_step=\"1e-4 mV\"", "program.cycles=1000"})),
               InputError);
}

TEST(Electrolyte, RunsByTheReferenceEngineWhereItIsAskedFor) {
  const auto path = fs::path(SECCM_SOURCE_DIR) / "scenarios/electrolyte_cone.toml";
  const auto run_with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"numerics.potential_step=4 mV", "numerics.cells=20", "electrolyte.electrolyte_cells=20",
                               "program.cycles=1", "electrolyte.evaporation=0.02 pL/s"});
    return jobs::simulate(load_scenario(path, more));
  };
  const jobs::Simulation fast = run_with({});
  const jobs::Simulation finer = run_with({"numerics.potential_step=2 mV"});
  const jobs::Simulation reference = run_with({"numerics.engine=reference"});
  EXPECT_EQ(fast.engine.engine, models::EngineKind::fast);
  EXPECT_EQ(reference.engine.engine, models::EngineKind::reference);
  ASSERT_EQ(reference.trace.size(), fast.trace.size());
  ASSERT_EQ(reference.trace.liquid.size(), fast.trace.size());
  const jobs::TraceSummary a = jobs::summarise(fast);
  const jobs::TraceSummary b = jobs::summarise(finer);
  const jobs::TraceSummary c = jobs::summarise(reference);
  // As in tests/models/reference_liquid_test.cpp: 3.42 times the change on halving, 1000 tolerances of 1e-7.
  const auto near = [&](models::TracePeak jobs::TraceSummary::*of) {
    const double found = (a.*of).current, exact = (c.*of).current;
    EXPECT_NEAR(exact, found, 3.42 * std::abs(found - (b.*of).current) + 1e-4 * std::abs(exact));
  };
  near(&jobs::TraceSummary::anodic);
  near(&jobs::TraceSummary::cathodic);
  EXPECT_GT(c.liquid.highest_salt, 1400.0);
  EXPECT_NEAR(c.liquid.highest_salt, a.liquid.highest_salt, 1.0);

  const jobs::Simulation slopes = run_with({"numerics.sensitivities=\"electrolyte.evaporation\""});
  EXPECT_EQ(slopes.engine.engine, models::EngineKind::reference);
  ASSERT_EQ(slopes.sensitivity.size(), 1U);
  EXPECT_GT(*std::max_element(slopes.sensitivity.front().begin(), slopes.sensitivity.front().end()), 0.0);
}

TEST(ResolvedVoxels, RunByTheReferenceEngineWhereItIsAskedFor) {
  const auto path = fs::path(SECCM_SOURCE_DIR) / "scenarios/voxel_dense.toml";
  const auto scenario_with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"voxels.voxel=12 nm", "numerics.potential_step=10 mV"});
    return load_scenario(path, more);
  };
  const jobs::Simulation fast = jobs::simulate(scenario_with({}));
  EXPECT_EQ(fast.engine.engine, models::EngineKind::fast);
  EXPECT_THAT(fast.engine.why, HasSubstr("a second run in steps twice as long"));
  const jobs::Simulation reference = jobs::simulate(scenario_with({"numerics.engine=reference"}));
  EXPECT_EQ(reference.engine.engine, models::EngineKind::reference);
  ASSERT_EQ(reference.trace.size(), fast.trace.size());
  // As in tests/models/reference_voxels_test.cpp: 3.42 times the change on halving, 1000 tolerances of 1e-7.
  const jobs::Simulation finer = jobs::simulate(scenario_with({"numerics.potential_step=5 mV"}));
  const double a = jobs::summarise(fast).anodic.current;
  const double b = jobs::summarise(finer).anodic.current;
  const double c = jobs::summarise(reference).anodic.current;
  EXPECT_NEAR(c, a, 3.42 * std::abs(a - b) + 1e-4 * c);

  const jobs::Simulation slopes =
      jobs::simulate(scenario_with({"numerics.sensitivities=\"voxels.grain_D, material.k0\""}));
  EXPECT_EQ(slopes.engine.engine, models::EngineKind::reference);
  ASSERT_EQ(slopes.sensitivity.size(), 2U);
  EXPECT_GT(*std::max_element(slopes.sensitivity.front().begin(), slopes.sensitivity.front().end()), 0.0);
  EXPECT_THROW((void)jobs::simulate(scenario_with({"numerics.sensitivities=\"cell.radius\""})), InputError);
  EXPECT_THROW((void)jobs::simulate(scenario_with({"numerics.engine=reference", "voxels.voxel=3 nm"})), InputError);
}

TEST(EnsembleJob, RefusesTheReferenceEngineByName) {
  const auto path = fs::path(SECCM_SOURCE_DIR) / "scenarios/ensemble.toml";
  try {
    (void)jobs::run_ensemble(load_scenario(path, std::vector<std::string>{"numerics.engine=reference"}));
    FAIL() << "an ensemble ran by the reference engine";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("numerics.engine = \"reference\" with job = \"ensemble\""));
    EXPECT_THAT(error.what(), HasSubstr("job = \"simulate\""));
  }
}

TEST(Consistency, RefusesAnEmptyField) {
  EXPECT_THAT(refusal({"sample.clusters=0"}), HasSubstr("the field is empty"));
  EXPECT_EQ(refusal({"sample.clusters=0", "sample.cluster_sizes=[20]"}), "accepted");
}

TEST(Consistency, RefusesMorePointsThanTheFieldHolds) {
  EXPECT_THAT(refusal({"scan.points=60", "sample.field_width=14 um", "sample.field_height=14 um"}),
              HasSubstr("scan.points = 60: more than the field can hold"));
}

TEST(Consistency, RefusesPotentialsOutsideTheWindow) {
  EXPECT_THAT(refusal({"cv.vertex1=0.3 V"}), HasSubstr("cv.vertex1 = 0.3 V vs Li: outside the window"));
  EXPECT_THAT(refusal({"scan.approach_potential=4.9 V"}), HasSubstr("scan.approach_potential"));
}

TEST(Consistency, RefusesAnArrayLargerThanTheStage) {
  EXPECT_THAT(refusal({"scan.mode=grid", "scan.grid_columns=100"}), HasSubstr("the array is"));
}

TEST(Consistency, RefusesDevicesOfTwoWorlds) {
  EXPECT_THAT(refusal({"rig.camera=hardware"}), HasSubstr("rig.camera = \"hardware\" with rig.sequencer = \"twin\""));
  EXPECT_THAT(refusal({"rig.sequencer=replay"}), HasSubstr("accepted are all three or none"));
}

TEST(Consistency, RefusesACampaignWithoutRuns) {
  EXPECT_THAT(refusal({"job=campaign"}), HasSubstr("a campaign without runs"));
}

TEST(Consistency, PutsTheFileBeforeItsMessage) {
  const fs::path file = fs::path(testing::TempDir()) / "narrow.toml";
  std::ofstream(file) << "[sample]\nclusters = 0\n";
  try {
    (void)load_scenario(file);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith(file.string() + ": sample.clusters = 0"));
  }
}

}  // namespace
}  // namespace seccm::scenarios
