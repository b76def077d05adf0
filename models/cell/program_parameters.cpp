#include "models/cell/program_parameters.hpp"

#include "sim/error.hpp"

namespace seccm::models {
namespace {

std::vector<double> rates_of(const ProgramParameters& program) {
  std::vector<double> rates;
  for (const ScanRate& rate : program.scan_rates) rates.push_back(rate.si());
  if (rates.empty())
    throw InputError("[program] scan_rates is empty; at least one scan rate is needed, e.g. [\"50 mV/s\"]");
  return rates;
}

sim::Waveform linear_sweeps(const ProgramParameters& program) {
  const double start = program.start.si();
  sim::Waveform waveform = sim::Waveform::at(start);
  bool first = true;
  for (const double rate : rates_of(program)) {
    if (!first) waveform = waveform.jump(start);
    waveform = waveform.hold(program.rest.si()).ramp_to(program.vertex1.si(), rate);
    first = false;
  }
  return waveform;
}

sim::Waveform staircases(const ProgramParameters& program) {
  const sim::Staircase staircase{.step_height = program.step_height.si(), .window = program.sample_window};
  sim::Waveform waveform = sim::Waveform::at(program.start.si());
  for (const double rate : rates_of(program)) {
    waveform = waveform.hold(program.rest.si())
                   .cyclic_staircase(program.vertex1.si(), program.vertex2.si(), rate, program.cycles, staircase);
  }
  return waveform;
}

}  // namespace

void ProgramParameters::visit(ParameterVisitor& v, ProgramParameters& p) {
  v({.key = "kind", .source = "docs/physics-cell.md", .text = "Shape of the potential program"}, program_names, p.kind);
  v({.key = "start",
     .unit = "V",
     .low = -10,
     .high = 10,
     .source = "window 3.0-1.0 V assumed",
     .text = "Potential at rest before the program vs Li/Li+"},
    p.start);
  v({.key = "vertex1",
     .unit = "V",
     .low = -10,
     .high = 10,
     .source = "window 3.0-1.0 V assumed",
     .text = "First vertex, end of a linear sweep, or level of a hold, vs Li/Li+"},
    p.vertex1);
  v({.key = "vertex2",
     .unit = "V",
     .low = -10,
     .high = 10,
     .source = "window 3.0-1.0 V assumed",
     .text = "Second vertex vs Li/Li+; equal to start for a plain triangle"},
    p.vertex2);
  v({.key = "cycles", .low = 1, .high = 1000, .source = "protocol", .text = "Cycles at each scan rate"}, p.cycles);
  v({.key = "scan_rates",
     .unit = "V/s",
     .low = 1e-9,
     .high = 1e6,
     .grade = Grade::paper,
     .source = "Tetteh 2023: 0.02-0.5 V/s",
     .text = "Scan rates, run one after the other"},
    p.scan_rates);
  v({.key = "rest", .unit = "s", .low = 0, .high = 1e6, .source = "protocol", .text = "Hold before each scan rate"},
    p.rest);
  v({.key = "hold_time",
     .unit = "s",
     .low = 1e-9,
     .high = 1e7,
     .source = "protocol",
     .text = "Duration of kind = hold"},
    p.hold_time);
  v({.key = "step_height",
     .unit = "mV",
     .low = 0.01,
     .high = 1000,
     .source = "protocol",
     .text = "Height of a step of kind = staircase"},
    p.step_height);
  v({.key = "sample_window",
     .low = 1e-3,
     .high = 1,
     .source = "protocol",
     .text = "Last share of each tread over which kind = staircase averages its current"},
    p.sample_window);
}

sim::Waveform to_waveform(const ProgramParameters& program) {
  switch (program.kind) {
    case ProgramKind::linear:
      return linear_sweeps(program);
    case ProgramKind::staircase:
      return staircases(program);
    case ProgramKind::hold:
      return sim::Waveform::at(program.start.si())
          .hold(program.rest.si())
          .jump(program.vertex1.si())
          .hold(program.hold_time.si());
    case ProgramKind::cyclic:
      break;
  }
  const std::vector<double> rates = rates_of(program);
  return sim::Waveform::at(program.start.si())
      .cyclic(program.vertex1.si(), program.vertex2.si(), rates, program.cycles, program.rest.si());
}

}  // namespace seccm::models
