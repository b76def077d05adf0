// Bytes that wait on the disk instead of in memory, beside the file that they are for. The scratch file has no name: it
// is gone with the process, however that ends. Throws InputError for an unwritable place or a full disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace seccm::files {

class ScratchFile {
 public:
  explicit ScratchFile(const std::filesystem::path& beside);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  /// Returns where they stand.
  std::uint64_t append(std::string_view bytes);
  /// Fills `out` from `position` on; all of it has been appended.
  void read(std::uint64_t position, std::span<char> out) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace seccm::files
