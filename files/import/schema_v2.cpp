#include "files/import/schema_v2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "files/import/json_text.hpp"
#include "files/import/table_rows.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using Sidecar = nlohmann::json;

constexpr std::array<std::string_view, 9> required_columns{
    "elapsed_s", "x_um", "y_um", "z_um", "voltage1_v", "voltage2_v", "current1_na", "current2_na", "line_number"};
constexpr std::int32_t marker_pixel = -2, most_pixels = 1 << 20;

[[noreturn]] void reject_sidecar(std::string_view sidecar, const std::string& what, const std::string& accepted) {
  throw InputError(fmt::format("{}: {}; accepted is {}", sidecar, what, accepted));
}

Sidecar parse_sidecar(std::string_view text, std::string_view sidecar) {
  if (depth_of(text) > deepest_json)
    reject_sidecar(sidecar, fmt::format("brackets are nested more than {} deep", deepest_json),
                   "a recording's JSON sidecar");
  Sidecar json = parse_json_text(text);
  if (!json.is_object()) reject_sidecar(sidecar, "it is no JSON object", "a recording's JSON sidecar");
  return json;
}

const Sidecar* member(const Sidecar& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && found != json.end() ? &*found : nullptr;
}

double number(const Sidecar& json, const char* key, std::string_view sidecar) {
  const Sidecar* value = member(json, key);
  if (value == nullptr || !value->is_number() || !std::isfinite(value->get<double>()))
    reject_sidecar(sidecar, fmt::format("'{}' is missing or no finite number", key), "a number");
  return value->get<double>();
}

std::string text(const Sidecar& json, const char* key) {
  const Sidecar* value = member(json, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

void require_version(const Sidecar& json, std::string_view sidecar) {
  const Sidecar* version = member(json, "recording_schema_version");
  if (version == nullptr || !version->is_number_integer() || version->get<std::int64_t>() != 2)
    reject_sidecar(
        sidecar, fmt::format("recording_schema_version is {}", version == nullptr ? "missing" : shown(version->dump())),
        "2");
}

PointKind kind_of(const std::string& name) {
  for (const PointKind kind : {PointKind::calibration, PointKind::ferrocene, PointKind::target, PointKind::blank})
    if (name == to_string(kind)) return kind;
  return PointKind::grid;
}

void read_pixel_table(const Sidecar& json, std::string_view sidecar, ForeignRecording& out) {
  const Sidecar* grid = member(json, "scan_grid");
  if (grid == nullptr) return;
  const Sidecar* pixels = member(*grid, "pixels");
  if (pixels == nullptr || !pixels->is_array() || pixels->size() > most_pixels)
    reject_sidecar(sidecar, "scan_grid.pixels is missing or no list",
                   fmt::format("a list of at most {} pixels", most_pixels));
  if (const std::string unit = text(*grid, "coordinate_unit"); unit != "um")
    reject_sidecar(sidecar, fmt::format("scan_grid.coordinate_unit is '{}'", shown(unit)), "um");
  std::size_t lost = 0;
  for (const Sidecar& pixel : *pixels) {
    if (pixel.is_object() && std::ranges::any_of(pixel, [](const Sidecar& value) { return value.is_null(); })) {
      ++lost;
      continue;
    }
    const double index = number(pixel, "scan_pixel", sidecar);
    if (index != std::floor(index) || index < 0 || index >= most_pixels)
      reject_sidecar(sidecar, fmt::format("scan_pixel {:g} in scan_grid.pixels", index), "a whole number from 0 on");
    out.pixels.push_back({static_cast<std::int32_t>(index), 1e-6 * number(pixel, "x_um", sidecar),
                          1e-6 * number(pixel, "y_um", sidecar), kind_of(text(pixel, "kind"))});
  }
  if (lost > 0)
    out.notes.push_back(
        fmt::format("{} of scan_grid.pixels lost (a value is no number): their commanded positions are "
                    "taken from the contact",
                    lost));
}

Scale read_scale(const Sidecar& own, const char* key, double to_si, std::string_view sidecar) {
  const Sidecar* scale = member(own, key);
  if (scale == nullptr)
    reject_sidecar(sidecar, fmt::format("seccm.{} is missing", key), "{\"lsb\": ..., \"offset\": ...}");
  const Scale out{to_si * number(*scale, "lsb", sidecar), to_si * number(*scale, "offset", sidecar)};
  if (!(std::abs(out.lsb) > 0.0) || !std::isfinite(1.0 / out.lsb) || !std::isfinite(out.offset))
    reject_sidecar(sidecar, fmt::format("seccm.{}.lsb is {:g}", key, out.lsb), "a number that is not 0");
  return out;
}

void read_own(const Sidecar& json, std::string_view sidecar, ForeignRecording& out) {
  const Sidecar* own = member(json, "seccm");
  if (own == nullptr) return;
  out.pipette_diameter = number(*own, "pipette_diameter_m", sidecar);
  out.current_range = number(*own, "current_range_A", sidecar);
  OwnDigits digits;
  digits.x = read_scale(*own, "x_m", 1.0, sidecar);
  digits.y = read_scale(*own, "y_m", 1.0, sidecar);
  digits.z = read_scale(*own, "z_m", 1.0, sidecar);
  digits.E1 = read_scale(*own, "E1_V", 1.0, sidecar);
  digits.E2 = read_scale(*own, "E2_V", 1.0, sidecar);
  digits.i1 = read_scale(*own, "i1_A", 1.0, sidecar);
  digits.i2 = read_scale(*own, "i2_A", 1.0, sidecar);
  const double first_tick = number(*own, "first_tick", sidecar);
  if (std::abs(first_tick) > 1e15) reject_sidecar(sidecar, "seccm.first_tick is out of range", "-1e15 to 1e15");
  digits.first_tick = static_cast<std::int64_t>(first_tick);
  out.digits = digits;
  const Sidecar* calibrations = member(*own, "reference_calibrations");
  if (calibrations == nullptr || !calibrations->is_array()) return;
  for (const Sidecar& c : *calibrations)
    out.calibrations.push_back({.t = number(c, "t_s", sidecar),
                                .half_wave_vs_QRCE = number(c, "half_wave_vs_QRCE_V", sidecar),
                                .offset_vs_Li = number(c, "offset_vs_Li_V", sidecar),
                                .standard_error = number(c, "standard_error_V", sidecar),
                                .limiting_current = number(c, "limiting_current_A", sidecar),
                                .valid = true});
}

/// Our own export says it in its member `seccm`, the host in the settings of the recording.
StatedPolarity stated_polarity(const Sidecar& json, std::string_view sidecar) {
  const Sidecar* own = member(json, "seccm");
  if (const std::string name = own != nullptr ? text(*own, "polarity") : std::string(); !name.empty()) {
    const auto polarity = polarity_named(name);
    if (!polarity) reject_sidecar(sidecar, fmt::format("seccm.polarity is '{}'", shown(name)), "wec-spm or iupac");
    return {polarity, fmt::format("seccm.polarity is '{}'", name)};
  }
  const Sidecar* settings = member(json, "settings");
  const std::string name = settings != nullptr ? text(*settings, "polarity_convention") : std::string();
  if (name.empty()) return {};
  const bool native = name == "Instrument-native";
  if (!native && name != "IUPAC")
    reject_sidecar(sidecar, fmt::format("settings.polarity_convention is '{}'", shown(name)),
                   "'IUPAC' or 'Instrument-native'");
  return {native ? Polarity::wec_spm : Polarity::iupac, fmt::format("settings.polarity_convention is '{}'", name)};
}

/// Scan rates of a series, per cv_rate_index.
std::vector<double> stated_rates(const Sidecar& json) {
  std::vector<double> out;
  const Sidecar* parameters = member(json, "parameters");
  const Sidecar* rates = parameters != nullptr ? member(*parameters, "scan_rates_v_s") : nullptr;
  if (rates == nullptr || !rates->is_array() || rates->size() > 1000) return out;
  for (const Sidecar& rate : *rates)
    if (rate.is_number()) out.push_back(rate.get<double>());
  return out;
}

struct Header {
  std::vector<std::string> names;
  std::ptrdiff_t pixel = -1, rate = -1;
};

Header read_header(std::string_view line, const Sidecar& json, std::string_view name, std::string_view sidecar) {
  Header header;
  for (const std::string_view cell : split_cells(line, ',', most_columns, std::string(name) + ": line 1"))
    header.names.emplace_back(trimmed(cell));
  for (std::size_t k = 0; k < required_columns.size(); ++k) {
    if (k < header.names.size() && header.names[k] == required_columns[k]) continue;
    reject_cell({name, 1, k + 1, {}},
                k < header.names.size() ? fmt::format("'{}'", shown(header.names[k])) : "the header ends",
                std::string(required_columns[k]));
  }
  for (std::size_t k = required_columns.size(); k < header.names.size(); ++k) {
    if (header.names[k] == "scan_pixel") {
      header.pixel = static_cast<std::ptrdiff_t>(k);
    } else if (header.names[k] == "cv_rate_index") {
      header.rate = static_cast<std::ptrdiff_t>(k);
    } else {
      reject_cell({name, 1, k + 1, {}}, fmt::format("'{}'", shown(header.names[k])), "scan_pixel or cv_rate_index");
    }
  }
  const Sidecar* columns = member(json, "csv_columns");
  if (columns == nullptr || *columns != Sidecar(header.names))
    reject_sidecar(sidecar, "csv_columns is missing or not the header of the CSV", "the same names in the same order");
  return header;
}

TableRows rows_of(const Header& header, std::string_view name) {
  constexpr std::array<double, required_columns.size()> to_si{1.0, 1e-6, 1e-6, 1e-6, 1.0, 1.0, 1e-9, 1e-9, 1.0};
  std::vector<TableColumn> columns;
  for (std::size_t k = 0; k < header.names.size(); ++k)
    columns.push_back({k, k < to_si.size() ? to_si.at(k) : 1.0, header.names[k]});
  return {name, ',', std::move(columns)};
}

std::int32_t whole(double value, std::int32_t low, std::int32_t high, const CellPlace& place) {
  if (value != std::floor(value) || value < low || value > high)
    reject_cell(place, fmt::format("{:g}", value), fmt::format("a whole number, {} to {}", low, high));
  return static_cast<std::int32_t>(value);
}

/// False: a sample of the orientation marker.
bool add_row(const std::vector<double>& v, const Header& header, std::string_view name, std::size_t line,
             ForeignRecording& out) {
  const auto whole_at = [&](std::ptrdiff_t column, std::int32_t low, std::int32_t high) {
    const auto k = static_cast<std::size_t>(column);
    return whole(v[k], low, high, {name, line, k + 1, header.names[k]});
  };
  const std::int32_t pixel = header.pixel >= 0 ? whole_at(header.pixel, marker_pixel, most_pixels) : 0;
  const std::int32_t tag = whole_at(8, -32768, 32767);
  if (header.rate >= 0) {
    // -1 is outside the waveform; where rates begin and end is measured, the tag of a vertex may be that of its
    // neighbour
    const std::int32_t rate = whole_at(header.rate, -1, most_pixels);
    if (pixel != marker_pixel) out.section.push_back(rate < 0 ? -1 : 0);
  }
  if (pixel == marker_pixel) return false;
  out.t.push_back(v[0]);
  out.x.push_back(v[1]);
  out.y.push_back(v[2]);
  out.z.push_back(v[3]);
  out.E1.push_back(sign_of(out.polarity) * v[4]);
  out.E2.push_back(sign_of(out.polarity) * v[5]);
  out.i1.push_back(current_sign_of(out.polarity) * v[6]);
  out.i2.push_back(current_sign_of(out.polarity) * v[7]);
  out.line_number.push_back(tag);
  out.pixel.push_back(pixel);
  return true;
}

void read_rows(LineReader& lines, const Header& header, std::string_view name, ForeignRecording& out) {
  TableRows rows = rows_of(header, name);
  std::vector<double> values;
  std::size_t marker = 0;
  for (std::string_view line; lines.next(line);) {
    if (trimmed(line).empty()) continue;
    const auto cells = split_cells(line, ',', most_columns, fmt::format("{}: line {}", name, lines.number()));
    if (cells.size() != header.names.size() && !lines.open_ended())
      throw InputError(fmt::format("{}: line {}: {} cells; accepted are {}, one per column", name, lines.number(),
                                   cells.size(), header.names.size()));
    if (!rows.read(line, lines, values)) continue;
    if (!out.t.empty() && values[0] == out.t.back()) {
      rows.repeated(lines.number());
      continue;
    }
    if (out.t.size() == most_samples) throw InputError(fmt::format("{}: more than {} samples", name, most_samples));
    marker += add_row(values, header, name, lines.number(), out) ? 0 : 1;
  }
  rows.add_notes(out.notes);
  if (marker > 0) out.notes.push_back(fmt::format("left out: {} samples of the orientation marker", marker));
}

std::string sidecar_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(0, dot)) + ".json";
}

}  // namespace

bool is_schema_v2(std::string_view json) {
  const Sidecar parsed = parse_json_text(json);
  return member(parsed, "recording_schema_version") != nullptr;
}

ForeignRecording parse_schema_v2(std::string_view csv, std::string_view json_text, std::optional<Polarity> polarity,
                                 std::string_view name) {
  const std::string sidecar = sidecar_of(name);
  const Sidecar json = parse_sidecar(json_text, sidecar);
  require_version(json, sidecar);
  ForeignRecording out;
  out.format = "recording schema v2";
  out.experiment = text(json, "experiment");
  out.complete = text(json, "status") == "complete";
  if (text(json, "status") == "discarded")
    reject_sidecar(sidecar, "status is 'discarded'", "running, complete, aborted or error");
  out.polarity = decide_polarity(polarity, stated_polarity(json, sidecar), sidecar, out.notes);
  out.stated_rates = stated_rates(json);
  read_pixel_table(json, sidecar, out);
  read_own(json, sidecar, out);

  LineReader lines(csv);
  std::string_view line;
  if (!lines.next(line)) throw InputError(fmt::format("{}: the file is empty; accepted is a recording", name));
  const Header header = read_header(line, json, name, sidecar);
  read_rows(lines, header, name, out);
  require_whole(out, name);
  return out;
}

}  // namespace seccm::files
