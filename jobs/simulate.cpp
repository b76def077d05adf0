#include "jobs/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "files/atomic_file.hpp"
#include "files/import/import_run.hpp"
#include "files/table.hpp"
#include "jobs/electrolyte.hpp"
#include "jobs/version.hpp"
#include "jobs/voxels.hpp"
#include "models/cell/cell_model.hpp"
#include "models/cell/cell_scenario.hpp"
#include "models/cell/wiring.hpp"
#include "models/engine/simulate.hpp"
#include "models/network/packed_cluster.hpp"
#include "scenarios/applicability.hpp"
#include "scenarios/sections_in_use.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::jobs {
namespace {

/// One row of the HDF5 table.
struct TraceRow {
  double time = 0.0, E_vs_Li = 0.0, scan_rate = 0.0;
  int cycle = 0;
  models::CellCurrents current;
  double charge = 0.0, lithium = 0.0, current_error = 0.0;
};

void describe(files::FieldVisitor& visit, TraceRow& row) {
  visit("time", "s", row.time);
  visit("E_vs_Li", "V", row.E_vs_Li);
  visit("current", "A", row.current.total);
  visit("cycle", "1", row.cycle);
  visit("scan_rate", "V/s", row.scan_rate);
  visit("current_intercalation", "A", row.current.intercalation);
  visit("current_double_layer", "A", row.current.double_layer);
  visit("current_stray", "A", row.current.stray);
  visit("current_surface_redox", "A", row.current.surface_redox);
  visit("current_water", "A", row.current.water);
  visit("current_ferrocene", "A", row.current.ferrocene);
  visit("charge", "C", row.charge);
  visit("lithium", "mol", row.lithium);
  visit("current_error", "A", row.current_error);
}

TraceRow row_of(const models::Trace& trace, std::size_t k) {
  TraceRow row{trace.time[k],       trace.E_vs_Li[k], trace.scan_rate[k], trace.cycle[k],
               trace.components[k], trace.charge[k],  trace.lithium[k],   trace.current_error[k]};
  row.current.total = trace.current[k];  // a staircase reports the mean over its sampling window
  return row;
}

void describe(files::FieldVisitor& visit, models::LiquidRow& row) {
  visit("concentration", "mol/m^3", row.concentration);
  visit("activity", "1", row.activity);
  visit("nernst_potential", "V", row.nernst_potential);
  visit("diffusion_potential", "V", row.diffusion_potential);
  visit("series_resistance", "Ohm", row.series_resistance);
  visit("footprint_radius", "m", row.footprint_radius);
}

/// The liquid at the surface, row by row as the voltammogram.
void write_liquid(const files::h5::Group& root, const models::Trace& trace) {
  files::TableWriter table;
  for (models::LiquidRow row : trace.liquid) {
    describe(table, row);
    table.end_row();
  }
  table.write(root.create_group("liquid"));
}

}  // namespace

models::CellSpec cell_spec_of(const scenarios::Scenario& scenario) {
  models::CellSpec spec = models::assemble_cell(scenario.cell, scenarios::cell_sections(scenario), scenario.program);
  models::arrange_particles(scenario.twin.cluster, scenario.twin.sample, scenario.cell,
                            static_cast<std::uint64_t>(scenario.seed), spec);
  return spec;
}

namespace {

/// Phases nucleate and networks ignite at a moment of their own, which no distance from a corner tells.
bool starts_late(const models::CellSpec& spec) {
  return spec.model != models::ParticleModel::fick || (spec.wiring && spec.wiring->ignites());
}

/// A cell, with the liquid of [electrolyte] where that changes.
Simulation simulate_cell(const scenarios::Scenario& scenario, const sim::Waveform& program,
                         const std::function<bool(double)>& progress) {
  const models::CellSpec spec = cell_spec_of(scenario);
  if (!scenarios::has_electrolyte(scenario)) return models::simulate_measured(spec, program, progress);
  const auto liquid = [&](double shortest_step) { return electrolyte_of(scenario, shortest_step); };
  return models::simulate_measured(spec, liquid, program, progress);
}

/// The key that most rows hang on, and what it would have to be for `most` of them.
std::string shorter_plan(const scenarios::Scenario& scenario, const sim::PlannedRows& rows, std::uint64_t most) {
  const auto& numerics = scenario.twin.numerics;
  if (rows.treads >= std::max(rows.sweeps, rows.holds)) return "fewer program.cycles or a larger program.step_height";
  const std::uint64_t others = rows.all() - std::max(rows.sweeps, rows.holds);
  if (others >= most) return "fewer program.cycles";
  const double times = static_cast<double>(std::max(rows.sweeps, rows.holds)) / static_cast<double>(most - others);
  if (rows.holds > rows.sweeps) {
    return fmt::format("numerics.hold_step = {:.3g} s in place of {:.3g} s", 1.01 * times * numerics.hold_step.si(),
                       numerics.hold_step.si());
  }
  return fmt::format("numerics.potential_step = {:.3g} mV in place of {:.3g} mV, or fewer program.cycles",
                     1.01e3 * times * numerics.potential_step.si(), 1e3 * numerics.potential_step.si());
}

}  // namespace

sim::Waveform program_of(const scenarios::Scenario& scenario) {
  const sim::Waveform program = models::to_waveform(scenario.program);
  if (scenario.job == scenarios::Job::simulate && !scenarios::has_voxels(scenario) &&
      starts_late(cell_spec_of(scenario)))
    return program;
  return program.thinned(scenario.twin.numerics.hold_step.si());
}

void require_rows(const scenarios::Scenario& scenario, std::uint64_t most, std::string_view where) {
  const auto& numerics = scenario.twin.numerics;
  const sim::Waveform program = program_of(scenario);
  const auto plan = sim::plan_steps(program, numerics.potential_step.si(), numerics.hold_step.si());
  const sim::PlannedRows rows = sim::count_rows(program, plan);
  if (rows.all() <= most) return;
  throw InputError(fmt::format(
      "[program] with numerics.potential_step and numerics.hold_step makes {} rows ({} of sweeps, {} of holds, {} of "
      "treads); {} holds at most {}; accepted is {}",
      rows.all(), rows.sweeps, rows.holds, rows.treads, where, most, shorter_plan(scenario, rows, most)));
}

Simulation simulate(const scenarios::Scenario& scenario, const std::function<bool(double)>& progress) {
  if (scenario.job != scenarios::Job::simulate) {
    throw InputError(fmt::format(
        "job = \"{}\": voltammograms of one cell come from scenarios with job = \"simulate\"; for this "
        "one use {}",
        scenarios::job_names[static_cast<std::size_t>(scenario.job)],
        scenario.job == scenarios::Job::ensemble ? "`seccm simulate`" : "`seccm scan` or `seccm validate`"));
  }
  require_rows(scenario, most_trace_rows, "memory");
  const sim::Waveform program = program_of(scenario);
  return scenarios::has_voxels(scenario) ? models::simulate_measured(voxel_cluster(scenario), program, progress)
                                         : simulate_cell(scenario, program, progress);
}

std::vector<std::string> warnings_of(const scenarios::Scenario& scenario) {
  if (scenario.job != scenarios::Job::simulate) return {};
  const sim::Waveform program = models::to_waveform(scenario.program);
  if (scenarios::has_voxels(scenario))
    return models::validity_warnings(voxel_cluster(scenario), program.fastest_scan_rate());
  std::vector<std::string> warnings = models::validity_warnings(cell_spec_of(scenario), program.fastest_scan_rate());
  if (scenarios::has_electrolyte(scenario)) {
    const auto more = models::electrolyte_warnings(
        electrolyte_of(scenario, models::shortest_step(scenario.twin.numerics, program)), program.duration());
    warnings.insert(warnings.end(), more.begin(), more.end());
  }
  return warnings;
}

std::vector<std::string> remarks_on(const Simulation& run) {
  if (run.error <= run.tolerance) return {};
  return {fmt::format(
      "currents are off by up to {:.2g} of the largest one at their scan rate, more than numerics.tolerance = {:.1e}: "
      "numerics.step, cells or grading are as the scenario states them; leave them out for a run that is refined",
      run.error, run.tolerance)};
}

namespace {

LiquidSummary liquid_of(const models::Trace& trace) {
  LiquidSummary s;
  s.present = !trace.liquid.empty();
  for (std::size_t k = 0; k < trace.liquid.size(); ++k) {
    const models::LiquidRow& row = trace.liquid[k];
    s.lowest_salt = k == 0 ? row.concentration : std::min(s.lowest_salt, row.concentration);
    s.highest_salt = std::max(s.highest_salt, row.concentration);
    const double ionic = trace.components[k].total - trace.components[k].stray;
    s.ohmic_drop = std::max(s.ohmic_drop, std::abs(row.series_resistance * ionic));
    s.concentration_potential =
        std::max(s.concentration_potential, std::abs(row.nernst_potential + row.diffusion_potential));
  }
  return s;
}

}  // namespace

TraceSummary summarise(const Simulation& run) {
  const models::Trace& trace = run.trace;
  TraceSummary s;
  s.rows = trace.size();
  if (s.rows == 0) return s;
  s.anodic = trace.highest;
  s.cathodic = trace.lowest;
  s.duration = trace.time.back() - trace.time.front();
  s.charge = trace.charge.back();
  s.charge_error = trace.charge_error;
  s.lithium_charge = constants::faraday * (trace.lithium.front() - trace.lithium.back());
  s.lithium_error = constants::faraday * trace.lithium_error;
  s.relative_error = run.error;
  s.liquid = liquid_of(trace);
  return s;
}

void write_trace_csv(const std::filesystem::path& path, const models::Trace& trace) {
  files::AtomicFile file(path);
  fmt::memory_buffer buffer;
  const auto out = std::back_inserter(buffer);
  fmt::format_to(out, "time_s,potential_V,current_A,cycle,scan_rate_V_s,current_error_A\n");
  for (std::size_t k = 0; k < trace.size(); ++k) {
    fmt::format_to(out, "{},{},{},{},{},{}\n", trace.time[k], trace.E_vs_Li[k], trace.current[k], trace.cycle[k],
                   trace.scan_rate[k], trace.current_error[k]);
    if (buffer.size() < (1U << 20)) continue;
    file.append({buffer.data(), buffer.size()});
    buffer.clear();
  }
  file.append({buffer.data(), buffer.size()});
  file.commit();
}

namespace {

/// Base units of the parameter at a path, "m^2 s^-1".
std::string si_unit_of(const std::string& path) {
  const config::ParameterTable table = scenarios::parameters_of({});
  const config::ParameterRow* row = table.find(path);
  return row == nullptr || row->unit.empty() ? "1" : to_string(parse_unit(row->unit).dimension);
}

/// One column per parameter, di/dp, row by row as the voltammogram.
void write_sensitivities(const files::h5::Group& root, const Simulation& run) {
  const files::h5::Group group = root.create_group("sensitivity");
  const auto rows = static_cast<std::uint64_t>(run.trace.size());
  const files::h5::Dataset row = group.create_dimension("row", rows);
  std::vector<files::h5::Dataset> columns;
  columns.reserve(run.parameters.size());
  std::vector<files::h5::ScaleUse> uses;
  for (std::size_t j = 0; j < run.parameters.size(); ++j) {
    files::h5::Dataset& data =
        columns.emplace_back(group.create<double>(run.parameters[j], {.shape = {rows}, .chunk = {}}));
    data.set("units", "A per " + si_unit_of(run.parameters[j]));
    data.write(std::span<const double>(run.sensitivity[j]));
    uses.push_back({&data, 0, &row});
  }
  files::h5::attach_scales(uses);
}

}  // namespace

void write_sensitivity_csv(const std::filesystem::path& path, const Simulation& run) {
  files::AtomicFile file(path);
  fmt::memory_buffer buffer;
  const auto out = std::back_inserter(buffer);
  fmt::format_to(out, "time_s,potential_V,current_A");
  for (const std::string& name : run.parameters) {
    fmt::format_to(out, ",di_d({})_A_per_{}", name, si_unit_of(name));
  }
  fmt::format_to(out, "\n");
  for (std::size_t k = 0; k < run.trace.size(); ++k) {
    fmt::format_to(out, "{},{},{}", run.trace.time[k], run.trace.E_vs_Li[k], run.trace.current[k]);
    for (const std::vector<double>& column : run.sensitivity) fmt::format_to(out, ",{}", column[k]);
    fmt::format_to(out, "\n");
  }
  file.append({buffer.data(), buffer.size()});
  file.commit();
}

namespace {

void write_parts(const files::h5::Group& root, const Simulation& run, const scenarios::Scenario& scenario) {
  const models::Trace& trace = run.trace;
  root.set("origin", std::string("simulated"));
  const std::string text = scenarios::write_used(scenario);
  auto dataset = root.create_text("scenario", {});
  dataset.write_text(std::span<const std::string>(&text, 1));
  files::TableWriter table;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    TraceRow row = row_of(trace, k);
    describe(table, row);
    table.end_row();
  }
  const files::h5::Group rows = root.create_group("voltammogram");
  files::h5::set_schema(rows, "seccm-voltammogram", 2);
  table.write(rows);
  rows.set("charge_error", trace.charge_error);
  rows.set("lithium_error", trace.lithium_error);
  rows.set("relative_error", run.error);
  rows.set("engine", std::string(models::engine_names[static_cast<std::size_t>(run.engine.engine)]));
  rows.set("engine_why", run.engine.why);
  if (!trace.liquid.empty()) write_liquid(root, trace);
  if (!run.parameters.empty()) write_sensitivities(root, run);
}

files::ForeignRecording recording_of(const models::Trace& trace, const scenarios::Scenario& scenario) {
  constexpr double tick = 25e-9;
  files::ForeignRecording out;
  out.format = "seccm simulate";
  out.experiment = scenario.name;
  out.polarity = files::Polarity::iupac;
  out.simulated = out.complete = true;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    if (!out.t.empty() && trace.time[k] - out.t.back() < 2.0 * tick) continue;
    out.t.push_back(trace.time[k]);
    out.E1.push_back(trace.E_vs_Li[k]);
    out.i1.push_back(trace.current[k]);
    out.cycle.push_back(trace.cycle[k]);
    const double rate = trace.scan_rate[k];
    if (rate > 0.0 && std::ranges::find(out.stated_rates, rate) == out.stated_rates.end())
      out.stated_rates.push_back(rate);
  }
  out.pixel.assign(out.t.size(), 0);
  return out;
}

}  // namespace

void write_trace_hdf5(const std::filesystem::path& path, const Simulation& run, const scenarios::Scenario& scenario) {
  files::ImportOptions options;
  options.reference_offset = 0.0;
  options.software = software();
  files::write_foreign(recording_of(run.trace, scenario), path, options,
                       [&](const files::h5::Group& root) { write_parts(root, run, scenario); });
}

}  // namespace seccm::jobs
