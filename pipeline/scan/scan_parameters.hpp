// The [scan], [cv] and [calibration] sections: what the operator of a smart scan decides.
//
// Potentials are V vs Li/Li+ unless a key says otherwise; they are converted with the offset that the ferrocene
// calibration returns, E_vs_QRCE = E_vs_Li - offset, and checked against the limits of the rig before they are applied.
// Heights: z grows away from the sample. Nothing here is random: the same sample gives the same programme.
#pragma once

#include <string>
#include <vector>

#include "pipeline/scan/policy.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::scan {

enum class ScanMode {
  smart,  ///< positions from the image
  grid,   ///< regular hopping array
};

/// The [scan] section.
struct ProtocolParameters {
  ScanMode mode = ScanMode::smart;
  int points = 60;      ///< blank points included
  int blanks = 4;       ///< of these, points on clean gold
  std::string targets;  ///< path of a list of clicked pixels; empty: automatic detection
  Length snap_distance = 1.5 * unit::um;
  bool landing_on_centroid = true;  ///< land on the centroid of a detected object; false: on the clicked pixel itself

  double detection_threshold = 5.0;          ///< contrast / noise
  double minimum_contrast = 0.015;           ///< relative to the gold around
  Length minimum_diameter = 0.2 * unit::um;  ///< equal-area diameter of the smallest object
  Length optical_resolution = 0.40 * unit::um;
  double area_level = 0.5;
  Length isolation = 1.5 * unit::um;
  double size_preference = 0.5;

  Time exposure = 0.0 * unit::s;  ///< 0: automatic
  int average = 16;
  int landing_images = 3;
  int reregister_every = 20;

  Velocity lateral_speed = 50.0 * unit::um_per_s;
  Velocity retract_speed = 50.0 * unit::um_per_s;
  Velocity fast_approach_speed = 15.0 * unit::um_per_s;
  Velocity approach_speed = 3.0 * unit::um_per_s;
  Length hop_height = 10.0 * unit::um;
  Length slow_distance = 3.0 * unit::um;
  Length search_depth = 2.0 * unit::um;
  int attempts = 3;

  Potential approach_potential = 3.0 * unit::V;
  Current contact_threshold = 5.0 * unit::pA;
  Time air_settle = 0.25 * unit::s;
  Time contact_check = 0.1 * unit::s;
  Time settle = 1.0 * unit::s;
  bool contact_end_check = true;

  Length grid_pitch = 4.0 * unit::um;
  int grid_columns = 25;
  int grid_rows = 25;
  int grid_points = 0;  ///< 0: all

  static void visit(ParameterVisitor& v, ProtocolParameters& p);
};

/// The [cv] section: start -> vertex1 -> vertex2 -> start, `cycles` times at each scan rate in turn.
struct CvParameters {
  Potential start = 3.0 * unit::V;
  Potential vertex1 = 1.0 * unit::V;
  Potential vertex2 = 3.0 * unit::V;
  int cycles = 2;
  std::vector<ScanRate> scan_rates = {100.0 * unit::mV_per_s};
  Time hold = 1.0 * unit::s;  ///< at `start`, before the first ramp
  Time rest = 2.0 * unit::s;  ///< at `start`, between two scan rates

  /// Duration of the whole programme of a point, s.
  [[nodiscard]] double duration() const;
  static void visit(ParameterVisitor& v, CvParameters& p);
};

/// How the image lies on the stage, as far as the operator knows.
enum class ImageMirror {
  automatic,  ///< found from the pattern of the calibration landings
  none,       ///< stage x grows with the column, stage y with the row
  rows,       ///< stage y falls with the row
  columns,    ///< stage x falls with the column
  both,
};

/// The [calibration] section.
struct CalibrationParameters {
  int columns = 5;
  int rows = 5;
  double coverage = 0.8;  ///< share of the field that the landings span, per axis
  double jitter = 0.12;   ///< displacement of the nodes / pitch: makes the pattern unambiguous
  Time dwell = 0.5 * unit::s;
  ImageMirror mirror = ImageMirror::automatic;
  Length view_offset_x = 0.0 * unit::um;
  Length view_offset_y = 0.0 * unit::um;
  double scale_tolerance = 0.05;
  double rotation_tolerance = 5.0 * constants::pi / 180.0;  ///< rad
  Length match_tolerance = 1.0 * unit::um;

  bool ferrocene = true;
  Potential ferrocene_potential = 3.25 * unit::V;  ///< vs Li/Li+
  Potential nominal_offset = 3.05 * unit::V;       ///< of the QRCE vs Li/Li+, before it is calibrated
  Potential ferrocene_margin = 0.4 * unit::V;
  ScanRate ferrocene_scan_rate = 50.0 * unit::mV_per_s;
  int ferrocene_attempts = 3;
  bool ferrocene_at_end = true;

  static void visit(ParameterVisitor& v, CalibrationParameters& p);
};

struct ScanParameters {
  /// Opening of the pipette as the operator measured it, m. Set by the assembly (it is also in the header of the run);
  /// no key of its own.
  Length pipette_diameter = 1.0 * unit::um;
  /// Of the cell, as the analyst states it in [analysis]. Set by the assembly; no key of its own.
  Temperature temperature = 298.15 * unit::K;
  ProtocolParameters protocol;
  CvParameters cv;
  CalibrationParameters calibration;
  PolicyParameters policy;

  /// The four sections.
  static void visit(ParameterVisitor& v, ScanParameters& p);
};

/// Throws InputError for combinations that no range of a single key can catch.
void require_consistent(const ScanParameters& parameters);

}  // namespace seccm::scan
