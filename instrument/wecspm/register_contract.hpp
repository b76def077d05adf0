// The registers and DMA channels that a WEC-SPM FPGA image has to have: names, types and directions of the 49 that its
// open host (github.com/yerga/echemtips, echemtips/ni_protocol.py, REGISTER_CONTRACT) asks of the bitfile. The image
// has 114; the others are not public.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace seccm::instrument::wecspm {

enum class DataType : std::uint8_t { boolean, u8, i16, i32, u32, u64, fixed_point };
/// As in a bitfile: "Boolean", "U8", ...
std::string_view to_string(DataType type);

/// In the order of `contract()`.
enum class Reg : std::uint8_t {
  external_stop,
  external_pause,
  internal_pause,
  internal_stop,
  buffer_wait,
  hold_scale,
  two_to_minus_n,
  scaler_x,
  scaler_y,
  scaler_z,
  scaler_v,
  scaler_v2,
  feedback_type,
  threshold,
  greater_than,
  feedback_type2,
  threshold2,
  greater_than2,
  applied_x,
  applied_y,
  applied_z,
  applied_v,
  applied_v2,
  current,
  current2,
  v_on_fly,
  change_v_on_fly,
  line_number,
  waiting,
  end_current_line,
  line_type,
  feedback_reached,
  z_end,
  stop_move_z,
  proportional_gain,
  upper_limit_dz,
  p2_avg_whole,
  p2_avg_minus,
  feedback_on_hold,
  distance_to_bulk,
  distance_to_bulk2,
  distance_to_bulk3,
  current3,
  current4,
  external_amplitude,
  external_phase,
  v2_on_fly,
  change_v2_on_fly,
  feedback_error,
  count
};
inline constexpr std::size_t register_count = static_cast<std::size_t>(Reg::count);

struct RegisterRule {
  std::string_view name;
  DataType type;
  bool indicator;  ///< written by the FPGA
};
const std::array<RegisterRule, register_count>& contract();
inline const RegisterRule& rule(Reg reg) {
  return contract()[static_cast<std::size_t>(reg)];
}

inline constexpr std::string_view waypoint_fifo = "Host_To_FPGA_Positions";
inline constexpr std::string_view sample_fifo = "FPGA_To_Host_FIFO";
inline constexpr std::size_t waypoint_fifo_elements = 8197;   ///< on the target: 585 whole waypoints
inline constexpr std::size_t sample_fifo_elements = 32767;    ///< on the target
inline constexpr std::size_t host_buffer_elements = 1048576;  ///< asked for on the host's side

}  // namespace seccm::instrument::wecspm
