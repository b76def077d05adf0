#include "models/cell/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// Rows k - reach to k + reach are of one sweep.
bool inside_a_sweep(const Trace& trace, std::size_t k, std::size_t reach) {
  if (k < reach || k + reach >= trace.size()) return false;
  const double left = trace.E_vs_Li[k] - trace.E_vs_Li[k - 1];
  for (std::size_t j = k - reach; j < k + reach; ++j) {
    if (left * (trace.E_vs_Li[j + 1] - trace.E_vs_Li[j]) <= 0.0) return false;
  }
  return true;
}

struct Crest {
  double above = 0.0;  ///< row k, A
  double at = 0.0;     ///< in rows from k
};

/// The vertex of the parabola through row k and those `reach` rows beside it.
Crest crest_at(const Trace& trace, std::size_t k, std::size_t reach) {
  const double a = trace.current[k - reach] - trace.current[k];
  const double b = trace.current[k + reach] - trace.current[k];
  const double curvature = a + b;
  if (a * b <= 0.0 || curvature == 0.0) return {};
  return {.above = -0.125 * (a - b) * (a - b) / curvature,
          .at = 0.5 * (a - b) / curvature * static_cast<double>(reach)};
}

TracePeak peak_at(const Trace& trace, std::size_t k) {
  TracePeak peak{.current = trace.current[k], .E_vs_Li = trace.E_vs_Li[k]};
  if (!inside_a_sweep(trace, k, 1)) return peak;
  const Crest crest = crest_at(trace, k, 1);
  if (crest.above == 0.0) return peak;
  peak.current += crest.above;
  peak.E_vs_Li += crest.at * 0.5 * (trace.E_vs_Li[k + 1] - trace.E_vs_Li[k - 1]);
  const double drop =
      std::max(std::abs(trace.current[k - 1] - trace.current[k]), std::abs(trace.current[k + 1] - trace.current[k]));
  // A wave that rows hardly resolve rises between them by more than the parabola tells: twice as far apart they show
  // it.
  peak.error = std::abs(crest.above) +
               (inside_a_sweep(trace, k, 2) ? std::abs(crest_at(trace, k, 2).above - crest.above) : drop);
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
