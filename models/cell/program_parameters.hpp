// Section [program]: the potential program of a `simulate` job.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sim/parameter.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

enum class ProgramKind { cyclic, linear, staircase, hold };
inline constexpr std::array<std::string_view, 4> program_names{"cyclic", "linear", "staircase", "hold"};

/// cyclic     start -> vertex1 -> vertex2 -> start, `cycles` times at each scan rate (start = vertex2: a plain
/// triangle) linear     start -> vertex1 at each scan rate, each from a fresh jump back to start staircase  as cyclic,
/// in jumps of step_height sampled over the last `sample_window` of each tread hold       start, then a jump to vertex1
/// held for hold_time
struct ProgramParameters {
  ProgramKind kind = ProgramKind::cyclic;
  Potential start{3.0};
  Potential vertex1{1.0};
  Potential vertex2{3.0};
  int cycles = 1;
  std::vector<ScanRate> scan_rates{ScanRate(0.05)};
  Time rest{0.0};        ///< hold at start before each scan rate
  Time hold_time{10.0};  ///< of kind hold
  Potential step_height = 5.0 * unit::mV;
  double sample_window = 0.25;

  static void visit(ParameterVisitor& v, ProgramParameters& p);
};

/// Throws InputError when there is no scan rate or a vertex equals the start of its sweep.
sim::Waveform to_waveform(const ProgramParameters& program);

}  // namespace seccm::models
