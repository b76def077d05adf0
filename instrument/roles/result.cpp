#include "instrument/roles/result.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::instrument {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::timeout:
      return "timeout";
    case Errc::disconnected:
      return "disconnected";
    case Errc::stale_data:
      return "stale data";
    case Errc::protocol:
      return "protocol error";
    case Errc::limit_rejected:
      return "rejected by a limit";
    case Errc::interlock_tripped:
      return "interlock tripped";
    case Errc::cancelled:
      return "cancelled";
    case Errc::overflow:
      return "overflow";
    case Errc::framing_lost:
      return "framing lost";
    case Errc::saturated:
      return "saturated";
    case Errc::device_fault:
      return "device fault";
    case Errc::needs_reconnect:
      return "needs reconnect";
  }
  return "unknown";
}

std::string describe(const Error& error) {
  return fmt::format("{}: {}: {}", error.device, to_string(error.code), error.detail);
}

void throw_device_error(const Error& error) {
  throw DeviceError(describe(error));
}

}  // namespace seccm::instrument
