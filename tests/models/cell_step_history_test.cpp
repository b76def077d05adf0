// The steps behind: exact for polynomials up to the order of the formula, whatever the step did before.
#include <gtest/gtest.h>

#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/cell/step_history.hpp"
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

/// Every stored quantity a polynomial of its own in time, so that an exchanged one is seen.
class Polynomials {
 public:
  explicit Polynomials(int degree) : degree_(degree) {
    CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = 10.0, .cells = 4}.spec();
    spec.particles.push_back({.radius = 0.5 * radius, .contact_resistance = 1e9});
    cell_.emplace(spec);
    state_ = cell_->rest(E0);
  }

  [[nodiscard]] const Cell& cell() const { return *cell_; }

  [[nodiscard]] double value(int which, double t) const {
    double sum = 0.0;
    for (int k = degree_; k >= 0; --k) sum = sum * t + std::cos(1.0 + which + 3.0 * k);
    return sum;
  }
  [[nodiscard]] double slope(int which, double t) const {
    double sum = 0.0;
    for (int k = degree_; k >= 1; --k) sum = sum * t + k * std::cos(1.0 + which + 3.0 * k);
    return sum;
  }

  CellState& at(double t) {
    auto& radial = std::get<RadialState>(state_.hosts.front());
    for (std::size_t k = 0; k < radial.filling.size(); ++k) radial.filling[k] = value(static_cast<int>(k), t);
    for (std::size_t k = 0; k < state_.particle_potential.size(); ++k)
      state_.particle_potential[k] = value(100 + static_cast<int>(k), t);
    state_.electrode_potential = value(201, t);
    state_.reservoir = value(202, t);
    state_.charge.total = value(203, t);
    state_.charge.ferrocene = value(204, t);
    return state_;
  }

  /// The formula over what was laid behind gives the slopes at t + h, and the charge of the step its integral.
  void expect_exact(StepHistory& history, int order, double t, double h) {
    CellState& state = at(t);
    history.predict(order);
    const sim::StepScheme scheme = history.lay_behind(order, state);
    const auto rate = [&](int which, double before) {
      return (scheme.now * value(which, t + h) + scheme.last * value(which, t) + scheme.before * before) / h;
    };
    // Values and slopes are of the order of 1; differences over h lose as much as h is small, weights sum to 11.
    const double bound = 1e-13 / h;
    const auto& radial = std::get<RadialState>(state.hosts.front());
    for (std::size_t k = 0; k < radial.filling.size(); ++k) {
      const int which = static_cast<int>(k);
      EXPECT_NEAR(rate(which, radial.before[k]), slope(which, t + h), bound) << k;
    }
    EXPECT_NEAR(rate(101, state.particle_potential_before[1]), slope(101, t + h), bound);
    EXPECT_NEAR(rate(201, state.electrode_potential_before), slope(201, t + h), bound);
    EXPECT_NEAR(rate(202, state.reservoir_before), slope(202, t + h), bound);
    const auto passed = [&](int which, double behind) {
      return h / scheme.now * slope(which, t + h) + scheme.carry * behind;
    };
    EXPECT_NEAR(passed(203, state.step_charge.total), value(203, t + h) - value(203, t), bound * h);
    EXPECT_NEAR(passed(204, state.step_charge.ferrocene), value(204, t + h) - value(204, t), bound * h);
    EXPECT_NEAR(history.predicted_electrode_potential(), value(201, t + h), bound * h);
    EXPECT_NEAR(history.predicted_potential()[1], value(101, t + h), bound * h);
  }

 private:
  int degree_;
  std::optional<Cell> cell_;
  CellState state_;
};

class StepHistoryOrder : public ::testing::TestWithParam<int> {};

TEST_P(StepHistoryOrder, IsExactForPolynomialsAlsoBehindChangesOfTheStep) {
  const int order = GetParam();
  Polynomials p(order);
  StepHistory history(p.cell().layout());
  double t = 0.0, h = 0.125;
  history.restart(p.at(t));
  const auto walk = [&](int steps) {
    for (int k = 0; k < steps; ++k) history.record(p.at(t += h));
  };
  walk(2 * order);  // order + 2 points for the polynomial in between, and one to spare
  p.expect_exact(history, order, t, h);
  history.halve(order);
  h *= 0.5;
  p.expect_exact(history, order, t, h);
  history.halve(order);
  h *= 0.5;
  p.expect_exact(history, order, t, h);
  walk(3);
  p.expect_exact(history, order, t, h);
  ASSERT_GE(history.points(), 2 * order - 1);
  history.redouble();
  h *= 2.0;
  ASSERT_GE(history.points(), order);
  p.expect_exact(history, order, t, h);
}
INSTANTIATE_TEST_SUITE_P(Orders, StepHistoryOrder, ::testing::Values(2, 3, 4));

TEST(StepHistory, OneOrderTooFewIsNotExact) {
  Polynomials p(4);
  StepHistory history(p.cell().layout());
  double t = 0.0;
  history.restart(p.at(t));
  for (int k = 0; k < 8; ++k) history.record(p.at(t += 0.125));
  CellState& state = p.at(t);
  const sim::StepScheme scheme = history.lay_behind(3, state);
  const double rate = (scheme.now * p.value(201, t + 0.125) + scheme.last * p.value(201, t) +
                       scheme.before * state.electrode_potential_before) /
                      0.125;
  // The local error of BDF3 for a fourth derivative of 24 a: (3/22)(11/6) h^3 24 a.
  const double a = std::cos(1.0 + 201 + 12.0);
  EXPECT_NEAR(rate - p.slope(201, t + 0.125), -0.25 * 24.0 * a * std::pow(0.125, 3), 1e-11);
}

TEST(StepHistory, AHostMayCapTheOrder) {
  CellSpec spec = Case{.geometry = sim::Geometry::sphere, .w = 10.0, .cells = 20}.spec();
  EXPECT_EQ(StepHistory(Cell(spec).layout()).highest_order(), 4);
  spec.model = ParticleModel::cahn_hilliard;
  EXPECT_EQ(StepHistory(Cell(spec).layout()).highest_order(), 2);
}

}  // namespace
}  // namespace seccm::models::test
