#include "rigs/served_rig.hpp"

#include <fmt/format.h>

#include <mutex>
#include <optional>
#include <utility>

#include "instrument/decorators/shared_clock.hpp"
#include "instrument/servers/gcs/gcs_session.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "instrument/servers/wire/line_session.hpp"
#include "instrument/twin/single_instruments.hpp"
#include "rigs/request_time.hpp"
#include "rigs/twin_assembly.hpp"
#include "sim/error.hpp"

namespace seccm::rigs {

namespace {

namespace servers = instrument::servers;

}  // namespace

struct ServedRig::Parts {
  Parts(const scenarios::Scenario& scenario, WireNote note)
      : twin(twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        time(twin.clock(), scenario.serve.speed),
        wire({.world = &world, .note = note, .ahead = [this] { return time.ahead(); }}) {
    const scenarios::ServeParameters& serve = scenario.serve;
    if (!serve.stage && !serve.light && !serve.camera && !serve.source_meter) {
      throw InputError(
          "serve.stage, serve.light, serve.camera and serve.source_meter are false: nothing to serve; accepted is one "
          "of them");
    }
    if (serve.stage) add_stage(serve);
    if (serve.light) listeners.push_back(microscope.serve(twin.light(), serve, wire));
    if (serve.light && serve.light_serial) listeners.push_back(microscope.serve_lamps_on_a_line(wire));
    if (serve.source_meter) {
      unit.emplace(twin.source_meter(), time, servers::ScpiOptions{.dialect = serve.source_meter_dialect});
      const int port = listen_at(wire, "serve.source_meter_port", serve.address, serve.source_meter_port,
                                 servers::scpi_sessions(*unit));
      const auto dialect = scenarios::source_meter_dialect_names[static_cast<std::size_t>(serve.source_meter_dialect)];
      listeners.push_back(
          {"source meter", fmt::format("SCPI, {}", dialect), fmt::format("{}:{}", serve.address, port)});
    }
    if (serve.camera) listeners.push_back(microscope.serve(twin.camera(), serve, std::move(note)));
  }

  void add_stage(const scenarios::ServeParameters& serve) {
    controller.emplace(twin.stage(), time, servers::GcsOptions{});
    const int port =
        listen_at(wire, "serve.stage_port", serve.address, serve.stage_port, servers::gcs_sessions(*controller));
    listeners.push_back({"stage", "GCS 2.0", fmt::format("{}:{}", serve.address, port)});
    if (!serve.stage_serial) return;
    listeners.push_back(
        {"stage", "GCS 2.0, serial line", wire.add_pseudo_terminal(servers::gcs_sessions(*controller))});
  }

  instrument::twin::SingleInstruments twin;
  std::mutex world;
  RequestTime time;
  instrument::SharedClock clock{time.clock(), world};
  std::optional<servers::GcsController> controller;
  std::optional<servers::ScpiSourceMeter> unit;
  ServedMicroscope microscope{time, world};
  servers::WireServer wire;
  std::vector<Listener> listeners;
};

ServedRig::ServedRig(const scenarios::Scenario& scenario, WireNote note)
    : parts_(std::make_unique<Parts>(scenario, std::move(note))) {}
ServedRig::~ServedRig() = default;

const std::vector<Listener>& ServedRig::listeners() const {
  return parts_->listeners;
}

void ServedRig::run(const std::stop_token& stop) {
  parts_->wire.run(stop);
}

double ServedRig::now() const {
  const std::lock_guard lock(parts_->world);
  return parts_->twin.clock().now();
}

instrument::Clock& ServedRig::clock() {
  return parts_->clock;
}

std::uint64_t ServedRig::camera_frames() const {
  return parts_->microscope.camera_frames();
}

}  // namespace seccm::rigs
