#include "rigs/instrument_place.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm::rigs {

namespace drivers = instrument::drivers;

OpenWire way_to(const std::string& place, int baud, double timeout, std::string_view key) {
  if (place.starts_with('/')) return [=] { return drivers::open_serial(place, baud, timeout); };
  const std::size_t colon = place.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : place.substr(colon + 1);
  const bool number =
      !digits.empty() && digits.size() <= 5 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (colon == 0 || !number) {
    throw InputError(fmt::format("{} = \"{}\": accepted is HOST:PORT, or the path of a serial device", key, place));
  }
  const int port = std::stoi(digits);
  if (port < 1 || port > 65535) {
    throw InputError(fmt::format("{} = \"{}\": port {}, accepted are 1 to 65535", key, place, port));
  }
  return [host = place.substr(0, colon), port, timeout] { return drivers::connect_tcp(host, port, timeout); };
}

}  // namespace seccm::rigs
