// What a potential program on a cell gives, row by row.
#pragma once

#include <cstddef>
#include <vector>

#include "models/cell/cell_stepper.hpp"

namespace seccm::models {

/// The liquid at the surface at the end of a step.
struct LiquidRow {
  double concentration = 0.0;        ///< of salt, mol/m³
  double activity = 1.0;             ///< relative to the bulk
  double nernst_potential = 0.0;     ///< V, (RT/F) ln activity
  double diffusion_potential = 0.0;  ///< V, against the bulk
  double series_resistance = 0.0;    ///< Ohm
  double footprint_radius = 0.0;     ///< m
};

/// The largest current of one sign.
struct TracePeak {
  double current = 0.0;  ///< A
  double E_vs_Li = 0.0;
  double error = 0.0;         ///< A
  bool between_rows = false;  ///< found by the steps; otherwise through the rows, where a narrower wave is not seen
};

/// One row per step end (per tread for a staircase), the start included. Currents in A, anodic positive.
struct Trace {
  std::vector<double> time;       ///< s
  std::vector<double> E_vs_Li;    ///< V
  std::vector<double> current;    ///< A, at `time`; staircase: mean over its sampling window
  std::vector<double> scan_rate;  ///< V/s, nominal, >= 0
  std::vector<int> cycle;
  std::vector<CellCurrents> components;
  std::vector<double> charge;     ///< C, ∫ i dt since the start, conserved to round-off
  std::vector<double> lithium;    ///< mol in all particles
  std::vector<LiquidRow> liquid;  ///< as long as the others with [electrolyte] transport or spreading, else empty

  /// Largest and smallest current of the sweeps, between rows too where the engine's steps are shorter; not of the
  /// first row behind a corner.
  TracePeak highest, lowest;

  /// How far a row may be off, A (models/cell/trace_error.hpp); empty where that was not measured.
  std::vector<double> current_error;
  double charge_error = 0.0;   ///< largest of a row, C
  double lithium_error = 0.0;  ///< mol

  CellStepper::Counts counts;  ///< of the fast engine

  [[nodiscard]] std::size_t size() const { return time.size(); }
  void reserve(std::size_t rows);
};

/// Peaks of the rows, for an engine that knows nothing between them: the parabola through the largest row of a sweep
/// and its neighbours; `error` is by how much that exceeds the row, and by how much the parabola through rows twice as
/// far apart differs from it: right within 3 for waves whose half width at half height is at least 1.5 rows.
void find_peaks(Trace& trace);

/// Only the rows at the given times, ascending; the others are dropped. Throws InputError if one is missing.
void keep_rows(Trace& trace, const std::vector<double>& times);

}  // namespace seccm::models
