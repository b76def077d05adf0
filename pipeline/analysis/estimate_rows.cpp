// Rows of the table of results: value, interval, verdict.
#include <cmath>

#include "files/quantities.hpp"
#include "pipeline/analysis/estimator_functions.hpp"

namespace seccm::analysis {

namespace {

files::Estimate row(const PointAnalysis& point, const RowKey& key) {
  files::Estimate e;
  e.point = point.index;
  e.estimator = key.estimator;
  e.quantity = key.quantity;
  e.unit = key.unit;
  e.direction = key.direction;
  e.cycle = key.cycle;
  e.scan_rate = key.scan_rate;
  e.scale = files::scale_of(key.quantity);
  return e;
}

bool is_finite(const Measured& m) {
  return std::isfinite(m.value) && std::isfinite(standard_error(m)) && std::isfinite(m.below) && !std::isnan(m.above);
}

}  // namespace

std::string joined(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  return b.empty() ? a : a + "; " + b;
}

void add_missing(Rows& rows, const PointAnalysis& point, const RowKey& key, std::string reason) {
  files::Estimate e = row(point, key);
  e.reason = std::move(reason);
  rows.push_back(std::move(e));
}

void add_measured(Rows& rows, const PointAnalysis& point, const RowKey& key, const Measured& m) {
  if (!m.known || !is_finite(m)) {
    add_missing(rows, point, key, m.known ? "not finite" : m.reason);
    return;
  }
  files::Estimate e = row(point, key);
  const StatedInterval interval = interval_of(m, e.scale);
  e.value = m.value;
  e.standard_error = standard_error(m);
  e.lower = interval.lower;
  e.upper = interval.upper;
  e.level = interval.level;
  e.reason = joined(interval.reason, m.reason);
  e.leaves_out = m.leaves_out;
  const bool reserved = !m.reason.empty() || !m.leaves_out.empty();
  e.verdict = interval.verdict == files::Verdict::valid && reserved ? files::Verdict::caveat : interval.verdict;
  rows.push_back(std::move(e));
}

void add_row(Rows& rows, const PointAnalysis& point, const RowKey& key, double value, double error,
             std::string caveat) {
  add_measured(rows, point, key, {.value = value, .error = error, .known = true, .reason = std::move(caveat)});
}

}  // namespace seccm::analysis
