#include "instrument/servers/nifpga/register_duties.hpp"

#include <fmt/format.h>

namespace seccm::instrument::nifpga {

using wecspm::Reg;

const std::array<RegisterDuty, wecspm::register_count>& duties() {
  using enum Duty;
  static constexpr std::array<RegisterDuty, wecspm::register_count> all{{
      {acts, "External Stop: ends everything; final until reset and run"},
      {acts, "External Pause: stops the line where it is, a hold's timer too; goes on from there"},
      {acts, "Internal Pause: as External Pause; the target itself never sets it (line action 1 is refused)"},
      {shows, "Internal Stop: the target has refused a line, or the rig behind it has failed"},
      {fixed, "Buffer Loop Wait Time (tICKS): the time of a sample is that of the rig"},
      {acts, "HoldTimerScale: ticks per count of a hold that begins later"},
      {fixed, "2^(-n): the samples of a frame are those of the rig"},
      {acts, "ExpandVelScaller X: scale of the velocity, from the next sample on"},
      {acts, "ExpandVelScaller Y: scale of the velocity, from the next sample on"},
      {acts, "ExpandVelScaller Z: scale of the velocity, from the next sample on"},
      {acts, "ExpandVelScaller V: scale of the rate, from the next sample on"},
      {kept, "ExpandVelScaller V2: for lines that ramp V2, each of which is refused with Internal Stop"},
      {acts, "FeedBackType: what the first comparator looks at (1: I1, 2: I2), and word 8 of a sample"},
      {acts, "Feedback_Threshold: of the first comparator, from the next sample on"},
      {acts, "GreaterThan: sense of the first comparator, from the next sample on"},
      {acts, "FeedBackType 2: what the second comparator looks at (1: I1, 2: I2)"},
      {acts, "Feedback_Threshold 2: of the second comparator, from the next sample on"},
      {acts, "GreaterThan 2: sense of the second comparator, from the next sample on"},
      {shows, "Applied X: the command"},
      {shows, "Applied Y: the command"},
      {shows, "Applied Z: the command"},
      {shows, "Applied Voltage: the command"},
      {shows, "Applied Voltage 2: the command"},
      {shows, "MeasuredCurrent: I1 of the last sample"},
      {shows, "MeasuredCurrent 2: I2 of the last sample; the twin has no second electrode, it reads 0"},
      {acts, "V on Fly: the potential that Change V on Fly sets"},
      {acts, "Change V on Fly: a line that moves V jumps to V on Fly and goes on from there; waits for such a line"},
      {shows, "LineNumber: of the line in execution, or of the last one"},
      {shows, "WaitingForWayPoints: nothing is executed and none is queued, or External Stop"},
      {acts, "EndCurrentLine: ends the line in execution, or the next one; once between two resets"},
      {shows, "LineType: line action of the line in execution"},
      {shows, "Feedback1 Boolean: the last contact line was ended by a comparator"},
      {shows, "Z END: z target of the line in execution"},
      {shows, "StopMoveZ: z stands in a contact line: at its target, or after contact"},
      {fixed, "P: of line actions 4 and 7, which are refused"},
      {fixed, "Upper limit Of dZ: of line actions 4 and 7, which are refused"},
      {fixed, "P2AvgWhole: of line action 8, which is refused"},
      {fixed, "P2AvgMinus: of line action 8, which is refused"},
      {fixed, "Feedback1 on  Hold: no feedback acts in a hold"},
      {fixed, "DistanceToBulk: no line action uses it"},
      {fixed, "DistanceToBulk 2: no line action uses it"},
      {fixed, "DistanceToBulk 3: no line action uses it"},
      {shows, "MeasuredCurrent 3: not connected, reads 0"},
      {shows, "MeasuredCurrent 4: not connected, reads 0"},
      {shows, "Ext amp: not connected, reads 0"},
      {shows, "Ext Phase: not connected, reads 0"},
      {kept, "V2 on Fly: for Change V on Fly 2, which is refused"},
      {fixed, "Change V on Fly 2: no line of this target ramps V2"},
      {shows, "Feedback1 Error: of line actions 4 and 7, which are refused; reads 0"},
  }};
  return all;
}

std::int64_t start_value(Reg reg, const RigTiming& timing) {
  switch (reg) {
    case Reg::buffer_wait:
      return timing.sample_ticks;
    case Reg::two_to_minus_n:
      return timing.average_exponent;
    case Reg::hold_scale:
      return 40;
    case Reg::feedback_type:
    case Reg::feedback_type2:
    case Reg::greater_than:
    case Reg::greater_than2:
    case Reg::p2_avg_whole:
      return 1;
    case Reg::threshold:
    case Reg::threshold2:
      return 32768;
    case Reg::upper_limit_dz:
      return 10;
    default:
      return 0;
  }
}

std::optional<std::string> refusal(Reg reg, std::int64_t value, const RigTiming& timing) {
  const auto no = [&](const std::string& accepted) {
    const std::string_view name = wecspm::rule(reg).name, why = duty(reg).what.substr(name.size() + 2);
    return fmt::format("{} = {} is refused, accepted is {} ({})", name, value, accepted, why);
  };
  if (duty(reg).duty == Duty::shows) return no("nothing: it is an indicator");
  if (duty(reg).duty == Duty::fixed && value != start_value(reg, timing)) {
    return no(fmt::format("{}", start_value(reg, timing)));
  }
  const bool source = reg == Reg::feedback_type || reg == Reg::feedback_type2;
  if (source && value != 1 && value != 2) return no("1 (I1) or 2 (I2)");
  return std::nullopt;
}

}  // namespace seccm::instrument::nifpga
