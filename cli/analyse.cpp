#include <fmt/format.h>

#include <algorithm>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "jobs/scan.hpp"
#include "jobs/threads.hpp"
#include "pipeline/report/estimate_table.hpp"
#include "pipeline/validation/reasons.hpp"
#include "sim/error.hpp"

namespace seccm::cli {
namespace {

namespace fs = std::filesystem;

fs::path results_beside(const fs::path& run) {
  fs::path name = run;
  if (name.stem().extension() == ".run") name.replace_extension();
  return name.replace_extension(".results.h5");
}

std::string summary(const files::Results& results) {
  const auto accepted = std::count_if(results.selections.begin(), results.selections.end(),
                                      [](const files::Selection& s) { return s.accepted; });
  std::string text = fmt::format("{} of {} voltammograms well defined\n", accepted, results.selections.size());
  validation::ReasonTally reasons;
  for (const files::Selection& s : results.selections) {
    if (!s.accepted) reasons.add(s.reason);
  }
  for (const auto& [reason, count] : reasons.counts()) text += fmt::format("  {:>4} x {}\n", count, reason);
  text += report::estimate_text(results);
  return text;
}

}  // namespace

int run(const AnalyseOptions& options) {
  jobs::set_threads(options.common.threads);
  if (options.common.seed) throw InputError("--seed: an analysis draws no random numbers; the seed belongs to `scan`");
  const fs::path output = options.output.empty() ? results_beside(options.run) : fs::path(options.output);
  files::require_writable(output);
  files::require_apart(output, {options.run});
  const files::Results results = jobs::analyse_run(options.run, options.common.sets);
  files::write_results(output, results);
  if (options.common.json) {
    print(files::to_json(results) + "\n");
  } else {
    summarise(options.common, summary(results) + fmt::format("  written {}\n", output.string()));
  }
  return success;
}

}  // namespace seccm::cli
