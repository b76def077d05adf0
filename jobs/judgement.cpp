#include "jobs/judgement.hpp"

#include "jobs/simulated_array.hpp"

namespace seccm::jobs {
namespace {

bool is_grid(const FinishedRun& run) {
  return run.plan.scenario.scan.protocol.mode == scan::ScanMode::grid;
}

/// The array measured with the same truth set, programme and pipette, on the same sample if there is one.
std::optional<std::size_t> grid_for(std::span<const FinishedRun> finished, std::size_t smart) {
  std::optional<std::size_t> found;
  for (std::size_t k = 0; k < finished.size(); ++k) {
    const scenarios::Scenario& scenario = finished[k].plan.scenario;
    const scenarios::Scenario& wanted = finished[smart].plan.scenario;
    if (!is_grid(finished[k]) || scenario.truth_set != wanted.truth_set || !same_measurement(scenario, wanted))
      continue;
    if (!found || scenario.seed == wanted.seed) found = k;
  }
  return found;
}

}  // namespace

validation::JudgedRun OpenedRun::judged() const {
  return {&run.summary(), results ? &*results : nullptr, &truth, image_width, image_height, array ? &*array : nullptr};
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
  for (std::size_t k = 0; k < finished.size(); ++k) {
    const scenarios::Scenario& scenario = finished[k].plan.scenario;
    judgement.runs.push_back(open_run(finished[k]));
    if (!is_grid(finished[k]) && !grid_for(finished, k)) judgement.runs.back().array = simulated_array(scenario);
    judged.push_back(judgement.runs.back().judged());
    judgement.summaries.push_back(validation::validate(judged.back(), scenario.validation));
  }
  for (std::size_t k = 0; k < finished.size(); ++k) {
    if (is_grid(finished[k])) continue;
    if (const auto grid = grid_for(finished, k)) {
      validation::compare_with_grid(judgement.summaries[k], judgement.summaries[*grid],
                                    finished[k].plan.scenario.validation);
    }
  }
  if (with_paper && !finished.empty()) {
    judgement.paper = validation::compare_with_paper(judged, finished.front().plan.scenario.validation);
  }
  return judgement;
}

}  // namespace seccm::jobs
