// The table of estimators as a person reads it: by question, with unit and quantity on each row.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "files/quantities.hpp"
#include "pipeline/validation/text_table.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::validation {
namespace {

const TextTable empty_table{{{"estimator"},
                             {"sweep"},
                             {"scan rate", true},
                             {"quantity"},
                             {"n", true},
                             {"median", true},
                             {"against"},
                             {"bias", true},
                             {"scatter", true},
                             {"right", true},
                             {"covered"},
                             {"verdict"}},
                            {}};

std::string against_text(const EstimatorRow& r) {
  if (r.meaning.empty()) return "no truth";
  return r.relative ? r.meaning : "offset from " + r.meaning;
}

std::string bias_text(const EstimatorRow& r, const ShownUnit& unit) {
  if (r.bias.n == 0 || r.meaning.empty()) return "-";
  if (r.relative)
    return std::abs(r.bias.median) < 0.1 ? fmt::format("{:+.2g} dec", r.bias.median)
                                         : fmt::format("{:+.2f} dec", r.bias.median);
  return fmt::format("{:+.3g} {}", r.bias.median / unit.in_SI, unit.name);
}

std::string scatter_text(const EstimatorRow& r, const ShownUnit& unit) {
  if (r.bias.n < 2) return "-";
  if (!r.meaning.empty() && r.relative) return fmt::format("{:.2g} dec", r.bias.robust_scatter);
  const double scatter = r.bias.robust_scatter / unit.in_SI;
  return unit.name == "1" ? fmt::format("{:.2g}", scatter) : fmt::format("{:.2g} {}", scatter, unit.name);
}

std::string limits_text(const Share& limits) {
  return fmt::format("{} of {} limits hold", limits.count, limits.of);
}

std::string covered_text(const EstimatorRow& r) {
  if (r.coverage == Coverage::none) return r.limits.of == 0 ? "-" : limits_text(r.limits);
  return fmt::format("{:.0f} % ({:.0f}-{:.0f}), {}", 100 * r.covered.value(), 100 * r.covered.interval.low,
                     100 * r.covered.interval.high, coverage_names[static_cast<std::size_t>(r.coverage)]);
}

std::vector<std::string> line_of(const EstimatorRow& r, const std::string& label, Footnotes& notes) {
  const ShownUnit unit = shown_unit(r.quantity, r.unit);
  const std::string median = r.n_valid == 0 ? "-" : fmt::format("{:.3g}", r.median_estimate / unit.in_SI);
  const std::string within = r.within_factor.of == 0 ? "-" : fmt::format("{:.0f} %", 100 * r.within_factor.value());
  return {label,
          sweep_text(r.direction),
          rate_text(r.scan_rate),
          with_unit(r.quantity, unit.name),
          fmt::format("{}/{}", r.n_valid, r.n),
          median,
          against_text(r),
          bias_text(r, unit),
          scatter_text(r, unit),
          within,
          covered_text(r) + notes.mark(r.leaves_out) +
              (r.coverage == Coverage::none || r.limits.of == 0 ? "" : "; " + limits_text(r.limits)),
          r.verdict};
}

Section section_of(const ValidationSummary& s, int question, std::string_view title) {
  Section section{.title = std::string(title), .table = empty_table};
  Footnotes notes;
  for (const EstimatorRow& r : s.estimators)
    if (question_of(r.quantity) == question) section.table.rows.push_back(line_of(r, label_of(r, s.estimators), notes));
  section.notes = notes.lines();
  return section;
}

/// Every way of getting D: what it gave in either direction.
struct WayToD {
  std::string name;
  double low = 0.0, high = 0.0;  // decades, of the medians of its rows
  bool quantitative = true, order_of_magnitude = true, judged = true;
  [[nodiscard]] double distance() const { return std::max(std::abs(low), std::abs(high)); }
};

std::vector<WayToD> ways_to_D(const ValidationSummary& s) {
  std::vector<WayToD> ways;
  for (const EstimatorRow& r : s.estimators) {
    if (r.quantity != "D" || r.meaning != "D" || r.n_valid == 0) continue;
    auto at = std::ranges::find(ways, r.estimator, &WayToD::name);
    if (at == ways.end())
      at = ways.insert(ways.end(), {.name = r.estimator, .low = r.bias.median, .high = r.bias.median});
    at->low = std::min(at->low, r.bias.median);
    at->high = std::max(at->high, r.bias.median);
    at->judged = at->judged && !r.verdict.empty();
    at->quantitative = at->quantitative && r.verdict == "quantitative";
    at->order_of_magnitude =
        at->order_of_magnitude && (r.verdict == "quantitative" || r.verdict == "order of magnitude");
  }
  std::ranges::stable_sort(ways, {}, &WayToD::distance);
  return ways;
}

std::string text(const WayToD& w) {
  const std::string low = fmt::format("{:+.2f}", w.low), high = fmt::format("{:+.2f}", w.high);
  return fmt::format("{} ({} decades)", w.name, low == high ? low : low + " to " + high);
}

std::string listed(const std::vector<WayToD>& ways, bool (*belongs)(const WayToD&)) {
  std::string list;
  for (const WayToD& w : ways)
    if (belongs(w)) list += (list.empty() ? "" : ", ") + text(w);
  return list;
}

}  // namespace

std::string label_of(const EstimatorRow& row, const std::vector<EstimatorRow>& all) {
  const bool several = std::ranges::any_of(
      all, [&](const EstimatorRow& r) { return r.estimator == row.estimator && r.quantity != row.quantity; });
  return several ? row.estimator + ": " + row.quantity : row.estimator;
}

std::string diffusivity_sentence(const ValidationSummary& s) {
  auto ways = ways_to_D(s);
  if (ways.empty()) return "";
  std::erase_if(ways, [](const WayToD& w) { return !w.judged; });
  if (ways.empty()) return "D on this sample: too few landings to judge a way of getting it.";
  const std::string good = listed(ways, [](const WayToD& w) { return w.quantitative; });
  const std::string rough = listed(ways, [](const WayToD& w) { return !w.quantitative && w.order_of_magnitude; });
  const std::string wrong = listed(ways, [](const WayToD& w) { return !w.order_of_magnitude; });
  std::string sentence =
      "D on this sample: " + (good.empty() ? "no way of getting it is quantitative" : good + " would do");
  if (!rough.empty()) sentence += "; the order of magnitude comes from " + rough;
  if (!wrong.empty()) sentence += "; not valid: " + wrong;
  return sentence + ".";
}

std::string verdict_sentence(const ValidationSummary& s) {
  auto ways = ways_to_D(s);
  std::erase_if(ways, [](const WayToD& w) { return !w.judged; });
  if (ways.empty()) return "";
  const WayToD& best = ways.front();
  const std::string of = ways.size() == 1 ? "" : fmt::format(", the nearest of {} ways of getting it", ways.size());
  if (best.quantitative) return fmt::format("D can be measured on this sample: {} is quantitative{}.", text(best), of);
  if (best.order_of_magnitude)
    return fmt::format("Only the order of magnitude of D can be measured on this sample, by {}{}.", text(best), of);
  return fmt::format("D can not be measured on this sample: {}{}, is not valid.", text(best), of);
}

std::vector<Section> estimator_sections(const ValidationSummary& s) {
  std::vector<Section> all;
  for (std::size_t k = 0; k <= files::questions.size(); ++k) {
    const auto title = k < files::questions.size() ? files::questions[k] : std::string_view("Other quantities");
    Section section = section_of(s, static_cast<int>(k), title);
    if (!section.table.rows.empty()) all.push_back(std::move(section));
  }
  return all;
}

std::string estimator_text(const ValidationSummary& s) {
  if (s.estimators.empty()) return "";
  std::string out = fmt::format(
      "Estimators\n"
      "  n: with a value/asked for. bias, scatter: median and 1.4826 MAD of log10(estimate/truth) in decades (dec), of "
      "the\n"
      "  difference from a reference, or (no truth) the scatter of the value. right: within a factor {:g}.\n"
      "  covered: share of the stated intervals that hold the truth, with its own {:g} % interval, against their "
      "level.\n",
      s.factor, 100 * s.confidence);
  for (const Section& section : estimator_sections(s)) out += to_text(section);
  return out;
}

}  // namespace seccm::validation
