// The description of an FPGA image, from its .lvbitx file: signature, registers with their addresses, DMA channels.
//
// A file is hostile until it is parsed: at most 64 MiB (the bit stream of a real image is some MB of text), every
// number bounded, names unique. Throws InputError that says what is wrong where. Registers of types that nobody here
// reads (arrays, clusters) are left out.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/wecspm/register_contract.hpp"

namespace seccm::instrument::wecspm {

struct BitfileRegister {
  std::string name;
  DataType type = DataType::boolean;
  bool indicator = false;
  std::uint32_t address = 0;  ///< as the API takes it: offset + base, bit 31 if the access may time out
};

struct BitfileChannel {
  std::string name;
  std::string type;      ///< "I16"
  bool to_host = false;  ///< "TargetToHost"
  std::uint32_t number = 0;
  std::uint32_t elements = 0;  ///< on the target
};

struct Bitfile {
  std::string signature;
  std::string target_class;
  std::vector<BitfileRegister> registers;
  std::vector<BitfileChannel> channels;
};

/// `origin` stands for the file in messages.
Bitfile parse_bitfile(std::string_view xml, const std::string& origin);
Bitfile read_bitfile(const std::filesystem::path& path);

/// Where the contract's registers and channels are in one image.
struct ImageMap {
  std::array<std::uint32_t, register_count> address{};
  std::uint32_t waypoints = 0, samples = 0;  ///< channel numbers

  [[nodiscard]] std::uint32_t of(Reg reg) const { return address[static_cast<std::size_t>(reg)]; }
};
/// Throws InputError that names every register and channel that is missing or of another type or direction.
ImageMap map_image(const Bitfile& bitfile, const std::string& origin);

/// The image of the software target: an .lvbitx of the contract's registers and channels without a bit stream.
std::string synthetic_bitfile();
inline constexpr std::string_view synthetic_signature = "5EC0C0DE7814F00D5EC0C0DE7814F00D";

}  // namespace seccm::instrument::wecspm
