#include "instrument/drivers/gcs/gcs_line.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "instrument/drivers/gcs/gcs_numbers.hpp"

namespace seccm::instrument::drivers {

namespace {

constexpr std::size_t longest_line = 512, most_lines = 256;

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
  const auto code = lines.value().size() == 1 ? gcs_whole_number(lines.value()[0], 10) : std::nullopt;
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
  if (lines.ok()) return lines;
  return lines.error().code == Errc::timeout ? reason_of_silence(query, lines.error()) : lines.error();
}

Error GcsLine::reason_of_silence(const std::string& query, const Error& late) {
  const auto code = clear_error();
  if (!code.ok() || code.value() == 0) return late;
  return error(gcs_errc(code.value()), fmt::format("{} was refused with {}", query, gcs_error_text(code.value())));
}

Outcome GcsLine::command(const std::string& command) {
  if (auto sent = stream_->write(command + "\nERR?\n"); !sent.ok()) return sent.error();
  const auto code = read_error();
  if (!code.ok()) return code.error();
  if (code.value() == 0) return Done{};
  return error(gcs_errc(code.value()), fmt::format("'{}' was refused with {}", command, gcs_error_text(code.value())));
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
