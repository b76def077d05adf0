#include "pipeline/report/report.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

#include "pipeline/report/figures.hpp"
#include "pipeline/report/micrograph_svg.hpp"
#include "sim/error.hpp"

namespace seccm::report {
namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light}
body{font:15px/1.5 Helvetica,Arial,sans-serif;color:#1b1b1b;max-width:1400px;margin:2em auto;padding:0 1.2em;background:#fff}
h1{font-size:1.6em;margin-bottom:.2em}h2{font-size:1.25em;border-bottom:1px solid #ddd;padding-bottom:.2em;margin-top:2em}
h3{font-size:1.05em;margin:1.6em 0 .4em}
figure{margin:0 0 1em;overflow-x:auto}figcaption{color:#555;max-width:60em}
pre{background:#f6f6f4;padding:1em;overflow-x:auto;font-size:11.5px;line-height:1.35}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1.2em}dt{color:#555}dd{margin:0}
)";

std::string facts(const ReportInputs& part) {
  std::string rows;
  const auto row = [&rows](std::string_view name, const std::string& value) {
    rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_xml(name), escape_xml(value));
  };
  if (part.run != nullptr) {
    const auto& s = part.run->summary();
    std::map<std::string, int> visited;
    for (const auto& p : s.points) ++visited[std::string(files::to_string(p.kind))];
    std::string kinds;
    for (const auto& [kind, count] : visited) kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, kind);
    row("Scenario", s.header.scenario_name);
    row("Seed", fmt::format("{}", s.header.seed));
    row("Run", fmt::format("{}; {} frames of {:.3f} ms", s.status, s.frames, s.header.frame_interval * 1e3));
    row("Points", kinds);
    for (const auto& c : s.reference_calibrations) {
      if (!c.valid) continue;
      row("Ag quasi-reference", fmt::format("{:+.1f} ± {:.1f} mV vs Li/Li⁺ at t = {:.0f} s (ferrocene)",
                                            c.offset_vs_Li * 1e3, c.standard_error * 1e3, c.t));
    }
    row("Software", s.header.software);
  }
  if (part.results != nullptr) {
    std::map<std::string, int> reasons;
    int accepted = 0;
    for (const auto& selection : part.results->selections) {
      if (selection.accepted) {
        ++accepted;
      } else {
        ++reasons[selection.reason];
      }
    }
    row("Well-defined voltammograms", fmt::format("{} of {}", accepted, part.results->selections.size()));
    for (const auto& [reason, count] : reasons) row("Rejected", fmt::format("{} × {}", count, reason));
  }
  if (part.truth != nullptr) {
    row("Truth set",
        fmt::format("{}: D = {:.3g} (in), {:.3g} (out) cm²/s, k0 = {:.3g} cm/s", part.truth->truth_set,
                    part.truth->D_intercalation * 1e4, part.truth->D_deintercalation * 1e4, part.truth->k0 * 1e2));
  }
  return "<dl>" + rows + "</dl>\n";
}

std::string part_html(const ReportInputs& part) {
  std::string html = fmt::format("<section>\n<h2>{}</h2>\n", escape_xml(part.title)) + facts(part);
  for (const auto& table : part.tables) {
    html += fmt::format("<h3>{}</h3>\n<pre>{}</pre>\n", escape_xml(table.heading), escape_xml(table.text));
  }
  for (const auto& figure : make_figures(part)) {
    html += fmt::format("<h3>{}</h3>\n<figure>{}<figcaption>{}</figcaption></figure>\n", escape_xml(figure.title),
                        figure.svg, escape_xml(figure.caption));
  }
  return html + "</section>\n";
}

}  // namespace

std::vector<Figure> make_figures(const ReportInputs& inputs) {
  std::vector<Figure> figures{reference_image_figure(inputs), registration_figure(inputs), voltammogram_figure(inputs),
                              scan_rate_figure(inputs),       exponent_figure(inputs),     composition_figure(inputs),
                              diffusivity_figure(inputs),     micrograph_figure(inputs)};
  std::erase_if(figures, [](const Figure& f) { return f.svg.empty(); });
  return figures;
}

void write_html_report(const std::vector<ReportInputs>& parts, const std::filesystem::path& path) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>seccm-twin report</title>\n<style>";
  page += kStyle;
  page += "</style></head><body>\n<h1>seccm-twin report</h1>\n";
  for (const auto& part : parts) page += part_html(part);
  page += "</body></html>\n";
  std::filesystem::path temporary = path;
  temporary += ".tmp";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << page;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, path, error);
  if (!out || error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw InputError(
        fmt::format("report: can not write {} ({} bytes): check that the directory exists, is writable and has space",
                    path.string(), page.size()));
  }
}

}  // namespace seccm::report
