#include "pipeline/validation/estimator_rows.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "pipeline/validation/true_values.hpp"

namespace seccm::validation {
namespace {

constexpr int fewest_landings_for_a_verdict = 5;

/// The values that go into one row before they are summarised.
struct Collection {
  EstimatorRow row;
  std::vector<Grouped> errors;
  std::vector<double> estimates, truths;
  int within = 0, covered = 0, with_interval = 0;
};

class Collector {
 public:
  Collector(const files::RunSummary& run, const files::Results& results, const Truth& truth, std::span<const int> match,
            const ValidationParameters& parameters)
      : truth_(truth), results_(results), parameters_(parameters) {
    for (std::size_t k = 0; k < run.points.size(); ++k)
      if (match[k] >= 0) landings_[run.points[k].index] = &truth.landings[static_cast<std::size_t>(match[k])];
    for (const auto& e : results.estimates) add(e);
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
          c.row.meaning == meaning)
        return c;
    Collection& c = collections_.emplace_back();
    c.row.estimator = e.estimator;
    c.row.quantity = e.quantity;
    c.row.unit = e.unit;
    c.row.direction = e.direction;
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
    if (!e.usable()) {
      ++c.row.lost[e.reason.empty() ? "no reason given" : without_numbers(e.reason)];
      return;
    }
    if (t && t->relative && !(e.value > 0.0)) {
      ++c.row.lost["not positive"];
      return;
    }
    ++c.row.n_valid;
    c.estimates.push_back(e.value);
    double error = e.value;
    if (t) {
      c.truths.push_back(t->value);
      error = t->relative ? std::log10(e.value / t->value) : e.value - t->value;
      if (t->relative && std::abs(error) <= std::log10(parameters_.factor)) ++c.within;
      if (e.level > 0.0) {
        ++c.with_interval;
        if (e.lower <= t->value && t->value <= e.upper) ++c.covered;
      }
    }
    c.errors.push_back({e.point, error});
  }

  EstimatorRow summarise(Collection& c) const {
    EstimatorRow& row = c.row;
    const std::string purpose =
        "validation/" + row.estimator + "/" + row.quantity + "/" + std::to_string(row.direction) + "/" + row.meaning;
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
    row.verdict = verdict(row);
    return row;
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

std::string without_numbers(const std::string& reason) {
  std::string text;
  for (std::size_t k = 0; k < reason.size();) {
    const auto digit = [&](std::size_t at) {
      return at < reason.size() && std::isdigit(static_cast<unsigned char>(reason[at])) != 0;
    };
    const bool inside_word = k > 0 && std::isalpha(static_cast<unsigned char>(reason[k - 1])) != 0;
    if (!digit(k) || inside_word) {
      text += reason[k++];
      continue;
    }
    while (
        digit(k) || ((reason[k] == '.' || reason[k] == 'e') && digit(k + 1)) ||
        (k + 2 < reason.size() && reason[k] == 'e' && (reason[k + 1] == '-' || reason[k + 1] == '+') && digit(k + 2)))
      k += reason[k] == 'e' && !digit(k + 1) ? 2 : 1;
    text += '#';
  }
  return text;
}

std::vector<EstimatorRow> estimator_rows(const files::RunSummary& run, const files::Results& results,
                                         const Truth& truth, std::span<const int> match,
                                         const ValidationParameters& parameters) {
  return Collector(run, results, truth, match, parameters).rows();
}

}  // namespace seccm::validation
