// Error numbers of GCS 2.0 that this controller can set: read and cleared by ERR?.
#pragma once

namespace seccm::instrument::servers {

enum class GcsError : int {
  none = 0,
  syntax = 1,  ///< missing, malformed or surplus parameter
  unknown_command = 2,
  command_too_long = 3,
  servo_off = 5,  ///< motion of an axis whose servo is off
  position_out_of_limits = 7,
  velocity_out_of_limits = 8,
  stopped = 10,  ///< by STP, HLT or #24
  invalid_axis = 15,
  out_of_range = 17,
  double_axis = 22,
  unknown_parameter = 54,  ///< SPA
  invalid_password = 56,   ///< CCL
  no_record_table = 57,
  no_record_option = 58,
  no_record_source = 59,
  command_level_too_low = 60,  ///< SPA without CCL 1
  read_only_parameter = 64,
  wave_too_large = 67,
  wave_running = 73,          ///< motion of an axis whose wave generator runs
  no_wave_selected = 75,      ///< WGO without WSL
  not_enough_data = 77,       ///< DRR? behind what is recorded
  table_not_configured = 78,  ///< DRR? of a table that records nothing
  no_generator = 400,
  wave_not_defined = 401,
  wave_type = 402,
  wave_parameter_number = 404,
  wave_parameter_range = 405,
  wave_start_mode = 406,
};

/// Thrown by a command, caught by the session, which latches it.
struct GcsFailure {
  GcsError code;
};

}  // namespace seccm::instrument::servers
