#include "rigs/host_rig.hpp"

#include <mutex>
#include <optional>
#include <thread>

#include "instrument/decorators/shared_clock.hpp"
#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/servers/gcs/gcs_session.hpp"
#include "instrument/servers/gige/gige_server.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "instrument/servers/wire/line_session.hpp"
#include "instrument/twin/single_instruments.hpp"
#include "models/micrograph/micrograph.hpp"
#include "rigs/host_probe.hpp"
#include "rigs/request_time.hpp"
#include "rigs/twin_assembly.hpp"

namespace seccm::rigs {

namespace {

namespace drivers = instrument::drivers;
namespace servers = instrument::servers;

constexpr double loopback_timeout = 60.0;  // s of the wall clock: a loaded machine is no broken wire

// The servers' thread works on the same world as the host's.
class SharedCamera final : public instrument::Camera {
 public:
  SharedCamera(instrument::Camera& inner, std::mutex& world) : inner_(inner), world_(world) {}
  [[nodiscard]] instrument::Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] instrument::Health health() const override {
    const std::lock_guard lock(world_);
    return inner_.health();
  }
  instrument::Outcome connect(instrument::ConnectConsent consent) override {
    const std::lock_guard lock(world_);
    return inner_.connect(consent);
  }
  void make_safe() noexcept override {
    const std::lock_guard lock(world_);
    inner_.make_safe();
  }
  [[nodiscard]] instrument::CameraProperties properties() const override { return inner_.properties(); }
  instrument::Outcome configure(const instrument::CameraConfig& config) override {
    const std::lock_guard lock(world_);
    return inner_.configure(config);
  }
  instrument::Result<instrument::Image> grab(double deadline) override {
    const std::lock_guard lock(world_);
    return inner_.grab(deadline);
  }

 private:
  instrument::Camera& inner_;
  std::mutex& world_;
};

class SharedLight final : public instrument::Light {
 public:
  SharedLight(instrument::Light& inner, std::mutex& world) : inner_(inner), world_(world) {}
  [[nodiscard]] instrument::Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] instrument::Health health() const override {
    const std::lock_guard lock(world_);
    return inner_.health();
  }
  instrument::Outcome connect(instrument::ConnectConsent consent) override {
    const std::lock_guard lock(world_);
    return inner_.connect(consent);
  }
  void make_safe() noexcept override {
    const std::lock_guard lock(world_);
    inner_.make_safe();
  }
  instrument::Outcome set(instrument::LightChannel channel, double intensity) override {
    const std::lock_guard lock(world_);
    return inner_.set(channel, intensity);
  }
  [[nodiscard]] instrument::Result<instrument::LightState> get() const override {
    const std::lock_guard lock(world_);
    return inner_.get();
  }

 private:
  instrument::Light& inner_;
  std::mutex& world_;
};

/// What the operator of this twin would write into [host]: its limits and ranges are the twin's.
drivers::HostConfig host_config_of(const scenarios::Scenario& scenario) {
  const auto& stage = scenario.twin.stage;
  const auto& amplifier = scenario.twin.amplifier;
  drivers::HostConfig config = scenario.host;
  config.potential_range = (10.0 / amplifier.command_ratio) * unit::V;
  config.current_range = (10.0 / amplifier.sensitivity.si()) * unit::A;
  config.speed_xy_max = stage.speed_xy_max;
  config.speed_z_max = stage.speed_z_max;
  config.rate_max = amplifier.rate_max;
  config.clearance = stage.clearance;
  config.free_travel = stage.free_travel;
  return config;
}

auto loopback_to(int port) {
  return [port] { return drivers::connect_tcp(servers::loopback, port, loopback_timeout); };
}

}  // namespace

struct HostRig::Parts {
  Parts(const scenarios::Scenario& scenario, double speed)
      : twin(twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        time(twin.clock(), speed),
        controller(twin.stage(), time, servers::GcsOptions{}),
        unit(twin.source_meter(), time, {.dialect = servers::ScpiDialect::keithley_6430}),
        wire({.world = &world, .ahead = [this] { return time.ahead(); }}),
        clock(time.clock(), world),
        probe(loopback_to(wire.add_tcp(servers::loopback, 0, servers::gcs_sessions(controller))),
              loopback_to(wire.add_tcp(servers::loopback, 0, servers::scpi_sessions(unit))), host_config_of(scenario),
              clock),
        camera(twin.camera(), world),
        light(twin.light(), world) {
    if (scenario.rig.light == scenarios::DeviceSource::host) {
      lamps.emplace(twin.light(), time, servers::LedOptions{});
      const int port = wire.add_tcp(servers::loopback, 0, servers::led_sessions(*lamps));
      led.emplace(loopback_to(port), drivers::LedConfig{}, clock);
    }
    if (scenario.rig.camera == scenarios::DeviceSource::host) {
      const instrument::CameraProperties of_twin = twin.camera().properties();
      exposures.emplace(twin.camera(), time, servers::GigeOptions{.world = &world});
      gige.emplace(drivers::GigeConfig{.id = servers::loopback,
                                       .bits = of_twin.bits,
                                       .nominal_pixel_size = of_twin.nominal_pixel_size,
                                       .timeout_s = loopback_timeout,
                                       .rig_stamps = true},
                   clock);
    }
    server = std::jthread([this](const std::stop_token& stop) { wire.run(stop); });
  }

  instrument::twin::SingleInstruments twin;
  std::mutex world;
  RequestTime time;
  servers::GcsController controller;
  servers::ScpiSourceMeter unit;
  servers::WireServer wire;
  instrument::SharedClock clock;
  HostProbe probe;
  SharedCamera camera;  // of the twin itself; on the wire if the optionals are there
  SharedLight light;
  std::optional<servers::LedSource> lamps;
  std::optional<drivers::LedLight> led;
  std::optional<servers::GigeServer> exposures;
  std::optional<drivers::GigeCamera> gige;
  std::jthread server;  // last: joined before what it serves goes
};

HostRig::HostRig(const scenarios::Scenario& scenario, double speed)
    : parts_(std::make_unique<Parts>(scenario, speed)) {}
HostRig::~HostRig() = default;

instrument::Rig HostRig::rig() {
  Parts& p = *parts_;
  instrument::Camera& camera = p.gige ? static_cast<instrument::Camera&>(*p.gige) : p.camera;
  instrument::Light& light = p.led ? static_cast<instrument::Light&>(*p.led) : p.light;
  return {p.probe.clock(), p.probe.sequencer(), camera, light};
}

const instrument::twin::TwinTruth& HostRig::truth() const {
  return parts_->twin.truth();
}

std::vector<instrument::twin::LandingRecord> HostRig::take_landings() {
  const std::lock_guard lock(parts_->world);
  return parts_->twin.take_landings();
}

models::Micrograph HostRig::micrograph(double x, double y, double field, std::uint64_t id) const {
  const std::lock_guard lock(parts_->world);
  return parts_->twin.micrograph(x, y, field, id);
}

}  // namespace seccm::rigs
