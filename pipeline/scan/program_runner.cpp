#include "pipeline/scan/program_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seccm::scan {
namespace {

constexpr std::int32_t last_tag = 32767;
const ScanProgram nothing;

files::Leg named(const PlannedLeg& planned, std::int32_t tag, std::uint64_t begin) {
  return {.tag = tag,
          .kind = planned.kind,
          .cycle = planned.cycle,
          .direction = planned.direction,
          .scan_rate = planned.scan_rate,
          .E_start_vs_QRCE = planned.E_start_vs_QRCE,
          .E_end_vs_QRCE = planned.E_end_vs_QRCE,
          .frame_begin = begin,
          .frame_end = begin};
}

files::WaypointRecord record_of(const instrument::Waypoint& w) {
  return {.tag = w.tag,
          .sets_x = w.x.has_value(),
          .sets_y = w.y.has_value(),
          .sets_z = w.z.has_value(),
          .sets_E1 = w.E1.has_value(),
          .x = w.x.value_or(0.0),
          .y = w.y.value_or(0.0),
          .z = w.z.value_or(0.0),
          .speed_xy = w.speed_xy,
          .speed_z = w.speed_z,
          .E1_vs_QRCE = w.E1.value_or(0.0),
          .rate_E1 = w.rate_E1,
          .jump_E1 = w.jump_E1,
          .hold = w.hold,
          .on_contact = w.stop == instrument::StopRule::on_contact};
}

files::ProgramEnd end_of(instrument::RunState state) {
  switch (state) {
    case instrument::RunState::completed:
      return files::ProgramEnd::completed;
    case instrument::RunState::contact:
      return files::ProgramEnd::contact;
    case instrument::RunState::limit_reached:
      return files::ProgramEnd::limit_reached;
    case instrument::RunState::faulted:
      return files::ProgramEnd::faulted;
    case instrument::RunState::idle:
    case instrument::RunState::running:
    case instrument::RunState::aborted:
      break;
  }
  return files::ProgramEnd::aborted;
}

}  // namespace

void make_all_safe(const instrument::Rig& rig) noexcept {
  rig.sequencer.make_safe();
  rig.camera.make_safe();
  rig.light.make_safe();
}

void hold_all(const instrument::Rig& rig) noexcept {
  bool stopped = false;
  try {
    stopped = rig.sequencer.abort().ok();
  } catch (const std::exception&) {
    stopped = false;
  }
  if (!stopped) rig.sequencer.make_safe();
  rig.camera.make_safe();
  rig.light.make_safe();
}

void secure(const instrument::Rig& rig, PolicyAction action) noexcept {
  if (action == PolicyAction::stop_and_hold) {
    hold_all(rig);
  } else {
    make_all_safe(rig);
  }
}

ProgramRunner::ProgramRunner(const instrument::Rig& rig, const PolicyParameters& policy, files::RunRecorder& recorder,
                             std::stop_token stop, std::function<void()> heartbeat)
    : rig_(rig),
      policy_(policy),
      recorder_(recorder),
      stop_(std::move(stop)),
      heartbeat_(std::move(heartbeat)),
      packer_(rig.sequencer.capabilities(), files::RunHeader{}.tick),
      buffer_(buffer_frames),
      packed_(buffer_frames),
      running_(&nothing) {}

void ProgramRunner::begin_point() {
  legs_.clear();
  next_tag_ = 1;
}

void ProgramRunner::fail(const instrument::Error& error) {
  const FaultClass fault = class_of(error.code);
  const PolicyAction action = policy_.action_for(fault);
  secure(rig_, action);
  drain();
  throw DeviceFault(error, fault, action);
}

void ProgramRunner::throw_if_stopped() {
  if (!stop_.stop_requested()) return;
  make_all_safe(rig_);
  drain();
  throw Cancelled("stopped on request");
}

instrument::SequencerStatus ProgramRunner::status() {
  const auto result = rig_.sequencer.status();
  if (!result) fail(result.error());
  return result.value();
}

instrument::Program ProgramRunner::tagged(const ScanProgram& program) {
  const auto count = static_cast<std::int32_t>(program.legs.size());
  if (next_tag_ + count - 1 > last_tag) next_tag_ = 1;
  first_tag_ = next_tag_;
  instrument::Program out;
  out.contact = program.contact;
  for (const PlannedLeg& leg : program.legs) {
    out.waypoints.push_back(leg.waypoint);
    out.waypoints.back().tag = next_tag_++;
  }
  leg_slot_.assign(program.legs.size(), -1);
  return out;
}

RunReport ProgramRunner::run(const ScanProgram& program, FrameSink* sink) {
  throw_if_stopped();
  const instrument::Program tagged_program = tagged(program);
  running_ = &program;
  struct Forget {
    const ScanProgram*& pointer;
    ~Forget() { pointer = &nothing; }
  } forget{running_};
  const auto dry = rig_.sequencer.check(tagged_program);
  if (!dry) {
    const auto& error = dry.error();
    if (error.code == instrument::Errc::limit_rejected || error.code == instrument::Errc::interlock_tripped)
      throw ProgramRejected(instrument::describe(error), error.code);
    fail(error);
  }
  const instrument::SequencerStatus before = status();
  if (const auto started = rig_.sequencer.start(tagged_program); !started) fail(started.error());
  const std::uint64_t frame_begin = recorder_.frame_count();
  RunReport report;
  try {
    StreamWatch watch(
        rig_.sequencer.capabilities(), tagged_program, before,
        {.difference_noise = difference_noise_, .last_t = last_t_, .longest_start = policy_.silence.si()});
    report = stream(program, before.t + dry.value().duration + watchdog, watch, sink);
    if (report.frames == 0 && dry.value().frames > 0)
      fail({.code = instrument::Errc::device_fault,
            .device = "sequencer",
            .detail = "the program ended without a frame: it did not start",
            .retryable = false});
  } catch (const Cancelled&) {
    record(tagged_program, before.t, frame_begin);
    throw;
  } catch (const DeviceError&) {
    record(tagged_program, before.t, frame_begin);
    throw;
  } catch (...) {
    // The recorder can not keep the frames (full disk): the rig must not go on alone.
    make_all_safe(rig_);
    throw;
  }
  record(tagged_program, before.t, frame_begin);
  account_travel(program, before, status());
  return report;
}

void ProgramRunner::record(const instrument::Program& program, double t_start, std::uint64_t frame_begin) {
  const auto status = rig_.sequencer.status();
  files::ProgramRecord entry;
  entry.t_start = t_start;
  entry.contact_threshold = program.contact.threshold;
  entry.contact_baseline = program.contact.baseline;
  entry.frame_begin = frame_begin;
  entry.frame_end = recorder_.frame_count();
  for (const instrument::Waypoint& waypoint : program.waypoints) entry.waypoints.push_back(record_of(waypoint));
  if (status) {
    const instrument::SequencerStatus& s = status.value();
    entry.end = end_of(s.state);
    entry.executed = static_cast<std::int64_t>(s.executed);
    entry.t_end = s.t;
    entry.x_end = s.x;
    entry.y_end = s.y;
    entry.z_end = s.z;
    entry.E1_end_vs_QRCE = s.E1;
    entry.i1_end = s.i1;
  } else {
    entry.end = files::ProgramEnd::faulted;
    entry.t_end = rig_.clock.now();
  }
  recorder_.add(entry);
}

RunReport ProgramRunner::stream(const ScanProgram& program, double deadline, StreamWatch& watch, FrameSink* sink) {
  RunReport report;
  double heard = rig_.clock.now();
  while (true) {
    throw_if_stopped();
    const double patience = std::min(deadline, heard + policy_.silence.si());
    const auto read = rig_.sequencer.read(buffer_, patience);
    if (!read) fail(read.error());
    const std::size_t count = read.value();
    if (count > 0) {
      if (const auto error = watch.look(std::span(buffer_).first(count))) fail(*error);
      heard = rig_.clock.now();
      consume(std::span(buffer_).first(count), program, sink);
      report.last = buffer_[count - 1];
      report.frames += count;
      if (heartbeat_) heartbeat_();
      continue;
    }
    const instrument::SequencerStatus now = status();
    report.state = now.state;
    if (now.state == instrument::RunState::running)
      fail({.code = instrument::Errc::timeout,
            .device = "sequencer",
            .detail = fmt::format("no frame between {:.3f} s and {:.3f} s while a program runs", heard, now.t),
            .retryable = false});
    break;
  }
  const bool ended = report.state == instrument::RunState::completed || report.state == instrument::RunState::contact ||
                     report.state == instrument::RunState::limit_reached;
  if (!ended)
    fail({.code = instrument::Errc::device_fault,
          .device = "sequencer",
          .detail = report.state == instrument::RunState::faulted   ? "the program ended in a fault"
                    : report.state == instrument::RunState::aborted ? "the program was aborted by the device"
                                                                    : "the program did not start",
          .retryable = false});
  return report;
}

void ProgramRunner::consume(std::span<const instrument::Frame> frames, const ScanProgram& program, FrameSink* sink) {
  const std::uint64_t first = recorder_.frame_count();
  last_t_ = frames.back().t;
  for (std::size_t k = 0; k < frames.size(); ++k) packed_[k] = packer_.pack(frames[k]);
  recorder_.append(std::span(packed_).first(frames.size()));
  const auto legs = static_cast<std::int32_t>(program.legs.size());
  for (std::size_t begin = 0; begin < frames.size();) {
    std::size_t end = begin + 1;
    while (end < frames.size() && frames[end].tag == frames[begin].tag) ++end;
    const std::int32_t leg = frames[begin].tag - first_tag_;
    if (leg >= 0 && leg < legs) {
      std::ptrdiff_t& slot = leg_slot_[static_cast<std::size_t>(leg)];
      if (slot < 0) {
        slot = static_cast<std::ptrdiff_t>(legs_.size());
        legs_.push_back(named(program.legs[static_cast<std::size_t>(leg)], frames[begin].tag, first + begin));
      }
      legs_[static_cast<std::size_t>(slot)].frame_end = first + end;
      if (sink != nullptr) sink->take(leg, frames.subspan(begin, end - begin));
    }
    begin = end;
  }
}

void ProgramRunner::drain() {
  // After a stop or a fault: what the device still has, and nothing that it may yet produce.
  const double deadline = rig_.clock.now();
  constexpr int most_reads = 64;
  for (int k = 0; k < most_reads; ++k) {
    const auto read = rig_.sequencer.read(buffer_, deadline);
    if (!read || read.value() == 0) return;
    const auto increasing = [](const instrument::Frame& a, const instrument::Frame& b) { return a.t < b.t; };
    const auto frames = std::span(buffer_).first(read.value());
    // A stream that is broken has nothing to save.
    if (!(frames.front().t > last_t_) || !std::is_sorted(frames.begin(), frames.end(), increasing)) return;
    try {
      consume(frames, *running_, nullptr);
    } catch (const std::exception&) {
      return;  // the run file is the second concern here
    }
  }
}

void ProgramRunner::discard_stream() {
  const double deadline = rig_.clock.now();
  while (true) {
    const auto read = rig_.sequencer.read(buffer_, deadline);
    if (!read) fail(read.error());
    if (read.value() == 0) return;
  }
}

void ProgramRunner::account_travel(const ScanProgram& program, const instrument::SequencerStatus& before,
                                   const instrument::SequencerStatus& after) {
  double x = before.x, y = before.y, z = before.z;
  for (const PlannedLeg& leg : program.legs) {
    const double next_x = leg.waypoint.x.value_or(x), next_y = leg.waypoint.y.value_or(y);
    travel_xy_ += std::hypot(next_x - x, next_y - y);
    x = next_x;
    y = next_y;
    // An approach ends at the contact, not at its target.
    if (leg.waypoint.stop == instrument::StopRule::on_contact) continue;
    travel_z_ += std::abs(leg.waypoint.z.value_or(z) - z);
    z = leg.waypoint.z.value_or(z);
  }
  travel_z_ += std::abs(after.z - z);
}

}  // namespace seccm::scan
