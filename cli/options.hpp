// What the user asked for, parsed. Plain data: command_line.cpp is the only file that sees the parser library.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace seccm::cli {

struct CommonOptions {
  std::optional<long long> seed;
  int threads = 0;                ///< 0: as many as the machine has
  std::vector<std::string> sets;  ///< "section.key=value", in order
  bool json = false;
  bool quiet = false;

  /// --set values and --seed as overrides of a scenario, in the order of precedence.
  [[nodiscard]] std::vector<std::string> overrides() const;
};

struct SimulateOptions {
  CommonOptions common;
  std::string scenario, csv, output, sensitivities;
};
struct ScanOptions {
  CommonOptions common;
  std::string scenario, output;
  bool resume = false;        ///< go on with the run that was ended
  bool rescue = false;        ///< only build the run file of what its journal holds
  bool allow_motion = false;  ///< consent that hardware moves
};
struct ServeOptions {
  CommonOptions common;
  std::string scenario, ready;
};
struct DoctorOptions {
  CommonOptions common;
  std::string scenario;
  bool allow_motion = false;
};
struct AnalyseOptions {
  CommonOptions common;
  std::string run, output;
};
struct ValidateOptions {
  CommonOptions common;
  std::string scenario, directory;
  std::string gate;
};
struct ReportOptions {
  CommonOptions common;
  std::string input, output;
};
struct ImportOptions {
  CommonOptions common;
  std::vector<std::string> sources;
  std::string output;
  std::string polarity;  ///< "wec-spm", "iupac", "cathodic-positive", or "" for what the source says
  std::string reference_offset, reference_error, pipette_diameter, area, radius;
  std::string map, columns, scan_rate;
};
struct ExportOptions {
  CommonOptions common;
  std::string run, output, format;
  std::optional<int> point;
  std::string image, quantity, polarity;
  std::string started;       ///< "YYYY-MM-DD hh:mm:ss"
  bool every_frame = false;  ///< mpt: not a row per millivolt
};
struct ListOptions {
  CommonOptions common;
  std::string what;
};
struct ExplainOptions {
  CommonOptions common;
  std::string key;
  bool all = false, markdown = false;
};
/// --help or --version: text for stdout.
struct PrintText {
  std::string text;
};

using Invocation =
    std::variant<PrintText, SimulateOptions, ScanOptions, ServeOptions, DoctorOptions, AnalyseOptions, ValidateOptions,
                 ReportOptions, ImportOptions, ExportOptions, ListOptions, ExplainOptions>;

/// Throws InputError with a hint at the help for a command line that is not understood.
Invocation parse_command_line(int argc, const char* const* argv);

}  // namespace seccm::cli
