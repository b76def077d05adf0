// Bytes of a fuzz target as a file in memory, for what reads files only.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace seccm::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A folder of this process, in memory where the system has such a place.
inline const std::filesystem::path& scratch() {
  static const std::filesystem::path folder = [] {
    std::error_code code;
    const std::filesystem::path memory = "/dev/shm";
    const auto base = std::filesystem::is_directory(memory, code) ? memory : std::filesystem::temp_directory_path();
    auto own = base / ("seccm_fuzz_" + std::to_string(::getpid()));
    std::filesystem::create_directories(own);
    return own;
  }();
  return folder;
}

/// A run file to be written, without the journal of an attempt before.
inline std::filesystem::path fresh_target(const char* name) {
  std::filesystem::path path = scratch() / name;
  std::filesystem::remove(path.string() + ".journal");
  return path;
}

inline std::filesystem::path write_scratch(const char* name, std::string_view bytes) {
  const std::filesystem::path path = scratch() / name;
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

}  // namespace seccm::fuzz
