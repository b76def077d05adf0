#include "files/journal.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

#include "files/atomic_file.hpp"
#include "files/binary.hpp"
#include "files/checksum.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::string_view magic = "SECCMJ01";
constexpr std::size_t prefix_bytes = 16;  // length, kind, sequence
constexpr std::size_t header_bytes = prefix_bytes + 4;
constexpr std::uint64_t commit_every = std::uint64_t{1} << 26;  // bytes

int open_locked(const std::filesystem::path& path, int creation = O_CREAT) {
  const int descriptor = ::open(path.c_str(), O_RDWR | creation | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor < 0) throw_write_error(path, errno);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  throw InputError("cannot write '" + path.string() + "': another scan is writing it. Choose another output file");
}

std::filesystem::path free_name_beside(const std::filesystem::path& path) {
  std::error_code error;
  for (int k = 1;; ++k) {
    std::filesystem::path name = path.string() + "." + std::to_string(k);
    if (!std::filesystem::exists(name, error)) return name;
  }
}

void move_aside(const std::filesystem::path& path) {
  if (::rename(path.c_str(), free_name_beside(path).c_str()) != 0) throw_write_error(path, errno);
}

/// A process can die between creating the journal and its first bytes.
bool is_stillborn(int descriptor) {
  std::string start(magic.size(), '\0');
  const ssize_t n = ::pread(descriptor, start.data(), start.size(), 0);
  return n >= 0 && static_cast<std::size_t>(n) < magic.size() &&
         magic.starts_with(std::string_view(start).substr(0, static_cast<std::size_t>(n)));
}

}  // namespace

void JournalWriter::begin() {
  write_fully(descriptor_, magic, path_);
  size_ = magic.size();
}

JournalWriter::JournalWriter(std::filesystem::path path, ContinueJournal /*how*/) : path_(std::move(path)) {
  require_writable(path_);
  descriptor_ = open_locked(path_, 0);
  try {
    if (is_stillborn(descriptor_)) {
      if (::ftruncate(descriptor_, 0) != 0) throw_write_error(path_, errno);
      begin();
      return;
    }
    JournalReader reader(path_);
    JournalRecord record;
    while (reader.next(record)) {
    }
    // A torn record, or a damaged one with good ones behind it: nobody can tell, so nothing is thrown away.
    if (reader.torn_bytes() > 0) keep_copy();
    truncate(reader.position(), reader.sequence());
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

void JournalWriter::keep_copy() {
  const std::filesystem::path copy = free_name_beside(path_);
  std::error_code error;
  std::filesystem::copy_file(path_, copy, error);
  if (error) throw_write_error(copy, error.value());
  const int descriptor = ::open(copy.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fdatasync(descriptor) == 0;
  const int why = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) throw_write_error(copy, why);
  sync_directory_of(path_);
}

void JournalWriter::truncate(std::uint64_t position, std::uint64_t sequence) {
  if (::ftruncate(descriptor_, static_cast<off_t>(position)) != 0) throw_write_error(path_, errno);
  size_ = position;
  sequence_ = sequence;
  uncommitted_ = 1;  // what an earlier process wrote may not have been synced
  commit();
}

JournalWriter::JournalWriter(std::filesystem::path path) : path_(std::move(path)) {
  require_writable(path_);
  descriptor_ = open_locked(path_);
  if (::lseek(descriptor_, 0, SEEK_END) > 0) {
    move_aside(path_);
    ::close(descriptor_);
    descriptor_ = open_locked(path_);
  }
  try {
    begin();
  } catch (...) {
    ::close(descriptor_);
    ::unlink(path_.c_str());
    throw;
  }
  sync_directory_of(path_);
}

JournalWriter::~JournalWriter() {
  try {
    take_back_torn_record();
  } catch (const InputError&) {
    torn_ = true;  // a reader stops in front of it as well
  }
  aside_.reset();
  if (descriptor_ >= 0) ::close(descriptor_);
}

void JournalWriter::append(std::uint32_t kind, std::string_view payload, Sync sync) {
  if (payload.size() > std::numeric_limits<std::uint32_t>::max())
    throw InputError("a record of " + std::to_string(payload.size()) + " bytes is too large for the journal '" +
                     path_.string() + "'; at most 4294967295 bytes are accepted");
  if (sync_failed_ || (aside_ && aside_->error() != 0)) throw_write_error(path_, EIO);
  take_back_torn_record();
  BinaryWriter header;
  header.number(static_cast<std::uint32_t>(payload.size()));
  header.number(kind);
  header.number(sequence_);
  header.number(crc32_of(payload, crc32_of(header.bytes())));
  buffer_ = header.bytes();
  buffer_ += payload;
  torn_ = true;
  write_fully(descriptor_, buffer_, path_);
  torn_ = false;
  ++sequence_;
  size_ += buffer_.size();
  uncommitted_ += buffer_.size();
  const auto now = std::chrono::steady_clock::now();
  const bool due = now - committed_at_ >= commit_interval || uncommitted_ > commit_every;
  if (!due) return;
  if (sync == Sync::here) {
    commit();
    return;
  }
  if (!aside_) aside_ = std::make_unique<BackgroundSync>(descriptor_);
  aside_->ask();
  committed_at_ = now;
}

void JournalWriter::take_back_torn_record() {
  if (!torn_) return;
  if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) throw_write_error(path_, errno);
  torn_ = false;
}

void JournalWriter::commit() {
  if (uncommitted_ == 0) return;
  if (sync_failed_ || (aside_ && aside_->error() != 0)) throw_write_error(path_, EIO);
  if (::fdatasync(descriptor_) != 0) {
    sync_failed_ = true;
    throw_write_error(path_, errno);
  }
  uncommitted_ = 0;
  committed_at_ = std::chrono::steady_clock::now();
}

JournalReader::JournalReader(const std::filesystem::path& path) : size_(readable_size(path)) {
  in_.open(path, std::ios::binary);
  header_.resize(magic.size());
  in_.read(header_.data(), static_cast<std::streamsize>(header_.size()));
  if (!in_ || header_ != magic)
    throw InputError("cannot read '" + path.string() + "': it is not a run journal (its first 8 bytes are not '" +
                     std::string(magic) + "')");
  position_ = magic.size();
  header_.resize(header_bytes);
}

bool JournalReader::next(JournalRecord& record) {
  if (size_ - position_ < header_bytes) return false;
  in_.read(header_.data(), static_cast<std::streamsize>(header_bytes));
  if (!in_) return false;
  BinaryReader fields(header_);
  const auto length = fields.number<std::uint32_t>();
  record.kind = fields.number<std::uint32_t>();
  record.sequence = fields.number<std::uint64_t>();
  const auto crc = fields.number<std::uint32_t>();
  const bool plausible = length <= size_ - position_ - header_bytes && record.sequence == sequence_;
  if (plausible) {
    record.payload.resize(length);
    in_.read(record.payload.data(), static_cast<std::streamsize>(length));
  }
  const std::string_view prefix(header_.data(), prefix_bytes);
  if (!plausible || !in_ || crc32_of(record.payload, crc32_of(prefix)) != crc) {
    in_.setstate(std::ios::failbit);  // nothing behind a torn record is trusted
    return false;
  }
  position_ += header_bytes + length;
  ++sequence_;
  return true;
}

}  // namespace seccm::files
