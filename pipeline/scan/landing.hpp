// One landing: hop over the target, approach until contact, make sure that it is contact, and lift off again.
//
// Hop: straight up to `hop_height` above the highest contact so far (or above the expected surface, if that is higher),
// then sideways; without any contact yet, at the top of the travel. Rest in air; the second half of it gives the
// baseline of the comparator, whose threshold must stand clear of the noise: at least 6 standard deviations of a frame
// (preflight asks more of it). Approach, one program, the device's own comparator armed throughout: fast until
// `slow_distance` above the expected surface, then slow down to `search_depth` below it. The end of the travel is no
// contact, whatever the current. Check: after the stop the median current over `contact_check` must still be beyond the
// threshold: a spike lasts one sample, the transient of a wetting meniscus a tenth of a second. Otherwise up by
// `hop_height`, which breaks a meniscus that was there after all, and down again. A current in air that has left the
// first one by more than the threshold says that it did not break: up again, and no descent.
#pragma once

#include <string>

#include "pipeline/scan/registration.hpp"
#include "pipeline/scan/session.hpp"

namespace seccm::scan {

/// The contact threshold over the standard deviation of a frame in air, at least.
inline constexpr double contact_noise_margin = 6.0;

struct ContactResult {
  bool made = false;
  double x = 0.0, y = 0.0, z = 0.0;  ///< measured at the stop, m
  double t = 0.0;                    ///< device time, s
  double baseline = 0.0;             ///< A, in air
  int attempts = 0;
  std::string failure;  ///< "no contact", "contact not confirmed", "baseline too noisy", "meniscus does not break"
};

/// Hop and approach, with retries. On success the meniscus is on the surface at the approach potential, after
/// `contact_check`; nothing has settled yet.
ContactResult land(ScanSession& session, StagePoint target);

/// Straight up by `hop_height` from where the tip is: well beyond detachment, which takes about one footprint diameter.
void lift_off(ScanSession& session);

/// Rest in contact at the approach potential.
void rest_in_contact(ScanSession& session, double duration);

}  // namespace seccm::scan
