// Any bytes as an .lvbitx file: parsed or refused with InputError, nothing else.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "instrument/wecspm/bitfile.hpp"
#include "sim/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace seccm;
  try {
    const auto bitfile =
        instrument::wecspm::parse_bitfile(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
    (void)instrument::wecspm::map_image(bitfile, "fuzz");
  } catch (const InputError&) {
    // Refused.
  }
  return 0;
}
