// The optical maps of one sample, made once and used for every frame of it.
//
// Holds the height map and, per light, the blurred deviation from bare dry gold: a frame then adds only the blurred
// changes of footprints and meniscus (blurring is linear) and resamples to its pixels. Immutable; cheap to share by
// pointer.
#pragma once

#include <memory>

#include "models/optics/height_map.hpp"
#include "models/optics/image.hpp"
#include "models/optics/interference_reflection.hpp"
#include "models/optics/point_spread.hpp"

namespace seccm::models {

/// Side of the cells of the optical maps, m: 80 nm or λ/(8 NA), whichever is smaller. Coarse enough that a cell
/// averages over a particle (so that its packing fraction is that of separate spheres), four times finer than the
/// resolution limit.
double optical_cell(const OpticsParameters& optics);

struct OpticalMaps {
  HeightMap columns;
  ImageF reflectance_change;    ///< R - R_0, blurred; empty when not made
  ImageF transmittance_change;  ///< T - T_0, blurred; empty when not made
  Blur blur;
};

/// Which maps to make.
enum class SampleMaps { reflection, transmission, both };

class SampleOptics {
 public:
  SampleOptics(std::span<const SceneParticle> particles, const StageBox& box, const OpticsParameters& optics,
               const InterferenceReflection& reflection, const Blur& blur, SampleMaps which = SampleMaps::both);

  [[nodiscard]] const OpticalMaps& maps() const { return *maps_; }

 private:
  std::shared_ptr<const OpticalMaps> maps_;
};

/// The maps of one frame: those of the sample with the blurred changes of residues and meniscus added.
/// Throws InputError for a footprint or meniscus that is not a finite disc or a residue beyond 200 nm.
ImageF reflectance_change(const OpticalMaps& maps, const SceneOverlay& overlay, const OpticsParameters& optics,
                          const InterferenceReflection& reflection);
ImageF transmittance_change(const OpticalMaps& maps, const SceneOverlay& overlay, const OpticsParameters& optics,
                            const InterferenceReflection& reflection);

}  // namespace seccm::models
