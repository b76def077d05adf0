#include "scenarios/simulate_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "files/atomic_file.hpp"
#include "files/table.hpp"
#include "models/cell/cell_model.hpp"
#include "models/cell/cell_scenario.hpp"
#include "models/network/packed_cluster.hpp"
#include "scenarios/version.hpp"
#include "scenarios/voxel_job.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

/// One row of the HDF5 table.
struct TraceRow {
  double time = 0.0, E_vs_Li = 0.0, scan_rate = 0.0;
  int cycle = 0;
  models::CellCurrents current;
  double charge = 0.0, lithium = 0.0;
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
}

TraceRow row_of(const models::Trace& trace, std::size_t k) {
  TraceRow row{trace.time[k],       trace.E_vs_Li[k], trace.scan_rate[k], trace.cycle[k],
               trace.components[k], trace.charge[k],  trace.lithium[k]};
  row.current.total = trace.current[k];  // a staircase reports the mean over its sampling window
  return row;
}

models::CellSpec cell_spec(const Scenario& scenario) {
  const auto& twin = scenario.twin;
  const models::CellSections sections{.material = twin.material,
                                      .double_layer = twin.double_layer,
                                      .surface_redox = twin.surface_redox,
                                      .water_reduction = twin.water_reduction,
                                      .numerics = twin.numerics,
                                      .particle = scenario.particle,
                                      .phase_field = scenario.phase_field};
  models::CellSpec spec = models::assemble_cell(scenario.cell, sections, scenario.program);
  models::arrange_particles(scenario.cluster, twin.sample, scenario.cell, static_cast<std::uint64_t>(scenario.seed),
                            spec);
  return spec;
}

}  // namespace

models::Trace simulate(const Scenario& scenario, const std::function<bool(double)>& progress) {
  if (scenario.job != Job::simulate) {
    throw InputError(
        fmt::format("job = \"{}\": `simulate` runs scenarios with job = \"simulate\"; for this one use "
                    "`seccm scan` or `seccm validate`",
                    job_names[static_cast<std::size_t>(scenario.job)]));
  }
  if (has_voxels(scenario))
    return models::simulate(voxel_cluster(scenario), models::to_waveform(scenario.program), progress);
  return models::simulate(models::Cell(cell_spec(scenario)), models::to_waveform(scenario.program), progress);
}

std::vector<std::string> warnings_of(const Scenario& scenario) {
  if (scenario.job != Job::simulate) return {};
  if (has_voxels(scenario)) {
    return models::validity_warnings(voxel_cluster(scenario),
                                     models::to_waveform(scenario.program).fastest_scan_rate());
  }
  return models::validity_warnings(cell_spec(scenario), models::to_waveform(scenario.program).fastest_scan_rate());
}

TraceSummary summarise(const models::Trace& trace) {
  TraceSummary s;
  s.rows = trace.size();
  if (s.rows == 0) return s;
  const auto [low, high] = std::minmax_element(trace.current.begin(), trace.current.end());
  s.peak_anodic_current = *high;
  s.peak_anodic_potential = trace.E_vs_Li[static_cast<std::size_t>(high - trace.current.begin())];
  s.peak_cathodic_current = *low;
  s.peak_cathodic_potential = trace.E_vs_Li[static_cast<std::size_t>(low - trace.current.begin())];
  s.duration = trace.time.back() - trace.time.front();
  s.charge = trace.charge.back();
  s.lithium_charge = constants::faraday * (trace.lithium.front() - trace.lithium.back());
  return s;
}

void write_trace_csv(const std::filesystem::path& path, const models::Trace& trace) {
  files::AtomicFile file(path);
  fmt::memory_buffer buffer;
  const auto out = std::back_inserter(buffer);
  fmt::format_to(out, "time_s,potential_V,current_A,cycle,scan_rate_V_s\n");
  for (std::size_t k = 0; k < trace.size(); ++k) {
    fmt::format_to(out, "{},{},{},{},{}\n", trace.time[k], trace.E_vs_Li[k], trace.current[k], trace.cycle[k],
                   trace.scan_rate[k]);
    if (buffer.size() < (1U << 20)) continue;
    file.append({buffer.data(), buffer.size()});
    buffer.clear();
  }
  file.append({buffer.data(), buffer.size()});
  file.commit();
}

void write_trace_hdf5(const std::filesystem::path& path, const models::Trace& trace, const Scenario& scenario) {
  files::h5::OutputFile file(path);
  {
    const files::h5::Group root = file.root();
    files::h5::set_schema(root, "seccm-voltammogram", 1);
    root.set("software", software_name());
    root.set("scenario_name", scenario.name);
    const std::string text = write_scenario(scenario);
    auto dataset = root.create_text("scenario", text.size(), {});
    dataset.write_text(std::span<const std::string>(&text, 1));
    files::TableWriter table;
    for (std::size_t k = 0; k < trace.size(); ++k) {
      TraceRow row = row_of(trace, k);
      describe(table, row);
      table.end_row();
    }
    table.write(root.create_group("voltammogram"));
  }
  file.commit();
}

}  // namespace seccm::scenarios
