#include "instrument/twin/stage_motion.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::instrument::twin {
namespace {

constexpr double travel = 100e-6, lag = 3e-3;

// The same equations by an adaptive integrator at 1e-12 relative tolerance: independent of the closed form.
TEST(AxisMotion, AgreesWithNumericalIntegrationOverRampsAndHolds) {
  constexpr double creep = 0.02;
  AxisMotion axis(lag, creep, 0.0, travel, 0.0, 10e-6);
  using State = std::array<double, 1 + creep_modes>;
  State y{10e-6};
  for (std::size_t k = 1; k < y.size(); ++k) y[k] = creep * 10e-6;
  const std::array<double, creep_modes> tau{0.1, 1.0, 10.0, 100.0};
  struct Piece {
    double command, velocity, dt;
  };
  for (const Piece p :
       {Piece{10e-6, 50e-6, 0.2}, Piece{20e-6, 0.0, 0.05}, Piece{20e-6, -3e-6, 1.7}, Piece{14.9e-6, 0.0, 30.0}}) {
    const auto law = [&](const State& s, State& d, double t) {
      const double command = p.command + p.velocity * t;
      d[0] = (command - s[0]) / lag;
      for (std::size_t k = 0; k < creep_modes; ++k) d[k + 1] = (creep * command - s[k + 1]) / tau[k];
    };
    namespace ode = boost::numeric::odeint;
    ode::integrate_adaptive(ode::make_controlled<ode::runge_kutta_dopri5<State>>(1e-20, 1e-12), law, y, 0.0, p.dt,
                            1e-4);
    axis.advance(p.command, p.velocity, p.dt);
    double missing = 0.0;
    for (std::size_t k = 1; k < y.size(); ++k) missing += creep * (p.command + p.velocity * p.dt) - y[k];
    // Local errors of 1e-12 x 1e-5 m over up to 3e4 steps stay below 1e-12 m.
    EXPECT_NEAR(axis.sensor(), y[0], 1e-12);
    EXPECT_NEAR(axis.position(), y[0] - missing, 1e-12);
  }
}

TEST(AxisMotion, TrailsARampBySpeedTimesLag) {
  AxisMotion axis(lag, 0.0, 0.0, travel, 0.0, 0.0);
  axis.advance(0.0, 10e-6, 0.1);  // e^{-33} of the start is left
  EXPECT_NEAR(axis.sensor(), 1e-6 - 10e-6 * lag, 1e-18);
  EXPECT_NEAR(axis.advance(1e-6, 10e-6, 1e-3), 1e-6 + 0.5e-8 - 10e-6 * lag, 1e-18);
}

TEST(AxisMotion, OnePieceEqualsManyPieces) {
  AxisMotion whole(lag, 0.01, 2e-4, travel, 0.3, 5e-6), parts = whole;
  const double mean = whole.advance(5e-6, 20e-6, 0.05);
  double sum = 0.0;
  for (int k = 0; k < 50; ++k) sum += parts.advance(5e-6 + 20e-6 * 1e-3 * k, 20e-6, 1e-3);
  EXPECT_NEAR(whole.position(), parts.position(), 1e-17);
  EXPECT_NEAR(mean, sum / 50, 1e-17);
  const double foreseen = parts.position_after(6e-6, -1e-6, 0.01);
  parts.advance(6e-6, -1e-6, 0.01);
  EXPECT_NEAR(parts.position(), foreseen, 1e-18);
}

TEST(AxisMotion, ShareOfAMoveCreepsInPerDecadeOfTime) {
  constexpr double creep = 0.01, step = 10e-6;
  AxisMotion axis(0.0, creep, 0.0, travel, 0.0, 0.0);
  axis.advance(step, 0.0, 0.3);
  const double early = axis.position();
  axis.advance(step, 0.0, 2.7);
  const double later = axis.position();
  axis.advance(step, 0.0, 27.0);
  // Modes a decade apart, each e^{-t/τ}: between 0.3 and 3 s (3 and 30 s) the nearest modes contribute e^{-0.3} -
  // e^{-3} = 0.691 , e^{-3} - e^{-30} = 0.050, and from above e^{-0.03} - e^{-0.3} = 0.230, e^{-0.003} - e^{-0.03} =
  // 0.027: 0.998 in sum; the later decade lacks the mode at 1000 s: 0.971.
  EXPECT_NEAR((later - early) / (creep * step), 0.998, 2e-3);
  EXPECT_NEAR((axis.position() - later) / (creep * step), 0.971, 2e-3);
}

TEST(AxisMotion, LinearityErrorIsThePeakDeviationOverTheTravel) {
  double peak = 0.0;
  for (int k = 0; k <= 1000; ++k) {
    const double x = travel * k / 1000;
    peak = std::max(peak, std::abs(AxisMotion(lag, 0.0, 2e-4, travel, 1.0, x).position() - x));
  }
  EXPECT_NEAR(peak, 2e-4 * travel, 1e-4 * 2e-4 * travel);  // the grid misses the crest by cos(π/1000)
}

}  // namespace
}  // namespace seccm::instrument::twin
