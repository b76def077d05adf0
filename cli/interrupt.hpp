// SIGINT and SIGTERM as a stop token: the first asks to stop in good order, a second ends the process at once.
#pragma once

#include <stop_token>
#include <thread>

namespace seccm::cli {

/// While it lives, the two signals of this process arrive here.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool requested() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  std::jthread watcher_;
};

/// Exit status of an interrupted command, as a shell reports it: 128 + SIGINT.
inline constexpr int interrupted_status = 130;

}  // namespace seccm::cli
