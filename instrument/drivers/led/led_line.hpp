// The conversation with a three-channel LED light source: commands out, state lines in.
//
// Whether a setting is answered differs between commands and firmware. So each exchange ends with the question for the
// state, and lines are read until one says what must hold; a line that comes later says the same.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "instrument/drivers/wire/byte_stream.hpp"

namespace seccm::instrument::drivers {

struct LedChannel {
  bool selected = false, on = false;
  int percent = 0;
};
/// Channels A, B, C.
using LedChannels = std::array<LedChannel, 3>;

/// "CSSASN050BXF000CXF000"; none for anything else.
std::optional<LedChannels> parse_led_state(std::string_view line);

class LedLine {
 public:
  explicit LedLine(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  /// Sends `commands`, each ended by CR, then asks for the state until `holds` is true of one. Errc::protocol with what
  /// the device said last if none came within a bounded number of lines or within the timeout.
  Result<LedChannels> settle(std::string_view commands, const std::function<bool(const LedChannels&)>& holds);
  /// The first line that begins with `begin`, without its end.
  Result<std::string> ask(std::string_view command, std::string_view begin);
  [[nodiscard]] std::string peer() const { return stream_->peer(); }

 private:
  Outcome send(std::string_view commands);
  Result<std::string> next_line();

  std::unique_ptr<ByteStream> stream_;
};

}  // namespace seccm::instrument::drivers
