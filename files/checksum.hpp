// CRC-32 (the zlib polynomial) and reading plain bytes of a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace seccm::files {

/// CRC-32 of `bytes`, continuing from `previous` (0 to start).
std::uint32_t crc32_of(std::string_view bytes, std::uint32_t previous = 0);
/// CRC-32 of the first `length` bytes of a file.
std::uint32_t crc32_of_file(const std::filesystem::path& path, std::uint64_t length);
/// Size of a regular file that can be read; InputError otherwise.
std::uint64_t readable_size(const std::filesystem::path& path);
/// Up to `count` bytes from `offset`: fewer at the end of the file.
std::string read_bytes(const std::filesystem::path& path, std::uint64_t offset, std::size_t count);

}  // namespace seccm::files
