#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "files/import/import_run.hpp"
#include "jobs/import_statement.hpp"
#include "jobs/version.hpp"
#include "sim/quantity.hpp"

namespace seccm::cli {
namespace {

files::ImportOptions settings_of(const ImportOptions& options) {
  files::ImportOptions out;
  if (!options.map.empty()) jobs::read_import_statements(options.map, out);
  if (!options.polarity.empty()) jobs::state_polarity("--polarity", options.polarity, out);
  if (!options.columns.empty()) jobs::state_columns(options.columns, out);
  if (!options.scan_rate.empty()) jobs::state_scan_rate("--scan-rate", options.scan_rate, out);
  if (!options.reference_offset.empty()) {
    const auto offset = jobs::parse_statement("--reference-offset", options.reference_offset, Potential::dimension,
                                              -10.0, 10.0, "a potential, \"-10 V\" to \"10 V\", such as \"3.05 V\"");
    out.reference_offset = offset.value;
    out.reference_error = offset.standard_error;
  }
  if (!options.reference_error.empty())
    out.reference_error = jobs::parse_statement("--reference-error", options.reference_error, Potential::dimension, 0.0,
                                                10.0, "a potential, \"0 V\" to \"10 V\", such as \"10 mV\"")
                              .value;
  for (const auto& [name, text] : {std::pair{files::stated_pipette_diameter, &options.pipette_diameter},
                                   {files::stated_area, &options.area},
                                   {files::stated_particle_radius, &options.radius}})
    if (!text->empty()) jobs::state_known(name, *text, out);
  out.software = jobs::software();
  return out;
}

nlohmann::ordered_json json_of(const files::ImportReport& report, const std::string& run) {
  nlohmann::ordered_json rates = nlohmann::ordered_json::array();
  for (const auto& rate : report.rates)
    rates.push_back({{"scan_rate_V_s", rate.scan_rate},
                     {"cycles", rate.cycles},
                     {"anodic_ramps", rate.anodic},
                     {"cathodic_ramps", rate.cathodic}});
  return {{"run", run},
          {"format", report.format},
          {"polarity", std::string(to_string(report.polarity))},
          {"complete", report.complete},
          {"frames", report.frames},
          {"points", report.points},
          {"ramps", report.ramps},
          {"rates", rates},
          {"notes", report.notes}};
}

std::string text_of(const files::ImportReport& report, const std::string& run) {
  std::string text = fmt::format("{}: {} frames, {} points, {} ramps from {}, polarity {}\n", run, report.frames,
                                 report.points, report.ramps, report.format, to_string(report.polarity));
  for (const auto& rate : report.rates)
    text += fmt::format("  {:.6g} mV/s: {} cycle{}, {} anodic and {} cathodic ramps\n", 1e3 * rate.scan_rate,
                        rate.cycles, rate.cycles == 1 ? "" : "s", rate.anodic, rate.cathodic);
  for (const std::string& line : report.notes) text += "  " + line + "\n";
  return text;
}

/// The files that are read: the sources and what may stand beside them.
std::vector<std::filesystem::path> files_read(const std::vector<std::string>& sources) {
  std::vector<std::filesystem::path> out;
  for (const std::filesystem::path source : sources) {
    out.push_back(source);
    for (const char* extension : {".csv", ".json", ".set", ".SET"})
      out.push_back(std::filesystem::path(source).replace_extension(extension));
  }
  return out;
}

}  // namespace

int run(const ImportOptions& options) {
  const files::ImportOptions settings = settings_of(options);
  files::require_writable(options.output);
  for (const std::filesystem::path& file : files_read(options.sources)) files::require_apart(options.output, {file});
  const std::vector<std::filesystem::path> sources(options.sources.begin(), options.sources.end());
  const files::ImportReport report =
      files::write_foreign(files::read_foreign(sources, settings), options.output, settings);
  if (options.common.json) {
    print(json_of(report, options.output).dump(2) + "\n");
  } else {
    summarise(options.common, text_of(report, options.output));
  }
  return success;
}

}  // namespace seccm::cli
