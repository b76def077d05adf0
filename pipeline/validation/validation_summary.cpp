#include "pipeline/validation/validation_summary.hpp"

#include <set>

#include "pipeline/validation/matching.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

void require_belonging(const JudgedRun& j) {
  if (j.run == nullptr || j.truth == nullptr) throw InputError("validation needs a run and its truth");
  const auto differ = [](const std::string& what, const std::string& a, const std::string& b) {
    throw InputError("the files do not belong together: the " + what + " of the run is " + a +
                     ", the other file says " + b);
  };
  if (j.run->header.seed != j.truth->seed)
    differ("seed", std::to_string(j.run->header.seed), std::to_string(j.truth->seed));
  if (j.run->header.scenario_name != j.truth->scenario_name)
    differ("scenario", "'" + j.run->header.scenario_name + "'", "'" + j.truth->scenario_name + "'");
  if (j.results != nullptr && j.results->seed != j.run->header.seed)
    differ("seed", std::to_string(j.run->header.seed), std::to_string(j.results->seed));
}

bool is_measured(const files::PointRecord& p) {
  return p.kind == files::PointKind::target || p.kind == files::PointKind::grid || p.kind == files::PointKind::blank;
}

void count_selections(const JudgedRun& j, ValidationSummary& s) {
  if (j.results == nullptr) return;
  std::set<int> measured;
  for (const auto& p : j.run->points)
    if (is_measured(p)) measured.insert(p.index);
  int accepted = 0, of = 0;
  ReasonTally rejected;
  for (const auto& selection : j.results->selections) {
    if (!measured.contains(selection.point)) continue;
    ++of;
    if (selection.accepted)
      ++accepted;
    else
      rejected.add(selection.reason);
  }
  s.rejected = rejected.counts();
  s.well_defined = share_of(accepted, of, s.confidence);
}

bool is_smart(const files::RunSummary& run) {
  for (const auto& p : run.points)
    if (p.kind == files::PointKind::target) return true;
  return false;
}

}  // namespace

ValidationSummary validate(const JudgedRun& j, const ValidationParameters& parameters) {
  require_valid(parameters);
  require_belonging(j);
  ValidationSummary s;
  s.scenario_name = j.truth->scenario_name;
  s.truth_set = j.truth->truth_set;
  s.run_status = j.run->status;
  s.seed = j.truth->seed;
  s.factor = parameters.factor;
  s.confidence = parameters.confidence;
  const auto match = match_landings(j.run->points, j.truth->landings);
  s.landing = landing_row(*j.run, *j.truth, match, parameters);
  s.registration = registration_row(*j.run, *j.truth, j.image_width, j.image_height);
  s.reference = reference_row(*j.run, *j.truth, parameters);
  s.economy = scan_economy(*j.run, j.results, *j.truth, match);
  count_selections(j, s);
  if (is_smart(*j.run) && j.array != nullptr) s.time_saved = time_saved_by_simulation(s.economy, *j.array, parameters);
  if (j.results != nullptr) {
    s.estimators = estimator_rows(*j.run, *j.results, *j.truth, match, parameters);
    s.bias_of_eq3 = bias_of_eq3(*j.run, *j.results, *j.truth, match, parameters);
    s.remarks = remarks(j.results->estimates);
  }
  return s;
}

void compare_with_grid(ValidationSummary& smart, const ValidationSummary& grid,
                       const ValidationParameters& parameters) {
  require_valid(parameters);
  smart.time_saved = time_saved_by_runs(smart.economy, grid.economy, parameters);
}

}  // namespace seccm::validation
