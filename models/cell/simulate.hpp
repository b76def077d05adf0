// A whole potential program on one cell.
#pragma once

#include <functional>
#include <vector>

#include "models/cell/adaptive_steps.hpp"
#include "models/cell/cell_model.hpp"
#include "sim/waveform.hpp"

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

  CellStepper::Counts counts;  ///< of the fast engine

  [[nodiscard]] std::size_t size() const { return time.size(); }
  void reserve(std::size_t rows);
};

/// Runs the program from rest at its start potential with the steps of [numerics]; the treads of a staircase always
/// take fixed ones. `progress` is called now and then with the fraction done; returning false stops the run with
/// Cancelled. `surroundings` is asked before every step.
Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress = {},
               const SurroundingsOf& surroundings = {});

}  // namespace seccm::models
