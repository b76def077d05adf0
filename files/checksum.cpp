#include "files/checksum.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <vector>

#include "files/atomic_file.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

std::ifstream open_for_reading(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw_read_error(path, errno);
  return in;
}

}  // namespace

std::uint32_t crc32_of(std::string_view bytes, std::uint32_t previous) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(::crc32_z(previous, data, bytes.size()));
}

std::uint32_t crc32_of_file(const std::filesystem::path& path, std::uint64_t length) {
  std::ifstream in = open_for_reading(path);
  std::vector<char> buffer(1 << 20);
  std::uint32_t crc = 0;
  while (length > 0) {
    const auto want = static_cast<std::streamsize>(std::min<std::uint64_t>(length, buffer.size()));
    in.read(buffer.data(), want);
    if (in.gcount() <= 0) throw InputError("cannot read '" + path.string() + "': it ends too early");
    crc = crc32_of({buffer.data(), static_cast<std::size_t>(in.gcount())}, crc);
    length -= static_cast<std::uint64_t>(in.gcount());
  }
  return crc;
}

std::uint64_t readable_size(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && error) throw_read_error(path, error.value());
  if (!std::filesystem::exists(path, error))
    throw InputError("cannot read '" + path.string() + "': there is no such file");
  if (!std::filesystem::is_regular_file(path, error))
    throw InputError("cannot read '" + path.string() + "': it is not a regular file");
  open_for_reading(path);
  return std::filesystem::file_size(path);
}

std::string read_bytes(const std::filesystem::path& path, std::uint64_t offset, std::size_t count) {
  std::ifstream in = open_for_reading(path);
  in.seekg(static_cast<std::streamoff>(offset));
  std::string bytes(count, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

}  // namespace seccm::files
