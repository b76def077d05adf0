// What the scenario says is what is computed: a key without effect is refused, a key that is accepted has one.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "jobs/campaign.hpp"
#include "jobs/ensemble.hpp"
#include "jobs/simulate.hpp"
#include "scenarios/applicability.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Keys = std::vector<std::string>;

/// The one parameter at a path, changed; `variant` counts the other names of a choice.
class Change final : public ParameterVisitor {
 public:
  Change(std::string path, std::size_t variant) : path_(std::move(path)), variant_(variant) {}

  [[nodiscard]] bool done() const { return done_; }

  void begin_section(std::string_view key, std::string_view) override { sections_.push_back(joined(key)); }
  void end_section() override { sections_.pop_back(); }
  void quantity(const ParameterInfo& info, Dimension, double& si) override {
    if (!take(info)) return;
    const double factor = parse_unit(info.unit).si;
    si = other(si / factor, info) * factor;
  }
  void quantities(const ParameterInfo& info, Dimension, std::vector<double>& si) override {
    if (!take(info)) return;
    if (si.empty()) si.push_back(1.0);
    si.back() *= 0.9;
  }
  void integer(const ParameterInfo& info, long long& value) override {
    if (take(info)) value += static_cast<double>(value) < info.high ? 1 : -1;
  }
  void boolean(const ParameterInfo& info, bool& value) override {
    if (take(info)) value = !value;
  }
  void text(const ParameterInfo&, std::string&) override {}
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override {
    if (variant_ + 1 >= names.size() || joined(info.key) != path_) return;
    done_ = true;
    index = static_cast<int>((static_cast<std::size_t>(index) + 1 + variant_) % names.size());
  }

 private:
  [[nodiscard]] std::string joined(std::string_view key) const {
    return sections_.empty() ? std::string(key) : sections_.back() + "." + std::string(key);
  }
  bool take(const ParameterInfo& info) {
    if (variant_ > 0 || joined(info.key) != path_) return false;
    return done_ = true;
  }
  /// Near the present value, in the unit of the range.
  static double other(double now, const ParameterInfo& info) {
    if (info.key.ends_with("_step")) return 2.0 * now;  // a step has to divide its segment otherwise
    if (info.key == "dead_fraction") return 0.6;        // of so many particles
    if (info.key == "neck_ratio") return 0.9;           // in whole voxels
    if (now != 0.0) return now * 1.1 <= info.high ? now * 1.1 : now * 0.9;
    if (info.unit == "Ohm") return 1e9;
    if (info.unit == "F") return 1e-14;
    return std::min(0.5 * info.high, 0.3);
  }

  std::string path_;
  std::size_t variant_;
  std::vector<std::string> sections_;
  bool done_ = false;
};

std::optional<Scenario> changed(Scenario scenario, const std::string& path, std::size_t variant) {
  Change change(path, variant);
  Scenario::visit(change, scenario);
  if (!change.done()) return std::nullopt;
  return scenario;
}

/// A cell on which every number has something to act: particles that differ in nothing but their place, gold, a rest.
const char* const rich_cell = R"(
job = "simulate"
[material]
E0 = "1.80 V"
k0 = "2e-8 cm/s"
D = "1e-14 cm^2/s"
[cell]
radius = "16 nm"
particles = 2
gold_area = "0.01 um^2"
series_resistance = "1e9 Ohm"
stray_capacitance = "1e-15 F"
contact_resistance = "1e10 Ohm"
[surface_redox]
enabled = true
rate = "10 1/s"
[program]
start = "2.2 V"
vertex1 = "1.5 V"
vertex2 = "2.2 V"
scan_rates = ["100 mV/s", "50 mV/s"]
rest = "0.5 s"
[numerics]
engine = "fast"
tolerance = 0.01
potential_step = "20 mV"
hold_step = "0.1 s"
)";

struct RepresentativeCell {
  std::string name;
  Keys keys;
};

void PrintTo(const RepresentativeCell& r, std::ostream* out) {
  *out << r.name;
}

std::vector<RepresentativeCell> representatives() {
  const Keys no_gold{"water_reduction.enabled=false", "surface_redox.enabled=false"};
  const auto with = [](Keys a, const Keys& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  const Keys separating = with(no_gold, {"particle.model=cahn_hilliard", "cell.radius=5 nm", "cell.particles=1",
                                         "phase_field.size_dependent=true", "material.D=1e-11 cm^2/s"});
  // Their spikes are shorter than rows of 20 mV: no refinement of the steps gives them an error.
  const Keys separating_in_steps = with(separating, {"numerics.step=fixed"});
  const Keys packed = with(
      no_gold, {"cluster.particles=packed", "cell.contact_resistance=0 Ohm", "cell.particles=60",
                "sample.dead_fraction=0.2", "program.kind=linear", "cluster.isolated=drop", "material.k0=2e-9 cm/s"});
  const Keys image =
      with(no_gold, {"voxels.voxel=4 nm", "cell.radius=10 nm", "program.kind=linear", "program.vertex1=1.9 V",
                     "program.scan_rates=[\"100 mV/s\"]", "cell.contact_resistance=0 Ohm", "voxels.D_spread=0.5",
                     "voxels.anisotropy=[1, 2, 3]", "voxels.boundary_width=1 nm"});
  return {
      {"ideal", {}},
      {"frumkin", {"material.law=frumkin", "material.g=3"}},
      {"plateau", {"material.law=anatase_plateau"}},
      {"per direction", {"material.diffusion=per_direction", "material.D_deintercalation=1e-14 cm^2/s"}},
      {"exponential", {"material.diffusion=exponential"}},
      {"table",
       {"material.diffusion=table", "material.D_table_y=[0, 1]",
        "material.D_table=[\"1e-14 cm^2/s\", \"2e-14 cm^2/s\"]"}},
      {"marcus", {"material.kinetics=marcus_hush_chidsey", "material.film_resistance=0.01 Ohm m^2"}},
      {"two lattices", {"material.second_process=true", "material.second_E0=1.7 V", "material.second_D=1e-14 cm^2/s"}},
      {"slab of given w", {"cell.geometry=slab", "cell.w=100"}},
      {"spread radii", {"particle.radius_spread=0.2"}},
      {"linear", {"program.kind=linear"}},
      {"staircase", {"program.kind=staircase", "program.step_height=50 mV"}},
      {"hold", {"program.kind=hold", "program.hold_time=1 s"}},
      {"adaptive", {"numerics.step=adaptive"}},
      {"reference",
       {"numerics.engine=reference", "cell.particles=1", "program.kind=linear", "program.vertex1=1.9 V",
        "program.scan_rates=[\"100 mV/s\"]"}},
      {"separating", separating_in_steps},
      {"separating in a reference run",
       with(separating, {"numerics.engine=reference", "program.kind=linear", "program.vertex1=1.9 V",
                         "program.scan_rates=[\"100 mV/s\"]"})},
      {"separating two lattices",
       with(separating_in_steps, {"particle.model=cahn_hilliard_two_lattices", "material.second_E0=1.7 V",
                                  "material.second_D=1e-11 cm^2/s", "material.second_k0=2e-8 cm/s"})},
      {"wetted by energy",
       with(separating_in_steps, {"phase_field.wetting=energy", "phase_field.wetting_energy=-0.01 J/m^2"})},
      {"wetted by filling", with(separating_in_steps, {"phase_field.wetting=filling"})},
      {"packed", packed},
      {"network", with(packed, {"cluster.wiring=network", "cluster.conduction=lithiation", "cluster.neck_share=1",
                                "cluster.conductivity_pristine=1e-7 S/cm", "cluster.neck_length=1 nm"})},
      {"salt", {"electrolyte.transport=cone", "electrolyte.properties=constant", "electrolyte.cone_end=flat"}},
      {"landesfeind salt", {"electrolyte.transport=cone", "electrolyte.properties=landesfeind"}},
      {"spreading", {"electrolyte.spreading=exponential"}},
      {"spreading by a power", {"electrolyte.spreading=power"}},
      {"packing in voxels", with(image, {"voxels.source=packing", "voxels.neck_ratio=0.3"})},
      {"polycrystal in voxels", with(image, {"voxels.source=polycrystal", "voxels.orientation=permuted"})},
      {"box in voxels", with(image, {"voxels.source=box", "voxels.box=[\"20 nm\", \"20 nm\", \"30 nm\"]"})},
  };
}

Scenario scenario_of(const RepresentativeCell& r) {
  return parse_scenario(rich_cell, r.name, r.keys);
}

bool same(const models::Trace& a, const models::Trace& b) {
  return a.time == b.time && a.E_vs_Li == b.E_vs_Li && a.current == b.current && a.cycle == b.cycle &&
         a.charge == b.charge && a.scan_rate == b.scan_rate;
}

/// Accepted although a change of them may leave a voltammogram as it is.
const std::map<std::string, const char*>& without_need_of_effect() {
  static const std::map<std::string, const char*> list{
      {"job", "says what is computed at all"},
      {"numerics.tolerance", "refines, or is met already"},
      {"particle.model", "another cell altogether, with representatives of its own"},
      {"seed", "has nothing to draw without a pile or an image"},
      {"surface_redox.enabled", "switch"},
      {"cluster.isolated", "refuses a pile or drops what has no path to the gold, if there is any"},
      {"voxels.enclosed_pores_dry", "concerns an image that has such pores"},
      {"electrolyte.solubility", "ends a run that reaches it"},
      {"numerics.engine", "auto and fast are one engine where the fast one meets the tolerance"},
      {"water_reduction.enabled", "switch of a reaction on gold that a cell may not have"},
  };
  return list;
}

class AcceptedKeys : public testing::TestWithParam<RepresentativeCell> {};

std::string test_name(const testing::TestParamInfo<RepresentativeCell>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(OfACell, AcceptedKeys, testing::ValuesIn(representatives()), test_name);

TEST_P(AcceptedKeys, ChangeTheVoltammogram) {
  const Scenario base = scenario_of(GetParam());
  const models::Trace trace = jobs::simulate(base).trace;
  int accepted = 0;
  for (const config::ParameterRow& row : parameters_of(base).rows) {
    if (without_need_of_effect().count(row.path) > 0) continue;
    bool any = false, effect = false, refused = false;
    for (std::size_t variant = 0;; ++variant) {
      const auto other = changed(base, row.path, variant);
      if (!other) break;
      if (!has_effect(row.path, *other)) {
        refused = true;
        continue;
      }
      any = true;
      try {
        effect = effect || !same(jobs::simulate(*other).trace, trace);
      } catch (const InputError&) {
        refused = true;  // by name
      } catch (const SolverError&) {
        effect = true;
      }
      if (effect) break;
    }
    if (any) ++accepted;
    EXPECT_TRUE(!any || effect || refused) << GetParam().name << ": " << row.path << " is accepted and changes nothing";
  }
  EXPECT_GT(accepted, 20);
}

TEST(AcceptedKeys, OfAnEnsembleChangeItsCells) {
  const Keys keys{"job=ensemble",
                  "ensemble.cells=3",
                  "ensemble.noise=1 fA",
                  "surface_redox.enabled=false",
                  "water_reduction.enabled=false",
                  "cell.gold_area=0 um^2",
                  "material.law=frumkin",
                  "material.g=1",
                  "ensemble.unknowns=\"ln_D, E0\"",
                  "ensemble.relative_noise=0.01"};
  const auto base = parse_scenario(rich_cell, "ensemble", keys);
  const auto text_of = [](const Scenario& s) {
    const jobs::EnsembleResult r = jobs::run_ensemble(s);
    std::string text;
    for (const auto& m : r.survey.members) {
      text += fmt::format("{} {} {} ", m.peak_cathodic_current, m.charge, m.capacity);
      for (const double bound : m.bounds) text += fmt::format("{} ", bound);
    }
    for (const double t : r.time) text += fmt::format("{} ", t);
    return text + fmt::format("{} {}", r.survey.traces.size(), jobs::summarise(s, r).unknowns.size());
  };
  const std::set<std::string> no_need{"job",
                                      "seed",
                                      "numerics.engine",
                                      "numerics.step",
                                      "ensemble.measurable_below",
                                      "surface_redox.enabled",
                                      "water_reduction.enabled"};
  const std::string before = text_of(base);
  for (const config::ParameterRow& row : parameters_of(base).rows) {
    if (no_need.count(row.path) > 0) continue;
    const auto other = changed(base, row.path, 0);
    if (!other) continue;
    if (!has_effect(row.path, *other)) continue;
    try {
      EXPECT_NE(text_of(*other), before) << row.path << " is accepted and changes nothing";
    } catch (const InputError&) {  // by name
    }
  }
}

TEST(Applicability, RulesNameKeysThatExist) {
  const config::ParameterTable table = parameters_of({});
  const auto exists = [&](std::string_view pattern) {
    if (pattern == "*") return true;
    const bool section = pattern.ends_with(".*");
    const std::string_view stem = section ? pattern.substr(0, pattern.size() - 1) : pattern;
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const config::ParameterRow& row) {
      return section ? row.path.starts_with(stem) : row.path == stem;
    });
  };
  for (const ApplicabilityRule& rule : applicability_rules()) {
    std::istringstream keys{std::string(rule.keys)}, because{std::string(rule.because)};
    for (std::string word; keys >> word;) EXPECT_TRUE(exists(word.front() == '-' ? word.substr(1) : word)) << word;
    for (std::string word; because >> word;) EXPECT_NE(table.find(word), nullptr) << word;
    EXPECT_FALSE(rule.accepted.empty()) << rule.keys;
  }
}

TEST(Applicability, EveryKeyHasAnEffectInSomeJob) {
  std::vector<Scenario> all;
  for (const RepresentativeCell& r : representatives()) all.push_back(scenario_of(r));
  all.push_back(parse_scenario("", "scan"));
  all.push_back(parse_scenario("", "scan",
                               Keys{"hardware.stage=a:1", "hardware.light=/dev/ttyUSB0", "hardware.camera=a",
                                    "hardware.source_meter=a:2", "faults.sequencer=no_reply",
                                    "faults.camera_silent=true", "faults.light=no_reply", "scan.targets=clicks.csv"}));
  all.push_back(parse_scenario("", "ensemble", Keys{"job=ensemble", "ensemble.noise=1 fA"}));
  all.push_back(parse_scenario("", "campaign", Keys{"job=campaign"}));
  all.push_back(parse_scenario("", "stack", Keys{"job=simulate", "voxels.source=file"}));
  std::map<std::string, int> without;
  for (const Scenario& scenario : all) {
    for (const std::string& path : paths_without_effect(scenario)) ++without[path];
  }
  for (const auto& [path, count] : without) EXPECT_LT(count, static_cast<int>(all.size())) << path;
}

/// The refusal of a file with these lines and overrides; empty: accepted.
std::string refusal_of(const std::string& text, const Keys& overrides = {}) {
  const test::ScratchDirectory folder;
  const fs::path file = folder.path() / "case.toml";
  std::ofstream(file) << text;
  try {
    (void)load_scenario(file, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Applicability, TheRefusalSaysWhereWhyAndWhatWouldHelp) {
  EXPECT_EQ(refusal_of("job = \"simulate\"\n[cell]\nradius = \"25 nm\"\n"), "");
  const std::string text = refusal_of("job = \"simulate\"\n[material]\nE0 = \"1.8 V\"\nsecond_D = \"1e-16 cm^2/s\"\n");
  EXPECT_THAT(text, HasSubstr("case.toml:4: material.second_D = \"1e-16 cm^2/s\": has no effect because "
                              "material.second_process = false"));
  EXPECT_THAT(text, HasSubstr("accepted with material.second_process = true"));
  const std::string set = refusal_of("job = \"simulate\"\n", {"pipette.diameter=\"3 um\""});
  EXPECT_THAT(set, HasSubstr("--set: pipette.diameter = \"3 um\": has no effect because job = \"simulate\""));
}

TEST(Applicability, RefusesTheKeysThatOnceDidNothing) {
  for (const char* key : {"material.D_intercalation=\"1e-15 cm^2/s\"",
                          "material.second_D=\"1e-15 cm^2/s\"",
                          "phase_field.omega=5",
                          "sample.particle_diameter=\"200 nm\"",
                          "cv.scan_rates=[\"1 V/s\"]",
                          "pipette.diameter=\"3 um\"",
                          "tip.temperature=\"380 K\"",
                          "material.D_exponent=2",
                          "rig.sequencer=host",
                          "hardware.stage=a:1",
                          "analysis.temperature=\"310 K\"",
                          "ensemble.cells=5",
                          "campaign.samples=2",
                          "numerics.hold_step=\"1 s\"",
                          "numerics.fastest_scan_rate=\"1 V/s\"",
                          "program.step_height=\"1 mV\"",
                          "program.hold_time=\"1 s\"",
                          "voxels.voxel=\"1 nm\"",
                          "cluster.neck_length=\"1 nm\"",
                          "electrolyte.conductivity=\"1 S/m\"",
                          "electrolyte.ferrocene_potential=\"3 V\"",
                          "water_reduction.peak=\"1.9 V\"",
                          "surface_redox.g=3"})
    EXPECT_THAT(refusal_of("job = \"simulate\"\n", {key}), HasSubstr("has no effect because")) << key;
}

TEST(Applicability, ASwitchOnTheCommandLineExcusesTheKeysOfTheFileAndSaysSo) {
  const std::string file = "[sample]\nclusters = 20\n";
  EXPECT_EQ(refusal_of(file, {"sample.cluster_sizes=[60, 150]"}), "");
  EXPECT_THAT(refusal_of(file + "cluster_sizes = [60, 150]\n"), HasSubstr("case.toml:2: sample.clusters = 20: has no"));
  EXPECT_THAT(refusal_of("", {"sample.cluster_sizes=[60, 150]", "sample.clusters=20"}), HasSubstr("sample.clusters"));
  EXPECT_EQ(refusal_of("[material]\nD = \"1e-14 cm^2/s\"\n", {"truth_set=paper_literal"}), "");
  EXPECT_THAT(refusal_of("truth_set = \"paper_literal\"\n[material]\nD = \"1e-14 cm^2/s\"\n"), HasSubstr("material.D"));
  std::vector<std::string> notes;
  const test::ScratchDirectory folder;
  std::ofstream(folder.path() / "a.toml") << file;
  (void)load_scenario(folder.path() / "a.toml", Keys{"sample.cluster_sizes=[60, 150]"},
                      [&](const std::string& note) { notes.push_back(note); });
  EXPECT_THAT(notes, testing::ElementsAre(HasSubstr("sample.clusters = 20: has no effect")));
}

TEST(Applicability, AKeyBesideACampaignHasToReachOneOfItsRuns) {
  const test::ScratchDirectory folder;
  std::ofstream(folder.path() / "grid.toml") << "name = \"grid\"\n[scan]\nmode = \"grid\"\n";
  std::ofstream(folder.path() / "given.toml") << "name = \"given\"\n[sample]\ncluster_sizes = [60]\n";
  std::ofstream(folder.path() / "all.toml") << "job = \"campaign\"\n[campaign]\nruns = \"grid.toml, given.toml\"\n";
  std::ofstream(folder.path() / "one.toml") << "job = \"campaign\"\n[campaign]\nruns = \"given.toml\"\n";
  const Keys clusters{"sample.clusters=20"};
  EXPECT_EQ(jobs::plan_runs(folder.path() / "all.toml", folder.path() / "out", clusters).size(), 2U);
  EXPECT_THROW((void)jobs::plan_runs(folder.path() / "one.toml", folder.path() / "out", clusters), InputError);
}

TEST(GivenW, RefusesADiffusivityBesideItAndIsWrittenAsTheOneItStandsFor) {
  const std::string w = "job = \"simulate\"\n[cell]\nw = 100\n";
  EXPECT_THAT(refusal_of(w + "[material]\nD = \"1e-13 cm^2/s\"\n"), HasSubstr("has no effect because cell.w = 100"));
  EXPECT_THAT(refusal_of("job = \"simulate\"\n[material]\ndiffusion = \"single\"\n", {"cell.w=100"}),
              HasSubstr("has no effect because cell.w = 100"));
  const Scenario scenario = parse_scenario(w, "w");
  const Scenario again = parse_scenario(write_used(scenario), "again");
  // R^2 F v/(R_g T w), w = 100 at the default 25 nm, 50 mV/s, 298.15 K.
  const double D = 25e-9 * 25e-9 * constants::faraday * 0.05 / (constants::gas * 298.15 * 100.0);
  EXPECT_NEAR(again.twin.material.D.si(), D, 1e-14 * D);
  EXPECT_EQ(again.cell.w, 0.0);
  EXPECT_TRUE(same(jobs::simulate(again).trace, jobs::simulate(scenario).trace));
}

TEST(WrittenScenario, HoldsWhatWasUsedAndIsAcceptedAgain) {
  for (const RepresentativeCell& r : representatives()) {
    const Scenario scenario = scenario_of(r);
    EXPECT_EQ(refusal_of(write_used(scenario)), "") << r.name;
    EXPECT_TRUE(
        same(jobs::simulate(parse_scenario(write_used(scenario), r.name)).trace, jobs::simulate(scenario).trace))
        << r.name;
  }
  EXPECT_EQ(refusal_of(write_used(parse_scenario("", "scan"))), "");
}

}  // namespace
}  // namespace seccm::scenarios
