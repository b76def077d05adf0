#include "rigs/rig_factory.hpp"

#include <fmt/format.h>

#include <utility>

#include "models/micrograph/micrograph.hpp"
#include "sim/error.hpp"

namespace seccm::rigs {
namespace {

using instrument::Rig;

files::MicrographRecord record_of(int point, models::Micrograph from) {
  files::MicrographRecord to;
  to.point = point;
  to.pixel_size = from.pixel_size;
  to.centre_x = from.centre_x;
  to.centre_y = from.centre_y;
  to.width = from.everhart_thornley.width;
  to.height = from.everhart_thornley.height;
  to.everhart_thornley = std::move(from.everhart_thornley.pixels);
  to.in_lens = std::move(from.in_lens.pixels);
  to.grey_gold = from.grey_gold;
  to.grey_thick = from.grey_thick;
  to.thickness_scale = from.thickness_scale;
  return to;
}

std::string name_of(const instrument::Identity& id) {
  std::string name = fmt::format("{} {}", id.vendor, id.model);
  if (!id.serial.empty()) name += ", serial " + id.serial;
  if (!id.firmware.empty()) name += ", firmware " + id.firmware;
  return name;
}

}  // namespace

RigFactory::RigFactory(const scenarios::Scenario& scenario, instrument::Clock* time)
    : scenario_(scenario), time_(time) {}

Rig RigFactory::twin_rig() {
  if (!twin_) twin_ = std::make_unique<ScanRig>(scenario_);
  return twin_->rig();
}

Rig RigFactory::replay_rig() {
  if (!replay_) replay_ = std::make_unique<instrument::replay::ReplayRig>(scenario_.rig.replay_run);
  return replay_->rig();
}

Rig RigFactory::hardware_rig() {
  if (!hardware_) hardware_ = std::make_unique<HardwareRig>(scenario_, time_);
  return hardware_->rig();
}

Rig RigFactory::of_sequencer(scenarios::SequencerSource source) {
  if (source == scenarios::SequencerSource::hardware) return hardware_rig();
  return source == scenarios::SequencerSource::replay ? replay_rig() : twin_rig();
}

Rig RigFactory::of_device(scenarios::DeviceSource source) {
  if (source == scenarios::DeviceSource::hardware) return hardware_rig();
  return source == scenarios::DeviceSource::replay ? replay_rig() : twin_rig();
}

Rig RigFactory::rig() {
  const Rig motion = of_sequencer(scenario_.rig.sequencer);
  return {motion.clock, motion.sequencer, of_device(scenario_.rig.camera).camera, of_device(scenario_.rig.light).light};
}

std::optional<files::MicrographRecord> RigFactory::micrograph(const files::PointRecord& point) const {
  if (replay_) return replay_->recording().micrograph(point.index);
  if (!twin_) return std::nullopt;
  return record_of(point.index,
                   twin_->micrograph(point.contact_x, point.contact_y, scenario_.micrograph_survey.width.si(),
                                     static_cast<std::uint64_t>(point.index)));
}

files::RigRecord describe_rig(const Rig& rig) {
  const instrument::Limits l = rig.sequencer.limits();
  const instrument::Capabilities c = rig.sequencer.capabilities();
  const instrument::CameraProperties camera = rig.camera.properties();
  const instrument::SequencerStatus now = rig.sequencer.status().value();
  return {.recorded = true,
          .sequencer = name_of(rig.sequencer.identity()),
          .camera = name_of(rig.camera.identity()),
          .light = name_of(rig.light.identity()),
          .x_min = l.x_min,
          .x_max = l.x_max,
          .y_min = l.y_min,
          .y_max = l.y_max,
          .z_min = l.z_min,
          .z_max = l.z_max,
          .speed_xy_max = l.speed_xy_max,
          .speed_z_max = l.speed_z_max,
          .E_min = l.E_min,
          .E_max = l.E_max,
          .rate_E_max = l.rate_E_max,
          .max_waypoints = static_cast<std::int64_t>(l.max_waypoints),
          .device_side_contact = c.device_side_contact,
          .contact_latency = c.contact_latency,
          .camera_width = camera.width,
          .camera_height = camera.height,
          .t = now.t,
          .x = now.x,
          .y = now.y,
          .z = now.z,
          .E1_vs_QRCE = now.E1};
}

}  // namespace seccm::rigs
