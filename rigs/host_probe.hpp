// The probe of a rig without an FPGA: drivers of stage and source-measure unit, and the host sequencer over both.
#pragma once

#include <utility>

#include "instrument/drivers/gcs/gcs_stage.hpp"
#include "instrument/drivers/host/host_sequencer.hpp"
#include "instrument/drivers/scpi/source_meter.hpp"
#include "rigs/instrument_place.hpp"

namespace seccm::rigs {

class HostProbe {
 public:
  /// `time` of the instruments must outlive it. Throws InputError as the drivers do.
  HostProbe(OpenWire stage, OpenWire meter, const instrument::drivers::HostConfig& config, instrument::Clock& time)
      : stage_(std::move(stage), {}, time),
        meter_(std::move(meter), meter_config_of(config), time),
        sequencer_(stage_, meter_, time, config),
        clock_(sequencer_) {}

  [[nodiscard]] instrument::Clock& clock() { return clock_; }
  [[nodiscard]] instrument::ProbeSequencer& sequencer() { return sequencer_; }

 private:
  static instrument::drivers::SourceMeterConfig meter_config_of(const instrument::drivers::HostConfig& host) {
    instrument::drivers::SourceMeterConfig config;
    config.voltage_range = host.potential_range.si() <= 2.0 ? 2.0 : 20.0;
    config.current_range = host.current_range.si();
    config.current_limit = host.current_limit.si();
    return config;
  }

  instrument::drivers::GcsStage stage_;
  instrument::drivers::SourceMeter meter_;
  instrument::drivers::HostSequencer sequencer_;
  instrument::drivers::HostClock clock_;
};

}  // namespace seccm::rigs
