// The twin's side of a wire: protocols as state machines over bytes, and the server that carries them.
//
// A Session knows its protocol and nothing of sockets; the WireServer knows sockets and nothing of protocols. One
// thread runs all connections of a server, one request at a time, so that the devices behind it need no locks. Where
// another thread shares them (the camera's stream), both hold the same mutex.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>

namespace seccm::instrument::servers {

/// Protocol state machine of one connection: bytes in, bytes out. Any bytes in any pieces; what it keeps is bounded.
/// An exception ends the connection.
class Session {
 public:
  virtual ~Session() = default;
  virtual std::string feed(std::string_view bytes) = 0;
};

using SessionFactory = std::function<std::unique_ptr<Session>()>;

inline constexpr const char* loopback = "127.0.0.1";

struct WireOptions {
  /// Open TCP connections of one port; one more is closed as soon as it is accepted.
  std::size_t most_connections = 8;
  /// Held while a session works, if given. Must outlive the server.
  std::mutex* world = nullptr;
  /// Told, on the server's thread, what ended otherwise than by its peer's wish.
  std::function<void(const std::string&)> note = {};
  /// s of the wall clock by which the world is ahead of it once a session has worked (BenchTime::ahead); its reply is
  /// held back as long, while the other wires are served. None: replies leave at once. Called under `world`.
  std::function<double()> ahead = {};
};

class WireServer {
 public:
  explicit WireServer(WireOptions options = {});
  ~WireServer();
  WireServer(const WireServer&) = delete;
  WireServer& operator=(const WireServer&) = delete;

  /// Listens at once; port 0 takes a free one. Returns the port. A session is made per connection. Throws InputError
  /// if the address is none of this machine or the port is taken.
  int add_tcp(const std::string& address, int port, SessionFactory factory);
  /// One session for as long as the server lives, 8N1. Throws InputError if the device can not be opened.
  void add_serial(const std::string& device, int baud, const SessionFactory& factory);
  /// A serial line without hardware: returns the device (/dev/pts/N) that a client opens. It lives as long as the
  /// server. Throws InputError if the system has no pseudo terminal left.
  std::string add_pseudo_terminal(const SessionFactory& factory);

  /// Serves until a stop is requested, from any thread. Then every connection is closed; the ports stay bound until
  /// the server is destroyed, and run() may be called again.
  void run(const std::stop_token& stop);
  /// TCP connections that are open; not while another thread is in run().
  [[nodiscard]] std::size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::instrument::servers
