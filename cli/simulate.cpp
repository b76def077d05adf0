#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/simulate_job.hpp"
#include "scenarios/threads.hpp"

namespace seccm::cli {
namespace {

nlohmann::json to_json(const scenarios::Scenario& scenario, const scenarios::TraceSummary& s) {
  return {{"scenario", scenario.name},
          {"seed", scenario.seed},
          {"rows", s.rows},
          {"duration_s", s.duration},
          {"peak_anodic", {{"current_A", s.peak_anodic_current}, {"potential_V", s.peak_anodic_potential}}},
          {"peak_cathodic", {{"current_A", s.peak_cathodic_current}, {"potential_V", s.peak_cathodic_potential}}},
          {"charge_C", s.charge},
          {"lithium_charge_C", s.lithium_charge}};
}

}  // namespace

int run(const SimulateOptions& options) {
  const InterruptWatch interrupt;
  scenarios::set_threads(options.common.threads);
  const auto scenario =
      scenarios::load_scenario(scenarios::resolve_scenario(options.scenario), options.common.overrides());
  for (const std::string& path : {options.csv, options.output}) {
    if (!path.empty()) files::require_writable(path);
  }
  for (const std::string& warning : scenarios::warnings_of(scenario)) note(options.common, "Note: " + warning);
  ProgressLine progress(!options.common.quiet);
  const models::Trace trace = scenarios::simulate(scenario, [&](double fraction) {
    progress.show(scenario.name, fraction);
    return !interrupt.requested();
  });
  progress.clear();
  if (!options.csv.empty()) scenarios::write_trace_csv(options.csv, trace);
  if (!options.output.empty()) scenarios::write_trace_hdf5(options.output, trace, scenario);
  const scenarios::TraceSummary s = scenarios::summarise(trace);
  if (options.common.json) {
    print(to_json(scenario, s).dump(2) + "\n");
    return success;
  }
  print(
      fmt::format("{}: {} rows over {}\n"
                  "  largest anodic current    {:12.6g} A at {:.4f} V vs Li/Li+\n"
                  "  largest cathodic current  {:12.6g} A at {:.4f} V vs Li/Li+\n"
                  "  net charge                {:12.6g} C\n",
                  scenario.name, s.rows, in_words(s.duration), s.peak_anodic_current, s.peak_anodic_potential,
                  s.peak_cathodic_current, s.peak_cathodic_potential, s.charge));
  if (options.csv.empty() && options.output.empty())
    note(options.common, "Nothing written: give --csv FILE or -o FILE.");
  return success;
}

}  // namespace seccm::cli
