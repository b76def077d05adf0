// Particles in the reference image: contrast of either sign, connected, above the noise.
//
// 1. The contrast image is blurred with the point-spread function itself (standard deviation s = FWHM/2.355): the
//    matched filter of an unresolved particle. The blur of what follows is then √2 s.
// 2. Pixels with |c| > max(k noise, c_min) seed objects; connected pixels above half of that belong to them,
//    across gaps of one standard deviation of the blur (a bright and a dark part of one object).
// 3. Outline: |c| > λ max|c| of the object, holes filled (interference makes the inside of a pile dark, bright, dark).
// 4. Area: of the outline, as the equal-area disc, taken through the inverse of the blur (blurred_disc.hpp).
#pragma once

#include <vector>

#include "pipeline/scan/contrast_image.hpp"

namespace seccm::scan {

struct DetectionSettings {
  double blur = 1.7;              ///< standard deviation of the point-spread function, px
  double threshold = 5.0;         ///< k, contrast / noise of the blurred image
  double minimum_contrast = 0.0;  ///< c_min
  double area_level = 0.5;        ///< λ
  double minimum_diameter = 0.0;  ///< px, of the equal-area disc
};

struct DetectedObject {
  double x = 0.0, y = 0.0;    ///< centroid of the outline, px
  double area = 0.0;          ///< px², blur removed
  double outline_area = 0.0;  ///< px², as segmented
  double extent = 0.0;        ///< px, from the centroid to the farthest pixel of the object
  double contrast = 0.0;      ///< the contrast of largest magnitude, with its sign
  bool at_border = false;     ///< cut by the edge of the image
};

struct Detection {
  std::vector<DetectedObject> objects;  ///< by area, smallest first
  std::vector<char> mask;               ///< 1 where an object is, row-major: what is not clean gold
};

Detection detect_particles(const ContrastImage& image, const DetectionSettings& settings);

}  // namespace seccm::scan
