#include "files/import/column_names.hpp"

#include <algorithm>
#include <array>

#include "files/import/set_file.hpp"
#include "files/import/text_table.hpp"

namespace seccm::files {
namespace {

enum class Dimension { time, potential, current, rate, length, number, frequency };

struct ColumnUnit {
  std::string_view name;
  Dimension dimension;
  double factor;
};
constexpr std::array<ColumnUnit, 36> column_units{{{"s", Dimension::time, 1.0},
                                                   {"sec", Dimension::time, 1.0},
                                                   {"ms", Dimension::time, 1e-3},
                                                   {"us", Dimension::time, 1e-6},
                                                   {"min", Dimension::time, 60.0},
                                                   {"h", Dimension::time, 3600.0},
                                                   {"V", Dimension::potential, 1.0},
                                                   {"mV", Dimension::potential, 1e-3},
                                                   {"A", Dimension::current, 1.0},
                                                   {"mA", Dimension::current, 1e-3},
                                                   {"uA", Dimension::current, 1e-6},
                                                   {"\xC2\xB5"
                                                    "A",
                                                    Dimension::current, 1e-6},
                                                   {"\xCE\xBC"
                                                    "A",
                                                    Dimension::current, 1e-6},
                                                   {"nA", Dimension::current, 1e-9},
                                                   {"pA", Dimension::current, 1e-12},
                                                   {"fA", Dimension::current, 1e-15},
                                                   {"V/s", Dimension::rate, 1.0},
                                                   {"V s-1", Dimension::rate, 1.0},
                                                   {"mV/s", Dimension::rate, 1e-3},
                                                   {"mV s-1", Dimension::rate, 1e-3},
                                                   {"m", Dimension::length, 1.0},
                                                   {"mm", Dimension::length, 1e-3},
                                                   {"um", Dimension::length, 1e-6},
                                                   {"\xC2\xB5m", Dimension::length, 1e-6},
                                                   {"\xCE\xBCm", Dimension::length, 1e-6},
                                                   {"nm", Dimension::length, 1e-9},
                                                   {"1", Dimension::number, 1.0},
                                                   {"#", Dimension::number, 1.0},
                                                   {"Hz", Dimension::frequency, 1.0},
                                                   {"kHz", Dimension::frequency, 1e3},
                                                   {"volt", Dimension::potential, 1.0},
                                                   {"volts", Dimension::potential, 1.0},
                                                   {"Volts", Dimension::potential, 1.0},
                                                   {"amps", Dimension::current, 1.0},
                                                   {"Amps", Dimension::current, 1.0},
                                                   {"seconds", Dimension::time, 1.0}}};

struct ColumnName {
  std::string_view compact;
  ColumnKind kind;
  int rank;
};
constexpr std::array<ColumnName, 51> column_names{{{"time", ColumnKind::time, 0},
                                                   {"t", ColumnKind::time, 0},
                                                   {"testtime", ColumnKind::time, 0},
                                                   {"elapsedtime", ColumnKind::time, 0},
                                                   {"elapsed", ColumnKind::time, 0},
                                                   {"totaltime", ColumnKind::time, 1},
                                                   {"correctedtime", ColumnKind::time, 1},
                                                   {"ewe", ColumnKind::potential, 0},
                                                   {"we1potential", ColumnKind::potential, 0},
                                                   {"vf", ColumnKind::potential, 0},
                                                   {"potential", ColumnKind::potential, 0},
                                                   {"potentialapplied", ColumnKind::potential, 1},
                                                   {"appliedpotential", ColumnKind::potential, 1},
                                                   {"workingelectrodepotential", ColumnKind::potential, 0},
                                                   {"voltage", ColumnKind::potential, 0},
                                                   {"voltage1", ColumnKind::potential, 0},
                                                   {"e", ColumnKind::potential, 0},
                                                   {"e1", ColumnKind::potential, 0},
                                                   {"u", ColumnKind::potential, 0},
                                                   {"v", ColumnKind::potential, 0},
                                                   {"v1", ColumnKind::potential, 0},
                                                   {"ecell", ColumnKind::potential, 1},
                                                   {"eapp", ColumnKind::potential, 1},
                                                   {"ewevsref", ColumnKind::potential, 0},
                                                   {"current", ColumnKind::current, 0},
                                                   {"we1current", ColumnKind::current, 0},
                                                   {"im", ColumnKind::current, 0},
                                                   {"i", ColumnKind::current, 0},
                                                   {"i1", ColumnKind::current, 0},
                                                   {"current1", ColumnKind::current, 0},
                                                   {"iwe", ColumnKind::current, 0},
                                                   {"cycle", ColumnKind::cycle, 0},
                                                   {"cyclenumber", ColumnKind::cycle, 0},
                                                   {"cycleindex", ColumnKind::cycle, 0},
                                                   {"cyclecount", ColumnKind::cycle, 0},
                                                   {"cycleno", ColumnKind::cycle, 0},
                                                   {"scan", ColumnKind::cycle, 0},
                                                   {"scannumber", ColumnKind::cycle, 0},
                                                   {"scanrate", ColumnKind::scan_rate, 0},
                                                   {"sweeprate", ColumnKind::scan_rate, 0},
                                                   {"x", ColumnKind::x, 0},
                                                   {"y", ColumnKind::y, 0},
                                                   {"z", ColumnKind::z, 0},
                                                   {"point", ColumnKind::point, 0},
                                                   {"scanpixel", ColumnKind::point, 0},
                                                   {"freq", ColumnKind::frequency, 0},
                                                   {"frequency", ColumnKind::frequency, 0},
                                                   {"zreal", ColumnKind::frequency, 1},
                                                   {"zre", ColumnKind::frequency, 1},
                                                   {"zimag", ColumnKind::frequency, 1},
                                                   {"zmod", ColumnKind::frequency, 1}}};

Dimension dimension_of(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::time:
      return Dimension::time;
    case ColumnKind::potential:
      return Dimension::potential;
    case ColumnKind::current:
      return Dimension::current;
    case ColumnKind::scan_rate:
      return Dimension::rate;
    case ColumnKind::x:
    case ColumnKind::y:
    case ColumnKind::z:
      return Dimension::length;
    case ColumnKind::frequency:
      return Dimension::frequency;
    case ColumnKind::cycle:
    case ColumnKind::point:
      break;
  }
  return Dimension::number;
}

/// Without the reference electrode that a potential names: "V vs. SCE", "Potential vs Ag/AgCl".
std::string_view unreferenced(std::string_view text) {
  for (const std::string_view mark : {" vs", " v.s", " against"})
    if (const std::size_t at = text.find(mark); at != std::string_view::npos) text = text.substr(0, at);
  return trimmed(text);
}

const ColumnUnit* unit_named(std::string_view text) {
  const auto found = std::ranges::find(column_units, unreferenced(text), &ColumnUnit::name);
  return found == column_units.end() ? nullptr : &*found;
}

struct LabelParts {
  std::string name;
  const ColumnUnit* unit = nullptr;
  bool foreign_unit = false;  // brackets with something that is no unit of ours
};

LabelParts parts_of(std::string_view label) {
  label = trimmed(label);
  const char last = label.empty() ? ' ' : label.back();
  const std::size_t open = last == ')' ? label.rfind('(') : last == ']' ? label.rfind('[') : std::string_view::npos;
  if (open != std::string_view::npos) {
    const ColumnUnit* unit = unit_named(label.substr(open + 1, label.size() - open - 2));
    return {std::string(unreferenced(label.substr(0, open))), unit, unit == nullptr};
  }
  for (std::size_t at = label.find('/'); at != std::string_view::npos; at = label.find('/', at + 1))
    if (const ColumnUnit* unit = unit_named(label.substr(at + 1)))
      return {std::string(unreferenced(label.substr(0, at))), unit};
  for (std::size_t at = label.find('_'); at != std::string_view::npos; at = label.find('_', at + 1)) {
    std::string rest(label.substr(at + 1));
    std::ranges::replace(rest, '_', '/');
    if (const ColumnUnit* unit = unit_named(rest)) return {std::string(label.substr(0, at)), unit};
  }
  return {std::string(unreferenced(label)), nullptr};
}

}  // namespace

std::string_view to_string(ColumnKind kind) {
  constexpr std::array<std::string_view, 10> names{"time", "potential", "current", "cycle", "scan_rate",
                                                   "x",    "y",         "z",       "point", "frequency"};
  return names.at(static_cast<std::size_t>(kind));
}

std::optional<ColumnMeaning> meaning_of(std::string_view label) {
  if (label.size() > 200) return std::nullopt;
  if (const ColumnUnit* bare = unit_named(label)) {
    for (const ColumnKind kind : {ColumnKind::time, ColumnKind::potential, ColumnKind::current})
      if (dimension_of(kind) == bare->dimension) return ColumnMeaning{kind, bare->factor, 2};
    return std::nullopt;
  }
  const LabelParts parts = parts_of(label);
  const std::string key = compact_label(parts.name);
  const auto named = std::ranges::find(column_names, std::string_view(key), &ColumnName::compact);
  if (named == column_names.end() || parts.foreign_unit) return std::nullopt;
  const Dimension dimension = dimension_of(named->kind);
  if (parts.unit == nullptr) return ColumnMeaning{named->kind, dimension == Dimension::number ? 1.0 : 0.0, named->rank};
  if (parts.unit->dimension != dimension) return std::nullopt;
  return ColumnMeaning{named->kind, parts.unit->factor, named->rank};
}

double unit_factor(ColumnKind kind, std::string_view unit) {
  const ColumnUnit* found = unit_named(unit);
  return found != nullptr && found->dimension == dimension_of(kind) ? found->factor : 0.0;
}

double factor_in_label(ColumnKind kind, std::string_view label) {
  const Dimension dimension = dimension_of(kind);
  const ColumnUnit* bare = unit_named(label);
  const ColumnUnit* unit = bare != nullptr ? bare : parts_of(label).unit;
  return unit != nullptr && unit->dimension == dimension ? unit->factor : 0.0;
}

bool is_unit(std::string_view text) {
  return unit_named(text) != nullptr;
}

}  // namespace seccm::files
