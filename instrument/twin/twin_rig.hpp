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
}

namespace seccm::instrument::twin {

/// Two detectors of an electron microscope over one square area.
struct Micrograph {
  double pixel_size = 0.0;                ///< m
  double centre_x = 0.0, centre_y = 0.0;  ///< where it was aimed, stage frame, m
  int width = 0, height = 0;
  std::vector<std::uint8_t> everhart_thornley, in_lens;
  double grey_gold = 0.0, grey_thick = 0.0, thickness_scale = 0.0;  ///< the microscope's grey-level calibration; m
};

class TwinRig {
 public:
  TwinRig(const TwinSpec& spec, std::uint64_t seed);
  ~TwinRig();
  TwinRig(const TwinRig&) = delete;
  TwinRig& operator=(const TwinRig&) = delete;

  /// References into this rig: valid while it lives.
  [[nodiscard]] Rig rig();
  [[nodiscard]] const TwinTruth& truth() const;
  [[nodiscard]] const models::SampleField& sample() const;

  /// The sample after the scan, on another instrument that was aimed at the stage position (x, y), m; `width` of the
  /// square area, m; `pixels` on its edge. Residues that the meniscus left are visible. `id` numbers the micrographs:
  /// noise and positioning error (AlignmentParameters::micrograph_error) depend on (seed, id) only.
  [[nodiscard]] Micrograph micrograph(double x, double y, double width, int pixels, std::uint64_t id) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace seccm::instrument::twin
