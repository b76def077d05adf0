#include "cli/scan_summary.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/interrupt.hpp"
#include "cli/progress_line.hpp"

namespace seccm::cli {
namespace {

nlohmann::ordered_json calibration_json(const files::ReferenceCalibration& calibration) {
  return {{"valid", calibration.valid},
          {"offset_vs_Li_V", calibration.offset_vs_Li},
          {"standard_error_V", calibration.standard_error},
          {"limiting_current_A", calibration.limiting_current}};
}

}  // namespace

nlohmann::ordered_json to_json(const jobs::ScanReport& report) {
  const scan::ScanOutcome& o = report.outcome;
  return {{"ending", scan::to_string(o.ending)},
          {"message", o.message},
          {"objects_detected", o.objects_detected},
          {"points",
           {{"planned", o.points_planned},
            {"visited", o.points_visited},
            {"contacted", o.points_contacted},
            {"complete", o.points_complete},
            {"ok", o.points_ok}}},
          {"landings", o.landings},
          {"false_contacts", o.false_contacts},
          {"faults", o.faults},
          {"held", o.held},
          {"duration_s", o.duration},
          {"points_duration_s", o.points_duration},
          {"expected_duration_s", o.expected_duration},
          {"tour_length_m", o.tour_length},
          {"naive_length_m", o.naive_length},
          {"travel_xy_m", o.travel_xy},
          {"travel_z_m", o.travel_z},
          {"frames", o.frames},
          {"registration",
           {{"valid", o.registration.valid},
            {"residual_rms_m", o.registration.residual_rms},
            {"matches", o.registration.matches.size()}}},
          {"reference_start", calibration_json(o.reference_start)},
          {"reference_end", calibration_json(o.reference_end)},
          {"micrographs", report.micrographs},
          {"full_grid",
           {{"points", report.full_grid.points},
            {"duration_s", report.full_grid.duration},
            {"path_length_m", report.full_grid.path_length}}}};
}

validation::Section section_of(const jobs::ScanReport& report) {
  const scan::ScanOutcome& o = report.outcome;
  validation::Section section = validation::facts("Scan");
  const auto row = [&](const char* name, std::string value) { section.table.rows.push_back({name, std::move(value)}); };
  row("ending", fmt::format("{}{}{}", scan::to_string(o.ending), o.message.empty() ? "" : ": ", o.message));
  row("points", fmt::format("{} planned, {} visited, {} in contact, {} complete, {} with verdict ok", o.points_planned,
                            o.points_visited, o.points_contacted, o.points_complete, o.points_ok));
  row("rig time",
      fmt::format("{} ({} on the points), {} frames", in_words(o.duration), in_words(o.points_duration), o.frames));
  if (o.tour_length > 0.0)
    row("tour",
        fmt::format("{:.0f} um, in the order of the list {:.0f} um", 1e6 * o.tour_length, 1e6 * o.naive_length));
  if (o.registration.valid)
    row("registration", fmt::format("{:.0f} nm rms over the calibration landings", 1e9 * o.registration.residual_rms));
  if (o.reference_start.valid)
    row("reference", fmt::format("{:.4f} ± {:.4f} V vs Li/Li+ from ferrocene", o.reference_start.offset_vs_Li,
                                 o.reference_start.standard_error));
  if (report.full_grid.points > 0)
    row("regular grid",
        fmt::format("{} points would take {}", report.full_grid.points, in_words(report.full_grid.duration)));
  return section;
}

std::string to_text(const jobs::ScanReport& report) {
  std::string text;
  for (const auto& row : section_of(report).table.rows)
    text += text.empty() ? fmt::format("scan {}\n", row[1]) : fmt::format("  {:<12} {}\n", row[0], row[1]);
  return text;
}

int status_of(scan::Ending ending) {
  switch (ending) {
    case scan::Ending::complete:
      return success;
    case scan::Ending::interrupted:
      return interrupted_status;
    case scan::Ending::device_fault:
      return device_fault;
    case scan::Ending::calibration_failed:
      return gate_failed;
  }
  return gate_failed;
}

}  // namespace seccm::cli
