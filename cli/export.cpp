#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/output.hpp"
#include "cli/verbs.hpp"
#include "files/atomic_file.hpp"
#include "files/export/export_run.hpp"
#include "jobs/version.hpp"

namespace seccm::cli {

int run(const ExportOptions& options) {
  const auto names = files::export_format_names;
  const auto format =
      static_cast<files::ExportFormat>(std::find(names.begin(), names.end(), options.format) - names.begin());
  files::ExportOptions settings;
  settings.point = options.point;
  settings.image = options.image;
  settings.quantity = options.quantity;
  if (options.polarity == to_string(files::Polarity::iupac)) settings.polarity = files::Polarity::iupac;
  settings.software = jobs::software();
  settings.started = options.started;
  settings.every_frame = options.every_frame;
  settings.say = [&](const std::string& text) { note(options.common, "Note: " + text); };
  const std::filesystem::path target = options.output;
  for (const char* extension : {".csv", ".json"})
    files::require_apart(std::filesystem::path(target).replace_extension(extension), {options.run});
  files::require_apart(target, {options.run});
  const files::RunReader reader(options.run);
  const auto written = files::export_run(reader, format, target, settings);
  if (options.common.json) {
    auto list = nlohmann::ordered_json::array();
    for (const auto& path : written) list.push_back(path.string());
    print(nlohmann::ordered_json{{"run", options.run}, {"format", options.format}, {"files", list}}.dump(2) + "\n");
    return success;
  }
  for (const auto& path : written) summarise(options.common, path.string() + "\n");
  return success;
}

}  // namespace seccm::cli
