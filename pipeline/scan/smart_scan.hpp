// The smart scan of Tetteh et al. 2023, and the regular hopping array that it is compared with.
//
// Smart: preflight in air -> reference image -> position calibration by a sparse hopping grid whose footprints are
// found in the image -> potential of the QRCE from ferrocene on bare gold -> particles from the image (or a list of
// clicked pixels) and blank points -> a short tour -> per point: hop, approach, contact, settle, CV programme, retract
// -> the ferrocene calibration again -> final image.
//
// The rig is reached through its five roles alone, and must be connected. Every frame of every programme goes to the
// recorder, without gaps; memory does not grow with the run. The caller finalises the recorder: with "complete" if
// `ScanOutcome::ending` is `complete`, with "interrupted" otherwise.
//
// Safety: a CV is submitted only after confirmed contact; the end of travel is not contact; no lateral move without
// clearance; on a fault or a stop request `make_safe` is called before anything else, and no motion follows it.
//
// Throws InputError for parameters or a target list that can not be used, before anything moves. A device fault is not
// thrown but returned, so that what was finished can be kept.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "files/run_file.hpp"
#include "instrument/roles/rig.hpp"
#include "pipeline/scan/scan_parameters.hpp"

namespace seccm::scan {

struct Progress {
  std::string_view stage;    ///< "preflight", "position calibration", "points", ...
  int done = 0;              ///< points of this stage finished
  int total = 0;             ///< points of this stage; 0: not counted
  double device_time = 0.0;  ///< s
  double time_left = 0.0;    ///< expected device time to the end of the scan, s
  std::uint64_t frames = 0;  ///< recorded so far
  std::string_view message;  ///< verdict of the last point, or a note
};
using ProgressCallback = std::function<void(const Progress&)>;

enum class Ending {
  complete,
  interrupted,         ///< stop request
  device_fault,        ///< a device did not do what it was asked
  calibration_failed,  ///< no registration, or no potential of the QRCE
};
std::string_view to_string(Ending ending);

struct ScanOutcome {
  Ending ending = Ending::complete;
  std::string message;  ///< why it ended; "" when complete

  int objects_detected = 0;  ///< in the reference image
  int points_planned = 0;    ///< targets, blanks or nodes; calibration landings do not count
  int points_visited = 0;
  int points_contacted = 0;
  int points_complete = 0;  ///< the whole programme ran
  int points_ok = 0;        ///< verdict "ok"
  int landings = 0;         ///< contacts of every kind, the calibration's included
  int faults = 0;           ///< of any class that [policy] names; each has a record in the run file
  bool held = false;        ///< the tip was left where it was (stop_and_hold): do not make it safe blindly
  int false_contacts = 0;   ///< stops of the approach that the check did not confirm

  double duration = 0.0;           ///< device time from start to end, s
  double points_duration = 0.0;    ///< of it, spent on the planned points
  double expected_duration = 0.0;  ///< of the planned points, estimated before the first of them, s
  double tour_length = 0.0;        ///< planned lateral path over the points, m
  double naive_length = 0.0;       ///< the same points in the order of the list, m
  double travel_xy = 0.0;          ///< lateral path as commanded, everything included, m
  double travel_z = 0.0;           ///< m
  std::uint64_t frames = 0;

  files::Registration registration;
  files::Preflight preflight;
  files::ReferenceCalibration reference_start, reference_end;
};

/// Throws InputError for what the connected rig would refuse at every point: potentials outside its window, a programme
/// too long for it, an approach too fast for its interlocks. Nothing moves. A scan asks this first; whoever has files
/// to make for it can ask before there are any.
void require_accepted(const instrument::Rig& rig, const ScanParameters& parameters);

/// `parameters.protocol.mode` is ignored: the name of the function decides.
ScanOutcome run_smart_scan(const instrument::Rig& rig, const ScanParameters& parameters, files::RunRecorder& recorder,
                           const std::stop_token& stop, const ProgressCallback& progress = {});

/// Regular array over the middle of the stage range, in serpentine order, with the same landing and the same CV
/// programme. No image guides it; `grid_points` > 0 ends it after so many nodes.
ScanOutcome run_hopping_grid(const instrument::Rig& rig, const ScanParameters& parameters, files::RunRecorder& recorder,
                             const std::stop_token& stop, const ProgressCallback& progress = {});

/// What a scan would take, from the parameters and a dry run of its CV programme: nothing moves.
struct ScanEstimate {
  int points = 0;
  double per_point = 0.0;    ///< s
  double duration = 0.0;     ///< s
  double path_length = 0.0;  ///< lateral, m
};
/// Of the full array, `grid_points` notwithstanding. `offset_vs_Li`: potential of the QRCE for the dry run.
ScanEstimate expected_grid_duration(const instrument::Rig& rig, const ScanParameters& parameters, double offset_vs_Li);
/// Of `points` positions on a tour of the given length.
ScanEstimate expected_points_duration(const instrument::Rig& rig, const ScanParameters& parameters, int points,
                                      double path_length, double offset_vs_Li);

}  // namespace seccm::scan
