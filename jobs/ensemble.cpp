#include "jobs/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "files/atomic_file.hpp"
#include "files/table.hpp"
#include "jobs/electrolyte.hpp"
#include "jobs/simulate.hpp"
#include "jobs/version.hpp"
#include "jobs/voxels.hpp"
#include "scenarios/applicability.hpp"
#include "scenarios/sections_in_use.hpp"
#include "sim/error.hpp"

namespace seccm::jobs {
namespace {

/// Stands for an infinite bound in HDF5, whose tables hold finite numbers.
constexpr double unbounded = 1e300;

/// A column of the table of cells: its name, its unit, its value in a row.
struct Column {
  std::string name;
  std::string unit;
  std::function<double(const EnsembleResult&, std::size_t)> value;
};

template <class Member>
Column drawn(std::string name, std::string unit, Member member) {
  return {std::move(name), std::move(unit),
          [member](const EnsembleResult& r, std::size_t k) { return r.drawn[k].*member; }};
}
template <class Member>
Column found(std::string name, std::string unit, Member member) {
  return {std::move(name), std::move(unit),
          [member](const EnsembleResult& r, std::size_t k) { return r.survey.members[k].*member; }};
}

std::string unit_of_bound(const std::string& unknown) {
  if (unknown == "E0") return "V";
  if (unknown == "resistance") return "Ohm";
  if (unknown == "capacitance") return "F";
  if (unknown == "offset" || unknown == "drift") return "A";
  if (unknown == "slope") return "A/V";
  return "1";
}

std::vector<Column> columns_of(const EnsembleResult& result) {
  using Drawn = models::DrawnCell;
  using Found = models::EnsembleMember;
  std::vector<Column> columns{drawn("D", "m^2/s", &Drawn::D),
                              drawn("k0", "m/s", &Drawn::k0),
                              drawn("radius", "m", &Drawn::radius),
                              drawn("contact_resistance", "Ohm", &Drawn::contact_resistance),
                              drawn("double_layer", "F/m^2", &Drawn::double_layer),
                              drawn("scan_rate", "V/s", &Drawn::scan_rate),
                              drawn("E0", "V", &Drawn::E0),
                              drawn("alpha", "1", &Drawn::alpha),
                              drawn("g", "1", &Drawn::g),
                              found("peak_cathodic_current", "A", &Found::peak_cathodic_current),
                              found("peak_cathodic_potential", "V", &Found::peak_cathodic_potential),
                              found("peak_anodic_current", "A", &Found::peak_anodic_current),
                              found("peak_anodic_potential", "V", &Found::peak_anodic_potential),
                              found("charge", "C", &Found::charge),
                              found("inserted_charge", "C", &Found::inserted_charge),
                              found("capacity", "C", &Found::capacity)};
  for (std::size_t j = 0; j < result.survey.unknowns.size(); ++j) {
    const std::string& unknown = result.survey.unknowns[j];
    columns.push_back({"bound_" + unknown, unit_of_bound(unknown),
                       [j](const EnsembleResult& r, std::size_t k) { return r.survey.members[k].bounds[j]; }});
  }
  return columns;
}

/// "D_m^2_s": a column head of the CSV file.
std::string head_of(const Column& column) {
  if (column.unit == "1") return column.name;
  std::string unit = column.unit;
  std::replace(unit.begin(), unit.end(), '/', '_');
  return column.name + "_" + unit;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

void write_voltammograms(const files::h5::Group& group, const EnsembleResult& result) {
  const auto rows = static_cast<std::uint64_t>(result.E_vs_Li.size());
  const auto cells = static_cast<std::uint64_t>(result.survey.traces.size());
  const files::h5::Dataset cell = group.create_dimension("cell", cells), row = group.create_dimension("row", rows);
  const auto row_array = [&](const char* name, const char* unit, const std::vector<double>& values) {
    files::h5::Dataset data = group.create<double>(name, {.shape = {rows}, .chunk = {}});
    data.set("units", unit);
    data.write(std::span<const double>(values));
    return data;
  };
  const files::h5::Dataset E = row_array("E_vs_Li", "V", result.E_vs_Li), time = row_array("time", "s", result.time),
                           rate = row_array("scan_rate", "V/s", result.scan_rate);
  std::vector<double> flat;
  flat.reserve(static_cast<std::size_t>(rows * cells));
  for (const std::vector<double>& trace : result.survey.traces) flat.insert(flat.end(), trace.begin(), trace.end());
  const std::uint64_t chunk = std::min<std::uint64_t>(cells, std::max<std::uint64_t>(1, (1U << 17) / rows));
  files::h5::Dataset current = group.create<double>("current", {.shape = {cells, rows}, .chunk = {chunk, rows}});
  current.set("units", "A");
  current.write(std::span<const double>(flat));
  const files::h5::ScaleUse uses[] = {
      {&E, 0, &row}, {&time, 0, &row}, {&rate, 0, &row}, {&current, 1, &row}, {&current, 0, &cell}};
  files::h5::attach_scales(uses);
}

}  // namespace

namespace {

/// Lanes step one engine, on one grid, on cells of one kind.
void require_lanes(const scenarios::Scenario& scenario) {
  const auto& numerics = scenario.twin.numerics;
  const auto refuse = [](std::string_view what, std::string_view accepted) {
    throw InputError(
        fmt::format("{} with job = \"ensemble\": many cells are stepped together by the fast engine on one "
                    "grid; accepted is {}, or job = \"simulate\"",
                    what, accepted));
  };
  if (numerics.engine == models::EngineKind::reference) {
    refuse("numerics.engine = \"reference\"", "\"auto\" or \"fast\"");
  }
  if (numerics.step == models::StepKind::adaptive) refuse("numerics.step = \"adaptive\"", "\"fixed\"");
  if (!numerics.sensitivities.empty()) refuse("numerics.sensitivities", "ensemble.unknowns");
  if (scenarios::has_voxels(scenario)) refuse("voxels.source", "\"none\"");
  if (scenarios::has_electrolyte(scenario))
    refuse("electrolyte.transport or electrolyte.spreading", "\"none\" of both");
}

}  // namespace

EnsembleResult run_ensemble(const scenarios::Scenario& scenario, const std::function<bool(double)>& progress) {
  if (scenario.job != scenarios::Job::ensemble) {
    throw InputError(fmt::format("job = \"{}\": an ensemble runs scenarios with job = \"ensemble\"",
                                 scenarios::job_names[static_cast<std::size_t>(scenario.job)]));
  }
  require_lanes(scenario);
  const auto& program = scenario.program;
  if (program.scan_rates.empty()) throw InputError("program.scan_rates is empty; accepted is at least one");
  require_rows(scenario, most_trace_rows, "memory");
  models::DrawnEnsemble ensemble =
      models::draw_ensemble(cell_spec_of(scenario), scenario.ensemble, program.scan_rates.front().si(),
                            static_cast<std::uint64_t>(scenario.seed));
  const models::EnsembleProgram plan(program_of(scenario), scenario.twin.numerics);
  const models::EnsembleQuestions questions{.unknowns = models::unknowns_from(scenario.ensemble.unknowns),
                                            .noise = scenario.ensemble.noise.si(),
                                            .relative_noise = scenario.ensemble.relative_noise,
                                            .traces = scenario.ensemble.traces};
  EnsembleResult result;
  result.drawn = std::move(ensemble.drawn);
  result.survey = models::survey(std::move(ensemble.spec), plan, questions, progress);
  result.E_vs_Li = plan.E_vs_Li();
  result.time = plan.time();
  result.scan_rate = plan.scan_rate();
  return result;
}

EnsembleSummary summarise(const scenarios::Scenario& scenario, const EnsembleResult& result) {
  const auto& members = result.survey.members;
  const auto median_of = [&](auto value) {
    std::vector<double> values;
    for (const models::EnsembleMember& member : members) values.push_back(value(member));
    return median(std::move(values));
  };
  EnsembleSummary s;
  s.cells = members.size();
  s.rows = result.E_vs_Li.size();
  s.median_peak_cathodic_current = median_of([](const auto& m) { return m.peak_cathodic_current; });
  s.median_peak_cathodic_potential = median_of([](const auto& m) { return m.peak_cathodic_potential; });
  s.median_peak_anodic_current = median_of([](const auto& m) { return m.peak_anodic_current; });
  s.median_peak_anodic_potential = median_of([](const auto& m) { return m.peak_anodic_potential; });
  for (std::size_t j = 0; j < result.survey.unknowns.size(); ++j) {
    if (unit_of_bound(result.survey.unknowns[j]) != "1") continue;
    const double limit = scenario.ensemble.measurable_below;
    const auto within = std::count_if(members.begin(), members.end(),
                                      [&](const models::EnsembleMember& m) { return m.bounds[j] <= limit; });
    s.unknowns.push_back({.name = result.survey.unknowns[j],
                          .median_bound = median_of([j](const auto& m) { return m.bounds[j]; }),
                          .measurable = static_cast<double>(within) / static_cast<double>(members.size())});
  }
  return s;
}

void write_ensemble_csv(const std::filesystem::path& path, const EnsembleResult& result) {
  files::AtomicFile file(path);
  fmt::memory_buffer buffer;
  const auto out = std::back_inserter(buffer);
  const std::vector<Column> columns = columns_of(result);
  fmt::format_to(out, "cell");
  for (const Column& column : columns) fmt::format_to(out, ",{}", head_of(column));
  fmt::format_to(out, "\n");
  for (std::size_t k = 0; k < result.drawn.size(); ++k) {
    fmt::format_to(out, "{}", k);
    for (const Column& column : columns) fmt::format_to(out, ",{}", column.value(result, k));
    fmt::format_to(out, "\n");
    if (buffer.size() < (1U << 20)) continue;
    file.append({buffer.data(), buffer.size()});
    buffer.clear();
  }
  file.append({buffer.data(), buffer.size()});
  file.commit();
}

void write_ensemble_hdf5(const std::filesystem::path& path, const EnsembleResult& result,
                         const scenarios::Scenario& scenario) {
  files::h5::OutputFile file(path);
  {
    const files::h5::Group root = file.root();
    files::h5::set_schema(root, "seccm-ensemble", 1);
    root.set("software", software());
    root.set("scenario_name", scenario.name);
    const std::string text = scenarios::write_used(scenario);
    auto dataset = root.create_text("scenario", {});
    dataset.write_text(std::span<const std::string>(&text, 1));
    files::TableWriter table;
    const std::vector<Column> columns = columns_of(result);
    for (std::size_t k = 0; k < result.drawn.size(); ++k) {
      for (const Column& column : columns) {
        double value = std::min(column.value(result, k), unbounded);
        table.real(column.name, column.unit, value);
      }
      table.end_row();
    }
    table.write(root.create_group("cells"));
    if (!result.survey.traces.empty()) write_voltammograms(root.create_group("voltammograms"), result);
  }
  file.commit();
}

}  // namespace seccm::jobs
