// A twin whose camera and lamps are on the wire, and drivers on the other end: what the pipeline would see of a rig.
#pragma once

#include <mutex>

#include "instrument/decorators/shared_clock.hpp"
#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/servers/gige/gige_server.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "tests/wires/bench_light.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {

inline constexpr const char* camera_address = "127.0.0.1";
inline constexpr double patient = 60.0;  // s

/// A twin with a camera so small that one frame fits into the receive buffer of any system: 96 x 64 px.
inline twin::TwinSpec small_camera() {
  twin::TwinSpec spec;
  spec.sample.cluster_sizes = {12.0};
  spec.sample.positions_x = {60e-6 * unit::m};
  spec.sample.positions_y = {50e-6 * unit::m};
  spec.camera.width = 96;
  spec.camera.height = 64;
  return spec;
}

/// The same twin, seen directly.
struct SmallTwin {
  twin::TwinRig twin{small_camera(), 7};
  Rig rig = twin.rig();
  Clock& clock() { return rig.clock; }
  Camera& camera() { return rig.camera; }
  Light& light() { return rig.light; }
};

/// The time of a twin, one request at a time.
class TwinSeconds final : public bench::BenchTime {
 public:
  explicit TwinSeconds(Clock& clock) : clock_(clock) {}
  [[nodiscard]] double now() const override { return clock_.now(); }
  void on_request(double latency) override { clock_.sleep_until(clock_.now() + latency, {}); }

 private:
  Clock& clock_;
};

class WiredMicroscope {
 public:
  WiredMicroscope() : WiredMicroscope(0.0, {}) {}
  WiredMicroscope(double packet_loss, drivers::GigeConfig config) : gige_(twin_.camera(), time_, served(packet_loss)) {
    port_ = wire_.server.add_tcp(servers::loopback, 0, servers::led_sessions(source_));
    wire_.start();
    config.id = camera_address;
    config.rig_stamps = true;
    config.bits = small_camera().camera.bits;
    config.nominal_pixel_size = 65e-9;
    camera_ = std::make_unique<drivers::GigeCamera>(config, clock_);
    light_ = std::make_unique<drivers::LedLight>(
        [this] { return drivers::connect_tcp(servers::loopback, port_, patient); }, drivers::LedConfig{}, clock_);
  }

  Camera& camera() { return *camera_; }
  Light& light() { return *light_; }
  Clock& clock() { return clock_; }
  servers::GigeServer& server() { return gige_; }

 private:
  servers::GigeOptions served(double packet_loss) {
    return {.address = camera_address, .packet_loss = packet_loss, .world = &world_};
  }

  SmallTwin twin_;
  std::mutex world_;
  TwinSeconds time_{twin_.clock()};
  SharedClock clock_{twin_.clock(), world_};
  servers::LedSource source_{twin_.light(), time_, {}};
  servers::GigeServer gige_;
  Served wire_{{.world = &world_}};
  int port_ = 0;
  std::unique_ptr<drivers::GigeCamera> camera_;
  std::unique_ptr<drivers::LedLight> light_;
};

}  // namespace seccm::instrument::testing
