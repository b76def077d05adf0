// Observed orders of convergence of the whole cell, two-sided.
//
// With errors e(h) = C h^p (1 + O(h)) the observed order log2(e(2h)/e(h)) differs from p by O(h). Three successive
// halvings are used and each must lie in 1.8 .. 2.2: a first-order method gives 1, a third-order one 3, and the next
// term is below 15 % of the leading one for the meshes and steps here.
#include "tests/models/cell_test_support.hpp"

namespace seccm::models::test {
namespace {

void expect_second_order(const std::vector<double>& errors, const char* what) {
  for (std::size_t k = 1; k < errors.size(); ++k) {
    const double order = std::log2(std::abs(errors[k - 1]) / std::abs(errors[k]));
    EXPECT_GT(order, 1.8) << what << ": errors " << errors[k - 1] << " -> " << errors[k];
    EXPECT_LT(order, 2.2) << what << ": errors " << errors[k - 1] << " -> " << errors[k];
  }
}

/// p at one potential that is a step end for every step of the list.
double current_at(const Case& c, double xi_volts, double from_volts) {
  const Cell cell(c.spec());
  const auto program = sim::Waveform::at(E0 + from_volts).ramp_to(E0 - xi_volts, scan_rate);
  return -simulate(cell, program).current.back() / c.current_unit();
}

TEST(CellOrder, SecondOrderInTime) {
  for (const double lam : {reversible, 0.1}) {
    for (const double xi : {0.02, 0.1}) {
      Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = lam, .cells = 100, .grading = 0.05};
      c.potential_step = 0.125e-3;
      const double fine = current_at(c, xi, 0.3);
      c.potential_step = 0.25e-3;
      const double half = current_at(c, xi, 0.3);
      const double exact = fine + (fine - half) / 3.0;  // Richardson: its error is O(h^3) of the finest step
      std::vector<double> errors;
      for (const double step : {4e-3, 2e-3, 1e-3, 0.5e-3}) {
        c.potential_step = step;
        errors.push_back(current_at(c, xi, 0.3) - exact);
      }
      expect_second_order(errors, "time");
    }
  }
}

TEST(CellOrder, SecondOrderInTimeBehindACorner) {
  // The same on the way back, after the corner of a triangle: the restart must not cost the order.
  const auto reverse_current = [](double step) {
    Case c{.geometry = sim::Geometry::sphere, .w = 300.0, .lam = 1.0, .cells = 80, .grading = 0.05};
    c.potential_step = step;
    const Cell cell(c.spec());
    const auto program = sim::Waveform::at(E0 + 0.3).ramp_to(E0 - 0.2, scan_rate).ramp_to(E0 + 0.04, scan_rate);
    return simulate(cell, program).current.back() / c.current_unit();
  };
  const double exact = reverse_current(0.125e-3) + (reverse_current(0.125e-3) - reverse_current(0.25e-3)) / 3.0;
  std::vector<double> errors;
  for (const double step : {4e-3, 2e-3, 1e-3, 0.5e-3}) errors.push_back(reverse_current(step) - exact);
  expect_second_order(errors, "corner");
}

TEST(CellOrder, SecondOrderInSpace) {
  // The exact peak of the sphere at w = 100 (e table); 0.05 mV steps leave a time error below 1e-7.
  for (const auto geometry : {sim::Geometry::slab, sim::Geometry::cylinder, sim::Geometry::sphere}) {
    for (const double lam : {reversible, 0.1}) {
      const auto current = [&](int cells) {
        Case c{.geometry = geometry, .w = 100.0, .lam = lam, .potential_step = 0.25e-3, .cells = cells};
        c.grading = 0.1;
        return current_at(c, 0.03, 0.3);
      };
      const double exact = current(800) + (current(800) - current(400)) / 3.0;
      std::vector<double> errors;
      for (const int cells : {25, 50, 100, 200}) errors.push_back(current(cells) - exact);
      expect_second_order(errors, "space");
    }
  }
}

TEST(CellOrder, ConvergesToTheExactSpherePeak) {
  // Not to a neighbour of it: with 400 cells (error (50/400)^2 of 0.07 %) and 0.1 mV steps (0.01 % / 100).
  Case c{.geometry = sim::Geometry::sphere, .w = 4054.0, .potential_step = 1e-4, .cells = 400, .grading = 0.05};
  const Peak peak = peak_of(cathodic_sweep(c, c.spec(), -16.0, 6.0));
  EXPECT_NEAR(peak.p / 0.434531, 1.0, 1.5e-5);  // 1.1e-5 from space, 1e-6 from time, 1e-6 from the printed digits
}

}  // namespace
}  // namespace seccm::models::test
