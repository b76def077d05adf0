#include "sim/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "sim/error.hpp"

namespace seccm {
namespace {

struct Symbol {
  std::string_view name;
  double factor;
  Dimension dimension;
  bool prefixable;
};

// kg = V A s^3 m^-2, so that force, pressure and power stay coherent without a base unit of mass.
constexpr Dimension kMass{.length = -4, .time = 6, .potential = 2, .current = 2};
constexpr double kDegree = constants::pi / 180.0;

constexpr std::array kSymbols{
    Symbol{"m", 1.0, {.length = 2}, true},
    Symbol{"s", 1.0, {.time = 2}, true},
    Symbol{"V", 1.0, {.potential = 2}, true},
    Symbol{"A", 1.0, {.current = 2}, true},
    Symbol{"F", 1.0, {.time = 2, .potential = -2, .current = 2}, true},
    Symbol{"C", 1.0, {.time = 2, .current = 2}, true},
    Symbol{"Ohm", 1.0, {.potential = 2, .current = -2}, true},
    Symbol{"Ω", 1.0, {.potential = 2, .current = -2}, true},
    Symbol{"S", 1.0, {.potential = -2, .current = 2}, true},
    Symbol{"Hz", 1.0, {.time = -2}, true},
    Symbol{"K", 1.0, {.temperature = 2}, true},
    Symbol{"mol", 1.0, {.amount = 2}, true},
    Symbol{"M", 1e3, {.amount = 2, .length = -6}, true},
    Symbol{"L", 1e-3, {.length = 6}, true},
    Symbol{"g", 1e-3, kMass, true},
    Symbol{"eV", constants::elementary_charge, {.time = 2, .potential = 2, .current = 2}, true},
    Symbol{"J", 1.0, {.time = 2, .potential = 2, .current = 2}, true},
    Symbol{"W", 1.0, {.potential = 2, .current = 2}, true},
    Symbol{"N", 1.0, {.length = -2, .time = 2, .potential = 2, .current = 2}, true},
    Symbol{"Pa", 1.0, {.length = -6, .time = 2, .potential = 2, .current = 2}, true},
    Symbol{"min", 60.0, {.time = 2}, false},
    Symbol{"h", 3600.0, {.time = 2}, false},
    Symbol{"rad", 1.0, {}, true},
    Symbol{"deg", kDegree, {}, false},
    Symbol{"%", 0.01, {}, false},
    Symbol{"percent", 0.01, {}, false},
    Symbol{"e-", 1.0, {}, false},
    Symbol{"DN", 1.0, {}, false},
    Symbol{"px", 1.0, {}, false},
    Symbol{"rtHz", 1.0, {.time = -1}, false},
    Symbol{"1", 1.0, {}, false},
};

struct Prefix {
  std::string_view name;
  double factor;
};
constexpr std::array kPrefixes{Prefix{"f", 1e-15}, Prefix{"p", 1e-12}, Prefix{"n", 1e-9}, Prefix{"u", 1e-6},
                               Prefix{"µ", 1e-6},  Prefix{"μ", 1e-6},  Prefix{"m", 1e-3}, Prefix{"c", 1e-2},
                               Prefix{"k", 1e3},   Prefix{"M", 1e6},   Prefix{"G", 1e9},  Prefix{"T", 1e12}};

std::optional<ParsedQuantity> find_symbol(std::string_view name) {
  for (const Symbol& symbol : kSymbols) {
    if (symbol.name == name) return ParsedQuantity{symbol.factor, symbol.dimension};
  }
  for (const Prefix& prefix : kPrefixes) {
    if (!name.starts_with(prefix.name)) continue;
    const std::string_view rest = name.substr(prefix.name.size());
    for (const Symbol& symbol : kSymbols) {
      if (symbol.prefixable && symbol.name == rest) {
        return ParsedQuantity{prefix.factor * symbol.factor, symbol.dimension};
      }
    }
  }
  return std::nullopt;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Dimension scaled(Dimension d, int doubled_exponent) {
  // Exponents are stored doubled: d * (e/2) stays whole for every unit with whole exponents.
  const auto by = [doubled_exponent](int v) { return v * doubled_exponent / 2; };
  return {by(d.amount), by(d.length), by(d.time), by(d.potential), by(d.current), by(d.temperature)};
}

/// Exponent of a factor, doubled: "^-2" -> -4, "^1/2" -> 1.
int parse_doubled_exponent(std::string_view text, std::string_view whole) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (code == std::errc{} && std::abs(value) <= 12) {
    if (rest.empty()) return 2 * value;
    if (rest == "/2") return value;
  }
  throw InputError(
      fmt::format("unit \"{}\": exponent \"^{}\" is not a whole number or n/2 between -12 and 12", whole, text));
}

ParsedQuantity parse_factor(std::string_view text, std::string_view whole) {
  const auto caret = text.find('^');
  const std::string_view name = text.substr(0, caret);
  const auto symbol = find_symbol(name);
  if (!symbol) {
    throw InputError(
        fmt::format("unit \"{}\": do not know \"{}\"; known are m s V A F C Ohm S Hz K mol M L g eV J W N Pa min h deg "
                    "rad % with the "
                    "prefixes f p n u m c k M G T, and e- DN px",
                    whole, name));
  }
  if (caret == std::string_view::npos) return *symbol;
  const int doubled = parse_doubled_exponent(text.substr(caret + 1), whole);
  const Dimension d = symbol->dimension;
  const bool odd_base = ((d.amount | d.length | d.time | d.potential | d.current | d.temperature) & 1) != 0;
  if (odd_base && (doubled & 1) != 0) {
    throw InputError(fmt::format("unit \"{}\": \"{}\" has an exponent finer than 1/2", whole, text));
  }
  return {std::pow(symbol->si, doubled / 2.0), scaled(d, doubled)};
}

/// Length of the factor at the start of `text`: up to the next operator; the "/" of "^1/2" belongs to the factor.
std::size_t factor_length(std::string_view text) {
  bool in_exponent = false;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (c == '^') in_exponent = true;
    if (c == ' ' || c == '*') return k;
    if (c == '/') {
      const bool half = in_exponent && k + 1 < text.size() && text[k + 1] == '2' &&
                        (k + 2 == text.size() || text[k + 2] == ' ' || text[k + 2] == '*' || text[k + 2] == '/');
      if (!half) return k;
    }
  }
  return text.size();
}

}  // namespace

ParsedQuantity parse_unit(std::string_view unit) {
  const std::string_view whole = trim(unit);
  if (whole.empty()) return {1.0, {}};
  if (whole.size() > 100) throw InputError("unit longer than 100 characters");
  ParsedQuantity result{1.0, {}};
  std::string_view rest = whole;
  bool divide = false;
  while (true) {
    rest = trim(rest);
    const std::size_t length = factor_length(rest);
    if (length == 0)
      throw InputError(fmt::format("unit \"{}\": a symbol is missing before or behind an operator", whole));
    const ParsedQuantity factor = parse_factor(rest.substr(0, length), whole);
    result.si = divide ? result.si / factor.si : result.si * factor.si;
    result.dimension = divide ? result.dimension - factor.dimension : result.dimension + factor.dimension;
    rest = trim(rest.substr(length));
    if (rest.empty()) break;
    divide = rest.front() == '/';
    if (divide || rest.front() == '*') rest.remove_prefix(1);
  }
  return result;
}

ParsedQuantity parse_quantity(std::string_view text) {
  const std::string_view whole = trim(text);
  double number = 0.0;
  const char* begin = whole.data();
  const char* const end = whole.data() + whole.size();
  if (end - begin > 1 && begin[0] == '+' && begin[1] != '-') ++begin;
  const auto [stop, code] = std::from_chars(begin, end, number);
  if (code != std::errc{} || !std::isfinite(number)) {
    throw InputError(fmt::format(
        "\"{}\" does not start with a finite number; write a number and its unit, as in \"50 mV/s\"", whole));
  }
  const ParsedQuantity unit = parse_unit({stop, static_cast<std::size_t>(end - stop)});
  const double si = number * unit.si;
  if (!std::isfinite(si)) throw InputError(fmt::format("\"{}\" is too large for a finite number in SI units", whole));
  return {si, unit.dimension};
}

std::string to_string(Dimension dimension) {
  const std::array<std::pair<const char*, int>, 6> parts{{{"mol", dimension.amount},
                                                          {"m", dimension.length},
                                                          {"s", dimension.time},
                                                          {"V", dimension.potential},
                                                          {"A", dimension.current},
                                                          {"K", dimension.temperature}}};
  std::string text;
  for (const auto& [name, doubled] : parts) {
    if (doubled == 0) continue;
    if (!text.empty()) text += ' ';
    text += name;
    if (doubled == 2) continue;
    text += doubled % 2 == 0 ? fmt::format("^{}", doubled / 2) : fmt::format("^{}/2", doubled);
  }
  return text.empty() ? "1" : text;
}

std::string format_quantity(double si, std::string_view unit) {
  const ParsedQuantity parsed = parse_unit(unit);
  const bool plain = unit.empty() || unit == "1";
  for (int digits = 1; digits <= 17; ++digits) {
    const std::string number = fmt::format("{:.{}g}", si / parsed.si, digits);
    double value = 0.0;
    std::from_chars(number.data(), number.data() + number.size(), value);
    if (value * parsed.si == si) return plain ? fmt::format("{}", value) : fmt::format("{} {}", value, unit);
  }
  // Not every double is a product with this factor: the base units hold all of them.
  return parsed.dimension == Dimension{} ? fmt::format("{}", si)
                                         : fmt::format("{} {}", si, to_string(parsed.dimension));
}

}  // namespace seccm
