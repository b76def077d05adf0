// The rig of a laboratory: what [hardware] and [wecspm] name, each behind its driver.
//
// The probe is the FPGA image of [wecspm], or the host sequencer over a stage and a source-measure unit; camera and
// lamps are those of [hardware]. Ranges, speeds and windows are those of [wecspm] or [host]: the sections of the twin
// say nothing of it.
#pragma once

#include <memory>

#include "instrument/roles/rig.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::rigs {

class HardwareRig {
 public:
  /// Connects nothing. `time`: the instruments' (must outlive the rig); null: the wall clock. Throws InputError for a
  /// section that can not be, a bitfile that is not of the contract, a library that can not be loaded.
  HardwareRig(const scenarios::Scenario& scenario, instrument::Clock* time);
  ~HardwareRig();
  HardwareRig(const HardwareRig&) = delete;
  HardwareRig& operator=(const HardwareRig&) = delete;

  /// References into this object: valid while it lives. Not connected.
  [[nodiscard]] instrument::Rig rig();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::rigs
