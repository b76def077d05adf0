// From the frames of a run to voltammograms: by the table of legs, never by zero crossings or turning points of a noisy
// trace.
//
// A sweep is every ramp of one (cycle, scan rate, direction). A programme that starts between its vertices has two
// ramps in one direction per cycle: they are joined in order of potential.
#pragma once

#include <span>

#include "files/run_file.hpp"
#include "pipeline/analysis/point_analysis.hpp"
#include "pipeline/analysis/reference_potential.hpp"

namespace seccm::analysis {

/// Frames of one ramp, E against the quasi-reference electrode.
struct RampFrames {
  files::Leg leg{};
  std::vector<double> t{}, E_vs_QRCE{}, i{};
};

/// Joins ramps to sweeps and refers them to Li. Sorted by cycle, then scan rate, then direction.
std::vector<Voltammogram> to_voltammograms(std::span<const RampFrames> ramps, const ReferencePotential& reference);

/// Reads the ramps of the cycles of one point. Not thread-safe: readers share one file.
/// Throws InputError when a leg names frames that the run does not have or has no positive scan rate.
PointInput read_point(const files::RunReader& run, const files::PointRecord& point,
                      const ReferencePotential& reference);

}  // namespace seccm::analysis
