#include "instrument/twin/amplifier_parameters.hpp"

namespace seccm::instrument::twin {

void AmplifierParameters::visit(ParameterVisitor& v, AmplifierParameters& p) {
  v({.key = "sensitivity",
     .unit = "V/pA",
     .low = 1e-6,
     .high = 10,
     .text = "Amplifier output per current; +-10 V are full scale"},
    p.sensitivity);
  v({.key = "command_ratio",
     .low = 0.1,
     .high = 100,
     .text = "Volts at the converter per volt at the cell (5 on the public set-up, 4 reaches 1.0 V vs Li/Li+)"},
    p.command_ratio);
  v({.key = "rate_max", .unit = "V/s", .low = 1e-3, .high = 1e4, .text = "Fastest potential ramp"}, p.rate_max);
  v({.key = "white_noise",
     .unit = "fA Hz^-1/2",
     .low = 0,
     .high = 1e4,
     .grade = Grade::recalled,
     .source = "10 GOhm feedback: 1.3 fA Hz^-1/2 and excess",
     .text = "White current noise"},
    p.white_noise);
  v({.key = "flicker_corner",
     .unit = "Hz",
     .low = 0,
     .high = 1e3,
     .grade = Grade::recalled,
     .source = "typical",
     .text = "Frequency where 1/f noise equals the white noise; 0 = none"},
    p.flicker_corner);
  v({.key = "mains_frequency",
     .unit = "Hz",
     .low = 1,
     .high = 1000,
     .grade = Grade::standard,
     .source = "mains",
     .text = "Frequency of the pick-up"},
    p.mains_frequency);
  v({.key = "mains_amplitude",
     .unit = "fA",
     .low = 0,
     .high = 1e6,
     .grade = Grade::recalled,
     .source = "shielded glovebox set-up",
     .text = "Peak value of the mains pick-up"},
    p.mains_amplitude);
  v({.key = "bandwidth",
     .unit = "Hz",
     .low = 500,
     .high = 1e6,
     .text = "First-order bandwidth ahead of the converter: sets noise and delay of the contact comparator"},
    p.bandwidth);
  v({.key = "filter_time",
     .unit = "ms",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "Warwick, 10 ms where used",
     .text = "Delay of the eight-pole low-pass; 0 = off"},
    p.filter_time);
  v({.key = "offset", .unit = "fA", .low = -1e6, .high = 1e6, .text = "Input offset"}, p.offset);
  v({.key = "stray_capacitance",
     .unit = "pF",
     .low = 0,
     .high = 1000,
     .grade = Grade::recalled,
     .source = "range 0.1-10 pF",
     .text = "Holder and wiring, uncompensated"},
    p.stray_capacitance);
  v({.key = "sample_interval",
     .unit = "us",
     .low = 2,
     .high = 1e6,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Time of one sample, a multiple of 25 ns"},
    p.sample_interval);
  v({.key = "samples_averaged",
     .low = 1,
     .high = 65536,
     .grade = Grade::verified,
     .source = "echemtips",
     .text = "Samples in one frame; one more interval goes into the transfer"},
    p.samples_averaged);
}

}  // namespace seccm::instrument::twin
