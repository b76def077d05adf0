#include <fmt/format.h>

#include "instrument/servers/gcs/gcs_commands.hpp"
#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

using C = GcsController;
using W = GcsWords;

/// A parameter of SPA: what it is, and how it is set where it can be.
struct Parameter {
  int id;
  std::string_view type, group, text;  ///< as HPA? says them; type INT or FLOAT
  double (*get)(const C&, int axis);
  void (*set)(C&, int axis, double value);
};

constexpr std::string_view real = "FLOAT", whole = "INT";

/// A number of the controller that no axis and no setting changes.
template <int value>
double fixed(const C&, int) {
  return value;
}

constexpr Parameter parameters[] = {
    {0x07000000, real, "Range Limits", "Range limit min", [](const C& c, int a) { return c.low(a); },
     [](C& c, int a, double v) { c.set_low(a, v); }},
    {0x07000001, real, "Range Limits", "Range limit max", [](const C& c, int a) { return c.high(a); },
     [](C& c, int a, double v) { c.set_high(a, v); }},
    {0x07000200, real, "Servo", "Servo loop slew rate", [](const C& c, int a) { return c.velocity_max(a); }, nullptr},
    {0x0E000200, real, "System", "Servo update time",
     [](const C& c, int) { return static_cast<double>(c.options().servo_period); }, nullptr},
    {0x13000004, whole, "Wave Generator", "Max wave points", fixed<GcsWaves::points_in_all>, nullptr},
    {0x16000100, whole, "Data Recorder", "Max number of data recorder channels", fixed<GcsRecorder::tables>, nullptr},
    {0x16000200, whole, "Data Recorder", "Data recorder max points", fixed<GcsRecorder::points_in_all>, nullptr},
    {0x16000201, whole, "Data Recorder", "Data recorder points per table", fixed<GcsRecorder::most_points>, nullptr},
    {0x16000300, whole, "Data Recorder", "Data recorder channel number", fixed<GcsRecorder::tables>, nullptr},
};

const Parameter& parameter(const std::string& word) {
  const int id = gcs_integer(word);
  for (const auto& p : parameters) {
    if (p.id == id) return p;
  }
  throw GcsFailure{GcsError::unknown_parameter};
}

std::string parameter_line(const C& c, int axis, const Parameter& p) {
  const double value = p.get(c, axis);
  return fmt::format("{} 0x{:08X}={}", axis + 1, p.id,
                     p.type == whole ? fmt::format("{:.0f}", value) : gcs_float(value));
}

std::string get_parameters(C& c, const W& w) {
  std::vector<std::string> lines;
  if (w.empty()) {
    for (int axis : gcs_axes(c, {})) {
      for (const auto& p : parameters) lines.push_back(parameter_line(c, axis, p));
    }
    return gcs_lines(lines);
  }
  if (w.size() % 2 != 0) throw GcsFailure{GcsError::syntax};
  for (std::size_t k = 0; k < w.size(); k += 2) {
    lines.push_back(parameter_line(c, gcs_axes(c, {w[k]}).front(), parameter(w[k + 1])));
  }
  return gcs_lines(lines);
}

std::string set_parameters(C& c, const W& w) {
  if (w.empty() || w.size() % 3 != 0) throw GcsFailure{GcsError::syntax};
  for (std::size_t k = 0; k < w.size(); k += 3) {
    const int axis = gcs_axes(c, {w[k]}).front();
    const Parameter& p = parameter(w[k + 1]);
    const double value = gcs_number(w[k + 2]);
    if (p.set == nullptr) throw GcsFailure{GcsError::read_only_parameter};
    if (c.command_level() < 1) throw GcsFailure{GcsError::command_level_too_low};
    p.set(c, axis, value);
  }
  return {};
}

/// <PamID>= <CmdLevel> <MaxItem> <DataType> <Group> <Description>, separated by tabulators.
std::string list_parameters(C& c, const W& w) {
  gcs_expect(w, 0, 0);
  std::vector<std::string> lines{"#The following parameters are valid:"};
  for (const auto& p : parameters)
    lines.push_back(fmt::format("0x{:08X}=\t{}\t{}\t{}\t{}\t{}", p.id, p.set == nullptr ? 3 : 1, c.axes(), p.type,
                                p.group, p.text));
  lines.emplace_back("end of help");
  return gcs_lines(lines);
}

std::string command_level(C& c, const W& w) {
  gcs_expect(w, 1, 2);
  const int level = gcs_integer(w[0], 0, 1);
  if (level == 1 && (w.size() < 2 || w[1] != "advanced")) throw GcsFailure{GcsError::invalid_password};
  c.set_command_level(level);
  return {};
}

std::string axis_names(C& c, const W& w) {
  gcs_expect(w, 0, 1);
  if (!w.empty() && w[0] != "ALL") throw GcsFailure{GcsError::syntax};
  std::vector<std::string> names;
  for (int axis : gcs_axes(c, {})) names.push_back(std::to_string(axis + 1));
  return gcs_lines(names);
}

template <class Text>
std::string plain(const W& w, Text text) {
  gcs_expect(w, 0, 0);
  return gcs_lines({text()});
}

constexpr GcsCommand system_table[] = {
    {"*IDN?", "Get Device Identification",
     [](C& c, const W& w) { return plain(w, [&] { return c.options().identity; }); }},
    {"CSV?", "Get Current Syntax Version", [](C&, const W& w) { return plain(w, [] { return std::string("2.0"); }); }},
    {"HLP?", "Get List Of Available Commands",
     [](C&, const W& w) {
       gcs_expect(w, 0, 0);
       return gcs_help();
     }},
    {"VER?", "Get Versions Of Firmware And Drivers",
     [](C&, const W& w) {
       gcs_expect(w, 0, 0);
       return gcs_lines({"Firmware=14.11", "Driver=01.05", "FW_STATUS:RELEASE"});
     }},
    {"SSN?", "Get Device Serial Number", [](C& c, const W& w) { return plain(w, [&] { return c.options().serial; }); }},
    {"SAI?", "[ALL] Get List Of Current Axis Identifiers", axis_names},
    {"CST?", "[{<AxisID>}] Get Assignment Of Stages To Axes",
     [](C& c, const W& w) { return gcs_per_axis(c, w, [&](int) { return c.options().stage_name; }); }},
    {"CCL", "<Level> [<Password>] Set Command Level", command_level},
    {"CCL?", "Get Command Level",
     [](C& c, const W& w) { return plain(w, [&] { return std::to_string(c.command_level()); }); }},
    {"SPA", "{<ItemID> <PamID> <PamValue>} Set Volatile Memory Parameters", set_parameters},
    {"HPA?", "Get List Of Available Parameters", list_parameters},
    {"SPA?", "[{<ItemID> <PamID>}] Get Volatile Memory Parameters", get_parameters},
};

}  // namespace

std::span<const GcsCommand> gcs_system_commands() {
  return system_table;
}

}  // namespace seccm::instrument::servers
