// The size of a disc seen through a microscope: outline of a blurred disc, and back.
//
// A disc of radius R and uniform contrast, blurred by a Gaussian point-spread function of standard deviation s:
//   f(r) = ∫_0^R (t/s²) exp(-(r² + t²)/(2 s²)) I0(r t/s²) dt,      f(0) = 1 - exp(-R²/(2 s²)).
// The outline at the level λ f(0) has the radius r(R). For R >> s and λ = 1/2 it is R - s²/(2R) + ...; for R -> 0 it is
// s √(2 ln 1/λ) whatever R: a smaller object can not be sized. `disc_radius` inverts it and stops at R = s/2, where an
// error of 1 % in r already is one of 20 % or more in R. Exact for this model; for another shape the equal-area disc.
#pragma once

namespace seccm::scan {

/// r(R), same unit as R and s. R >= 0, s > 0, 0 < level < 1.
double outline_radius(double disc_radius, double blur, double level);

/// R >= blur/2 from the radius of the outline.
double disc_radius(double outline_radius, double blur, double level);

}  // namespace seccm::scan
