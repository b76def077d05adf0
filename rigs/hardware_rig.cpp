#include "rigs/hardware_rig.hpp"

#include <fmt/format.h>

#include <optional>

#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/drivers/wecspm/nifpga_library.hpp"
#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "rigs/host_probe.hpp"
#include "rigs/wall_clock.hpp"
#include "scenarios/hardware_probe.hpp"
#include "sim/error.hpp"

namespace seccm::rigs {

namespace {

namespace drivers = instrument::drivers;
namespace wecspm = instrument::wecspm;

struct FpgaProbe {
  FpgaProbe(const wecspm::WecspmConfig& config, instrument::Clock& time)
      : api(wecspm::load_nifpga(config.library)), driver(*api, time, config, wecspm::read_bitfile(config.bitfile)) {}
  std::unique_ptr<wecspm::NiFpgaApi> api;
  wecspm::WecspmSequencer driver;
};

drivers::GigeConfig camera_config_of(const scenarios::HardwareParameters& h) {
  return {.id = h.camera,
          .bits = h.camera_bits,
          .nominal_pixel_size = h.camera_pixel_size.si(),
          .timeout_s = h.timeout.si()};
}

}  // namespace

struct HardwareRig::Parts {
  Parts(const scenarios::Scenario& scenario, instrument::Clock* time) : base(time != nullptr ? *time : wall) {
    const scenarios::HardwareParameters& h = scenario.hardware;
    const double timeout = h.timeout.si();
    if (scenarios::require_hardware_named(scenario) == scenarios::HardwareProbe::fpga) {
      fpga.emplace(scenario.wecspm, base);
    } else {
      host.emplace(way_to(h.stage, h.stage_baud, timeout, "hardware.stage"),
                   way_to(h.source_meter, h.source_meter_baud, timeout, "hardware.source_meter"), scenario.host, base);
    }
    camera.emplace(camera_config_of(h), clock());
    light.emplace(way_to(h.light, h.light_baud, timeout, "hardware.light"), drivers::LedConfig{}, clock());
  }

  instrument::Clock& clock() { return fpga ? fpga->driver.clock() : host->clock(); }
  instrument::ProbeSequencer& sequencer() {
    return fpga ? static_cast<instrument::ProbeSequencer&>(fpga->driver) : host->sequencer();
  }

  WallClock wall;
  instrument::Clock& base;
  std::optional<FpgaProbe> fpga;
  std::optional<HostProbe> host;
  // Behind the probe: a library that brings camera and lamps along takes them away when the probe goes.
  std::optional<drivers::GigeCamera> camera;
  std::optional<drivers::LedLight> light;
};

HardwareRig::HardwareRig(const scenarios::Scenario& scenario, instrument::Clock* time)
    : parts_(std::make_unique<Parts>(scenario, time)) {}
HardwareRig::~HardwareRig() = default;

instrument::Rig HardwareRig::rig() {
  Parts& p = *parts_;
  return {p.clock(), p.sequencer(), *p.camera, *p.light};
}

}  // namespace seccm::rigs
