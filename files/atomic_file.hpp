// Files that are either whole or not there.
//
// An AtomicFile gives a temporary name in the directory of its target; `commit` syncs the data, renames it over the
// target and syncs the directory. Without a commit, or after an error, the temporary file is removed and the target is
// what it was before. Throws InputError, in one paragraph, for an unwritable place or a full disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace seccm::files {

class AtomicFile {
 public:
  /// Creates the temporary file. Throws InputError if the directory is missing or can not be written, or if the target
  /// is a directory.
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// The temporary name, for a library that opens files itself.
  [[nodiscard]] const std::filesystem::path& path() const { return temporary_; }
  [[nodiscard]] const std::filesystem::path& target() const { return target_; }
  /// Open for reading and writing; owned by this object.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// Appends bytes at the end of the temporary file.
  void append(std::string_view bytes);
  void commit();

 private:
  std::filesystem::path target_, temporary_;
  int descriptor_ = -1;
};

/// The whole of `bytes` as the new content of `path`, or an InputError and the old content.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Throws the InputError for a failed write: what happened (errno), and for a full disk the space needed (0: not known)
/// and available. A ResourceError where the path may be right and the machine says no: no space, no permission.
[[noreturn]] void throw_write_error(const std::filesystem::path& path, int error, std::uint64_t bytes_needed = 0);
/// The same for a file that can not be opened to read it.
[[noreturn]] void throw_read_error(const std::filesystem::path& path, int error);

/// Makes the directory and those above it where they are missing; throws as throw_write_error.
void make_directories(const std::filesystem::path& directory);

/// Throws InputError unless `path` names something that can be (over)written: the directory exists and is writable and
/// `path` itself is not a directory.
void require_writable(const std::filesystem::path& path);

/// Throws InputError if `output` is one of the files that are read for it, by whatever name: what was measured is not
/// replaced by what is made of it. Inputs that do not exist are no matter of this function.
void require_apart(const std::filesystem::path& output, std::initializer_list<std::filesystem::path> inputs);

/// write(2) until everything is written; throws as throw_write_error.
void write_fully(int descriptor, std::string_view bytes, const std::filesystem::path& path);

/// fsync of the directory that holds `path`: makes a rename or a new name last.
void sync_directory_of(const std::filesystem::path& path);

}  // namespace seccm::files
