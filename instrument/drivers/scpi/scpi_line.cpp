#include "instrument/drivers/scpi/scpi_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace seccm::instrument::drivers {

namespace {

// A whole buffer of a 2400: 2500 readings of five elements of 14 bytes.
constexpr std::size_t longest_response = 1U << 18U;
constexpr std::size_t shown = 60;  // of a response in a message

std::string excerpt(std::string_view text) {
  return std::string(text.substr(0, shown)) + (text.size() > shown ? "..." : "");
}

std::optional<int> error_number(std::string_view response) {
  if (response.starts_with('+')) response.remove_prefix(1);
  int code = 0;
  const auto [end, failed] = std::from_chars(response.data(), response.data() + response.size(), code);
  const std::string_view rest(end, static_cast<std::size_t>(response.data() + response.size() - end));
  const bool text_follows = rest.starts_with(",\"");
  if (failed != std::errc{} || !text_follows) return std::nullopt;
  return code;
}

}  // namespace

Errc scpi_errc(int code) {
  if (code == -222 || code == -224) return Errc::limit_rejected;
  if (code == -213 || code == -221 || code == 803) return Errc::interlock_tripped;
  if (code == -350 || code == -363) return Errc::overflow;
  if (code <= -100 && code > -200) return Errc::protocol;
  return Errc::device_fault;
}

std::vector<double> scpi_numbers(std::string_view text) {
  std::vector<double> values;
  while (true) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view word = text.substr(0, end);
    if (word.starts_with('+')) word.remove_prefix(1);
    double value = 0.0;
    const auto [stop, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (failed != std::errc{} || stop != word.data() + word.size() || !std::isfinite(value)) return {};
    values.push_back(value);
    if (end == text.size()) return values;
    text.remove_prefix(end + 1);
  }
}

Error ScpiLine::error(Errc code, std::string detail) const {
  return {code, "SCPI instrument at " + peer(), std::move(detail), false};
}

Result<std::string> ScpiLine::exchange(const std::string& message) {
  if (auto sent = stream_->write(message + "\n"); !sent.ok()) return sent.error();
  auto line = stream_->read_until('\n', longest_response);
  if (!line.ok()) return line.error();
  std::string text = std::move(line).value();
  text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

Outcome ScpiLine::verdict(const std::string& message, std::string_view error_response) {
  const auto code = error_number(error_response);
  if (!code) return error(Errc::protocol, fmt::format("'{}' in answer to SYST:ERR?", excerpt(error_response)));
  if (*code == 0) return Done{};
  // Whatever else this message left in the queue is not the next one's.
  if (auto sent = stream_->write("*CLS\n"); !sent.ok()) return sent;
  return error(scpi_errc(*code), fmt::format("'{}' was refused with {}", excerpt(message), excerpt(error_response)));
}

Error ScpiLine::reason_of_silence(const std::string& message, const Error& late) {
  if (late.code != Errc::timeout || !stream_->discard_input().ok()) return late;
  const auto response = exchange(":SYST:ERR?");
  if (!response.ok()) return late;
  const auto outcome = verdict(message, response.value());
  return outcome.ok() ? late : outcome.error();
}

Result<std::string> ScpiLine::ask(const std::string& query) {
  const auto response = exchange(query + ";:SYST:ERR?");
  if (!response.ok()) return reason_of_silence(query, response.error());
  // The text of an error may hold ';' of its own: the values end at the first one.
  const std::string& text = response.value();
  const std::size_t end = text.find(';');
  const bool only_error = end == std::string::npos || text.find('"') < end;
  if (only_error) {
    const auto outcome = verdict(query, text);
    if (!outcome.ok()) return outcome.error();
    return error(Errc::protocol, fmt::format("no response to '{}'", excerpt(query)));
  }
  if (const auto outcome = verdict(query, std::string_view(text).substr(end + 1)); !outcome.ok()) {
    return outcome.error();
  }
  return text.substr(0, end);
}

Result<std::vector<double>> ScpiLine::ask_numbers(const std::string& query, std::size_t count) {
  const auto text = ask(query);
  if (!text.ok()) return text.error();
  auto values = scpi_numbers(text.value());
  if (values.size() == count) return values;
  return error(Errc::protocol, fmt::format("'{}' in answer to '{}', expected {} numbers", excerpt(text.value()),
                                           excerpt(query), count));
}

Outcome ScpiLine::command(const std::string& command) {
  const auto response = exchange(command + ";:SYST:ERR?");
  if (!response.ok()) return reason_of_silence(command, response.error());
  return verdict(command, response.value());
}

Outcome ScpiLine::clear() {
  if (auto outcome = stream_->discard_input(); !outcome.ok()) return outcome;
  return command("*CLS");
}

}  // namespace seccm::instrument::drivers
