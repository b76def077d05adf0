#include "models/engine/refinement.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "models/cell/trace_error.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double finer_cells = 2.0;
// Steps form a ladder of powers of two (models/cell/adaptive_steps.hpp): less than 2^5 in the tolerance of order 4
// leaves many steps as they were, and the pair would share their error.
constexpr double finer_time = 1.0 / 32.0;
constexpr double of_difference = 1.0;  // see models/cell/trace_error.hpp

Resolution finer(const Resolution& r) {
  return {.cells = r.cells * finer_cells, .time = r.time * finer_time};
}

/// A coarse run may fail where the next finer one does not.
std::optional<Trace> tried(const RunAt& run, const Resolution& at, std::string& why) {
  try {
    return run(at);
  } catch (const SolverError& error) {
    why = error.what();
    return std::nullopt;
  }
}

}  // namespace

Refined refine_until(const RunAt& run, double tolerance, double thermal, int most) {
  std::string why;
  std::optional<Trace> coarse = tried(run, {.cells = 1.0 / finer_cells, .time = 1.0 / finer_time}, why);
  Resolution at;
  for (int refinements = 0;; ++refinements, at = finer(at)) {
    std::optional<Trace> fine = refinements < most ? tried(run, at, why) : run(at);
    if (fine && coarse) {
      measure_error(*fine, *coarse, of_difference, thermal);
      const double error = relative_error(*fine);
      if (error <= tolerance || most == 0) return {std::move(*fine), error, refinements, at.time};
      why = fmt::format("currents are off by up to {:.2g} of the largest one at their scan rate", error);
    }
    if (refinements >= most) throw SolverError(why);
    coarse = std::move(fine);
  }
}

}  // namespace seccm::models
