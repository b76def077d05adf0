// The [wecspm] section of a rig file: what the driver has to know of one WEC-SPM set-up.
#pragma once

#include <string>

#include "instrument/drivers/wecspm/image_session.hpp"
#include "instrument/wecspm/units.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::wecspm {

struct WecspmConfig {
  std::string library = "libNiFpga.so";  ///< dlopen name or path of the FPGA Interface C API
  std::string bitfile;                   ///< .lvbitx of the image
  std::string resource = "RIO0";
  Length span_x = 100.0 * unit::um, span_y = 100.0 * unit::um, span_z = 100.0 * unit::um;
  double command_ratio = 4.0;                     ///< V at the converter per V at the cell
  Transimpedance sensitivity = 1e11 * unit::Ohm;  ///< amplifier output per current
  bool polarity_inverted = true;                  ///< potential and current of the hardware are opposite to IUPAC
  Time sample_interval = 4.0 * unit::us;
  int samples_averaged = 256;
  Velocity speed_xy_max = 200.0 * unit::um_per_s, speed_z_max = 100.0 * unit::um_per_s;
  ScanRate rate_max = 10.0 * unit::V_per_s;
  Length clearance = 2.0 * unit::um;     ///< z above the last contact that a lateral move needs
  Length free_travel = 20.0 * unit::um;  ///< before any contact: lateral moves only within this distance of the top
  Time watchdog = 30.0 * unit::s;        ///< beyond the expected duration of a program
  bool restart_when_safe = true;         ///< make_safe runs the image anew behind the stop: retracted, potentials 0

  static void visit(ParameterVisitor& v, WecspmConfig& p);

  [[nodiscard]] NativeUnits units() const;
  [[nodiscard]] double frame_interval() const;  ///< s
  [[nodiscard]] ImageTiming timing() const;
};

}  // namespace seccm::instrument::wecspm
