// The rig of a laboratory without an FPGA, on the twin: stage and source-measure unit each behind its own protocol on
// loopback (GCS 2.0 and SCPI over TCP), the drivers of both, and the host sequencer that composes them. Camera and
// lamps are the twin's own, or likewise on the wire (rig.camera, rig.light = host: GigE Vision, pE-300).
//
// Stepped (speed 0): time passes by requests and by the host's own waiting, so that a scan is the same at each run.
// Paced: the world follows the wall clock times the speed, and a host that is late loses frames, as in a laboratory.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "instrument/roles/rig.hpp"
#include "instrument/twin/truth.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::models {
struct Micrograph;
}

namespace seccm::rigs {

class HostRig {
 public:
  /// Throws InputError for parameters out of range, or a GigE Vision camera that already answers on loopback.
  explicit HostRig(const scenarios::Scenario& scenario, double speed = 0.0);
  ~HostRig();
  HostRig(const HostRig&) = delete;
  HostRig& operator=(const HostRig&) = delete;

  /// References into this object: valid while it lives. Not connected.
  [[nodiscard]] instrument::Rig rig();
  [[nodiscard]] const instrument::twin::TwinTruth& truth() const;
  /// The landings that have ended since the last call; `truth` holds them no longer.
  std::vector<instrument::twin::LandingRecord> take_landings();
  /// As TwinRig::micrograph.
  [[nodiscard]] models::Micrograph micrograph(double x, double y, double field, std::uint64_t id) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::rigs
