// A server on a thread of its own for the length of a test, and sessions to serve.
#pragma once

#include <functional>
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

/// A device that answers each line, up to `end`, as a function says: garbage, silence, too much.
class ScriptedSession final : public servers::Session {
 public:
  using Answer = std::function<std::string(const std::string& line)>;
  ScriptedSession(char end, Answer answer) : end_(end), answer_(std::move(answer)) {}
  std::string feed(std::string_view bytes) override;

 private:
  char end_;
  Answer answer_;
  std::string line_;
};

inline servers::SessionFactory scripted(char end, ScriptedSession::Answer answer) {
  return [end, answer = std::move(answer)] { return std::make_unique<ScriptedSession>(end, answer); };
}

}  // namespace seccm::instrument::testing
