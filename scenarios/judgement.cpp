#include "scenarios/judgement.hpp"

namespace seccm::scenarios {
namespace {

bool is_grid(const FinishedRun& run) {
  return run.plan.scenario.scan.protocol.mode == scan::ScanMode::grid;
}

/// The array measured with the same truth set, on the same sample if there is one.
const validation::ValidationSummary* grid_for(std::span<const FinishedRun> finished, const Judgement& judgement,
                                              std::size_t smart) {
  const validation::ValidationSummary* found = nullptr;
  for (std::size_t k = 0; k < finished.size(); ++k) {
    const Scenario& scenario = finished[k].plan.scenario;
    if (!is_grid(finished[k]) || scenario.truth_set != finished[smart].plan.scenario.truth_set) continue;
    const bool same_sample = scenario.seed == finished[smart].plan.scenario.seed;
    if (found == nullptr || same_sample) found = &judgement.summaries[k];
  }
  return found;
}

}  // namespace

validation::JudgedRun OpenedRun::judged() const {
  return {&run.summary(), results ? &*results : nullptr, &truth, image_width, image_height};
}

OpenedRun open_run(const FinishedRun& finished) {
  const RunDirectory& directory = finished.plan.directory;
  OpenedRun opened{files::RunReader(directory.run()), std::nullopt, validation::read_truth(directory.truth())};
  if (finished.analysed) opened.results = files::read_results(directory.results());
  if (const auto image = opened.run.image("reference")) {
    opened.image_width = image->width;
    opened.image_height = image->height;
  }
  return opened;
}

Judgement judge(std::span<const FinishedRun> finished, bool with_paper) {
  Judgement judgement;
  std::vector<validation::JudgedRun> judged;
  for (const FinishedRun& run : finished) {
    judgement.runs.push_back(open_run(run));
    judged.push_back(judgement.runs.back().judged());
    judgement.summaries.push_back(validation::validate(judged.back(), run.plan.scenario.validation));
  }
  for (std::size_t k = 0; k < finished.size(); ++k) {
    if (is_grid(finished[k])) continue;
    const auto* grid = grid_for(finished, judgement, k);
    if (grid != nullptr) {
      validation::compare_with_grid(judgement.summaries[k], *grid, finished[k].plan.scenario.validation);
    }
  }
  if (with_paper && !finished.empty()) {
    judgement.paper = validation::compare_with_paper(judged, finished.front().plan.scenario.validation);
  }
  return judgement;
}

}  // namespace seccm::scenarios
