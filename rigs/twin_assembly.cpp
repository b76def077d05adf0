#include "rigs/twin_assembly.hpp"

#include <algorithm>

#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"
#include "models/micrograph/micrograph.hpp"

namespace seccm::rigs {

namespace wecspm = instrument::wecspm;
using instrument::Rig;

instrument::twin::TwinSpec twin_spec_of(const scenarios::Scenario& scenario) {
  instrument::twin::TwinSpec spec = scenario.twin;
  for (const ScanRate rate : scenario.scan.cv.scan_rates) {
    spec.numerics.fastest_scan_rate = std::max(spec.numerics.fastest_scan_rate, rate);
  }
  return spec;
}

namespace {

/// What the operator of this twin would write into [wecspm]: its converters are the twin's.
wecspm::WecspmConfig config_of(const scenarios::Scenario& scenario) {
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
  Registers(const Rig& rig, const scenarios::Scenario& scenario)
      : target(rig.sequencer, rig.clock,
               {.polarity_inverted = scenario.wecspm.polarity_inverted,
                .sample_interval = scenario.twin.amplifier.sample_interval.si()}),
        driver(target, rig.clock, config_of(scenario),
               wecspm::parse_bitfile(wecspm::synthetic_bitfile(), "software target")) {}

  instrument::nifpga::FpgaTarget target;
  wecspm::WecspmSequencer driver;
};

ScanRig::ScanRig(const scenarios::Scenario& scenario) {
  if (scenario.rig.sequencer == scenarios::SequencerSource::host) {
    host_ = std::make_unique<HostRig>(scenario);
    return;
  }
  twin_ =
      std::make_unique<instrument::twin::TwinRig>(twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed));
  if (scenario.rig.sequencer == scenarios::SequencerSource::registers) {
    registers_ = std::make_unique<Registers>(twin_->rig(), scenario);
  }
}
ScanRig::~ScanRig() = default;

Rig ScanRig::rig() {
  if (host_) return host_->rig();
  const Rig twin = twin_->rig();
  if (!registers_) return twin;
  return {twin.clock, registers_->driver, twin.camera, twin.light};
}

const instrument::twin::TwinTruth& ScanRig::truth() const {
  return host_ ? host_->truth() : twin_->truth();
}

std::vector<instrument::twin::LandingRecord> ScanRig::take_landings() {
  return host_ ? host_->take_landings() : twin_->take_landings();
}

models::Micrograph ScanRig::micrograph(double x, double y, double field, std::uint64_t id) const {
  return host_ ? host_->micrograph(x, y, field, id) : twin_->micrograph(x, y, field, id);
}

}  // namespace seccm::rigs
