#include "scenarios/hardware_rig.hpp"

#include <fmt/format.h>

#include <optional>

#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/drivers/wecspm/nifpga_library.hpp"
#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "scenarios/host_probe.hpp"
#include "scenarios/wall_clock.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {

namespace {

namespace drivers = instrument::drivers;
namespace wecspm = instrument::wecspm;

constexpr const char* probes =
    "accepted is wecspm.bitfile (with wecspm.library and wecspm.resource), or hardware.stage and hardware.source_meter";

HardwareProbe require_one_probe(const Scenario& s) {
  const HardwareParameters& h = s.hardware;
  const bool fpga = !s.wecspm.bitfile.empty(), stage = !h.stage.empty(), meter = !h.source_meter.empty();
  if (fpga && (stage || meter)) {
    throw InputError(
        fmt::format("rig.sequencer = \"hardware\": wecspm.bitfile = \"{}\" is one probe and hardware.{} = \"{}\" "
                    "belongs to another; {}",
                    s.wecspm.bitfile, stage ? "stage" : "source_meter", stage ? h.stage : h.source_meter, probes));
  }
  if (fpga) return HardwareProbe::fpga;
  if (!stage && !meter) throw InputError(fmt::format("rig.sequencer = \"hardware\": no probe is named; {}", probes));
  if (!stage || !meter) {
    throw InputError(fmt::format("rig.sequencer = \"hardware\": hardware.{} is named and hardware.{} is not; {}",
                                 stage ? "stage" : "source_meter", stage ? "source_meter" : "stage", probes));
  }
  return HardwareProbe::host;
}

}  // namespace

HardwareProbe require_hardware_named(const Scenario& scenario) {
  const HardwareProbe probe = require_one_probe(scenario);
  const HardwareParameters& h = scenario.hardware;
  if (h.camera.empty()) {
    throw InputError(
        "rig.camera = \"hardware\": hardware.camera = \"\"; accepted is the address of a GigE Vision camera, or its "
        "identifier as arv-tool lists it");
  }
  if (h.camera_bits == 0) {
    throw InputError(
        "rig.camera = \"hardware\": hardware.camera_bits = 0: GigE Vision does not say how many bits of a pixel are "
        "significant, and the exposure depends on it; accepted are 1 to 16");
  }
  if (h.camera_pixel_size.si() == 0.0) {
    throw InputError(
        "rig.camera = \"hardware\": hardware.camera_pixel_size = 0: GigE Vision does not say how large a pixel is at "
        "the sample; accepted is the pitch of the sensor over the magnification, e.g. \"65 nm\"");
  }
  if (h.light.empty()) {
    throw InputError(
        "rig.light = \"hardware\": hardware.light = \"\"; accepted is HOST:PORT of a pE-300, or the path of its serial "
        "device");
  }
  return probe;
}

namespace {

struct FpgaProbe {
  FpgaProbe(const wecspm::WecspmConfig& config, instrument::Clock& time)
      : api(wecspm::load_nifpga(config.library)), driver(*api, time, config, wecspm::read_bitfile(config.bitfile)) {}
  std::unique_ptr<wecspm::NiFpgaApi> api;
  wecspm::WecspmSequencer driver;
};

drivers::GigeConfig camera_config_of(const HardwareParameters& h) {
  return {.id = h.camera,
          .bits = h.camera_bits,
          .nominal_pixel_size = h.camera_pixel_size.si(),
          .timeout_s = h.timeout.si()};
}

}  // namespace

struct HardwareRig::Parts {
  Parts(const Scenario& scenario, instrument::Clock* time) : base(time != nullptr ? *time : wall) {
    const HardwareParameters& h = scenario.hardware;
    const double timeout = h.timeout.si();
    if (require_hardware_named(scenario) == HardwareProbe::fpga) {
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

HardwareRig::HardwareRig(const Scenario& scenario, instrument::Clock* time)
    : parts_(std::make_unique<Parts>(scenario, time)) {}
HardwareRig::~HardwareRig() = default;

instrument::Rig HardwareRig::rig() {
  Parts& p = *parts_;
  return {p.clock(), p.sequencer(), *p.camera, *p.light};
}

}  // namespace seccm::scenarios
