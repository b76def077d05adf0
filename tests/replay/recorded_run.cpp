#include "tests/replay/recorded_run.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <string>

#include "tests/roles/sequencer_conformance.hpp"

namespace seccm::instrument::replay::testing {
namespace {

files::Scale scale_of(const ChannelScale& s) {
  return {s.lsb, s.offset};
}

files::RunHeader header_of(const ProbeSequencer& sequencer) {
  const Capabilities c = sequencer.capabilities();
  files::RunHeader h;
  h.scenario_name = "recorded";
  h.software = "test";
  h.frame_interval = c.frame_interval;
  h.x = scale_of(c.x);
  h.y = scale_of(c.y);
  h.z = scale_of(c.z);
  h.E1 = scale_of(c.E1);
  h.i1 = scale_of(c.i1);
  h.E2 = scale_of(c.E2);
  h.i2 = scale_of(c.i2);
  h.current_range = sequencer.limits().current_range;
  return h;
}

files::RigRecord rig_of(ProbeSequencer& sequencer) {
  const Limits l = sequencer.limits();
  const SequencerStatus s = sequencer.status().value();
  files::RigRecord r;
  r.recorded = true;
  r.sequencer = sequencer.identity().model;
  r.x_max = l.x_max;
  r.y_max = l.y_max;
  r.z_max = l.z_max;
  r.speed_xy_max = l.speed_xy_max;
  r.speed_z_max = l.speed_z_max;
  r.E_min = l.E_min;
  r.E_max = l.E_max;
  r.rate_E_max = l.rate_E_max;
  r.max_waypoints = static_cast<std::int64_t>(l.max_waypoints);
  r.t = s.t;
  r.x = s.x;
  r.y = s.y;
  r.z = s.z;
  r.E1_vs_QRCE = s.E1;
  return r;
}

std::int16_t count(double value, const files::Scale& s) {
  return static_cast<std::int16_t>(std::lround((value - s.offset) / s.lsb));
}

files::PackedFrame packed(const Frame& f, const files::RunHeader& h) {
  return {.tick = std::llround(f.t / h.tick),
          .x = count(f.x, h.x),
          .y = count(f.y, h.y),
          .z = count(f.z, h.z),
          .E1 = count(f.E1, h.E1),
          .i1 = count(f.i1, h.i1),
          .tag = static_cast<std::int16_t>(f.tag),
          .flags = f.flags,
          .E2 = count(f.E2, h.E2),
          .i2 = count(f.i2, h.i2)};
}

files::WaypointRecord waypoint_of(const Waypoint& w) {
  files::WaypointRecord r;
  r.tag = w.tag;
  r.sets_x = w.x.has_value();
  r.sets_y = w.y.has_value();
  r.sets_z = w.z.has_value();
  r.sets_E1 = w.E1.has_value();
  r.x = w.x.value_or(0);
  r.y = w.y.value_or(0);
  r.z = w.z.value_or(0);
  r.E1_vs_QRCE = w.E1.value_or(0);
  r.speed_xy = w.speed_xy;
  r.speed_z = w.speed_z;
  r.rate_E1 = w.rate_E1;
  r.jump_E1 = w.jump_E1;
  r.hold = w.hold;
  r.on_contact = w.stop == StopRule::on_contact;
  return r;
}

files::ProgramEnd end_of(RunState state) {
  switch (state) {
    case RunState::completed:
      return files::ProgramEnd::completed;
    case RunState::contact:
      return files::ProgramEnd::contact;
    case RunState::limit_reached:
      return files::ProgramEnd::limit_reached;
    case RunState::aborted:
      return files::ProgramEnd::aborted;
    default:
      return files::ProgramEnd::faulted;
  }
}

void record_step(ProbeSequencer& sequencer, Clock& clock, const Step& step, const files::RunHeader& header,
                 files::RunRecorder& recorder) {
  files::ProgramRecord record;
  record.t_start = sequencer.status().value().t;
  record.contact_threshold = step.program.contact.threshold;
  record.contact_baseline = step.program.contact.baseline;
  for (const Waypoint& w : step.program.waypoints) record.waypoints.push_back(waypoint_of(w));
  record.frame_begin = recorder.frame_count();
  ASSERT_TRUE(instrument::testing::succeeded(sequencer.start(step.program)));
  if (step.stop_after) {
    clock.sleep_until(clock.now() + *step.stop_after, {});
    if (step.safe) {
      sequencer.make_safe();
    } else {
      ASSERT_TRUE(sequencer.abort().ok());
    }
  }
  for (const Frame& frame : instrument::testing::read_all(sequencer)) {
    const files::PackedFrame one[] = {packed(frame, header)};
    recorder.append(one);
  }
  const SequencerStatus s = sequencer.status().value();
  record.frame_end = recorder.frame_count();
  record.end = end_of(s.state);
  record.executed = static_cast<std::int64_t>(s.executed);
  record.t_end = s.t;
  record.x_end = s.x;
  record.y_end = s.y;
  record.z_end = s.z;
  record.E1_end_vs_QRCE = s.E1;
  record.i1_end = s.i1;
  recorder.add(record);
}

}  // namespace

void record_steps(ProbeSequencer& sequencer, Clock& clock, const std::function<std::vector<Step>()>& steps,
                  const std::filesystem::path& target) {
  ASSERT_TRUE(instrument::testing::succeeded(sequencer.connect({.allow_motion = true})));
  const files::RunHeader header = header_of(sequencer);
  files::RunRecorder recorder(target, header);
  recorder.set(rig_of(sequencer));
  for (const Step& step : steps()) record_step(sequencer, clock, step, header, recorder);
  recorder.finalise("complete");
}

void record_images(int count, const std::filesystem::path& target) {
  files::RunHeader header;
  header.camera_bits = 12;
  header.nominal_pixel_size = 1e-7;
  files::RunRecorder recorder(target, header);
  files::RigRecord rig;
  rig.recorded = true;
  rig.camera = "test camera";
  rig.camera_width = 8;
  rig.camera_height = 6;
  rig.t = 1.0;
  recorder.set(rig);
  for (int k = 0; k < count; ++k) {
    files::RunImage image;
    image.name = "image_" + std::to_string(k);
    image.width = 8;
    image.height = 6;
    image.exposure = 5e-3;
    image.average = 3;
    image.t_start = 1.0 + 0.1 * k;
    image.t = image.t_start + 15e-3;
    image.illumination = "dark";
    for (int p = 0; p < 48; ++p) image.pixels.push_back(static_cast<std::uint16_t>(100 * k + p));
    recorder.add(image);
  }
  files::ProgramRecord program;
  program.t_start = program.t_end = 100.0;
  recorder.add(program);
  recorder.finalise("complete");
}

}  // namespace seccm::instrument::replay::testing
