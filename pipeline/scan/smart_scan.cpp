#include "pipeline/scan/smart_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>

#include "pipeline/scan/cv_program.hpp"
#include "pipeline/scan/point_measurement.hpp"
#include "pipeline/scan/points_run.hpp"
#include "pipeline/scan/position_calibration.hpp"
#include "pipeline/scan/preflight.hpp"
#include "pipeline/scan/reference_calibration.hpp"
#include "pipeline/scan/target_selection.hpp"
#include "pipeline/scan/tour.hpp"

namespace seccm::scan {
namespace {

constexpr double footprint_ratio = 1.1;  // footprint / pipette diameter
constexpr double reach_margin = 0.005;   // of the stage range

/// Where to measure: chosen once, after the registration.
struct ScanPlan {
  std::vector<PointTask> points;
  std::vector<PointTask> ferrocene_start, ferrocene_end;
};

class Planner {
 public:
  Planner(const ScanSession& session, const ReferenceView& view, const std::vector<StagePoint>& touched,
          const std::vector<ClickedTarget>* clicked)
      : session_(session), view_(view), clicked_(clicked), limits_(session.rig.sequencer.limits()) {
    for (const StagePoint& p : touched) footprints_.push_back(to_pixel(session.outcome.registration, p));
    pixel_size_ = std::sqrt(pixel_area(session.outcome.registration));
  }

  ScanPlan plan() {
    const ProtocolParameters& p = session_.parameters.protocol;
    const CalibrationParameters& c = session_.parameters.calibration;
    ScanPlan out;
    const auto targets = clicked_ != nullptr ? snapped() : automatic(p.points - p.blanks);
    for (const SelectedTarget& t : targets) {
      out.points.push_back(task(files::PointKind::target, t.pixel, t.area));
      footprints_.push_back(t.pixel);
    }
    const int attempts = c.ferrocene ? c.ferrocene_attempts : 0;
    const auto places =
        clean_places(view_.detection, view_.image.width, view_.image.height, footprints_, footprint_radius(),
                     p.isolation.si() / pixel_size_ + footprint_radius(), p.blanks + 2 * attempts, reachable());
    // The first place, in the middle, is for the calibration at the start; it must not fail for want of gold.
    for (std::size_t k = 0; k < places.size(); ++k) {
      const int n = static_cast<int>(k);
      if (n < attempts) {
        out.ferrocene_start.push_back(task(files::PointKind::ferrocene, places[k], 0.0));
      } else if (n < attempts + p.blanks) {
        out.points.push_back(task(files::PointKind::blank, places[k], 0.0));
      } else {
        out.ferrocene_end.push_back(task(files::PointKind::ferrocene, places[k], 0.0));
      }
    }
    return out;
  }

 private:
  [[nodiscard]] double footprint_radius() const {
    return footprint_ratio * session_.parameters.pipette_diameter.si() /
           pixel_size_;  // twice the radius: room for drift
  }

  [[nodiscard]] Reachable reachable() const {
    return [this](PixelPoint p) {
      const StagePoint s = session_.stage_of(p);
      const double mx = reach_margin * (limits_.x_max - limits_.x_min),
                   my = reach_margin * (limits_.y_max - limits_.y_min);
      return s.x > limits_.x_min + mx && s.x < limits_.x_max - mx && s.y > limits_.y_min + my &&
             s.y < limits_.y_max - my;
    };
  }

  [[nodiscard]] std::vector<SelectedTarget> automatic(int count) const {
    const ProtocolParameters& p = session_.parameters.protocol;
    return select_targets(view_.detection, footprints_, reachable(),
                          {.count = count,
                           .isolation = p.isolation.si() / pixel_size_,
                           .size_preference = p.size_preference,
                           .footprint_radius = footprint_radius()});
  }

  [[nodiscard]] std::vector<SelectedTarget> snapped() const {
    const ProtocolParameters& p = session_.parameters.protocol;
    return snap_targets(*clicked_, view_.detection, p.snap_distance.si() / pixel_size_, p.landing_on_centroid,
                        reachable());
  }

  [[nodiscard]] PointTask task(files::PointKind kind, PixelPoint pixel, double area_px) const {
    return {.kind = kind,
            .stage = session_.stage_of(pixel),
            .pixel = pixel,
            .image_area = area_px * pixel_area(session_.outcome.registration)};
  }

  const ScanSession& session_;
  const ReferenceView& view_;
  const std::vector<ClickedTarget>* clicked_;  // null: automatic
  instrument::Limits limits_;
  std::vector<PixelPoint> footprints_;
  double pixel_size_ = 1.0;
};

/// Puts the points in the order of a short tour from where the probe is.
void plan_tour(ScanSession& session, std::vector<PointTask>& points) {
  const instrument::SequencerStatus here = session.runner.status();
  std::vector<StagePoint> places;
  for (const PointTask& p : points) places.push_back(p.stage);
  std::vector<int> naive(places.size());
  std::iota(naive.begin(), naive.end(), 0);
  const std::vector<int> order = short_tour({here.x, here.y}, places);
  session.outcome.naive_length = path_length({here.x, here.y}, places, naive);
  session.outcome.tour_length = path_length({here.x, here.y}, places, order);
  std::vector<PointTask> sorted;
  for (int k : order) sorted.push_back(points[static_cast<std::size_t>(k)]);
  points = std::move(sorted);
}

/// Follows the drift of the sample in the image.
void reregister(ScanSession& session, const ReferenceView& view, const std::string& name) {
  session.park();
  const ContrastImage now = session.imaging.take(name, instrument::LightChannel::reflection);
  const ImageShift shift = image_shift(view.image, now);
  // What has appeared since the reference (footprints) moves the estimate by far less than this; a jump is no drift.
  const double most =
      session.parameters.calibration.match_tolerance.si() / std::sqrt(pixel_area(session.outcome.registration));
  if (std::hypot(shift.dx - session.shift.x, shift.dy - session.shift.y) <= most) session.shift = {shift.dx, shift.dy};
  session.shift_in_doubt = false;
}

void smart_steps(ScanSession& session, const std::vector<ClickedTarget>* clicked) {
  const CalibrationParameters& c = session.parameters.calibration;
  run_preflight(session);
  session.enter("reference image", 0);
  const ReferenceView view = take_reference_view(session);
  const std::vector<StagePoint> touched = calibrate_position(session, view);
  ScanPlan plan = Planner(session, view, touched, clicked).plan();
  if (c.ferrocene) {
    session.enter("ferrocene calibration", 0);
    session.outcome.reference_start = calibrate_reference(session, plan.ferrocene_start, true);
  }
  require_cv_accepted(session);
  plan_tour(session, plan.points);
  start_points(session, static_cast<int>(plan.points.size()), session.outcome.tour_length);

  const int every = session.parameters.protocol.reregister_every;
  int images = session.parameters.protocol.landing_images;
  for (std::size_t k = 0; k < plan.points.size(); ++k) {
    if (every > 0 && k > 0 && k % static_cast<std::size_t>(every) == 0)
      reregister(session, view, fmt::format("reregistration_{}", static_cast<int>(k) / every));
    if (session.shift_in_doubt) reregister(session, view, fmt::format("resumed_{:03d}", session.next_point));
    PointTask task = plan.points[k];
    task.stage = session.stage_of(task.pixel);
    task.take_landing_image = images-- > 0;
    count_point(session, measure_under_policy(session, task));
  }
  end_points(session);
  if (c.ferrocene && c.ferrocene_at_end && !plan.ferrocene_end.empty()) {
    session.enter("ferrocene calibration", 0);
    try {
      session.outcome.reference_end = calibrate_reference(session, plan.ferrocene_end, false);
    } catch (const CalibrationError& error) {
      session.report(error.what());  // the drift stays unknown; the points are measured
    }
  }
  session.park();
  session.enter("final image", 0);
  session.imaging.record("final", instrument::LightChannel::reflection);
}

}  // namespace

ScanOutcome run_smart_scan(const instrument::Rig& rig, const ScanParameters& parameters, files::RunRecorder& recorder,
                           const std::stop_token& stop, const ProgressCallback& progress) {
  require_consistent(parameters);
  std::optional<std::vector<ClickedTarget>> clicked;
  if (!parameters.protocol.targets.empty()) {
    const instrument::CameraProperties camera = rig.camera.properties();
    clicked = read_targets(parameters.protocol.targets, camera.width, camera.height);
  }
  ScanSession session(rig, parameters, recorder, stop, progress);
  require_accepted(rig, parameters);
  return conduct(session, [&] { smart_steps(session, clicked ? &*clicked : nullptr); });
}

}  // namespace seccm::scan
