// What a scan cost and brought, and what the smart scan saves against a regular array.
#pragma once

#include <string>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

/// One scan. Measured points are targets, blanks and grid nodes; calibration and ferrocene points are overhead.
struct ScanEconomy {
  double duration = 0.0;               ///< s, from the start of the first point of any kind to the end of the last
  double time_per_point = 0.0;         ///< s, mean of t_end - t_start over the measured points
  double path_length = 0.0;            ///< m, straight lines between the commanded positions in their order, all points
  int points = 0;                      ///< measured points
  int on_particles = 0;                ///< of these with a particle under the meniscus, by the truth
  int well_defined = 0;                ///< of these with a voltammogram that the blind selection accepts
  double time_per_particle = 0.0;      ///< s, duration / on_particles; 0 when there is none
  double time_per_well_defined = 0.0;  ///< s
};

ScanEconomy scan_economy(const files::RunSummary& run, const files::Results* results, const Truth& truth,
                         std::span<const int> match);

struct TimeSaved {
  std::string basis;           ///< what the array is: "measured: ..." or "geometry: ..."
  int nodes = 0;               ///< of the array
  double time_per_node = 0.0;  ///< s
  double grid_time = 0.0;      ///< s, nodes x time per node
  double smart_time = 0.0;     ///< s, whole duration of the smart scan, calibration included
  double saved = 0.0;          ///< 1 - smart_time/grid_time
  double grid_path = 0.0;      ///< m, boustrophedon over the array
  double smart_path = 0.0;     ///< m
  /// The same per particle met: 1 - (smart time per particle)/(time per node / share of nodes on particles); 0 unless
  /// the array was measured and met particles.
  double saved_per_particle = 0.0;
  Interval saved_per_particle_interval{0.0, 0.0};  ///< from the binomial interval of the share of nodes on particles
};

/// An array that nobody measured: round(width/pitch) x round(height/pitch) nodes, each as long as a point of the smart
/// scan took on average (hop, approach, voltammetry, retract).
TimeSaved time_saved_by_geometry(const ScanEconomy& smart, const ValidationParameters& parameters);

/// An array of which `grid` measured the first nodes (or all): the time per node is the measured one, the number of
/// nodes that of the array in `parameters`.
TimeSaved time_saved_by_runs(const ScanEconomy& smart, const ScanEconomy& grid, const ValidationParameters& parameters);

}  // namespace seccm::validation
