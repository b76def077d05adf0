// The [amplifier] section: current amplifier, potential command and digitiser.
#pragma once

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::instrument::twin {

/// Everything is digitised to signed 16 bit over ±10 V: the current by the sensitivity, a potential by the command
/// ratio (volts at the converter per volt at the cell).
struct AmplifierParameters {
  Transimpedance sensitivity = 1e11 * unit::Ohm;  ///< 0.1 V/pA: ±100 pA full scale
  double command_ratio = 4.0;                     ///< ±10 V at the converter = ±2.5 V at the cell
  ScanRate rate_max = 10.0 * unit::V_per_s;       ///< of a potential ramp
  CurrentNoiseDensity white_noise = 3.0 * unit::fA_per_rtHz;
  Frequency flicker_corner = 1.0 * unit::Hz;  ///< where 1/f noise equals the white; 0 = none
  Frequency mains_frequency = 50.0 * unit::Hz;
  Current mains_amplitude = 20e-15 * unit::A;  ///< peak value of the pick-up
  Frequency bandwidth = 5.0 * unit::kHz;       ///< first-order, ahead of the converter
  Time filter_time = 0.0 * unit::s;            ///< delay of the eight-pole low-pass; 0 = off
  Current offset = 20e-15 * unit::A;
  Capacitance stray_capacitance = 1.0 * unit::pF;  ///< holder and wiring, uncompensated; loads the current in air too
  Time sample_interval = 4.0 * unit::us;
  int samples_averaged = 256;  ///< a power of two; one more sample interval goes into the transfer

  static void visit(ParameterVisitor& v, AmplifierParameters& p);
};

}  // namespace seccm::instrument::twin
