// The verification scenarios, run as `seccm simulate` runs them at their default settings, against exact values.
//
// Peak currents: 0.1 % (the accuracy that the project promises at default settings; the largest sample of the trace is
// taken, so that half a potential step, 0.5 mV, lies within it: p falls by less than 0.2 (F/RT)^2 (0.5 mV)^2/2 = 4e-5).
// Peak potentials: half a step of 1 mV plus the lag of the second-order scheme, below half a step: 1 mV.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "jobs/simulate.hpp"
#include "scenarios/scenario.hpp"
#include "sim/quantity.hpp"

namespace seccm::scenarios {
namespace {

jobs::Simulation run_case(const std::string& name, const std::vector<std::string>& overrides = {}) {
  const auto path = std::filesystem::path(SECCM_SOURCE_DIR) / "scenarios" / "verification" / (name + ".toml");
  return jobs::simulate(load_scenario(path, overrides));
}

struct ExactPeak {
  const char* scenario;
  double current;    ///< A, of the cathodic peak, as a magnitude
  double potential;  ///< V vs Li/Li+
};

std::ostream& operator<<(std::ostream& out, const ExactPeak& peak) {
  return out << peak.scenario;
}

class VerificationPeak : public testing::TestWithParam<ExactPeak> {};

TEST_P(VerificationPeak, AgreesWithTheExactValueAtDefaultSettings) {
  const ExactPeak exact = GetParam();
  const jobs::TraceSummary found = jobs::summarise(run_case(exact.scenario));
  EXPECT_NEAR(-found.cathodic.current / exact.current, 1.0, 1e-3);
  EXPECT_NEAR(found.cathodic.E_vs_Li, exact.potential, 1e-3);
}

// From tests/data (tables a to j) and the closed forms quoted in each file.
INSTANTIATE_TEST_SUITE_P(Scenarios, VerificationPeak,
                         testing::Values(ExactPeak{"planar_reversible", 0.502802e-12, 1.97151},
                                         ExactPeak{"physics_planar_reversible", 1.11674e-12, 1.77151},
                                         ExactPeak{"planar_irreversible", 0.877179e-12, 1.48314},
                                         ExactPeak{"planar_quasireversible", 0.474103e-12, 2.0 - 0.041911},
                                         ExactPeak{"planar_reversible_ohmic", 0.490055e-12, 1.95637},
                                         ExactPeak{"frumkin_host", 0.374660e-12, 1.93027},
                                         ExactPeak{"slab_finite", 27.2533e-12, 1.99221},
                                         ExactPeak{"sphere_reversible_w100", 33.0097e-15, 1.97678},
                                         ExactPeak{"sphere_reversible_w4054", 6.03870e-15, 1.97232},
                                         ExactPeak{"sphere_irreversible", 18.8927e-15, 1.14458},
                                         ExactPeak{"thin_layer", 73.7351e-15, 2.0 - 0.00667 * 0.025692579},
                                         ExactPeak{"thin_layer_ohmic", 30.0665e-15, 1.68572}),
                         [](const testing::TestParamInfo<ExactPeak>& peak) {
                           return std::string(peak.param.scenario);
                         });

TEST(VerificationScenario, SurfaceRedoxPeaksAtItsClosedForm) {
  // F^2 v Γ A/(4RT), and 1/(4 + g) of Q σ for a Frumkin isotherm.
  EXPECT_NEAR(-jobs::summarise(run_case("surface_redox_langmuir")).cathodic.current / 0.398948e-12, 1.0, 1e-3);
  EXPECT_NEAR(-jobs::summarise(run_case("surface_redox_frumkin")).cathodic.current / 0.199474e-12, 1.0, 1e-3);
}

TEST(VerificationScenario, RcRampFollowsItsClosedForm) {
  // i/(vC) = 1 - e^(-u) with u = t/RC, RC = 4 s; after the turn at 60 s: -1 + 2 e^(-(t - 60)/RC) - e^(-t/RC). The
  // anodic sweep comes first. Steps of 20 ms: the local error of BDF2 is below (h/RC)^2 = 2.5e-5 of v C, a margin of
  // 10 left for the Euler step behind each corner: its local error is (h/RC)^2/2 times the change of slope 2.
  const models::Trace trace = run_case("rc_ramp").trace;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    const double t = trace.time[k];
    const double outward = -std::expm1(-t / 4.0);
    const double back = -1.0 + 2.0 * std::exp(-(t - 60.0) / 4.0) - std::exp(-t / 4.0);
    EXPECT_NEAR(trace.current[k] / 5e-15, t <= 60.0 ? outward : back, 2.5e-4) << "at t = " << t << " s";
  }
}

TEST(VerificationScenario, SphereFillsBehindAStepAsTheSeriesSays) {
  // 60 % of 151.559 fC at D t/R^2 = 0.0485 (PHYSICS: the printed argument has three digits: 0.0485 gives 0.5999).
  const models::Trace trace = run_case("sphere_step").trace;
  std::size_t k = 0;
  while (k + 1 < trace.size() && trace.time[k] < 3.03125) ++k;
  double series = 0.0;
  const double tau = 0.0485 * trace.time[k] / 3.03125;
  for (int n = 1; n < 200; ++n) {
    series += std::exp(-n * n * constants::pi * constants::pi * tau) / (static_cast<double>(n) * n);
  }
  const double filling = 1.0 - 6.0 / (constants::pi * constants::pi) * series;
  EXPECT_NEAR(-trace.charge[k] / 151.559e-15, filling, 1e-3);
}

TEST(VerificationScenario, ChargeOfABareParticleIsTheChargeOfItsLithium) {
  // Only intercalation carries current here: ∫ i dt = F ΔN to the round-off of the sum, at any mesh and law.
  for (const std::vector<std::string>& overrides :
       {std::vector<std::string>{}, {"numerics.cells=20"}, {"material.law=frumkin", "material.g=3"}}) {
    const models::Trace trace = run_case("sphere_reversible_w100", overrides).trace;
    const double lithium = constants::faraday * (trace.lithium.front() - trace.lithium.back());
    double gross = 0.0;
    for (std::size_t k = 1; k < trace.size(); ++k) gross += std::abs(trace.charge[k] - trace.charge[k - 1]);
    EXPECT_NEAR(trace.charge.back(), lithium, 1e-10 * gross);
  }
}

TEST(VerificationScenario, PeakConvergesAtSecondOrderInTheStep) {
  // Differences of three step sizes with a ratio of two: log2 of their ratio is the order; the next term of the error
  // changes it by less than 0.2 as long as the differences themselves fall by a factor near four.
  const auto current_at = [](const char* step) {
    const models::Trace trace =
        run_case("sphere_reversible_w100", {std::string("numerics.potential_step=") + step, "numerics.cells=60",
                                            "numerics.engine=fast", "numerics.step=fixed"})
            .trace;
    // At a fixed instant on the flank, 9.0 s, which every step size hits: 450 mV.
    for (std::size_t k = 0; k < trace.size(); ++k) {
      if (std::abs(trace.time[k] - 9.0) < 1e-6) return trace.current[k];
    }
    return std::nan("");
  };
  const double coarse = current_at("5 mV"), middle = current_at("2.5 mV"), fine = current_at("1.25 mV");
  ASSERT_TRUE(std::isfinite(coarse) && std::isfinite(middle) && std::isfinite(fine));
  EXPECT_NEAR(std::log2((coarse - middle) / (middle - fine)), 2.0, 0.2);
}

}  // namespace
}  // namespace seccm::scenarios
