// Syncs a file from a thread of its own, for a writer that can not wait for a disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace seccm::files {

class BackgroundSync {
 public:
  /// The descriptor has to stay open as long as this lives.
  explicit BackgroundSync(int descriptor);
  /// Waits for the sync that is under way or asked for.
  ~BackgroundSync() = default;
  BackgroundSync(const BackgroundSync&) = delete;
  BackgroundSync& operator=(const BackgroundSync&) = delete;

  /// Everything written so far is synced soon. Returns at once.
  void ask();
  /// errno of the first sync that failed; 0: none did.
  [[nodiscard]] int error() const { return error_; }

 private:
  void run(const std::stop_token& stop);

  int descriptor_;
  std::mutex mutex_;
  std::condition_variable_any asked_now_;
  bool asked_ = false;
  std::atomic<int> error_{0};
  std::jthread thread_;  // the last member: it ends before the others go
};

}  // namespace seccm::files
