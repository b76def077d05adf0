// Observed orders of convergence of the whole cell, two-sided.
//
// With errors e(h) = C h^p (1 + O(h)) the observed order log2(e(2h)/e(h)) differs from p by O(h). Three successive
// halvings are used and each must lie within 0.2 of p: a method of another order is 1 away, and the next
// term is below 15 % of the leading one for the meshes and steps here. The value at h = 0 is Richardson's
// extrapolation of two finer runs: its error is of the next order in the finest.
#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "tests/models/cell_test_support.hpp"
#include "tests/verification/record.hpp"

namespace seccm::models::test {
namespace {

struct Refinement {
  std::string name;
  std::string quantity;
  std::vector<double> size;  ///< falling by two each; the extrapolation continues with a half and a quarter of the last
  std::function<double(double)> value;
};

void expect_second_order(const Refinement& r) {
  const double fine = r.value(r.size.back() / 4.0);
  const double exact = fine + (fine - r.value(r.size.back() / 2.0)) / 3.0;
  verification::Order order{.name = r.name,
                            .quantity = r.quantity,
                            .size = r.size,
                            .error = {},
                            .expected = 2.0,
                            .tolerance = 0.2,
                            .pairs = 3,
                            .note = "the value at h = 0 is Richardson's of a half and a quarter of the finest shown"};
  for (const double h : r.size) order.error.push_back(std::abs(r.value(h) - exact));
  verification::check_order(order);
}

/// i/(F A c k) at a potential that is a step end for every step of the list.
double current_at(const Case& c, double below_E0, double from_above_E0) {
  const Cell cell(c.spec());
  const auto program = sim::Waveform::at(E0 + from_above_E0).ramp_to(E0 - below_E0, scan_rate);
  return -simulate(cell, program).current.back() / c.current_unit();
}

TEST(OrderCell, Time) {
  for (const double lam : {reversible, 0.1}) {
    for (const double below : {0.02, 0.1}) {
      expect_second_order(
          {.name = fmt::format("sphere, w = 300, {}, {:.0f} mV below E0",
                               lam == reversible ? "reversible" : "quasi-reversible", below * 1e3),
           .quantity = "current over the step in V",
           .size = {4e-3, 2e-3, 1e-3, 0.5e-3},
           .value = [=](double step) {
             Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = lam, .cells = 100, .grading = 0.05};
             c.potential_step = step;
             return current_at(c, below, 0.3);
           }});
    }
  }
}

/// i/(F A c k) every 8 mV from 0.1 V above to 0.1 V below E0, by BDF of one order in equal steps. The sweep begins 0.6
/// V above E0, where a filling is 7e-11: what the lower orders of the first steps err does not count.
std::vector<double> wave_by_history(int order, double step) {
  Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 0.1, .cells = 100};
  c.grading = 0.05;
  const Cell cell(c.spec());
  CellStepper stepper(cell, cell.rest(E0 + 0.6));
  StepHistory history(cell.layout());
  history.restart(stepper.state());
  const auto every = std::lround(8e-3 / step);
  std::vector<double> wave;
  for (int k = 1; k <= std::lround(0.704 / step); ++k) {
    const int now = std::min(order, history.points());
    EXPECT_TRUE(stepper.try_advance(E0 + 0.6 - step * k, step / scan_rate, history, now));
    history.record(stepper.state());
    if (k % every == 0 && step * k > 0.499) wave.push_back(-stepper.currents().total / c.current_unit());
  }
  return wave;
}

// The formulas of steps that follow the solution. The error is that of the whole wave, root mean square: at one
// potential the leading term may vanish.
TEST(OrderHistory, EachFormulaHasItsOwn) {
  for (int order = 1; order <= sim::highest_bdf_order; ++order) {
    verification::Order found{
        .name = fmt::format("BDF of order {}, sphere, w = 300, quasi-reversible", order),
        .quantity = "rms current of the wave over the step in V",
        .size = {4e-3, 2e-3, 1e-3, 0.5e-3},
        .error = {},
        .expected = static_cast<double>(order),
        .tolerance = 0.2,
        .pairs = 3,
        .note = "the values at h = 0 are Richardson's of a half and a quarter of the finest shown"};
    const std::vector<double> finer = wave_by_history(order, found.size.back() / 2.0);
    const std::vector<double> finest = wave_by_history(order, found.size.back() / 4.0);
    for (const double h : found.size) {
      const std::vector<double> wave = wave_by_history(order, h);
      ASSERT_EQ(wave.size(), finest.size());
      double sum = 0.0;
      for (std::size_t k = 0; k < wave.size(); ++k) {
        const double exact = finest[k] + (finest[k] - finer[k]) / (std::exp2(order) - 1.0);
        sum += (wave[k] - exact) * (wave[k] - exact);
      }
      found.error.push_back(std::sqrt(sum / static_cast<double>(wave.size())));
    }
    verification::check_order(found);
  }
}

TEST(OrderCell, TimeBehindACorner) {
  // On the way back, after the corner of a triangle: the restart must not cost the order.
  expect_second_order(
      {.name = "sphere, w = 300, on the way back",
       .quantity = "current over the step in V",
       .size = {4e-3, 2e-3, 1e-3, 0.5e-3},
       .value = [](double step) {
         Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 1.0, .cells = 80, .grading = 0.05};
         c.potential_step = step;
         const Cell cell(c.spec());
         const auto program = sim::Waveform::at(E0 + 0.3).ramp_to(E0 - 0.2, scan_rate).ramp_to(E0 + 0.04, scan_rate);
         return simulate(cell, program).current.back() / c.current_unit();
       }});
}

TEST(OrderCell, Space) {
  const std::vector<std::pair<sim::Geometry, std::string>> bodies{
      {sim::Geometry::slab, "slab"}, {sim::Geometry::cylinder, "cylinder"}, {sim::Geometry::sphere, "sphere"}};
  for (const auto& [geometry, name] : bodies) {
    for (const double lam : {reversible, 0.1}) {
      expect_second_order(
          {.name = fmt::format("{}, w = 100, {}", name, lam == reversible ? "reversible" : "quasi-reversible"),
           .quantity = "current over the mean cell",
           .size = {1.0 / 25, 1.0 / 50, 1.0 / 100, 1.0 / 200},
           .value = [geometry = geometry, lam](double cell) {
             Case c{.geometry = geometry,
                    .w = 100.0,
                    .lam = lam,
                    .potential_step = 0.25e-3,
                    .cells = static_cast<int>(std::lround(1.0 / cell))};
             c.grading = 0.1;
             return current_at(c, 0.03, 0.3);
           }});
    }
  }
}

TEST(ExactVoltammogram, TheSpherePeakIsTheLimitOfFineMeshes) {
  // Not a neighbour of it: 400 cells (error (50/400)^2 of 0.07 %) and 0.1 mV steps (0.01 % / 100).
  Case c{.geometry = sim::Geometry::sphere, .w = 4054.0, .potential_step = 1e-4, .cells = 400, .grading = 0.05};
  const Peak peak = peak_of(cathodic_sweep(c, c.spec(), -16.0, 6.0));
  verification::check({.name = "sphere, reversible, w = 4054, 400 cells, 0.1 mV",
                       .quantity = "peak of the dimensionless current",
                       .exact = 0.434531,
                       .computed = peak.p,
                       .bound = 1.5e-5,
                       .relative = true,
                       .note = "1.1e-5 from space, 1e-6 from time, 1e-6 from the printed digits"});
}

}  // namespace
}  // namespace seccm::models::test
