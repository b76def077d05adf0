#include "pipeline/report/estimate_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "files/quantities.hpp"
#include "pipeline/validation/reasons.hpp"
#include "pipeline/validation/statistics.hpp"
#include "pipeline/validation/text_table.hpp"

namespace seccm::report {
namespace {

using files::Estimate;
using validation::TextTable;

/// Estimates of one kind over the points.
struct Group {
  const Estimate* first = nullptr;
  std::vector<const Estimate*> all{};
};

bool same_kind(const Estimate& a, const Estimate& b) {
  return a.estimator == b.estimator && a.quantity == b.quantity && a.direction == b.direction &&
         std::abs(a.scan_rate - b.scan_rate) <= 1e-3 * std::max(a.scan_rate, b.scan_rate);
}

/// In the order of the results; single cycles stand in the file.
std::vector<Group> groups_of(const files::Results& results) {
  std::vector<Group> groups;
  for (const Estimate& e : results.estimates) {
    if (e.cycle != 0) continue;
    auto at = std::ranges::find_if(groups, [&](const Group& g) { return same_kind(*g.first, e); });
    if (at == groups.end()) at = groups.insert(groups.end(), {.first = &e});
    at->all.push_back(&e);
  }
  return groups;
}

// Potentials to the millivolt.
std::string number(const Estimate& kind, double value) {
  return kind.scale == files::IntervalScale::logarithmic ? fmt::format("{:.3g}", value) : fmt::format("{:.4g}", value);
}

std::string limit_text(const Estimate& e, double value, double unit) {
  return std::isfinite(value) ? number(e, value / unit) : "no limit";
}

std::string interval_text(const Estimate& e, double unit) {
  if (!(e.level > 0.0)) return "none stated";
  return fmt::format("{} to {}", limit_text(e, e.lower, unit), limit_text(e, e.upper, unit));
}

/// Half-width on the scale of the quantity, median over the points.
std::string typical_interval(const std::vector<const Estimate*>& usable, double unit) {
  std::vector<double> widths;
  const bool logarithmic = usable.front()->scale == files::IntervalScale::logarithmic;
  for (const Estimate* e : usable) {
    if (!(e->level > 0.0) || !std::isfinite(e->lower) || !std::isfinite(e->upper)) continue;
    widths.push_back(logarithmic ? std::sqrt(e->upper / e->lower) : 0.5 * (e->upper - e->lower));
  }
  if (widths.empty()) return "none stated";
  const double width = validation::median(std::move(widths));
  return logarithmic ? fmt::format("factor {:.3g}", width) : fmt::format("+- {:.2g}", width / unit);
}

std::string verdicts_of(const std::vector<const Estimate*>& all) {
  std::array<int, files::verdict_names.size()> counts{};
  for (const Estimate* e : all) ++counts[static_cast<std::size_t>(e->verdict)];
  std::string text;
  for (std::size_t k = 0; k < counts.size(); ++k)
    if (counts[k] > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[k], files::verdict_names[k]);
  return text;
}

std::vector<std::string> row_of(const Group& g, const std::string& label, validation::Footnotes& notes) {
  const Estimate& first = *g.first;
  const validation::ShownUnit unit = validation::shown_unit(first.quantity, first.unit);
  std::vector<const Estimate*> usable;
  std::vector<double> values;
  std::vector<std::string> leaves_out;
  for (const Estimate* e : g.all) {
    if (!e->usable()) continue;
    usable.push_back(e);
    values.push_back(e->value / unit.in_SI);
    validation::add_parts(leaves_out, e->leaves_out);
  }
  std::string value = "-", spread, interval = "-";
  if (!usable.empty()) value = number(first, validation::median(values));
  if (usable.size() > 1)
    spread = fmt::format("{} to {}", number(first, validation::quantile(values, 0.16)),
                         number(first, validation::quantile(values, 0.84)));
  if (g.all.size() == 1 && first.verdict != files::Verdict::refused) {
    interval = interval_text(first, unit.in_SI);
  } else if (!usable.empty()) {
    interval = typical_interval(usable, unit.in_SI);
  }
  return {label,
          validation::sweep_text(first.direction),
          validation::rate_text(first.scan_rate),
          validation::with_unit(first.quantity, unit.name),
          fmt::format("{}/{}", usable.size(), g.all.size()),
          value,
          spread,
          interval + notes.mark(fmt::format("{}", fmt::join(leaves_out, "; "))),
          verdicts_of(g.all)};
}

std::string label_of(const Group& g, const std::vector<Group>& all) {
  const bool several = std::ranges::any_of(all, [&](const Group& other) {
    return other.first->estimator == g.first->estimator && other.first->quantity != g.first->quantity;
  });
  return several ? g.first->estimator + ": " + g.first->quantity : g.first->estimator;
}

validation::Section section_of(const std::vector<Group>& groups, int question, std::string_view title) {
  TextTable table{{{"estimator"},
                   {"sweep"},
                   {"scan rate", true},
                   {"quantity"},
                   {"n", true},
                   {"value", true},
                   {"68 % of the points"},
                   {"95 % interval"},
                   {"verdicts"}},
                  {}};
  validation::Footnotes notes;
  for (const Group& g : groups)
    if (validation::question_of(g.first->quantity) == question)
      table.rows.push_back(row_of(g, label_of(g, groups), notes));
  return {.title = std::string(title), .table = std::move(table), .notes = notes.lines()};
}

}  // namespace

std::vector<validation::Section> estimate_sections(const files::Results& results) {
  const auto groups = groups_of(results);
  std::vector<validation::Section> all;
  for (std::size_t k = 0; k <= files::questions.size(); ++k) {
    const auto title = k < files::questions.size() ? files::questions[k] : std::string_view("Other quantities");
    validation::Section section = section_of(groups, static_cast<int>(k), title);
    if (!section.table.rows.empty()) all.push_back(std::move(section));
  }
  return all;
}

std::string estimate_text(const files::Results& results) {
  const auto all = estimate_sections(results);
  if (all.empty()) return "";
  std::string text =
      "n: with a value/asked for. value: of the point, of several their median. 95 % interval: of one point, of "
      "several the\n"
      "typical one (its factor up and down, or its half-width). No interval holds what stands under \"leaves out\".\n";
  for (const validation::Section& section : all) text += validation::to_text(section);
  return text + validation::remark_text(validation::remarks(results.estimates));
}

}  // namespace seccm::report
