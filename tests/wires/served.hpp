// A server on a thread of its own for the length of a test, and sessions to serve.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "instrument/servers/wire/line_session.hpp"

namespace seccm::instrument::testing {

/// Add the wires first, then start.
class Served {
 public:
  explicit Served(servers::WireOptions options = {}) : server(std::move(options)) {}
  ~Served() { stop(); }
  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { server.run(stop); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }
  servers::WireServer server;

 private:
  std::jthread thread_;
};

/// Sends back each line, in capitals; says nothing to "quiet", and ends the connection at "throw".
class EchoSession final : public servers::Session {
 public:
  std::string feed(std::string_view bytes) override;

 private:
  std::string line_;
};

inline std::unique_ptr<servers::Session> make_echo() {
  return std::make_unique<EchoSession>();
}

}  // namespace seccm::instrument::testing
