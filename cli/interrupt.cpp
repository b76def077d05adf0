#include "cli/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>

namespace seccm::cli {
namespace {

// A handler may do little: it counts. Blocking the signals for one waiting thread instead does not work here, because
// libraries start threads of their own before main, and those would take the default action.
std::atomic<int> signals_seen{0};
static_assert(std::atomic<int>::is_always_lock_free);

void count_signal(int /*number*/) {
  if (signals_seen.fetch_add(1) > 0) _exit(interrupted_status);
}

void install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

InterruptWatch::InterruptWatch() {
  signals_seen = 0;
  install(count_signal);
  watcher_ = std::jthread([source = source_](const std::stop_token& end) mutable {
    while (!end.stop_requested()) {
      if (signals_seen > 0) source.request_stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
}

InterruptWatch::~InterruptWatch() {
  watcher_.request_stop();
  watcher_.join();
  install(SIG_DFL);
}

}  // namespace seccm::cli
