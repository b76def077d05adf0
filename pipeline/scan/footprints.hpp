// Footprints that landings left behind, in the difference of two images. The sign of their contrast is unknown.
//
// Filter: difference of two Gaussians, the narrow one matched to a disc of the expected diameter, the wide one (twice)
// taking away the surroundings. Local extrema beyond `threshold` times the robust noise are candidates; their place is
// the centroid of the difference inside a window, above the median of the ring around it, iterated.
//
// Error of the place for a disc of area A (px²), contrast c and pixel noise n (white), window radius W:
//   σ_x = n √(Σ_window x²) / (A |c|) = n (W²/2) √π / (A |c|)       px per axis.
#pragma once

#include <vector>

#include "pipeline/scan/contrast_image.hpp"

namespace seccm::scan {

struct FootprintSettings {
  double diameter = 10.0;  ///< expected diameter, px
  double blur = 1.7;       ///< standard deviation of the point-spread function, px
  double threshold = 5.0;  ///< of the filtered difference over its noise
  std::size_t most = 90;   ///< candidates kept, strongest first
};

struct FootprintCandidate {
  double x = 0.0, y = 0.0;  ///< px
  double strength = 0.0;    ///< filtered difference / noise, >= threshold
  int sign = 0;             ///< of the contrast
};

/// Radius of the window of the centroid, px.
double footprint_window(const FootprintSettings& settings);

/// `excluded` (row-major, may be empty): pixels where no footprint is looked for, because an object stands there.
std::vector<FootprintCandidate> find_footprints(const ContrastImage& difference, const std::vector<char>& excluded,
                                                const FootprintSettings& settings);

}  // namespace seccm::scan
