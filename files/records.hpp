// What a run records: plain data, no file format. The run file holds nothing that the rig could not have measured.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seccm::files {

/// Why a point was visited.
enum class PointKind : int {
  calibration,  ///< position calibration: a footprint with known stage coordinates
  ferrocene,    ///< Fc/Fc+ voltammogram on bare gold: potential of the quasi-reference electrode
  target,       ///< a particle seen in the image (or clicked)
  blank,        ///< bare gold as a check of the tip
  grid,         ///< a node of the regular hopping array
};
std::string_view to_string(PointKind kind);

enum class LegKind : int { move, approach, settle, jump, ramp, hold, retract };
std::string_view to_string(LegKind kind);

/// One waypoint of one point: names the frames that carry its tag.
struct Leg {
  std::int32_t tag = 0;
  LegKind kind = LegKind::move;
  int cycle = 0;                                      ///< 1-based over the whole programme of the point; 0 outside a CV
  int direction = 0;                                  ///< +1 anodic (E rising), -1 cathodic, 0 none
  double scan_rate = 0.0;                             ///< V/s, > 0
  double E_start_vs_QRCE = 0.0, E_end_vs_QRCE = 0.0;  ///< V
  std::uint64_t frame_begin = 0, frame_end = 0;       ///< half-open range in the frame stream
};

/// One visited position.
struct PointRecord {
  int index = 0;
  PointKind kind = PointKind::target;
  double pixel_x = 0.0, pixel_y = 0.0;    ///< target in the reference image, px (centre of the top-left pixel is 0,0)
  double target_x = 0.0, target_y = 0.0;  ///< commanded stage position, m
  double contact_x = 0.0, contact_y = 0.0, contact_z = 0.0;  ///< measured at contact, m
  double t_start = 0.0, t_contact = 0.0, t_end = 0.0;        ///< device time, s
  bool contact = false;
  bool complete = false;  ///< the whole programme ran
  int attempts = 0;
  std::string verdict;  ///< "ok", or why not
  double image_area =
      0.0;  ///< projected area of the object in the optical image as segmented by the scan, m^2 (0: none)
  std::uint64_t frame_begin = 0, frame_end = 0;
  std::vector<Leg> legs;
};

/// signed 16-bit counts of one frame, as the rig digitises them
struct PackedFrame {
  std::int64_t tick = 0;  ///< device time in units of `RunHeader::tick`
  std::int16_t x = 0, y = 0, z = 0, E1 = 0, i1 = 0;
  std::int16_t tag = 0;
  std::uint16_t flags = 0;
  std::int16_t E2 = 0, i2 = 0;  ///< second potential and current channel
};

/// physical = offset + lsb * count
struct Scale {
  double lsb = 1.0;
  double offset = 0.0;
};

struct RunHeader {
  std::string scenario_text;  ///< as the user wrote it, with every --set applied
  std::string scenario_name;
  std::uint64_t seed = 0;
  std::string software;              ///< name and version
  double tick = 25e-9;               ///< s
  double frame_interval = 1.028e-3;  ///< s
  Scale x, y, z, E1, i1, E2, i2;
  double current_range = 0.0;       ///< A
  double pipette_diameter = 0.0;    ///< m, as the operator measured it
  double nominal_pixel_size = 0.0;  ///< m
  int camera_bits = 12;
};

/// Every frame that the camera delivered, those that only set the exposure included: a replay needs them all.
struct RunImage {
  std::string name;  ///< "reference", "after_calibration", "landing_017", "final", "dark", "exposure_1"
  int width = 0, height = 0;
  double t = 0.0;            ///< end of the exposure, s
  std::string illumination;  ///< "reflection", "transmission" or "dark"
  std::vector<std::uint16_t> pixels;
  double t_start = 0.0;                         ///< s
  double exposure = 0.0;                        ///< of one frame, s
  int average = 1;                              ///< frames in the mean
  double reflection = 0.0, transmission = 0.0;  ///< lamps, fraction of full power
  std::uint64_t programs_before = 0;            ///< programs that had ended: clocks of two devices may differ
};

/// One leg of a program as it was asked for (instrument/roles/probe_sequencer.hpp). A target counts when it is set.
struct WaypointRecord {
  std::int32_t tag = 0;
  bool sets_x = false, sets_y = false, sets_z = false, sets_E1 = false;
  double x = 0.0, y = 0.0, z = 0.0;        ///< m
  double speed_xy = 0.0, speed_z = 0.0;    ///< m/s
  double E1_vs_QRCE = 0.0, rate_E1 = 0.0;  ///< V, V/s
  bool jump_E1 = false;
  double hold = 0.0;  ///< s
  bool on_contact = false;
};

/// How a program ended.
enum class ProgramEnd : int { completed, contact, limit_reached, aborted, faulted };
std::string_view to_string(ProgramEnd end);

/// A program that the sequencer ran: what it was asked for, which frames it gave, where it stood afterwards.
struct ProgramRecord {
  double t_start = 0.0;                                    ///< device time at which it was submitted, s
  double contact_threshold = 0.0, contact_baseline = 0.0;  ///< A
  ProgramEnd end = ProgramEnd::completed;
  std::int64_t executed = 0;                                                         ///< waypoints finished
  double t_end = 0.0;                                                                ///< s
  double x_end = 0.0, y_end = 0.0, z_end = 0.0, E1_end_vs_QRCE = 0.0, i1_end = 0.0;  ///< applied at the end; m, V, A
  std::uint64_t frame_begin = 0, frame_end = 0;
  std::vector<WaypointRecord> waypoints;
};

/// What the devices said of themselves, and where the probe stood, before the first program.
struct RigRecord {
  bool recorded = false;  ///< false: the file comes from a source that says nothing of its rig
  std::string sequencer, camera, light;
  double x_min = 0, x_max = 0, y_min = 0, y_max = 0, z_min = 0, z_max = 0;  ///< m
  double speed_xy_max = 0, speed_z_max = 0;                                 ///< m/s
  double E_min = 0, E_max = 0, rate_E_max = 0;                              ///< V vs QRCE, V/s
  std::int64_t max_waypoints = 0;
  bool device_side_contact = true;
  double contact_latency = 0.0;                        ///< s
  int camera_width = 0, camera_height = 0;             ///< px
  double t = 0.0;                                      ///< s
  double x = 0.0, y = 0.0, z = 0.0, E1_vs_QRCE = 0.0;  ///< applied; m, V
};

/// Affine map pixel -> stage: X = a0 + a1 px + a2 py; Y = b0 + b1 px + b2 py (m).
struct Registration {
  bool valid = false;
  std::array<double, 6> affine{};
  double residual_rms = 0.0;  ///< m over the inliers
  struct Match {
    double pixel_x = 0, pixel_y = 0, stage_x = 0, stage_y = 0;
    double residual = 0;  ///< m
    bool inlier = false;
  };
  std::vector<Match> matches;
};

/// Potential of the QRCE from ferrocene: E_vs_Li = E_vs_QRCE + offset.
struct ReferenceCalibration {
  double t = 0.0;                  ///< s
  double half_wave_vs_QRCE = 0.0;  ///< V
  double offset_vs_Li = 0.0;       ///< V
  double standard_error = 0.0;     ///< V
  double limiting_current = 0.0;   ///< A
  bool valid = false;
};

/// What the user knows of what was measured: not measured in the run, and not the twin's truth either.
struct StatedQuantity {
  std::string quantity;         ///< "pipette_diameter", "area", "particle_radius"
  double value = 0.0;           ///< in `unit`
  double standard_error = 0.0;  ///< 0: none stated
  std::string unit;             ///< SI
  std::string origin;           ///< where it comes from, in the user's words: "SEM"
};
inline constexpr std::string_view stated_pipette_diameter = "pipette_diameter", stated_area = "area",
                                  stated_particle_radius = "particle_radius";

struct Preflight {
  double current_noise_rms = 0.0;  ///< A per frame, tip in air
  double current_offset = 0.0;     ///< A
  double stray_capacitance = 0.0;  ///< F, from a triangular sweep in air
};

/// `FaultRecord::fault` where a scan on hardware was resumed: behind the last whole point that its journal held, the
/// devices were connected again and the scan went on. The detail says what had ended it: an instrument that failed, or
/// that the process died.
inline constexpr std::string_view taken_over = "taken over";

/// What went wrong at a point (or between points), and what the policy of the scan made of it.
struct FaultRecord {
  int point = -1;      ///< index of the point in flight; -1: none
  double t = 0.0;      ///< device time, s
  std::string fault;   ///< class of the fault: "timeout", "no contact", ...
  std::string action;  ///< "retry", "skip point", "retract and stop", "stop and hold"
  std::string device;  ///< that reported it; "" when the measurement itself showed it
  std::string detail;
};

/// Electron micrograph of one landing site, taken after the scan on another instrument.
struct MicrographRecord {
  int point = 0;
  double pixel_size = 0.0;                ///< m
  double centre_x = 0.0, centre_y = 0.0;  ///< stage coordinates it was aimed at, m (positioning error ~0.5 um)
  int width = 0, height = 0;
  std::vector<std::uint8_t> everhart_thornley, in_lens;
  double grey_gold = 0.0, grey_thick = 0.0, thickness_scale = 0.0;  ///< the microscope's grey-level calibration; m
};

}  // namespace seccm::files
