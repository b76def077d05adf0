// Steps that follow the solution, over one stretch of a program on which the potential is linear in time.
//
// Step sizes form a ladder, the grid's step times 2^k with k from -6 to 6, at multiples of their own length: so
// eliminations are kept per rung, and a step ends on every grid point that it does not jump over. BDF2 takes a change
// of rung with its variable coefficients (sim/step_scheme.hpp). Behind a corner or a jump the lowest rung starts: one
// step of backward Euler, two of BDF2 without an estimate, then the estimate rules.
//
// Estimate: the local error of BDF2 at the step ratio r = h/h_last, from the third divided difference y[...] of four
// points,
//   e = (1+r)²/(6r(1+2r)) h³ y''',   y''' = 6 y[t, t-h, ...],
// of the total current over the largest current and of the surface filling of every particle; the larger one is held
// below the tolerance. The largest current is that so far, or a tenth of what Randles and Sevcik or the thin layer let
// expect, if that is larger. A step that exceeds the tolerance is taken back and repeated one rung lower, two if eight
// times too large.
//
// Grid points inside a step: the currents by the cubic through the last four points, the charges by Hermite's cubic
// through the two ends and their currents, the lithium from that at the start and the charge of intercalation, so that
// the balance holds to round-off on every row.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "models/cell/cell_stepper.hpp"

namespace seccm::models {

/// What stands around the cell in the step that begins now; called before every step, again if it is repeated.
using SurroundingsOf = std::function<Surroundings(const CellState& now, double dt)>;

struct AdaptiveRow {
  double time = 0.0, E_vs_Li = 0.0;
  CellCurrents currents;
  double charge = 0.0;   ///< C
  double lithium = 0.0;  ///< mol
};

class AdaptiveSteps {
 public:
  /// Keeps references to cell and stepper. An empty `surroundings` leaves the stepper's as they are.
  AdaptiveSteps(const Cell& cell, CellStepper& stepper, double tolerance, SurroundingsOf surroundings);

  /// From the stepper's potential to E_end in `count` intervals of dt; `row` gets each of their ends.
  void run(double E_end, double dt, int count, const std::function<void(const AdaptiveRow&)>& row);

  /// Steps that were taken back.
  [[nodiscard]] long rejected() const { return rejected_; }

 private:
  struct Point {
    double time = 0.0;
    CellCurrents currents;
    CellCurrents charge;
    std::vector<double> filling;  // at the surfaces
  };
  void remember();
  [[nodiscard]] double estimate() const;
  [[nodiscard]] AdaptiveRow between(double time, double E) const;
  [[nodiscard]] const Point& back(std::size_t steps) const { return points_[(newest_ + 4 - steps) % 4]; }

  const Cell* cell_;
  CellStepper* stepper_;
  double tolerance_;
  SurroundingsOf surroundings_;
  CellState saved_;
  std::array<Point, 4> points_;
  std::size_t newest_ = 0;
  std::size_t known_ = 0;  // points behind the last corner
  double largest_ = 0.0;   // current so far, A
  double expected_ = 0.0;  // its floor
  double lithium_ = 0.0;   // mol, without charge of intercalation
  long rejected_ = 0;
};

/// Of the cell in a sweep, A: the smaller one of Randles and Sevcik's peak and the thin layer's, summed over the
/// particles; 0 at rest and for bare gold.
double expected_peak(const Cell& cell, double scan_rate);

}  // namespace seccm::models
