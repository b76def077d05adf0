#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "files/import/import_run.hpp"
#include "scenarios/version.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/units.hpp"

namespace seccm::cli {
namespace {

std::optional<double> quantity(const char* option, const std::string& text, Dimension dimension, double low,
                               double high, const char* accepted) {
  if (text.empty()) return std::nullopt;
  const ParsedQuantity parsed = parse_quantity(text);
  if (parsed.dimension != dimension || !(parsed.si >= low && parsed.si <= high))
    throw InputError(fmt::format("{} \"{}\": accepted is {}", option, text, accepted));
  return parsed.si;
}

files::ImportOptions settings_of(const ImportOptions& options) {
  files::ImportOptions out;
  if (options.polarity == to_string(files::Polarity::wec_spm)) out.polarity = files::Polarity::wec_spm;
  if (options.polarity == to_string(files::Polarity::iupac)) out.polarity = files::Polarity::iupac;
  out.reference_offset = quantity("--reference-offset", options.reference_offset, Potential::dimension, -10.0, 10.0,
                                  "a potential, \"-10 V\" to \"10 V\", such as \"3.05 V\"");
  out.reference_error = quantity("--reference-error", options.reference_error, Potential::dimension, 0.0, 10.0,
                                 "a potential, \"0 V\" to \"10 V\", such as \"10 mV\"")
                            .value_or(0.0);
  out.pipette_diameter = quantity("--pipette-diameter", options.pipette_diameter, Length::dimension, 1e-9, 1e-3,
                                  "a length, \"1 nm\" to \"1 mm\", such as \"1 um\"");
  out.software = scenarios::software_name();
  return out;
}

}  // namespace

int run(const ImportOptions& options) {
  const files::ImportOptions settings = settings_of(options);
  files::require_writable(options.output);
  const std::filesystem::path source = options.source;
  const auto beside = [&](const char* extension) { return std::filesystem::path(source).replace_extension(extension); };
  files::require_apart(options.output, {source, beside(".csv"), beside(".json"), beside(".set"), beside(".SET")});
  const files::ImportReport report =
      files::write_foreign(files::read_foreign(options.source, settings), options.output, settings);
  if (options.common.json) {
    print(nlohmann::ordered_json{{"run", options.output},
                                 {"format", report.format},
                                 {"polarity", std::string(to_string(report.polarity))},
                                 {"complete", report.complete},
                                 {"frames", report.frames},
                                 {"points", report.points},
                                 {"ramps", report.ramps},
                                 {"notes", report.notes}}
              .dump(2) +
          "\n");
    return success;
  }
  std::string text = fmt::format("{}: {} frames, {} points, {} ramps from {}, polarity {}\n", options.output,
                                 report.frames, report.points, report.ramps, report.format, to_string(report.polarity));
  for (const std::string& line : report.notes) text += "  " + line + "\n";
  print(text);
  return success;
}

}  // namespace seccm::cli
