#include "instrument/drivers/wire/check_timeout.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::instrument::drivers {

void check_timeout(double timeout_s) {
  if (timeout_s > 0.0 && timeout_s <= 3600.0) return;
  throw InputError(fmt::format("timeout of a connection {:.6g} s, accepted are above 0 s to 3600 s", timeout_s));
}

}  // namespace seccm::instrument::drivers
