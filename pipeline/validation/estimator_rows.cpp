#include "pipeline/validation/estimator_rows.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "pipeline/validation/reasons.hpp"
#include "pipeline/validation/true_values.hpp"

namespace seccm::validation {
namespace {

constexpr int fewest_landings_for_a_verdict = 5;

/// The values that go into one row before they are summarised.
struct Collection {
  EstimatorRow row;
  std::vector<Grouped> errors;
  std::vector<double> estimates, truths;
  std::vector<double> stated;  // decades, of the intervals closed on both sides
  int within = 0, covered = 0, with_interval = 0, limits = 0, limits_held = 0;
  ReasonTally lost;
  std::vector<std::string> leaves_out;  // each part once
};

// Nominal rates of different points are the same number up to how they were recorded.
bool equal_rates(double a, double b) {
  return std::abs(a - b) <= 1e-3 * std::max(a, b);
}

class Collector {
 public:
  Collector(const files::RunSummary& run, const files::Results& results, const Truth& truth, std::span<const int> match,
            const ValidationParameters& parameters)
      : truth_(truth), results_(results), parameters_(parameters) {
    for (std::size_t k = 0; k < run.points.size(); ++k)
      if (match[k] >= 0) landings_[run.points[k].index] = &truth.landings[static_cast<std::size_t>(match[k])];
    std::set<std::pair<std::string_view, std::string_view>> with_means;
    for (const auto& e : results.estimates)
      if (e.cycle == 0) with_means.emplace(e.estimator, e.quantity);
    for (const auto& e : results.estimates)
      if (e.cycle == 0 || !with_means.contains({e.estimator, e.quantity})) add(e);
  }

  std::vector<EstimatorRow> rows() {
    std::vector<EstimatorRow> rows;
    for (auto& c : collections_) rows.push_back(summarise(c));
    return rows;
  }

 private:
  Collection& collection(const files::Estimate& e, std::string_view meaning, bool relative) {
    for (auto& c : collections_)
      if (c.row.estimator == e.estimator && c.row.quantity == e.quantity && c.row.direction == e.direction &&
          equal_rates(c.row.scan_rate, e.scan_rate) && c.row.meaning == meaning)
        return c;
    Collection& c = collections_.emplace_back();
    c.row.estimator = e.estimator;
    c.row.quantity = e.quantity;
    c.row.unit = e.unit;
    c.row.direction = e.direction;
    c.row.scan_rate = e.scan_rate;
    c.row.meaning = meaning;
    c.row.relative = relative;
    return c;
  }

  void add(const files::Estimate& e) {
    const auto found = landings_.find(e.point);
    const TrueLanding* landing = found == landings_.end() ? nullptr : found->second;
    const auto truths = true_values(e, truth_, landing, analysed_cycles(results_, e.point, e.scan_rate));
    if (truths.empty()) {
      // Another row of this estimator may have a truth where this point has none: say so there, too.
      add(collection(e, "", false), e, std::nullopt);
      return;
    }
    for (const TrueValue& t : truths) add(collection(e, t.meaning, t.relative), e, t);
  }

  void add(Collection& c, const files::Estimate& e, const std::optional<TrueValue>& t) {
    ++c.row.n;
    if (t && t->claimed) judge_interval(c, e, t->value);
    if (!e.usable()) {
      c.lost.add(e.reason);
      return;
    }
    if (t && t->relative && !(e.value > 0.0)) {
      c.lost.add("not positive");
      return;
    }
    ++c.row.n_valid;
    c.estimates.push_back(e.value);
    double error = e.value;
    if (t) {
      c.truths.push_back(t->value);
      error = t->relative ? std::log10(e.value / t->value) : e.value - t->value;
      if (t->relative && std::abs(error) <= std::log10(parameters_.factor)) ++c.within;
    }
    c.errors.push_back({e.point, error});
  }

  /// A limit holds more easily than an interval: it counts for itself. One that excludes nothing counts as neither.
  static void judge_interval(Collection& c, const files::Estimate& e, double truth) {
    if (!(e.level > 0.0)) return;
    const int held = e.lower <= truth && truth <= e.upper ? 1 : 0;
    if (e.verdict == files::Verdict::one_sided) {
      ++c.limits;
      c.limits_held += held;
    }
    if (!e.usable()) return;
    c.row.level = std::max(c.row.level, e.level);
    ++c.with_interval;
    c.covered += held;
    if (e.lower > 0.0) c.stated.push_back(0.5 * std::log10(e.upper / e.lower) / normal_quantile(0.5 + 0.5 * e.level));
    add_parts(c.leaves_out, e.leaves_out);
  }

  EstimatorRow summarise(Collection& c) const {
    EstimatorRow& row = c.row;
    row.lost = c.lost.counts();
    row.leaves_out = fmt::format("{}", fmt::join(c.leaves_out, "; "));
    const std::string purpose = "validation/" + row.estimator + "/" + row.quantity + "/" +
                                std::to_string(row.direction) + "/" + row.meaning +
                                (row.scan_rate > 0.0 ? fmt::format("/{:g}", row.scan_rate) : "");
    row.bias = describe(c.errors, parameters_.confidence, parameters_.resamples, truth_.seed, purpose);
    row.median_estimate = median(c.estimates);
    row.median_truth = median(c.truths);
    if (row.meaning.empty()) return row;
    double square = 0.0;
    for (const Grouped& g : c.errors) square += g.value * g.value;
    if (row.n_valid > 0) row.rmse = std::sqrt(square / row.n_valid);
    // An offset from a reference such as E0 is not an error: neither shares nor verdicts apply.
    if (!row.relative) return row;
    row.within_factor = share_of(c.within, row.n_valid, parameters_.confidence);
    row.covered = share_of(c.covered, c.with_interval, parameters_.confidence);
    row.limits = share_of(c.limits_held, c.limits, parameters_.confidence);
    row.stated = median(c.stated);
    row.coverage = coverage(row);
    row.verdict = verdict(row);
    return row;
  }

  [[nodiscard]] static Coverage coverage(const EstimatorRow& row) {
    if (row.covered.of == 0) return Coverage::none;
    if (row.bias.groups < fewest_landings_for_a_verdict) return Coverage::too_few;
    if (row.covered.interval.high < row.level) return Coverage::not_covered;
    return row.covered.interval.low > row.level ? Coverage::too_wide : Coverage::covered;
  }

  [[nodiscard]] std::string verdict(const EstimatorRow& row) const {
    if (row.bias.groups < fewest_landings_for_a_verdict) return "";
    const double bias = std::abs(row.bias.median);
    if (bias < parameters_.quantitative_bias && row.covered.of > 0 &&
        row.covered.value() >= parameters_.quantitative_coverage)
      return "quantitative";
    return bias < parameters_.order_of_magnitude_bias ? "order of magnitude" : "not valid";
  }

  const Truth& truth_;
  const files::Results& results_;
  const ValidationParameters& parameters_;
  std::map<int, const TrueLanding*> landings_;
  std::vector<Collection> collections_;
};

}  // namespace

std::vector<EstimatorRow> estimator_rows(const files::RunSummary& run, const files::Results& results,
                                         const Truth& truth, std::span<const int> match,
                                         const ValidationParameters& parameters) {
  return Collector(run, results, truth, match, parameters).rows();
}

}  // namespace seccm::validation
