#include "pipeline/validation/reasons.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace seccm::validation {
namespace {

bool is_digit(std::string_view text, std::size_t at) {
  return at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0;
}

bool is_letter(std::string_view text, std::size_t at) {
  return at < text.size() && (std::isalpha(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
}

/// Where the number that begins at `at` ends: digits, decimals, an exponent.
std::size_t end_of_number(std::string_view text, std::size_t at) {
  while (is_digit(text, at)) ++at;
  if (at < text.size() && text[at] == '.' && is_digit(text, at + 1)) {
    ++at;
    while (is_digit(text, at)) ++at;
  }
  if (at < text.size() && text[at] == 'e') {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+') ? 1 : 0;
    if (is_digit(text, at + 1 + sign)) {
      at += 1 + sign;
      while (is_digit(text, at)) ++at;
    }
  }
  return at;
}

/// A sign belongs to its number; a hyphen between words or numbers does not.
bool begins_number(std::string_view text, std::size_t at) {
  const bool sign = text[at] == '-' && is_digit(text, at + 1);
  if (!sign && !is_digit(text, at)) return false;
  if (at == 0) return true;
  if (is_letter(text, at - 1)) return false;  // TiO2, x1
  return !sign || !is_digit(text, at - 1);
}

struct Parts {
  std::vector<std::string> words{""}, numbers{};
};
Parts parts_of(std::string_view reason) {
  Parts parts;
  for (std::size_t k = 0; k < reason.size();) {
    if (!begins_number(reason, k)) {
      parts.words.back() += reason[k++];
      continue;
    }
    const std::size_t end = end_of_number(reason, k + (reason[k] == '-' ? 1 : 0));
    parts.numbers.emplace_back(reason.substr(k, end - k));
    parts.words.emplace_back();
    k = end;
  }
  return parts;
}

constexpr std::array<std::string_view, files::verdict_names.size()> remark_titles{
    "", "Estimates with a reservation", "Bounded from one side only", "Not identifiable", "No estimate"};

/// Indented and broken between names.
std::string list_of(const std::set<std::string>& names) {
  constexpr std::size_t width = 110;
  const std::string indent(9, ' ');
  std::string list = indent;
  std::size_t begin = 0;
  for (const std::string& name : names) {
    const bool first = list.size() == begin + indent.size();
    if (!first && list.size() - begin + name.size() > width) {
      list += ",\n";
      begin = list.size();
      list += indent + name;
    } else {
      list += (first ? "" : ", ") + name;
    }
  }
  return list;
}

}  // namespace

std::vector<std::string> separate(const std::string& reasons) {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin <= reasons.size();) {
    const std::size_t end = std::min(reasons.find("; ", begin), reasons.size());
    list.push_back(reasons.substr(begin, end - begin));
    begin = end + 2;
  }
  return list;
}

void add_parts(std::vector<std::string>& list, const std::string& parts) {
  for (const std::string& part : separate(parts))
    if (!part.empty() && std::ranges::find(list, part) == list.end()) list.push_back(part);
}

void ReasonTally::add(const std::string& reason) {
  const Parts parts = parts_of(reason.empty() ? "no reason given" : reason);
  Entry& entry = entries_[parts.words];
  const bool first = entry.count++ == 0;
  for (std::size_t k = 0; k < parts.numbers.size(); ++k) {
    const std::string& text = parts.numbers[k];
    const double value = std::strtod(text.c_str(), nullptr);
    if (first) entry.numbers.push_back({value, value, text, text});
    Number& number = entry.numbers[k];
    if (value < number.low) {
      number.low = value;
      number.low_text = text;
    }
    if (value > number.high) {
      number.high = value;
      number.high_text = text;
    }
  }
}

std::map<std::string, int> ReasonTally::counts() const {
  std::map<std::string, int> counts;
  for (const auto& [words, entry] : entries_) {
    std::string text = words.front();
    for (std::size_t k = 0; k < entry.numbers.size(); ++k) {
      const Number& n = entry.numbers[k];
      text += (n.low < n.high ? n.low_text + " to " + n.high_text : n.low_text) + words[k + 1];
    }
    counts[text] += entry.count;
  }
  return counts;
}

std::vector<Remark> remarks(const std::vector<files::Estimate>& estimates) {
  struct Group {
    ReasonTally tally;
    std::set<int> points;
    std::set<std::string> estimators;
  };
  std::map<std::pair<files::Verdict, std::vector<std::string>>, Group> groups;
  for (const files::Estimate& e : estimates) {
    if (e.verdict == files::Verdict::valid || e.reason.empty()) continue;
    for (const std::string& reason : separate(e.reason)) {
      Group& group = groups[{e.verdict, parts_of(reason).words}];
      group.tally.add(reason);
      group.points.insert(e.point);
      group.estimators.insert(e.estimator);
    }
  }
  std::vector<Remark> list;
  for (const auto& [key, group] : groups)
    list.push_back(
        {key.first, group.tally.counts().begin()->first, static_cast<int>(group.points.size()), group.estimators});
  std::ranges::stable_sort(list, [](const Remark& a, const Remark& b) {
    return a.verdict != b.verdict ? a.verdict < b.verdict : a.points > b.points;
  });
  return list;
}

std::vector<Section> remark_sections(const std::vector<Remark>& remarks) {
  std::vector<Section> all;
  files::Verdict last = files::Verdict::valid;
  for (const Remark& r : remarks) {
    if (r.verdict != last)
      all.push_back({.title = std::string(remark_titles[static_cast<std::size_t>(r.verdict)]),
                     .table = {{{"points", true}, {"why"}, {"estimators"}}, {}}});
    last = r.verdict;
    all.back().table.rows.push_back(
        {std::to_string(r.points), r.reason, fmt::format("{}", fmt::join(r.estimators, ", "))});
  }
  return all;
}

std::string remark_text(const std::vector<Remark>& remarks) {
  std::string text;
  files::Verdict last = files::Verdict::valid;
  for (const Remark& r : remarks) {
    if (r.verdict != last) text += fmt::format("\n{}\n", remark_titles[static_cast<std::size_t>(r.verdict)]);
    last = r.verdict;
    text += fmt::format("  {:>4} {:<6} {}\n{}\n", r.points, r.points == 1 ? "point" : "points", r.reason,
                        list_of(r.estimators));
  }
  return text;
}

}  // namespace seccm::validation
