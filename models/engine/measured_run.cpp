#include "models/engine/measured_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "models/cell/trace_error.hpp"
#include "models/cell/wiring.hpp"
#include "models/engine/refinement.hpp"
#include "models/engine/simulate.hpp"
#include "models/particle/phase_field_model.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

// The mesh that is chosen for a layer leaves 6e-4 of a peak (sim/radial_mesh.hpp) and falls with the square of its
// cells; stated is three times what is left.
constexpr double error_of_chosen_mesh = 18e-4;
constexpr double most_cells = 10000.0;
constexpr int fewest_cells = 3;
// Steps that follow the solution add up to some ten of their local tolerances. The coarser run of a pair
// has 32 times that of the finer one and shows in the difference.
constexpr double local_share = 1.0 / 128.0;
// Under 32 times the tolerance steps have 16 times the error at order 4 and 8 times at order 2, by powers of two in
// their length: a difference is at least 3 times what the finer ones are off. Of steps half as long it is 3 times that.
constexpr double of_following_steps = 0.5;
// A mesh of half the cells has four times the error of the finer one. Where both change, the difference may be all of
// the mesh's.
constexpr double of_radial_mesh = 1.0;
// Nodes of a phase field next to a surface that fills at once do not tend to their limit in one order: 0.25, 0.125, ...
// 0.008 nm apart the first row behind a jump of 2 V changes by -4.7, -2.6, -0.7, 0.6 and 1.5e-15 A of -1.5e-13 A.
constexpr double of_phase_field_nodes = 4.0;
constexpr double of_fixed_steps = 1.0;
// Below it the estimate of a step sees the noise of Newton's method, and steps shrink for nothing.
constexpr double least_local = 2e-10;
constexpr double most_iterations = 5e5;  // of one run
// Of the logarithm of a local tolerance: what steps that are not on a ladder need to be half as long again. IDAS and
// CVODES at order 4 or 5, the inner steps of a phase field at order 2.
constexpr double share_of_reference = 0.4;
constexpr double share_of_phase_field = 0.6;
constexpr double relative_of_reference = 1e-3;
constexpr double finest_relative = 1e-12;
// Where numerics.tolerance is 0. Phase boundaries that nucleate and contacts that ignite make spikes of their own time.
constexpr double smooth_tolerance = 1e-4;
constexpr double sudden_tolerance = 1e-2;
constexpr double large_tolerance = 1e-3;   // of many particles, and of voxels
constexpr double many_unknowns = 5e3;      // on the mesh that is chosen for one run
constexpr double liquid_tolerance = 1e-2;  // a salt that is nearly used up or nearly precipitates
constexpr double loosest_chosen = 1e-2;
// Particles that ignite amplify what a step is off.
constexpr double local_share_of_ignition = 1e-3;
constexpr int most_refinements = 6;
constexpr double most_fick_unknowns = 1e6;
constexpr double most_phase_field_unknowns = 5e4;
constexpr double most_reference_unknowns = 2e4;
constexpr int most_of_fixed_steps = 5;
// Newton iterations times unknowns of one run; 1e9 are some ten seconds.
constexpr double most_work_chosen = 1e9;
constexpr double most_work_asked = 3e10;
constexpr double more_than_foreseen = 4.0;
// A run as it was asked for against a better one: the difference is its error; a mesh twice as fine leaves a quarter.
constexpr double of_better_run = 1.5;
constexpr long most_iterations_beside = 20000;
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
    spec.numerics.cells = static_cast<int>(std::min(std::round(mesh.cells * first * factor), most_cells));
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
  if (spec.particles.empty()) return 1.0;
  const bool fick = spec.model == ParticleModel::fick;
  const double radial = fick ? mesh_for(spec).cells : PhaseFieldModel(phase_field_of(spec)).rows();
  return static_cast<double>(spec.particles.size()) * radial;
}

/// How good a run has to be, and what it may cost.
struct Goal {
  double tolerance = 0.0;
  double most_work = most_work_asked;
  double loosest = 0.0;  ///< see Ladder
};

/// numerics.tolerance, or what is reached within some seconds.
Goal goal_of(const NumericsParameters& numerics, double chosen) {
  if (numerics.tolerance > 0.0) return {.tolerance = numerics.tolerance};
  return {.tolerance = chosen, .most_work = most_work_chosen, .loosest = loosest_chosen};
}

double chosen_tolerance(const CellSpec& spec) {
  if (spec.model != ParticleModel::fick || (spec.wiring && spec.wiring->ignites())) return sudden_tolerance;
  return unknowns_of(spec) > many_unknowns ? large_tolerance : smooth_tolerance;
}

/// Of a pinned mesh of so few cells that half of them are none the other run of the pair has twice as many.
bool compares_with_finer(const NumericsParameters& numerics) {
  return numerics.cells > 0 && numerics.cells < 2 * fewest_cells;
}

/// How often the mesh may be refined that begins with that of `first`.
int refinements_in_space(const CellSpec& spec, const CellSpec& first, double most_unknowns) {
  if (pins_mesh(spec.numerics)) return 0;
  if (spec.particles.empty()) return most_refinements;
  double room = std::floor(std::log2(most_unknowns / unknowns_of(first)));
  if (spec.model == ParticleModel::fick)
    room = std::min(room, std::floor(std::log2(most_cells / mesh_for(first).cells)));
  return static_cast<int>(std::clamp(room, 1.0, static_cast<double>(most_refinements)));
}

double of_mesh(const CellSpec& spec) {
  return spec.model == ParticleModel::fick ? of_radial_mesh : of_phase_field_nodes;
}

/// Of the run at factor 1.
double first_local_tolerance(const CellSpec& spec) {
  const bool ignites = spec.wiring && spec.wiring->ignites();
  return std::max(least_local, spec.numerics.tolerance * (ignites ? local_share_of_ignition : local_share));
}

int refinements_in_time(double first_local) {
  int rungs = 0;
  while (first_local * Resolution{.time = rungs + 1}.local_tolerance() >= least_local) ++rungs;
  return std::min(rungs, most_refinements);
}

/// `spec` in steps that follow the solution, on a mesh `cells` times finer, its local tolerances times `time`.
CellSpec resolved(const CellSpec& spec, const sim::Waveform& program, double cells, double time) {
  CellSpec fine = spec;
  fine.numerics = for_first_rows(spec.numerics, spec, program);
  resolve_mesh(fine, cells);
  fine.phase_field.tolerance = std::max(1e-12, spec.phase_field.tolerance * std::pow(time, share_of_phase_field));
  fine.numerics.step = StepKind::adaptive;
  fine.numerics.tolerance = first_local_tolerance(spec) * time;
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

/// In whole parts of the steps that were asked for, which end on its rows: those themselves are the coarser run of the
/// first pair. has_space: the mesh can be refined.
Refined refine_steps(const RunInSteps& run, const NumericsParameters& numerics, const Goal& goal, double thermal,
                     bool has_space, double unknowns) {
  if (numerics.step == StepKind::fixed) {
    Refined asked{.trace = run(1.0, 1)};
    state_error(asked.trace, error_between(asked.trace, run(2.0, 2), of_better_run, thermal));
    asked.error = relative_error(asked.trace, asked.trace.current_error);
    return asked;
  }
  const auto at_resolution = [&](const Resolution& at) {
    return run(at.cells(), static_cast<int>(std::lround(std::ldexp(2.0, at.time))));
  };
  const bool pinned = pins_mesh(numerics);
  return refine_until({.run = at_resolution,
                       .tolerance = goal.tolerance,
                       .thermal = thermal,
                       .has_space = has_space,
                       .pinned = pinned,
                       .finer_companion = compares_with_finer(numerics),
                       .most_space = has_space ? most_of_fixed_steps : 0,
                       .most_time = most_of_fixed_steps,
                       .least = local_share * goal.tolerance,
                       .of_steps = of_fixed_steps,
                       .most_work = goal.most_work,
                       .loosest = goal.loosest,
                       .unknowns = [=](const Resolution& at) { return unknowns * at.cells(); }});
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

std::string refined_in(std::string_view what, int rungs) {
  if (rungs <= 0) return {};
  return fmt::format(", refined {} {} in {}", rungs, rungs == 1 ? "time" : "times", what);
}

std::string how(const Refined& run, std::string_view by) {
  return fmt::format("currents within {:.1e} of the largest one at their scan rate by {}{}{}{}", run.error, by,
                     refined_in("space", run.at.space), refined_in("time", run.at.time),
                     run.cut_short ? "; a finer run would take long: numerics.tolerance asks for it" : "");
}

constexpr std::string_view coarser_pair = "a second run with half the cells and steps twice as long";

std::string_view other_steps(const NumericsParameters& numerics) {
  return numerics.step == StepKind::fixed ? "a second run in steps half as long"
                                          : "a second run in steps twice as long";
}

/// Only the rows of the grid that was asked for.
Trace on_grid(Trace trace, const sim::Waveform& program, const NumericsParameters& numerics) {
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  std::vector<double> times{0.0};
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const sim::Segment& segment = program.segments()[k];
    if (segment.kind == sim::Segment::Kind::jump) continue;
    for (int j = segment.tread ? plan[k].count : 1; j <= plan[k].count; ++j) {
      times.push_back(segment.start_time + plan[k].dt * j);
    }
  }
  keep_rows(trace, times);
  return trace;
}

MeasuredRun made(Refined run, double tolerance, EngineKind engine, std::string_view by) {
  MeasuredRun out;
  out.engine = {engine, how(run, by)};
  out.error = run.error;
  out.tolerance = run.cut_short ? run.error : tolerance;
  out.trace = std::move(run.trace);
  return out;
}

/// As it was asked for, beside a run that is better in space and time.
MeasuredRun run_as_asked(const CellSpec& spec, const sim::Waveform& program, LadderProgress& progress) {
  Refined run;
  run.trace = simulate(Cell(spec), program, progress.next());
  CellSpec better = resolved(spec, program, 1.0, better_time);
  const int cells = mesh_for(spec).cells;
  if (spec.model == ParticleModel::fick) better.numerics.cells = std::max(better.numerics.cells, 2 * cells);
  better.numerics.most_iterations = most_iterations_beside;
  std::string_view by = "a second run on a finer mesh whose steps follow the solution";
  Trace beside;
  try {
    beside = simulate(Cell(better), program, progress.next());
  } catch (const SolverError&) {
    by = "a second run in steps half as long";
    CellSpec halved = spec;
    halved.numerics.potential_step = Potential(0.5 * spec.numerics.potential_step.si());
    halved.numerics.hold_step = Time(0.5 * spec.numerics.hold_step.si());
    beside = simulate(Cell(halved), program, progress.next());
  }
  state_error(run.trace, error_between(run.trace, beside, of_better_run, thermal_of(spec.temperature)));
  run.error = relative_error(run.trace, run.trace.current_error);
  return made(std::move(run), spec.numerics.tolerance, EngineKind::fast, by);
}

/// spec.numerics.tolerance is the goal's.
MeasuredRun run_fast(const CellSpec& spec, const Goal& goal, const sim::Waveform& program, LadderProgress& progress) {
  if (spec.numerics.step == StepKind::fixed) return run_as_asked(spec, program, progress);
  const auto fine = [&](const Resolution& at) { return resolved(spec, program, at.cells(), at.local_tolerance()); };
  const auto run = [&](const Resolution& at) {
    CellSpec limited = fine(at);
    const double iterations = more_than_foreseen * goal.most_work / unknowns_of(limited);
    limited.numerics.most_iterations = static_cast<long>(std::clamp(iterations, 1e4, most_iterations));
    limited.numerics.all_rows = at.all_rows;
    return simulate(Cell(limited), program, progress.next());
  };
  const double limit = spec.model == ParticleModel::fick ? most_fick_unknowns : most_phase_field_unknowns;
  Refined refined = refine_until({.run = run,
                                  .tolerance = goal.tolerance,
                                  .thermal = thermal_of(spec.temperature),
                                  .has_space = !spec.particles.empty(),
                                  .pinned = pins_mesh(spec.numerics),
                                  .finer_companion = compares_with_finer(spec.numerics),
                                  .most_space = refinements_in_space(spec, fine({}), limit),
                                  .most_time = refinements_in_time(first_local_tolerance(spec)),
                                  .least = local_share * goal.tolerance,
                                  .of_mesh = of_mesh(spec),
                                  .of_steps = of_following_steps,
                                  .most_work = goal.most_work,
                                  .loosest = goal.loosest,
                                  .unknowns = [&](const Resolution& at) { return unknowns_of(fine(at)); }});
  return made(std::move(refined), goal.tolerance, EngineKind::fast, coarser_pair);
}

ReferenceOptions reference_options(const NumericsParameters& numerics, double tolerance, double time) {
  ReferenceOptions options;
  options.relative = std::max(finest_relative, relative_of_reference * tolerance * time);
  options.sensitivities = split_names(numerics.sensitivities);
  return options;
}

using ReferenceAt = std::function<ReferenceRun(const Resolution&, const ReferenceOptions&)>;

MeasuredRun run_by_reference(const NumericsParameters& numerics, const Goal& goal, double temperature,
                             const ReferenceAt& run_at, bool has_space, int most_space, double of_mesh) {
  std::map<std::pair<int, int>, std::vector<std::vector<double>>> sensitivities;  // of every run
  const auto run = [&](const Resolution& at) {
    const double time = std::pow(at.local_tolerance(), share_of_reference);
    ReferenceRun made = run_at(at, reference_options(numerics, goal.tolerance, time));
    sensitivities[{at.space, at.time}] = std::move(made.sensitivity);
    find_peaks(made.trace);
    return std::move(made.trace);
  };
  Refined refined = refine_until({.run = run,
                                  .tolerance = goal.tolerance,
                                  .thermal = thermal_of(temperature),
                                  .has_space = has_space,
                                  .pinned = pins_mesh(numerics),
                                  .finer_companion = compares_with_finer(numerics),
                                  .most_space = most_space,
                                  .most_time = most_refinements,
                                  .least = local_share * goal.tolerance,
                                  .of_mesh = of_mesh,
                                  .of_steps = of_following_steps,
                                  .most_work = most_work_asked,
                                  .loosest = goal.loosest,
                                  .unknowns = [](const Resolution& at) { return at.cells(); }});
  const Resolution at = refined.at;
  MeasuredRun out = made(std::move(refined), goal.tolerance, EngineKind::reference, coarser_pair);
  out.parameters = split_names(numerics.sensitivities);
  out.sensitivity = std::move(sensitivities.at({at.space, at.time}));
  return out;
}

/// The mesh of a resolution, the rest as asked.
CellSpec meshed(const CellSpec& spec, const sim::Waveform& program, const Resolution& at) {
  CellSpec fine = spec;
  fine.numerics = for_first_rows(spec.numerics, spec, program);
  resolve_mesh(fine, at.cells());
  return fine;
}

/// `auto`: where the fast engine does not get there, the other one tries.
MeasuredRun choose_by_error(const NumericsParameters& numerics, double tolerance,
                            const std::function<MeasuredRun()>& fast, const std::function<MeasuredRun()>& reference) {
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
        tolerance, why, rest));
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
  const Goal goal = goal_of(asked.numerics, chosen_tolerance(asked));
  CellSpec spec = asked;
  spec.numerics.tolerance = goal.tolerance;
  LadderProgress progress(callback);
  const auto reference = [&] {
    const auto run = [&](const Resolution& at, const ReferenceOptions& options) {
      return run_reference(Cell(meshed(spec, program, at)), program, options, progress.next());
    };
    return run_by_reference(spec.numerics, goal, spec.temperature, run, !spec.particles.empty(),
                            refinements_in_space(spec, meshed(spec, program, {}), most_reference_unknowns),
                            of_mesh(spec));
  };
  return choose_by_error(
      spec.numerics, goal.tolerance, [&] { return run_fast(spec, goal, program, progress); }, reference);
}

MeasuredRun simulate_measured(const CellSpec& asked, const std::function<ElectrolyteSpec(double)>& liquid,
                              const sim::Waveform& program, const ProgressCallback& callback) {
  const Goal goal = goal_of(asked.numerics, liquid_tolerance);
  CellSpec spec = asked;
  spec.numerics.tolerance = goal.tolerance;
  LadderProgress progress(callback);
  const auto fast = [&] {
    const auto run = [&](double cells, int steps) {
      const CellSpec fine = in_steps(spec, program, cells, steps);
      Trace trace = simulate(Cell(fine), liquid(shortest_step(fine.numerics, program)), program, progress.next());
      find_peaks(trace);
      return on_grid(std::move(trace), program, spec.numerics);
    };
    return made(refine_steps(run, spec.numerics, goal, thermal_of(spec.temperature), true, unknowns_of(spec)),
                goal.tolerance, EngineKind::fast, other_steps(spec.numerics));
  };
  const auto reference = [&] {
    const auto run = [&](const Resolution& at, const ReferenceOptions& options) {
      const ElectrolyteSpec above = liquid(shortest_step(spec.numerics, program) / at.cells());
      return run_reference(Cell(meshed(spec, program, at)), program, options, progress.next(), &above);
    };
    return run_by_reference(spec.numerics, goal, spec.temperature, run, true,
                            refinements_in_space(spec, meshed(spec, program, {}), most_reference_unknowns),
                            of_mesh(spec));
  };
  return choose_by_error(spec.numerics, goal.tolerance, fast, reference);
}

MeasuredRun simulate_measured(const VoxelCluster& cluster, const sim::Waveform& program,
                              const ProgressCallback& callback) {
  LadderProgress progress(callback);
  const NumericsParameters& numerics = cluster.spec().numerics;
  const Goal goal = goal_of(numerics, large_tolerance);
  const double temperature = cluster.spec().temperature;
  const auto fast = [&] {
    const auto run = [&](double, int steps) {
      VoxelSpec spec = cluster.spec();
      spec.numerics.steps_per_row = steps;
      Trace trace = simulate(VoxelCluster(std::move(spec)), program, progress.next());
      find_peaks(trace);
      return on_grid(std::move(trace), program, numerics);
    };
    const auto unknowns = static_cast<double>(cluster.grid().voxels());
    return made(refine_steps(run, numerics, goal, thermal_of(temperature), false, unknowns), goal.tolerance,
                EngineKind::fast, other_steps(numerics));
  };
  const auto reference = [&] {
    const auto run = [&](const Resolution&, const ReferenceOptions& options) {
      return run_reference(reference_spec(cluster), program, options, progress.next());
    };
    return run_by_reference(numerics, goal, temperature, run, false, 0, of_radial_mesh);
  };
  return choose_by_error(numerics, goal.tolerance, fast, reference);
}

}  // namespace seccm::models
