// The regular hopping array: the conventional baseline of the smart scan.
#include <fmt/format.h>

#include <algorithm>

#include "pipeline/scan/point_measurement.hpp"
#include "pipeline/scan/points_run.hpp"
#include "pipeline/scan/preflight.hpp"
#include "pipeline/scan/reference_calibration.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "pipeline/scan/tour.hpp"

namespace seccm::scan {
namespace {

/// Nodes in serpentine order, centred in the stage range. Throws InputError when they do not fit.
std::vector<StagePoint> grid_nodes(const ProtocolParameters& p, const instrument::Limits& limits) {
  const double pitch = p.grid_pitch.si();
  const double width = pitch * (p.grid_columns - 1), height = pitch * (p.grid_rows - 1);
  if (width > limits.x_max - limits.x_min || height > limits.y_max - limits.y_min)
    throw InputError(
        fmt::format("scan.grid_pitch: {} x {} nodes at {:g} um span {:g} x {:g} um; accepted by the stage: "
                    "{:g} x {:g} um",
                    p.grid_columns, p.grid_rows, p.grid_pitch.in(unit::um), width * 1e6, height * 1e6,
                    (limits.x_max - limits.x_min) * 1e6, (limits.y_max - limits.y_min) * 1e6));
  const double x0 = 0.5 * (limits.x_min + limits.x_max - width), y0 = 0.5 * (limits.y_min + limits.y_max - height);
  std::vector<StagePoint> nodes;
  for (int row = 0; row < p.grid_rows; ++row)
    for (int k = 0; k < p.grid_columns; ++k) {
      const int column = row % 2 == 0 ? k : p.grid_columns - 1 - k;
      nodes.push_back({x0 + column * pitch, y0 + row * pitch});
    }
  return nodes;
}

/// Between the nodes of the first two rows: nobody knows here where the gold is clean, so several places are offered.
std::vector<PointTask> ferrocene_places(const ScanParameters& parameters, const instrument::Limits& limits,
                                        StagePoint first_node, bool end) {
  const double pitch = parameters.protocol.grid_pitch.si();
  std::vector<PointTask> places;
  for (int k = 0; k < parameters.calibration.ferrocene_attempts; ++k) {
    const StagePoint place{std::clamp(first_node.x + (k + 0.5) * pitch, limits.x_min, limits.x_max),
                           std::clamp(first_node.y + (end ? 1.5 : 0.5) * pitch, limits.y_min, limits.y_max)};
    places.push_back({.kind = files::PointKind::ferrocene, .stage = place, .pixel = {}});
  }
  return places;
}

void grid_steps(ScanSession& session, const std::vector<StagePoint>& nodes, int visited) {
  const CalibrationParameters& c = session.parameters.calibration;
  const auto places = [&](bool end) {
    return ferrocene_places(session.parameters, session.rig.sequencer.limits(), nodes.front(), end);
  };
  run_preflight(session);
  session.enter("reference image", 0);
  session.imaging.record("reference", instrument::LightChannel::reflection);
  if (c.ferrocene) {
    session.enter("ferrocene calibration", 0);
    session.outcome.reference_start = calibrate_reference(session, places(false), true);
  }
  require_cv_accepted(session);
  const std::vector<StagePoint> route(nodes.begin(), nodes.begin() + visited);
  std::vector<int> order(route.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
  const instrument::SequencerStatus here = session.runner.status();
  session.outcome.tour_length = session.outcome.naive_length = path_length({here.x, here.y}, route, order);
  start_points(session, visited, session.outcome.tour_length);
  for (const StagePoint& node : route)
    count_point(session, measure_under_policy(session, {.kind = files::PointKind::grid, .stage = node, .pixel = {}}));
  end_points(session);
  if (c.ferrocene && c.ferrocene_at_end) {
    session.enter("ferrocene calibration", 0);
    try {
      session.outcome.reference_end = calibrate_reference(session, places(true), false);
    } catch (const CalibrationError& error) {
      session.report(error.what());
    }
  }
  session.park();
  session.enter("final image", 0);
  session.imaging.record("final", instrument::LightChannel::reflection);
}

}  // namespace

ScanOutcome run_hopping_grid(const instrument::Rig& rig, const ScanParameters& parameters, files::RunRecorder& recorder,
                             const std::stop_token& stop, const ProgressCallback& progress) {
  require_consistent(parameters);
  require_accepted(rig, parameters);
  const std::vector<StagePoint> nodes = grid_nodes(parameters.protocol, rig.sequencer.limits());
  const int all = static_cast<int>(nodes.size());
  const int visited = parameters.protocol.grid_points > 0 ? std::min(parameters.protocol.grid_points, all) : all;
  ScanSession session(rig, parameters, recorder, stop, progress);
  return conduct(session, [&] { grid_steps(session, nodes, visited); });
}

ScanEstimate expected_grid_duration(const instrument::Rig& rig, const ScanParameters& parameters, double offset_vs_Li) {
  const std::vector<StagePoint> nodes = grid_nodes(parameters.protocol, rig.sequencer.limits());
  std::vector<int> order(nodes.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
  return expected_points_duration(rig, parameters, static_cast<int>(nodes.size()),
                                  path_length(nodes.front(), nodes, order), offset_vs_Li);
}

}  // namespace seccm::scan
