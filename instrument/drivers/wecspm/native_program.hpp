// A program of the sequencer role as native programs: what goes down the waypoint FIFO.
//
// Each contact leg ends a native program, because the target holds it at the end of travel: the host decides there.
// Holds longer than 32.764 ms (a whole number of 4 us samples) are split into lines of their own. Targets are rounded
// to counts, speeds down (units.hpp), holds to whole us. What can not be written is refused with the waypoint's number.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/wecspm/units.hpp"

namespace seccm::instrument::wecspm {

using Counts = std::array<std::int16_t, axis_count>;

struct NativeProgram {
  std::vector<NativeWaypoint> lines;
  std::vector<std::size_t> waypoint_of;           ///< index in the role's program, by line
  std::array<std::int16_t, axis_count> scaler{};  ///< -n per axis
  std::int64_t ticks = 0;                         ///< duration: a contact line counts to its target
  bool approach = false;                          ///< ends with a contact line
};

struct CompiledProgram {
  std::vector<NativeProgram> parts;
  std::int64_t ticks = 0;
};

/// `from`: the counts at which the stage stands. `sample_ticks`: each line takes a whole number of samples.
Result<CompiledProgram> compile(const Program& program, const NativeUnits& units, const Counts& from,
                                std::int64_t sample_ticks);

}  // namespace seccm::instrument::wecspm
