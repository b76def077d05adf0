// Job `simulate`: voltammograms straight from the models, no instrument.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/cell/simulate.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::scenarios {

/// What a trace amounts to, for the terminal and --json. Currents A, potentials V vs Li/Li+, anodic positive.
struct TraceSummary {
  std::size_t rows = 0;
  double duration = 0.0;  ///< s
  double peak_anodic_current = 0.0, peak_anodic_potential = 0.0;
  double peak_cathodic_current = 0.0, peak_cathodic_potential = 0.0;
  double charge = 0.0;          ///< C, ∫ i dt
  double lithium_charge = 0.0;  ///< C, F times the lithium that left the particles
};

/// Throws InputError for a scenario of another job, SolverError, Cancelled.
models::Trace simulate(const Scenario& scenario, const std::function<bool(double)>& progress = {});

/// What to know before the result is believed, one sentence each.
std::vector<std::string> warnings_of(const Scenario& scenario);

TraceSummary summarise(const models::Trace& trace);

/// Columns time_s,potential_V,current_A,cycle,scan_rate_V_s. `path` appears whole or not at all.
void write_trace_csv(const std::filesystem::path& path, const models::Trace& trace);

/// HDF5, schema "seccm-voltammogram" version 1: the same columns and the parts of the current, with units, and the
/// scenario as text.
void write_trace_hdf5(const std::filesystem::path& path, const models::Trace& trace, const Scenario& scenario);

}  // namespace seccm::scenarios
