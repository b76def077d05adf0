// Recording schema v2 of the open WEC-SPM host. What our import reads back beyond the schema stands in "seccm".
#include <fmt/format.h>

#include <map>

#include "files/export/export_run.hpp"
#include "files/export/run_samples.hpp"
#include "files/json.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

const char* const columns[] = {"elapsed_s",  "x_um",        "y_um",        "z_um",        "voltage1_v",
                               "voltage2_v", "current1_na", "current2_na", "line_number", "scan_pixel"};

bool in_array(const PointRecord& point) {
  return point.kind == PointKind::target || point.kind == PointKind::blank || point.kind == PointKind::grid;
}

/// Number of a point in the order of the scan: targets, blanks and nodes; calibration landings are set-up.
std::map<int, int> pixel_numbers(const RunSummary& summary) {
  std::map<int, int> numbers;
  for (const PointRecord& point : summary.points) {
    const auto next = static_cast<int>(numbers.size());
    if (in_array(point)) numbers.emplace(point.index, next);
  }
  return numbers;
}

Json grid_of(const RunSummary& summary, const std::map<int, int>& numbers) {
  Json pixels = Json::array();
  for (const PointRecord& p : summary.points) {
    const auto number = numbers.find(p.index);
    if (number == numbers.end()) continue;
    pixels.push_back({{"scan_pixel", number->second},
                      {"x_um", 1e6 * p.target_x},
                      {"y_um", 1e6 * p.target_y},
                      {"kind", std::string(to_string(p.kind))},
                      {"verdict", p.verdict}});
  }
  return {{"coordinate_unit", "um"}, {"path", "list"}, {"pixel_count", pixels.size()}, {"pixels", pixels}};
}

Json scale_json(const Scale& scale) {
  return {{"lsb", scale.lsb}, {"offset", scale.offset}};
}

Json own_part(const RunReader& run, std::int64_t first_tick, const ExportOptions& options) {
  const RunSummary& s = run.summary();
  Json own{{"software", options.software},
           {"scenario_name", s.header.scenario_name},
           {"polarity", std::string(to_string(options.polarity))},
           {"first_tick", first_tick},
           {"tick_s", s.header.tick},
           {"pipette_diameter_m", s.header.pipette_diameter},
           {"current_range_A", s.header.current_range},
           {"x_m", scale_json(s.header.x)},
           {"y_m", scale_json(s.header.y)},
           {"z_m", scale_json(s.header.z)},
           {"E1_V", scale_json(s.header.E1)},
           {"E2_V", scale_json(s.header.E2)},
           {"i1_A", scale_json(s.header.i1)},
           {"i2_A", scale_json(s.header.i2)}};
  Json calibrations = Json::array();
  for (const ReferenceCalibration& c : s.reference_calibrations)
    if (c.valid)
      calibrations.push_back({{"t_s", c.t},
                              {"half_wave_vs_QRCE_V", c.half_wave_vs_QRCE},
                              {"offset_vs_Li_V", c.offset_vs_Li},
                              {"standard_error_V", c.standard_error},
                              {"limiting_current_A", c.limiting_current}});
  own["reference_calibrations"] = calibrations;
  return own;
}

/// Fixed decimals without trailing zeros: "12.5", "0".
std::string decimal(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace

std::vector<fs::path> export_schema_v2(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  fs::path csv_path = target, json_path = target;
  csv_path.replace_extension(".csv");
  json_path.replace_extension(".json");
  const RunSummary& s = run.summary();
  const std::map<int, int> numbers = pixel_numbers(s);
  const double sign = sign_of(options.polarity);
  const double t0 = s.frames > 0 ? run.frames(0, 1).t.front() : 0.0;

  TextFile csv(csv_path);
  csv.write(fmt::format("{}\n", fmt::join(columns, ",")));
  for_each_sample(run, std::nullopt, [&](const RunSample& f) {
    const auto pixel = numbers.find(f.point);
    csv.write(fmt::format("{},{},{},{},{},{},{:.10g},{:.10g},{},{}\n", decimal(f.t - t0, 9), decimal(1e6 * f.x, 5),
                          decimal(1e6 * f.y, 5), decimal(1e6 * f.z, 5), decimal(sign * f.E1, 7),
                          decimal(sign * f.E2, 7), 1e9 * sign * f.i1, 1e9 * sign * f.i2, f.tag,
                          pixel == numbers.end() ? -1 : pixel->second));
  });
  csv.commit();

  const Json sidecar{{"experiment", s.header.scenario_name},
                     {"recording_schema_version", 2},
                     {"status", s.status == "complete" ? "complete" : "aborted"},
                     {"sample_count", s.frames},
                     {"csv_columns", std::vector<std::string>(std::begin(columns), std::end(columns))},
                     {"source_elapsed_origin_s", t0},
                     {"settings", Json::object()},
                     {"parameters", Json::object()},
                     {"scan_grid", grid_of(s, numbers)},
                     {"seccm", own_part(run, std::llround(t0 / s.header.tick), options)}};
  write_atomically(json_path, dump(sidecar));
  return {csv_path, json_path};
}

}  // namespace seccm::files
