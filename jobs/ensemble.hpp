// Job `ensemble`: many different cells under one potential program.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/ensemble/ensemble_draw.hpp"
#include "models/ensemble/ensemble_survey.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

struct EnsembleResult {
  std::vector<models::DrawnCell> drawn;
  models::EnsembleSurvey survey;
  std::vector<double> E_vs_Li, time, scan_rate;  ///< rows of a voltammogram; time and rate before stretching
};

/// What an ensemble amounts to, for the terminal and --json.
struct EnsembleSummary {
  std::size_t cells = 0;
  std::size_t rows = 0;                                                             ///< of a voltammogram
  double median_peak_cathodic_current = 0.0, median_peak_cathodic_potential = 0.0;  ///< A, V vs Li/Li+
  double median_peak_anodic_current = 0.0, median_peak_anodic_potential = 0.0;
  /// Of the unknowns that are logarithms or plain numbers: the median bound, and the share of cells within
  /// `measurable_below`.
  struct Unknown {
    std::string name;
    double median_bound = 0.0;
    double measurable = 0.0;
  };
  std::vector<Unknown> unknowns;
};

/// Throws InputError for a scenario of another job, SolverError, Cancelled.
EnsembleResult run_ensemble(const scenarios::Scenario& scenario, const std::function<bool(double)>& progress = {});

EnsembleSummary summarise(const scenarios::Scenario& scenario, const EnsembleResult& result);

/// One row per cell: what was drawn, peaks, charges, bounds. `path` appears whole or not at all.
void write_ensemble_csv(const std::filesystem::path& path, const EnsembleResult& result);

/// HDF5, schema "seccm-ensemble" version 1: the same columns, the voltammograms where they were kept, and the scenario
/// as text.
void write_ensemble_hdf5(const std::filesystem::path& path, const EnsembleResult& result,
                         const scenarios::Scenario& scenario);

}  // namespace seccm::jobs
