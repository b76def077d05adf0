#include "scenarios/served_rig.hpp"

#include <fmt/format.h>

#include <mutex>
#include <optional>
#include <utility>

#include "instrument/servers/gcs/gcs_session.hpp"
#include "instrument/servers/gige/gige_server.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "instrument/servers/wire/line_session.hpp"
#include "instrument/twin/single_instruments.hpp"
#include "scenarios/paced_clock.hpp"
#include "scenarios/twin_assembly.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {

namespace {

namespace servers = instrument::servers;

class RequestTime final : public instrument::bench::BenchTime {
 public:
  RequestTime(instrument::Clock& rig, double speed) : rig_(rig) {
    if (speed > 0.0) paced_.emplace(rig, speed);
  }
  [[nodiscard]] double now() const override { return rig_.now(); }
  void on_request(double latency) override {
    if (paced_) {
      static_cast<void>(paced_->now());  // the wire and the wait for it take real time
    } else {
      rig_.sleep_until(rig_.now() + latency, {});
    }
  }

 private:
  instrument::Clock& rig_;
  std::optional<PacedClock> paced_;
};

}  // namespace

struct ServedRig::Parts {
  Parts(const Scenario& scenario, std::function<void(const std::string&)> note)
      : twin(twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        time(twin.clock(), scenario.serve.speed),
        wire({.world = &world, .note = note}) {
    const ServeParameters& serve = scenario.serve;
    if (!serve.stage && !serve.light && !serve.camera) {
      throw InputError(
          "serve.stage, serve.light and serve.camera are false: nothing to serve; accepted is one of them");
    }
    if (serve.stage) add_stage(serve);
    if (serve.light) {
      lamps.emplace(twin.light(), time, servers::LedOptions{});
      const int port = listen("serve.light_port", serve.address, serve.light_port, servers::led_sessions(*lamps));
      listeners.push_back({"light", "LED light source, pE-300 kind", fmt::format("{}:{}", serve.address, port)});
    }
    if (serve.camera) {
      servers::GigeOptions options{.address = serve.address, .world = &world, .note = std::move(note)};
      const std::string serial = options.serial;
      camera.emplace(twin.camera(), time, std::move(options));
      listeners.push_back({"camera", "GigE Vision, serial " + serial, serve.address + ":3956 (UDP)"});
    }
  }

  int listen(const char* key, const std::string& address, int port, servers::SessionFactory sessions) {
    try {
      return wire.add_tcp(address, port, std::move(sessions));
    } catch (const InputError& error) {
      throw InputError(
          fmt::format("serve.address = \"{}\", {} = {}: {}; accepted are an address of this machine and a "
                      "port that nobody listens on, or port 0 for any free one",
                      address, key, port, error.what()));
    }
  }

  void add_stage(const ServeParameters& serve) {
    controller.emplace(twin.stage(), time, servers::GcsOptions{});
    const int port = listen("serve.stage_port", serve.address, serve.stage_port, servers::gcs_sessions(*controller));
    listeners.push_back({"stage", "GCS 2.0", fmt::format("{}:{}", serve.address, port)});
    if (!serve.stage_serial) return;
    listeners.push_back(
        {"stage", "GCS 2.0, serial line", wire.add_pseudo_terminal(servers::gcs_sessions(*controller))});
  }

  instrument::twin::SingleInstruments twin;
  std::mutex world;
  RequestTime time;
  std::optional<servers::GcsController> controller;
  std::optional<servers::LedSource> lamps;
  std::optional<servers::GigeServer> camera;
  servers::WireServer wire;
  std::vector<Listener> listeners;
};

ServedRig::ServedRig(const Scenario& scenario, std::function<void(const std::string&)> note)
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

std::uint64_t ServedRig::camera_frames() const {
  const auto& camera = parts_->camera;
  return camera ? camera->counts().frames : 0;
}

}  // namespace seccm::scenarios
