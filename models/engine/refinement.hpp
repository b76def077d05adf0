// The ladder of runs behind a measured run.
#pragma once

#include <functional>
#include <string>

#include "models/cell/trace.hpp"

namespace seccm::models {

/// How fine a run is, relative to the first one that may be returned.
struct Resolution {
  double cells = 1.0;  ///< factor of radial cells or nodes, and of the number of steps where they are fixed
  double time = 1.0;   ///< factor of local tolerances
};

using RunAt = std::function<Trace(const Resolution&)>;

struct Refined {
  Trace trace;
  double error = 0.0;  ///< relative_error(trace)
  int refinements = 0;
  double time = 1.0;  ///< Resolution::time of the trace
};

/// `run` in pairs until the error is at most `tolerance`. thermal: RT/F, V. most = 0: one pair, whatever its error.
/// Otherwise throws SolverError with the error that the finest pair has, and what `run` throws at its finest.
Refined refine_until(const RunAt& run, double tolerance, double thermal, int most);

}  // namespace seccm::models
