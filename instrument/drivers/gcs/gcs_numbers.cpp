#include "instrument/drivers/gcs/gcs_numbers.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "instrument/drivers/gcs/gcs_line.hpp"

namespace seccm::instrument::drivers {

std::optional<int> gcs_whole_number(std::string_view text, int base) {
  int value = 0;
  const char* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, value, base);
  if (parsed.ec != std::errc() || parsed.ptr != last) return std::nullopt;
  return value;
}

std::optional<double> gcs_finite_number(std::string_view text) {
  double value = 0.0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* last = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), last, value);
  if (parsed.ec != std::errc() || parsed.ptr != last || !std::isfinite(value)) return std::nullopt;
  return value;
}

Result<std::vector<double>> GcsLine::ask_numbers(const std::string& query, const std::vector<std::string>& axes) {
  const std::string text = fmt::format("{} {}", query, fmt::join(axes, " "));
  const auto lines = ask(text);
  if (!lines.ok()) return lines.error();
  std::vector<double> numbers;
  if (lines.value().size() != axes.size()) {
    return error(Errc::protocol, fmt::format("{} lines in answer to '{}'", lines.value().size(), text));
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const std::string_view line = lines.value()[k];
    const auto equals = line.find('=');
    const auto number = equals == line.npos ? std::nullopt : gcs_finite_number(line.substr(equals + 1));
    if (!number || line.substr(0, equals) != axes[k]) {
      return error(Errc::protocol, fmt::format("'{}' in answer to '{}'", line, text));
    }
    numbers.push_back(*number);
  }
  return numbers;
}

Result<unsigned> GcsLine::moving_axes() {
  if (auto sent = stream_->write("\x05"); !sent.ok()) return sent.error();
  const auto lines = read_lines();
  if (!lines.ok()) return lines.error();
  const auto mask = lines.value().size() == 1 ? gcs_whole_number(lines.value()[0], 16) : std::nullopt;
  if (!mask || *mask < 0) return error(Errc::protocol, fmt::format("'{}' in answer to #5", lines.value()[0]));
  return static_cast<unsigned>(*mask);
}

}  // namespace seccm::instrument::drivers
