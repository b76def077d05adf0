#include "instrument/wecspm/register_contract.hpp"

namespace seccm::instrument::wecspm {

std::string_view to_string(DataType type) {
  constexpr std::array<std::string_view, 7> names{"Boolean", "U8", "I16", "I32", "U32", "U64", "FXP"};
  return names[static_cast<std::size_t>(type)];
}

const std::array<RegisterRule, register_count>& contract() {
  using enum DataType;
  static constexpr std::array<RegisterRule, register_count> rules{{
      {"External Stop", boolean, false},
      {"External Pause", boolean, false},
      {"Internal Pause", boolean, false},
      {"Internal Stop", boolean, true},
      {"Buffer Loop Wait Time (tICKS)", u32, false},
      {"HoldTimerScale", u64, false},
      {"2^(-n)", i16, false},
      {"ExpandVelScaller X", i16, false},
      {"ExpandVelScaller Y", i16, false},
      {"ExpandVelScaller Z", i16, false},
      {"ExpandVelScaller V", i16, false},
      {"ExpandVelScaller V2", i16, false},
      {"FeedBackType", u8, false},
      {"Feedback_Threshold", i32, false},
      {"GreaterThan", boolean, false},
      {"FeedBackType 2", u8, false},
      {"Feedback_Threshold 2", i32, false},
      {"GreaterThan 2", boolean, false},
      {"Applied X", i16, true},
      {"Applied Y", i16, true},
      {"Applied Z", i16, true},
      {"Applied Voltage", i16, true},
      {"Applied Voltage 2", i16, true},
      {"MeasuredCurrent", i16, true},
      {"MeasuredCurrent 2", i16, true},
      {"V on Fly", i16, false},
      {"Change V on Fly", boolean, false},
      {"LineNumber", u64, true},
      {"WaitingForWayPoints", boolean, true},
      {"EndCurrentLine", boolean, false},
      {"LineType", i16, true},
      {"Feedback1 Boolean", boolean, true},
      {"Z END", i16, true},
      {"StopMoveZ", boolean, true},
      {"P", fixed_point, false},
      {"Upper limit Of dZ", i32, false},
      {"P2AvgWhole", i32, false},
      {"P2AvgMinus", i32, false},
      {"Feedback1 on  Hold", boolean, false},
      {"DistanceToBulk", i16, false},
      {"DistanceToBulk 2", i16, false},
      {"DistanceToBulk 3", i16, false},
      {"MeasuredCurrent 3", i16, true},
      {"MeasuredCurrent 4", i16, true},
      {"Ext amp", i16, true},
      {"Ext Phase", i16, true},
      {"V2 on Fly", i16, false},
      {"Change V on Fly 2", boolean, false},
      {"Feedback1 Error", i32, true},
  }};
  return rules;
}

}  // namespace seccm::instrument::wecspm
