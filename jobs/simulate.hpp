// Job `simulate`: voltammograms straight from the models, no instrument.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/engine/measured_run.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

/// What the liquid did, of a run with [electrolyte] transport or spreading.
struct LiquidSummary {
  bool present = false;
  double lowest_salt = 0.0, highest_salt = 0.0;  ///< at the surface, mol/m³
  double ohmic_drop = 0.0;                       ///< largest, V
  double concentration_potential = 0.0;          ///< largest Nernst shift and diffusion potential, V
};

/// What a trace amounts to, for the terminal and --json. Currents A, potentials V vs Li/Li+, anodic positive.
struct TraceSummary {
  std::size_t rows = 0;
  double duration = 0.0;                    ///< s
  models::TracePeak anodic, cathodic;       ///< largest and smallest current, between rows too, with its error
  double charge = 0.0, charge_error = 0.0;  ///< C, ∫ i dt
  double lithium_charge = 0.0;              ///< C, F times the lithium that left the particles
  double lithium_error = 0.0;               ///< C
  double relative_error = 0.0;              ///< largest of a row, over the largest current at its scan rate
  LiquidSummary liquid;
};

/// A voltammogram, which engine made it, and its measured errors.
using Simulation = models::MeasuredRun;

/// The cell of [cell], [material] and the sections beside them.
models::CellSpec cell_spec_of(const scenarios::Scenario& scenario);

/// Rows of a voltammogram that are held in memory, some 200 bytes each.
inline constexpr std::uint64_t most_trace_rows = std::uint64_t{1} << 24;

/// The potential program of [program] with its holds thinned (sim::Waveform::thinned), except where something starts at
/// a moment of its own: particles that separate into phases, networks that ignite.
sim::Waveform program_of(const scenarios::Scenario& scenario);

/// Throws InputError naming the key if the program has more rows than `most`, which is what `where` holds.
void require_rows(const scenarios::Scenario& scenario, std::uint64_t most, std::string_view where);

/// Throws InputError for a scenario of another job and for more than `most_trace_rows`, SolverError, Cancelled.
Simulation simulate(const scenarios::Scenario& scenario, const std::function<bool(double)>& progress = {});

/// What to know before the result is believed, one sentence each.
std::vector<std::string> warnings_of(const scenarios::Scenario& scenario);

/// What to say of a run behind it: an error above numerics.tolerance, of a run whose steps or mesh were asked for.
std::vector<std::string> remarks_on(const Simulation& run);

TraceSummary summarise(const Simulation& run);

/// Columns time_s,potential_V,current_A,cycle,scan_rate_V_s,current_error_A. `path` appears whole or not at all.
void write_trace_csv(const std::filesystem::path& path, const models::Trace& trace);

/// time_s,potential_V,current_A and a column per parameter, "di_d(material.D)_A_per_m^2 s^-1".
void write_sensitivity_csv(const std::filesystem::path& path, const Simulation& run);

/// HDF5, a run file (schema "seccm-run") of one point that says that it is simulated, so that everything that reads
/// runs reads it: potentials against Li/Li+, currents as 16-bit counts. Beside it the group `voltammogram` (schema
/// "seccm-voltammogram" version 2): the columns of the CSV and the parts of the current as they were computed, with
/// units, the sensitivities where there are any, and the scenario as text. Rows less than a tick of 25 ns behind the
/// one before have no frame.
void write_trace_hdf5(const std::filesystem::path& path, const Simulation& run, const scenarios::Scenario& scenario);

}  // namespace seccm::jobs
