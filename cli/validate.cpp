#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/scan_progress.hpp"
#include "cli/scan_summary.hpp"
#include "cli/verbs.hpp"
#include "config/toml_source.hpp"
#include "files/atomic_file.hpp"
#include "jobs/judgement.hpp"
#include "jobs/threads.hpp"
#include "jobs/version.hpp"
#include "pipeline/report/report.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario_text.hpp"

namespace seccm::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using jobs::FinishedRun;
using jobs::Judgement;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void write_report(const std::vector<FinishedRun>& finished, const Judgement& judgement, const std::string& adjusted,
                  const fs::path& page) {
  std::vector<report::ReportInputs> parts;
  for (std::size_t k = 0; k < finished.size(); ++k) {
    const jobs::OpenedRun& run = judgement.runs[k];
    report::ReportInputs part;
    part.title = finished[k].plan.label;
    part.run = &run.run;
    if (run.results) part.results = &*run.results;
    part.truth = &run.truth;
    part.verdict = validation::verdict_sentence(judgement.summaries[k]);
    part.sections = validation::sections(judgement.summaries[k]);
    part.sections.insert(part.sections.begin(), section_of(finished[k].scan));
    parts.push_back(std::move(part));
  }
  if (!parts.empty()) {
    auto& sections = parts.front().sections;
    if (!adjusted.empty())
      sections.insert(sections.begin(), {.title = "What was adjusted to the paper", .intro = lines_of(adjusted)});
    for (const auto& comparison : judgement.paper)
      sections.insert(sections.begin(), validation::section_of(comparison));
  }
  report::write_html_report(parts, {today(), jobs::software()}, page);
}

/// The summary of a run with the outcome of its scan beside it.
Json document_of(const FinishedRun& run, const validation::ValidationSummary& summary) {
  Json json = Json::parse(validation::to_json(summary));
  json["label"] = run.plan.label;
  json["scan"] = to_json(run.scan);
  return json;
}

/// One run: its document. A campaign: {"runs": {folder: document}, "paper": {truth set: comparison}, "adjusted": text}.
Json document_of(const std::vector<FinishedRun>& finished, const Judgement& judgement, const std::string& adjusted,
                 bool campaign) {
  if (!campaign) return document_of(finished.front(), judgement.summaries.front());
  Json all{{"runs", Json::object()}, {"paper", Json::object()}};
  for (std::size_t k = 0; k < finished.size(); ++k) {
    all["runs"][finished[k].plan.directory.path.filename().string()] = document_of(finished[k], judgement.summaries[k]);
  }
  for (const auto& comparison : judgement.paper) {
    all["paper"][comparison.truth_set] = Json::parse(validation::to_json(comparison));
  }
  all["adjusted"] = adjusted;
  return all;
}

std::string text_of(const std::vector<FinishedRun>& finished, const Judgement& judgement, const std::string& adjusted) {
  std::string text;
  for (std::size_t k = 0; k < finished.size(); ++k) {
    text += fmt::format("== {} ==\n{}{}\n", finished[k].plan.label, to_text(finished[k].scan),
                        validation::to_text(judgement.summaries[k]));
  }
  for (const auto& comparison : judgement.paper) text += validation::to_text(comparison) + "\n";
  if (!adjusted.empty()) text += "Adjusted to the paper\n" + adjusted + "\n";
  return text;
}

int worst(const std::vector<FinishedRun>& finished) {
  int status = success;
  for (const auto& run : finished) status = std::max(status, status_of(run.scan.outcome.ending));
  return status;
}

/// Says on standard error which bounds are broken.
bool gate_holds(const std::string& gate, const std::string& document) {
  if (gate.empty()) return true;
  const auto broken = validation::broken_bounds(document, gate);
  for (const std::string& sentence : broken) fmt::print(stderr, "gate: {}\n", sentence);
  return broken.empty();
}

}  // namespace

int run(const ValidateOptions& options) {
  const InterruptWatch interrupt;
  jobs::set_threads(options.common.threads);
  const fs::path directory = options.directory;
  const fs::path file = scenarios::resolve_scenario(options.scenario);
  const auto plan = jobs::plan_runs(file, directory, options.common.overrides());
  const std::string adjusted = jobs::load_planned(file, options.common.overrides()).campaign.adjusted;
  const bool campaign = plan.size() != 1 || plan.front().directory.path != directory;
  const std::string gate = options.gate.empty() ? "" : scenarios::read_text_file(options.gate);
  if (!gate.empty()) (void)validation::broken_bounds("{}", gate);  // refuses what is not a gate before hours of work
  jobs::prepare_directory(directory);
  const fs::path page = directory / "report.html";
  const fs::path document = directory / "validation.json";
  files::require_writable(page);
  files::require_writable(document);

  ProgressLine line(!options.common.quiet);
  const auto finished =
      jobs::execute_all(plan, options.common.threads, interrupt.token(), [&](std::size_t k, const scan::Progress& p) {
        show(line, p, campaign ? fmt::format("{} ({} of {}): ", plan[k].label, k + 1, plan.size()) : "");
      });
  line.clear();

  const Judgement judgement = jobs::judge(finished, campaign);
  const std::string json = document_of(finished, judgement, adjusted, campaign).dump(2) + "\n";
  files::write_atomically(document, json);
  write_report(finished, judgement, adjusted, page);
  if (options.common.json) {
    print(json);
  } else {
    summarise(options.common, text_of(finished, judgement, adjusted));
  }
  note(options.common, fmt::format("written {}, {}", page.string(), document.string()));
  const int status = worst(finished);
  return status == success && !gate_holds(gate, json) ? gate_failed : status;
}

}  // namespace seccm::cli
