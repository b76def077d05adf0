#include "instrument/servers/gige/gige_stream.hpp"

#include <algorithm>

namespace seccm::instrument::servers {

namespace {

constexpr std::size_t ip_and_udp = 28, stream_header = 8;  // bytes
constexpr std::uint32_t leader = 1, trailer = 2, payload = 3;
constexpr std::uint16_t image_payload = 1;

std::string begun(std::uint16_t block, std::uint32_t kind, std::size_t packet) {
  std::string bytes;
  gvcp_append(bytes, 0, 2);  // status
  gvcp_append(bytes, block, 2);
  gvcp_append(bytes, kind << 24U | packet, 4);
  return bytes;
}

}  // namespace

std::string gige_pixels(const Image& image, const GigeShot& shot, int bits) {
  const std::size_t depth = shot.format == gige_mono_16 ? 2 : 1;
  const int shift = std::max(0, bits - 8);
  std::string bytes(static_cast<std::size_t>(shot.width) * static_cast<std::size_t>(shot.height) * depth, '\0');
  for (int y = 0; y < shot.height && shot.y + y < image.height; ++y) {
    for (int x = 0; x < shot.width && shot.x + x < image.width; ++x) {
      const auto from = static_cast<std::size_t>(shot.y + y) * static_cast<std::size_t>(image.width) +
                        static_cast<std::size_t>(shot.x + x);
      const auto to =
          depth * (static_cast<std::size_t>(y) * static_cast<std::size_t>(shot.width) + static_cast<std::size_t>(x));
      const unsigned value = image.pixels[from];
      if (depth == 1) {
        bytes[to] = static_cast<char>(std::min(255U, value >> static_cast<unsigned>(shift)));
      } else {
        // Pixels are little-endian, other than all else.
        bytes[to] = static_cast<char>(value & 0xFFU);
        bytes[to + 1] = static_cast<char>(value >> 8U);
      }
    }
  }
  return bytes;
}

std::vector<std::string> gige_packets(const std::string& pixels, const GigeShot& shot, std::uint16_t block,
                                      std::uint64_t stamp_ns) {
  std::vector<std::string> packets{begun(block, leader, 0)};
  std::string& first = packets.back();
  gvcp_append(first, image_payload, 4);
  gvcp_append(first, stamp_ns, 8);
  gvcp_append(first, shot.format, 4);
  for (const int number : {shot.width, shot.height, shot.x, shot.y})
    gvcp_append(first, static_cast<std::uint32_t>(number), 4);
  gvcp_append(first, 0, 4);  // padding of rows and of the image
  const std::size_t each = shot.packet_size - ip_and_udp - stream_header;
  for (std::size_t at = 0; at < pixels.size(); at += each)
    packets.push_back(begun(block, payload, packets.size()) + pixels.substr(at, each));
  std::string last = begun(block, trailer, packets.size());
  gvcp_append(last, image_payload, 4);
  gvcp_append(last, static_cast<std::uint32_t>(shot.height), 4);
  packets.push_back(std::move(last));
  return packets;
}

std::string gige_test_packet(const GigeShot& shot) {
  std::string packet(shot.packet_size - ip_and_udp, '\0');
  for (std::size_t k = 0; k < packet.size(); ++k) packet[k] = static_cast<char>(k & 0xFFU);
  return packet;
}

}  // namespace seccm::instrument::servers
