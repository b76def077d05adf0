#include "models/sample/parameter_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {

void RangeCheck::begin_section(std::string_view key, std::string_view) {
  path_.emplace_back(key);
}

void RangeCheck::end_section() {
  path_.pop_back();
}

void RangeCheck::check(const ParameterInfo& info, double value) const {
  if (std::isfinite(value) && value >= info.low && value <= info.high) return;
  const std::string unit = info.unit == "1" ? std::string() : fmt::format(" {}", info.unit);
  throw InputError(fmt::format("{}.{} = {:.6g}{}: accepted is {:g} to {:g}{} ({})", fmt::join(path_, "."), info.key,
                               value, unit, info.low, info.high, unit, info.text));
}

void RangeCheck::quantity(const ParameterInfo& info, Dimension, double& si) {
  // A limit written in the unit must accept itself after the round trip through SI: allow the last bit.
  const double value = si / parse_unit(info.unit).si;
  const double slack = 4e-16 * std::abs(value);
  if (value < info.low && value + slack >= info.low) return;
  if (value > info.high && value - slack <= info.high) return;
  check(info, value);
}

void RangeCheck::quantities(const ParameterInfo& info, Dimension dimension, std::vector<double>& si) {
  for (double& value : si) quantity(info, dimension, value);
}

void RangeCheck::integer(const ParameterInfo& info, long long& value) {
  check(info, static_cast<double>(value));
}

void RangeCheck::boolean(const ParameterInfo&, bool&) {}

void RangeCheck::text(const ParameterInfo&, std::string&) {}

void RangeCheck::choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) {
  if (index >= 0 && static_cast<std::size_t>(index) < names.size()) return;
  throw InputError(
      fmt::format("{}.{}: accepted is one of {}", fmt::join(path_, "."), info.key, fmt::join(names, ", ")));
}

}  // namespace seccm::models
