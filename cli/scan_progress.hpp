// The scan's own progress on the terminal line.
#pragma once

#include "cli/progress_line.hpp"
#include "pipeline/scan/smart_scan.hpp"

namespace seccm::cli {

/// Shows the stage, the points done and the last verdict; `prefix` names the run of a campaign.
void show(ProgressLine& line, const scan::Progress& progress, std::string_view prefix = {});

}  // namespace seccm::cli
