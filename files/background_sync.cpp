#include "files/background_sync.hpp"

#include <unistd.h>

#include <cerrno>

namespace seccm::files {

BackgroundSync::BackgroundSync(int descriptor)
    : descriptor_(descriptor), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void BackgroundSync::ask() {
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  asked_now_.notify_one();
}

void BackgroundSync::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (asked_now_.wait(lock, stop, [this] { return asked_; })) {
    asked_ = false;
    lock.unlock();
    if (::fdatasync(descriptor_) != 0 && error_ == 0) error_ = errno;
    lock.lock();
  }
}

}  // namespace seccm::files
