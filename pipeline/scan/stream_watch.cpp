#include "pipeline/scan/stream_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::scan {
namespace {

using instrument::Errc;
using instrument::Error;
using instrument::Frame;

constexpr double loose_frames = 50.0;

Error broken(std::string detail) {
  return {Errc::framing_lost, "sequencer", std::move(detail), false};
}

Error stale(std::string detail) {
  return {Errc::stale_data, "sequencer", std::move(detail), false};
}

bool is_finite(const Frame& f) {
  return std::isfinite(f.t) && std::isfinite(f.x) && std::isfinite(f.y) && std::isfinite(f.z) && std::isfinite(f.E1) &&
         std::isfinite(f.i1);
}

/// Time that an axis moves; sets its speed.
double travel_time(const std::optional<double>& target, double& at, double speed, double& v) {
  if (!target || !(speed > 0.0)) return 0.0;
  const double distance = std::abs(*target - at);
  at = *target;
  v = distance > 0.0 ? speed : 0.0;
  return distance / speed;
}

}  // namespace

StreamWatch::StreamWatch(const instrument::Capabilities& c, const instrument::Program& program,
                         const instrument::SequencerStatus& before, const Past& past)
    : interval_(c.frame_interval),
      longest_step_((c.device_side_contact ? 1.5 : loose_frames) * c.frame_interval),
      latest_start_(before.t + past.longest_start),
      current_lives_(past.difference_noise > 2.0 * c.i1.lsb),
      last_t_(past.last_t) {
  double x = before.x, y = before.y, z = before.z;
  for (const instrument::Waypoint& w : program.waypoints) {
    Leg leg;
    leg.tx = travel_time(w.x, x, w.speed_xy, leg.vx);
    leg.ty = travel_time(w.y, y, w.speed_xy, leg.vy);
    leg.tz = travel_time(w.z, z, w.speed_z, leg.vz);
    leg.approach = w.stop == instrument::StopRule::on_contact;
    legs_.push_back(leg);
  }
  if (!program.waypoints.empty()) first_tag_ = program.waypoints.front().tag;
}

std::optional<Error> StreamWatch::look(std::span<const Frame> frames) {
  for (const Frame& frame : frames)
    if (auto error = look(frame)) return error;
  return std::nullopt;
}

std::optional<Error> StreamWatch::look(const Frame& frame) {
  if (auto error = order(frame)) return error;
  if (frame.tag != tag_) {
    tag_ = frame.tag;
    leg_t0_ = frame.t - interval_;
    frozen_ = 0;
  }
  auto error = motion(frame);
  if (!error) error = current(frame);
  last_ = frame;
  last_t_ = frame.t;
  first_ = false;
  return error;
}

std::optional<Error> StreamWatch::order(const Frame& frame) {
  if (!is_finite(frame)) return broken("a frame holds a value that is no finite number");
  const std::int32_t leg = frame.tag - first_tag_;
  if (leg < 0 || leg >= static_cast<std::int32_t>(legs_.size()) || frame.tag < tag_)
    return broken(fmt::format("a frame carries the tag {}; {} to {} are expected", frame.tag,
                              std::max(tag_, first_tag_), first_tag_ + static_cast<std::int32_t>(legs_.size()) - 1));
  const double step = frame.t - last_t_;
  if (!(step > 0.0))
    return broken(fmt::format("time goes back: a frame of {:.6f} s behind {:.6f} s", frame.t, last_t_));
  if (first_ && frame.t > latest_start_)
    return broken(
        fmt::format("time goes ahead: the first frame of a program is of {:.6f} s, it was to come by {:.6f} s", frame.t,
                    latest_start_));
  if (!first_ && step > longest_step(leg))
    return broken(fmt::format("a frame of {:.6f} s follows {:.6f} s: {:.1f} frames are missing", frame.t, last_t_,
                              step / interval_ - 1.0));
  return std::nullopt;
}

double StreamWatch::longest_step(std::int32_t leg) const {
  if (leg == tag_ - first_tag_) return longest_step_;
  const auto from = legs_.begin() + std::max(0, tag_ - first_tag_);
  const bool approaches = std::any_of(from, legs_.begin() + leg + 1, [](const Leg& l) { return l.approach; });
  return approaches ? std::max(longest_pause, longest_step_) : longest_step_;
}

double StreamWatch::commanded(const Leg& leg, double from, double to) const {
  const auto part = [&](double v, double until) { return v * std::max(0.0, std::min(to, until) - from); };
  return std::max({part(leg.vx, leg.tx), part(leg.vy, leg.ty), part(leg.vz, leg.tz)});
}

std::optional<Error> StreamWatch::motion(const Frame& frame) {
  const double into = frame.t - leg_t0_;
  const bool same = !first_ && frame.x == last_.x && frame.y == last_.y && frame.z == last_.z;
  if (!same || frozen_ == 0) {
    frozen_ = 1;
    frozen_since_ = into;
    return std::nullopt;
  }
  ++frozen_;
  const Leg& leg = legs_[static_cast<std::size_t>(frame.tag - first_tag_)];
  const double distance = commanded(leg, frozen_since_, into);
  if (frozen_ < least_frames || distance < least_travel) return std::nullopt;
  return stale(
      fmt::format("the position reads ({:.4f}, {:.4f}, {:.4f}) um in {} frames while the stage is told to move "
                  "by {:.3f} um",
                  frame.x * 1e6, frame.y * 1e6, frame.z * 1e6, frozen_, distance * 1e6));
}

std::optional<Error> StreamWatch::current(const Frame& frame) {
  const bool same = !first_ && frame.i1 == last_.i1 && (frame.flags & Frame::current_saturated) == 0;
  stuck_ = same ? stuck_ + 1 : 1;
  if (!current_lives_ || stuck_ < stuck_frames) return std::nullopt;
  return stale(fmt::format("the current reads {:.4g} A in {} frames; its noise in air is larger than its resolution",
                           frame.i1, stuck_));
}

}  // namespace seccm::scan
