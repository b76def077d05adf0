// Bounds of D from one voltammogram: the exact slopes of the batch and the information that they add up to, against an
// independent table (shared conventions: tests/data/README.md), a closed form, and the reference engine's
// sensitivities.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "jobs/ensemble.hpp"
#include "jobs/simulate.hpp"
#include "models/ensemble/cramer_rao.hpp"
#include "models/reference/parameter_path.hpp"
#include "models/reference/reference_simulate.hpp"
#include "tests/verification/record.hpp"

namespace seccm::verification {
namespace {

constexpr double thermal = 8.31446261815324 * 298.15 / 96485.33212331;  // RT/F, V
constexpr double radius = 25e-9, scan_rate = 0.1;

/// A cycle from ξ = -reach over reach and back on a sphere with an ideal isotherm.
std::vector<std::string> cycle_of(double w, const std::string& k0, const std::string& unknowns, double reach) {
  const double high = 1.8 + reach * thermal, low = 1.8 - reach * thermal;
  return {fmt::format("cell.w={}", w),
          "material.k0=" + k0,
          "ensemble.unknowns=" + unknowns,
          fmt::format("program.start={} V", high),
          fmt::format("program.vertex1={} V", low),
          fmt::format("program.vertex2={} V", high)};
}

constexpr const char* scenario_text = R"(
name = "bounds"
job = "ensemble"
[ensemble]
cells = 1
relative_noise = 1.0
[material]
E0 = "1.80 V"
law = "ideal"
[double_layer]
titania = "0 F/m^2"
[cell]
radius = "25 nm"
[numerics]
potential_step = "1 mV"
cells = 200
[program]
scan_rates = ["100 mV/s"]
)";

/// c of std(ln D) = c / (SNR sqrt N).
double constant_of(double w, const std::string& k0, const std::string& unknowns, double reach = 15.0) {
  const auto overrides = cycle_of(w, k0, unknowns, reach);
  const auto result = jobs::run_ensemble(scenarios::parse_scenario(scenario_text, "bounds", overrides));
  return result.survey.members[0].bounds[0] * std::sqrt(static_cast<double>(result.E_vs_Li.size()));
}

struct BoundRow {
  bool five_rates = false;
  std::string lambda;
  double w = 0.0;
  std::vector<double> constants;  ///< D only; + nuisances; + A; + R_u; + A and R_u
};

std::vector<BoundRow> table_rows() {
  std::ifstream in(std::string(SECCM_TEST_DATA) + "/k_crlb_sphere_cv.csv");
  std::vector<BoundRow> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    BoundRow row;
    row.five_rates = line.starts_with("\"5 rates");
    std::istringstream cells(row.five_rates ? line.substr(line.find("\",") + 2) : line.substr(line.find(',') + 1));
    std::string cell;
    std::getline(cells, row.lambda, ',');
    std::getline(cells, cell, ',');
    row.w = std::stod(cell);
    for (int k = 0; k < 5 && std::getline(cells, cell, ','); ++k) row.constants.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

/// k0 = Λ sqrt(D σ), D = R² σ/w.
std::string rate_constant(const BoundRow& row) {
  const double sigma = scan_rate / thermal;
  const double lambda = row.lambda == "rev" ? 1e5 : std::stod(row.lambda);
  return fmt::format("{} m/s", lambda * radius * sigma / std::sqrt(row.w));
}

/// Half of the table's cycles: ξ = ±15 where the kinetics are reversible; ±20 elsewhere, found from its ratio of
/// sqrt(20/15).
double reach_of(const BoundRow& row) {
  return row.lambda == "rev" ? 15.0 : 20.0;
}

TEST(ExactCramerRao, BoundsOfDFollowTheIndependentTable) {
  int compared = 0;
  for (const BoundRow& row : table_rows()) {
    if (row.five_rates) continue;
    if (row.w < 1.0) continue;  // see ThinLayersLeaveOnlyTheLag
    const std::string kinetics = row.lambda == "rev" ? "" : ",ln_k0,alpha";
    const std::string nuisances = "ln_D,E0,capacitance,offset,drift" + kinetics;
    const std::vector<std::string> sets{"ln_D", nuisances, nuisances + ",ln_area", nuisances + ",resistance",
                                        nuisances + ",ln_area,resistance"};
    for (std::size_t k = 0; k < sets.size(); ++k) {
      check({.name = fmt::format("w = {}, Lambda = {}: {} (table k)", row.w, row.lambda, sets[k]),
             .quantity = "c of std(ln D) = c/(SNR sqrt N)",
             .exact = row.constants[k],
             .computed = constant_of(row.w, rate_constant(row), sets[k], reach_of(row)),
             .bound = 0.01,
             .relative = true,
             .note = "the table's own accuracy is 1 %"});
    }
    ++compared;
  }
  EXPECT_EQ(compared, 16);  // all but one
}

/// Slopes of the current of one cycle from rest, a column per parameter.
struct SlopeKeeper final : models::EnsembleObserver {
  std::vector<std::vector<double>> slope;
  double peak = 0.0;
  explicit SlopeKeeper(std::size_t parameters) : slope(parameters) {}
  void rows(const models::EnsembleRows& rows) override {
    for (std::size_t k = 0; k < rows.current.size(); ++k) {
      peak = std::max(peak, std::abs(rows.current[k][0]));
      for (std::size_t j = 0; j < slope.size(); ++j) slope[j].push_back(rows.slope(k, j)[0]);
    }
  }
  void end(const models::EnsembleEnd&) override {}
};

constexpr std::array<double, 5> five_rates{20.0, 50.0, 100.0, 200.0, 500.0};  // mV/s
const std::vector<models::EnsembleParameter> all_slopes{
    models::EnsembleParameter::ln_D,       models::EnsembleParameter::E0,    models::EnsembleParameter::capacitance,
    models::EnsembleParameter::ln_k0,      models::EnsembleParameter::alpha, models::EnsembleParameter::ln_area,
    models::EnsembleParameter::resistance,
};

std::vector<SlopeKeeper> slopes_at_five_rates(const BoundRow& row) {
  std::vector<SlopeKeeper> runs;
  const std::string text = std::string(scenario_text) + "[water_reduction]\nenabled = false\n";
  for (const double rate : five_rates) {
    std::vector<std::string> overrides = cycle_of(0.0, rate_constant(row), "ln_D", reach_of(row));
    const double D = radius * radius * scan_rate / thermal / row.w;
    // With A unknown the curvature alone holds D, little where the layer is thin: at w = 1e6 200, 400 and 800 cells are
    // 1.2, 0.24 and 0.005 % off.
    overrides.insert(overrides.end(),
                     {"job=simulate", "numerics.cells=400", fmt::format("material.D={} cm^2/s", 1e4 * D),
                      fmt::format("program.scan_rates=[\"{} mV/s\"]", rate)});
    const scenarios::Scenario scenario = scenarios::parse_scenario(text, "rates", overrides);
    const models::CellSpec spec = jobs::cell_spec_of(scenario);
    models::EnsembleSpec batch{.frame = models::ensemble_frame(spec)};
    batch.cells = {models::ensemble_cell(spec)};
    batch.slopes = all_slopes;
    runs.emplace_back(all_slopes.size());
    models::Ensemble(batch).run(models::EnsembleProgram(models::to_waveform(scenario.program), spec.numerics),
                                runs.back());
  }
  return runs;
}

/// c of the cycles taken together. Their noise is white and the same in all; SNR is that of the largest current, N the
/// number of all samples; offset and drift (over one cycle) are common to the five.
double joint_constant(const std::vector<SlopeKeeper>& runs, const std::vector<std::size_t>& shared, bool baseline) {
  const std::size_t n = shared.size() + (baseline ? 2 : 0);
  std::vector<double> information(models::packed_size(n)), column(n);
  double peak = 0.0, samples = 0.0;
  for (const SlopeKeeper& run : runs) {
    const std::size_t rows = run.slope[0].size();
    for (std::size_t k = 0; k < rows; ++k) {
      for (std::size_t j = 0; j < shared.size(); ++j) column[j] = run.slope[shared[j]][k];
      if (baseline) {
        column[n - 2] = 1.0;
        column[n - 1] = static_cast<double>(k) / static_cast<double>(rows - 1) - 0.5;
      }
      std::size_t at = 0;
      for (std::size_t a = 0; a < n; ++a) {
        for (std::size_t b = a; b < n; ++b) information[at++] += column[a] * column[b];
      }
    }
    samples += static_cast<double>(rows);
    peak = std::max(peak, run.peak);
  }
  return models::cramer_rao_bounds(information, n)[0] * peak * std::sqrt(samples);
}

// That each cycle begins at rest, that the noise is that of the largest peak and that offset and drift are common is
// not stated by the table: of the choices tried (own offset, own drift, both) only this one gives all its 85 numbers.
TEST(ExactCramerRao, BoundsFromFiveScanRatesFollowTheIndependentTable) {
  int compared = 0;
  for (const BoundRow& row : table_rows()) {
    if (!row.five_rates) continue;
    const std::vector<SlopeKeeper> runs = slopes_at_five_rates(row);
    std::vector<std::size_t> nuisances{0, 1, 2};
    if (row.lambda != "rev") nuisances.insert(nuisances.end(), {3, 4});
    for (std::size_t k = 0; k < row.constants.size(); ++k) {
      std::vector<std::size_t> shared = k == 0 ? std::vector<std::size_t>{0} : nuisances;
      if (k == 2 || k == 4) shared.push_back(5);
      if (k >= 3) shared.push_back(6);
      constexpr std::array<const char*, 5> sets{"D only", "with nuisances", "with nuisances and A",
                                                "with nuisances and R_u", "with nuisances, A and R_u"};
      check({.name = fmt::format("five rates, w = {}, Lambda = {}: {} (table k)", row.w, row.lambda, sets.at(k)),
             .quantity = "c of std(ln D) = c/(SNR sqrt N)",
             .exact = row.constants[k],
             .computed = joint_constant(runs, shared, k > 0),
             .bound = 0.01,
             .relative = true,
             .note = "the table's own accuracy is 1 %"});
      ++compared;
    }
  }
  EXPECT_EQ(compared, 17 * 5);
}

TEST(ExactCramerRao, ThinLayersLeaveOnlyTheLag) {
  // w -> 0: c_s - c_mean = (w/15) dθ/dτ, so that i = θ' - (w/15) θ'', θ = 1/(1 + e^ξ), and di/d ln D = (w/15) θ'' over
  // both sweeps of 30 units, a peak of 1/4: c = (1/4) / [(w/15) sqrt(2/30/60)] = 112.5/w. The next term is O(w²)
  // relative: w/15 shifts of a wave of unit width. (The table has 374.6 at w = 0.316, 5.3 % above it.)
  for (const double w : {0.0316228, 0.1, 0.316228}) {
    check({.name = fmt::format("w = {}", w),
           .quantity = "c of std(ln D) = c/(SNR sqrt N)",
           .exact = 112.5 / w,
           .computed = constant_of(w, "100 cm/s", "ln_D"),
           .bound = 1e-3 + w * w / 15.0,
           .relative = true,
           .note = "thin layer: only the lag of the mean behind the surface holds D"});
  }
}

TEST(CrossCramerRao, SlopesOfTheBatchTendToTheSensitivitiesOfTheReferenceEngine) {
  // The slopes are those of a recurrence of second order: twice the step, four times the distance.
  const std::string text = std::string(scenario_text) + "[water_reduction]\nenabled = false\n";
  std::vector<std::string> overrides = cycle_of(100.0, "1e-8 cm/s", "ln_D", 0.384 / thermal);
  overrides.insert(overrides.end(), {"job=simulate", "cell.w=0", "material.D=1e-13 cm^2/s", "numerics.cells=60",
                                     "numerics.potential_step=4 mV", "numerics.tolerance=1e-6",
                                     "numerics.sensitivities=material.D, material.k0, cell.radius"});
  const scenarios::Scenario scenario = scenarios::parse_scenario(text, "slopes", overrides);
  const jobs::Simulation exact = jobs::simulate(scenario);
  ASSERT_EQ(exact.engine.engine, models::EngineKind::reference);
  const models::CellSpec spec = jobs::cell_spec_of(scenario);
  const std::vector<double> values{spec.material.D.si(), spec.material.k0.si(), spec.particles[0].radius};
  struct Keeper final : models::EnsembleObserver {
    std::vector<std::vector<double>> slope{3};
    void rows(const models::EnsembleRows& rows) override {
      for (std::size_t k = 0; k < rows.current.size(); ++k) {
        for (std::size_t j = 0; j < 3; ++j) slope[j].push_back(rows.slope(k, j)[0]);
      }
    }
    void end(const models::EnsembleEnd&) override {}
  };
  const std::vector<double> steps{4e-3, 2e-3, 1e-3, 0.5e-3, 0.25e-3};
  std::vector<std::vector<double>> errors(3);
  for (const double step : steps) {
    models::CellSpec own = spec;
    own.numerics.potential_step = Potential(step);
    models::EnsembleSpec batch{.frame = models::ensemble_frame(own)};
    batch.cells = {models::ensemble_cell(own)};
    batch.slopes = {models::EnsembleParameter::ln_D, models::EnsembleParameter::ln_k0,
                    models::EnsembleParameter::ln_radius};
    const models::Ensemble ensemble(batch);
    Keeper keeper;
    ensemble.run(models::EnsembleProgram(models::to_waveform(scenario.program), own.numerics), keeper);
    for (std::size_t j = 0; j < 3; ++j) {
      const std::size_t stride = (keeper.slope[j].size() - 1) / (exact.trace.size() - 1);
      double most = 0.0, size = 0.0;
      for (std::size_t k = 1; k < exact.trace.size(); ++k) {
        const double by_log = exact.sensitivity[j][k] * values[j];
        size = std::max(size, std::abs(by_log));
        most = std::max(most, std::abs(by_log - keeper.slope[j][k * stride]));
      }
      errors[j].push_back(most / size);
    }
  }
  for (std::size_t j = 0; j < 3; ++j) {
    check_order({.name = exact.parameters[j],
                 .quantity = "worst sample of di/d ln p over its largest, batch against reference",
                 .size = steps,
                 .error = errors[j],
                 .expected = 2.0,
                 .tolerance = 0.25,
                 .pairs = 2,
                 .note = "second order of BDF2; the reference at 1e-9 is good to 1e-6"});
  }
}

TEST(CrossCramerRao, SensitivitiesOfTheReferenceEngineAreItsDifferences) {
  // Central differences with a relative step of 1e-2 leave 1e-4/6 of the third derivative (up to 30 times the first on
  // a wave) and the stated error of 1000 x 1e-9 over the step. Resistance and double layer are large enough to show.
  const std::string text = std::string(scenario_text) + "[water_reduction]\nenabled = false\n";
  std::vector<std::string> overrides = cycle_of(100.0, "1e-8 cm/s", "ln_D", 0.384 / thermal);
  overrides.insert(overrides.end(),
                   {"job=simulate", "cell.w=0", "numerics.cells=40", "numerics.potential_step=4 mV",
                    "numerics.tolerance=1e-6", "cell.series_resistance=3e11 Ohm", "double_layer.titania=5 F/m^2",
                    "numerics.sensitivities=material.D, cell.radius, cell.series_resistance, double_layer.titania"});
  const scenarios::Scenario scenario = scenarios::parse_scenario(text, "slopes", overrides);
  const jobs::Simulation exact = jobs::simulate(scenario);
  const models::CellSpec spec = jobs::cell_spec_of(scenario);
  models::ReferenceOptions options;
  options.relative = 1e-9;
  options.as_algebraic = true;
  const auto run = [&](const std::string& name, double factor) {
    const double value = models::parameter_value(spec, name);
    const models::Cell cell(models::with_parameter(spec, name, value * factor));
    return models::simulate_reference(cell, models::to_waveform(scenario.program), options);
  };
  for (std::size_t j = 0; j < exact.parameters.size(); ++j) {
    const std::string& name = exact.parameters[j];
    const double value = models::parameter_value(spec, name), h = 1e-2;
    const models::Trace above = run(name, 1.0 + h), below = run(name, 1.0 - h);
    double most = 0.0, size = 0.0, peak = 0.0;
    for (std::size_t k = 1; k < exact.trace.size(); ++k) {
      const double by_log = exact.sensitivity[j][k] * value;
      size = std::max(size, std::abs(by_log));
      peak = std::max(peak, std::abs(exact.trace.current[k]));
      most = std::max(most, std::abs(by_log - (above.current[k] - below.current[k]) / (2.0 * h)));
    }
    check({.name = name,
           .quantity = "worst sample of p di/dp over its largest",
           .computed = most / size,
           .bound = 30.0 * h * h / 6.0 + 1000.0 * 1e-9 * peak / (h * size),
           .note = "against central differences of the same engine: truncation h^2/6 x 30, tolerance over the step"});
  }
}

}  // namespace
}  // namespace seccm::verification
