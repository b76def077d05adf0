// The table of estimators as a person reads it: by question, with unit and quantity on each row.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "files/quantities.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::validation {
namespace {

constexpr std::size_t columns = 12;
using Line = std::array<std::string, columns>;
constexpr std::array<std::string_view, columns> heads{"estimator", "sweep",  "scan rate", "quantity",
                                                      "n",         "median", "against",   "bias",
                                                      "scatter",   "right",  "covered",   "verdict"};
constexpr std::array<bool, columns> right_aligned{false, false, true, false, true,  true,
                                                  false, true,  true, true,  false, false};

/// Rows padded to the widest cell of each column; an empty column is left out.
std::string aligned(const std::vector<Line>& lines) {
  std::array<std::size_t, columns> width{};
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t k = 1; k < lines.size(); ++k) width[c] = std::max(width[c], lines[k][c].size());
    if (width[c] > 0) width[c] = std::max(width[c], lines.front()[c].size());
  }
  std::string text;
  for (const Line& line : lines) {
    std::string row = "  ";
    for (std::size_t c = 0; c < columns; ++c) {
      if (width[c] == 0) continue;
      row += right_aligned[c] ? fmt::format("{:>{}}  ", line[c], width[c]) : fmt::format("{:<{}}  ", line[c], width[c]);
    }
    text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

struct ShownUnit {
  std::string_view name;
  double in_SI;
};
ShownUnit shown_unit(const EstimatorRow& r) {
  const files::EstimatedQuantity* q = files::find_quantity(r.quantity);
  if (q == nullptr) return {r.unit, 1.0};
  return {q->shown_unit, q->shown_in_SI};
}

std::string with_unit(std::string_view quantity, std::string_view unit) {
  return unit == "1" ? std::string(quantity) : fmt::format("{} [{}]", quantity, unit);
}

std::string rate_text(double scan_rate) {
  return scan_rate > 0.0 ? fmt::format("{:g} mV/s", 1e3 * scan_rate) : "";
}

std::string sweep_text(int direction) {
  if (direction == 0) return "";
  return direction > 0 ? "anodic" : "cathodic";
}

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

std::string covered_text(const EstimatorRow& r) {
  if (r.coverage == Coverage::none) return "-";
  return fmt::format("{:.0f} % ({:.0f}-{:.0f}), {}", 100 * r.covered.value(), 100 * r.covered.interval.low,
                     100 * r.covered.interval.high, coverage_names[static_cast<std::size_t>(r.coverage)]);
}

/// Letters under which a block explains what its intervals leave out.
class Footnotes {
 public:
  std::string mark(const std::string& text) {
    if (text.empty()) return "";
    auto at = std::ranges::find(texts_, text);
    if (at == texts_.end()) at = texts_.insert(texts_.end(), text);
    return fmt::format(" [{}]", at - texts_.begin() + 1);
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (std::size_t k = 0; k < texts_.size(); ++k)
      out += fmt::format("  [{}] the interval leaves out: {}\n", k + 1, texts_[k]);
    return out;
  }

 private:
  std::vector<std::string> texts_;
};

Line line_of(const EstimatorRow& r, const std::string& label, Footnotes& notes) {
  const ShownUnit unit = shown_unit(r);
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
          covered_text(r) + notes.mark(r.leaves_out),
          r.verdict};
}

int question_of(const EstimatorRow& r) {
  const files::EstimatedQuantity* q = files::find_quantity(r.quantity);
  return q == nullptr ? static_cast<int>(files::questions.size()) : q->question;
}

std::string block(const ValidationSummary& s, int question, std::string_view title) {
  std::vector<Line> lines(1);
  for (std::size_t c = 0; c < columns; ++c) lines[0][c] = heads[c];
  Footnotes notes;
  for (const EstimatorRow& r : s.estimators)
    if (question_of(r) == question) lines.push_back(line_of(r, label_of(r, s.estimators), notes));
  if (lines.size() == 1) return "";
  return fmt::format("\n{}\n{}{}", title, aligned(lines), notes.text());
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
  const auto ways = ways_to_D(s);
  if (ways.empty()) return "";
  if (!std::ranges::all_of(ways, &WayToD::judged))
    return "D on this sample: too few landings to judge a way of getting it.";
  const std::string good = listed(ways, [](const WayToD& w) { return w.quantitative; });
  const std::string rough = listed(ways, [](const WayToD& w) { return !w.quantitative && w.order_of_magnitude; });
  const std::string wrong = listed(ways, [](const WayToD& w) { return !w.order_of_magnitude; });
  std::string sentence =
      "D on this sample: " + (good.empty() ? "no way of getting it is quantitative" : good + " would do");
  if (!rough.empty()) sentence += "; the order of magnitude comes from " + rough;
  if (!wrong.empty()) sentence += "; not valid: " + wrong;
  return sentence + ".";
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
  for (std::size_t k = 0; k < files::questions.size(); ++k) out += block(s, static_cast<int>(k), files::questions[k]);
  return out + block(s, static_cast<int>(files::questions.size()), "Other quantities");
}

}  // namespace seccm::validation
