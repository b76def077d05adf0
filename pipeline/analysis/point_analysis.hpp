// One point, from its voltammograms to treated sweeps, peaks and charges per scan rate: what every estimator reads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "files/records.hpp"
#include "pipeline/analysis/analysis_parameters.hpp"
#include "pipeline/analysis/background.hpp"
#include "pipeline/analysis/charge.hpp"
#include "pipeline/analysis/micrograph.hpp"
#include "pipeline/analysis/peak.hpp"
#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

/// What the user states of a quantity: files::StatedQuantity, with the words for results. Not known: not stated.
Measured stated_value(const std::vector<files::StatedQuantity>& stated, std::string_view quantity);

/// What is known of one point before its currents are treated.
struct PointInput {
  int index = 0;
  files::PointKind kind = files::PointKind::target;
  bool contact = false, complete = false;
  std::string verdict{};  ///< of the scan
  bool reference_known = false;
  std::vector<Voltammogram> voltammograms{};  ///< whole sweeps
  int pieces_left_out = 0;                    ///< sweeps that end, or begin, short of a vertex
  int saturated_frames = 0;
  double hold_after = 0.0;        ///< s of contact behind the last ramp; 0: unknown
  double image_area = 0.0;        ///< m², 0: none
  double pipette_diameter = 0.0;  ///< m, 0: unknown
  std::vector<files::StatedQuantity> stated{};
  std::optional<MicrographFeatures> micrograph{};
};

struct SweepAnalysis {
  Sweep sweep{};
  Peak peak{};
  SweepCharge charge{};
};

/// All analysed cycles of one direction at one scan rate. Means over the cycles that have a peak; their errors are the
/// larger of the propagated one and the scatter between cycles, with what is common to all cycles added.
struct DirectionAnalysis {
  int direction = 0;
  std::vector<SweepAnalysis> sweeps{};
  bool well_defined = false;
  std::string reason{};                               ///< why not well defined
  Measured E{};                                       ///< V vs Li
  double E_noise = 0.0;                               ///< V, standard error of E without the reference potential
  Measured current{};                                 ///< A, signed
  Measured height{};                                  ///< A, signed, above the baseline
  Measured total{}, intercalation{}, double_layer{};  ///< C
  double window = 0.0;                                ///< V, mean integration window
  double span = 0.0;                                  ///< V, whole sweep
};

struct RateAnalysis {
  double scan_rate = 0.0;          ///< V/s
  bool only_early_cycles = false;  ///< no cycle >= first_cycle, counted at this rate
  BackgroundMethod background = BackgroundMethod::none;
  std::optional<Capacitance> capacitance{};  ///< that the background left in, from the steps at the vertices
  DirectionAnalysis anodic{}, cathodic{};

  [[nodiscard]] const DirectionAnalysis& at(int direction) const { return direction > 0 ? anodic : cathodic; }
};

struct PointAnalysis {
  int index = 0;
  files::PointKind kind = files::PointKind::target;
  bool accepted = false;
  std::string reason{};                                                          ///< why not accepted
  std::vector<RateAnalysis> rates{};                                             ///< scan rate rising
  Measured optical_area{}, pipette_area{}, micrograph_area{}, footprint_area{};  ///< m²
  Measured volume{};                                                             ///< m³
  Measured stated_area{};                                                        ///< m², by the user
  Measured stated_radius{};                                                      ///< of the particles, m, by the user
};

/// The sweeps of a point that take part, averaged, nothing removed: cycles >= first_cycle, counted at each scan rate,
/// or at a rate that has none, its last cycle.
std::vector<Sweep> analysed_sweeps(const PointInput& input, const AnalysisParameters& parameters);

PointAnalysis analyse_point(const PointInput& input, const Background& background,
                            const AnalysisParameters& parameters);

}  // namespace seccm::analysis
