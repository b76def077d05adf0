// One declaration of what a record holds, for every format: the HDF5 table, the journal and JSON all walk the same
// `describe` functions (files/schema.hpp), so a field that is added once is written and read everywhere.
//
// A backend derives from FieldVisitor. Writing backends look at the value, reading ones assign it. Names are snake_case
// or the symbol of the quantity, units are SI strings ("1" when dimensionless).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace seccm::files {

class FieldVisitor {
 public:
  virtual ~FieldVisitor() = default;

  virtual void real(std::string_view name, std::string_view unit, double& value) = 0;
  /// A limit of an interval: infinite where there is none.
  virtual void limit(std::string_view name, std::string_view unit, double& value) { real(name, unit, value); }
  virtual void integer(std::string_view name, std::string_view unit, std::int64_t& value) = 0;
  /// Numbers of 64 bits without a sign: counts, indices of frames, seeds.
  virtual void whole(std::string_view name, std::string_view unit, std::uint64_t& value) = 0;
  virtual void boolean(std::string_view name, bool& value) = 0;
  virtual void text(std::string_view name, std::string& value) = 0;
  virtual void choice(std::string_view name, std::span<const std::string_view> names, int& value) = 0;
  /// A list of its own length in each record.
  virtual void reals(std::string_view name, std::string_view unit, std::vector<double>& values) = 0;

  void operator()(std::string_view name, std::string_view unit, double& value) { real(name, unit, value); }
  void operator()(std::string_view name, std::string_view unit, std::uint64_t& value) { whole(name, unit, value); }
  /// Any other integer type; throws InputError if a stored value does not fit.
  template <class Int>
    requires(std::is_integral_v<Int> && !std::is_same_v<Int, bool> && !std::is_same_v<Int, std::uint64_t>)
  void operator()(std::string_view name, std::string_view unit, Int& value) {
    auto wide = static_cast<std::int64_t>(value);
    integer(name, unit, wide);
    if constexpr (sizeof(Int) < sizeof(wide))
      if (wide != static_cast<std::int64_t>(static_cast<Int>(wide))) reject_integer(name, wide);
    value = static_cast<Int>(wide);
  }
  void operator()(std::string_view name, bool& value) { boolean(name, value); }
  void operator()(std::string_view name, std::string& value) { text(name, value); }
  void operator()(std::string_view name, std::string_view unit, std::vector<double>& values) {
    reals(name, unit, values);
  }
  template <class E>
    requires std::is_enum_v<E>
  void operator()(std::string_view name, std::span<const std::string_view> names, E& value) {
    int index = static_cast<int>(value);
    choice(name, names, index);
    value = static_cast<E>(index);
  }

 private:
  [[noreturn]] static void reject_integer(std::string_view name, std::int64_t value);
};

}  // namespace seccm::files
