#include "pipeline/validation/scan_economy.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace seccm::validation {
namespace {

bool is_measured(const files::PointRecord& p) {
  return p.kind == files::PointKind::target || p.kind == files::PointKind::blank || p.kind == files::PointKind::grid;
}

int nodes_along(double length, double pitch) {
  return std::max(1, static_cast<int>(std::lround(length / pitch)));
}

std::set<int> accepted_points(const files::Results* results) {
  std::set<int> accepted;
  if (results == nullptr) return accepted;
  for (const auto& s : results->selections)
    if (s.accepted) accepted.insert(s.point);
  return accepted;
}

/// A mean that grows.
struct RunningMean {
  double sum = 0.0;
  int n = 0;
  void add(double value) {
    sum += value;
    ++n;
  }
  [[nodiscard]] double value() const { return n > 0 ? sum / n : 0.0; }
};

/// Adds up the measured points.
class PointTally {
 public:
  PointTally(const Truth& truth, const std::set<int>& accepted) : truth_(truth), accepted_(accepted) {}

  void add(const files::PointRecord& p, int landing, ScanEconomy& e) {
    const bool accepted = accepted_.contains(p.index);
    const TrueLanding* l = landing < 0 ? nullptr : &truth_.landings[static_cast<std::size_t>(landing)];
    const bool on_particles = l != nullptr && p.contact && l->cluster >= 0 && l->wetted_particles > 0;
    ++e.points;
    if (accepted) ++e.well_defined;
    if (on_particles) ++e.on_particles;
    (on_particles ? on_particles_ : on_gold_).add(p.t_end - p.t_start);
    if (!on_particles) return;
    (accepted ? accepted_areas_ : rejected_areas_).push_back(l->wetted_area);
    if (accepted) clusters_.insert(l->cluster);
  }

  void finish(ScanEconomy& e) const {
    e.useful = static_cast<int>(clusters_.size());
    e.useless_area = useless_area();
    e.time_on_particles = on_particles_.value();
    e.time_on_gold = on_gold_.value();
    if (e.points > 0) e.time_per_point = (on_particles_.sum + on_gold_.sum) / e.points;
    if (e.on_particles > 0) e.time_per_particle = e.duration / e.on_particles;
    if (e.useful > 0) e.time_per_useful = e.duration / e.useful;
  }

 private:
  [[nodiscard]] double useless_area() const {
    if (accepted_areas_.empty()) return 0.0;
    const double least = *std::min_element(accepted_areas_.begin(), accepted_areas_.end());
    double useless = 0.0;
    for (const double area : rejected_areas_)
      if (area < least) useless = std::max(useless, area);
    return useless;
  }

  const Truth& truth_;
  const std::set<int>& accepted_;
  RunningMean on_particles_, on_gold_;
  std::set<int> clusters_;
  std::vector<double> accepted_areas_, rejected_areas_;
};

/// Sizes of the array and paths.
TimeSaved array_of(const ScanEconomy& smart, int nodes, const ValidationParameters& p) {
  TimeSaved saved;
  saved.nodes = nodes;
  saved.smart_time = smart.duration;
  saved.grid_path = p.grid_pitch.si() * (nodes - 1);
  saved.smart_path = smart.path_length;
  saved.smart_per_useful = smart.time_per_useful;
  return saved;
}

/// Times per useful particle, from `useful` clusters at `counted` of the nodes.
void compare(TimeSaved& t, int useful, int counted, double confidence) {
  t.grid_time = t.nodes * t.time_per_node;
  t.grid_useful = useful;
  t.grid_nodes_counted = counted;
  const Share share = share_of(useful, counted, confidence);
  if (useful > 0) t.grid_per_useful = t.time_per_node / share.value();
  if (counted == 0 || t.time_per_node <= 0.0 || t.smart_per_useful <= 0.0) return;
  const auto saved_at = [&](double s) { return 1.0 - t.smart_per_useful * s / t.time_per_node; };
  if (useful > 0) t.saved = saved_at(share.value());
  t.saved_interval = {saved_at(share.interval.high), saved_at(share.interval.low)};
}

}  // namespace

ScanEconomy scan_economy(const files::RunSummary& run, const files::Results* results, const Truth& truth,
                         std::span<const int> match) {
  ScanEconomy e;
  const std::set<int> accepted = accepted_points(results);
  PointTally tally(truth, accepted);
  double first = 0.0, last = 0.0;
  for (std::size_t k = 0; k < run.points.size(); ++k) {
    const auto& p = run.points[k];
    first = k == 0 ? p.t_start : std::min(first, p.t_start);
    last = k == 0 ? p.t_end : std::max(last, p.t_end);
    if (k > 0)
      e.path_length += std::hypot(p.target_x - run.points[k - 1].target_x, p.target_y - run.points[k - 1].target_y);
    if (is_measured(p)) tally.add(p, match[k], e);
  }
  e.duration = last - first;
  tally.finish(e);
  return e;
}

TimeSaved time_saved_by_simulation(const ScanEconomy& smart, const SimulatedArray& array,
                                   const ValidationParameters& parameters) {
  const int nodes = static_cast<int>(array.nodes.size());
  TimeSaved saved = array_of(smart, nodes, parameters);
  saved.basis = "simulated: " + std::to_string(nodes) + " nodes over the same sample, times of this scan's points";
  const double on_gold = smart.time_on_gold > 0.0 ? smart.time_on_gold : smart.time_per_point;
  const double on_particles = smart.time_on_particles > 0.0 ? smart.time_on_particles : smart.time_per_point;
  std::set<int> clusters;
  for (const auto& node : array.nodes) {
    saved.time_per_node += (node.cluster < 0 ? on_gold : on_particles) / nodes;
    if (node.cluster >= 0 && smart.useful > 0 && node.wetted_area > smart.useless_area) clusters.insert(node.cluster);
  }
  compare(saved, static_cast<int>(clusters.size()), nodes, parameters.confidence);
  return saved;
}

TimeSaved time_saved_by_runs(const ScanEconomy& smart, const ScanEconomy& grid, const ValidationParameters& p) {
  const double pitch = p.grid_pitch.si();
  const int nodes = nodes_along(p.grid_width.si(), pitch) * nodes_along(p.grid_height.si(), pitch);
  TimeSaved saved = array_of(smart, nodes, p);
  saved.time_per_node = grid.time_per_point;
  saved.basis =
      "measured: " + std::to_string(grid.points) + " of " + std::to_string(nodes) + " nodes of a regular array";
  compare(saved, grid.useful, grid.points, p.confidence);
  return saved;
}

}  // namespace seccm::validation
