#include "instrument/drivers/wecspm/part_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace seccm::instrument::wecspm {

namespace {

constexpr std::int64_t never_above = 32768, always_above = -32769;
constexpr double tick_length = 1.0 / tick_rate;  // s
constexpr std::array scalers{Reg::scaler_x, Reg::scaler_y, Reg::scaler_z, Reg::scaler_v, Reg::scaler_v2};
constexpr double settling_frames = 2.0;  // a hold at the end of travel is one if it lasts this long

}  // namespace

PartRun::PartRun(ImageSession& session, Clock& clock, const NativeUnits& units, NativeProgram part, double patience,
                 double frame_interval)
    : session_(session),
      clock_(clock),
      units_(units),
      part_(std::move(part)),
      patience_(patience),
      frame_interval_(frame_interval),
      interval_ticks_(static_cast<std::uint32_t>(std::llround(frame_interval * tick_rate))) {}

Outcome PartRun::begin(const ContactCriterion& contact) {
  if (auto done = session_.write(Reg::external_pause, 1); !done) return done;
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    if (auto done = session_.write(scalers[axis], part_.scaler[axis]); !done) return done;
  }
  if (part_.approach) {
    if (auto done = set_comparators(contact); !done) return done;
  }
  if (auto done = drop_idle_samples(); !done) return done;
  const auto line = session_.read(Reg::line_number);
  if (!line) return line.error();
  baseline_ = static_cast<std::uint64_t>(line.value());
  if (auto done = submit(std::min(initial_fill, part_.lines.size())); !done) return done;
  if (auto done = session_.write(Reg::external_pause, 0); !done) return done;
  start_ = clock_.now();
  return Done{};
}

Outcome PartRun::drop_idle_samples() {
  const auto unread = session_.waiting();
  if (!unread) return unread.error();
  if (unread.value() == 0) return Done{};
  std::vector<std::int16_t> words(unread.value());
  const auto came = session_.read_samples(words, 0);
  if (!came) return came.error();
  return Done{};
}

// A count is an integer: above `upper` is above its floor, below `lower` is below its ceiling.
Outcome PartRun::set_comparators(const ContactCriterion& contact) {
  const double centre = contact.baseline / units_.i_lsb, half = contact.threshold / std::abs(units_.i_lsb);
  const std::array<std::pair<Reg, std::int64_t>, 4> settings{{
      {Reg::threshold, static_cast<std::int64_t>(std::floor(centre + half))},
      {Reg::greater_than, 1},
      {Reg::threshold2, static_cast<std::int64_t>(std::ceil(centre - half))},
      {Reg::greater_than2, 0},
  }};
  for (const auto& [reg, value] : settings) {
    if (auto done = session_.write(reg, value); !done) return done;
  }
  return Done{};
}

Outcome PartRun::submit(std::size_t lines) {
  std::vector<std::int16_t> words;
  words.reserve(lines * frame_words);
  for (std::size_t k = submitted_; k < submitted_ + lines; ++k) {
    const Words line = encode(part_.lines[k]);
    words.insert(words.end(), line.begin(), line.end());
  }
  if (auto done = session_.write_waypoints(words); !done) return done;
  submitted_ += lines;
  return Done{};
}

Outcome PartRun::top_up() {
  while (submitted_ < part_.lines.size()) {
    const std::size_t lines = std::min(refill, part_.lines.size() - submitted_);
    if (submitted_ - begun_ + lines > target_queue) break;
    if (auto done = submit(lines); !done) return done;
  }
  return Done{};
}

Error PartRun::stopped_by_target(std::size_t unread) const {
  if (unread + frame_words > session_.buffer_depth()) {
    return fpga_error(Errc::overflow, fmt::format("{} words wait unread in the sample FIFO: samples are lost", unread));
  }
  return fpga_error(Errc::device_fault, "the image has raised Internal Stop");
}

Result<PartEnd> PartRun::poll() {
  const auto unread = session_.waiting();
  if (!unread) return unread.error();
  const auto stop = session_.read(Reg::internal_stop), line = session_.read(Reg::line_number),
             waiting = session_.read(Reg::waiting);
  if (!stop) return stop.error();
  if (!line) return line.error();
  if (!waiting) return waiting.error();
  if (stop.value() != 0) return stopped_by_target(unread.value());
  const std::uint64_t begun = static_cast<std::uint64_t>(line.value()) - baseline_;
  const std::size_t total = part_.lines.size();
  if (begun > submitted_) {
    return fpga_error(Errc::protocol, fmt::format("LineNumber counts {} lines, submitted are {}", begun, submitted_));
  }
  begun_ = static_cast<std::size_t>(begun);
  if (waiting.value() != 0 && begun_ == submitted_) {
    if (submitted_ == total) return finished();
    return fpga_error(Errc::overflow,
                      fmt::format("the target's queue ran dry after {} of {} waypoints", begun_, total));
  }
  if (clock_.now() > start_ + static_cast<double>(part_.ticks) * tick_length + patience_) {
    return fpga_error(Errc::timeout,
                      fmt::format("waypoint {} of {} after {:.6g} s, expected were {:.6g} s", begun_, total,
                                  clock_.now() - start_, static_cast<double>(part_.ticks) * tick_length));
  }
  if (auto done = top_up(); !done) return done.error();
  if (part_.approach && !released_ && waiting.value() == 0 && begun_ == total) {
    if (auto done = release_hold(unread.value()); !done) return done.error();
  }
  return PartEnd::running;
}

Result<bool> PartRun::at_targets() {
  constexpr std::array applied{Reg::applied_x, Reg::applied_y, Reg::applied_z, Reg::applied_v};
  for (std::size_t axis = 0; axis < applied.size(); ++axis) {
    const auto count = session_.read(applied[axis]);
    if (!count) return count.error();
    if (count.value() != part_.lines.back().target[axis]) return false;
  }
  return true;
}

// Where no sample is left the line is over and the host waits for its own clock: asleep, for each question costs a
// target in stepped time its latency, and a machine its core.
Outcome PartRun::release_hold(std::size_t unread) {
  const auto there = at_targets();
  if (!there) return there.error();
  if (!there.value()) return Done{};
  if (!arrived_) arrived_ = clock_.now();
  const double hold = part_.lines.back().hold_us * 1e-6;
  const double now = clock_.now(), left = *arrived_ + hold + settling_frames * frame_interval_ - now;
  if (left > 0.0) {
    if (unread == 0) clock_.sleep_until(now + std::min(left, frame_interval_), {});
    return Done{};
  }
  released_ = true;
  if (auto done = session_.write(Reg::threshold2, always_above); !done) return done;
  return session_.write(Reg::greater_than2, 1);
}

Result<PartEnd> PartRun::finished() {
  finished_ = true;
  if (!part_.approach) return PartEnd::completed;
  const auto reached = session_.read(Reg::feedback_reached);
  if (!reached) return reached.error();
  const auto there = at_targets();
  if (!there) return there.error();
  for (Reg threshold : {Reg::threshold, Reg::threshold2}) {
    if (auto done = session_.write(threshold, never_above); !done) return done.error();
  }
  for (Reg greater : {Reg::greater_than, Reg::greater_than2}) {
    if (auto done = session_.write(greater, 1); !done) return done.error();
  }
  if (released_) return PartEnd::limit;
  return reached.value() != 0 || !there.value() ? PartEnd::contact : PartEnd::limit;
}

Outcome PartRun::decode(std::span<const std::int16_t> words, std::span<const Waypoint> waypoints,
                        std::vector<Frame>& frames) {
  while (words.size() >= frame_words) {
    const NativeSample sample = decode_sample(words.first<frame_words>());
    words = words.subspan(frame_words);
    const std::size_t line =
        static_cast<std::uint16_t>(static_cast<std::uint16_t>(sample.line) - static_cast<std::uint16_t>(baseline_));
    const bool idle = line == 0 && decoded_ == 0;
    if ((line < last_line_ && !idle) || line > part_.lines.size()) {
      return fpga_error(Errc::framing_lost,
                        fmt::format("a sample of line {} behind line {} of {}", line, last_line_, part_.lines.size()));
    }
    if (sample.interval != interval_ticks_) {
      const bool lost = sample.interval > interval_ticks_ && !idle;
      return fpga_error(lost ? Errc::overflow : Errc::framing_lost,
                        fmt::format("{} ticks between two samples, expected are {}", sample.interval, interval_ticks_));
    }
    if (idle) continue;
    last_line_ = line;
    elapsed_ += sample.interval;
    ++decoded_;
    Frame frame;
    frame.t = start_ + static_cast<double>(elapsed_) * tick_length;
    frame.x = units_.value(axis_x, sample.position[axis_x]);
    frame.y = units_.value(axis_y, sample.position[axis_y]);
    frame.z = units_.value(axis_z, sample.position[axis_z]);
    frame.E1 = units_.value(axis_v1, sample.position[axis_v1]);
    frame.E2 = units_.value(axis_v2, sample.position[axis_v2]);
    frame.i1 = units_.i_lsb * sample.i1;
    frame.i2 = units_.i_lsb * sample.i2;
    frame.tag = waypoints[part_.waypoint_of[line - 1]].tag;
    if (sample.i1 >= 32767 || sample.i1 <= -32767) frame.flags |= Frame::current_saturated;
    frames.push_back(frame);
  }
  return Done{};
}

std::size_t PartRun::executed() const {
  if (finished_) return part_.waypoint_of.back() + 1;
  return part_.waypoint_of[std::max<std::size_t>(begun_, 1) - 1];
}

std::size_t PartRun::frames_due() const {
  const auto all = static_cast<std::size_t>((part_.ticks + interval_ticks_ - 1) / interval_ticks_);
  return all > decoded_ ? all - decoded_ : 0;
}

}  // namespace seccm::instrument::wecspm
