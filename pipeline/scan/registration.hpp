// Pixel -> stage: X = a0 + a1 px + a2 py, Y = b0 + b1 px + b2 py, from landings of known stage coordinates and the
// footprints seen in the image, not knowing which belongs to which, some missing and some false.
//
// 1. Search. Every pair of landings against every pair of footprints gives a similarity (scale, rotation, translation);
//    those within the operator's tolerances are scored by the landings that find a footprint within `match_tolerance`.
//    Complete, so nothing is drawn at random. With `ImageMirror::automatic` every mirror image is tried.
// 2. Fit. Affine least squares over the matches; matches beyond 3.5 robust standard deviations (from the median
//    residual, as least median of squares does) are outliers; repeated until the set stays.
//
// Of n inliers with position noise s per axis, the fitted map is uncertain by about s √(3/n) rms over the inliers
// (three parameters per axis) and the residual rms is s √(2 (1 - 3/n)).
// Throws RegistrationError when fewer than 4 landings match, when they do not span the plane, or when a second,
// different assignment explains (nearly) as many: a wrong registration is worse than none.
#pragma once

#include <span>
#include <stdexcept>
#include <string>

#include "files/records.hpp"
#include "pipeline/scan/scan_parameters.hpp"

namespace seccm::scan {

class RegistrationError : public std::runtime_error {
 public:
  explicit RegistrationError(const std::string& message) : std::runtime_error(message) {}
};

struct StagePoint {
  double x = 0.0, y = 0.0;  ///< m
};
struct PixelPoint {
  double x = 0.0, y = 0.0;  ///< px
};

struct RegistrationPrior {
  double pixel_size = 1e-7;          ///< nominal, m
  double scale_tolerance = 0.05;     ///< relative
  double rotation_tolerance = 0.09;  ///< rad
  double match_tolerance = 1e-6;     ///< m
  ImageMirror mirror = ImageMirror::automatic;
};

/// Landings that have to be found in the image.
inline constexpr int fewest_matches = 4;

files::Registration register_image(std::span<const StagePoint> landings, std::span<const PixelPoint> footprints,
                                   const RegistrationPrior& prior);

StagePoint to_stage(const files::Registration& registration, PixelPoint pixel);
PixelPoint to_pixel(const files::Registration& registration, StagePoint stage);
/// |det| of the map, m² per px².
double pixel_area(const files::Registration& registration);

}  // namespace seccm::scan
