#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/progress_line.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "files/table.hpp"
#include "jobs/ensemble.hpp"
#include "jobs/simulate.hpp"
#include "jobs/threads.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

std::string_view name_of(models::EngineKind engine) {
  return models::engine_names[static_cast<std::size_t>(engine)];
}

nlohmann::json peak_json(const models::TracePeak& peak) {
  return {{"current_A", peak.current},
          {"error_A", peak.error},
          {"potential_V", peak.E_vs_Li},
          {"between_rows", peak.between_rows}};
}

std::string peak_text(const models::TracePeak& peak) {
  return fmt::format("{:12.6g} A +- {:.1e} at {:.4f} V vs Li/Li+{}", peak.current, peak.error, peak.E_vs_Li,
                     peak.between_rows ? "" : ", of the rows");
}

nlohmann::json simulation_json(const scenarios::Scenario& scenario, const models::EngineChoice& engine,
                               const jobs::TraceSummary& s) {
  nlohmann::json json = {{"scenario", scenario.name},
                         {"seed", scenario.seed},
                         {"engine", {{"name", name_of(engine.engine)}, {"why", engine.why}}},
                         {"rows", s.rows},
                         {"duration_s", s.duration},
                         {"peak_anodic", peak_json(s.anodic)},
                         {"peak_cathodic", peak_json(s.cathodic)},
                         {"charge_C", s.charge},
                         {"charge_error_C", s.charge_error},
                         {"lithium_charge_C", s.lithium_charge},
                         {"lithium_charge_error_C", s.lithium_error},
                         {"relative_error", s.relative_error}};
  if (s.liquid.present) {
    json["liquid"] = {{"lowest_salt_mol_m3", s.liquid.lowest_salt},
                      {"highest_salt_mol_m3", s.liquid.highest_salt},
                      {"largest_ohmic_drop_V", s.liquid.ohmic_drop},
                      {"largest_concentration_potential_V", s.liquid.concentration_potential}};
  }
  return json;
}

void print_text(const scenarios::Scenario& scenario, const models::EngineChoice& engine, const jobs::TraceSummary& s) {
  print(
      fmt::format("{}: {} rows over {}\n"
                  "  engine                    {}: {}\n"
                  "  largest anodic current    {}\n"
                  "  largest cathodic current  {}\n"
                  "  net charge                {:12.6g} C +- {:.1e}\n",
                  scenario.name, s.rows, in_words(s.duration), name_of(engine.engine), engine.why, peak_text(s.anodic),
                  peak_text(s.cathodic), s.charge, s.charge_error));
  if (!s.liquid.present) return;
  print(
      fmt::format("  salt at the surface       {:12.6g} to {:.6g} mol/L\n"
                  "  ohmic drop, at most       {:12.6g} mV; concentration potential {:.6g} mV\n",
                  s.liquid.lowest_salt * 1e-3, s.liquid.highest_salt * 1e-3, s.liquid.ohmic_drop * 1e3,
                  s.liquid.concentration_potential * 1e3));
}

/// Refuses a file of slopes that nothing would fill.
void check_sensitivities(const SimulateOptions& options, const scenarios::Scenario& scenario) {
  if (options.sensitivities.empty() || !scenario.twin.numerics.sensitivities.empty()) return;
  throw InputError(
      fmt::format("--sensitivities {}: none is asked for; name them in the scenario or with --set "
                  "numerics.sensitivities=\"material.D, cell.radius\"",
                  options.sensitivities));
}

nlohmann::json simulation_json(const scenarios::Scenario& scenario, const jobs::EnsembleSummary& s) {
  nlohmann::json unknowns = nlohmann::json::array();
  for (const auto& unknown : s.unknowns) {
    const bool bounded = std::isfinite(unknown.median_bound);
    unknowns.push_back({{"name", unknown.name},
                        {"median_bound", bounded ? nlohmann::json(unknown.median_bound) : nlohmann::json()},
                        {"measurable_share", unknown.measurable}});
  }
  return {{"scenario", scenario.name},
          {"seed", scenario.seed},
          {"cells", s.cells},
          {"rows", s.rows},
          {"median_peak_anodic",
           {{"current_A", s.median_peak_anodic_current}, {"potential_V", s.median_peak_anodic_potential}}},
          {"median_peak_cathodic",
           {{"current_A", s.median_peak_cathodic_current}, {"potential_V", s.median_peak_cathodic_potential}}},
          {"measurable_below", scenario.ensemble.measurable_below},
          {"unknowns", unknowns}};
}

void print_text(const scenarios::Scenario& scenario, const jobs::EnsembleSummary& s) {
  print(
      fmt::format("{}: {} cells of {} rows\n"
                  "  median anodic peak        {:12.6g} A at {:.4f} V vs Li/Li+\n"
                  "  median cathodic peak      {:12.6g} A at {:.4f} V vs Li/Li+\n",
                  scenario.name, s.cells, s.rows, s.median_peak_anodic_current, s.median_peak_anodic_potential,
                  s.median_peak_cathodic_current, s.median_peak_cathodic_potential));
  for (const auto& unknown : s.unknowns) {
    print(fmt::format("  {:<12} least error {:.3g} (median of the cells); below {:.3g} in {:.1f} % of them\n",
                      unknown.name, unknown.median_bound, scenario.ensemble.measurable_below,
                      unknown.measurable * 100.0));
  }
}

int simulate_ensemble(const SimulateOptions& options, const scenarios::Scenario& scenario,
                      const std::function<bool(double)>& progress, ProgressLine& line) {
  const jobs::EnsembleResult result = jobs::run_ensemble(scenario, progress);
  line.clear();
  if (!options.csv.empty()) jobs::write_ensemble_csv(options.csv, result);
  if (!options.output.empty()) jobs::write_ensemble_hdf5(options.output, result, scenario);
  const jobs::EnsembleSummary summary = jobs::summarise(scenario, result);
  if (options.common.json) {
    print(simulation_json(scenario, summary).dump(2) + "\n");
  } else if (!options.common.quiet) {
    print_text(scenario, summary);
  }
  return success;
}

int simulate_cell(const SimulateOptions& options, const scenarios::Scenario& scenario,
                  const std::function<bool(double)>& progress, ProgressLine& line) {
  const jobs::Simulation run = jobs::simulate(scenario, progress);
  line.clear();
  if (!options.csv.empty()) jobs::write_trace_csv(options.csv, run.trace);
  if (!options.sensitivities.empty()) jobs::write_sensitivity_csv(options.sensitivities, run);
  if (!options.output.empty()) jobs::write_trace_hdf5(options.output, run, scenario);
  const jobs::TraceSummary summary = jobs::summarise(run);
  for (const std::string& remark : jobs::remarks_on(run)) note(options.common, "Note: " + remark);
  if (options.common.json) {
    print(simulation_json(scenario, run.engine, summary).dump(2) + "\n");
  } else if (!options.common.quiet) {
    print_text(scenario, run.engine, summary);
  }
  return success;
}

}  // namespace

int run(const SimulateOptions& options) {
  const InterruptWatch interrupt;
  jobs::set_threads(options.common.threads);
  const auto file = scenarios::resolve_scenario(options.scenario);
  const auto scenario = scenarios::load_scenario(
      file, options.common.overrides(), [&](const std::string& text) { note(options.common, "Note: " + text); });
  check_sensitivities(options, scenario);
  for (const std::string& path : {options.csv, options.output, options.sensitivities}) {
    if (path.empty()) continue;
    files::require_writable(path);
    files::require_apart(path, {file});
  }
  if (!options.output.empty() && scenario.job == scenarios::Job::simulate)
    jobs::require_rows(scenario, files::most_table_rows, options.output);
  for (const std::string& warning : jobs::warnings_of(scenario)) note(options.common, "Note: " + warning);
  ProgressLine line(!options.common.quiet);
  const auto progress = [&](double fraction) {
    line.show(scenario.name, fraction);
    return !interrupt.requested();
  };
  const bool ensemble = scenario.job == scenarios::Job::ensemble;
  const int status = ensemble ? simulate_ensemble(options, scenario, progress, line)
                              : simulate_cell(options, scenario, progress, line);
  if (options.csv.empty() && options.output.empty() && options.sensitivities.empty())
    note(options.common, "Nothing written: give --csv FILE or -o FILE.");
  return status;
}

}  // namespace seccm::cli
