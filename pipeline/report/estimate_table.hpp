// The estimates of a run as a person reads them, without any truth: by question, with unit, interval and verdicts.
#pragma once

#include <string>

#include "files/results_file.hpp"
#include "pipeline/validation/text_table.hpp"

namespace seccm::report {

/// One point: each number with its interval. Several: median over the points, the range that holds the middle 68 % of
/// them, and the interval that a single point typically has. "" without estimates.
std::vector<validation::Section> estimate_sections(const files::Results& results);
std::string estimate_text(const files::Results& results);

}  // namespace seccm::report
