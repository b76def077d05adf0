// The conversation with a SCPI instrument: each message carries SYSTem:ERRor? behind itself, so that one answer brings
// values and error, and an error belongs to the message that made it.
//
// A message that is refused leaves no response but its error. Silence is asked after once. Responses are bounded.
// Numbers are finite or Errc::protocol.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/drivers/wire/byte_stream.hpp"

namespace seccm::instrument::drivers {

/// limit_rejected for values that are not accepted (-222, -224), interlock_tripped for what the instrument's state does
/// not allow (-213, -221, 803), overflow for full queues (-350, -363), protocol for what it does not understand
/// (-100 to -199), device_fault otherwise.
Errc scpi_errc(int code);

class ScpiLine {
 public:
  explicit ScpiLine(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  /// One response to one query.
  Result<std::string> ask(const std::string& query);
  /// Numbers between commas, exactly `count` of them.
  Result<std::vector<double>> ask_numbers(const std::string& query, std::size_t count);
  Outcome command(const std::string& command);
  /// Throws away what has arrived and what stands in the error queue and the status registers (*CLS).
  Outcome clear();
  [[nodiscard]] std::string peer() const { return stream_->peer(); }

 private:
  Result<std::string> exchange(const std::string& message);
  Outcome verdict(const std::string& message, std::string_view error_response);
  Error reason_of_silence(const std::string& message, const Error& late);
  [[nodiscard]] Error error(Errc code, std::string detail) const;

  std::unique_ptr<ByteStream> stream_;
};

/// Numbers between commas; nothing if one is not a finite number.
std::vector<double> scpi_numbers(std::string_view text);

}  // namespace seccm::instrument::drivers
