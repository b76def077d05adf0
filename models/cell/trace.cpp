#include "models/cell/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// Rows k-1, k and k+1 are of one sweep.
bool inside_a_sweep(const Trace& trace, std::size_t k) {
  if (k == 0 || k + 1 >= trace.size()) return false;
  const double left = trace.E_vs_Li[k] - trace.E_vs_Li[k - 1];
  const double right = trace.E_vs_Li[k + 1] - trace.E_vs_Li[k];
  return left * right > 0.0;
}

TracePeak peak_at(const Trace& trace, std::size_t k) {
  TracePeak peak{.current = trace.current[k], .E_vs_Li = trace.E_vs_Li[k], .error = 0.0};
  if (!inside_a_sweep(trace, k)) return peak;
  const double a = trace.current[k - 1] - trace.current[k];
  const double b = trace.current[k + 1] - trace.current[k];
  const double curvature = a + b;
  if (a * b <= 0.0 || curvature == 0.0) return peak;
  const double at = 0.5 * (a - b) / curvature;  // in rows
  const double above = -0.125 * (a - b) * (a - b) / curvature;
  peak.current += above;
  peak.E_vs_Li += at * 0.5 * (trace.E_vs_Li[k + 1] - trace.E_vs_Li[k - 1]);
  peak.error = std::abs(above);
  return peak;
}

template <class T>
void keep(std::vector<T>& column, const std::vector<std::size_t>& rows) {
  if (column.empty()) return;
  for (std::size_t k = 0; k < rows.size(); ++k) column[k] = column[rows[k]];
  column.resize(rows.size());
}

}  // namespace

void Trace::reserve(std::size_t rows) {
  for (auto* column : {&time, &E_vs_Li, &current, &scan_rate, &charge, &lithium}) column->reserve(rows);
  cycle.reserve(rows);
  components.reserve(rows);
}

void find_peaks(Trace& trace) {
  if (trace.size() == 0) return;
  const auto [low, high] = std::minmax_element(trace.current.begin(), trace.current.end());
  trace.highest = peak_at(trace, static_cast<std::size_t>(high - trace.current.begin()));
  trace.lowest = peak_at(trace, static_cast<std::size_t>(low - trace.current.begin()));
}

void keep_rows(Trace& trace, const std::vector<double>& times) {
  std::vector<std::size_t> rows;
  rows.reserve(times.size());
  std::size_t k = 0;
  for (const double time : times) {
    const double near = 1e-9 * std::max(time, 1e-30);
    while (k < trace.size() && trace.time[k] < time - near) ++k;
    if (k == trace.size() || trace.time[k] > time + near) {
      throw InputError(fmt::format("trace: no row at t = {:.12g} s", time));
    }
    rows.push_back(k++);
  }
  for (auto* column : {&trace.time, &trace.E_vs_Li, &trace.current, &trace.scan_rate, &trace.charge, &trace.lithium,
                       &trace.current_error}) {
    keep(*column, rows);
  }
  keep(trace.cycle, rows);
  keep(trace.components, rows);
  keep(trace.liquid, rows);
}

}  // namespace seccm::models
