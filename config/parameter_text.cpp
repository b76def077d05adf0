#include "config/parameter_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::config {
namespace {

std::string bound(double value, std::string_view unit) {
  const bool plain = unit.empty() || unit == "1";
  return plain ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
}

std::string range_in(const ParameterInfo& info, std::string_view without_bounds) {
  const bool low = std::isfinite(info.low);
  const bool high = std::isfinite(info.high);
  if (low && high) return fmt::format("{} to {}", bound(info.low, info.unit), bound(info.high, info.unit));
  if (low) return fmt::format("at least {}", bound(info.low, info.unit));
  if (high) return fmt::format("at most {}", bound(info.high, info.unit));
  return std::string(without_bounds);
}

}  // namespace

std::string exact_text(double si, std::string_view unit, Dimension dimension) {
  std::string text = format_quantity(si, unit);
  if (dimension != Dimension{} || text.find(' ') != std::string::npos || parse_unit(unit).si == 1.0) return text;
  // No number in degrees, percent, ... reads back as this double. A bare number would be refused there: say rad, or 1.
  const bool angle = unit.find("deg") != std::string_view::npos || unit.find("rad") != std::string_view::npos;
  return text + (angle ? " rad" : " 1");
}

std::string readable_text(double si, std::string_view unit, Dimension dimension) {
  const double factor = parse_unit(unit).si;
  const std::string rounded = fmt::format("{:.12g}", si / factor);
  const std::string text = unit.empty() || unit == "1" ? rounded : rounded + " " + std::string(unit);
  const double back = parse_quantity(text).si;
  return std::abs(back - si) <= 1e-11 * std::abs(si) ? text : exact_text(si, unit, dimension);
}

std::string accepted_range(const ParameterInfo& info) {
  const bool plain = info.unit.empty() || info.unit == "1";
  return range_in(info, plain ? "any finite number" : fmt::format("any finite value in {}", info.unit));
}

std::string accepted_integers(const ParameterInfo& info) {
  return "a whole number, " + range_in(info, "any");
}

std::string origin_of(const ParameterInfo& info) {
  if (info.source.empty()) return fmt::format("grade {}", letter(info.grade));
  return fmt::format("{}, grade {}", info.source, letter(info.grade));
}

bool unitless(const ParameterInfo& info, Dimension dimension) {
  return dimension == Dimension{} && parse_unit(info.unit).si == 1.0 && info.unit != "rad";
}

bool in_range(const ParameterInfo& info, double si) {
  const double factor = parse_unit(info.unit).si;
  constexpr double last_bits = 1e-12;
  const auto slack = [](double limit) { return std::isfinite(limit) ? std::abs(limit) * last_bits : 0.0; };
  const double low = info.low * factor;
  const double high = info.high * factor;
  return si >= low - slack(low) && si <= high + slack(high);
}

}  // namespace seccm::config
