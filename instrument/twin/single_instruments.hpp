// The twin without its controller: stage, source-measure unit, camera and lamps as instruments on their own, each
// behind a protocol of its own. There is no program and no contact rule; what moves the axes is whoever speaks to the
// stage, what polarises the substrate is whoever speaks to the source-measure unit (0 V while its output is off).
//
// Each axis runs linearly to its target at its velocity, all of them at once, and arrives at a whole tick (25 ns); lag,
// creep and drift are the world's. An axis reads its sensor as one look at the controller: noise stage.sensor_noise,
// drawn per reading. Same (spec, seed) and same
// calls => same bytes. Stage frame and units: instrument/twin/twin_rig.hpp.
//
// Throws InputError for parameters out of range.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "instrument/bench/source_meter_model.hpp"
#include "instrument/bench/stage_model.hpp"
#include "instrument/roles/camera.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"
#include "instrument/twin/truth.hpp"
#include "instrument/twin/twin_spec.hpp"

namespace seccm::models {
struct Micrograph;
}

namespace seccm::instrument::twin {

class SingleInstruments {
 public:
  SingleInstruments(const TwinSpec& spec, std::uint64_t seed);
  ~SingleInstruments();
  SingleInstruments(const SingleInstruments&) = delete;
  SingleInstruments& operator=(const SingleInstruments&) = delete;

  // References into this object: valid while it lives.
  [[nodiscard]] bench::StageModel& stage();  ///< axes x, y, z
  [[nodiscard]] bench::SourceMeterModel& source_meter();
  [[nodiscard]] Camera& camera();
  [[nodiscard]] Light& light();
  [[nodiscard]] Clock& clock();
  [[nodiscard]] const TwinTruth& truth() const;
  /// The landings that have ended since the last call; `truth` holds them no longer.
  std::vector<LandingRecord> take_landings();
  /// As TwinRig::micrograph.
  [[nodiscard]] models::Micrograph micrograph(double x, double y, double field, std::uint64_t id) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::instrument::twin
