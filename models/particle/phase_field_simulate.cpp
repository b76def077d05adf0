#include "models/particle/phase_field_simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/particle/phase_field_thermodynamics.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using sim::Segment;

constexpr double unit_cell_c = 0.951e-9;  // c axis of anatase, m

class Recorder {
 public:
  Recorder(const PhaseFieldElectrode& electrode, PhaseFieldElectrodeStepper& stepper, Trace& trace)
      : electrode_(electrode), stepper_(stepper), trace_(trace) {}

  void row(const CellCurrents& currents, const Segment& segment) {
    const PhaseFieldElectrodeState& state = stepper_.state();
    trace_.time.push_back(state.time);
    trace_.E_vs_Li.push_back(state.E_vs_Li);
    trace_.current.push_back(currents.total);
    trace_.scan_rate.push_back(segment.scan_rate);
    trace_.cycle.push_back(segment.cycle);
    trace_.components.push_back(currents);
    trace_.charge.push_back(state.charge.total);
    trace_.lithium.push_back(electrode_.lithium(state));
  }

  void run(const Segment& segment, sim::SegmentSteps steps) {
    if (segment.kind == Segment::Kind::jump) {
      stepper_.jump(segment.E_end);
      return;
    }
    const int window_start = segment.tread ? static_cast<int>(segment.sample_from * steps.count) : 0;
    CellCurrents from = stepper_.state().charge;
    for (int k = 1; k <= steps.count; ++k) {
      const double share = static_cast<double>(k) / steps.count;
      stepper_.advance(segment.E_start + share * (segment.E_end - segment.E_start), steps.dt);
      if (segment.tread && k == window_start) from = stepper_.state().charge;
      if (!segment.tread) row(stepper_.state().currents, segment);
    }
    if (segment.tread) row(mean_since(from, (steps.count - window_start) * steps.dt), segment);
  }

 private:
  [[nodiscard]] CellCurrents mean_since(const CellCurrents& from, double time) const {
    const CellCurrents& to = stepper_.state().charge;
    CellCurrents mean;
    mean.total = (to.total - from.total) / time;
    mean.intercalation = (to.intercalation - from.intercalation) / time;
    mean.double_layer = (to.double_layer - from.double_layer) / time;
    mean.stray = (to.stray - from.stray) / time;
    return mean;
  }

  const PhaseFieldElectrode& electrode_;
  PhaseFieldElectrodeStepper& stepper_;
  Trace& trace_;
};

}  // namespace

Trace simulate(const PhaseFieldElectrode& electrode, const sim::Waveform& program, const NumericsParameters& numerics,
               const std::function<bool(double)>& progress) {
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  const auto segments = program.segments();
  std::size_t rows = 1;
  for (const sim::SegmentSteps& steps : plan) rows += static_cast<std::size_t>(steps.count);
  Trace trace;
  trace.reserve(rows);
  PhaseFieldElectrodeStepper stepper(electrode, electrode.rest(program.start_potential()));
  Recorder recorder(electrode, stepper, trace);
  recorder.row({}, segments.empty() ? Segment{} : segments.front());
  for (std::size_t k = 0; k < segments.size(); ++k) {
    recorder.run(segments[k], plan[k]);
    const double done = (segments[k].start_time + segments[k].duration) / std::max(program.duration(), 1e-300);
    if (progress && !progress(done)) throw Cancelled("simulation stopped on request");
  }
  return trace;
}

std::vector<std::string> phase_field_warnings(const PhaseFieldModel& model, double scan_rate) {
  const PhaseFieldSpec& spec = model.spec();
  std::vector<std::string> warnings;
  double strongest = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < model.particles(); ++i) {
    largest = std::max(largest, spec.particles[i].radius);
    for (int k = 0; k < spec.lattices; ++k) strongest = std::max(strongest, model.interaction(i, k));
  }
  if (strongest > 2.0) {
    const double density = spec.c_max * constants::faraday / constants::elementary_charge;
    const double width = interface_width(spec.parameters.kappa.si(), density, strongest, spec.temperature);
    if (width < unit_cell_c) {
      warnings.push_back(
          fmt::format("the phase boundary is {:.2f} nm wide, less than one unit cell of anatase ({:.2f} nm): a "
                      "continuum model is at "
                      "its limit there",
                      width * 1e9, unit_cell_c * 1e9));
    }
    if (largest < 5.0 * width) {
      warnings.push_back(fmt::format(
          "a radius of {:.3g} nm is less than five widths of the phase boundary ({:.2f} nm): such a particle "
          "fills uniformly, without two phases",
          largest * 1e9, width * 1e9));
    }
  }
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  const double layer = scan_rate > 0.0 ? std::sqrt(spec.lattice[0].D * thermal / scan_rate) : largest;
  const double spacing = largest / (model.nodes() - 1);
  if (layer < 2.0 * spacing) {
    warnings.push_back(fmt::format(
        "the diffusion layer sqrt(D RT/(F v)) is {:.3g} nm at {:.4g} mV/s and the nodes are {:.3g} nm apart: currents "
        "may be off; lower [phase_field] node_spacing",
        layer * 1e9, scan_rate * 1e3, spacing * 1e9));
  }
  return warnings;
}

}  // namespace seccm::models
