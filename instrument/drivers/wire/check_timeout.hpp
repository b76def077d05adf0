// The one condition on a timeout of a wire.
#pragma once

namespace seccm::instrument::drivers {

/// Throws InputError unless `timeout_s` s is in (0, 3600].
void check_timeout(double timeout_s);

}  // namespace seccm::instrument::drivers
