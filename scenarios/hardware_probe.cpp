#include "scenarios/hardware_probe.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

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

}  // namespace seccm::scenarios
