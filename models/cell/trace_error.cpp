#include "models/cell/trace_error.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr std::size_t fewest_neighbours = 8;
constexpr double share_of_largest = 0.1;
constexpr double unknown = -1.0;

/// |fine - other| of every row's current; `unknown` where the other run has no such row.
std::vector<double> differences(const Trace& fine, const Trace& other) {
  std::vector<double> difference(fine.size(), unknown);
  std::size_t j = 0;
  for (std::size_t k = 0; k < fine.size(); ++k) {
    const double near = 1e-9 * std::max(fine.time[k], 1e-30);
    while (j < other.size() && other.time[j] < fine.time[k] - near) ++j;
    if (j < other.size() && other.time[j] <= fine.time[k] + near) {
      difference[k] = std::abs(fine.current[k] - other.current[j]);
      ++j;
    }
  }
  return difference;
}

/// The largest of the values from k - reach to k + reach, for the rows of one block.
void spread_block(const double* value, std::size_t rows, std::size_t reach, double* wide) {
  std::deque<std::size_t> falling;  // candidates, their values fall
  std::size_t entered = 0;
  for (std::size_t k = 0; k < rows; ++k) {
    for (; entered < rows && entered <= k + reach; ++entered) {
      while (!falling.empty() && value[falling.back()] <= value[entered]) falling.pop_back();
      falling.push_back(entered);
    }
    while (falling.front() + reach < k) falling.pop_front();
    wide[k] = std::max(0.0, value[falling.front()]);
  }
}

/// Rows of the same scan rate follow each other in blocks; a hold has no potential to measure neighbours by.
std::vector<double> spread(const Trace& trace, const std::vector<double>& difference, double thermal) {
  std::vector<double> wide(trace.size(), 0.0);
  for (std::size_t first = 0; first < trace.size();) {
    std::size_t end = first;
    while (end < trace.size() && trace.scan_rate[end] == trace.scan_rate[first]) ++end;
    std::size_t reach = fewest_neighbours;
    const double step = end - first > 1 ? std::abs(trace.E_vs_Li[first + 1] - trace.E_vs_Li[first]) : 0.0;
    if (trace.scan_rate[first] > 0.0 && step > 0.0) {
      reach = std::max(reach, static_cast<std::size_t>(std::min(1e6, thermal / step)));
    }
    spread_block(difference.data() + first, end - first, reach, wide.data() + first);
    first = end;
  }
  return wide;
}

std::map<double, double> largest_by_rate(const Trace& trace, const std::vector<double>& value) {
  std::map<double, double> largest;
  double* of_rate = nullptr;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    if (k == 0 || trace.scan_rate[k] != trace.scan_rate[k - 1]) of_rate = &largest[trace.scan_rate[k]];
    *of_rate = std::max(*of_rate, std::abs(value[k]));
  }
  return largest;
}

/// The stated error of the row that is next to a peak in current: two runs may share a peak by chance.
double error_beside(const Trace& trace, const TracePeak& peak) {
  if (peak.current == 0.0) return 0.0;
  std::size_t next = 0;
  for (std::size_t k = 1; k < trace.size(); ++k) {
    if (std::abs(trace.current[k] - peak.current) < std::abs(trace.current[next] - peak.current)) next = k;
  }
  return trace.current_error[next];
}

/// Largest differences of charge and lithium between rows that both runs have.
void compare_balances(const Trace& fine, const Trace& other, double share, TraceError& error) {
  std::size_t j = 0;
  for (std::size_t k = 0; k < fine.size(); ++k) {
    const double near = 1e-9 * std::max(fine.time[k], 1e-30);
    while (j < other.size() && other.time[j] < fine.time[k] - near) ++j;
    if (j == other.size() || other.time[j] > fine.time[k] + near) continue;
    error.charge = std::max(error.charge, share * std::abs(fine.charge[k] - other.charge[j]));
    error.lithium = std::max(error.lithium, share * std::abs(fine.lithium[k] - other.lithium[j]));
  }
}

}  // namespace

TraceError& TraceError::operator+=(const TraceError& other) {
  for (std::size_t k = 0; k < current.size(); ++k) current[k] += other.current[k];
  highest += other.highest;
  lowest += other.lowest;
  charge += other.charge;
  lithium += other.lithium;
  return *this;
}

TraceError error_between(const Trace& fine, const Trace& other, double share, double thermal) {
  const std::vector<double> difference = differences(fine, other);
  if (std::all_of(difference.begin(), difference.end(), [](double d) { return d == unknown; })) {
    throw InputError("trace: the two runs have no row in common");
  }
  TraceError error{.current = spread(fine, difference, thermal)};
  const auto floor = largest_by_rate(fine, error.current);
  double least = 0.0;
  for (std::size_t k = 0; k < fine.size(); ++k) {
    if (k == 0 || fine.scan_rate[k] != fine.scan_rate[k - 1]) least = share_of_largest * floor.at(fine.scan_rate[k]);
    error.current[k] = share * std::max(error.current[k], least);
  }
  compare_balances(fine, other, share, error);
  error.highest = share * std::abs(fine.highest.current - other.highest.current);
  error.lowest = share * std::abs(fine.lowest.current - other.lowest.current);
  return error;
}

void state_error(Trace& trace, const TraceError& error) {
  trace.current_error = error.current;
  trace.charge_error = error.charge;
  trace.lithium_error = error.lithium;
  trace.highest.error += std::max(error.highest, error_beside(trace, trace.highest));
  trace.lowest.error += std::max(error.lowest, error_beside(trace, trace.lowest));
}

void state_at_least(Trace& trace, double relative) {
  const auto current = largest_by_rate(trace, trace.current);
  double largest = 0.0;
  for (const auto& [rate, of_rate] : current) largest = std::max(largest, of_rate);
  double unit = 0.0;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    const double rate = trace.scan_rate[k];
    if (k == 0 || rate != trace.scan_rate[k - 1]) unit = rate > 0.0 ? current.at(rate) : largest;
    trace.current_error[k] = std::max(trace.current_error[k], relative * unit);
  }
  for (const auto peak : {&Trace::highest, &Trace::lowest}) {
    (trace.*peak).error = std::max((trace.*peak).error, error_beside(trace, trace.*peak));
  }
}

double relative_error(const Trace& trace, const std::vector<double>& current_error) {
  const auto current = largest_by_rate(trace, trace.current);
  const auto error = largest_by_rate(trace, current_error);
  double largest = 0.0;
  for (const auto& [rate, of_rate] : current) largest = std::max(largest, of_rate);
  double worst = 0.0;
  for (const auto& [rate, of_rate] : error) {
    const double unit = rate > 0.0 ? current.at(rate) : largest;
    if (of_rate > 0.0 && unit > 0.0) worst = std::max(worst, of_rate / unit);
  }
  return worst;
}

}  // namespace seccm::models
