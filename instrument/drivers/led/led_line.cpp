#include "instrument/drivers/led/led_line.hpp"

#include <fmt/format.h>

#include <charconv>

namespace seccm::instrument::drivers {

namespace {
constexpr std::size_t longest_led_line = 128;
constexpr int most_led_lines = 16;  // greetings and answers to settings in front of the one that counts
}  // namespace

std::optional<LedChannels> parse_led_state(std::string_view line) {
  if (line.size() != 21 || !line.starts_with("CSS")) return std::nullopt;
  line.remove_prefix(3);
  LedChannels channels;
  for (std::size_t k = 0; k < channels.size(); ++k) {
    const auto text = line.substr(6 * k, 6);
    const char* last = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + 3, last, channels[k].percent);
    const bool readable = text[0] == static_cast<char>('A' + k) && (text[1] == 'S' || text[1] == 'X') &&
                          (text[2] == 'N' || text[2] == 'F') && parsed.ec == std::errc() && parsed.ptr == last &&
                          channels[k].percent >= 0 && channels[k].percent <= 100;
    if (!readable) return std::nullopt;
    channels[k].selected = text[1] == 'S';
    channels[k].on = text[2] == 'N';
  }
  return channels;
}

Outcome LedLine::send(std::string_view commands) {
  if (auto outcome = stream_->discard_input(); !outcome.ok()) return outcome;
  return stream_->write(commands);
}

Result<std::string> LedLine::next_line() {
  auto line = stream_->read_until('\n', longest_led_line);
  if (!line.ok()) return line.error();
  std::string text = line.value();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<LedChannels> LedLine::settle(std::string_view commands, const std::function<bool(const LedChannels&)>& holds) {
  if (auto outcome = send(std::string(commands) + "CSS?\r"); !outcome.ok()) return outcome.error();
  std::string said;
  for (int k = 0; k < most_led_lines; ++k) {
    const auto line = next_line();
    if (!line.ok() && (line.error().code != Errc::timeout || said.empty())) return line.error();
    if (!line.ok()) break;
    said = line.value();  // whatever it is: a device that talks of something else is not a silent one
    if (!said.starts_with("CSS")) continue;
    const auto channels = parse_led_state(said);
    if (channels && holds(*channels)) return *channels;
  }
  return Error{Errc::protocol, peer(), fmt::format("the light source says '{}' after '{}'", said, commands), false};
}

Result<std::string> LedLine::ask(std::string_view command, std::string_view begin) {
  if (auto outcome = send(std::string(command) + "\r"); !outcome.ok()) return outcome.error();
  for (int k = 0; k < most_led_lines; ++k) {
    auto line = next_line();
    if (!line.ok() && k > 0 && line.error().code == Errc::timeout) break;  // it said something else
    if (!line.ok() || line.value().starts_with(begin)) return line;
  }
  return Error{Errc::protocol, peer(), fmt::format("no answer to {} that begins with {}", command, begin), false};
}

}  // namespace seccm::instrument::drivers
