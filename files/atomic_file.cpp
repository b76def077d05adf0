#include "files/atomic_file.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "sim/error.hpp"

namespace seccm::files {
namespace {

std::filesystem::path directory_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

bool is_full(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/// Whether the path is right and the machine says no.
bool is_of_the_machine(int error) {
  return is_full(error) || error == EACCES || error == EPERM || error == EROFS || error == EIO || error == ENOMEM ||
         error == EMFILE || error == ENFILE;
}

std::string megabytes(std::uint64_t bytes) {
  const std::uint64_t tenths = (bytes + 52428) / 104858;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB (" + std::to_string(bytes) + " bytes)";
}

std::string space_available(const std::filesystem::path& path) {
  struct statvfs info {};
  if (::statvfs(directory_of(path).c_str(), &info) != 0) return "an unknown amount";
  return megabytes(static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize);
}

}  // namespace

void throw_write_error(const std::filesystem::path& path, int error, std::uint64_t bytes_needed) {
  std::string message = "cannot write '" + path.string() + "': " + std::strerror(error);
  if (is_full(error)) {
    message += "; ";
    if (bytes_needed > 0) message += megabytes(bytes_needed) + " more are needed and ";
    message += space_available(path) + " are free there";
    message += ". Free some space or choose another place for the output";
    if (error == EFBIG) message += ", or raise the limit of a file's size (ulimit -f)";
  } else {
    message += ". Choose a file in a directory that exists and that you may write to";
  }
  if (is_of_the_machine(error)) throw ResourceError(message);
  throw InputError(message);
}

void throw_read_error(const std::filesystem::path& path, int error) {
  const std::string message = "cannot read '" + path.string() + "': " + std::strerror(error);
  if (is_of_the_machine(error)) throw ResourceError(message);
  throw InputError(message);
}

void make_directories(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  if (!code && std::filesystem::is_directory(directory, code)) return;
  const std::string message = directory.string() + ": can not be made a directory: " +
                              (code ? code.message() : std::string("something else has that name"));
  if (is_of_the_machine(code.value())) throw ResourceError(message);
  throw InputError(message);
}

void require_writable(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.filename().empty()) throw InputError("cannot write '" + path.string() + "': a file name is expected");
  if (std::filesystem::is_directory(path, ignored))
    throw InputError("cannot write '" + path.string() + "': it is a directory; a file name is expected");
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
    throw InputError("cannot write '" + path.string() + "': it exists and is not a regular file");
  const auto directory = directory_of(path);
  if (!std::filesystem::is_directory(directory, ignored))
    throw InputError("cannot write '" + path.string() + "': the directory '" + directory.string() +
                     "' does not exist. Create it or choose a directory that exists");
  if (::access(directory.c_str(), W_OK | X_OK) != 0) throw_write_error(path, errno);
}

void require_apart(const std::filesystem::path& output, std::initializer_list<std::filesystem::path> inputs) {
  for (const auto& input : inputs) {
    std::error_code absent;
    if (std::filesystem::equivalent(output, input, absent))
      throw InputError("cannot write '" + output.string() + "': it is '" + input.string() +
                       "', which is read here. Choose another file");
  }
}

void write_fully(int descriptor, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_write_error(path, errno, bytes.size());
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void sync_directory_of(const std::filesystem::path& path) {
  const int descriptor = ::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;  // a directory that may be written but not read: the rename itself has succeeded
  ::fsync(descriptor);
  ::close(descriptor);
}

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  require_writable(target_);
  std::error_code ignored;
  if (std::filesystem::is_symlink(target_, ignored)) target_ = std::filesystem::weakly_canonical(target_, ignored);
  std::string hidden = ".";
  hidden += target_.filename().string();
  hidden += ".partial-";
  hidden += std::to_string(::getpid());
  temporary_ = directory_of(target_) / hidden;
  descriptor_ = ::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw_write_error(target_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::append(std::string_view bytes) {
  if (::lseek(descriptor_, 0, SEEK_END) < 0) throw_write_error(target_, errno);
  write_fully(descriptor_, bytes, target_);
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) throw_write_error(target_, errno);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) throw_write_error(target_, errno);
  ::close(descriptor_);
  descriptor_ = -1;
  sync_directory_of(target_);
}

void write_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.append(bytes);
  file.commit();
}

}  // namespace seccm::files
