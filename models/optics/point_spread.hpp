// Blur of an aberration-free objective in incoherent imaging, with the square aperture of the pixels.
//
//   PSF(ρ) = [2 J1(v)/v]²,  v = 2π NA ρ/λ                     (Airy; FWHM 0.514 λ/NA)
//   OTF(f) = (2/π)(acos s - s √(1-s²)),  s = f λ/(2 NA) <= 1, else 0   (its exact Fourier transform)
//   pixel:   sinc(p f_u) sinc(p f_v) along the pixel axes, which are turned by the rotation of the camera
//
// Applied by the discrete Fourier transform, hence periodic: pad what must not wrap around.
//
// Incoherent blur of the reflectance is exact for weak contrast with a condenser aperture equal to that of the
// objective; for strong contrast the true edges ring slightly more. No defocus, no aberration, one colour (the centre
// of the LED). Source: Goodman, Introduction to Fourier Optics, chapter 6.
#pragma once

#include "models/optics/image.hpp"

namespace seccm::models {

struct Blur {
  double cutoff = 0.0;          ///< 2 NA/λ, 1/m
  double pixel_size = 0.0;      ///< side of a pixel at the sample, m; 0 for a point
  double pixel_rotation = 0.0;  ///< rad
};

/// OTF at s = f/cutoff >= 0.
double airy_transfer(double s);

/// Convolves a periodic map of square cells of side `cell` (m) in place.
void convolve(ImageF& map, double cell, const Blur& blur);

/// The next larger size that transforms fast.
int fast_size(int size);

}  // namespace seccm::models
