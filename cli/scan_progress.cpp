#include "cli/scan_progress.hpp"

#include <fmt/format.h>

namespace seccm::cli {

void show(ProgressLine& line, const scan::Progress& progress, std::string_view prefix) {
  const double total = progress.device_time + progress.time_left;
  const double fraction = total > 0.0 ? progress.device_time / total : 0.0;
  std::string what = fmt::format("{}{}", prefix, progress.stage);
  if (progress.total > 0) what += fmt::format(" {}/{}", progress.done, progress.total);
  what += fmt::format(", {} of rig time", in_words(progress.device_time));
  if (!progress.message.empty()) what += fmt::format("  [{}]", progress.message.substr(0, 40));
  line.show(what, fraction);
}

}  // namespace seccm::cli
