#include "files/import/plain_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "files/import/series_gap.hpp"
#include "files/import/side_by_side.hpp"
#include "files/import/table_layout.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using Chosen = std::map<ColumnKind, TableColumn>;

std::string listed(const std::vector<std::string>& labels) {
  std::string out;
  for (const std::string& label : labels) out += (out.empty() ? "'" : ", '") + shown(label) + "'";
  return out.empty() ? "none" : out;
}

[[noreturn]] void refuse_column(std::string_view name, const std::string& what,
                                const std::vector<std::string>& labels) {
  throw InputError(
      fmt::format("{}: {}; its columns are {}; accepted is a mapping such as --columns \"time=Time [s], "
                  "potential=2 [mV], current=Current [nA]\"",
                  name, what, listed(labels)));
}

/// "label [unit]" of the user -> the column.
TableColumn chosen_column(ColumnKind kind, const std::string& choice, const std::vector<std::string>& labels,
                          std::string_view name) {
  std::string_view text = trimmed(choice), unit;
  const std::size_t open = text.rfind('[');
  const bool bracketed = open != std::string_view::npos && text.ends_with(']');
  if (bracketed) {
    unit = trimmed(text.substr(open + 1, text.size() - open - 2));
    text = trimmed(text.substr(0, open));
  }
  auto found =
      std::ranges::find_if(labels, [&](const std::string& label) { return label == trimmed(choice) || label == text; });
  std::size_t place = static_cast<std::size_t>(found - labels.begin());
  if (found == labels.end()) {
    if (!is_number(text)) refuse_column(name, fmt::format("there is no column '{}'", shown(choice)), labels);
    place = static_cast<std::size_t>(whole_number(text, {name, 0, 0, to_string(kind)}, 1, most_columns)) - 1;
  }
  const std::string label = place < labels.size() ? labels[place] : std::string(text);
  double factor = unit_factor(kind, unit);
  if (bracketed && factor == 0.0)
    refuse_column(name, fmt::format("'{}' is no unit of {}", shown(unit), to_string(kind)), labels);
  if (!bracketed) factor = kind == ColumnKind::cycle || kind == ColumnKind::point ? 1.0 : factor_in_label(kind, label);
  if (factor == 0.0)
    refuse_column(name, fmt::format("the column '{}' states no unit of {}", shown(label), to_string(kind)), labels);
  return {place, factor, label};
}

struct Guess {
  Chosen columns;
  std::vector<TableColumn> potentials, currents;  // all with a bare or equal name, for pairs
};

Guess guessed_columns(const std::vector<std::string>& labels) {
  Guess out;
  std::map<ColumnKind, int> rank;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const auto meaning = meaning_of(labels[k]);
    if (!meaning) continue;
    const TableColumn column{k, meaning->factor, labels[k]};
    if (meaning->kind == ColumnKind::potential) out.potentials.push_back(column);
    if (meaning->kind == ColumnKind::current) out.currents.push_back(column);
    const auto before = rank.find(meaning->kind);
    if (before != rank.end() && before->second <= meaning->rank) continue;
    rank[meaning->kind] = meaning->rank;
    out.columns[meaning->kind] = column;
  }
  return out;
}

/// The pairs that are series of their own; empty where the table is one series.
std::vector<SeriesPair> pairs_of(const Guess& guess, const TableLayout& layout) {
  if (guess.columns.contains(ColumnKind::time)) return {};
  std::vector<SeriesPair> pairs = side_by_side(guess.potentials, guess.currents, layout);
  const bool chosen = !pairs.empty() && pairs.front().potential.name == guess.columns.at(ColumnKind::potential).name;
  return chosen ? pairs : std::vector<SeriesPair>();
}

/// Rows of one series after the other, put behind each other.
class SeriesBuilder {
 public:
  /// `scan_rates`: of a table without time, one for all series or one for each. `one_measurement`: no clock that starts
  /// again begins another series.
  SeriesBuilder(ForeignRecording& out, const Chosen& columns, std::vector<double> scan_rates, bool one_measurement)
      : out_(out), columns_(columns), scan_rates_(std::move(scan_rates)), one_measurement_(one_measurement) {}

  void next_series() { fresh_ = !out_.t.empty(); }

  /// False: the row says the time of the one before.
  bool add(const std::map<ColumnKind, double>& row) {
    const double E = sign_of(out_.polarity) * row.at(ColumnKind::potential);
    const auto time = row.find(ColumnKind::time);
    const bool timed = time != row.end();
    const bool restarts = timed && !out_.t.empty() && goes_back(time->second);
    if (restarts) offset_ = next_cycle(row) ? out_.t.back() + interval_ - time->second : 0.0;
    if (out_.t.empty() || fresh_ || (restarts && !next_cycle(row))) {
      starts_.push_back(out_.t.size());
      fresh_ = false;
      out_.t.push_back(timed ? time->second : 0.0);
    } else {
      const double t = timed ? time->second + offset_ : run_to(E, rate_of(row));
      if (t == out_.t.back()) return false;
      interval_ = t - out_.t.back();
      out_.t.push_back(t);
    }
    if (restarts || starts_.back() + 1 == out_.t.size()) clock_start_ = timed ? time->second : 0.0;
    clock_ = timed ? time->second : 0.0;
    rate_ = rate_of(row);
    out_.E1.push_back(E);
    out_.i1.push_back(current_sign_of(out_.polarity) * row.at(ColumnKind::current));
    out_.section.push_back(static_cast<std::int32_t>(starts_.size()) - 1);
    const auto whole = [&](ColumnKind kind) {
      return static_cast<std::int32_t>(std::clamp(std::nearbyint(row.at(kind)), -1e6, 1e6));
    };
    if (columns_.contains(ColumnKind::cycle)) out_.cycle.push_back(whole(ColumnKind::cycle));
    out_.pixel.push_back(columns_.contains(ColumnKind::point) ? whole(ColumnKind::point) : 0);
    for (const auto& [kind, axis] :
         {std::pair{ColumnKind::x, &out_.x}, {ColumnKind::y, &out_.y}, {ColumnKind::z, &out_.z}})
      if (columns_.contains(kind)) axis->push_back(row.at(kind));
    if (columns_.contains(ColumnKind::scan_rate)) state_rate(rate_of(row));
    return true;
  }

  /// Puts the series behind each other.
  void set_apart() {
    for (std::size_t k = 1; k < starts_.size(); ++k) {
      const std::size_t begin = starts_[k], end = k + 1 < starts_.size() ? starts_[k + 1] : out_.t.size();
      const double before = out_.t[begin - 1] - out_.t[starts_[k - 1]], behind = out_.t[end - 1] - out_.t[begin];
      const double offset = out_.t[begin - 1] + series_gap(before, behind) - out_.t[begin];
      for (std::size_t sample = begin; sample < end; ++sample) out_.t[sample] += offset;
    }
  }

  [[nodiscard]] std::size_t series() const { return starts_.size(); }

 private:
  [[nodiscard]] double rate_of(const std::map<ColumnKind, double>& row) const {
    if (const auto rate = row.find(ColumnKind::scan_rate); rate != row.end()) return rate->second;
    return scan_rates_.empty() ? 0.0 : scan_rates_[std::min(starts_.size(), scan_rates_.size()) - 1];
  }

  void state_rate(double rate) {
    if (out_.stated_rates.size() < 1000 && std::ranges::find(out_.stated_rates, rate) == out_.stated_rates.end())
      out_.stated_rates.push_back(rate);
  }

  /// To where the clock began, within a hundredth of what it ran: not its jitter.
  [[nodiscard]] bool goes_back(double t) const {
    return t < clock_ && t - clock_start_ <= 0.01 * (clock_ - clock_start_);
  }

  /// The clock of a cycle of its own: the measurement goes on.
  [[nodiscard]] bool next_cycle(const std::map<ColumnKind, double>& row) const {
    if (one_measurement_) return true;
    const auto cycle = row.find(ColumnKind::cycle);
    return cycle != row.end() && !out_.cycle.empty() && rate_of(row) == rate_ &&
           std::nearbyint(cycle->second) == out_.cycle.back() + 1.0;
  }

  [[nodiscard]] double run_to(double E, double rate) const {
    return out_.t.back() + (rate > 0.0 ? std::abs(E - out_.E1.back()) / rate : 0.0);
  }

  ForeignRecording& out_;
  const Chosen& columns_;
  std::vector<double> scan_rates_;
  bool one_measurement_;
  std::vector<std::size_t> starts_;
  double clock_start_ = 0.0, clock_ = 0.0, offset_ = 0.0, interval_ = 0.0;  // s, of the column of time
  double rate_ = 0.0;                                                       // V/s, of the row before
  bool fresh_ = false;
};

/// A heading between the rows: it begins with a word, and where the potential should be there is no number.
bool is_heading(std::string_view line, char separator, const Chosen& columns, const std::string& name) {
  const auto cells = cells_of(line, separator, name);
  const auto number = [&](std::string_view cell) { return is_number(cell, separator != ','); };
  const auto first = std::ranges::find_if(cells, [](std::string_view cell) { return !trimmed(cell).empty(); });
  if (first == cells.end() || number(*first) || is_no_value(*first)) return false;
  const std::size_t place = columns.at(ColumnKind::potential).place;
  return place >= cells.size() || !number(cells[place]);
}

void read_series(std::string_view text, const TableLayout& layout, const Chosen& columns, bool beside,
                 std::string_view name, SeriesBuilder& series, ForeignRecording& out) {
  std::vector<ColumnKind> kinds;
  std::vector<TableColumn> wanted;
  for (const auto& [kind, column] : columns) {
    kinds.push_back(kind);
    wanted.push_back(column);
  }
  TableRows rows(name, layout.separator, wanted);
  LineReader lines(text);
  std::vector<double> values;
  std::size_t headings = 0, first_heading = 0;
  for (std::string_view line; lines.next(line);) {
    if (lines.number() < layout.first_row || trimmed(line).empty()) continue;
    if (is_heading(line, layout.separator, columns, std::string(name))) {
      if (headings++ == 0) first_heading = lines.number();
      continue;
    }
    if (!rows.read(line, lines, values)) continue;
    if (out.t.size() == most_samples) throw InputError(fmt::format("{}: more than {} samples", name, most_samples));
    std::map<ColumnKind, double> row;
    for (std::size_t k = 0; k < kinds.size(); ++k) row[kinds[k]] = values[k];
    if (!series.add(row)) rows.repeated(lines.number());
  }
  // series beside each other differ in length, and steps of a potential without time have no length of their own
  if (!beside) rows.add_notes(out.notes);
  if (headings > 0)
    out.notes.push_back(
        fmt::format("{} lines between the rows taken for headings, first in line {}", headings, first_heading));
}

void require_columns(const Chosen& columns, const std::vector<std::string>& labels, std::string_view name) {
  if (columns.contains(ColumnKind::frequency))
    throw InputError(fmt::format("{}: holds no voltammogram (its column '{}' belongs to an impedance spectrum)", name,
                                 shown(columns.at(ColumnKind::frequency).name)));
  for (const ColumnKind kind : {ColumnKind::potential, ColumnKind::current})
    if (!columns.contains(kind)) refuse_column(name, fmt::format("no column is a {}", to_string(kind)), labels);
  for (const auto& [kind, column] : columns)
    if (column.factor == 0.0)
      refuse_column(name, fmt::format("the column '{}' states no unit of {}", shown(column.name), to_string(kind)),
                    labels);
}

std::string taken_for(const Chosen& columns, bool guessed) {
  std::string out;
  for (const auto& [kind, column] : columns) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{} = '{}' (x {:g} in SI)", to_string(kind), shown(column.name), column.factor);
  }
  return (guessed ? "columns, from their labels: " : "columns, as the user says where he does: ") + out;
}

/// V/s: what the user says, else what stands above the table.
std::vector<double> rates_of(const PlainTableOptions& options, const TableLayout& layout) {
  if (!options.scan_rates.empty()) return options.scan_rates;
  const double rate = stated_scan_rate(layout.preamble);
  return rate > 0.0 ? std::vector<double>{rate} : std::vector<double>();
}

std::string note_of_time(const Chosen& columns, const std::vector<double>& rates, bool said) {
  if (columns.contains(ColumnKind::scan_rate)) return "no column of time: it follows from the column of scan rates";
  std::string list;
  for (const double rate : rates) list += fmt::format("{}{:g}", list.empty() ? "" : ", ", 1e3 * rate);
  return fmt::format("no column of time: it follows from the scan rate, {} mV/s, {}", list,
                     said ? "as the user says" : "stated above the table");
}

}  // namespace

ForeignRecording parse_plain_table(std::string_view text, const PlainTableOptions& options, std::string_view name) {
  TableLayout layout = find_table(text, options.begin, std::string(name));
  if (layout.first_row == 0)
    throw InputError(
        fmt::format("{}: no table of numbers; accepted is a text with rows of at least two numbers", name));
  if (!options.labels.empty()) layout.labels = options.labels;
  const Guess guess = guessed_columns(layout.labels);
  Chosen columns = guess.columns;
  for (const auto& [kind, choice] : options.columns) columns[kind] = chosen_column(kind, choice, layout.labels, name);
  require_columns(columns, layout.labels, name);
  const std::vector<double> rates = rates_of(options, layout);
  const bool timed = columns.contains(ColumnKind::time);
  const bool paced = timed || columns.contains(ColumnKind::scan_rate);
  if (!paced && rates.empty())
    refuse_column(name, "neither a time nor a scan rate (--scan-rate \"100 mV/s\") is stated", layout.labels);

  ForeignRecording out;
  out.format = options.format;
  out.complete = true;
  out.simulated = options.simulated;
  if (options.simulated) out.calibrations.push_back({.valid = true});
  out.polarity = decide_polarity(options.polarity, options.stated, name, out.notes);
  out.notes.push_back(taken_for(columns, options.columns.empty()));
  out.stated_rates = rates;
  if (!timed) out.notes.push_back(note_of_time(columns, rates, !options.scan_rates.empty()));
  SeriesBuilder series(out, columns, rates, options.one_measurement);
  std::vector<SeriesPair> pairs = options.columns.empty() ? pairs_of(guess, layout) : std::vector<SeriesPair>();
  if (pairs.empty()) pairs.push_back({columns.at(ColumnKind::potential), columns.at(ColumnKind::current)});
  for (const SeriesPair& pair : pairs) {
    Chosen own = columns;
    own[ColumnKind::potential] = pair.potential;
    own[ColumnKind::current] = pair.current;
    if (!pair.continues) series.next_series();
    read_series(text, layout, own, pairs.size() > 1, name, series, out);
  }
  if (!paced && rates.size() > 1 && rates.size() != series.series())
    throw InputError(fmt::format("{}: {} scan rates for {} series; accepted is one for all, or one for each", name,
                                 rates.size(), series.series()));
  series.set_apart();
  if (series.series() > 1)
    out.notes.push_back(
        fmt::format("{} series, {}: the file does not state their distance", series.series(), series_gap_in_words));
  start_at_zero(out);
  require_whole(out, name);
  return out;
}

void recognise_writer(std::string_view text, PlainTableOptions& options, const std::string& name) {
  const TableLayout layout = find_table(text, options.begin, name);
  const auto labelled = [&](std::string_view label) {
    return std::ranges::find(layout.labels, label) != layout.labels.end();
  };
  const auto in_preamble = [&](std::string_view word) {
    return std::ranges::any_of(layout.preamble,
                               [&](const std::string& line) { return line.find(word) != std::string::npos; });
  };
  if (labelled("time_s") && labelled("potential_V") && labelled("current_A") && labelled("scan_rate_V_s")) {
    options.format = "columns of seccm simulate --csv";
    options.stated = {Polarity::iupac, "these columns are defined with anodic currents positive"};
    options.simulated = labelled("current_error_A");
  } else if (labelled("Test Time / s")) {
    options.format = "Battery Data Format";
    options.stated = {Polarity::iupac,
                      "BDF counts currents positive that charge the cell, which oxidise the electrode"};
  } else if (std::ranges::any_of(layout.labels, [](const std::string& l) { return l.starts_with("WE(1)."); })) {
    options.format = "Autolab NOVA text";
  } else if (in_preamble("Instrument Model:") && in_preamble("CHI")) {
    options.format = "CH Instruments text";
  } else if (in_preamble("Date and time measurement")) {
    options.format = "PalmSens PSTrace text";
  }
}

}  // namespace seccm::files
