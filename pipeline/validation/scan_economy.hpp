// What a scan cost and brought, and what the smart scan saves against a regular array, per useful particle.
//
// Useful is a cluster with particles under the meniscus, by the truth, and a voltammogram that the blind selection
// accepts. A cluster that is met twice counts once. Both ways of scanning run the same programme at every contact, so
// that a useful particle is the same information in either, and the time that each takes per useful particle compares.
// The array is measured by a grid run, or simulated on the truth of the sample.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

/// One scan. Measured points are targets, blanks and grid nodes; calibration and ferrocene points are overhead.
struct ScanEconomy {
  double duration = 0.0;        ///< s, from the start of the first point of any kind to the end of the last
  double time_per_point = 0.0;  ///< s, mean of t_end - t_start over the measured points
  double time_on_particles = 0.0, time_on_gold = 0.0;  ///< s, the same with and without particles under the meniscus
  double path_length = 0.0;  ///< m, straight lines between the commanded positions in their order, all points
  int points = 0;            ///< measured points
  int on_particles = 0;      ///< of these with a particle under the meniscus, by the truth
  int well_defined = 0;      ///< of these with a voltammogram that the blind selection accepts
  int useful = 0;            ///< clusters with both at one point
  /// m^2, largest wetted area below that of every accepted voltammogram that was rejected; 0 without any.
  double useless_area = 0.0;
  double time_per_particle = 0.0;  ///< s, duration / on_particles; 0 when there is none
  double time_per_useful = 0.0;    ///< s, duration / useful; 0 when there is none
};

ScanEconomy scan_economy(const files::RunSummary& run, const files::Results* results, const Truth& truth,
                         std::span<const int> match);

/// A regular array laid over the sample: what lies under the meniscus at each node.
struct SimulatedArray {
  struct Node {
    int cluster = -1;          ///< with most wetted volume; -1 bare gold
    double wetted_area = 0.0;  ///< m^2, of the particles that take part
  };
  std::vector<Node> nodes;
};

struct TimeSaved {
  std::string basis;            ///< what the array is: "measured: ..." or "simulated: ..."
  int nodes = 0;                ///< of the whole array
  double time_per_node = 0.0;   ///< s, mean
  double grid_time = 0.0;       ///< s, of the whole array
  double smart_time = 0.0;      ///< s, whole duration of the smart scan, calibration included
  double grid_path = 0.0;       ///< m, boustrophedon over the array
  double smart_path = 0.0;      ///< m
  int grid_useful = 0;          ///< useful clusters of the nodes that were measured or simulated
  int grid_nodes_counted = 0;   ///< of so many nodes
  double smart_per_useful = 0;  ///< s
  /// s; none where no node was useful, and then the array takes longer per useful particle than it lasts.
  std::optional<double> grid_per_useful;
  /// 1 - smart_per_useful/grid_per_useful; none where either is missing.
  std::optional<double> saved;
  Interval saved_interval{0.0, 0.0};  ///< from the binomial interval of the share of useful nodes; 0 without `smart`
};

/// The array on the truth of the sample. A node on particles is useful where it wets more than `useless_area`: of what
/// lies between that and the least area with an accepted voltammogram some would be rejected, so that the array fares
/// better than it would. A node on particles lasts as long as such points of this scan, one on gold as long as its
/// points on gold (as a mean point where it has none).
TimeSaved time_saved_by_simulation(const ScanEconomy& smart, const SimulatedArray& array,
                                   const ValidationParameters& parameters);

/// An array of which `grid` measured the first nodes (or all): time per node and share of useful nodes are the measured
/// ones, the number of nodes that of the array in `parameters`.
TimeSaved time_saved_by_runs(const ScanEconomy& smart, const ScanEconomy& grid, const ValidationParameters& parameters);

}  // namespace seccm::validation
