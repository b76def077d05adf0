// Voltammograms of one point as BioLogic EC-Lab text. EC-Lab records means over a potential step, and so does this: a
// row is the mean of the frames of at most one millivolt of one ramp, which no row crosses. The header has the sections
// that its readers look for: technique, settings with a date, the parameters of the sequences in columns of 20
// characters, an empty line, the names of the columns.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <numbers>

#include "files/export/export_run.hpp"
#include "files/export/run_samples.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

namespace fs = std::filesystem;

constexpr double row_step = 1e-3;  // V
constexpr double square_centi = 1e4;
constexpr const char* unknown_date = "01/01/1970 00:00:00";

std::string printable(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= ' ' && c <= '~' ? c : '?';
  return out;
}

/// "2026-03-14 09:30:00" as EC-Lab writes it: month first.
std::string date_of(const std::string& started) {
  if (started.empty()) return unknown_date;
  std::tm given{};
  const char* end = ::strptime(started.c_str(), "%Y-%m-%d %H:%M:%S", &given);
  if (end == nullptr) end = ::strptime(started.c_str(), "%Y-%m-%dT%H:%M:%S", &given);
  std::tm same = given;
  same.tm_isdst = -1;
  const bool exists = end != nullptr && *end == '\0' && ::timegm(&same) != -1 && same.tm_mday == given.tm_mday;
  if (!exists)
    throw InputError(fmt::format("--started '{}': accepted is a date and a time, \"2026-03-14 09:30:00\"", started));
  return fmt::format("{:02}/{:02}/{:04} {:02}:{:02}:{:02}", given.tm_mon + 1, given.tm_mday, given.tm_year + 1900,
                     given.tm_hour, given.tm_min, given.tm_sec);
}

std::vector<const Leg*> ramps_of(const PointRecord& point) {
  std::vector<const Leg*> ramps;
  for (const Leg& leg : point.legs)
    if (leg.kind == LegKind::ramp && leg.cycle >= 1 && leg.frame_end > leg.frame_begin) ramps.push_back(&leg);
  return ramps;
}

/// Frames in a row.
std::uint64_t frames_per_row(const Leg& ramp, double frame_interval, bool every_frame) {
  const double per_frame = ramp.scan_rate * frame_interval;
  if (every_frame || !(per_frame > 0.0)) return 1;
  return static_cast<std::uint64_t>(std::max(1.0, std::min(row_step / per_frame, 65536.0)));
}

/// One sequence of the technique: ramps of one scan rate behind one another.
struct Sequence {
  const Leg *first = nullptr, *last = nullptr;
};

std::vector<Sequence> sequences_of(const std::vector<const Leg*>& ramps) {
  std::vector<Sequence> all;
  for (const Leg* ramp : ramps) {
    const bool same = !all.empty() && std::abs(ramp->scan_rate - all.back().first->scan_rate) <= 0.01 * ramp->scan_rate;
    if (!same) all.push_back({ramp, ramp});
    all.back().last = ramp;
  }
  return all;
}

/// The parameters as EC-Lab lists them, a column of 20 characters per sequence.
std::string parameters_of(const std::vector<Sequence>& sequences) {
  std::string text;
  const auto row = [&](std::string_view name, auto value) {
    text += fmt::format("{:<20}", name);
    for (const Sequence& s : sequences) text += fmt::format("{:<20}", value(s));
    text += "\r\n";
  };
  const auto volts = [](double E) { return fmt::format("{:.3f}", E); };
  const auto reference = [](const Sequence&) { return std::string("Ref"); };
  row("Ei (V)", [&](const Sequence& s) { return volts(s.first->E_start_vs_QRCE); });
  row("vs.", reference);
  row("dE/dt", [](const Sequence& s) { return fmt::format("{:.3f}", 1e3 * s.first->scan_rate); });
  row("dE/dt unit", [](const Sequence&) { return std::string("mV/s"); });
  row("E1 (V)", [&](const Sequence& s) { return volts(s.first->E_end_vs_QRCE); });
  row("vs.", reference);
  row("nc cycles", [](const Sequence& s) { return fmt::format("{}", s.last->cycle - s.first->cycle); });
  row("Ef (V)", [&](const Sequence& s) { return volts(s.last->E_end_vs_QRCE); });
  row("vs.", reference);
  return text;
}

std::string settings_of(const RunReader& run, const PointRecord& point, const ExportOptions& options,
                        std::string_view rows) {
  const RunSummary& s = run.summary();
  std::string text;
  const auto line = [&](std::string_view key, const std::string& value) {
    text += fmt::format("{} : {}\r\n", key, value);
  };
  line("Run", printable(s.header.scenario_name));
  line("Written by", printable(options.software));
  line("Acquisition started on", date_of(options.started));
  if (options.started.empty())
    line("Comments", "the date is unknown, 1970 stands for it; time/s counts from the start of the run");
  line("Point", fmt::format("{} ({}) at x = {:.4f} um, y = {:.4f} um", point.index, to_string(point.kind),
                            1e6 * point.contact_x, 1e6 * point.contact_y));
  line("Reference electrode", "quasi-reference counter electrode in the pipette");
  if (const ReferenceCalibration* c = calibration_of(s)) {
    text += fmt::format("E vs Li/Li+ = Ewe + {:.6f} V\r\n", c->offset_vs_Li);
    line("E of the reference electrode vs Li/Li+", fmt::format("{:.6f} V", c->offset_vs_Li));
    line("Standard error of E of the reference electrode", fmt::format("{:.6f} V", c->standard_error));
  }
  if (const double d = s.header.pipette_diameter; d > 0.0) {
    line("Pipette diameter", fmt::format("{:.6g} um", 1e6 * d));
    // EC-Lab writes the superscript in Windows-1252.
    line("Electrode surface area", fmt::format("{:.6e} cm\xB2", square_centi * std::numbers::pi / 4.0 * d * d));
    line("Comments", "Electrode surface area is that of the mouth of the pipette");
  }
  if (point.image_area > 0.0)
    line("Area of the object in the optical image", fmt::format("{:.6e} cm\xB2", square_centi * point.image_area));
  line("Comments", std::string(rows));
  return text;
}

/// Mean of the frames of one row.
struct Row {
  double t = 0.0, E = 0.0, i = 0.0;
  std::uint64_t frames = 0;
};

void write_ramp(const RunReader& run, const Leg& ramp, std::uint64_t per_row, TextFile& file) {
  constexpr std::uint64_t block_frames = 65536;
  Row row;
  const auto put = [&] {
    const auto n = static_cast<double>(row.frames);
    file.write(fmt::format("{:.6f}\t{:.6f}\t{:.6e}\t{}\t\r\n", row.t / n, row.E / n, 1e3 * row.i / n, ramp.cycle));
    row = {};
  };
  for (std::uint64_t begin = ramp.frame_begin; begin < ramp.frame_end;) {
    const std::uint64_t end = std::min(ramp.frame_end, begin + block_frames);
    const FrameBlock b = run.frames(begin, end);
    for (std::size_t k = 0; k < b.t.size(); ++k) {
      row.t += b.t[k];
      row.E += b.E1[k];
      row.i += b.i1[k];
      if (++row.frames == per_row) put();
    }
    begin = end;
  }
  if (row.frames > 0) put();
}

/// Least and most frames in the rows of a file, or of several.
struct RowSize {
  std::uint64_t fewest = 0, most = 0;
  void add(std::uint64_t frames) {
    fewest = most == 0 ? frames : std::min(fewest, frames);
    most = std::max(most, frames);
  }
};

std::string rows_text(const RowSize& size, double frame_interval) {
  if (size.most == 1) return fmt::format("every row is one frame of {:.4g} ms", 1e3 * frame_interval);
  const std::string frames =
      size.fewest == size.most ? fmt::format("{}", size.most) : fmt::format("{} to {}", size.fewest, size.most);
  return fmt::format("every row is the mean of {} frames of {:.4g} ms, at most 1 mV of one ramp", frames,
                     1e3 * frame_interval);
}

void write_mpt(const RunReader& run, int index, const fs::path& target, const ExportOptions& options, RowSize& total) {
  const PointRecord& point = point_of(run, index);
  const std::vector<const Leg*> ramps = ramps_of(point);
  const double interval = run.summary().header.frame_interval;
  RowSize size;
  for (const Leg* ramp : ramps) size.add(frames_per_row(*ramp, interval, options.every_frame));
  const std::string header = "\r\nCyclic Voltammetry\r\n\r\n" +
                             settings_of(run, point, options, rows_text(size, interval)) +
                             parameters_of(sequences_of(ramps)) + "\r\n";
  TextFile file(target);
  const auto lines = std::count(header.begin(), header.end(), '\n') + 3;
  file.write(fmt::format("EC-Lab ASCII FILE\r\nNb header lines : {} \r\n", lines) + header);
  file.write("time/s\tEwe/V\t<I>/mA\tcycle number\t\r\n");
  for (const Leg* ramp : ramps) write_ramp(run, *ramp, frames_per_row(*ramp, interval, options.every_frame), file);
  file.commit();
  total.add(size.fewest);
  total.add(size.most);
}

/// Where there was none it is made, and gone again if no file has come into it.
class FolderOfFiles {
 public:
  explicit FolderOfFiles(const fs::path& path) : path_(path), was_there_(fs::exists(path)) { make_directories(path); }
  FolderOfFiles(const FolderOfFiles&) = delete;
  FolderOfFiles& operator=(const FolderOfFiles&) = delete;
  ~FolderOfFiles() {
    std::error_code not_empty;
    if (!was_there_) fs::remove(path_, not_empty);
  }

 private:
  fs::path path_;
  bool was_there_;
};

}  // namespace

std::vector<fs::path> export_mpt(const RunReader& run, const fs::path& target, const ExportOptions& options) {
  std::vector<fs::path> written;
  RowSize rows;
  if (options.point) {
    require_voltammogram(run, *options.point);
    write_mpt(run, *options.point, target, options, rows);
    written.push_back(target);
  } else {
    (void)date_of(options.started);
    const FolderOfFiles folder(target);
    for (const PointRecord& point : run.summary().points) {
      if (!has_voltammogram(point)) continue;
      written.push_back(target / fmt::format("point_{:04}.mpt", point.index));
      write_mpt(run, point.index, written.back(), options, rows);
    }
    if (written.empty()) throw InputError("no point of the run holds a voltammogram");
  }
  options.say(rows_text(rows, run.summary().header.frame_interval) +
              (rows.most > 1 ? "; --every-frame writes them all" : ""));
  if (options.started.empty())
    options.say("the run does not know its date: 1970-01-01 stands for it in the files; --started states it");
  return written;
}

}  // namespace seccm::files
