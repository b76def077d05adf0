// What a multistep formula needs of the steps behind: the stored quantities of a cell (fillings, potentials, water,
// charges) at equal distances in time, up to nine of them.
//
// Where the step becomes twice as long every second one is kept; where it becomes half as long the values in between
// are those that were left out, if no step has been taken since, and otherwise come from the polynomial through the
// nearest ones. So the coefficients are always those of equal steps, and each step
// size has one elimination per order. Lithium and charges are interpolated with the same weights: the balance holds to
// round-off.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "models/cell/cell_layout.hpp"
#include "models/cell/cell_state.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

class StepHistory {
 public:
  explicit StepHistory(const CellLayout& layout);

  /// Nothing but the present: behind a corner or a jump.
  void restart(const CellState& now);
  /// A step of the present length has led to `now`.
  void record(const CellState& now);
  /// Steps of half the length from now on; the polynomial is of degree order + 1 where there are points enough.
  void halve(int order);
  /// Steps of twice the length from now on. Of 2k - 1 points k remain.
  void redouble();

  /// Points known at the present distance, the present one included.
  [[nodiscard]] int points() const { return points_; }
  /// Highest order that all hosts of the cell support.
  [[nodiscard]] int highest_order() const { return highest_order_; }

  /// The formula of an order of at most points(). Leaves the sum of what stands behind the last step in the `before`
  /// parts of the state, and in its step_charge.
  sim::StepScheme lay_behind(int order, CellState& state);
  /// Extrapolates potentials, and fillings of hosts that iterate them, to the end of the next step.
  void predict(int order);
  [[nodiscard]] std::span<const double> predicted_potential() const;  ///< per lane
  [[nodiscard]] double predicted_electrode_potential() const { return predicted_[electrode_]; }
  /// Fillings in the layout of a host's state; empty for a host that does not iterate them.
  [[nodiscard]] std::span<const double> predicted_filling(std::size_t host) const;

 private:
  static constexpr std::size_t capacity = 9;
  using Values = std::vector<double>;

  struct Part {
    std::size_t first, size;
    bool predicted;
  };
  void pack(const CellState& state, Values& to) const;
  void exchange(int k);
  [[nodiscard]] const Values& back(std::size_t steps) const { return ring_[(newest_ + capacity - steps) % capacity]; }

  std::vector<Part> hosts_;
  std::size_t potentials_ = 0, lanes_ = 0, electrode_ = 0, reservoir_ = 0, charges_ = 0, size_ = 0;
  int highest_order_ = sim::highest_bdf_order;
  std::array<Values, capacity> ring_, spare_;
  std::size_t newest_ = 0;
  int points_ = 0;
  int before_redouble_ = 0;  // points, 0 where a step has been taken since
  Values predicted_, behind_;
};

}  // namespace seccm::models
