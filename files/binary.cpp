#include "files/binary.hpp"

#include <cmath>

#include "sim/error.hpp"

namespace seccm::files {

void require_finite(std::string_view field, std::span<const double> values) {
  for (const double v : values)
    if (!std::isfinite(v))
      throw InputError("field '" + std::string(field) + "' holds a value that is not a finite number");
}

void require_limits(std::string_view field, std::span<const double> values) {
  for (const double v : values)
    if (std::isnan(v)) throw InputError("field '" + std::string(field) + "' holds a limit that is not a number");
}

void require_choice(std::string_view field, std::span<const std::string_view> names, std::int64_t value) {
  if (value >= 0 && value < static_cast<std::int64_t>(names.size())) return;
  std::string known;
  for (const std::string_view name : names) known += (known.empty() ? "" : ", ") + std::string(name);
  throw InputError("field '" + std::string(field) + "' holds the unknown code " + std::to_string(value) + "; 0.." +
                   std::to_string(names.size() - 1) + " are expected (" + known + ")");
}

void require_storable(std::string_view field, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw InputError("field '" + std::string(field) + "' holds a text with a NUL character");
}

void BinaryWriter::real(std::string_view name, std::string_view /*unit*/, double& value) {
  require_finite(name, {&value, 1});
  number(value);
}

void BinaryWriter::text(std::string_view name, std::string& value) {
  require_storable(name, value);
  number(static_cast<std::uint64_t>(value.size()));
  bytes_ += value;
}

void BinaryWriter::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  require_choice(name, names, value);
  number(static_cast<std::uint8_t>(value));
}

void BinaryWriter::reals(std::string_view name, std::string_view /*unit*/, std::vector<double>& values) {
  require_finite(name, values);
  number(static_cast<std::uint64_t>(values.size()));
  array(std::span<const double>(values));
}

std::string_view BinaryReader::take(std::size_t count) {
  expect(count, 1);
  const std::string_view taken = bytes_.substr(0, count);
  bytes_.remove_prefix(count);
  return taken;
}

void BinaryReader::expect(std::uint64_t count, std::size_t bytes_each) const {
  if (count > bytes_.size() / bytes_each) throw InputError("a record ends too early");
}

void BinaryReader::real(std::string_view name, std::string_view /*unit*/, double& value) {
  value = number<double>();
  require_finite(name, {&value, 1});
}

void BinaryReader::text(std::string_view /*name*/, std::string& value) {
  const auto length = number<std::uint64_t>();
  expect(length, 1);
  value = take(static_cast<std::size_t>(length));
}

void BinaryReader::choice(std::string_view name, std::span<const std::string_view> names, int& value) {
  value = number<std::uint8_t>();
  require_choice(name, names, value);
}

void BinaryReader::reals(std::string_view name, std::string_view /*unit*/, std::vector<double>& values) {
  const auto length = number<std::uint64_t>();
  expect(length, sizeof(double));
  values.resize(static_cast<std::size_t>(length));
  array(std::span<double>(values));
  require_finite(name, values);
}

}  // namespace seccm::files
