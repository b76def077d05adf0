// What stands in front of the microscope at one moment. Lengths in m, in the frame of the stage: x to the right, y up,
// z up from the gold.
#pragma once

#include <optional>
#include <vector>

namespace seccm::models {

/// A TiO2 sphere; a sphere that lies on the gold has z = radius.
struct SceneParticle {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  double radius = 0.0;
};

/// The residue that an earlier landing left: a disc of dried electrolyte. `residue_thickness` is its mean.
struct SceneFootprint {
  double x = 0.0;
  double y = 0.0;
  double diameter = 0.0;
  double residue_thickness = 0.0;
};

/// The meniscus while it wets: a disc of electrolyte, thick against the wavelength, that fills the pores below it.
struct SceneMeniscus {
  double x = 0.0;
  double y = 0.0;
  double diameter = 0.0;
};

/// The pipette: an opaque cone that opens upwards from a disc at height z.
struct ScenePipette {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;
  double outer_diameter = 0.0;
  double cone_half_angle = 0.0;  ///< rad
};

/// What changes from frame to frame over the same sample.
struct SceneOverlay {
  std::vector<SceneFootprint> footprints;
  std::optional<SceneMeniscus> meniscus;
  std::optional<ScenePipette> pipette;
};

struct Scene : SceneOverlay {
  std::vector<SceneParticle> particles;
};

}  // namespace seccm::models
