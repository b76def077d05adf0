// An append-only journal: the source of truth while a run is measured.
//
// File: the 8 bytes "SECCMJ01", then records {u32 payload length, u32 kind, u64 sequence number, u32 CRC-32 of these
// 16 bytes and the payload, payload}, little-endian. A record is handed to the system when it is appended, so it
// outlives the process; `commit` makes everything so far outlive the machine (group commit: one sync for many records).
// A reader takes records as long as length, sequence and checksum hold, and stops at the first that does not: what it
// returned is a prefix of what was written, without a hole.
//
// What the machine may lose: a record that comes `commit_interval` after the last sync is synced with all before it. A
// sync takes from milliseconds to seconds: a writer that can not wait for it has it done by another thread
// (Sync::aside). A sync that fails is final: the system may have dropped the pages, so every later append and commit
// fails too.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "files/background_sync.hpp"

namespace seccm::files {

/// Who waits for the sync that a record may bring with it.
enum class Sync { here, aside };

/// Says that a writer goes on with a journal that is there.
struct ContinueJournal {};

class JournalWriter {
 public:
  static constexpr std::chrono::milliseconds commit_interval{400};

  /// Creates the file and locks it. A journal that an earlier run left there is moved aside to <path>.1, .2, ...: it is
  /// the only copy of what that run measured. Throws InputError when the file can not be written or when another writer
  /// holds it.
  explicit JournalWriter(std::filesystem::path path);
  /// Locks a journal that a died process left behind and cuts what lies behind its last whole record, after a copy was
  /// kept of the whole. A file that ends inside its first 8 bytes becomes an empty journal. Throws InputError for a
  /// missing or foreign file and when another writer holds it.
  JournalWriter(std::filesystem::path path, ContinueJournal how);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Throws InputError for a full disk; what was appended before stays readable, and the call can be repeated.
  void append(std::uint32_t kind, std::string_view payload, Sync sync = Sync::here);
  void commit();
  /// Cuts the journal behind a record: `position` and `sequence` as a JournalReader gave them behind it.
  void truncate(std::uint64_t position, std::uint64_t sequence);
  /// Copies the journal as it is to the first free one of path.1, path.2, ... and syncs it. Throws InputError, as for a
  /// full disk.
  void keep_copy();

 private:
  void begin();
  /// By the next append or the end, not by the append that failed: a rig is to be made safe before its disk is asked
  /// for anything more.
  void take_back_torn_record();

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t uncommitted_ = 0;
  std::chrono::steady_clock::time_point committed_at_ = std::chrono::steady_clock::now();
  bool sync_failed_ = false;
  std::unique_ptr<BackgroundSync> aside_;  // from the first Sync::aside on
  bool torn_ = false;                      // behind size_ lies part of a record
  std::string buffer_;
};

struct JournalRecord {
  std::uint32_t kind = 0;
  std::uint64_t sequence = 0;
  std::string payload;
};

class JournalReader {
 public:
  /// Throws InputError for a missing or foreign file.
  explicit JournalReader(const std::filesystem::path& path);
  /// The next record, into `record`; false at the end or at the first torn record.
  bool next(JournalRecord& record);
  /// Bytes behind the last good record: 0 when the journal ends cleanly. Final once `next` has returned false.
  [[nodiscard]] std::uint64_t torn_bytes() const { return size_ - position_; }
  /// Bytes up to the end of the last good record, and the sequence number of the one that follows.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t sequence_ = 0;
  std::string header_;
};

}  // namespace seccm::files
