// The ladder of runs behind a measured run: finer in space or in time, whichever is worse, until the error is small
// enough.
//
// The first pair differs in both. Where their difference is too large, a third run with the coarser mesh and the finer
// steps tells what is due to the mesh and what to the steps; from there on every run is one rung finer in one of them,
// its difference from the one before is the error of that kind, and the sum of both is the error. The mesh and the
// steps of two runs whose difference is taken are never the same: what is not refined has the error that it had.
#pragma once

#include <functional>

#include "models/cell/trace.hpp"

namespace seccm::models {

/// Rungs above the first run that may be returned; the coarser run of the first pair is at -1.
struct Resolution {
  int space = 0;         ///< each doubles the radial cells or nodes
  int time = 0;          ///< each divides local tolerances by 32, or halves the steps where they are fixed
  bool all_rows = true;  ///< false: only compared, which fewer rows do
  [[nodiscard]] double cells() const;            ///< factor
  [[nodiscard]] double local_tolerance() const;  ///< factor
};

using RunAt = std::function<Trace(const Resolution&)>;

struct Ladder {
  RunAt run;
  double tolerance = 0.0;
  double thermal = 0.0;          ///< RT/F, V
  bool has_space = true;         ///< false: the mesh is the sample's own
  bool pinned = false;           ///< one pair, whatever its error
  bool finer_companion = false;  ///< the other run of that pair has twice the cells, not half of them
  int most_space = 0, most_time = 0;
  /// What the steps of the first run are held below, one by one, of the largest current: no row states less.
  double least = 0.0;
  double of_mesh = 1.0, of_steps = 1.0;  ///< what the finer one of a pair may be off, of its difference
  /// Of one run, Newton iterations times unknowns. Where the next one would exceed it, or there is none, the present
  /// one is returned if its error is at most `loosest`.
  double most_work = 0.0;
  double loosest = 0.0;
  std::function<double(const Resolution&)> unknowns;
};

struct Refined {
  Trace trace;
  double error = 0.0;  ///< relative_error of the trace
  Resolution at{};
  bool cut_short = false;  ///< a finer run would take too long
};

/// Throws SolverError with the error that the finest run has, and what `run` throws at its finest.
Refined refine_until(const Ladder& ladder);

}  // namespace seccm::models
