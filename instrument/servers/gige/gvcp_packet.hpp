// Words of the GigE Vision control and stream protocols (AIA GigE Vision 1.2, GVCP and GVSP): everything big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace seccm::instrument::servers {

inline constexpr unsigned short gvcp_port = 3956;

enum class GvcpCommand : std::uint16_t {
  discovery = 0x0002,
  packet_resend = 0x0040,
  read_register = 0x0080,
  write_register = 0x0082,
  read_memory = 0x0084,
  write_memory = 0x0086,
};

/// How a device answers a command.
enum class GvcpStatus : std::uint16_t {
  success = 0x0000,
  not_implemented = 0x8001,
  invalid_parameter = 0x8002,
  invalid_address = 0x8003,
  write_protect = 0x8004,
  access_denied = 0x8006,
  busy = 0x8007,
  invalid_header = 0x800E,
};

/// The machine and port that a datagram came from, host byte order.
struct GigePeer {
  std::uint32_t address = 0;
  std::uint16_t port = 0;
  bool operator==(const GigePeer&) const = default;
};

/// The unsigned number in the first `length` (1 to 8) bytes at `at`; the bytes must be there.
inline std::uint64_t gvcp_number(std::string_view bytes, std::size_t at, std::size_t length) {
  std::uint64_t value = 0;
  for (const char byte : bytes.substr(at, length)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}
inline std::uint32_t gvcp_word(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(gvcp_number(bytes, at, 4));
}

/// Appends the last `length` bytes of a number.
inline void gvcp_append(std::string& bytes, std::uint64_t value, std::size_t length) {
  for (std::size_t k = length; k-- > 0;) bytes += static_cast<char>(value >> (8 * k) & 0xFFU);
}

}  // namespace seccm::instrument::servers
