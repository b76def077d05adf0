#include "cli/scan_progress.hpp"

#include <fmt/format.h>

#include <optional>

namespace seccm::cli {

void show(ProgressLine& line, const scan::Progress& progress, std::string_view prefix) {
  // Before the tour is planned nobody knows how long it takes.
  std::optional<double> fraction;
  if (progress.time_left > 0.0) fraction = progress.device_time / (progress.device_time + progress.time_left);
  std::string what = fmt::format("{}{}", prefix, progress.stage);
  if (progress.total > 0) what += fmt::format(" {}/{}", progress.done, progress.total);
  what += fmt::format(", {} of rig time", in_words(progress.device_time));
  if (!progress.message.empty()) what += fmt::format("  [{}]", progress.message.substr(0, 40));
  line.show(what, fraction);
}

}  // namespace seccm::cli
