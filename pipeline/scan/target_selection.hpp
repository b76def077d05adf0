// Which objects become targets, and where clean gold is.
//
// Automatic: objects that are whole, in reach, away from earlier footprints, and isolated (bare gold of `isolation`
// between their edge and the next object) are ranked by area; n of m are taken at the ranks
//   r_k = floor(m u_k^γ),  u_k = (k + 1/2)/n,  γ = 1/(1 - 0.9 p)     for the preference p in [0, 1]
// moved up to the next free rank where two coincide: p = 0 spans the sizes evenly, p -> 1 takes nearly the smallest
// only. If fewer are isolated than asked for, the most isolated of the others fill up.
//
// Clean gold: the pixel of a coarse lattice that is farthest from what was chosen before, among those whose distance to
// any object, footprint or border is at least the clearance (halved up to three times where there is none).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "pipeline/scan/particle_detection.hpp"
#include "pipeline/scan/registration.hpp"
#include "pipeline/scan/target_list.hpp"

namespace seccm::scan {

/// Can the stage go there?
using Reachable = std::function<bool(PixelPoint)>;

struct SelectionSettings {
  int count = 56;
  double isolation = 10.0;        ///< px
  double size_preference = 0.5;   ///< p
  double footprint_radius = 5.0;  ///< px: earlier footprints keep this distance from targets
};

struct SelectedTarget {
  PixelPoint pixel;
  double area = 0.0;  ///< px², 0: no object
};

std::vector<SelectedTarget> select_targets(const Detection& detection, std::span<const PixelPoint> footprints,
                                           const Reachable& reachable, const SelectionSettings& settings);

/// Clicked pixels; each takes the area of the object under it or within `snap` px (nearest centroid), and with
/// `on_centroid` also its place. Those out of reach are left out.
std::vector<SelectedTarget> snap_targets(std::span<const ClickedTarget> clicked, const Detection& detection,
                                         double snap, bool on_centroid, const Reachable& reachable);

/// At most `count` places; fewer if there is no more clean gold.
std::vector<PixelPoint> clean_places(const Detection& detection, int width, int height,
                                     std::span<const PixelPoint> footprints, double footprint_radius, double clearance,
                                     int count, const Reachable& reachable);

}  // namespace seccm::scan
