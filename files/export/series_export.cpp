// Time series as text: Battery Data Format, frictionless data package (unitpackage).
#include <fmt/format.h>

#include "files/export/export_run.hpp"
#include "files/export/run_samples.hpp"
#include "files/json.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

fs::path with_suffix(fs::path target, std::string_view suffix) {
  if (target.string().ends_with(suffix)) return target;
  target.replace_extension(suffix);
  return target;
}

Json field(const char* name, const char* type, const char* unit, const char* description) {
  return {{"name", name}, {"type", type}, {"unit", unit}, {"description", description}};
}

}  // namespace

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
