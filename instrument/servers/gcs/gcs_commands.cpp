#include "instrument/servers/gcs/gcs_commands.hpp"

#include <algorithm>
#include <array>

#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

auto all_tables() {
  return std::array{gcs_system_commands(), gcs_motion_commands(), gcs_recorder_commands(), gcs_wave_commands()};
}

int axis_of(const GcsController& controller, const std::string& word) {
  for (int axis = 0; axis < controller.axes(); ++axis) {
    if (word == std::to_string(axis + 1)) return axis;
  }
  throw GcsFailure{GcsError::invalid_axis};
}

}  // namespace

const GcsCommand* find_gcs_command(std::string_view name) {
  for (const auto table : all_tables()) {
    for (const auto& command : table) {
      if (gcs_word(name, command.name)) return &command;
    }
  }
  return nullptr;
}

std::string gcs_help() {
  // The session answers these four bytes and ERR? itself.
  std::vector<std::string> lines{
      "The following commands are valid: ", "#5 Request Motion Status", "#7 Request Controller Ready Status",
      "#9 Get Wave Generator Status",       "#24 Stop All Axes",        "ERR? Get Error Number"};
  for (const auto table : all_tables()) {
    for (const auto& command : table) lines.push_back(std::string(command.name) + " " + std::string(command.help));
  }
  lines.emplace_back("end of help");
  std::string reply = gcs_lines(lines);
  // The first line carries its blank already.
  reply.erase(lines.front().size(), 1);
  return reply;
}

std::vector<int> gcs_axes(const GcsController& controller, const GcsWords& words) {
  std::vector<int> axes;
  for (const auto& word : words) axes.push_back(axis_of(controller, word));
  if (axes.empty()) {
    for (int axis = 0; axis < controller.axes(); ++axis) axes.push_back(axis);
  }
  return axes;
}

GcsPairs gcs_pairs(const GcsController& controller, const GcsWords& words) {
  if (words.empty() || words.size() % 2 != 0) throw GcsFailure{GcsError::syntax};
  GcsPairs pairs;
  for (std::size_t k = 0; k < words.size(); k += 2) {
    const int axis = axis_of(controller, words[k]);
    if (std::find(pairs.axes.begin(), pairs.axes.end(), axis) != pairs.axes.end()) {
      throw GcsFailure{GcsError::double_axis};
    }
    pairs.axes.push_back(axis);
    pairs.values.push_back(gcs_number(words[k + 1]));
  }
  return pairs;
}

void gcs_expect(const GcsWords& words, std::size_t low, std::size_t high) {
  if (words.size() < low || words.size() > high) throw GcsFailure{GcsError::syntax};
}

}  // namespace seccm::instrument::servers
