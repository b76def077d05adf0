// Steps that follow the solution, over one stretch of a program on which the potential is linear in time.
//
// Step sizes form a ladder, the grid's step times 2^k with k from -30 to 6, at multiples of their own length: so
// eliminations are kept per rung, and a step ends on every grid point that it does not jump over. The formula is BDF in
// equal steps (models/cell/step_history.hpp). Behind a corner or a jump the order rises from 1 to 4 with the points
// that are known, to 2 where the tolerance is above 3e-4 or a host has no more. The first step there is 2^-6 of the
// grid's or shorter by the root of the tolerance; where the first estimates exceed the tolerance the stretch begins
// anew with a shorter one. Behind a step that order 2 would have done better (data that are not smooth) the next ones
// are of order 2. Where halvings follow each other a step begins without its history.
//
// Where D changes with the direction, the change is an event: steps over it are taken back until one of 2^-14 of the
// grid's holds it, and the stretch begins anew behind it.
//
// Estimate: the local error of BDF of order m in steps of h, from the divided difference y[...] of m+2 points,
//   e = C_m h^(m+1) (m+1)! y[t, t-h, ...]          (C_m in sim/step_scheme.hpp)
// of the total current over the largest current and of the surface filling of every particle; the larger one is held
// below the tolerance. The largest current is that at the grid's points so far, the present one, or a tenth of what
// Randles and Sevcik or the thin layer let expect, whichever is larger: the spike of a jump does not excuse what
// follows. The current at a corner itself is that before it and takes no part. A step that exceeds the tolerance is
// taken back and repeated one rung lower, two if 2^(m+1) times too large.
//
// Grid points inside a step: currents and charges by one polynomial of a degree above the step's order; the lithium
// from that at the start and the charge of intercalation, so that the balance holds to round-off on every row. A run
// that another one is compared with (all_rows = false) has the ends of its steps, their middles, and no gap
// of more than eight rows.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "models/cell/cell_reading.hpp"
#include "models/cell/cell_stepper.hpp"
#include "models/cell/trace.hpp"

namespace seccm::models {

/// What stands around the cell in the step that begins now; called before every step, again if it is repeated.
using SurroundingsOf = std::function<Surroundings(const CellState& now, double dt)>;

class AdaptiveSteps {
 public:
  /// Keeps references to cell and stepper. An empty `surroundings` leaves the stepper's as they are.
  AdaptiveSteps(const Cell& cell, CellStepper& stepper, double tolerance, SurroundingsOf surroundings);

  using RowSink = std::function<void(const CellReading&)>;

  /// From the stepper's potential to E_end in `count` intervals of dt; `row` gets each of their ends, or some.
  void run(double E_end, double dt, int count, const RowSink& row, bool all_rows = true);

  /// Called with the time after every step, one taken back included; may throw.
  void watch(std::function<void(double)> watch) { watch_ = std::move(watch); }

  /// Largest and smallest current of all sweeps so far, at step ends and between them (the parabola through three);
  /// without the first interval behind a corner.
  [[nodiscard]] const TracePeak& highest() const { return highest_; }
  [[nodiscard]] const TracePeak& lowest() const { return lowest_; }

  /// Steps that were taken back.
  [[nodiscard]] long rejected() const { return rejected_; }

 private:
  static constexpr std::size_t most_points = sim::highest_bdf_order + 2;  // of the estimate, the new one included

  struct Point {
    double time = 0.0;
    CellCurrents currents;
    CellCurrents charge;
    std::vector<double> filling;  // at the surfaces
  };
  /// A linear piece of the program, its time in ticks.
  struct Stretch {
    double E_start = 0.0, E_end = 0.0, t_start = 0.0, tick = 0.0;
    long end = 0;
    [[nodiscard]] double potential(double ticks) const {
      return E_start + (E_end - E_start) * (ticks / static_cast<double>(end));
    }
  };
  struct Verdict {
    bool accepted = false, judged = false, from_corner = false;
    double error = 0.0;
  };
  using Weights = std::array<double, most_points>;

  [[nodiscard]] int first_rung() const;
  void start(long at);
  void start_on(int rung);
  bool start_anew(long at);
  bool restart_lower(int order, double error);
  Verdict try_step(long at, int order);
  /// Only the start of a corner needs the lowest ones.
  [[nodiscard]] int lowest_rung() const;
  void take_back(int order, int rungs);
  void count_turn();
  void shorten(int order);
  void emit_rows(long at, long length, int order, const RowSink& row);
  [[nodiscard]] Weights difference(int order) const;
  void note_peaks();
  void fill(Point& point) const;
  void remember();
  [[nodiscard]] int order_to_take() const;
  [[nodiscard]] double estimate(int order) const;
  /// Through the known points: Lagrange's, its denominators in `factor`.
  struct Polynomial {
    std::array<double, most_points> time{}, factor{};
    std::size_t points = 0;
  };
  [[nodiscard]] Polynomial polynomial(int order) const;
  [[nodiscard]] CellReading between(const Polynomial& through, double time, double E) const;
  /// 0: the newest one.
  [[nodiscard]] const Point& back(std::size_t steps) const {
    return points_[(newest_ + most_points - steps) % most_points];
  }

  const Cell* cell_;
  CellStepper* stepper_;
  double tolerance_;
  SurroundingsOf surroundings_;
  StepHistory history_;
  double stored_;  // C
  bool all_rows_ = true;
  int highest_order_;
  CellState saved_, corner_;
  std::array<Point, most_points> points_;
  Point trial_;
  std::size_t newest_ = 0;
  std::size_t known_ = 0;  // points behind the last corner
  int rung_ = 0;           // the step is 2^rung ticks
  int start_rung_ = 0, floor_ = 0;
  int halvings_ = 0, calm_ = 0;  // that follow each other; steps accepted since the last one
  std::size_t accepted_ = 0;     // points behind the last corner, itself included; not bounded as known_ is
  long corner_at_ = 0;           // ticks
  Stretch stretch_;
  bool nearing_event_ = false;
  bool row_behind_corner_ = false;
  int turns_ = 0;          // of the direction of `per_direction`, since run() began
  std::size_t rough_ = 0;  // steps for which the low order is kept
  double largest_ = 0.0;   // current at grid points so far, A
  double expected_ = 0.0;  // its floor
  double lithium_ = 0.0;   // mol, without charge of intercalation
  long rejected_ = 0;
  std::function<void(double)> watch_;
  TracePeak highest_, lowest_;
};

/// Of the cell in a sweep, A: the smaller one of Randles and Sevcik's peak and the thin layer's, summed over the
/// particles; 0 at rest and for bare gold.
double expected_peak(const Cell& cell, double scan_rate);
/// All lithium that the particles can hold, and the charge of all capacitances at 1 V, C: the round-off of it within a
/// step is no error of the step. The currents of a cell in equilibrium are nothing else.
double stored_charge(const Cell& cell);

}  // namespace seccm::models
