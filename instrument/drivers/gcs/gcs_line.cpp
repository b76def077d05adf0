#include "instrument/drivers/gcs/gcs_line.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace seccm::instrument::drivers {

namespace {

constexpr std::size_t longest_line = 512, most_lines = 256;

template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number value{};
  const char* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, value, base);
  if (parsed.ec != std::errc() || parsed.ptr != last) return std::nullopt;
  return value;
}

std::optional<double> finite_number(std::string_view text) {
  double value = 0.0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, value);
  if (parsed.ec != std::errc() || parsed.ptr != last || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

std::string gcs_error_text(int code) {
  switch (code) {
    case 1:
      return "1: parameter syntax error";
    case 2:
      return "2: unknown command";
    case 3:
      return "3: command too long";
    case 5:
      return "5: move with the servo off";
    case 7:
      return "7: position out of limits";
    case 8:
      return "8: velocity out of limits";
    case 10:
      return "10: stopped by command";
    case 15:
      return "15: invalid axis";
    case 17:
      return "17: parameter out of range";
    case 54:
      return "54: unknown parameter";
    case 73:
      return "73: a wave generator runs on this axis";
    default:
      return std::to_string(code);
  }
}

Errc gcs_errc(int code) {
  if (code == 7 || code == 8) return Errc::limit_rejected;
  if (code == 10) return Errc::cancelled;
  if ((code >= 1 && code <= 3) || code == 15 || code == 54) return Errc::protocol;
  return Errc::device_fault;
}

Error GcsLine::error(Errc code, std::string detail, bool retryable) const {
  return {code, "GCS controller at " + peer(), std::move(detail), retryable};
}

Result<std::vector<std::string>> GcsLine::read_lines() {
  std::vector<std::string> lines;
  while (lines.size() < most_lines) {
    auto line = stream_->read_until('\n', longest_line);
    if (!line.ok()) return line.error();
    std::string text = std::move(line).value();
    text.pop_back();
    const bool more = text.ends_with(' ');
    if (more) text.pop_back();
    lines.push_back(std::move(text));
    if (!more) return lines;
  }
  return error(Errc::protocol, fmt::format("a reply of more than {} lines", most_lines));
}

Result<int> GcsLine::read_error() {
  const auto lines = read_lines();
  if (!lines.ok()) return lines.error();
  const auto code = lines.value().size() == 1 ? whole_number<int>(lines.value()[0]) : std::nullopt;
  if (!code) return error(Errc::protocol, fmt::format("'{}' in answer to ERR?", lines.value()[0]));
  return *code;
}

Result<int> GcsLine::clear_error() {
  if (auto outcome = stream_->discard_input(); !outcome.ok()) return outcome.error();
  if (auto sent = stream_->write("ERR?\n"); !sent.ok()) return sent.error();
  return read_error();
}

Result<std::vector<std::string>> GcsLine::ask(const std::string& query) {
  if (auto sent = stream_->write(query + "\n"); !sent.ok()) return sent.error();
  auto lines = read_lines();
  if (lines.ok() || lines.error().code != Errc::timeout) return lines;
  const auto code = clear_error();
  if (!code.ok() || code.value() == 0) return lines;
  return error(gcs_errc(code.value()), fmt::format("{} was refused with {}", query, gcs_error_text(code.value())));
}

Result<std::vector<double>> GcsLine::ask_numbers(const std::string& query, const std::vector<std::string>& axes) {
  std::string text = query;
  for (const auto& axis : axes) text += " " + axis;
  const auto lines = ask(text);
  if (!lines.ok()) return lines.error();
  std::vector<double> numbers;
  if (lines.value().size() != axes.size()) {
    return error(Errc::protocol, fmt::format("{} lines in answer to '{}'", lines.value().size(), text));
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const std::string_view line = lines.value()[k];
    const auto equals = line.find('=');
    const auto number = equals == line.npos ? std::nullopt : finite_number(line.substr(equals + 1));
    if (!number || line.substr(0, equals) != axes[k]) {
      return error(Errc::protocol, fmt::format("'{}' in answer to '{}'", line, text));
    }
    numbers.push_back(*number);
  }
  return numbers;
}

Outcome GcsLine::command(const std::string& command) {
  if (auto sent = stream_->write(command + "\nERR?\n"); !sent.ok()) return sent.error();
  const auto code = read_error();
  if (!code.ok()) return code.error();
  if (code.value() == 0) return Done{};
  return error(gcs_errc(code.value()), fmt::format("'{}' was refused with {}", command, gcs_error_text(code.value())));
}

Result<unsigned> GcsLine::moving_axes() {
  if (auto sent = stream_->write("\x05"); !sent.ok()) return sent.error();
  const auto lines = read_lines();
  if (!lines.ok()) return lines.error();
  const auto mask = lines.value().size() == 1 ? whole_number<unsigned>(lines.value()[0], 16) : std::nullopt;
  if (!mask) return error(Errc::protocol, fmt::format("'{}' in answer to #5", lines.value()[0]));
  return *mask;
}

Outcome GcsLine::stop_all() {
  // First the stop, whatever may be waiting to be read; then its confirmation.
  if (auto sent = stream_->write("\x18"); !sent.ok()) return sent;
  const auto code = clear_error();
  if (!code.ok()) return code.error();
  if (code.value() == 10) return Done{};
  return error(Errc::protocol, fmt::format("error {} after #24, expected 10", code.value()));
}

}  // namespace seccm::instrument::drivers
