// The numbers of the whole chain: every ready-made scan in a short form, measured, analysed blind and judged, with its
// truths, what the scan found of its rig, and the medians of estimates and stated errors pinned in
// tests/data/chain_*.csv (scenario, row, value, bound). Nothing in the chain may change a number by more than its own
// noise without being seen.
//
// The bounds stand beside the values and follow from what the run states when the file is made:
//   truth     of the material: rounding, 1e-9. Of the landings: the map is known to its residual ρ over √n matches, and
//             a footprint of diameter d that lies ρ/√n elsewhere wets 4ρ/(d√n) of its area otherwise; an array has
//             no map, its bound is a word of the stage, 3 nm.
//   scan      counts: exact. Preflight: five standard errors of what the noise allows (flicker counts once). Potential
//             and current of the reference: its stated error, and 1 %.
//   estimate  three standard errors of the median, 1.25 σ/√n with the stated σ; without one, a hundredth. The stated
//             error itself: noise is measured in 24 blocks, 1/√48 = 14 %, three of them. What is no noise in it (areas,
//             volumes and the model of the current, each a parameter of the analysis) is set to nothing here, so that
//             the bounds are those of the noise.
// After a change that is meant to move numbers:  SECCM_PIN_CHAIN=1 build/release/tests/test_scenarios
// --gtest_filter='Chains/*'   writes the three files anew; the difference belongs into the commit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "jobs/campaign.hpp"
#include "jobs/judgement.hpp"
#include "pipeline/validation/statistics.hpp"
#include "scenarios/library.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;

struct Pin {
  double value = 0.0, bound = 0.0;
};
using Pins = std::map<std::string, Pin>;  // by row

double relative(double value, double share) {
  return std::abs(value) * share + 1e-300;
}

/// Five of them: counts, geometry, electrolyte and lithium of all landings together.
void add_landings(Pins& pins, const validation::Truth& truth, double share) {
  const auto sum = [&](const char* row, auto member) {
    double total = 0.0;
    for (const auto& landing : truth.landings) total += member(landing);
    pins[row] = {total, relative(total, share)};
  };
  using L = validation::TrueLanding;
  sum("landings", [](const L&) { return 1.0; });
  pins["landings"].bound = 0.5;
  sum("wetted particles", [](const L& l) { return static_cast<double>(l.wetted_particles); });
  sum("wetted area, m2", [](const L& l) { return l.wetted_area; });
  sum("wetted volume, m3", [](const L& l) { return l.wetted_volume; });
  sum("cluster volume, m3", [](const L& l) { return l.cluster_volume; });
  sum("cluster projected area, m2", [](const L& l) { return l.cluster_projected_area; });
  sum("gold area, m2", [](const L& l) { return l.gold_area; });
  sum("footprint diameter, m", [](const L& l) { return l.footprint_diameter; });
  sum("series resistance, Ohm", [](const L& l) { return l.series_resistance; });
  sum("QRCE offset, V", [](const L& l) { return l.qrce_offset_vs_Li; });
  sum("mean radius, m", [](const L& l) { return l.mean_radius; });
  sum("x reached", [](const L& l) { return l.x_max; });
  sum("x left", [](const L& l) { return l.x_min; });
  sum("reversals of x", [](const L& l) { return static_cast<double>(l.x_turns.size()); });
}

Pins truth_pins(const jobs::OpenedRun& run) {
  const validation::Truth& t = run.truth;
  Pins pins;
  const std::pair<const char*, double> material[] = {{"D intercalation, m2/s", t.D_intercalation},
                                                     {"D deintercalation, m2/s", t.D_deintercalation},
                                                     {"k0, m/s", t.k0},
                                                     {"alpha", t.alpha},
                                                     {"c_max, mol/m3", t.c_max},
                                                     {"x_max", t.x_max},
                                                     {"E0, V", t.E0_vs_Li},
                                                     {"drift x, m/s", t.sample_drift_x},
                                                     {"drift y, m/s", t.sample_drift_y}};
  for (const auto& [row, value] : material) pins[row] = {value, relative(value, 1e-9)};
  const auto& map = run.run.summary().registration;
  const double off =
      map.valid ? map.residual_rms / std::sqrt(static_cast<double>(std::max<std::size_t>(1, map.matches.size())))
                : 3e-9;
  add_landings(pins, t, 4.0 * off / run.run.summary().header.pipette_diameter);
  return pins;
}

Pins scan_pins(const jobs::FinishedRun& finished, const jobs::OpenedRun& run,
               const validation::ValidationSummary& summary) {
  const scan::ScanOutcome& o = finished.scan.outcome;
  const auto& p = run.run.summary().preflight;
  Pins pins;
  const std::pair<const char*, double> counts[] = {{"objects", o.objects_detected},
                                                   {"points planned", o.points_planned},
                                                   {"points in contact", o.points_contacted},
                                                   {"points complete", o.points_complete},
                                                   {"points ok", o.points_ok},
                                                   {"landings", o.landings},
                                                   {"false contacts", o.false_contacts},
                                                   {"micrographs", finished.scan.micrographs},
                                                   {"well defined", summary.well_defined.count},
                                                   {"on particles", summary.landing.on_particles.count},
                                                   {"blank truly", summary.landing.blank_truly_blank.count}};
  for (const auto& [row, value] : counts) pins[row] = {value, 0.5};
  pins["current offset, A"] = {p.current_offset, p.current_noise_rms};
  pins["current noise, A"] = {p.current_noise_rms, 5 * p.current_noise_rms / std::sqrt(2 * 973.0)};
  pins["stray capacitance, F"] = {p.stray_capacitance, 5 * p.current_noise_rms / (0.5 * std::sqrt(350.0))};
  const auto& reference = run.run.summary().reference_calibrations;
  for (std::size_t k = 0; k < reference.size(); ++k) {
    const std::string of = "reference " + std::to_string(k + 1);
    pins[of + ", V"] = {reference[k].offset_vs_Li, reference[k].standard_error};
    pins[of + " limiting current, A"] = {reference[k].limiting_current, relative(reference[k].limiting_current, 0.01)};
    pins[of + " stated error, V"] = {reference[k].standard_error, 0.42 * reference[k].standard_error};
  }
  // Of the twin: nearer to the truth than its stated error says in most cases, never beyond four of them.
  pins["aim, m"] = {summary.landing.aim.median, std::max(run.run.summary().registration.residual_rms, 3e-9)};
  pins["registration, m"] = {summary.registration.field_rms, run.run.summary().registration.residual_rms};
  pins["duration, s"] = {o.duration, relative(o.duration, 0.01)};
  pins["lateral path, m"] = {o.travel_xy, relative(o.travel_xy, 0.01)};
  pins["vertical path, m"] = {o.travel_z, relative(o.travel_z, 0.01)};
  return pins;
}

Pins estimate_pins(const files::Results& results) {
  struct Collected {
    std::vector<double> values, stated;
  };
  std::map<std::string, Collected> rows;
  for (const files::Estimate& e : results.estimates) {
    if (e.value == 0.0 || e.cycle != 0) continue;  // a reason instead of a number; one cycle of several
    std::ostringstream row;
    row << e.estimator << '/' << e.quantity << '/' << e.direction << '/' << e.scan_rate;
    rows[row.str()].values.push_back(e.value);
    rows[row.str()].stated.push_back(e.standard_error);
  }
  Pins pins;
  for (const auto& [row, c] : rows) {
    const auto n = static_cast<double>(c.values.size());
    const double value = validation::median(c.values), stated = validation::median(c.stated);
    pins[row + " n"] = {n, 0.5};
    pins[row] = {value, stated > 0.0 ? 3.0 * 1.25 * stated / std::sqrt(n) : relative(value, 0.01)};
    if (stated > 0.0) pins[row + " stated"] = {stated, 0.42 * stated};
  }
  return pins;
}

fs::path file_of(const std::string& kind) {
  return fs::path(SECCM_TEST_DATA) / ("chain_" + kind + ".csv");
}

using File = std::map<std::string, Pins>;  // by scenario
File read_pins(const std::string& kind) {
  File file;
  std::ifstream in(file_of(kind));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    // A name of a row may hold a comma: the numbers are behind the last two.
    const auto last = line.rfind(';'), before = line.rfind(';', last - 1), first = line.find(';');
    file[line.substr(0, first)][line.substr(first + 1, before - first - 1)] = {
        std::stod(line.substr(before + 1, last - before - 1)), std::stod(line.substr(last + 1))};
  }
  return file;
}

void write_pins(const std::string& kind, const File& file) {
  std::ofstream out(file_of(kind));
  out << "scenario;row;value;bound\n";
  out.precision(10);
  for (const auto& [scenario, pins] : file)
    for (const auto& [row, pin] : pins) out << scenario << ';' << row << ';' << pin.value << ';' << pin.bound << '\n';
}

void compare(const std::string& kind, const std::string& scenario, const Pins& found) {
  File file = read_pins(kind);
  if (std::getenv("SECCM_PIN_CHAIN") != nullptr) {
    file[scenario] = found;
    write_pins(kind, file);
    return;
  }
  const Pins& pins = file[scenario];
  for (const auto& [row, pin] : pins) {
    const auto at = found.find(row);
    if (at == found.end()) {
      ADD_FAILURE() << kind << ": " << row << " is gone";
      continue;
    }
    EXPECT_NEAR(at->second.value, pin.value, pin.bound) << kind << ": " << row;
    // A bound that grows says that something is known less well.
    EXPECT_LE(at->second.bound, 1.5 * pin.bound) << kind << ": bound of " << row;
    EXPECT_GE(at->second.bound, pin.bound / 1.5) << kind << ": bound of " << row;
  }
  for (const auto& [row, pin] : found) EXPECT_TRUE(pins.contains(row)) << kind << ": " << row << " is new";
}

/// What needs no pin: the twin's own values, within what noise allows.
void expect_true(const jobs::FinishedRun& finished, const jobs::OpenedRun& run) {
  const files::RunSummary& measured = run.run.summary();
  const auto& amplifier = finished.plan.scenario.twin.amplifier;
  const auto& p = measured.preflight;
  // C = Δi/(2v) from 175 frames a ramp, of which the last is cut short; the offset wanders by the flicker of a frame.
  EXPECT_NEAR(p.stray_capacitance, amplifier.stray_capacitance.si(),
              5 * p.current_noise_rms / (0.5 * std::sqrt(350.0)) + amplifier.stray_capacitance.si() / 175);
  EXPECT_NEAR(p.current_offset, amplifier.offset.si(), 3 * p.current_noise_rms);
  for (const auto& calibration : measured.reference_calibrations) {
    const auto nearest = std::min_element(
        run.truth.landings.begin(), run.truth.landings.end(),
        [&](const auto& a, const auto& b) { return std::abs(a.t - calibration.t) < std::abs(b.t - calibration.t); });
    EXPECT_NEAR(calibration.offset_vs_Li, nearest->qrce_offset_vs_Li, 4 * calibration.standard_error);
  }
}

class Chain : public ::testing::TestWithParam<const char*> {};

TEST_P(Chain, KeepsItsNumbers) {
  const test::ScratchDirectory directory;
  std::vector<std::string> keys{"scan.points=6",  "scan.blanks=2", "scan.grid_points=6", "scan.landing_images=1",
                                "scan.average=4", "cv.hold=0.2 s", "cv.rest=0.2 s"};
  for (const char* no_noise : {"pipette_area", "micrograph_volume", "current_model"})
    keys.push_back(std::string("analysis.") + no_noise + "_error=0");
  const std::string name = GetParam();
  // Three rates where the law of the rate is asked for; two cycles where a first one is left out.
  keys.emplace_back(name == "paper_fig3" ? "cv.scan_rates=[\"1 V/s\", \"2 V/s\", \"4 V/s\"]"
                                         : "cv.scan_rates=[\"2 V/s\"]");
  if (name == "paper_fig2") keys.erase(keys.begin(), keys.begin() + 2);
  const auto plan = jobs::plan_runs(resolve_scenario(name), directory / "out", keys);
  ASSERT_EQ(plan.size(), 1U);
  const std::vector<jobs::FinishedRun> finished{jobs::execute(plan[0], {})};
  ASSERT_EQ(finished[0].scan.outcome.ending, scan::Ending::complete) << finished[0].scan.outcome.message;
  ASSERT_TRUE(finished[0].analysed);
  const jobs::Judgement judgement = jobs::judge(finished, false);
  const jobs::OpenedRun& run = judgement.runs.front();
  expect_true(finished[0], run);
  compare("truth", name, truth_pins(run));
  compare("scan", name, scan_pins(finished[0], run, judgement.summaries.front()));
  compare("estimates", name, estimate_pins(*run.results));
}

INSTANTIATE_TEST_SUITE_P(Chains, Chain,
                         testing::Values("quickstart", "paper_fig2", "paper_fig3", "paper_fig4", "paper_fig4_100",
                                         "hopping_grid"),
                         [](const auto& scan) { return std::string(scan.param); });

}  // namespace
}  // namespace seccm::scenarios
