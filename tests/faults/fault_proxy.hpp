// Stands on the wire between a driver and its server and does to the replies what networks and devices do.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "sim/random.hpp"

namespace seccm::fault_test {

enum class WireFault {
  none,
  split,       ///< each reply byte by byte
  merged,      ///< replies held for a moment and sent in one piece
  no_reply,    ///< requests arrive, replies are lost
  late_reply,  ///< replies come `delay` late
  garbage,     ///< replies of the same length with other bytes, the end of the line kept
  half_open,   ///< the peer is gone without a word: nothing passes, nothing is closed
  reset,       ///< the connection is reset when the reply is due
  restart,     ///< the connection is closed and nobody listens until `heal`
};
std::string_view to_string(WireFault fault);

/// One client at a time, on 127.0.0.1, on a thread of its own.
class FaultProxy {
 public:
  /// Forwards to this port of the machine. Throws std::runtime_error when there is no socket left.
  explicit FaultProxy(int server_port);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  [[nodiscard]] int port() const { return port_; }
  /// From the next reply on, until `heal`.
  void strike(WireFault fault, std::uint64_t seed, double delay_s = 0.0);
  void heal() { strike(WireFault::none, 0); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  void run();
  void listen_again();
  void accept_client();
  void hang_up(bool with_reset);
  void from_client();
  void from_server();
  void pass_on(std::string_view bytes);
  void deliver_held();

  int server_port_, port_ = 0;
  int listener_ = -1, client_ = -1, server_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<bool> ending_ = false;
  std::mutex plan_mutex_;
  WireFault fault_ = WireFault::none;  // of the thread; `planned_` is what the test wants
  WireFault planned_ = WireFault::none;
  double delay_ = 0.0;
  RandomStream random_{0, "garbage"};
  std::string held_;
  Time due_{};
  std::thread thread_;
};

}  // namespace seccm::fault_test
