#include "pipeline/validation/text_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "files/quantities.hpp"

namespace seccm::validation {

std::string to_text(const TextTable& table) {
  std::vector<std::size_t> width(table.columns.size(), 0);
  for (std::size_t c = 0; c < width.size(); ++c) {
    for (const auto& row : table.rows) width[c] = std::max(width[c], row[c].size());
    if (width[c] > 0) width[c] = std::max(width[c], table.columns[c].head.size());
  }
  std::string text;
  const auto add = [&](const auto& cell_of) {
    std::string line = "  ";
    for (std::size_t c = 0; c < width.size(); ++c) {
      if (width[c] == 0) continue;
      const std::string& cell = cell_of(c);
      line += table.columns[c].right_aligned ? fmt::format("{:>{}}  ", cell, width[c])
                                             : fmt::format("{:<{}}  ", cell, width[c]);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add([&](std::size_t c) -> const std::string& { return table.columns[c].head; });
  for (const auto& row : table.rows) add([&](std::size_t c) -> const std::string& { return row[c]; });
  return text;
}

Section facts(std::string title) {
  return {.title = std::move(title), .table = {{{""}, {""}}, {}}};
}

bool holds_facts(const Section& section) {
  return section.table.columns.size() == 2 && section.table.columns[0].head.empty();
}

std::string to_text(const Section& section) {
  if (section.table.rows.empty() && section.intro.empty()) return "";
  const bool list = holds_facts(section);
  std::string text = (list ? "" : "\n") + section.title + "\n";
  for (const std::string& line : section.intro) text += "  " + line + "\n";
  if (list) {
    for (const auto& row : section.table.rows) text += fmt::format("  {:<36}{}\n", row[0], row[1]);
  } else if (!section.table.rows.empty()) {
    text += to_text(section.table);
  }
  for (const std::string& note : section.notes) text += "  " + note + "\n";
  return text;
}

ShownUnit shown_unit(std::string_view quantity, std::string_view stated_unit) {
  const files::EstimatedQuantity* q = files::find_quantity(quantity);
  if (q == nullptr) return {stated_unit, 1.0};
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

int question_of(std::string_view quantity) {
  const files::EstimatedQuantity* q = files::find_quantity(quantity);
  return q == nullptr ? static_cast<int>(files::questions.size()) : q->question;
}

std::string Footnotes::mark(const std::string& text) {
  if (text.empty()) return "";
  auto at = std::ranges::find(texts_, text);
  if (at == texts_.end()) at = texts_.insert(texts_.end(), text);
  return fmt::format(" [{}]", at - texts_.begin() + 1);
}

std::vector<std::string> Footnotes::lines() const {
  std::vector<std::string> out;
  for (std::size_t k = 0; k < texts_.size(); ++k)
    out.push_back(fmt::format("[{}] the interval leaves out: {}", k + 1, texts_[k]));
  return out;
}

}  // namespace seccm::validation
