// Voltammograms and time series as text: BioLogic .mpt, Battery Data Format, frictionless data package (unitpackage).
#include <fmt/format.h>

#include <cmath>

#include "files/export/export_run.hpp"
#include "files/export/run_samples.hpp"
#include "files/json.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

bool has_voltammogram(const PointRecord& point) {
  for (const Leg& leg : point.legs)
    if (leg.kind == LegKind::ramp && leg.cycle >= 1 && leg.frame_end > leg.frame_begin) return true;
  return false;
}

void require_voltammogram(const RunReader& run, int index) {
  const PointRecord& point = point_of(run, index);
  if (!has_voltammogram(point))
    throw InputError(fmt::format("point {}: no voltammogram was recorded there ({})", index, point.verdict));
}

const ReferenceCalibration* calibration_of(const RunSummary& summary) {
  for (const ReferenceCalibration& c : summary.reference_calibrations)
    if (c.valid) return &c;
  return nullptr;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

/// EC-Lab text of one point. Its readers take the number of header lines from the second line and split at tabs.
void write_mpt(const RunReader& run, int index, const fs::path& target, const ExportOptions& options) {
  const RunSummary& s = run.summary();
  const PointRecord& point = point_of(run, index);
  std::vector<std::string> header{"",
                                  "Cyclic Voltammetry",
                                  "",
                                  fmt::format("Run : {}", printable(s.header.scenario_name)),
                                  fmt::format("Written by : {}", printable(options.software)),
                                  fmt::format("Point : {} ({}) at x = {:.4f} um, y = {:.4f} um", index,
                                              to_string(point.kind), 1e6 * point.contact_x, 1e6 * point.contact_y),
                                  "Reference electrode : quasi-reference counter electrode in the pipette"};
  if (const ReferenceCalibration* c = calibration_of(s))
    header.push_back(fmt::format("E vs Li/Li+ = Ewe + {:.6f} V", c->offset_vs_Li));
  TextFile file(target);
  file.write(fmt::format("EC-Lab ASCII FILE\r\nNb header lines : {} \r\n", header.size() + 3));
  for (const std::string& line : header) file.write(line + "\r\n");
  file.write("time/s\tEwe/V\t<I>/mA\tcycle number\r\n");
  for_each_sample(run, index, [&](const RunSample& f) {
    file.write(fmt::format("{:.9f}\t{:.7f}\t{:.9e}\t{}\r\n", f.t, f.E1, 1e3 * f.i1, f.cycle));
  });
  file.commit();
}

fs::path with_suffix(fs::path target, std::string_view suffix) {
  if (target.string().ends_with(suffix)) return target;
  target.replace_extension(suffix);
  return target;
}

Json field(const char* name, const char* type, const char* unit, const char* description) {
  return {{"name", name}, {"type", type}, {"unit", unit}, {"description", description}};
}

}  // namespace

std::vector<fs::path> export_mpt(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  if (options.point) {
    require_voltammogram(run, *options.point);
    write_mpt(run, *options.point, target, options);
    return {target};
  }
  std::vector<fs::path> written;
  std::error_code code;
  fs::create_directories(target, code);
  if (code) throw InputError(fmt::format("{}: can not be made a directory: {}", target.string(), code.message()));
  for (const PointRecord& point : run.summary().points) {
    if (!has_voltammogram(point)) continue;
    written.push_back(target / fmt::format("point_{:04}.mpt", point.index));
    write_mpt(run, point.index, written.back(), options);
  }
  if (written.empty()) throw InputError("no point of the run holds a voltammogram");
  return written;
}

std::vector<fs::path> export_bdf(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  if (options.point) require_voltammogram(run, *options.point);
  const fs::path path = with_suffix(target, ".bdf.csv");
  TextFile file(path);
  file.write("Test Time / s,Voltage / V,Current / A,Cycle Count / 1\n");
  for_each_sample(run, options.point, [&](const RunSample& f) {
    file.write(fmt::format("{:.9f},{:.7f},{:.9e},{}\n", f.t, f.E1, f.i1, f.cycle));
  });
  file.commit();
  return {path};
}

std::vector<fs::path> export_unitpackage(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  if (options.point) require_voltammogram(run, *options.point);
  const fs::path csv = with_suffix(target, ".csv"), json = with_suffix(target, ".json");
  TextFile file(csv);
  file.write("t,E,I,x,y,z,cycle,point\n");
  for_each_sample(run, options.point, [&](const RunSample& f) {
    file.write(fmt::format("{:.9f},{:.7f},{:.9e},{:.6e},{:.6e},{:.6e},{},{}\n", f.t, f.E1, f.i1, f.x, f.y, f.z, f.cycle,
                           f.point));
  });
  file.commit();
  const RunSummary& s = run.summary();
  Json fields =
      Json::array({field("t", "number", "s", "device time"), field("E", "number", "V", "working electrode"),
                   field("I", "number", "A", "anodic positive"), field("x", "number", "m", "measured"),
                   field("y", "number", "m", "measured"), field("z", "number", "m", "measured, away from the sample"),
                   field("cycle", "integer", "1", "0 outside a voltammogram"),
                   field("point", "integer", "1", "-1 outside a point")});
  fields[1]["reference"] = "quasi-reference counter electrode";
  Json system{{"type", "scanning electrochemical cell microscopy"},
              {"pipette diameter", {{"value", s.header.pipette_diameter}, {"unit", "m"}}}};
  if (const ReferenceCalibration* c = calibration_of(s))
    system["potential of the reference electrode against Li/Li+"] = {{"value", c->offset_vs_Li}, {"unit", "V"}};
  const Json resource{{"name", "run"},
                      {"path", csv.filename().string()},
                      {"type", "table"},
                      {"format", "csv"},
                      {"mediatype", "text/csv"},
                      {"encoding", "utf-8"},
                      {"schema", {{"fields", fields}}},
                      {"metadata",
                       {{"echemdb",
                         {{"source", {{"scenario", s.header.scenario_name}, {"status", s.status}}},
                          {"software", options.software},
                          {"electrochemical system", system}}}}}};
  write_atomically(json, dump(Json{{"resources", Json::array({resource})}}));
  return {csv, json};
}

}  // namespace seccm::files
