// What the area of an object in the optical image is worth, from the resolution alone.
//
// The scan blurs its picture once more with the point-spread function before it segments, s = FWHM/√(4 ln 2) in all,
// draws the outline at half of the highest contrast and takes the equal-area disc through the inverse of the blur. Such
// a disc has a radius of s/2 at least: what is smaller, or has its contrast in one bright spot, comes out as that.
//
//   A <= π s²/4         not resolved. The outline of a spot at half height has the radius s √(2 ln 2) whatever makes
//   it:
//                       the object is no larger, 0 < A < 2 ln 2 π s² = π FWHM²/2.
//   else                r = √(A/π) is right for an object of uniform contrast. Interference and thickness make it
//   bright
//                       in the middle or at the rim: its edge then lies not at one half of the highest contrast but at
//                       a level between 0.3 and 0.7, which moves the edge of a blur by s Φ⁻¹(level). Level uniform in
//                       that range: standard deviation 0.297 s, and ln A has 2 x 0.297 s/r.
//
// The range of levels is what simulated samples do (470 nm; flat and tall piles as well: the error of r is 0.30 to 0.32
// s rms). At 620 nm thin parts of a pile have no contrast on gold, r is short by more (0.58 s rms) and the upper limit
// of what is not resolved fails too: `leaves_out` names them, for no picture shows whether they are there.
#pragma once

#include "pipeline/analysis/measured.hpp"

namespace seccm::analysis {

/// Both arguments as the scan has them; `area` in m², 0: no object. `resolution`: full width at half maximum, m.
Measured optical_area(double area, double resolution);

}  // namespace seccm::analysis
