// A whole potential program on one cell.
#pragma once

#include <functional>
#include <vector>

#include "models/cell/cell_model.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

/// One row per step end (per tread for a staircase), the start included. Currents in A, anodic positive.
struct Trace {
  std::vector<double> time;       ///< s
  std::vector<double> E_vs_Li;    ///< V
  std::vector<double> current;    ///< A, at `time`; staircase: mean over its sampling window
  std::vector<double> scan_rate;  ///< V/s, nominal, >= 0
  std::vector<int> cycle;
  std::vector<CellCurrents> components;
  std::vector<double> charge;   ///< C, ∫ i dt since the start, conserved to round-off
  std::vector<double> lithium;  ///< mol in all particles

  [[nodiscard]] std::size_t size() const { return time.size(); }
  void reserve(std::size_t rows);
};

/// Runs the program from rest at its start potential with the step sizes of [numerics]. `progress` is called now and
/// then with the fraction done; returning false stops the run with Cancelled.
Trace simulate(const Cell& cell, const sim::Waveform& program, const std::function<bool(double)>& progress = {});

}  // namespace seccm::models
