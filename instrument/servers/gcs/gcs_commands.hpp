// The commands of the controller by name. One line each in the table of gcs_commands.cpp; HLP? reads it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "instrument/servers/gcs/gcs_controller.hpp"
#include "instrument/servers/gcs/gcs_syntax.hpp"

namespace seccm::instrument::servers {

struct GcsCommand {
  std::string_view name, help;
  /// The reply, empty for a command. Throws GcsFailure.
  std::string (*run)(GcsController&, const GcsWords&);
};

std::span<const GcsCommand> gcs_motion_commands();
std::span<const GcsCommand> gcs_system_commands();
std::span<const GcsCommand> gcs_recorder_commands();
std::span<const GcsCommand> gcs_wave_commands();

/// Null if there is none of this name; letters of either case.
const GcsCommand* find_gcs_command(std::string_view name);
/// The reply to HLP?.
std::string gcs_help();

/// Axes named by words 1, 2, ...; all if there are none. Throws GcsFailure invalid_axis.
std::vector<int> gcs_axes(const GcsController& controller, const GcsWords& words);
/// Pairs <axis> <number>. Throws GcsFailure syntax, invalid_axis or double_axis.
struct GcsPairs {
  std::vector<int> axes;
  std::vector<double> values;
};
GcsPairs gcs_pairs(const GcsController& controller, const GcsWords& words);
/// "1=<value>" lines.
template <class Value>
std::string gcs_per_axis(const GcsController& controller, const GcsWords& words, Value value) {
  std::vector<std::string> lines;
  for (int axis : gcs_axes(controller, words)) lines.push_back(std::to_string(axis + 1) + "=" + value(axis));
  return gcs_lines(lines);
}
/// Throws GcsFailure syntax unless there are as many words.
void gcs_expect(const GcsWords& words, std::size_t low, std::size_t high);

}  // namespace seccm::instrument::servers
