#include "instrument/servers/led/led_session.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "sim/error.hpp"

namespace seccm::instrument::servers {

namespace {

bool is_channel(char letter) {
  return letter >= 'A' && letter <= 'C';
}

/// One to three digits, 0 to 100.
std::optional<int> percentage(std::string_view digits) {
  int value = 0;
  const char* last = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), last, value);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == last && digits.size() <= 3;
  if (!whole || value < 0 || value > 100) return std::nullopt;
  return value;
}

void require_letters(const LedOptions& options) {
  const auto accepted = [](char letter, std::string_view lamp) {
    if (!is_channel(letter)) {
      throw InputError(fmt::format("LED channel '{}' of the {} lamp, accepted are A, B, C", letter, lamp));
    }
  };
  accepted(options.reflection, "reflection");
  accepted(options.transmission, "transmission");
  if (options.reflection == options.transmission) {
    throw InputError(fmt::format("LED channel {} for both lamps, accepted are two of A, B, C", options.reflection));
  }
}

}  // namespace

LedSource::LedSource(Light& light, bench::BenchTime& time, LedOptions options)
    : light_(light), time_(time), options_(std::move(options)) {
  require_letters(options_);
  static_cast<void>(light_.connect({}).value());
}

std::string LedSource::run(std::string_view command) {
  time_.on_request(options_.latency);
  if (command == "CSS?") return state();
  std::string told = about(command);
  if (!told.empty()) return told;
  if (!set(command)) return {};
  shine();
  return state();
}

std::string LedSource::state() const {
  std::string text = "CSS";
  for (std::size_t k = 0; k < channels_.size(); ++k) {
    const Channel& c = channels_[k];
    text += fmt::format("{}{}{}{:03}", static_cast<char>('A' + k), c.selected ? 'S' : 'X', c.on ? 'N' : 'F', c.percent);
  }
  return text;
}

std::string LedSource::about(std::string_view command) const {
  if (command == "XMODEL") return "XMODEL=" + options_.model;
  if (command == "XVER")
    return fmt::format("XFW_VER={0}\r\nXHW_VER={0}\r\nXDT_VER={0}\r\nXPD_VER={0}", options_.version);
  if (command == "PORT:P=ON" || command == "PORT:P=OFF") return std::string(command);
  if (command.size() == 3 && command[0] == 'C' && is_channel(command[1]) && command[2] == '?') {
    return fmt::format("C{}{:03}", command[1], channels_.at(static_cast<std::size_t>(command[1] - 'A')).percent);
  }
  return {};
}

bool LedSource::set(std::string_view command) {
  if (command == "CSN" || command == "CSF") return switch_all(command == "CSN");
  if (command.starts_with("CSS")) return set_states(command.substr(3));
  if (command.size() < 3 || command[0] != 'C' || !is_channel(command[1])) return false;
  return set_channel(channels_.at(static_cast<std::size_t>(command[1] - 'A')), command.substr(2));
}

bool LedSource::set_channel(Channel& channel, std::string_view what) {
  if (what == "S" || what == "X") {
    channel.selected = what == "S";
    return true;
  }
  if (what == "N" || what == "F") {
    channel.on = what == "N";
    return true;
  }
  const auto percent = what.starts_with('I') ? percentage(what.substr(1)) : std::nullopt;
  if (!percent) return false;
  channel.percent = *percent;
  return true;
}

bool LedSource::set_states(std::string_view states) {
  constexpr std::size_t width = 6;
  if (states.empty() || states.size() % width != 0) return false;
  auto changed = channels_;
  for (; !states.empty(); states.remove_prefix(width)) {
    const auto percent = percentage(states.substr(3, 3));
    const bool readable = is_channel(states[0]) && (states[1] == 'S' || states[1] == 'X') &&
                          (states[2] == 'N' || states[2] == 'F') && percent.has_value();
    if (!readable) return false;
    changed.at(static_cast<std::size_t>(states[0] - 'A')) = {states[1] == 'S', states[2] == 'N', *percent};
  }
  channels_ = changed;
  return true;
}

bool LedSource::switch_all(bool on) {
  for (Channel& channel : channels_) channel.on = on && channel.selected;
  return true;
}

void LedSource::shine() {
  shine(LightChannel::reflection, options_.reflection);
  shine(LightChannel::transmission, options_.transmission);
}

void LedSource::shine(LightChannel lamp, char letter) {
  const Channel& channel = channels_.at(static_cast<std::size_t>(letter - 'A'));
  const double intensity = channel.selected && channel.on ? channel.percent / 100.0 : 0.0;
  static_cast<void>(light_.set(lamp, intensity).value());
}

std::string LedSession::feed(std::string_view bytes) {
  std::string replies;
  for (char byte : bytes) {
    if (byte != '\r' && byte != '\n') {
      if (line_.size() < longest_line) {
        line_ += byte;
      } else {
        too_long_ = true;
      }
      continue;
    }
    const std::string command = std::exchange(line_, {});
    if (std::exchange(too_long_, false) || command.empty()) continue;
    const std::string reply = source_.run(command);
    if (!reply.empty()) replies += reply + "\r\n";
  }
  return replies;
}

SessionFactory led_sessions(LedSource& source) {
  return [&source] { return std::make_unique<LedSession>(source); };
}

}  // namespace seccm::instrument::servers
