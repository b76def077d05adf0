// Records as bytes, for the journal: each field in the order of its `describe` function, little-endian, lists and texts
// behind their length. Reading never trusts a length: it throws InputError when the bytes end too early.
#pragma once

#include <bit>
#include <cstring>
#include <string>
#include <string_view>

#include "files/fields.hpp"

namespace seccm::files {

static_assert(std::endian::native == std::endian::little, "the journal is written in the byte order of the machine");

class BinaryWriter final : public FieldVisitor {
 public:
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

  template <class T>
    requires std::is_arithmetic_v<T>
  void number(T value) {
    array(std::span<const T>(&value, 1));
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void array(std::span<const T> values) {
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }

  void real(std::string_view name, std::string_view unit, double& value) override;
  void integer(std::string_view, std::string_view, std::int64_t& value) override { number(value); }
  void whole(std::string_view, std::string_view, std::uint64_t& value) override { number(value); }
  void boolean(std::string_view, bool& value) override { number(static_cast<std::uint8_t>(value)); }
  void text(std::string_view name, std::string& value) override;
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override;
  void reals(std::string_view name, std::string_view unit, std::vector<double>& values) override;

 private:
  std::string bytes_;
};

class BinaryReader final : public FieldVisitor {
 public:
  explicit BinaryReader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }

  template <class T>
    requires std::is_arithmetic_v<T>
  [[nodiscard]] T number() {
    T value{};
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  void array(std::span<T> out) {
    const std::string_view from = take(out.size_bytes());
    if (!from.empty()) std::memcpy(out.data(), from.data(), from.size());
  }
  /// Throws unless `count` elements of `bytes_each` are there: ask before taking memory for them.
  void expect(std::uint64_t count, std::size_t bytes_each) const;

  void real(std::string_view name, std::string_view unit, double& value) override;
  void integer(std::string_view, std::string_view, std::int64_t& value) override { value = number<std::int64_t>(); }
  void whole(std::string_view, std::string_view, std::uint64_t& value) override { value = number<std::uint64_t>(); }
  void boolean(std::string_view, bool& value) override { value = number<std::uint8_t>() != 0; }
  void text(std::string_view name, std::string& value) override;
  void choice(std::string_view name, std::span<const std::string_view> names, int& value) override;
  void reals(std::string_view name, std::string_view unit, std::vector<double>& values) override;

 private:
  std::string_view take(std::size_t count);
  std::string_view bytes_;
};

/// Throws InputError naming the field unless every value is a finite number.
void require_finite(std::string_view field, std::span<const double> values);
/// Limits of an interval may be infinite, but are numbers.
void require_limits(std::string_view field, std::span<const double> values);
/// Throws InputError unless 0 <= value < names.size().
void require_choice(std::string_view field, std::span<const std::string_view> names, std::int64_t value);
/// Throws InputError if a text holds a NUL character, which no format of ours can store.
void require_storable(std::string_view field, std::string_view text);

}  // namespace seccm::files
