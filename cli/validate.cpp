#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/scan_progress.hpp"
#include "cli/scan_summary.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "pipeline/report/report.hpp"
#include "scenarios/campaign.hpp"
#include "scenarios/library.hpp"

namespace seccm::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// The files of one finished run, opened for the report.
struct OpenRun {
  files::RunReader run;
  std::optional<files::Results> results;
  validation::Truth truth;
};

OpenRun open(const scenarios::FinishedRun& finished) {
  const auto& directory = finished.plan.directory;
  OpenRun open{files::RunReader(directory.run()), std::nullopt, validation::read_truth(directory.truth())};
  if (finished.analysed) open.results = files::read_results(directory.results());
  return open;
}

void write_report(const std::vector<scenarios::FinishedRun>& finished, const std::vector<OpenRun>& runs,
                  const fs::path& page) {
  std::vector<report::ReportInputs> parts;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    report::ReportInputs part;
    part.title = finished[k].plan.label;
    part.run = &runs[k].run;
    if (runs[k].results) part.results = &*runs[k].results;
    part.truth = &runs[k].truth;
    part.tables.push_back({"Scan", to_text(finished[k].scan)});
    parts.push_back(std::move(part));
  }
  report::write_html_report(parts, page);
}

int worst(const std::vector<scenarios::FinishedRun>& finished) {
  int status = success;
  for (const auto& run : finished) status = std::max(status, status_of(run.scan.outcome.ending));
  return status;
}

}  // namespace

int run(const ValidateOptions& options) {
  const InterruptWatch interrupt;
  const fs::path directory = options.directory;
  const auto plan =
      scenarios::plan_runs(scenarios::resolve_scenario(options.scenario), directory, options.common.overrides());
  scenarios::prepare_directory(directory);
  const fs::path page = directory / "report.html";
  const fs::path document = directory / "validation.json";
  files::require_writable(page);
  files::require_writable(document);

  ProgressLine line(!options.common.quiet);
  const auto finished = scenarios::execute_all(
      plan, options.common.threads, interrupt.token(), [&](std::size_t k, const scan::Progress& p) {
        show(line, p, plan.size() > 1 ? fmt::format("{} ({} of {}): ", plan[k].label, k + 1, plan.size()) : "");
      });
  line.clear();

  std::vector<OpenRun> runs;
  for (const auto& run : finished) runs.push_back(open(run));
  write_report(finished, runs, page);
  Json json = Json::array();
  std::string text;
  for (const auto& run : finished) {
    Json entry{{"label", run.plan.label}, {"scan", to_json(run.scan)}};
    json.push_back(std::move(entry));
    text += run.plan.label + "\n" + to_text(run.scan);
  }
  files::write_atomically(document, json.dump(2) + "\n");
  print(options.common.json ? json.dump(2) + "\n" : text);
  note(options.common, fmt::format("written {}, {}", page.string(), document.string()));
  return worst(finished);
}

}  // namespace seccm::cli
