#include "files/import/series_join.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "files/import/series_gap.hpp"
#include "files/import/text_table.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

void require_series(const ForeignRecording& f, const std::string& name) {
  const bool one_point = std::ranges::all_of(f.pixel, [&](std::int32_t pixel) { return pixel == f.pixel.front(); });
  if (!f.x.empty() || !f.y.empty() || !f.pixels.empty() || !one_point)
    throw InputError(
        fmt::format("{}: a recording with positions or several points is no part of a series; accepted are "
                    "several files only where each holds voltammograms of the same one place",
                    name));
}

/// Sections of `f` behind the last of `out`; what is no part of a voltammogram stays so.
void append_sections(const ForeignRecording& f, ForeignRecording& out) {
  const std::int32_t next = out.section.empty() ? 0 : std::max(0, std::ranges::max(out.section) + 1);
  for (std::size_t k = 0; k < f.t.size(); ++k) {
    const std::int32_t own = f.section.empty() ? 0 : f.section[k];
    out.section.push_back(own < 0 ? -1 : next + own);
  }
}

double length_of(const ForeignRecording& f) {
  return f.t.back() - f.t.front();
}

/// `before`: length of the file before, s.
void append(const ForeignRecording& f, double before, ForeignRecording& out) {
  const double offset = out.t.empty() ? 0.0 : out.t.back() + series_gap(before, length_of(f)) - f.t.front();
  append_sections(f, out);
  for (const double t : f.t) out.t.push_back(t + offset);
  out.E1.insert(out.E1.end(), f.E1.begin(), f.E1.end());
  out.i1.insert(out.i1.end(), f.i1.begin(), f.i1.end());
  out.cycle.insert(out.cycle.end(), f.cycle.begin(), f.cycle.end());
  out.stated_rates.insert(out.stated_rates.end(), f.stated_rates.begin(), f.stated_rates.end());
}

}  // namespace

ForeignRecording join_series(std::vector<ForeignRecording> recordings, const std::vector<std::string>& names) {
  if (recordings.size() == 1) return std::move(recordings.front());
  ForeignRecording out;
  out.format = fmt::format("{} files, {}", recordings.size(), recordings.front().format);
  out.experiment = recordings.front().experiment;
  out.polarity = recordings.front().polarity;
  out.complete = true;
  out.simulated = std::ranges::any_of(recordings, &ForeignRecording::simulated);
  out.pipette_diameter = recordings.front().pipette_diameter;
  out.calibrations = recordings.front().calibrations;
  const bool cycles = std::ranges::all_of(recordings, [](const auto& f) { return !f.cycle.empty(); });
  std::size_t samples = 0;
  double before = 0.0;
  for (std::size_t k = 0; k < recordings.size(); ++k) {
    ForeignRecording& f = recordings[k];
    require_series(f, names[k]);
    samples += f.t.size();
    if (samples > most_samples)
      throw InputError(fmt::format("{}: the files hold more than {} samples together", names[k], most_samples));
    if (!cycles) f.cycle.clear();
    append(f, before, out);
    before = length_of(f);
    for (const std::string& note : f.notes) out.notes.push_back(fmt::format("file {}: {}", k + 1, note));
    f = {};
  }
  out.pixel.assign(out.t.size(), 0);
  out.notes.push_back(fmt::format("{} files are one point, one behind the other, {}: files do not state their distance",
                                  names.size(), series_gap_in_words));
  return out;
}

}  // namespace seccm::files
