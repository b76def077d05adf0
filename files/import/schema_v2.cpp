#include "files/import/schema_v2.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

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
  // Depth is bounded before the parser, which recurses, sees the text.
  int depth = 0;
  for (const char c : text) {
    depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
    if (depth > 200) reject_sidecar(sidecar, "brackets are nested more than 200 deep", "a recording's JSON sidecar");
  }
  Sidecar json = Sidecar::parse(text, nullptr, false);
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
  for (const Sidecar& pixel : *pixels) {
    const double index = number(pixel, "scan_pixel", sidecar);
    if (index != std::floor(index) || index < 0 || index >= most_pixels)
      reject_sidecar(sidecar, fmt::format("scan_pixel {:g} in scan_grid.pixels", index), "a whole number from 0 on");
    out.pixels.push_back({static_cast<std::int32_t>(index), 1e-6 * number(pixel, "x_um", sidecar),
                          1e-6 * number(pixel, "y_um", sidecar), kind_of(text(pixel, "kind"))});
  }
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

Polarity polarity_of(const Sidecar& json, std::optional<Polarity> said, std::string_view sidecar,
                     std::vector<std::string>& notes) {
  if (said) return *said;
  const Sidecar* own = member(json, "seccm");
  const std::string name = own != nullptr ? text(*own, "polarity") : std::string();
  for (const Polarity polarity : {Polarity::wec_spm, Polarity::iupac})
    if (name == to_string(polarity)) return polarity;
  if (!name.empty()) reject_sidecar(sidecar, fmt::format("seccm.polarity is '{}'", shown(name)), "wec-spm or iupac");
  notes.emplace_back("the file does not state its polarity: taken as wec-spm, potentials and currents are negated");
  return Polarity::wec_spm;
}

struct Header {
  std::vector<std::string> names;
  std::ptrdiff_t pixel = -1;
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
    } else if (header.names[k] != "cv_rate_index") {
      reject_cell({name, 1, k + 1, {}}, fmt::format("'{}'", shown(header.names[k])), "scan_pixel or cv_rate_index");
    }
  }
  const Sidecar* columns = member(json, "csv_columns");
  if (columns == nullptr || *columns != Sidecar(header.names))
    reject_sidecar(sidecar, "csv_columns is missing or not the header of the CSV", "the same names in the same order");
  return header;
}

void read_row(const std::vector<std::string_view>& cells, const Header& header, std::string_view name, std::size_t line,
              ForeignRecording& out) {
  const auto place = [&](std::size_t k) { return CellPlace{name, line, k + 1, header.names[k]}; };
  const auto value = [&](std::size_t k) { return finite_number(cells[k], place(k)); };
  std::int32_t pixel = 0;
  if (header.pixel >= 0) {
    const auto k = static_cast<std::size_t>(header.pixel);
    pixel = whole_number(cells[k], place(k), marker_pixel, most_pixels);
  }
  const double sign = sign_of(out.polarity);
  const std::array<double, 8> v{value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7)};
  const std::int32_t tag = whole_number(cells[8], place(8), -32768, 32767);
  for (std::size_t k = 9; k < cells.size(); ++k) (void)value(k);
  if (pixel == marker_pixel) return;
  out.t.push_back(v[0]);
  out.x.push_back(1e-6 * v[1]);
  out.y.push_back(1e-6 * v[2]);
  out.z.push_back(1e-6 * v[3]);
  out.E1.push_back(sign * v[4]);
  out.E2.push_back(sign * v[5]);
  out.i1.push_back(1e-9 * sign * v[6]);
  out.i2.push_back(1e-9 * sign * v[7]);
  out.line_number.push_back(tag);
  out.pixel.push_back(pixel);
}

std::string sidecar_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return std::string(name.substr(0, dot)) + ".json";
}

}  // namespace

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
  out.polarity = polarity_of(json, polarity, sidecar, out.notes);
  read_pixel_table(json, sidecar, out);
  read_own(json, sidecar, out);

  LineReader lines(csv);
  std::string_view line;
  if (!lines.next(line)) throw InputError(fmt::format("{}: the file is empty; accepted is a recording", name));
  const Header header = read_header(line, json, name, sidecar);
  std::size_t rows = 0;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const auto cells = split_cells(line, ',', most_columns, fmt::format("{}: line {}", name, lines.number()));
    if (cells.size() != header.names.size())
      throw InputError(fmt::format("{}: line {}: {} cells; accepted are {}, one per column", name, lines.number(),
                                   cells.size(), header.names.size()));
    if (++rows > most_samples) throw InputError(fmt::format("{}: more than {} samples", name, most_samples));
    read_row(cells, header, name, lines.number(), out);
  }
  if (out.t.size() != rows)
    out.notes.push_back(fmt::format("left out: {} samples of the orientation marker", rows - out.t.size()));
  require_whole(out, name);
  return out;
}

}  // namespace seccm::files
