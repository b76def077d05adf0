#include "pipeline/report/report.hpp"

#include <fmt/format.h>

#include <optional>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "jobs/version.hpp"
#include "pipeline/report/estimate_table.hpp"
#include "pipeline/validation/reasons.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

namespace fs = std::filesystem;

/// "x.run.h5" and "x.h5" -> "x"
fs::path trunk(fs::path path) {
  path.replace_extension();
  for (const char* kind : {".run", ".results", ".truth"}) {
    if (path.extension() == kind) path.replace_extension();
  }
  return path;
}

fs::path first_existing(std::initializer_list<fs::path> candidates) {
  std::error_code code;
  for (const fs::path& candidate : candidates) {
    if (fs::is_regular_file(candidate, code)) return candidate;
  }
  return {};
}

/// The files of one run, as `scan`, `analyse` and `validate` name them.
struct Companions {
  fs::path run, results, truth;
};

Companions companions_of_run(const fs::path& run) {
  const fs::path directory = run.parent_path();
  const bool plain = run.filename() == "run.h5";  // the directory of `validate`
  Companions found{run, first_existing({trunk(run) += ".results.h5"}), first_existing({trunk(run) += ".truth.h5"})};
  fs::path beside = run;
  if (found.truth.empty()) found.truth = first_existing({beside.replace_extension(".truth.h5")});
  if (plain && found.results.empty()) found.results = first_existing({directory / "results.h5"});
  if (plain && found.truth.empty()) found.truth = first_existing({directory / "truth.h5"});
  return found;
}

/// What the given file is, and what lies beside it.
Companions companions_of(const fs::path& input) {
  std::string as_run;
  try {
    const files::RunReader probe(input);
    return companions_of_run(input);
  } catch (const InputError& error) {
    as_run = error.what();
  }
  files::Results results;
  try {
    results = files::read_results(input);
  } catch (const InputError& error) {
    throw InputError(
        fmt::format("{}: neither a run file ({}) nor a results file ({})", input.string(), as_run, error.what()));
  }
  const fs::path run = input.parent_path() / fs::path(results.run_file).filename();
  std::error_code code;
  if (results.run_file.empty() || !fs::is_regular_file(run, code)) return {{}, input, {}};
  Companions found = companions_of_run(run);
  found.results = input;
  return found;
}

}  // namespace

int run(const ReportOptions& options) {
  const fs::path input = options.input;
  const fs::path output = options.output.empty() ? trunk(input) += ".html" : fs::path(options.output);
  files::require_writable(output);
  files::require_apart(output, {input});
  const Companions found = companions_of(input);
  files::require_apart(output, {found.run, found.results, found.truth});

  std::optional<files::RunReader> reader;
  std::optional<files::Results> results;
  std::optional<validation::Truth> truth;
  if (!found.run.empty()) reader.emplace(found.run);
  if (!found.results.empty()) results = files::read_results(found.results);
  if (!found.truth.empty()) truth = validation::read_truth(found.truth);

  report::ReportInputs part;
  if (reader) {
    part.title = reader->summary().header.scenario_name;
  } else if (results) {
    part.title = results->scenario_name;
  }
  if (reader) part.run = &*reader;
  if (results) part.results = &*results;
  if (truth) part.truth = &*truth;
  if (results) {
    part.sections = report::estimate_sections(*results);
    const auto why = validation::remark_sections(validation::remarks(results->estimates));
    part.sections.insert(part.sections.end(), why.begin(), why.end());
  }
  report::write_html_report({part}, {today(), jobs::software()}, output);
  summarise(options.common, fmt::format("{}\n", output.string()));
  return success;
}

}  // namespace seccm::cli
