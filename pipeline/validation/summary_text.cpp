// Plain tables: fixed columns, no colours, the same on every machine.
#include <fmt/format.h>

#include <string_view>

#include "pipeline/validation/paper_comparison.hpp"
#include "pipeline/validation/text_table.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::validation {
namespace {

std::string text(const Share& s) {
  if (s.of == 0) return "none";
  return fmt::format("{} of {} ({:.0f} %, {:.0f} to {:.0f} %)", s.count, s.of, 100 * s.value(), 100 * s.interval.low,
                     100 * s.interval.high);
}

void line(Section& out, const char* name, const std::string& value) {
  out.table.rows.push_back({name, value});
}

Section landing_section(const ValidationSummary& s) {
  Section out = facts("Landing");
  line(out, "contact confirmed", text(s.landing.contact));
  if (s.landing.unnoticed > 0) line(out, "true contacts unnoticed", std::to_string(s.landing.unnoticed));
  if (s.landing.on_particles.of > 0) line(out, "targets: on particles", text(s.landing.on_particles));
  if (s.landing.on_intended.of > 0) line(out, "targets: within a footprint radius", text(s.landing.on_intended));
  if (s.landing.blank_truly_blank.of > 0)
    line(out, "blanks and ferrocene places: truly blank", text(s.landing.blank_truly_blank));
  if (s.landing.grid_on_particles.of > 0) line(out, "nodes: on particles", text(s.landing.grid_on_particles));
  if (s.landing.aim.n > 0)
    line(out, "distance from the target",
         fmt::format("median {:.2f} um, at most {:.2f} um", 1e6 * s.landing.aim.median, 1e6 * s.landing.aim_max));
  line(out, "well-defined voltammograms", text(s.well_defined));
  for (const auto& [reason, count] : s.rejected) line(out, "  rejected", fmt::format("{} x {}", count, reason));
  return out;
}

Section registration_section(const RegistrationRow& r) {
  Section out = facts("Registration, error against the true map");
  if (!r.valid) return out;
  const auto pair = [](double rms, double max) {
    return fmt::format("rms {:.3f} um, at most {:.3f} um", 1e6 * rms, 1e6 * max);
  };
  line(out, "matches used",
       fmt::format("{} of {}, stated residual {:.3f} um", r.inliers, r.matches, 1e6 * r.stated_residual));
  line(out, "over the image", pair(r.field_rms, r.field_max));
  line(out, "at the targets", pair(r.targets_rms, r.targets_max));
  line(out, "with the drift until contact", pair(r.drifted_rms, r.drifted_max));
  line(out, "as commanded", pair(r.commanded_rms, r.commanded_max));
  return out;
}

Section reference_section(const ReferenceRow& r) {
  Section out = facts("Reference electrode");
  line(out, "calibrations valid", fmt::format("{} of {}", r.valid, r.calibrations));
  if (r.error.n == 0) return out;
  line(out, "error of the offset",
       fmt::format("median {:+.2f} mV, at most {:.2f} mV (stated {:.2f} mV)", 1e3 * r.error.median, 1e3 * r.error_max,
                   1e3 * r.median_stated_error));
  line(out, "true drift over the run", fmt::format("{:+.2f} mV", 1e3 * r.true_drift));
  return out;
}

void add_array(Section& out, const TimeSaved& t) {
  line(out, "regular array", fmt::format("{} nodes, {:.0f} s, {:.0f} um", t.nodes, t.grid_time, 1e6 * t.grid_path));
  line(out, "", t.basis);
  if (t.grid_nodes_counted == 0 || t.smart_per_useful <= 0.0) return;
  const std::string of_nodes = fmt::format("{} useful clusters at {} nodes", t.grid_useful, t.grid_nodes_counted);
  line(out, "the array per useful particle",
       t.grid_per_useful ? fmt::format("{:.1f} s, {}", *t.grid_per_useful, of_nodes) : of_nodes);
  const std::string interval =
      fmt::format("{:.0f} to {:.0f} %", 100 * t.saved_interval.low, 100 * t.saved_interval.high);
  line(out, "time saved per useful particle",
       t.saved ? fmt::format("{:.0f} % ({})", 100 * *t.saved, interval) : interval);
}

Section economy_section(const ValidationSummary& s) {
  const ScanEconomy& e = s.economy;
  Section out = facts("Economy");
  line(out, "duration", fmt::format("{:.0f} s for {} points, {} on particles", e.duration, e.points, e.on_particles));
  line(out, "time per point", fmt::format("{:.1f} s", e.time_per_point));
  if (e.on_particles > 0) line(out, "time per point on particles", fmt::format("{:.1f} s", e.time_per_particle));
  if (e.useful > 0)
    line(out, "time per useful particle",
         fmt::format("{:.1f} s, {} clusters with a well-defined voltammogram", e.time_per_useful, e.useful));
  line(out, "stage path", fmt::format("{:.1f} um", 1e6 * e.path_length));
  if (s.time_saved) add_array(out, *s.time_saved);
  return out;
}

/// Broken at spaces, further lines indented.
std::string wrapped(std::string text) {
  constexpr std::size_t width = 120;
  for (std::size_t begin = 0; begin + width < text.size();) {
    const std::size_t space = text.rfind(' ', begin + width);
    if (space == std::string::npos || space <= begin + 2) break;
    text.replace(space, 1, "\n  ");
    begin = space + 1;
  }
  return text;
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.3g}", *value) : "-";
}

}  // namespace

std::vector<Section> sections(const ValidationSummary& s) {
  std::vector<Section> all{landing_section(s), registration_section(s.registration), reference_section(s.reference),
                           economy_section(s)};
  const std::vector<Section> estimators = estimator_sections(s);
  all.insert(all.end(), estimators.begin(), estimators.end());
  const std::vector<Section> why = remark_sections(s.remarks);
  all.insert(all.end(), why.begin(), why.end());
  std::erase_if(all, [](const Section& section) { return section.table.rows.empty() && section.intro.empty(); });
  return all;
}

std::string to_text(const ValidationSummary& s) {
  std::string out =
      fmt::format("{}, truth set {}, seed {}, run {}\n", s.scenario_name, s.truth_set, s.seed, s.run_status);
  if (const std::string sentence = diffusivity_sentence(s); !sentence.empty()) out += wrapped(sentence) + "\n";
  for (const Section& section :
       {landing_section(s), registration_section(s.registration), reference_section(s.reference), economy_section(s)})
    out += to_text(section);
  out += estimator_text(s);
  out += remark_text(s.remarks);
  return out;
}

Section section_of(const PaperComparison& comparison) {
  Section section{.title = "The paper's numbers, the blind pipeline and the truth: " + comparison.truth_set,
                  .table = {{{"quantity"},
                             {"unit"},
                             {"paper", true},
                             {"blind", true},
                             {"+-", true},
                             {"truth", true},
                             {"to paper", true},
                             {"to truth", true}},
                            {}}};
  for (const PaperRow& r : comparison.rows) {
    const auto difference = [&r](const std::optional<double>& d) {
      return d ? fmt::format("{:+.3g}{}", *d, r.relative ? " dec" : "") : "-";
    };
    section.table.rows.push_back({r.quantity, r.unit, r.paper_text, number(r.blind), number(r.uncertainty),
                                  number(r.truth), difference(r.to_paper), difference(r.to_truth)});
    section.notes.push_back(fmt::format("{} ({}): hangs on {}{}{}", r.quantity, r.source, r.hangs_on,
                                        r.truth_meaning.empty() ? "" : "; truth: " + r.truth_meaning,
                                        r.note.empty() ? "" : "; " + r.note));
  }
  return section;
}

std::string to_text(const PaperComparison& comparison) {
  std::string out = fmt::format("Paper beside blind pipeline and truth, truth set {}\n", comparison.truth_set);
  out += fmt::format("  {:<40}{:<14}{:>10}{:>12}{:>11}{:>11}{:>13}{:>13}\n", "quantity", "unit", "paper", "blind", "+-",
                     "truth", "to paper", "to truth");
  for (const PaperRow& r : comparison.rows) {
    const auto difference = [&r](const std::optional<double>& d) {
      return d ? fmt::format("{:+.3g}{}", *d, r.relative ? " d" : "") : "-";
    };
    out += fmt::format("  {:<40}{:<14}{:>10}{:>12}{:>11}{:>11}{:>13}{:>13}\n", r.quantity, r.unit, r.paper_text,
                       number(r.blind), number(r.uncertainty), number(r.truth), difference(r.to_paper),
                       difference(r.to_truth));
  }
  out += "  d: decades, log10 of the ratio; otherwise a difference in the unit\n";
  for (const PaperRow& r : comparison.rows) {
    out += fmt::format("  {} ({}): hangs on {}", r.quantity, r.source, r.hangs_on);
    if (!r.truth_meaning.empty()) out += fmt::format("; truth: {}", r.truth_meaning);
    if (!r.note.empty()) out += fmt::format("; {}", r.note);
    out += "\n";
  }
  return out;
}

}  // namespace seccm::validation
