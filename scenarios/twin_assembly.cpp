#include "scenarios/twin_assembly.hpp"

#include <algorithm>

#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"

namespace seccm::scenarios {

namespace wecspm = instrument::wecspm;
using instrument::Rig;

instrument::twin::TwinSpec twin_spec_of(const Scenario& scenario) {
  instrument::twin::TwinSpec spec = scenario.twin;
  for (const ScanRate rate : scenario.scan.cv.scan_rates) {
    spec.numerics.fastest_scan_rate = std::max(spec.numerics.fastest_scan_rate, rate);
  }
  return spec;
}

namespace {

/// What the operator of this twin would write into [wecspm]: its converters are the twin's.
wecspm::WecspmConfig config_of(const Scenario& scenario) {
  const auto& stage = scenario.twin.stage;
  const auto& amplifier = scenario.twin.amplifier;
  wecspm::WecspmConfig config = scenario.wecspm;
  config.bitfile = "software target";
  config.span_x = config.span_y = stage.range_xy;
  config.span_z = stage.range_z;
  config.command_ratio = amplifier.command_ratio;
  config.sensitivity = amplifier.sensitivity;
  config.sample_interval = amplifier.sample_interval;
  config.samples_averaged = amplifier.samples_averaged;
  config.speed_xy_max = stage.speed_xy_max;
  config.speed_z_max = stage.speed_z_max;
  config.rate_max = amplifier.rate_max;
  config.clearance = stage.clearance;
  config.free_travel = stage.free_travel;
  return config;
}

}  // namespace

struct ScanRig::Registers {
  Registers(const Rig& rig, const Scenario& scenario)
      : target(rig.sequencer, rig.clock, {.polarity_inverted = scenario.wecspm.polarity_inverted}),
        driver(target, rig.clock, config_of(scenario),
               wecspm::parse_bitfile(wecspm::synthetic_bitfile(), "software target")) {}

  instrument::nifpga::FpgaTarget target;
  wecspm::WecspmSequencer driver;
};

ScanRig::ScanRig(const Scenario& scenario)
    : twin_(twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
      registers_(scenario.rig.sequencer == SequencerSource::registers
                     ? std::make_unique<Registers>(twin_.rig(), scenario)
                     : nullptr) {}
ScanRig::~ScanRig() = default;

Rig ScanRig::rig() {
  const Rig twin = twin_.rig();
  if (!registers_) return twin;
  return {twin.clock, registers_->driver, twin.camera, twin.light};
}

const instrument::twin::TwinRig& ScanRig::twin() const {
  return twin_;
}

}  // namespace seccm::scenarios
