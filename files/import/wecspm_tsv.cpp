#include "files/import/wecspm_tsv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "files/import/points_by_place.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

enum class Quantity { length, potential, current, time, number };

struct RecordedChannel {
  std::string_view label;
  std::string_view key;  // empty: documented, but left out
  Quantity quantity;
  double factor;  // of the documented unit
};

constexpr std::array<RecordedChannel, 19> channels{{{"x", "x", Quantity::length, 1e-6},
                                                    {"y", "y", Quantity::length, 1e-6},
                                                    {"z", "z", Quantity::length, 1e-6},
                                                    {"v1", "E1", Quantity::potential, 1.0},
                                                    {"voltage1", "E1", Quantity::potential, 1.0},
                                                    {"v2", "E2", Quantity::potential, 1.0},
                                                    {"voltage2", "E2", Quantity::potential, 1.0},
                                                    {"current1", "i1", Quantity::current, 1.0},
                                                    {"i1", "i1", Quantity::current, 1.0},
                                                    {"current2", "i2", Quantity::current, 1.0},
                                                    {"i2", "i2", Quantity::current, 1.0},
                                                    {"linenumber", "line", Quantity::number, 1.0},
                                                    {"dt", "t", Quantity::time, 1.0},
                                                    {"dts", "t", Quantity::time, 1.0},
                                                    {"current3", "", Quantity::current, 1.0},
                                                    {"current4", "", Quantity::current, 1.0},
                                                    {"feedbacktype", "", Quantity::number, 1.0},
                                                    {"lockinamplitude", "", Quantity::current, 1.0},
                                                    {"lockinphase", "", Quantity::number, 1.0}}};

struct Unit {
  std::string_view name;
  Quantity quantity;
  double factor;
};
constexpr std::array<Unit, 23> units{{{"\xB5m", Quantity::length, 1e-6},
                                      {"\xC2\xB5"
                                       "A",
                                       Quantity::current, 1e-6},
                                      {"\xCE\xBC"
                                       "A",
                                       Quantity::current, 1e-6},
                                      {"um", Quantity::length, 1e-6},
                                      {"\xC2\xB5m", Quantity::length, 1e-6},
                                      {"\xCE\xBCm", Quantity::length, 1e-6},
                                      {"nm", Quantity::length, 1e-9},
                                      {"m", Quantity::length, 1.0},
                                      {"V", Quantity::potential, 1.0},
                                      {"v", Quantity::potential, 1.0},
                                      {"mV", Quantity::potential, 1e-3},
                                      {"A", Quantity::current, 1.0},
                                      {"a", Quantity::current, 1.0},
                                      {"mA", Quantity::current, 1e-3},
                                      {"uA", Quantity::current, 1e-6},
                                      {"nA", Quantity::current, 1e-9},
                                      {"pA", Quantity::current, 1e-12},
                                      {"s", Quantity::time, 1.0},
                                      {"ms", Quantity::time, 1e-3},
                                      {"us", Quantity::time, 1e-6},
                                      {"deg", Quantity::number, 1.0},
                                      {"", Quantity::number, 1.0},
                                      {"count", Quantity::number, 1.0}}};

struct Named {
  const RecordedChannel* channel = nullptr;
  double factor = 1.0;
};

/// RecordedChannel and factor to SI of a label such as "Current1 (pA)".
Named named(std::string_view label, const CellPlace& place) {
  std::string_view base = trimmed(label);
  std::optional<std::string_view> unit;
  const std::size_t open = base.find_last_of("([");
  if (open != std::string_view::npos && (base.ends_with(')') || base.ends_with(']'))) {
    unit = trimmed(base.substr(open + 1, base.size() - open - 2));
    base = base.substr(0, open);
  }
  const std::string key = compact_label(base);
  const auto channel =
      std::find_if(channels.begin(), channels.end(), [&](const RecordedChannel& c) { return c.label == key; });
  if (channel == channels.end())
    reject_cell(place, fmt::format("'{}' is no known channel", shown(label)),
                "X, Y, Z, V1, V2, Current1, Current2, Line Number, dt (s)");
  if (!unit) return {&*channel, channel->factor};
  const auto known = std::find_if(units.begin(), units.end(),
                                  [&](const Unit& u) { return u.name == *unit && u.quantity == channel->quantity; });
  if (known == units.end())
    reject_cell(place, fmt::format("the unit '{}' does not fit the channel {}", shown(*unit), channel->label),
                "um, nm or m; V or mV; A, mA, uA, nA or pA; s, ms or us");
  return {&*channel, known->factor};
}

/// Values of a file by the key of their channel, in SI.
struct Columns {
  std::map<std::string, std::vector<double>, std::less<>> values;
  std::vector<std::string> left_out, notes;

  /// Null for a channel that is left out. Throws for one that comes twice.
  std::vector<double>* open(const Named& found, const CellPlace& place) {
    if (found.channel->key.empty()) {
      left_out.emplace_back(found.channel->label);
      return nullptr;
    }
    const auto [at, added] = values.try_emplace(std::string(found.channel->key));
    if (!added) reject_cell(place, "the channel comes twice", "each channel once");
    return &at->second;
  }
};

void require_room(std::size_t samples, std::string_view name) {
  if (samples > most_samples)
    throw InputError(fmt::format("{}: more than {} samples; accepted are at most as many", name, most_samples));
}

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// Samples that one of the channels does not have: a value that is no number, or the end of a file that was cut.
void drop_lost_samples(Columns& columns, bool cut) {
  std::size_t shortest = most_samples;
  for (const auto& [key, values] : columns.values) shortest = std::min(shortest, values.size());
  std::vector<bool> lost(shortest, false);
  for (const auto& [key, values] : columns.values)
    for (std::size_t k = 0; k < shortest; ++k) lost[k] = lost[k] || std::isnan(values[k]);
  std::size_t dropped = 0;
  for (auto& [key, values] : columns.values) {
    if (cut && values.size() > shortest) {
      dropped = std::max(dropped, values.size() - shortest);
      values.resize(shortest);
    }
    std::size_t k = 0;
    std::erase_if(values, [&](double) { return k < lost.size() ? lost[k++] : false; });
  }
  if (dropped > 0) columns.notes.push_back(fmt::format("the file is cut: {} samples lost", dropped));
  if (const auto n = std::count(lost.begin(), lost.end(), true); n > 0)
    columns.notes.push_back(fmt::format("{} samples lost (a value is no number)", n));
}

/// One channel per line: label, then its samples.
void read_rows(std::string_view text, std::string_view name, Columns& out) {
  LineReader lines(text);
  for (std::string_view line; lines.next(line);) {
    if (trimmed(line).empty()) continue;
    std::size_t column = 1;
    std::size_t end = line.find('\t');
    CellPlace place{name, lines.number(), column, {}};
    const std::string_view label = line.substr(0, end);
    const Named found = named(label, place);
    std::vector<double>* values = out.open(found, place);
    place.name = label;
    while (end != std::string_view::npos) {
      line.remove_prefix(end + 1);
      end = line.find('\t');
      place.column = ++column;
      const std::string_view cell = line.substr(0, end);
      if (end == std::string_view::npos && trimmed(cell).empty()) break;  // a tab behind the last sample
      if (end == std::string_view::npos && lines.open_ended() && !is_number(cell, true)) break;  // cut in it
      const double value = is_no_value(cell) ? no_value : finite_number(cell, place, true);
      if (values == nullptr) continue;
      require_room(values->size(), name);
      values->push_back(found.factor * value);
    }
  }
  drop_lost_samples(out, lines.open_ended());
}

/// One channel per column under a line of labels.
void read_columns(std::string_view text, std::string_view name, Columns& out) {
  LineReader lines(text);
  std::string_view line;
  while (lines.next(line) && trimmed(line).empty()) {
  }
  const auto labels = split_cells(line, '\t', most_columns, std::string(name) + ": line 1");
  std::vector<Named> found;
  std::vector<std::vector<double>*> values;
  for (std::size_t k = 0; k < labels.size(); ++k) {
    const CellPlace place{name, lines.number(), k + 1, {}};
    found.push_back(named(labels[k], place));
    values.push_back(out.open(found.back(), place));
  }
  std::vector<TableColumn> wanted;
  std::erase_if(values, [](const auto* channel) { return channel == nullptr; });
  for (std::size_t k = 0; k < labels.size(); ++k)
    if (!found[k].channel->key.empty()) wanted.push_back({k, found[k].factor, std::string(labels[k])});
  TableRows rows(name, '\t', std::move(wanted));
  std::size_t samples = 0;
  std::vector<double> numbers;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const auto cells = split_cells(line, '\t', most_columns, fmt::format("{}: line {}", name, lines.number()));
    if (cells.size() != labels.size() && !lines.open_ended())
      throw InputError(fmt::format("{}: line {}: {} cells; accepted are {}, one below each label", name, lines.number(),
                                   cells.size(), labels.size()));
    if (!rows.read(line, lines, numbers)) continue;
    require_room(++samples, name);
    for (std::size_t k = 0; k < numbers.size(); ++k) values[k]->push_back(numbers[k]);
  }
  rows.add_notes(out.notes);
}

bool one_channel_per_line(std::string_view text) {
  LineReader lines(text);
  std::string_view line;
  while (lines.next(line) && trimmed(line).empty()) {
  }
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return false;
  const std::string_view second = line.substr(tab + 1);
  return is_number(second.substr(0, second.find('\t')), true);
}

std::vector<double> take(Columns& columns, std::string_view key, double factor = 1.0) {
  const auto found = columns.values.find(key);
  if (found == columns.values.end()) return {};
  std::vector<double> values = std::move(found->second);
  for (double& v : values) v *= factor;
  return values;
}

std::vector<double> times(std::vector<double> dt, std::size_t samples, const Settings& settings, std::string_view name,
                          std::vector<std::string>& notes) {
  if (!dt.empty()) {
    if (std::adjacent_find(dt.begin(), dt.end(), std::greater_equal<>()) == dt.end()) {
      const double first = dt.front();
      for (double& t : dt) t -= first;
      return dt;
    }
    notes.emplace_back("dt does not increase: taken as the interval since the sample before");
    dt.front() = 0.0;
    std::partial_sum(dt.begin(), dt.end(), dt.begin());
    return dt;
  }
  auto sample = setting(settings, {"sampletimeus", "sampletime"}, 0.1, 1e6, "the .set file");
  if (const auto rate = setting(settings, {"sampleratehz", "samplerate"}, 1.0, 1e7, "the .set file"); rate && !sample)
    sample = 1e6 / *rate;
  const auto average = setting(settings, {"samplesperdatapoint", "samplesperpoint"}, 1, 1e6, "the .set file");
  if (!sample || !average)
    throw InputError(
        fmt::format("{}: no channel dt (s), and no .set file with 'Sample time (us)' or 'Sample rate (Hz)' and "
                    "'Samples per data point' that it could follow from",
                    name));
  const double interval = 1e-6 * *sample * (*average + 1.0);
  notes.push_back(fmt::format("no channel dt: samples are {:.6g} ms apart, from the .set file", 1e3 * interval));
  std::vector<double> t(samples);
  for (std::size_t k = 0; k < samples; ++k) t[k] = interval * static_cast<double>(k);
  return t;
}

std::vector<std::int32_t> line_numbers(const std::vector<double>& values, std::string_view name) {
  std::vector<std::int32_t> out;
  for (const double v : values) {
    if (v != std::floor(v) || v < -32768 || v > 32767)
      throw InputError(fmt::format("{}: Line Number {:g} of sample {}; accepted is a whole number, -32768 to 32767",
                                   name, v, out.size() + 1));
    out.push_back(static_cast<std::int32_t>(v));
  }
  return out;
}

/// No waypoints per hop with line numbers.
void assign_places(ForeignRecording& out) {
  if (out.x.empty() || out.y.empty()) {
    out.pixel.assign(out.t.size(), 0);
    out.notes.emplace_back(
        "no 'Waypoints per hop' with line numbers, and no X and Y: the whole recording is one point");
    return;
  }
  out.pixel = points_by_place(out.x, out.y);
  const int points = 1 + *std::ranges::max_element(out.pixel);
  out.notes.push_back(
      fmt::format("no 'Waypoints per hop' with line numbers: {}, by the places where X and Y rest at "
                  "least {:.0f} nm from the one before",
                  points == 1 ? "one point" : fmt::format("{} points", points), 1e9 * least_hop));
}

void assign_pixels(ForeignRecording& out, const Settings& settings) {
  const auto per_hop = setting(settings, {"waypointsperhop", "nowaypointsperhop"}, 1, 32767, "the .set file");
  if (!per_hop || out.line_number.empty()) {
    assign_places(out);
    return;
  }
  const auto n = static_cast<std::int32_t>(*per_hop);
  std::int32_t first = 32767;
  for (const std::int32_t line : out.line_number)
    if (line > 0) first = std::min(first, line);
  for (const std::int32_t line : out.line_number) out.pixel.push_back(line >= first ? (line - first) / n : -1);
  out.notes.push_back(fmt::format("points follow from line numbers, {} waypoints per hop from line {} on", n, first));
}

}  // namespace

bool is_wecspm(std::string_view text) {
  LineReader lines(text);
  std::string_view line;
  while (lines.next(line) && trimmed(line).empty()) {
  }
  std::string_view label = trimmed(line.substr(0, line.find('\t')));
  label = trimmed(label.substr(0, label.find_first_of("([")));
  const std::string key = compact_label(label);
  return line.find('\t') != std::string_view::npos &&
         std::ranges::any_of(channels, [&](const RecordedChannel& c) { return c.label == key; });
}

ForeignRecording parse_wecspm(std::string_view tsv, const Settings& settings, std::optional<Polarity> said,
                              std::string_view name) {
  Columns columns;
  if (one_channel_per_line(tsv)) {
    read_rows(tsv, name, columns);
  } else {
    read_columns(tsv, name, columns);
  }
  for (const char* needed : {"E1", "i1"}) {
    const auto found = columns.values.find(needed);
    if (found == columns.values.end() || found->second.empty())
      throw InputError(fmt::format("{}: no samples of {}; accepted is a recording that has V1 and Current1", name,
                                   std::string_view(needed) == "E1" ? "V1" : "Current1"));
  }
  ForeignRecording out;
  out.format = "WEC-SPM TSV";
  out.polarity = decide_polarity(said, {}, name, out.notes);
  out.complete = true;
  const double sign = sign_of(out.polarity), current_sign = current_sign_of(out.polarity);
  out.E1 = take(columns, "E1", sign);
  out.E2 = take(columns, "E2", sign);
  out.i1 = take(columns, "i1", current_sign);
  out.i2 = take(columns, "i2", current_sign);
  out.x = take(columns, "x");
  out.y = take(columns, "y");
  out.z = take(columns, "z");
  out.t = times(take(columns, "t"), out.E1.size(), settings, name, out.notes);
  out.line_number = line_numbers(take(columns, "line"), name);
  for (const std::string& label : columns.left_out) out.notes.push_back("left out: channel " + label);
  out.notes.insert(out.notes.end(), columns.notes.begin(), columns.notes.end());
  require_whole(out, name);
  assign_pixels(out, settings);
  return out;
}

}  // namespace seccm::files
