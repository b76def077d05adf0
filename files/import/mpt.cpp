#include "files/import/mpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "files/import/absolute_time.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

constexpr std::int32_t most_header_lines = 100000;
constexpr double potential_controlled = 2.0;  // mode

struct MptUnit {
  std::string_view name;
  double factor;
};
constexpr std::array<MptUnit, 1> seconds{{{"s", 1.0}}};
constexpr std::array<MptUnit, 2> volts{{{"V", 1.0}, {"mV", 1e-3}}};
constexpr std::array<MptUnit, 8> amperes{{{"A", 1.0},
                                          {"mA", 1e-3},
                                          {"uA", 1e-6},
                                          {"\xB5"
                                           "A",
                                           1e-6},  // Latin-1, as EC-Lab writes it
                                          {"\xC2\xB5"
                                           "A",
                                           1e-6},
                                          {"\xCE\xBC"
                                           "A",
                                           1e-6},
                                          {"nA", 1e-9},
                                          {"pA", 1e-12}}};

using Labels = std::vector<std::string_view>;

/// "<Ewe/V>" as "<Ewe>/V", "Ewe/V vs. SCE" as "Ewe/V".
std::string plain_label(std::string_view label) {
  std::string text(trimmed(label));
  const std::size_t slash = text.find('/');
  if (text.starts_with('<') && text.ends_with('>') && slash != std::string::npos)
    text = text.substr(0, slash) + ">" + text.substr(slash, text.size() - slash - 1);
  return text.substr(0, text.find(" vs"));
}

/// The first column with one of these names, the names in order of preference; factor 0 when there is none.
template <std::size_t N>
TableColumn find_column(const Labels& labels, std::initializer_list<std::string_view> names,
                        const std::array<MptUnit, N>& known_units) {
  for (const std::string_view name : names) {
    for (std::size_t k = 0; k < labels.size(); ++k) {
      const std::string label = plain_label(labels[k]);
      const std::size_t slash = label.rfind('/');
      if (slash == std::string::npos || label.substr(0, slash) != name) continue;
      const auto unit = std::ranges::find(known_units, std::string_view(label).substr(slash + 1), &MptUnit::name);
      if (unit != known_units.end()) return {k, unit->factor, std::string(trimmed(labels[k]))};
    }
  }
  return {0, 0.0, ""};
}

std::optional<TableColumn> find_plain(const Labels& labels, std::string_view name) {
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (trimmed(labels[k]) == name) return TableColumn{k, 1.0, std::string(name)};
  return std::nullopt;
}

struct MptHeader {
  std::string technique;
  std::vector<double> rates;                    // V/s
  std::string labels;                           // the line
  std::optional<double> reference;              // of our own export: E vs Li/Li+ = Ewe + this, V
  double reference_error = 0.0, pipette = 0.0;  // V, m
};

/// Numbers behind the key of a line of settings.
std::vector<double> numbers_behind(std::string_view line, std::string_view key) {
  std::vector<double> out;
  for (const std::string_view cell : cells_of(line.substr(key.size()), ' ', "the header"))
    if (is_number(cell, true)) out.push_back(finite_number(cell, {}, true));
  return out;
}

/// What our own export states beside what EC-Lab does.
void read_own_line(std::string_view line, MptHeader& out) {
  const auto value = [&](std::string_view key) -> std::optional<double> {
    if (!line.starts_with(key)) return std::nullopt;
    const auto numbers = numbers_behind(line, key);
    return numbers.empty() ? std::nullopt : std::optional(numbers.front());
  };
  if (const auto offset = value("E vs Li/Li+ = Ewe + ")) out.reference = offset;
  if (const auto error = value("Standard error of E of the reference electrode :"))
    out.reference_error = std::abs(*error);
  if (const auto diameter = value("Pipette diameter :"); diameter && *diameter > 0.0 && *diameter < 1e4)
    out.pipette = 1e-6 * *diameter;
}

MptHeader read_header(LineReader& lines, std::string_view name) {
  std::string_view line;
  if (!lines.next(line) || !is_mpt(line)) {
    throw InputError(fmt::format("{}: line 1 is '{}'; accepted is 'EC-Lab ASCII FILE' or 'BT-Lab ASCII FILE'", name,
                                 shown(trimmed(line))));
  }
  constexpr std::string_view key = "Nb header lines";
  if (!lines.next(line) || !trimmed(line).starts_with(key) || line.find(':') == std::string_view::npos) {
    throw InputError(fmt::format("{}: line 2 is '{}'; accepted is 'Nb header lines : N'", name, shown(trimmed(line))));
  }
  const auto header = static_cast<std::size_t>(
      whole_number(trimmed(line.substr(line.find(':') + 1)), {name, 2, 1, key}, 3, most_header_lines));
  MptHeader out;
  std::vector<double> rates;
  while (lines.number() < header) {
    if (!lines.next(line)) {
      throw InputError(fmt::format("{}: ends at line {}; accepted is a file with its {} header lines", name,
                                   lines.number(), header));
    }
    if (lines.number() == 4) out.technique = trimmed(line);
    read_own_line(line, out);
    if (line.starts_with("dE/dt unit")) {
      const double factor = line.find("mV/s") != std::string_view::npos  ? 1e-3
                            : line.find("V/s") != std::string_view::npos ? 1.0
                                                                         : 0.0;
      for (const double rate : rates) out.rates.push_back(factor * rate);
    } else if (line.starts_with("dE/dt")) {
      rates = numbers_behind(line, "dE/dt");
    }
  }
  out.labels = line;
  return out;
}

[[noreturn]] void refuse_technique(std::string_view name, std::string_view why) {
  throw InputError(
      fmt::format("{}: holds no voltammogram ({}); accepted is a file of a sweep of the potential, such as "
                  "Cyclic Voltammetry",
                  name, why));
}

/// Throws for a technique that sweeps no potential.
void require_voltammetry(const MptHeader& header, const Labels& labels, std::string_view name) {
  constexpr std::array<std::string_view, 8> others{"Galvanostatic",       "Impedance",         "Open Circuit",
                                                   "Chronopotentiometry", "Chronoamperometry", "Constant Current",
                                                   "Zero Resistance",     "Corrosimetry"};
  for (const std::string_view other : others)
    if (header.technique.find(other) != std::string::npos)
      refuse_technique(name, fmt::format("its technique is '{}'", shown(header.technique)));
  if (std::ranges::any_of(labels, [](std::string_view label) { return trimmed(label) == "freq/Hz"; }))
    refuse_technique(name, "it has a column freq/Hz: an impedance spectrum");
}

struct MptColumns {
  TableColumn time, potential, current;
  std::optional<TableColumn> mode, cycle;

  [[nodiscard]] bool take(std::size_t place) const {
    return place == time.place || place == potential.place || place == current.place ||
           (mode && mode->place == place) || (cycle && cycle->place == place);
  }
};

MptColumns find_columns(const Labels& labels, std::string_view line, std::size_t number, std::string_view name) {
  MptColumns out{find_column(labels, {"time"}, seconds),
                 find_column(labels, {"Ewe", "<Ewe>", "Ewe-Ece", "<Ewe>-<Ece>", "Ecell", "<Ecell>"}, volts),
                 find_column(labels, {"<I>", "I"}, amperes), find_plain(labels, "mode"),
                 find_plain(labels, "cycle number")};
  for (const auto& [column, accepted] :
       {std::pair{&out.time, "time/s"}, {&out.potential, "Ewe/V or Ecell/V"}, {&out.current, "<I>/mA"}}) {
    if (column->factor != 0.0) continue;
    throw InputError(fmt::format("{}: line {} names no column {}, only '{}'; accepted is a file with it", name, number,
                                 accepted, shown(line)));
  }
  return out;
}

void note_columns(const Labels& labels, const MptColumns& columns, std::vector<std::string>& notes) {
  std::string others;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const std::string_view label = trimmed(labels[k]);
    if (!columns.take(k) && !label.empty()) others += (others.empty() ? "" : ", ") + shown(label);
  }
  if (!others.empty()) notes.push_back("left out: columns " + others);
  if (columns.potential.name.find("Ew") == std::string::npos)
    notes.push_back(columns.potential.name +
                    " is the potential: of the working electrode against the counter electrode");
}

/// Time as dates: every row of the file has them, or none.
bool has_dates(std::string_view rows, const TableColumn& time) {
  LineReader lines(rows);
  std::string_view line;
  while (lines.next(line) && trimmed(line).empty()) {
  }
  const auto cells = cells_of(line, '\t', "line 1");
  return time.place < cells.size() && parse_moment(cells[time.place]).has_value();
}

std::vector<TableColumn> numeric_columns(const MptColumns& columns, bool dated) {
  std::vector<TableColumn> out{columns.potential, columns.current};
  if (!dated) out.push_back(columns.time);
  for (const auto* column : {&columns.mode, &columns.cycle})
    if (*column) out.push_back(**column);
  return out;
}

/// The rows below the header.
class MptBody {
 public:
  MptBody(const MptColumns& columns, bool dated, std::string_view name, ForeignRecording& out)
      : columns_(columns), dated_(dated), name_(name), rows_(name, '\t', numeric_columns(columns, dated)), out_(out) {}

  void add(std::string_view line, const LineReader& lines) {
    if (trimmed(line).empty() || !rows_.read(line, lines, values_)) return;
    if (out_.E1.size() == most_samples) throw InputError(fmt::format("{}: more than {} samples", name_, most_samples));
    if (!(dated_ ? add_moment(line, lines.number()) : add_time(values_[2]))) return rows_.repeated(lines.number());
    out_.E1.push_back(sign_of(out_.polarity) * values_[0]);
    out_.i1.push_back(current_sign_of(out_.polarity) * values_[1]);
    std::size_t next = dated_ ? 2 : 3;
    if (columns_.mode) out_.section.push_back(values_[next++] == potential_controlled ? 0 : -1);
    if (columns_.cycle) out_.cycle.push_back(static_cast<std::int32_t>(std::clamp(values_[next], -1e9, 1e9)));
  }

  void finish() {
    rows_.add_notes(out_.notes);
    if (columns_.mode && !out_.section.empty() && std::ranges::max(out_.section) < 0)
      refuse_technique(name_, "no row has mode 2: the current is controlled, or the cell is at rest");
    if (!dated_) return;
    out_.t = seconds_of(moments_);
    if (out_.t.empty() && !moments_.empty())
      throw InputError(fmt::format("{}: the dates of its rows go back; accepted is time that increases", name_));
    out_.notes.emplace_back("time is stated as dates: counted from the first");
  }

 private:
  /// False: the time of the row before.
  bool add_time(double t) {
    if (!out_.t.empty() && t == out_.t.back()) return false;
    out_.t.push_back(t);
    return true;
  }

  bool add_moment(std::string_view line, std::size_t number) {
    const auto cells = cells_of(line, '\t', std::string(name_));
    const std::size_t k = columns_.time.place;
    const auto moment = k < cells.size() ? parse_moment(cells[k]) : std::nullopt;
    if (!moment)
      reject_cell({name_, number, k + 1, columns_.time.name}, "it is no date", "a date such as 11/18/2023 14:06:37.25");
    const auto instant = [](const Moment& m) { return std::isfinite(m.month_first) ? m.month_first : m.day_first; };
    if (!moments_.empty() && instant(moments_.back()) == instant(*moment)) return false;
    moments_.push_back(*moment);
    return true;
  }

  const MptColumns& columns_;
  bool dated_;
  std::string_view name_;
  TableRows rows_;
  std::vector<Moment> moments_;
  std::vector<double> values_;
  ForeignRecording& out_;
};

}  // namespace

bool is_mpt(std::string_view text) {
  const std::string_view line = trimmed(text.substr(0, text.find('\n')));
  return line == "EC-Lab ASCII FILE" || line == "BT-Lab ASCII FILE";
}

ForeignRecording parse_mpt(std::string_view text, std::optional<Polarity> said, std::string_view name) {
  LineReader lines(text);
  const MptHeader header = read_header(lines, name);
  const Labels labels =
      split_cells(header.labels, '\t', most_columns, fmt::format("{}: line {}", name, lines.number()));
  require_voltammetry(header, labels, name);
  const MptColumns columns = find_columns(labels, header.labels, lines.number(), name);
  ForeignRecording out;
  out.format = "BioLogic .mpt";
  out.complete = true;
  out.stated_rates = header.rates;
  out.pipette_diameter = header.pipette;
  if (header.reference && std::abs(*header.reference) < 10.0)
    out.calibrations.push_back(
        {.t = 0.0, .offset_vs_Li = *header.reference, .standard_error = header.reference_error, .valid = true});
  out.polarity = decide_polarity(said, {Polarity::iupac, "EC-Lab writes anodic currents positive"}, name, out.notes);
  note_columns(labels, columns, out.notes);

  MptBody body(columns, has_dates(lines.rest(), columns.time), name, out);
  for (std::string_view line; lines.next(line);) body.add(line, lines);
  body.finish();
  start_at_zero(out);
  out.pixel.assign(out.t.size(), 0);
  out.notes.emplace_back("one series without positions: the whole recording is one point");
  require_whole(out, name);
  return out;
}

}  // namespace seccm::files
