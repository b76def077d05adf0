// Lines of the waypoint FIFO as a program of the sequencer, and how far each of them has come.
//
// A line that was interrupted (pause, or a register that changes it) goes on with what is left of it: its targets are
// absolute, and of its hold the time that its timer has not counted yet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/wecspm/units.hpp"
#include "instrument/wecspm/words.hpp"

namespace seccm::instrument::nifpga {

struct Line {
  wecspm::NativeWaypoint native;
  bool begun = false;
  std::optional<double> hold;  ///< s that are left of its hold, once its timer runs

  [[nodiscard]] bool contact() const {
    return native.action == static_cast<std::int16_t>(wecspm::LineAction::stop_on_contact);
  }
  [[nodiscard]] bool moves_potential() const { return (native.flags & wecspm::move_v) != 0; }
};

/// The registers that say what the words of a line mean.
struct LineScales {
  std::array<int, wecspm::axis_count> scaler{};  ///< ExpandVelScaller of each axis
  std::int64_t hold_scale = 40;                  ///< ticks per count
  std::optional<std::int16_t> on_fly;            ///< V on Fly, while its change waits for a line that moves V
};

class Segment {
 public:
  Segment() = default;
  /// `from`: where the sequencer stands. `sample`: s, to whole ones of which a line lasts.
  Segment(std::vector<Line> lines, const LineScales& scales, const wecspm::NativeUnits& units,
          const SequencerStatus& from, double sample);

  /// Why its lines are not executed; empty if they are.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  /// Tags are the lines' numbers from 1.
  [[nodiscard]] const std::vector<Waypoint>& waypoints() const { return waypoints_; }
  /// The line in execution when so many waypoints are; the number of lines behind the last.
  [[nodiscard]] std::size_t line_at(std::size_t executed) const;
  /// The lines from `line` on as they are `elapsed` s after the start of the program, when `line` is in execution.
  [[nodiscard]] std::vector<Line> rest(std::size_t line, double elapsed) const;
  /// V2 when `line` is in execution: jumps are made as a line begins.
  [[nodiscard]] std::int16_t v2(std::size_t line, std::int16_t before) const;
  /// The line that makes the change of V on Fly.
  [[nodiscard]] std::optional<std::size_t> on_fly_line() const { return on_fly_line_; }

 private:
  void add(std::size_t index, const LineScales& scales, const wecspm::NativeUnits& units);
  [[nodiscard]] double travel(const Waypoint& w, const SequencerStatus& at) const;

  std::vector<Line> lines_;
  std::vector<Waypoint> waypoints_;
  std::vector<std::size_t> line_of_;  ///< of each waypoint
  std::optional<std::size_t> on_fly_line_;
  SequencerStatus from_;
  double sample_ = 0.0;
  std::string problem_;
};

}  // namespace seccm::instrument::nifpga
