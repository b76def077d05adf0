#include <fmt/format.h>

#include <functional>

#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/scan_progress.hpp"
#include "cli/scan_summary.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "jobs/scan.hpp"
#include "jobs/threads.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

namespace fs = std::filesystem;

jobs::ScanFiles files_of(const ScanOptions& options, const scenarios::Scenario& scenario) {
  fs::path run = options.output.empty() ? fs::path(scenario.name + ".run.h5") : fs::path(options.output);
  fs::path truth = run;
  truth.replace_extension(".truth.h5");
  return {std::move(run), std::move(truth)};
}

int rescue(const ScanOptions& options, const fs::path& run) {
  const files::Recovery found = jobs::rescue_run(run);
  if (options.common.json) {
    const nlohmann::ordered_json json{{"run", run.string()},
                                      {"status", "interrupted"},
                                      {"frames", found.frames},
                                      {"points", found.points},
                                      {"torn_bytes", found.torn_bytes}};
    print(json.dump(2) + "\n");
  } else {
    summarise(
        options.common,
        fmt::format("{}: {} points and {} frames rescued from the journal ({} bytes behind the last whole record left "
                    "out)\n",
                    run.string(), found.points, found.frames, found.torn_bytes));
  }
  return success;
}

/// Where an instrument ended the scan: how it goes on.
std::string goes_on(const ScanOptions& options, const jobs::ScanFiles& target, const jobs::ScanReport& report) {
  if (!report.resumable) return "";
  return fmt::format(
      "  goes on      when the instrument is back, behind the last whole point: `seccm scan {} -o {} --resume "
      "--allow-motion`, with the same --set and --seed, from {}\n",
      options.scenario, target.run.string(), jobs::journal_of(target.run).string());
}

/// What the machine could not give ends a scan, but takes nothing of it: the text says where it is and how it goes on.
jobs::ScanReport scanned(const ScanOptions& options, const jobs::ScanFiles& target,
                         const std::function<jobs::ScanReport()>& run) {
  try {
    return run();
  } catch (const ResourceError& error) {
    std::error_code code;
    const fs::path journal = jobs::journal_of(target.run);
    if (!fs::exists(journal, code)) throw;
    throw ResourceError(fmt::format("{}. What was measured is in '{}': `seccm scan {} -o {} --resume` goes on with it",
                                    error.what(), journal.string(), options.scenario, target.run.string()));
  }
}

}  // namespace

int run(const ScanOptions& options) {
  const InterruptWatch interrupt;
  jobs::set_threads(options.common.threads);
  const fs::path file = scenarios::resolve_scenario(options.scenario);
  const auto scenario = scenarios::load_scenario(
      file, options.common.overrides(), [&](const std::string& text) { note(options.common, "Note: " + text); });
  const jobs::ScanFiles target = files_of(options, scenario);
  files::require_apart(target.run, {file});
  files::require_apart(target.truth, {file});
  if (options.rescue) return rescue(options, target.run);

  const bool on_hardware = scenario.rig.sequencer == scenarios::SequencerSource::hardware;
  if (on_hardware && options.resume && options.allow_motion && fs::exists(jobs::journal_of(target.run))) {
    note(options.common,
         "--resume on hardware: points that the journal holds are not measured again. That is right only if nobody has "
         "touched pipette and sample since; if one was touched, stop here and take --rescue");
  }
  ProgressLine line(!options.common.quiet);
  const jobs::ScanReport report = scanned(options, target, [&] {
    return jobs::run_scan(scenario, target, interrupt.token(), [&](const scan::Progress& p) { show(line, p); },
                          {.start = options.resume ? jobs::ScanStart::resume : jobs::ScanStart::anew,
                           .allow_motion = options.allow_motion});
  });
  line.clear();
  if (on_hardware && scenario.micrograph_survey.enabled) {
    note(options.common,
         "micrograph_survey.enabled = true: no micrographs, an electron microscope is no part of the rig");
  }
  if (report.still_catching_up) {
    note(options.common, report.outcome.message);
    return interrupted_status;
  }
  if (options.common.json) {
    nlohmann::ordered_json json = to_json(report);
    json["run"] = target.run.string();
    if (report.has_truth) json["truth"] = target.truth.string();
    if (report.resumable) json["journal"] = jobs::journal_of(target.run).string();
    print(json.dump(2) + "\n");
  } else {
    summarise(options.common, to_text(report) +
                                  fmt::format("  written      {}{}\n", target.run.string(),
                                              report.has_truth ? ", " + target.truth.string() : std::string()) +
                                  goes_on(options, target, report));
  }
  const int status = status_of(report.outcome.ending);
  if (status != success && options.common.quiet && !options.common.json) {
    fmt::print(stderr, "seccm: {}\n", report.outcome.message);
  }
  return status;
}

}  // namespace seccm::cli
