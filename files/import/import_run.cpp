#include "files/import/import_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <set>

#include "files/import/foreign_text.hpp"
#include "files/import/gamry.hpp"
#include "files/import/mpt.hpp"
#include "files/import/schema_v2.hpp"
#include "files/import/segmentation.hpp"
#include "files/import/series_join.hpp"
#include "files/import/unitpackage.hpp"
#include "files/import/wecspm_tsv.hpp"
#include "files/run_file.hpp"
#include "files/sweep_rates.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t largest_settings = 1 << 20, largest_sidecar = std::uintmax_t{256} << 20;
constexpr double tick = 25e-9;
constexpr std::string_view accepted_sources =
    ".mpt (EC-Lab, BT-Lab), .tsv (WEC-SPM), .csv with .json (recording schema v2, unitpackage), .DTA (Gamry), and "
    "tables "
    "of text: .csv, .tsv, .txt";
constexpr double lowest_count = -32768.0, highest_count = 32767.0;
constexpr double off_grid = 0.05;  // of a count: what the rounding of text can do

std::optional<fs::path> companion(const fs::path& source, std::initializer_list<const char*> extensions) {
  for (const char* extension : extensions) {
    fs::path other = source;
    other.replace_extension(extension);
    std::error_code code;
    if (fs::is_regular_file(other, code)) return other;
  }
  return std::nullopt;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool starts_as_schema_v2(const fs::path& csv) {
  std::ifstream in(csv, std::ios::binary);
  std::string line;
  return std::getline(in, line) && line.starts_with("elapsed_s,x_um,y_um");
}

/// Files of instruments and archives are often binary: said plainly, before a parser stumbles over them.
void require_text(std::string_view text, const fs::path& source) {
  if (text.substr(0, 4096).find('\0') == std::string_view::npos) return;
  throw InputError(fmt::format("{}: is no text file; accepted are {}", source.string(), accepted_sources));
}

/// The finest scale whose counts span the values.
Scale spanning(const std::vector<double>& values) {
  if (values.empty()) return {};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double middle = 0.5 * *low + 0.5 * *high;
  const double lsb = (*high - *low) / 65534.0;
  const bool usable = lsb > std::numeric_limits<double>::min() && std::isfinite(1.0 / lsb);
  return {usable ? lsb : std::max(std::abs(middle), 1e-12) / 32767.0, middle};
}

/// One channel as counts.
struct Counts {
  std::vector<std::int16_t> values;
  Scale scale;
};

Counts digitised(const std::vector<double>& values, const std::optional<Scale>& own, const char* name) {
  Counts out{std::vector<std::int16_t>(), own.value_or(spanning(values))};
  out.values.reserve(values.size());
  for (const double v : values) {
    const double exact = (v - out.scale.offset) / out.scale.lsb;
    const double count = std::nearbyint(exact);
    const bool fits = count >= lowest_count && count <= highest_count;
    if (!fits || (own && std::abs(exact - count) > off_grid))
      throw InputError(
          fmt::format("sample {}: {} = {:.9g} is {:.6g} counts of the stated digitisation; accepted is a "
                      "whole number, -32768 to 32767",
                      out.values.size() + 1, name, v, exact));
    out.values.push_back(static_cast<std::int16_t>(count));
  }
  return out;
}

struct Digitised {
  Counts x, y, z, E1, i1, E2, i2;
};

Digitised digitise(const ForeignRecording& f) {
  const auto own = [&](Scale OwnDigits::*which) -> std::optional<Scale> {
    if (!f.digits) return std::nullopt;
    return (*f.digits).*which;
  };
  return {digitised(f.x, own(&OwnDigits::x), "x"),    digitised(f.y, own(&OwnDigits::y), "y"),
          digitised(f.z, own(&OwnDigits::z), "z"),    digitised(f.E1, own(&OwnDigits::E1), "E1"),
          digitised(f.i1, own(&OwnDigits::i1), "i1"), digitised(f.E2, own(&OwnDigits::E2), "E2"),
          digitised(f.i2, own(&OwnDigits::i2), "i2")};
}

std::vector<std::int64_t> ticks_of(const ForeignRecording& f) {
  const std::int64_t first = f.digits ? f.digits->first_tick : 0;
  const double longest = 1e9;  // s
  std::vector<std::int64_t> ticks;
  ticks.reserve(f.t.size());
  for (const double t : f.t) {
    if (std::abs(t) > longest) throw InputError(fmt::format("a sample at {:.6g} s; accepted is -1e9 s to 1e9 s", t));
    const std::int64_t value = first + std::llround(t / tick);
    if (!ticks.empty() && value <= ticks.back())
      throw InputError(
          fmt::format("samples {} and {} are less than 25 ns apart; accepted is at least one tick of 25 ns",
                      ticks.size(), ticks.size() + 1));
    ticks.push_back(value);
  }
  return ticks;
}

double median_interval(const std::vector<double>& t) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < t.size(); ++k) steps.push_back(t[k] - t[k - 1]);
  if (steps.empty()) return RunHeader{}.frame_interval;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

/// Text that TOML takes between quotes.
std::string quotable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 200)) out += c >= ' ' && c <= '~' && c != '"' && c != '\\' ? c : '_';
  return out;
}

RunHeader header_of(const ForeignRecording& f, const Digitised& d, const ImportOptions& options) {
  RunHeader h;
  const std::string name = quotable(f.experiment);
  h.scenario_name = name.empty() ? "imported" : name;
  if (f.simulated) h.scenario_name += " (simulated)";
  std::string notes;
  for (const std::string& note : f.notes) notes += "# " + quotable(note) + "\n";
  h.scenario_text = fmt::format("name = \"{}\"\ndescription = \"{} {}, polarity {}\"\n{}", h.scenario_name,
                                f.simulated ? "simulated by" : "imported from", f.format, to_string(f.polarity), notes);
  h.software = options.software;
  h.tick = tick;
  h.frame_interval = median_interval(f.t);
  h.x = d.x.scale;
  h.y = d.y.scale;
  h.z = d.z.scale;
  h.E1 = d.E1.scale;
  h.i1 = d.i1.scale;
  h.E2 = d.E2.scale;
  h.i2 = d.i2.scale;
  h.current_range = f.current_range;
  h.pipette_diameter = f.pipette_diameter;
  for (const StatedQuantity& stated : options.stated)
    if (stated.quantity == stated_pipette_diameter) h.pipette_diameter = stated.value;
  return h;
}

void append_frames(const ForeignRecording& f, const Digitised& d, const std::vector<std::int64_t>& ticks,
                   RunRecorder& recorder) {
  constexpr std::size_t at_once = 4096;
  std::vector<PackedFrame> frames;
  const auto count = [](const Counts& c, std::size_t k) { return c.values.empty() ? std::int16_t{0} : c.values[k]; };
  for (std::size_t k = 0; k < f.t.size(); ++k) {
    frames.push_back({.tick = ticks[k],
                      .x = count(d.x, k),
                      .y = count(d.y, k),
                      .z = count(d.z, k),
                      .E1 = count(d.E1, k),
                      .i1 = count(d.i1, k),
                      .tag = f.line_number.empty() ? std::int16_t{0} : static_cast<std::int16_t>(f.line_number[k]),
                      .flags = 0,
                      .E2 = count(d.E2, k),
                      .i2 = count(d.i2, k)});
    if (frames.size() < at_once && k + 1 < f.t.size()) continue;
    recorder.append(frames);
    frames.clear();
  }
}

/// What the tables of a run file hold at most.
void require_tables(const std::vector<PointRecord>& points, const std::string& target) {
  constexpr std::size_t most_rows = std::size_t{1} << 20;
  std::size_t legs = 0;
  for (const PointRecord& point : points) legs += point.legs.size();
  if (points.size() > most_rows || legs > most_rows)
    throw InputError(fmt::format("{}: {} points with {} legs; a run file holds at most {} of each", target,
                                 points.size(), legs, most_rows));
}

std::vector<ImportReport::Rate> rates_of(const std::vector<PointRecord>& points) {
  std::vector<ImportReport::Rate> rates;
  for (const PointRecord& point : points) {
    std::map<std::size_t, std::set<int>> cycles;
    for (const Leg& leg : point.legs) {
      if (leg.kind != LegKind::ramp || leg.cycle < 1) continue;
      auto at = std::ranges::find_if(rates, [&](const auto& r) { return one_rate(r.scan_rate, leg.scan_rate); });
      if (at == rates.end()) at = rates.insert(rates.end(), {.scan_rate = leg.scan_rate});
      (leg.direction > 0 ? at->anodic : at->cathodic) += 1;
      auto& own = cycles[static_cast<std::size_t>(at - rates.begin())];
      own.insert(leg.cycle);
      at->cycles = std::max(at->cycles, static_cast<int>(own.size()));
    }
  }
  std::ranges::sort(rates, {}, &ImportReport::Rate::scan_rate);
  return rates;
}

/// z has to grow away from the sample. Where the last motion before the voltammograms goes up, it grows towards it.
bool turn_z(ForeignRecording& f, const std::vector<PointRecord>& points) {
  int up = 0, down = 0;
  for (const PointRecord& point : points) {
    LegKind last = LegKind::settle;
    for (const Leg& leg : point.legs) {
      if (leg.kind == LegKind::ramp) break;
      if (leg.kind == LegKind::approach || leg.kind == LegKind::retract) last = leg.kind;
    }
    if (!point.contact) continue;
    up += last == LegKind::retract ? 1 : 0;
    down += last == LegKind::approach ? 1 : 0;
  }
  if (up <= down) return false;
  for (double& z : f.z) z = -z;
  return true;
}

void add_notes(ForeignRecording& f, bool turned, const ImportOptions& options) {
  if (turned) f.notes.emplace_back("z grows towards the sample in the source: negated, so that it grows away from it");
  std::string missing;
  for (const auto& [name, values] :
       {std::pair{"X", &f.x}, {"Y", &f.y}, {"Z", &f.z}, {"V2", &f.E2}, {"Current2", &f.i2}})
    if (values->empty()) missing += (missing.empty() ? "" : ", ") + std::string(name);
  if (!missing.empty()) f.notes.push_back("missing in the source: " + missing + "; their counts are 0");
  f.notes.emplace_back(
      "missing in the source: programs, limits of the rig, images, registration, micrographs, flags of "
      "saturation");
  if (!f.digits)
    f.notes.emplace_back("counts span the values of each channel: the digitisation of the rig is not stated");
  if (!options.reference_offset && f.calibrations.empty())
    f.notes.emplace_back("the potential of the reference electrode is not known: estimators need --reference-offset");
}

ForeignRecording read_wecspm_files(const fs::path& source, std::string_view text, const ImportOptions& options) {
  const auto set = companion(source, {".set", ".SET"});
  const Settings settings =
      set ? parse_set(read_foreign_text(*set, largest_settings), set->filename().string()) : Settings{};
  ForeignRecording f = parse_wecspm(text, settings, options.polarity, source.string());
  if (!set) f.notes.emplace_back("no .set file beside the recording");
  return f;
}

PlainTableOptions table_options(const ImportOptions& options) {
  PlainTableOptions out;
  out.polarity = options.polarity;
  out.columns = options.columns;
  out.scan_rates = options.scan_rates;
  return out;
}

ForeignRecording read_table_file(const fs::path& source, std::string_view text, const ImportOptions& options) {
  PlainTableOptions table = table_options(options);
  if (is_gamry(text)) return parse_gamry(text, table, source.string());
  recognise_writer(text, table, source.string());
  return parse_plain_table(text, table, source.string());
}

/// Formats whose columns have a meaning of their own: the user's choice would have no effect.
void refuse_choices(const fs::path& source, std::string_view format, const ImportOptions& options) {
  const char* option = !options.columns.empty() ? "--columns" : !options.scan_rates.empty() ? "--scan-rate" : nullptr;
  if (option == nullptr) return;
  throw InputError(
      fmt::format("{}: {} has no effect on {}, which states its columns and times; accepted is it with a "
                  "table (CSV, TSV, text, .DTA) alone",
                  source.string(), option, format));
}

/// A CSV whose JSON stands beside it, where that is one of a kind that we know.
std::optional<ForeignRecording> read_pair(const fs::path& source, const ImportOptions& options) {
  const auto csv = companion(source, {".csv", ".CSV"}), json = companion(source, {".json", ".JSON"});
  const bool named = lower_case(source.extension().string()) == ".json";
  if (named && !csv)
    throw InputError(
        fmt::format("{}: a recording is a CSV and a JSON of one name; missing is the .csv", source.string()));
  if (!json || !csv) return std::nullopt;
  const std::string text = read_foreign_text(*json, largest_sidecar);
  if (is_unitpackage(text))
    return parse_unitpackage(read_foreign_text(*csv), text, table_options(options), csv->string());
  if (is_schema_v2(text) || named || starts_as_schema_v2(*csv)) {
    refuse_choices(source, "recording schema v2", options);
    return parse_schema_v2(read_foreign_text(*csv), text, options.polarity, csv->string());
  }
  return std::nullopt;
}

ForeignRecording read_one(const fs::path& source, const ImportOptions& options) {
  const std::string extension = lower_case(source.extension().string());
  ForeignRecording f;
  if (extension == ".csv" || extension == ".json") {
    if (auto pair = read_pair(source, options)) return std::move(*pair);
    if (starts_as_schema_v2(source))
      throw InputError(
          fmt::format("{}: schema v2 is a CSV and a JSON of one name; missing is the .json", source.string()));
  }
  const std::string text = read_foreign_text(source);
  require_text(text, source);
  if (is_mpt(text)) {
    refuse_choices(source, "EC-Lab or BT-Lab text", options);
    f = parse_mpt(text, options.polarity, source.string());
  } else if (is_wecspm(text) && options.columns.empty()) {
    refuse_choices(source, "a WEC-SPM recording", options);
    f = read_wecspm_files(source, text, options);
  } else {
    f = read_table_file(source, text, options);
  }
  f.experiment = source.stem().string();
  return f;
}

/// What the user says of the `k`-th of several files.
ImportOptions options_of(const ImportOptions& options, std::size_t k, std::size_t files) {
  ImportOptions out = options;
  if (files == 1 || options.scan_rates.size() < 2) return out;
  if (options.scan_rates.size() != files)
    throw InputError(fmt::format("--scan-rate: {} scan rates for {} files; accepted is one for all, or one for each",
                                 options.scan_rates.size(), files));
  out.scan_rates = {options.scan_rates[k]};
  return out;
}

/// The journal of an import is of use to nobody: what it holds is in the sources. Made when it is there; leaves none.
class PassingJournal {
 public:
  explicit PassingJournal(fs::path journal) : journal_(std::move(journal)) {}
  PassingJournal(const PassingJournal&) = delete;
  PassingJournal& operator=(const PassingJournal&) = delete;
  ~PassingJournal() {
    std::error_code gone;
    fs::remove(journal_, gone);
  }

 private:
  fs::path journal_;
};

/// Of a failed import, whose recorder says where its journal is.
std::string without_journal(const std::string& message) {
  return message.substr(0, message.find(". The measured data are safe in"));
}

void refuse_to_move_aside(const fs::path& journal) {
  std::error_code absent;
  if (!fs::exists(journal, absent)) return;
  throw InputError(
      fmt::format("{}: the journal of a run that did not come to its end; accepted is another output, or this one when "
                  "`seccm scan` has taken the journal with --resume or --rescue, or it is removed",
                  journal.string()));
}

}  // namespace

ForeignRecording read_foreign(const std::vector<fs::path>& sources, const ImportOptions& options) {
  if (sources.empty()) throw InputError("no file to import; accepted is one at least");
  std::vector<ForeignRecording> recordings;
  std::vector<std::string> names;
  for (const fs::path& source : sources) {
    recordings.push_back(read_one(source, options_of(options, names.size(), sources.size())));
    names.push_back(source.string());
  }
  return join_series(std::move(recordings), names);
}

ImportReport write_foreign(ForeignRecording f, const fs::path& target, const ImportOptions& options,
                           const MoreGroups& more) {
  const fs::path journal = target.string() + ".journal";
  refuse_to_move_aside(journal);
  require_whole(f, target.string());
  const double E1_step = f.digits ? std::abs(f.digits->E1.lsb) : spanning(f.E1).lsb;
  std::vector<std::string> remarks;
  std::vector<PointRecord> points = find_points(f, E1_step, &remarks);
  const bool turned = !f.digits && !f.z.empty() && turn_z(f, points);
  if (turned) points = find_points(f, E1_step);
  f.notes.insert(f.notes.end(), remarks.begin(), remarks.end());
  require_tables(points, target.string());
  add_notes(f, turned, options);
  const Digitised counts = digitise(f);
  const std::vector<std::int64_t> ticks = ticks_of(f);
  const double t0 = tick * static_cast<double>(f.digits ? f.digits->first_tick : 0);

  if (std::ranges::none_of(points, &PointRecord::contact))
    f.notes.emplace_back("no voltammogram in it: the potential runs nowhere 20 mV on a straight line");
  ImportReport report{f.format, f.polarity, 0, points.size(), 0, {}, f.complete, f.notes};
  RunRecorder recorder(target, header_of(f, counts, options));
  const PassingJournal passing(journal);
  append_frames(f, counts, ticks, recorder);
  for (PointRecord& point : points) {
    for (double* time : {&point.t_start, &point.t_end}) *time += t0;
    if (point.contact) point.t_contact += t0;
    for (const Leg& leg : point.legs) report.ramps += leg.kind == LegKind::ramp ? 1U : 0U;
    recorder.add(point);
  }
  report.rates = rates_of(points);
  for (const StatedQuantity& stated : options.stated) recorder.add(stated);
  if (!options.reference_offset)
    for (const ReferenceCalibration& calibration : f.calibrations) recorder.add(calibration);
  if (options.reference_offset)
    recorder.add(ReferenceCalibration{
        .t = t0, .offset_vs_Li = *options.reference_offset, .standard_error = options.reference_error, .valid = true});
  report.frames = recorder.frame_count();
  try {
    recorder.finalise(f.complete ? "complete" : "interrupted", more);
  } catch (const ResourceError& error) {
    throw ResourceError(without_journal(error.what()));
  }
  return report;
}

}  // namespace seccm::files
