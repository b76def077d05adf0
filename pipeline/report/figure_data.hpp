// What several figures look up in the results.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "pipeline/report/report.hpp"

namespace seccm::report {

std::set<int> accepted_points(const ReportInputs& inputs);
/// Usable estimates of a quantity in one direction.
std::vector<const files::Estimate*> estimates_of(const ReportInputs& inputs, std::string_view quantity, int direction);
/// Volume from the micrograph by point, m³.
std::map<int, double> volumes(const ReportInputs& inputs);
/// Accepted points ordered by volume, the points without one last.
std::vector<int> by_size(const ReportInputs& inputs);
/// At most n entries, spread evenly over the list with both ends kept.
std::vector<int> spread(const std::vector<int>& all, std::size_t n);
/// "anodic", "cathodic"
std::string_view sweep_name(int direction);
/// "50 mV/s"
std::string rate_name(double scan_rate);

}  // namespace seccm::report
