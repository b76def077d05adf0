// A frame as the datagrams of the GigE Vision stream protocol: leader, payload packets, trailer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "instrument/roles/camera.hpp"
#include "instrument/servers/gige/gige_device.hpp"

namespace seccm::instrument::servers {

/// The bytes of the region of `image` that `shot` asks for: Mono16 as the counts, Mono8 shifted down from `bits`
/// significant bits. Black where the image does not reach.
std::string gige_pixels(const Image& image, const GigeShot& shot, int bits);

/// Datagrams of frame `block` with this time stamp, in the order in which they leave.
std::vector<std::string> gige_packets(const std::string& pixels, const GigeShot& shot, std::uint16_t block,
                                      std::uint64_t stamp_ns);

/// A datagram as large as the stream's packets, for a client that looks for the largest that comes through.
std::string gige_test_packet(const GigeShot& shot);

}  // namespace seccm::instrument::servers
