// [rig] -> devices: what stands behind each role, chosen by one line of the scenario each.
//
// Whatever several roles of one source share (the world of the twin, the recording of a replay) is built once, when the
// first of them asks for it. A twin behind registers or behind a host's instruments is the twin's source: one
// world for all three roles.
// Hardware is one laboratory's. The clock belongs to the sequencer. Which sources go together is for
// `require_consistent` to say.
#pragma once

#include <memory>
#include <optional>

#include "files/records.hpp"
#include "instrument/replay/replay_rig.hpp"
#include "instrument/roles/rig.hpp"
#include "rigs/hardware_rig.hpp"
#include "rigs/twin_assembly.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::rigs {

class RigFactory {
 public:
  /// `time` is for hardware, as HardwareRig takes it. Throws InputError for parameters that a source
  /// refuses, or a recording that can not be read.
  explicit RigFactory(const scenarios::Scenario& scenario, instrument::Clock* time = nullptr);

  /// References into this object.
  [[nodiscard]] instrument::Rig rig();
  /// Null unless the sequencer is the twin's: only then there is a truth.
  [[nodiscard]] ScanRig* twin() const { return twin_.get(); }
  /// Electron micrograph of a landing, from the source of the sequencer; nothing when it has none.
  [[nodiscard]] std::optional<files::MicrographRecord> micrograph(const files::PointRecord& point) const;

 private:
  instrument::Rig twin_rig();
  instrument::Rig replay_rig();
  instrument::Rig hardware_rig();
  instrument::Rig of_sequencer(scenarios::SequencerSource source);
  instrument::Rig of_device(scenarios::DeviceSource source);

  const scenarios::Scenario& scenario_;
  instrument::Clock* time_;
  std::unique_ptr<ScanRig> twin_;
  std::unique_ptr<instrument::replay::ReplayRig> replay_;
  std::unique_ptr<HardwareRig> hardware_;
};

/// What the run file says of the rig, which has to be connected. Throws DeviceError.
files::RigRecord describe_rig(const instrument::Rig& rig);

}  // namespace seccm::rigs
