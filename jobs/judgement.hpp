// Finished runs joined with their truth: a summary of each, the array beside the smart scans, the paper's numbers
// beside both.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "jobs/campaign.hpp"
#include "pipeline/validation/paper_comparison.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::jobs {

/// The files of one finished run, read.
struct OpenedRun {
  files::RunReader run;
  std::optional<files::Results> results;  ///< none where the run could not be analysed
  validation::Truth truth;
  int image_width = 0, image_height = 0;                 ///< of the reference image, px; 0: there is none
  std::optional<validation::SimulatedArray> array = {};  ///< of a smart scan without a measured one

  [[nodiscard]] validation::JudgedRun judged() const;
};
OpenedRun open_run(const FinishedRun& finished);

struct Judgement {
  std::deque<OpenedRun> runs;
  std::vector<validation::ValidationSummary> summaries;  ///< one per run
  std::vector<validation::PaperComparison> paper;        ///< of a campaign: one per truth set
};

/// Reads the files of the runs back and judges them. A smart scan is compared with the regular array of the same truth
/// set, programme and pipette where the campaign measured one, else with one simulated on its own sample. `with_paper`:
/// compare the runs together with the reference measurement. Throws InputError.
Judgement judge(std::span<const FinishedRun> finished, bool with_paper);

}  // namespace seccm::jobs
