// The rig of a scan on the twin: what stands behind each role, as the scenario's [rig] says.
//
// rig.sequencer = registers puts the rig's own driver (instrument/drivers/wecspm) in front of the twin behind the
// registers and FIFOs of the FPGA image (instrument/servers/nifpga). Every access then takes time, positions,
// potentials and currents pass the converters, and speeds are rounded down to whole velocity words.
// rig.sequencer = host: scenarios/host_rig.hpp.
#pragma once

#include <memory>
#include <vector>

#include "instrument/roles/rig.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "rigs/host_rig.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::rigs {

/// The mesh of the particles has to resolve the fastest ramp that the programme of a point contains.
instrument::twin::TwinSpec twin_spec_of(const scenarios::Scenario& scenario);

class ScanRig {
 public:
  /// Throws InputError for parameters out of range, and where the twin's converters are not those of the image.
  explicit ScanRig(const scenarios::Scenario& scenario);
  ~ScanRig();
  ScanRig(const ScanRig&) = delete;
  ScanRig& operator=(const ScanRig&) = delete;

  /// References into this object: valid while it lives.
  [[nodiscard]] instrument::Rig rig();
  [[nodiscard]] const instrument::twin::TwinTruth& truth() const;
  /// The landings that have ended since the last call; `truth` holds them no longer.
  std::vector<instrument::twin::LandingRecord> take_landings();
  /// As TwinRig::micrograph.
  [[nodiscard]] models::Micrograph micrograph(double x, double y, double field, std::uint64_t id) const;

 private:
  struct Registers;
  std::unique_ptr<instrument::twin::TwinRig> twin_;  // unless the host runs the probe
  std::unique_ptr<Registers> registers_;
  std::unique_ptr<HostRig> host_;
};

}  // namespace seccm::rigs
