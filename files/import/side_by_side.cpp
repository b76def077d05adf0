#include "files/import/side_by_side.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

#include "files/import/text_table.hpp"

namespace seccm::files {
namespace {

/// "CV i vs E Scan 2": the second scan of "CV i vs E ".
struct ScanTitle {
  std::string measurement;
  double number = 0.0;
};

std::optional<ScanTitle> scan_title(std::string_view text) {
  constexpr std::string_view mark = "Scan ";
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(at + mark.size());
  const std::string_view number = behind.substr(0, behind.find(' '));
  if (!is_number(number)) return std::nullopt;
  return ScanTitle{std::string(text.substr(0, at)) + std::string(behind.substr(number.size())),
                   finite_number(number, {})};
}

/// Of the lowest line above the labels that names a scan over this column.
std::optional<ScanTitle> title_over(std::size_t place, const TableLayout& layout) {
  for (const std::string& line : layout.preamble | std::views::reverse) {
    const auto cells = cells_of(line, layout.separator, "the preamble");
    if (place >= cells.size()) continue;
    if (auto title = scan_title(cells[place])) return title;
  }
  return std::nullopt;
}

}  // namespace

std::vector<SeriesPair> side_by_side(const std::vector<TableColumn>& potentials,
                                     const std::vector<TableColumn>& currents, const TableLayout& layout) {
  std::vector<SeriesPair> out;
  std::optional<ScanTitle> before;
  for (const TableColumn& current : currents) {
    const auto potential =
        std::ranges::find_if(potentials, [&](const TableColumn& c) { return c.place + 1 == current.place; });
    if (potential == potentials.end()) return {};
    if (!out.empty() && potential->name != out.front().potential.name) return {};
    auto title = title_over(potential->place, layout);
    const bool continues =
        before && title && title->measurement == before->measurement && title->number == before->number + 1.0;
    out.push_back({*potential, current, continues});
    before = std::move(title);
  }
  return out;
}

}  // namespace seccm::files
