// What the tests of the reference engine share: a Jacobian against differences of its residual, and two traces
// compared.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/engine/simulate.hpp"
#include "models/reference/parameter_path.hpp"
#include "models/reference/reference_simulate.hpp"
#include "models/reference/reference_system.hpp"

namespace seccm::models::test {

inline double peak_of(const Trace& trace) {
  double most = 0.0;
  for (const double i : trace.current) most = std::max(most, std::abs(i));
  return most;
}

/// Rows of a trace that a comparison leaves out.
struct Left {
  std::size_t start = 0;          ///< rows up to here
  std::size_t turn = 0, ten = 0;  ///< and so many behind this one
  [[nodiscard]] bool out(std::size_t k) const { return k <= start || (k > turn && k <= turn + ten); }
};

/// Largest difference of two traces at the instants of the coarser one.
inline double difference(const Trace& coarse, const Trace& fine, const Left& left = {}) {
  const std::size_t stride = (fine.size() - 1) / (coarse.size() - 1);
  double most = 0.0;
  for (std::size_t k = 1; k < coarse.size(); ++k) {
    if (left.out(k)) continue;
    const double d = std::abs(coarse.current[k] - fine.current[k * stride]);
    if (!(d <= most)) most = d;
  }
  return most;
}

/// Numbers in [0, 1) that are the same on every machine.
class Draw {
 public:
  double operator()() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_ = 1;
};

/// Where a Jacobian is looked at: off rest, with rates that are not those of the equations.
struct RandomPoint {
  std::vector<double> u, du;
};
inline RandomPoint random_point(const ReferenceSystem& system, double E) {
  RandomPoint point{.u = system.rest(E), .du = {}};
  Draw draw;
  for (double& value : point.u) {
    value += 0.02 + 0.3 * draw();
    point.du.push_back(draw() - 0.5);
  }
  return point;
}

/// Worst entry of dF/du (or dF/du') off its central difference, over the larger of the two and 1e-3.
inline double worst_entry(ReferenceSystem& system, RandomPoint point, bool by_rate) {
  auto& [u, du] = point;
  constexpr double t = 2.0;
  constexpr double h = 1e-5;
  const sim::JacobianPattern& pattern = system.pattern();
  const std::size_t n = pattern.size;
  std::vector<double> values(pattern.row.size());
  system.jacobian(t, u, du, by_rate ? 0.0 : 1.0, by_rate ? 1.0 : 0.0, values);
  std::vector<double>& moved = by_rate ? du : u;
  double worst = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> column(n, 0.0);
    std::vector<double> above(n);
    std::vector<double> below(n);
    for (std::size_t e = pattern.start[j]; e < pattern.start[j + 1]; ++e) column[pattern.row[e]] += values[e];
    const double kept = moved[j];
    moved[j] = kept + h;
    system.residual(t, u, du, above);
    moved[j] = kept - h;
    system.residual(t, u, du, below);
    moved[j] = kept;
    for (std::size_t i = 0; i < n; ++i) {
      const double slope = (above[i] - below[i]) / (2.0 * h);
      const double noise = 1e-14 * (std::abs(above[i]) + 1.0) / h;  // round-off of the residual
      const double scale = std::max({std::abs(column[i]), std::abs(slope), 1e-3});
      worst = std::max(worst, (std::abs(column[i] - slope) - noise) / scale);
    }
  }
  return worst;
}

inline ReferenceOptions at_tolerance(double relative, std::vector<std::string> sensitivities = {}) {
  ReferenceOptions options;
  options.relative = relative;
  options.sensitivities = std::move(sensitivities);
  return options;
}

/// di/dp by these names, looked at over a program.
struct Slopes {
  ReferenceSpec spec;
  sim::Waveform program;
  std::vector<std::string> names;
};

inline void expect_slopes(const Slopes& given) {
  constexpr double share = 1e-2;  // of the parameter, to each side; then half of it, extrapolated to fourth order
  constexpr double fine = 1e-9;
  constexpr double tolerance = 1e-7;
  const ReferenceSpec& spec = given.spec;
  const auto run_at = [&given](const ReferenceSpec& at, const ReferenceOptions& options) {
    if (at.voxels) return run_reference(at, given.program, options);
    return run_reference(Cell(at.cell), given.program, options, {}, at.liquid ? &*at.liquid : nullptr);
  };
  const ReferenceRun run = run_at(spec, at_tolerance(tolerance, given.names));
  for (std::size_t j = 0; j < given.names.size(); ++j) {
    SCOPED_TRACE(given.names[j]);
    const double value = parameter_value(spec, given.names[j]);
    const auto trace_at = [&](double factor) {
      const ReferenceSpec moved = with_parameter(spec, given.names[j], factor * value);
      return run_at(moved, at_tolerance(fine)).trace;
    };
    const Trace up = trace_at(1.0 + share);
    const Trace down = trace_at(1.0 - share);
    const Trace up_half = trace_at(1.0 + 0.5 * share);
    const Trace down_half = trace_at(1.0 - 0.5 * share);
    double most = 0.0;
    double off = 0.0;
    double truncation = 0.0;
    for (std::size_t k = 0; k < run.trace.size(); ++k) {
      const double wide = (up.current[k] - down.current[k]) / (2.0 * share);
      const double narrow = (up_half.current[k] - down_half.current[k]) / share;
      const double best = narrow + (narrow - wide) / 3.0;
      most = std::max(most, std::abs(best));
      off = std::max(off, std::abs(run.sensitivity[j][k] * value - best));
      truncation = std::max(truncation, std::abs(narrow - wide) / 3.0);
    }
    // 1000 tolerances of each run: of the slope in its own size, of the two differences 5/3 of 2 x 1000 over `share`.
    const double I0 = run.current_unit;
    const double bound = 1000.0 * tolerance * std::max(most, I0) + 5.0 / 3.0 * 2000.0 * fine * I0 / share + truncation;
    EXPECT_LT(off, bound);
  }
}

}  // namespace seccm::models::test
