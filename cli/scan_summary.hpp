// The outcome of a scan, for people and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/verbs.hpp"
#include "jobs/scan.hpp"
#include "pipeline/validation/text_table.hpp"

namespace seccm::cli {

nlohmann::ordered_json to_json(const jobs::ScanReport& report);
/// What `to_text` says, as facts for a page.
validation::Section section_of(const jobs::ScanReport& report);
std::string to_text(const jobs::ScanReport& report);

/// 0 complete, 130 interrupted, 3 device fault, 1 a calibration failed.
int status_of(scan::Ending ending);

}  // namespace seccm::cli
