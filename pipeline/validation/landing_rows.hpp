// Did the tip land where it was meant to, and does the run know its own coordinates and potentials?
#pragma once

#include <span>

#include "files/run_file.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_parameters.hpp"

namespace seccm::validation {

struct LandingRow {
  Share contact;          ///< points with a confirmed contact, of all points
  Share confirmed_truly;  ///< confirmed contacts with a true landing behind them
  int unnoticed = 0;      ///< true landings at points without a confirmed contact
  Share on_particles;     ///< target points in contact: at least one particle takes part
  /// The same, and the aim was within one footprint radius of the target, so that it is the intended cluster.
  Share on_intended;
  Share blank_truly_blank;  ///< blank and ferrocene points in contact: bare gold
  Share grid_on_particles;  ///< nodes of a regular array: at least one particle takes part
  /// Distance of the true landing from what lies at the target pixel, m: registration, drift and stage together.
  Distribution aim;
  double aim_max = 0.0;  ///< m
};

/// Error of the registered map against the true one, m.
struct RegistrationRow {
  bool valid = false;
  double stated_residual = 0.0;  ///< m, what the run itself says
  int matches = 0, inliers = 0;
  double field_rms = 0.0, field_max = 0.0;      ///< over the image, at t = 0
  double targets_rms = 0.0, targets_max = 0.0;  ///< at the targets, at t = 0
  double drifted_rms = 0.0, drifted_max = 0.0;  ///< at the targets at their contact, if nothing followed the drift
  /// As the probe was really sent: commanded position against where the target was at contact.
  double commanded_rms = 0.0, commanded_max = 0.0;
};

/// Error of E_vs_Li = E_vs_QRCE + offset, V.
struct ReferenceRow {
  int calibrations = 0, valid = 0;
  Distribution
      error;  ///< offset by linear interpolation between the valid calibrations minus the true one, per landing
  double error_max = 0.0;            ///< largest magnitude
  double true_drift = 0.0;           ///< V, last minus first true offset
  double median_stated_error = 0.0;  ///< V, what the calibrations state
};

LandingRow landing_row(const files::RunSummary& run, const Truth& truth, std::span<const int> match,
                       const ValidationParameters& parameters);

/// `width`, `height` of the reference image in pixels; 0: the box around all targets and matches. The difference of two
/// affine maps is affine: its maximum lies in a corner and its mean square over the image is
/// f(centre)² + (W f_x)²/12 + (H f_y)²/12, both exact.
RegistrationRow registration_row(const files::RunSummary& run, const Truth& truth, int width, int height);

ReferenceRow reference_row(const files::RunSummary& run, const Truth& truth, const ValidationParameters& parameters);

}  // namespace seccm::validation
