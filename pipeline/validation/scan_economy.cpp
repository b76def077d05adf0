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

TimeSaved compare(const ScanEconomy& smart, double time_per_node, const ValidationParameters& p) {
  TimeSaved saved;
  const double pitch = p.grid_pitch.si();
  const int columns = nodes_along(p.grid_width.si(), pitch);
  const int rows = nodes_along(p.grid_height.si(), pitch);
  saved.nodes = columns * rows;
  saved.time_per_node = time_per_node;
  saved.grid_time = saved.nodes * time_per_node;
  saved.smart_time = smart.duration;
  if (saved.grid_time > 0.0) saved.saved = 1.0 - saved.smart_time / saved.grid_time;
  saved.grid_path = pitch * (saved.nodes - 1);
  saved.smart_path = smart.path_length;
  return saved;
}

}  // namespace

ScanEconomy scan_economy(const files::RunSummary& run, const files::Results* results, const Truth& truth,
                         std::span<const int> match) {
  ScanEconomy e;
  std::set<int> accepted;
  if (results != nullptr)
    for (const auto& s : results->selections)
      if (s.accepted) accepted.insert(s.point);
  double measuring = 0.0;
  double first = 0.0, last = 0.0;
  for (std::size_t k = 0; k < run.points.size(); ++k) {
    const auto& p = run.points[k];
    first = k == 0 ? p.t_start : std::min(first, p.t_start);
    last = k == 0 ? p.t_end : std::max(last, p.t_end);
    if (k > 0)
      e.path_length += std::hypot(p.target_x - run.points[k - 1].target_x, p.target_y - run.points[k - 1].target_y);
    if (!is_measured(p)) continue;
    ++e.points;
    measuring += p.t_end - p.t_start;
    if (accepted.contains(p.index)) ++e.well_defined;
    if (match[k] < 0) continue;
    const TrueLanding& l = truth.landings[static_cast<std::size_t>(match[k])];
    if (p.contact && l.cluster >= 0 && l.wetted_particles > 0) ++e.on_particles;
  }
  e.duration = last - first;
  if (e.points > 0) e.time_per_point = measuring / e.points;
  if (e.on_particles > 0) e.time_per_particle = e.duration / e.on_particles;
  if (e.well_defined > 0) e.time_per_well_defined = e.duration / e.well_defined;
  return e;
}

TimeSaved time_saved_by_geometry(const ScanEconomy& smart, const ValidationParameters& p) {
  TimeSaved saved = compare(smart, smart.time_per_point, p);
  saved.basis = "geometry: no array was measured; its nodes are taken to last as long as the points of this scan";
  return saved;
}

TimeSaved time_saved_by_runs(const ScanEconomy& smart, const ScanEconomy& grid, const ValidationParameters& p) {
  TimeSaved saved = compare(smart, grid.time_per_point, p);
  saved.basis =
      "measured: " + std::to_string(grid.points) + " of " + std::to_string(saved.nodes) + " nodes of a regular array";
  if (grid.points == 0 || smart.on_particles == 0) return saved;
  const auto per_particle = [&](double share) {
    return share > 0.0 ? 1.0 - smart.time_per_particle * share / grid.time_per_point : 1.0;
  };
  const Share share = share_of(grid.on_particles, grid.points, p.confidence);
  if (grid.on_particles > 0) saved.saved_per_particle = per_particle(share.value());
  saved.saved_per_particle_interval = {per_particle(share.interval.high), per_particle(share.interval.low)};
  return saved;
}

}  // namespace seccm::validation
