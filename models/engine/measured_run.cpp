#include "models/engine/measured_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "models/cell/simulate.hpp"
#include "models/cell/trace_error.hpp"
#include "models/cell/wiring.hpp"
#include "models/electrolyte/electrolyte_simulate.hpp"
#include "models/engine/refinement.hpp"
#include "models/particle/phase_field_model.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

// The mesh that is chosen for a layer leaves 6e-4 of a peak (sim/radial_mesh.hpp) and falls with the square of its
// cells; stated is three times what is left.
constexpr double error_of_chosen_mesh = 18e-4;
constexpr double most_cells = 10000.0;
// The coarser one of a pair has 32 times the local tolerance (models/engine/refinement.cpp) and shows in the
// difference.
constexpr double local_share = 1.0 / 32.0;
// Below it the estimate of a step sees the noise of Newton's method, and steps shrink for nothing.
constexpr double least_local = 1e-7;
// Of the logarithm of a local tolerance: what steps that are not on a ladder need to be half as long again. IDAS and
// CVODES at order 4 or 5, the inner steps of a phase field at order 2.
constexpr double share_of_reference = 0.4;
constexpr double share_of_phase_field = 0.6;
constexpr double relative_of_reference = 1e-3;
constexpr double finest_relative = 1e-12;
// Where numerics.tolerance is 0. Phase boundaries that nucleate and contacts that ignite make spikes of their own time.
constexpr double smooth_tolerance = 1e-4;
constexpr double sudden_tolerance = 1e-2;
constexpr double voxel_tolerance = 1e-3;
constexpr double liquid_tolerance = 1e-2;  // a salt that is nearly used up or nearly precipitates
// Particles that ignite amplify what a step is off.
constexpr double local_share_of_ignition = 1e-3;
// A refined run costs at least twice the one before: where this many unknowns are reached the ladder ends.
constexpr int most_refinements = 6;
constexpr double most_fick_unknowns = 1e6;
constexpr double most_phase_field_unknowns = 5e4;
constexpr double most_reference_unknowns = 2e4;
constexpr int most_of_fixed_steps = 3;
// A run as it was asked for against a better one: the difference is its error; a mesh twice as fine leaves a quarter.
constexpr double of_better_run = 1.5;
constexpr double better_time = 8.0;  // a quarter of the tolerance

double thermal_of(double temperature) {
  return constants::gas * temperature / constants::faraday;
}

bool pins_mesh(const NumericsParameters& numerics) {
  return numerics.cells > 0 || numerics.grading > 0.0;
}

bool jumps(const sim::Waveform& program) {
  const auto segments = program.segments();
  return std::any_of(segments.begin(), segments.end(),
                     [](const sim::Segment& s) { return s.kind == sim::Segment::Kind::jump; });
}

/// numerics.tolerance = 0: what a run of some seconds reaches.
CellSpec with_tolerance(CellSpec spec) {
  if (spec.numerics.tolerance > 0.0) return spec;
  const bool sudden = spec.model != ParticleModel::fick || (spec.wiring && spec.wiring->ignites());
  spec.numerics.tolerance = sudden ? sudden_tolerance : smooth_tolerance;
  return spec;
}

/// The mesh has to resolve what diffuses within the first row behind a jump, and behind a start off equilibrium.
NumericsParameters for_first_rows(NumericsParameters numerics, const CellSpec& spec, const sim::Waveform& program) {
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  double shortest = 0.0;
  for (const sim::SegmentSteps& steps : plan) {
    if (steps.dt > 0.0 && (shortest == 0.0 || steps.dt < shortest)) shortest = steps.dt;
  }
  const bool starts_filled = std::any_of(spec.particles.begin(), spec.particles.end(),
                                         [](const CellParticle& p) { return p.initial_filling > 0.0; });
  if (shortest > 0.0 && (jumps(program) || starts_filled)) {
    const double rate = thermal_of(spec.temperature) / shortest;
    numerics.fastest_scan_rate = ScanRate(std::max(numerics.fastest_scan_rate.si(), rate));
  }
  return numerics;
}

/// How many times finer than the chosen one the mesh of a first run is.
double first_mesh(double tolerance) {
  return std::clamp(std::sqrt(error_of_chosen_mesh / tolerance), 1.0, 40.0);
}

void resolve_mesh(CellSpec& spec, double factor) {
  if (spec.particles.empty()) return;
  if (spec.model == ParticleModel::fick) {
    const sim::MeshParameters mesh = mesh_for(spec);
    // Two meshes of most_cells would share their error.
    const double room = std::max(1.0, 0.5 * most_cells / mesh.cells);
    const double first = pins_mesh(spec.numerics) ? 1.0 : std::min(room, first_mesh(spec.numerics.tolerance));
    spec.numerics.cells = static_cast<int>(std::clamp(std::round(mesh.cells * first * factor), 3.0, most_cells));
    spec.numerics.grading = mesh.grading;
    return;
  }
  const PhaseFieldModel model(phase_field_of(spec));
  double largest = 0.0;
  for (const CellParticle& particle : spec.particles) largest = std::max(largest, particle.radius);
  // The advised nodes are the coarsest of a pair: fewer pin the phase boundary.
  spec.phase_field.node_spacing = Length(largest / (model.nodes() - 1) / (2.0 * factor));
}

double unknowns_of(const CellSpec& spec) {
  const bool fick = spec.model == ParticleModel::fick;
  const double radial = fick ? mesh_for(spec).cells : PhaseFieldModel(phase_field_of(spec)).rows();
  return static_cast<double>(spec.particles.size()) * radial;
}

/// How often a run may be refined that begins with the mesh of `first`.
int refinements_for(const CellSpec& spec, const CellSpec& first, double most_unknowns) {
  if (pins_mesh(spec.numerics)) return 0;
  if (spec.particles.empty()) return most_refinements;
  double room = std::floor(std::log2(most_unknowns / unknowns_of(first)));
  if (spec.model == ParticleModel::fick)
    room = std::min(room, std::floor(std::log2(most_cells / mesh_for(first).cells)));
  return static_cast<int>(std::clamp(room, 1.0, static_cast<double>(most_refinements)));
}

double local_tolerance(const CellSpec& spec, double time) {
  const bool ignites = spec.wiring && spec.wiring->ignites();
  const double local = spec.numerics.tolerance * (ignites ? local_share_of_ignition : local_share) * time;
  return std::max(least_local, local);
}

/// `spec` at a resolution, in steps that follow the solution.
CellSpec resolved(const CellSpec& spec, const sim::Waveform& program, const Resolution& at) {
  CellSpec fine = spec;
  fine.numerics = for_first_rows(spec.numerics, spec, program);
  resolve_mesh(fine, at.cells);
  fine.phase_field.tolerance = std::max(1e-12, spec.phase_field.tolerance * std::pow(at.time, share_of_phase_field));
  fine.numerics.step = StepKind::adaptive;
  fine.numerics.tolerance = local_tolerance(spec, at.time);
  return fine;
}

/// `spec` in fixed steps, `steps` of them for each that was asked for, on a mesh `cells` times finer.
CellSpec in_steps(const CellSpec& spec, const sim::Waveform& program, double cells, int steps) {
  CellSpec fine = spec;
  fine.numerics = for_first_rows(spec.numerics, spec, program);
  resolve_mesh(fine, cells);
  fine.numerics.step = StepKind::fixed;
  fine.numerics.steps_per_row = steps;
  return fine;
}

using RunInSteps = std::function<Trace(double cells, int steps)>;

/// The coarser run of the first pair has the steps that were asked for: only whole parts of them end on its rows.
Refined refine_steps(const RunInSteps& run, const NumericsParameters& numerics, double thermal) {
  if (numerics.step == StepKind::fixed) {
    Refined asked{.trace = run(1.0, 1)};
    measure_error(asked.trace, run(2.0, 2), of_better_run, thermal);
    asked.error = relative_error(asked.trace);
    return asked;
  }
  const auto at_resolution = [&](const Resolution& at) {
    return run(at.cells, static_cast<int>(std::lround(2.0 * at.cells)));
  };
  return refine_until(at_resolution, numerics.tolerance, thermal, pins_mesh(numerics) ? 0 : most_of_fixed_steps);
}

/// The fraction of a ladder of runs whose length nobody knows: a first run of a quarter, then ever more of the rest.
class LadderProgress {
 public:
  explicit LadderProgress(const ProgressCallback& callback) : callback_(&callback) {}
  ProgressCallback next() {
    from_ = std::max(from_, done_);
    const double share = runs_++ == 0 ? 0.25 : 0.85;
    return [this, from = from_, width = share * (1.0 - from_)](double fraction) {
      done_ = from + width * fraction;
      return !*callback_ || (*callback_)(done_);
    };
  }

 private:
  const ProgressCallback* callback_;
  double from_ = 0.0, done_ = 0.0;
  int runs_ = 0;
};

std::string how(const Refined& run, std::string_view by) {
  std::string text = fmt::format("currents within {:.1e} of the largest one at their scan rate by {}", run.error, by);
  if (run.refinements > 0) {
    text += fmt::format("; refined {} {}", run.refinements, run.refinements == 1 ? "time" : "times");
  }
  return text;
}

constexpr std::string_view coarser_pair = "a second run with half the cells and steps twice as long";

std::string_view other_steps(const NumericsParameters& numerics) {
  return numerics.step == StepKind::fixed ? "a second run in steps half as long"
                                          : "a second run in steps twice as long";
}

/// Only the rows of the grid that was asked for.
Refined on_grid(Refined run, const sim::Waveform& program, const NumericsParameters& numerics) {
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  std::vector<double> times{0.0};
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const sim::Segment& segment = program.segments()[k];
    if (segment.kind == sim::Segment::Kind::jump) continue;
    for (int j = segment.tread ? plan[k].count : 1; j <= plan[k].count; ++j) {
      times.push_back(segment.start_time + plan[k].dt * j);
    }
  }
  keep_rows(run.trace, times);
  return run;
}

MeasuredRun made(Refined run, double tolerance, EngineKind engine, std::string_view by) {
  MeasuredRun out;
  out.engine = {engine, how(run, by)};
  out.error = run.error;
  out.tolerance = tolerance;
  out.trace = std::move(run.trace);
  // What both runs of a pair share does not show in their difference: a run claims no more than was asked of it.
  state_at_least(out.trace, tolerance);
  return out;
}

/// As it was asked for, beside a run that is better in space and time.
MeasuredRun run_as_asked(const CellSpec& spec, const sim::Waveform& program, LadderProgress& progress) {
  Refined run;
  run.trace = simulate(Cell(spec), program, progress.next());
  CellSpec better = resolved(spec, program, {.cells = 1.0, .time = better_time});
  const int cells = mesh_for(spec).cells;
  if (spec.model == ParticleModel::fick) better.numerics.cells = std::max(better.numerics.cells, 2 * cells);
  measure_error(run.trace, simulate(Cell(better), program, progress.next()), of_better_run,
                thermal_of(spec.temperature));
  run.error = relative_error(run.trace);
  return made(std::move(run), spec.numerics.tolerance, EngineKind::fast,
              "a second run on a finer mesh whose steps follow the solution");
}

MeasuredRun run_fast(const CellSpec& spec, const sim::Waveform& program, LadderProgress& progress) {
  if (spec.numerics.step == StepKind::fixed) return run_as_asked(spec, program, progress);
  const auto run = [&](const Resolution& at) {
    return simulate(Cell(resolved(spec, program, at)), program, progress.next());
  };
  const double limit = spec.model == ParticleModel::fick ? most_fick_unknowns : most_phase_field_unknowns;
  const int most = refinements_for(spec, resolved(spec, program, {}), limit);
  Refined refined = refine_until(run, spec.numerics.tolerance, thermal_of(spec.temperature), most);
  return made(std::move(refined), spec.numerics.tolerance, EngineKind::fast, coarser_pair);
}

ReferenceOptions reference_options(const NumericsParameters& numerics, double time) {
  ReferenceOptions options;
  options.relative = std::max(finest_relative, relative_of_reference * numerics.tolerance * time);
  options.sensitivities = split_names(numerics.sensitivities);
  return options;
}

using ReferenceAt = std::function<ReferenceRun(const Resolution&, const ReferenceOptions&)>;

MeasuredRun run_by_reference(const NumericsParameters& numerics, double temperature, const ReferenceAt& run_at,
                             int most) {
  ReferenceRun last;
  const auto run = [&](const Resolution& at) {
    last = run_at(at, reference_options(numerics, std::pow(at.time, share_of_reference)));
    find_peaks(last.trace);
    return std::move(last.trace);
  };
  Refined refined = refine_until(run, numerics.tolerance, thermal_of(temperature), most);
  MeasuredRun out = made(std::move(refined), numerics.tolerance, EngineKind::reference, coarser_pair);
  out.parameters = split_names(numerics.sensitivities);
  out.sensitivity = std::move(last.sensitivity);
  return out;
}

/// The mesh of a resolution, the rest as asked.
CellSpec meshed(const CellSpec& spec, const sim::Waveform& program, const Resolution& at) {
  CellSpec fine = spec;
  fine.numerics = for_first_rows(spec.numerics, spec, program);
  resolve_mesh(fine, at.cells);
  return fine;
}

/// `auto`: where the fast engine does not get there, the other one tries.
MeasuredRun choose_by_error(const NumericsParameters& numerics, const std::function<MeasuredRun()>& fast,
                            const std::function<MeasuredRun()>& reference) {
  if (choose_engine(numerics).engine == EngineKind::reference) return reference();
  std::string why;
  try {
    return fast();
  } catch (const SolverError& error) {
    why = error.what();
  }
  const auto refuse = [&](std::string_view rest) {
    throw SolverError(fmt::format(
        "numerics.tolerance = {:.1e} of the largest current was not met: fast engine: {}{}; take a larger tolerance, "
        "or [numerics] step = \"fixed\" for the rows of steps as they are, with their error",
        numerics.tolerance, why, rest));
  };
  if (numerics.engine == EngineKind::fast) refuse("");
  try {
    MeasuredRun run = reference();
    run.engine.why += fmt::format(" (the fast engine did not get there: {})", why);
    return run;
  } catch (const SolverError& error) {
    refuse(fmt::format("; reference engine: {}", error.what()));
  }
  std::abort();  // not reached: refuse throws
}

}  // namespace

MeasuredRun simulate_measured(const CellSpec& asked, const sim::Waveform& program, const ProgressCallback& callback) {
  const CellSpec spec = with_tolerance(asked);
  LadderProgress progress(callback);
  const auto reference = [&] {
    const auto run = [&](const Resolution& at, const ReferenceOptions& options) {
      return run_reference(Cell(meshed(spec, program, at)), program, options, progress.next());
    };
    return run_by_reference(spec.numerics, spec.temperature, run,
                            refinements_for(spec, meshed(spec, program, {}), most_reference_unknowns));
  };
  return choose_by_error(
      spec.numerics, [&] { return run_fast(spec, program, progress); }, reference);
}

MeasuredRun simulate_measured(const CellSpec& asked, const std::function<ElectrolyteSpec(double)>& liquid,
                              const sim::Waveform& program, const ProgressCallback& callback) {
  CellSpec spec = asked;
  if (spec.numerics.tolerance == 0.0) spec.numerics.tolerance = liquid_tolerance;
  LadderProgress progress(callback);
  const auto fast = [&] {
    const auto run = [&](double cells, int steps) {
      const CellSpec fine = in_steps(spec, program, cells, steps);
      Trace trace =
          simulate_in_electrolyte(Cell(fine), liquid(shortest_step(fine.numerics, program)), program, progress.next());
      find_peaks(trace);
      return trace;
    };
    return made(on_grid(refine_steps(run, spec.numerics, thermal_of(spec.temperature)), program, spec.numerics),
                spec.numerics.tolerance, EngineKind::fast, other_steps(spec.numerics));
  };
  const auto reference = [&] {
    const auto run = [&](const Resolution& at, const ReferenceOptions& options) {
      const ElectrolyteSpec above = liquid(shortest_step(spec.numerics, program) / at.cells);
      return run_reference(Cell(meshed(spec, program, at)), program, options, progress.next(), &above);
    };
    return run_by_reference(spec.numerics, spec.temperature, run,
                            refinements_for(spec, meshed(spec, program, {}), most_reference_unknowns));
  };
  return choose_by_error(spec.numerics, fast, reference);
}

MeasuredRun simulate_measured(const VoxelCluster& cluster, const sim::Waveform& program,
                              const ProgressCallback& callback) {
  LadderProgress progress(callback);
  NumericsParameters numerics = cluster.spec().numerics;
  if (numerics.tolerance == 0.0) numerics.tolerance = voxel_tolerance;
  const double temperature = cluster.spec().temperature;
  const auto fast = [&] {
    const auto run = [&](double, int steps) {
      VoxelSpec spec = cluster.spec();
      spec.numerics.steps_per_row = steps;
      Trace trace = simulate(VoxelCluster(std::move(spec)), program, progress.next());
      find_peaks(trace);
      return trace;
    };
    return made(on_grid(refine_steps(run, numerics, thermal_of(temperature)), program, numerics), numerics.tolerance,
                EngineKind::fast, other_steps(numerics));
  };
  const auto reference = [&] {
    const auto run = [&](const Resolution&, const ReferenceOptions& options) {
      return run_reference(reference_spec(cluster), program, options, progress.next());
    };
    return run_by_reference(numerics, temperature, run, 1);
  };
  return choose_by_error(numerics, fast, reference);
}

}  // namespace seccm::models
