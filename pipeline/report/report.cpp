#include "pipeline/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "files/atomic_file.hpp"
#include "pipeline/report/figures.hpp"
#include "pipeline/report/html.hpp"
#include "pipeline/validation/reasons.hpp"
#include "pipeline/validation/statistics.hpp"

namespace seccm::report {
namespace {

// c0 to c7 are the colours of the plots.
constexpr const char* style = R"(
:root{color-scheme:light dark;--ink:#1b1b1b;--soft:#555;--rule:#ddd;--grid:#e6e6e6;--paper:#fff;--panel:#f6f6f4;
--c0:#1f5fa8;--c1:#c8452d;--c2:#2d8a4e;--c3:#8d5aa8;--c4:#b0730b;--c5:#2b8a92;--c6:#7a4a2b;--c7:#6b6b6b}
@media(prefers-color-scheme:dark){:root{--ink:#e6e6e3;--soft:#a9a9a4;--rule:#444;--grid:#333;--paper:#161616;--panel:#222;
--c0:#6fa8e8;--c1:#f08a70;--c2:#6cc48a;--c3:#c79be0;--c4:#e0b050;--c5:#6cc6cf;--c6:#c99a78;--c7:#a0a0a0}}
*{box-sizing:border-box}
body{font:16px/1.5 Helvetica,Arial,sans-serif;color:var(--ink);background:var(--paper);max-width:1400px;margin:1.5em auto;padding:0 1em}
h1{font-size:1.5em;margin:.2em 0}h2{font-size:1.3em;border-bottom:1px solid var(--rule);margin-top:2em}h3{font-size:1.05em;margin:1.6em 0 .4em}
.verdict{font-size:1.15em;border-left:4px solid var(--c0);padding:.3em .8em;margin:.8em 0;max-width:60em;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.85em}
th,td{text-align:left;vertical-align:top;padding:.2em .7em;border-bottom:1px solid var(--rule)}
thead th{background:var(--panel)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.facts th{font-weight:normal;color:var(--soft)}.note{font-size:.85em;color:var(--soft);margin:.2em 0;max-width:80em}
figure{margin:0 0 1em}figcaption{color:var(--soft);max-width:60em;font-size:.9em}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,calc(.85*var(--width))),1fr));gap:1em}.panels>div{max-width:calc(1.2*var(--width))}
@media(max-width:700px){.scroll table:not(.facts){min-width:56em}}
svg.plot{width:100%;height:auto;display:block}svg.image{width:100%;max-width:var(--width);height:auto;display:block}
svg text{fill:var(--ink);font:11px Helvetica,Arial,sans-serif}svg .name{font-size:12px}svg .title{font-size:12px;font-weight:bold}
.grid{stroke:var(--grid);fill:none}.axis{stroke:var(--ink);fill:none}.bar{fill:var(--ink)}
.line,.dashed{fill:none;stroke-width:1.3}.dashed{stroke-dasharray:5 4}
.pairs{display:flex;flex-wrap:wrap;gap:1.2em}.pair{display:flex;gap:.4em;flex:1 1 300px;max-width:530px}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:.1em 1.1em;margin:.2em 0 0;padding:0;font-size:.8em}
)";

std::string colour_rules() {
  std::string rules;
  for (int k = 0; k < 8; ++k)
    rules +=
        fmt::format("path.c{0}{{stroke:var(--c{0})}}g.c{0}{{fill:var(--c{0})}}.sign.c{0}{{color:var(--c{0})}}\n", k);
  return rules;
}

std::string counts_text(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [what, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  return text;
}

std::string origin_of(const ReportInputs& part) {
  const auto& s = part.run->summary();
  if (part.truth != nullptr) return fmt::format("simulated by the twin, seed {}", s.header.seed);
  if (s.rig.recorded) return fmt::format("recorded through {}", s.rig.sequencer);
  // the name is how a file says so that comes from the models (docs/file-formats.md)
  const bool simulated = s.header.scenario_name.ends_with(" (simulated)");
  return simulated ? "simulated: a model, no instrument" : "recording of another host";
}

/// "area 1 ± 0.05 µm² (SEM)"
std::string stated_text(const files::StatedQuantity& stated) {
  const bool area = stated.unit == "m^2", radius = stated.quantity == files::stated_particle_radius;
  const double scale = area ? 1e12 : radius ? 1e9 : 1e6;
  std::string name = stated.quantity;
  std::ranges::replace(name, '_', ' ');
  const std::string error =
      stated.standard_error > 0.0 ? fmt::format(" ± {:.3g}", scale * stated.standard_error) : std::string();
  return fmt::format("{} {:.4g}{} {} ({})", name, scale * stated.value, error,
                     area     ? "µm²"
                     : radius ? "nm"
                              : "µm",
                     stated.origin);
}

void add_run_facts(validation::Section& facts, const ReportInputs& part) {
  const auto row = [&](std::string name, std::string value) {
    facts.table.rows.push_back({std::move(name), std::move(value)});
  };
  const auto& s = part.run->summary();
  std::map<std::string, int> visited;
  bool ferrocene = false;
  for (const auto& p : s.points) {
    ++visited[std::string(files::to_string(p.kind))];
    ferrocene = ferrocene || p.kind == files::PointKind::ferrocene;
  }
  row(s.rig.recorded ? "scenario" : "name", s.header.scenario_name);
  row("origin", origin_of(part));
  row("run", fmt::format("{}; {} frames of {:.4g} ms", s.status, s.frames, s.header.frame_interval * 1e3));
  row("points", counts_text(visited));
  if (s.header.pipette_diameter > 0.0) row("pipette", fmt::format("{:.3g} µm", 1e6 * s.header.pipette_diameter));
  for (const auto& c : s.reference_calibrations) {
    if (!c.valid) continue;
    row("reference electrode", fmt::format("{:+.1f} ± {:.1f} mV vs Li/Li⁺ at t = {:.0f} s ({})", c.offset_vs_Li * 1e3,
                                           c.standard_error * 1e3, c.t, ferrocene ? "ferrocene" : "as stated"));
  }
  for (const files::StatedQuantity& stated : s.stated) row("stated by the user", stated_text(stated));
  row("software of the run", s.header.software);
}

validation::Section facts_of(const ReportInputs& part) {
  validation::Section facts = validation::facts("What was done");
  if (part.run != nullptr) add_run_facts(facts, part);
  if (part.results != nullptr) {
    validation::ReasonTally reasons;
    std::size_t accepted = 0;
    for (const auto& selection : part.results->selections)
      selection.accepted ? static_cast<void>(++accepted) : reasons.add(selection.reason);
    facts.table.rows.push_back(
        {"well-defined voltammograms", fmt::format("{} of {}", accepted, part.results->selections.size())});
    for (const auto& [reason, count] : reasons.counts())
      facts.table.rows.push_back({"rejected", fmt::format("{} × {}", count, reason)});
    facts.table.rows.push_back({"software of the analysis", part.results->software});
  }
  if (part.truth != nullptr)
    facts.table.rows.push_back(
        {"truth of the simulation",
         fmt::format("{}: D = {:.3g} (in), {:.3g} (out) cm²/s ({}), k0 = {:.3g} cm/s", part.truth->truth_set,
                     part.truth->D_intercalation * 1e4, part.truth->D_deintercalation * 1e4, part.truth->D_meaning,
                     part.truth->k0 * 1e2)});
  return facts;
}

std::string part_html(const ReportInputs& part) {
  const std::string verdict = part.verdict.empty() ? verdict_of(part) : part.verdict;
  std::string html =
      fmt::format("<section>\n<h2>{}</h2>\n<p class=\"verdict\">{}</p>\n", escape_xml(part.title), text_html(verdict));
  html += section_html(facts_of(part));
  for (const auto& section : part.sections) html += section_html(section);
  for (const auto& figure : make_figures(part))
    html += fmt::format("<h3>{}</h3>\n<figure>{}\n<figcaption>{}</figcaption></figure>\n", escape_xml(figure.title),
                        figure.html, escape_xml(figure.caption));
  return html + "</section>\n";
}

/// D of one way of getting it and one direction: of one point with its interval.
struct WayToD {
  std::vector<double> values{};  ///< cm²/s
  const files::Estimate* first = nullptr;
  bool valid = false;  ///< any of them without a reservation
};
using WaysToD = std::map<std::pair<std::string, int>, WayToD>;  // by estimator and direction

WaysToD ways_to_diffusivity(const files::Results& results) {
  WaysToD ways;
  for (const auto& e : results.estimates) {
    if (e.quantity != "D" || !e.usable() || e.cycle != 0) continue;
    WayToD& way = ways[{e.estimator, e.direction}];
    way.values.push_back(e.value * 1e4);
    if (way.first == nullptr) way.first = &e;
    way.valid = way.valid || e.verdict == files::Verdict::valid;
  }
  return ways;
}

/// What the ways agree or disagree on: none of them is picked.
std::string diffusivity_text(const files::Results& results) {
  const WaysToD ways = ways_to_diffusivity(results);
  if (ways.empty()) return "";
  std::set<std::string> estimators, valid;
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (const auto& [key, way] : ways) {
    estimators.insert(key.first);
    if (way.valid) valid.insert(key.first);
    const double middle = validation::median(way.values);
    low = std::min(low, middle);
    high = std::max(high, middle);
  }
  const WayToD& only = ways.begin()->second;
  if (ways.size() == 1 && only.values.size() == 1 && only.first->level > 0.0) {
    return fmt::format("D = {:.2g} cm²/s ({:.2g} to {:.2g}) by {} ({})", low, only.first->lower * 1e4,
                       only.first->upper * 1e4, only.first->estimator,
                       files::verdict_names[static_cast<std::size_t>(only.first->verdict)]);
  }
  const std::string by = estimators.size() == 1 ? *estimators.begin() : fmt::format("{} ways", estimators.size());
  const std::string reservation =
      valid.empty()                       ? estimators.size() == 1 ? "with a reservation" : "each with a reservation"
      : valid.size() == estimators.size() ? "without a reservation"
                                          : fmt::format("{} of them without a reservation", valid.size());
  const std::string span = fmt::format("{:.2g}", low), to = fmt::format("{:.2g}", high);
  return fmt::format("D = {}{} cm²/s (medians) by {}, {}", span, to == span ? "" : " to " + to, by, reservation);
}

}  // namespace

std::string verdict_of(const ReportInputs& inputs) {
  if (inputs.results == nullptr) return "The run is not analysed yet.";
  const auto& all = inputs.results->selections;
  validation::ReasonTally reasons;
  for (const auto& s : all)
    if (!s.accepted) reasons.add(s.reason);
  const auto accepted = std::ranges::count_if(all, [](const files::Selection& s) { return s.accepted; });
  const std::string share =
      all.size() == 1
          ? fmt::format("The voltammogram is {}well defined", accepted == 1 ? "" : "not ")
          : fmt::format("{} of {} voltammograms {} well defined", accepted, all.size(), accepted == 1 ? "is" : "are");
  const auto most = [](const std::map<std::string, int>& counts) {
    return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
  };
  if (accepted == 0) return reasons.counts().empty() ? share + "." : share + ": " + most(reasons.counts()) + ".";
  if (const std::string D = diffusivity_text(*inputs.results); !D.empty()) return share + "; " + D + ".";
  validation::ReasonTally missing;
  for (const auto& e : inputs.results->estimates)
    if (e.quantity == "D" && !e.usable()) missing.add(e.reason);
  return share + (missing.counts().empty() ? "; nothing estimates D." : "; no D: " + most(missing.counts()) + ".");
}

std::vector<Figure> make_figures(const ReportInputs& inputs) {
  std::vector<Figure> figures{voltammogram_figure(inputs),    recorded_figure(inputs),    scan_rate_figure(inputs),
                              exponent_figure(inputs),        diffusivity_figure(inputs), composition_figure(inputs),
                              reference_image_figure(inputs), micrograph_figure(inputs),  registration_figure(inputs)};
  std::erase_if(figures, [](const Figure& f) { return f.html.empty(); });
  return figures;
}

void write_html_report(const std::vector<ReportInputs>& parts, const ReportHead& head,
                       const std::filesystem::path& path) {
  const std::string title = parts.size() == 1 ? parts.front().title : fmt::format("{} runs", parts.size());
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{} - SECCM "
      "report</title>\n<style>",
      escape_xml(title));
  page += style + colour_rules();
  page += fmt::format("</style></head><body>\n<h1>SECCM report</h1>\n<p class=\"note\">{}{}{}</p>\n",
                      escape_xml(head.date), head.date.empty() ? "" : " · ", escape_xml(head.software));
  for (const auto& part : parts) page += part_html(part);
  page += "</body></html>\n";
  files::write_atomically(path, page);
}

}  // namespace seccm::report
