#include "instrument/drivers/wecspm/wecspm_config.hpp"

#include <cmath>

namespace seccm::instrument::wecspm {

namespace {

constexpr double counts = 32768.0;
constexpr double full_volts = 10.0;

void visit_connection(ParameterVisitor& v, WecspmConfig& p) {
  v({.key = "library", .text = "Name or path of the FPGA Interface C API library"}, p.library);
  v({.key = "bitfile", .text = "Path of the .lvbitx file of the FPGA image"}, p.bitfile);
  v({.key = "resource", .text = "Name of the FPGA device"}, p.resource);
}

void visit_scales(ParameterVisitor& v, WecspmConfig& p) {
  const auto span = [&](std::string_view key, std::string_view text, Length& value) {
    v({.key = key, .unit = "um", .low = 1, .high = 1000, .grade = Grade::verified, .source = "echemtips", .text = text},
      value);
  };
  span("span_x", "Travel of x over 0 to 10 V", p.span_x);
  span("span_y", "Travel of y over 0 to 10 V", p.span_y);
  span("span_z", "Travel of z over 0 to 10 V", p.span_z);
  v({.key = "command_ratio",
     .low = 0.1,
     .high = 100,
     .text = "Volts at the converter per volt at the cell (5 on the public set-up, 4 reaches 1.0 V vs Li/Li+)"},
    p.command_ratio);
  v({.key = "sensitivity", .unit = "V/pA", .low = 1e-6, .high = 10, .text = "Amplifier output per current"},
    p.sensitivity);
  v({.key = "polarity_inverted", .text = "Potential and current of the hardware are opposite to IUPAC"},
    p.polarity_inverted);
  v({.key = "sample_interval",
     .unit = "us",
     .low = 2,
     .high = 1e6,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Time of one sample"},
    p.sample_interval);
  v({.key = "samples_averaged",
     .low = 1,
     .high = 65536,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Samples in one frame; one more interval goes into the transfer"},
    p.samples_averaged);
}

void visit_limits(ParameterVisitor& v, WecspmConfig& p) {
  v({.key = "speed_xy_max", .unit = "um/s", .low = 0.1, .high = 10000, .text = "Fastest lateral move"}, p.speed_xy_max);
  v({.key = "speed_z_max", .unit = "um/s", .low = 0.1, .high = 10000, .text = "Fastest vertical move"}, p.speed_z_max);
  v({.key = "rate_max", .unit = "V/s", .low = 1e-3, .high = 1e4, .text = "Fastest potential ramp"}, p.rate_max);
  v({.key = "clearance",
     .unit = "um",
     .low = 0,
     .high = 100,
     .text = "Height above the last contact for lateral moves"},
    p.clearance);
  v({.key = "free_travel",
     .unit = "um",
     .low = 0,
     .high = 1000,
     .text = "Distance from the top of the travel within which lateral moves are always allowed"},
    p.free_travel);
  v({.key = "watchdog",
     .unit = "s",
     .low = 1,
     .high = 3600,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Time beyond the expected duration after which a program is stopped"},
    p.watchdog);
  v({.key = "restart_when_safe",
     .text = "Making safe stops the image and runs it anew: z retracted, potentials 0, x and y at mid-range"},
    p.restart_when_safe);
}

}  // namespace

void WecspmConfig::visit(ParameterVisitor& v, WecspmConfig& p) {
  visit_connection(v, p);
  visit_scales(v, p);
  visit_limits(v, p);
}

NativeUnits WecspmConfig::units() const {
  const double sign = polarity_inverted ? -1.0 : 1.0;
  return {span_x.si() / counts,
          span_y.si() / counts,
          span_z.si() / counts,
          span_z.si(),
          sign * full_volts / command_ratio / counts,
          sign * full_volts / sensitivity.si() / counts};
}

double WecspmConfig::frame_interval() const {
  return sample_interval.si() * (samples_averaged + 1);
}

// A number of samples that is no power of two counts as the next one.
ImageTiming WecspmConfig::timing() const {
  return {std::llround(sample_interval.si() * tick_rate), std::llround(std::ceil(std::log2(samples_averaged) - 1e-9))};
}

}  // namespace seccm::instrument::wecspm
