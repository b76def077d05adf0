#include "pipeline/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/report/ticks.hpp"

namespace seccm::report {
namespace {

std::string facts_html(const validation::TextTable& table) {
  std::string rows;
  for (const auto& row : table.rows)
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", text_html(row[0]), text_html(row[1]));
  return "<table class=\"facts\">\n" + rows + "</table>";
}

std::string table_html(const validation::TextTable& table) {
  std::vector<std::size_t> shown;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (std::ranges::any_of(table.rows, [c](const auto& row) { return !row[c].empty(); })) shown.push_back(c);
  const auto kind = [&](std::size_t c) { return table.columns[c].right_aligned ? " class=\"n\"" : ""; };
  std::string html = "<table>\n<thead><tr>";
  for (const std::size_t c : shown)
    html += fmt::format("<th scope=\"col\"{}>{}</th>", kind(c), text_html(table.columns[c].head));
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (const std::size_t c : shown) html += fmt::format("<td{}>{}</td>", kind(c), text_html(row[c]));
    html += "</tr>\n";
  }
  return html + "</tbody></table>";
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string text_html(const std::string& text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool digit_follows = k + 1 < text.size() && text[k + 1] >= '0' && text[k + 1] <= '9';
    const bool begins = k == 0 || text[k - 1] == ' ' || text[k - 1] == '(' || text[k - 1] == 'e';
    if (text[k] == '-' && digit_follows && begins) {
      out += "−";
    } else {
      out += text[k];
    }
  }
  out = escape_xml(out);
  for (const auto& [plain, printed] : {std::pair{"+-", "±"}, {"^2", "²"}, {"^3", "³"}, {" um", " µm"}, {"[um", "[µm"}})
    for (auto at = out.find(plain); at != std::string::npos; at = out.find(plain, at))
      out.replace(at, std::string_view(plain).size(), printed);
  for (auto at = out.find('_'); at != std::string::npos; at = out.find('_', at + 6)) out.insert(at + 1, "<wbr>");
  return out;
}

std::string section_html(const validation::Section& section) {
  if (section.table.rows.empty() && section.intro.empty()) return "";
  std::string html = fmt::format("<h3>{}</h3>\n", escape_xml(section.title));
  for (const std::string& line : section.intro) html += fmt::format("<p>{}</p>\n", text_html(line));
  if (!section.table.rows.empty())
    html += "<div class=\"scroll\">" +
            (validation::holds_facts(section) ? facts_html(section.table) : table_html(section.table)) + "</div>\n";
  for (const std::string& note : section.notes) html += fmt::format("<p class=\"note\">{}</p>\n", text_html(note));
  return html;
}

}  // namespace seccm::report
