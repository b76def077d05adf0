// A potential program cut into runs of equal steps, the same number for every member of an ensemble.
//
// A member with time_scale τ takes τ times as long for each step: one program serves any scan rate.
#pragma once

#include <vector>

#include "models/cell/cell_spec.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

/// Equal steps along one segment.
struct EnsembleRun {
  double E_start = 0.0, E_end = 0.0;  ///< V vs Li/Li+
  int count = 0;                      ///< steps; 0: the potential jumps
  double dt = 0.0;                    ///< s, before stretching
  double ratio = 0.0;                 ///< of the first step over the one before; 0: no history, it starts small
  bool tread = false;                 ///< of a staircase: one row, the mean behind step `window_start`
  int window_start = 0;
  double scan_rate = 0.0;
  int cycle = 0;

  [[nodiscard]] double potential(double step) const { return E_start + step / count * (E_end - E_start); }
  [[nodiscard]] int rows() const { return tread ? 1 : count; }
};

class EnsembleProgram {
 public:
  /// Throws InputError as sim::plan_steps does.
  EnsembleProgram(const sim::Waveform& waveform, double potential_step, double hold_step);
  EnsembleProgram(const sim::Waveform& waveform, const NumericsParameters& numerics);

  [[nodiscard]] const std::vector<EnsembleRun>& runs() const { return runs_; }
  [[nodiscard]] double start() const { return start_; }
  [[nodiscard]] std::size_t steps() const { return steps_; }

  /// One entry per row that an observer sees, the start included (row 0).
  [[nodiscard]] std::size_t rows() const { return E_.size(); }
  [[nodiscard]] const std::vector<double>& E_vs_Li() const { return E_; }
  [[nodiscard]] const std::vector<double>& time() const { return time_; }  ///< before stretching
  [[nodiscard]] const std::vector<double>& scan_rate() const { return scan_rate_; }
  [[nodiscard]] const std::vector<int>& cycle() const { return cycle_; }

 private:
  void add_rows(const EnsembleRun& run, double start_time);

  std::vector<EnsembleRun> runs_;
  double start_;
  std::size_t steps_ = 0;
  std::vector<double> E_, time_, scan_rate_;
  std::vector<int> cycle_;
};

}  // namespace seccm::models
