#include "instrument/replay/replay_sequencer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "instrument/replay/program_match.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::replay {
namespace {

ChannelScale scale_of(const files::Scale& scale) {
  return {scale.lsb, scale.offset};
}

RunState state_of(files::ProgramEnd end) {
  switch (end) {
    case files::ProgramEnd::completed:
      return RunState::completed;
    case files::ProgramEnd::contact:
      return RunState::contact;
    case files::ProgramEnd::limit_reached:
      return RunState::limit_reached;
    case files::ProgramEnd::aborted:
      return RunState::aborted;
    case files::ProgramEnd::faulted:
      break;
  }
  return RunState::faulted;
}

SequencerStatus end_of(const files::ProgramRecord& program) {
  SequencerStatus s;
  s.state = state_of(program.end);
  s.executed = static_cast<std::size_t>(std::max<std::int64_t>(program.executed, 0));
  s.t = program.t_end;
  s.x = program.x_end;
  s.y = program.y_end;
  s.z = program.z_end;
  s.E1 = program.E1_end_vs_QRCE;
  s.i1 = program.i1_end;
  return s;
}

SequencerStatus from_frame(const Frame& frame, RunState state) {
  return {.state = state,
          .executed = 0,
          .t = frame.t,
          .x = frame.x,
          .y = frame.y,
          .z = frame.z,
          .E1 = frame.E1,
          .i1 = frame.i1};
}

}  // namespace

Error ReplaySequencer::error(Errc code, std::string detail, bool retryable) {
  return {code, "replay sequencer", std::move(detail), retryable};
}

Identity ReplaySequencer::identity() const {
  const std::string& original = recording_.summary().rig.sequencer;
  return {"seccm", "replay of " + (original.empty() ? std::string("an unnamed sequencer") : original),
          recording_.path().filename().string(), "1"};
}

Health ReplaySequencer::health() const {
  if (!connected_) return {Health::Condition::stale, recording_.now(), "not connected"};
  return {Health::Condition::ok, recording_.now(), ""};
}

Outcome ReplaySequencer::connect(ConnectConsent consent) {
  if (connected_) return Done{};
  const files::RigRecord& rig = recording_.summary().rig;
  if (rig.recorded && !consent.allow_motion)
    return error(Errc::interlock_tripped, "the recorded rig moved on connecting: needs consent to motion");
  connected_ = true;
  rest_.t = recording_.now();
  rest_.x = rig.x;
  rest_.y = rig.y;
  rest_.z = rig.z;
  rest_.E1 = rig.E1_vs_QRCE;
  return Done{};
}

void ReplaySequencer::make_safe() noexcept {
  try {
    (void)abort();
  } catch (const std::exception&) {
    running_ = false;  // the file can not be read any more: nothing plays, and nothing moves
    end_ = next_;
  }
}

Limits ReplaySequencer::limits() const {
  const files::RigRecord& r = recording_.summary().rig;
  Limits l{r.x_min, r.x_max, r.y_min, r.y_max, r.z_min, r.z_max, r.speed_xy_max, r.speed_z_max, r.E_min, r.E_max};
  l.rate_E_max = r.rate_E_max;
  l.current_range = recording_.summary().header.current_range;
  if (r.recorded) l.max_waypoints = static_cast<std::size_t>(std::max<std::int64_t>(r.max_waypoints, 0));
  return l;
}

Capabilities ReplaySequencer::capabilities() const {
  const files::RunHeader& h = recording_.summary().header;
  Capabilities c;
  c.frame_interval = h.frame_interval;
  c.x = scale_of(h.x);
  c.y = scale_of(h.y);
  c.z = scale_of(h.z);
  c.E1 = scale_of(h.E1);
  c.E2 = scale_of(h.E2);
  c.i1 = scale_of(h.i1);
  c.i2 = scale_of(h.i2);
  c.device_side_contact = recording_.summary().rig.device_side_contact;
  c.contact_latency = recording_.summary().rig.contact_latency;
  return c;
}

SequencerStatus ReplaySequencer::applied() const {
  if (!running_) return rest_;
  // While a program plays, the last frame that is due is the only witness of where it is.
  std::uint64_t due = next_;
  while (due < end_ && recording_.frame(due).t <= recording_.now() + same_instant) ++due;
  SequencerStatus s = rest_;
  if (due > begin_) s = from_frame(recording_.frame(due - 1), RunState::running);
  s.state = RunState::running;
  return s;
}

Result<DryRun> ReplaySequencer::check(const Program& program) const {
  return dry_run(program, limits(), applied(), recording_.summary().header.frame_interval);
}

Outcome ReplaySequencer::start(const Program& program) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  settle();
  if (running_) return error(Errc::interlock_tripped, "a program is running");
  if (const auto verdict = check(program); !verdict) return verdict.error();
  if (recording_.is_stream()) return start_stream(program);
  const files::ProgramRecord* recorded = recording_.next_program();
  if (recorded == nullptr)
    return error(Errc::protocol, "a program was asked for, recorded next is " + recording_.next_in_words());
  if (const auto difference = first_difference(program, *recorded))
    return error(Errc::protocol, fmt::format("not what was recorded: {}: {}", recording_.next_in_words(), *difference));
  recording_.pass_event();
  recording_.advance_to(recorded->t_start);
  play(recorded->frame_begin, recorded->frame_end, end_of(*recorded));
  return Done{};
}

Outcome ReplaySequencer::start_stream(const Program& program) {
  double duration = 0.0;
  for (const Waypoint& w : program.waypoints) {
    if (w.x || w.y || w.z || w.E1 || w.stop != StopRule::none)
      return error(Errc::protocol,
                   "the recording holds no programs, only frames: it plays in answer to waypoints that hold");
    duration += w.hold;
  }
  const std::uint64_t frames = recording_.summary().frames;
  if (stream_ == frames) return error(Errc::protocol, fmt::format("the recording ends after {} frames", frames));
  const double until = recording_.frame(stream_).t + duration;
  std::uint64_t end = stream_ + 1;
  while (end < frames && recording_.frame(end).t < until - same_instant) ++end;
  SequencerStatus last = from_frame(recording_.frame(end - 1), RunState::completed);
  last.executed = program.waypoints.size();
  play(stream_, end, last);
  stream_ = end;
  return Done{};
}

void ReplaySequencer::play(std::uint64_t begin, std::uint64_t end, const SequencerStatus& at_end) {
  begin_ = next_ = begin;
  end_ = end;
  at_end_ = at_end;
  running_ = true;
}

/// The program has ended when the time of its last frame has come.
void ReplaySequencer::settle() {
  if (!running_) return;
  if (next_ < end_ && recording_.frame(end_ - 1).t > recording_.now() + same_instant) return;
  running_ = false;
  recording_.advance_to(at_end_.t);
  rest_ = at_end_;
}

Result<SequencerStatus> ReplaySequencer::status() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  settle();
  SequencerStatus s = applied();
  s.t = recording_.now();
  return s;
}

Result<std::size_t> ReplaySequencer::read(std::span<Frame> out, double deadline) {
  if (!connected_) return error(Errc::disconnected, "not connected");
  if (out.empty()) return std::size_t{0};
  std::size_t count = 0;
  while (count < out.size() && next_ < end_) {
    const Frame frame = recording_.frame(next_);
    if (running_ && frame.t > std::max(deadline, recording_.now()) + same_instant) break;
    out[count++] = frame;
    recording_.advance_to(frame.t);
    ++next_;
  }
  settle();
  if (count > 0 || !running_) return count;
  recording_.advance_to(deadline);
  return error(Errc::timeout, fmt::format("no frame until {:.6f} s", recording_.now()), true);
}

Outcome ReplaySequencer::abort() {
  if (!connected_) return error(Errc::disconnected, "not connected");
  settle();
  if (!running_) return Done{};
  while (end_ > next_ && recording_.frame(end_ - 1).t > recording_.now() + same_instant) --end_;
  rest_ = at_end_;
  rest_.state = RunState::aborted;
  rest_.t = recording_.now();
  running_ = false;
  return Done{};
}

}  // namespace seccm::instrument::replay
