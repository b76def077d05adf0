// The simulated rig: one world behind the five roles.
//
// World: one sample, one pipette, its meniscus, the electrochemical cell under it, a stage, an amplifier, a microscope.
// Advancing the clock advances all of it: drift, creep, drift of the quasi-reference electrode, electrochemistry.
// Causal: a role returns what its sensor would, never the truth. Same (spec, seed) and same calls => same bytes.
//
// Frames. Field frame: models/sample/sample_field.hpp (m). Stage frame: what the sequencer is told, x, y, z in [0,
// range], z away from the sample. The centre of the stage range lies near the centre of the field.
//
// Throws InputError for parameters out of range.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "instrument/roles/rig.hpp"
#include "instrument/twin/truth.hpp"
#include "instrument/twin/twin_spec.hpp"

namespace seccm::models {
class SampleField;
struct Micrograph;
}  // namespace seccm::models

namespace seccm::instrument::twin {

class TwinRig {
 public:
  TwinRig(const TwinSpec& spec, std::uint64_t seed);
  ~TwinRig();
  TwinRig(const TwinRig&) = delete;
  TwinRig& operator=(const TwinRig&) = delete;

  /// References into this rig: valid while it lives.
  [[nodiscard]] Rig rig();
  [[nodiscard]] const TwinTruth& truth() const;
  /// The landings that have ended since the last call; `truth` holds them no longer.
  std::vector<LandingRecord> take_landings();
  [[nodiscard]] const models::SampleField& sample() const;

  /// The sample after the scan, on another instrument that was aimed at the stage position (x, y), m; `field`: side of
  /// the square area, m. Residues that the meniscus left are visible. `id` numbers the micrographs: noise and
  /// positioning error (AlignmentParameters::micrograph_error) depend on (seed, id) only. centre_x, centre_y of the
  /// result are where it was aimed, in the stage frame, not where it really looks.
  [[nodiscard]] models::Micrograph micrograph(double x, double y, double field, std::uint64_t id) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::instrument::twin
