// A wire to a device, as a driver needs it: bytes out, bytes in, each call within a deadline. TCP or a serial line.
//
// Every call ends within the stream's timeout: late is Errc::timeout (the stream stays open: the late bytes may still
// come, see discard_input), a peer that has gone is Errc::disconnected, as is every later call. Bytes behind the end
// of a reply are kept for the next call. What is kept is bounded by the sizes that the caller names. The host's wall
// clock times these calls: they talk to hardware or to a server, never to a world in this process. One thread per
// stream, except the stop token, which any thread may trip.
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "instrument/roles/result.hpp"

namespace seccm::instrument::drivers {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Whole, within the timeout.
  virtual Outcome write(std::string_view bytes) = 0;
  /// Up to and including `end`. Errc::protocol if no `end` is among the first `most` bytes; these bytes are dropped.
  virtual Result<std::string> read_until(char end, std::size_t most) = 0;
  virtual Result<std::string> read_exactly(std::size_t count) = 0;
  /// Throws away what has arrived: late replies, before a question whose answer must be its own.
  /// Nothing to do for a stream that can have none.
  virtual Outcome discard_input() { return Done{}; }
  /// From now on a stop request ends the call in progress, and each later one, with Errc::cancelled. Nothing to do for
  /// a stream that never waits.
  virtual void cancel_on(const std::stop_token& /*stop*/) {}
  /// "tcp 127.0.0.1:50000" or "serial /dev/ttyUSB0", for messages.
  [[nodiscard]] virtual std::string peer() const = 0;
  /// Idempotent; later calls are Errc::disconnected.
  virtual void close() noexcept = 0;
};

/// `timeout_s` s, in (0, 3600], holds for the connection and for each later call. No answer at the address is
/// Errc::timeout, a refusal or an unknown host Errc::disconnected. Throws InputError for a port or a timeout that can
/// not be.
Result<std::unique_ptr<ByteStream>> connect_tcp(const std::string& host, int port, double timeout_s);
/// 8 data bits, no parity, 1 stop bit, no flow control. Errc::disconnected if the device can not be opened. Throws
/// InputError for a timeout or a baud rate that can not be.
Result<std::unique_ptr<ByteStream>> open_serial(const std::string& device, int baud, double timeout_s);

}  // namespace seccm::instrument::drivers
