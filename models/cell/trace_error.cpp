#include "models/cell/trace_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/error.hpp"
#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

constexpr std::size_t fewest_neighbours = 8;
constexpr double share_of_largest = 0.1;

/// Rows of the same scan rate that follow each other.
struct Block {
  std::size_t first = 0, end = 0;
  double rate = 0.0;
};

constexpr std::size_t stride = 16;
bool all_are(double wanted, const double* value) {
  bool all = true;
  for (std::size_t k = 0; k < stride; ++k) all &= value[k] == wanted;
  return all;
}

std::vector<Block> blocks_of(const Trace& trace) {
  std::vector<Block> blocks;
  const double* rate = trace.scan_rate.data();
  for (std::size_t first = 0; first < trace.size();) {
    std::size_t end = first + 1;
    while (end + stride <= trace.size() && all_are(rate[first], rate + end)) end += stride;
    while (end < trace.size() && rate[end] == rate[first]) ++end;
    blocks.push_back({first, end, rate[first]});
    first = end;
  }
  return blocks;
}

SECCM_CLONES double largest_of(const double* value, std::size_t size) {
  double largest = 0.0;
#pragma omp simd reduction(max : largest)
  for (std::size_t k = 0; k < size; ++k) {
    const double a = value[k] < 0.0 ? -value[k] : value[k];
    largest = a > largest ? a : largest;
  }
  return largest;
}

/// value[k] becomes the largest of value[k] to value[k + apart], for those that have both.
SECCM_CLONES void take_larger(double* value, std::size_t size, std::size_t apart) {
#pragma omp simd
  for (std::size_t k = 0; k < size; ++k) value[k] = value[k + apart] > value[k] ? value[k + apart] : value[k];
}

SECCM_CLONES void at_least(double* value, std::size_t size, double share, double least) {
#pragma omp simd
  for (std::size_t k = 0; k < size; ++k) {
    const double a = share * value[k];
    value[k] = a > least ? a : least;
  }
}

/// Every value, none below 0, becomes the largest of those from k - reach to k + reach: of windows that double, two of
/// which cover that of a row.
void spread(double* value, std::size_t size, std::size_t reach, std::vector<double>& wide) {
  reach = std::min(reach, size);
  wide.assign(size + 2 * reach, 0.0);
  std::copy_n(value, size, wide.data() + reach);
  const std::size_t window = 2 * reach + 1;
  std::size_t width = 1;
  for (; 2 * width <= window; width *= 2) take_larger(wide.data(), wide.size() - width, width);
  take_larger(wide.data(), size, window - width);
  std::copy_n(wide.data(), size, value);
}

/// How many rows are neighbours; a hold has no potential to measure them by.
std::size_t reach_in(const Block& block, const Trace& trace, double thermal) {
  const double step =
      block.end - block.first > 1 ? std::abs(trace.E_vs_Li[block.first + 1] - trace.E_vs_Li[block.first]) : 0.0;
  if (block.rate == 0.0 || step == 0.0) return fewest_neighbours;
  return std::max(fewest_neighbours, static_cast<std::size_t>(std::min(1e6, thermal / step)));
}

/// Largest magnitudes, scan rate by scan rate.
class LargestByRate {
 public:
  LargestByRate(const std::vector<Block>& blocks, const std::vector<double>& value) {
    for (const Block& block : blocks) {
      double& largest = of_rate(block.rate);
      largest = std::max(largest, largest_of(value.data() + block.first, block.end - block.first));
    }
  }
  /// Holds have the largest of all.
  [[nodiscard]] double unit_of(double rate) { return rate > 0.0 ? of_rate(rate) : of_all(); }
  [[nodiscard]] double of_all() const {
    double all = 0.0;
    for (const auto& [rate, largest] : rates_) all = std::max(all, largest);
    return all;
  }
  double& of_rate(double rate) {
    for (auto& [known, largest] : rates_) {
      if (known == rate) return largest;
    }
    return rates_.emplace_back(rate, 0.0).second;
  }
  [[nodiscard]] const std::vector<std::pair<double, double>>& rates() const { return rates_; }

 private:
  std::vector<std::pair<double, double>> rates_;  // few
};

SECCM_CLONES double nearest_to(double wanted, const double* value, std::size_t size) {
  double nearest = std::numeric_limits<double>::infinity();
#pragma omp simd reduction(min : nearest)
  for (std::size_t k = 0; k < size; ++k) {
    const double off = value[k] - wanted;
    const double apart = off < 0.0 ? -off : off;
    nearest = apart < nearest ? apart : nearest;
  }
  return nearest;
}

/// The stated error of the row that is next to a peak in current: two runs may share a peak by chance.
double error_beside(const Trace& trace, const TracePeak& peak) {
  if (peak.current == 0.0) return 0.0;
  const double nearest = nearest_to(peak.current, trace.current.data(), trace.size());
  const auto next = std::find_if(trace.current.begin(), trace.current.end(),
                                 [&](double i) { return std::abs(i - peak.current) == nearest; });
  return next == trace.current.end() ? 0.0
                                     : trace.current_error[static_cast<std::size_t>(next - trace.current.begin())];
}

/// |fine - other| of every row's current that both runs have, 0 elsewhere; of their charge and lithium the largest.
TraceError difference(const Trace& fine, const Trace& other) {
  TraceError error{.current = std::vector<double>(fine.size(), 0.0)};
  std::size_t common = 0, k = 0;
  for (std::size_t j = 0; j < other.size(); ++j) {
    const double near = 1e-9 * std::max(other.time[j], 1e-30);
    while (k < fine.size() && fine.time[k] < other.time[j] - near) ++k;
    if (k == fine.size()) break;
    if (fine.time[k] > other.time[j] + near) continue;
    error.current[k] = std::abs(fine.current[k] - other.current[j]);
    error.charge = std::max(error.charge, std::abs(fine.charge[k] - other.charge[j]));
    error.lithium = std::max(error.lithium, std::abs(fine.lithium[k] - other.lithium[j]));
    ++common;
    ++k;
  }
  if (common == 0) throw InputError("trace: the two runs have no row in common");
  error.highest = std::abs(fine.highest.current - other.highest.current);
  error.lowest = std::abs(fine.lowest.current - other.lowest.current);
  return error;
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
  TraceError error = difference(fine, other);
  const std::vector<Block> blocks = blocks_of(fine);
  std::vector<double> wide;
  LargestByRate largest(blocks, error.current);
  for (const Block& block : blocks) {
    double* current = error.current.data() + block.first;
    const std::size_t rows = block.end - block.first;
    spread(current, rows, reach_in(block, fine, thermal), wide);
    at_least(current, rows, share, share * share_of_largest * largest.of_rate(block.rate));
  }
  for (double* part : {&error.highest, &error.lowest, &error.charge, &error.lithium}) *part *= share;
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
  const std::vector<Block> blocks = blocks_of(trace);
  LargestByRate largest(blocks, trace.current);
  for (const Block& block : blocks) {
    at_least(trace.current_error.data() + block.first, block.end - block.first, 1.0,
             relative * largest.unit_of(block.rate));
  }
  for (const auto peak : {&Trace::highest, &Trace::lowest}) {
    (trace.*peak).error = std::max((trace.*peak).error, error_beside(trace, trace.*peak));
  }
}

double relative_error(const Trace& trace, const std::vector<double>& current_error) {
  const std::vector<Block> blocks = blocks_of(trace);
  LargestByRate current(blocks, trace.current);
  const LargestByRate error(blocks, current_error);
  double worst = 0.0;
  for (const auto& [rate, of_rate] : error.rates()) {
    const double unit = current.unit_of(rate);
    if (of_rate > 0.0 && unit > 0.0) worst = std::max(worst, of_rate / unit);
  }
  return worst;
}

}  // namespace seccm::models
