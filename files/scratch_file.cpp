#include "files/scratch_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "files/atomic_file.hpp"

namespace seccm::files {

ScratchFile::ScratchFile(const std::filesystem::path& beside) : path_(beside.string() + ".rows") {
  std::string name = path_.string() + ".XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) throw_write_error(path_, errno);
  ::unlink(name.c_str());
}

ScratchFile::~ScratchFile() {
  ::close(descriptor_);
}

std::uint64_t ScratchFile::append(std::string_view bytes) {
  const std::uint64_t position = size_;
  write_fully(descriptor_, bytes, path_);
  size_ += bytes.size();
  return position;
}

void ScratchFile::read(std::uint64_t position, std::span<char> out) const {
  while (!out.empty()) {
    const ssize_t n = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(position));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw_write_error(path_, n < 0 ? errno : EIO);
    position += static_cast<std::uint64_t>(n);
    out = out.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace seccm::files
