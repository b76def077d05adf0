#include "models/pipette/pipette.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double kDegree = constants::pi / 180.0;

std::vector<std::vector<double>> read_table(const std::string& name) {
  std::ifstream file(std::string(SECCM_TEST_DATA) + "/" + name);
  std::string line;
  std::getline(file, line);  // header
  std::vector<std::vector<double>> rows;
  while (std::getline(file, line)) {
    std::vector<double> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

TEST(ConePipette, AgreesWithTheExactTable) {
  const auto rows = read_table("i2_cone_pipette.csv");
  ASSERT_EQ(rows.size(), 10U);
  for (const auto& row : rows) {
    const double theta = row[0] * kDegree;
    // The table has 12 digits.
    EXPECT_NEAR(cone_limiting_current(1e-9, 1.0, 1e-7, theta) / microdisc_limiting_current(1e-9, 1.0, 1e-7), row[1],
                1e-11 * row[1]);
    EXPECT_NEAR(cone_resistance(0.95, 1e-7, theta) * 0.95 * 1e-7, row[2], 1e-11 * row[2]);
    EXPECT_NEAR(cone_resistance_discs(0.95, 1e-7, theta) * 0.95 * 1e-7, row[3], 1e-11 * row[3]);
  }
}

TEST(ConePipette, PublishedBenchmarks) {
  // CRAN breakage: a = 50 nm, 4 deg, 30 um, 64 Ohm cm: 60.11 MOhm in all, 3.2 MOhm of it access.
  const double kappa = 1.0 / 0.64;
  const double access = access_resistance(kappa, 50e-9);
  const double cone = truncated_cone_resistance_discs(kappa, 50e-9, 50e-9 + 30e-6 * std::tan(4.0 * kDegree), 30e-6);
  EXPECT_NEAR(access / 1e6, 3.2, 1e-9);
  EXPECT_NEAR((access + cone) / 1e6, 60.11, 0.005);
  // echemtips: a = 200 nm, 7.5 deg, D = 1e-9 m^2/s, 1 mM, R2.
  EXPECT_NEAR(cone_limiting_current(1e-9, 1.0, 200e-9, 7.5 * kDegree, ConeRadius::flat) * 1e12, 7.879, 0.0005);
  // A tenth of a microdisc.
  EXPECT_NEAR(cone_limiting_current(1e-9, 1.0, 1e-7, 7.5 * kDegree) / microdisc_limiting_current(1e-9, 1.0, 1e-7),
              0.103, 5e-4);
  // PHYSICS table: 7.7/5.1/3.8 MOhm for 1 um at 5/7.5/10 deg and 0.95 S/m.
  EXPECT_NEAR(cone_resistance(0.95, 0.5e-6, 5.0 * kDegree) / 1e6, 7.7, 0.05);
  EXPECT_NEAR(cone_resistance(0.95, 0.5e-6, 7.5 * kDegree) / 1e6, 5.1, 0.05);
  EXPECT_NEAR(cone_resistance(0.95, 0.5e-6, 10.0 * kDegree) / 1e6, 3.8, 0.05);
}

TEST(ConePipette, ResistanceTimesLimitingCurrentIsAPropertyOfTheLiquid) {
  // The same Laplace field: R i_lim = F D c/κ, whatever the shape.
  for (double theta : {3.0, 7.5, 20.0, 60.0}) {
    const double product =
        cone_resistance(0.95, 3e-7, theta * kDegree) * cone_limiting_current(1.5e-10, 3.0, 3e-7, theta * kDegree);
    EXPECT_NEAR(product, constants::faraday * 1.5e-10 * 3.0 / 0.95, 1e-12 * product);
  }
}

TEST(ConePipette, TruncatedConeIsTheIntegralOverItsShells) {
  // dR = dρ/(κ Ω ρ²) between the caps through the two rims, summed by the midpoint rule on a logarithmic mesh.
  const double theta = 7.5 * kDegree;
  const double a = 0.5e-6;
  const double length = 20e-6;
  const double rho1 = a / std::sin(theta);
  const double rho2 = (a + length * std::tan(theta)) / std::sin(theta);
  constexpr int n = 20000;
  double sum = 0.0;
  for (int k = 0; k < n; ++k) {
    const double rho = rho1 * std::pow(rho2 / rho1, (k + 0.5) / n);
    sum += std::log(rho2 / rho1) / n / (0.95 * 2.0 * constants::pi * (1.0 - std::cos(theta)) * rho);
  }
  EXPECT_NEAR(truncated_cone_resistance(0.95, a, theta, length), sum, 1e-8 * sum);
  EXPECT_NEAR(truncated_cone_resistance(0.95, a, theta, 1e6), cone_resistance(0.95, a, theta), 1e-9 * sum);
}

TEST(ConePipette, EquivalentRadiiFollowTheirDefinitions) {
  const double theta = 7.5 * kDegree;
  EXPECT_DOUBLE_EQ(cone_equivalent_radius(1e-6, theta), 1e-6 / std::sin(theta));
  EXPECT_DOUBLE_EQ(cone_equivalent_radius(1e-6, theta, ConeRadius::flat), 1e-6 / std::tan(theta));
  EXPECT_DOUBLE_EQ(cone_equivalent_radius(1e-6, theta, ConeRadius::below_meniscus, 2e-7),
                   1e-6 / std::sin(theta) - 2e-7 / std::cos(theta));
  EXPECT_DOUBLE_EQ(cone_equivalent_radius(1e-6, theta, ConeRadius::below_meniscus, 0.0), 1e-6 / std::sin(theta));
  EXPECT_THROW(cone_equivalent_radius(1e-6, theta, ConeRadius::below_meniscus, 1e-4), InputError);
}

TEST(ConePipette, StepResponseIsCottrellAtFirstAndSteadyAtLast) {
  const double theta = 7.5 * kDegree;
  const double D = 1.5e-10;
  const double rho = cone_equivalent_radius(0.5e-6, theta);
  const double limit = cone_limiting_current(D, 3.0, 0.5e-6, theta);
  // Cottrell on the cap: F A c √(D/(π t)) with A = Ω ρ².
  const double t = 1e-8;
  const double area = 2.0 * constants::pi * (1.0 - std::cos(theta)) * rho * rho;
  const double cottrell = constants::faraday * area * 3.0 * std::sqrt(D / (constants::pi * t));
  EXPECT_NEAR(cone_step_current(limit, rho, D, t) - limit, cottrell, 1e-12 * cottrell);
  EXPECT_NEAR(cone_step_current(limit, rho, D, 1e12) / limit, 1.0, 1e-6);
}

TEST(ConePipette, LithiumIsNeverDepletedByOurCurrents) {
  for (double diameter : {1e-6, 2e-6, 3e-6}) {
    PipetteParameters pipette;
    pipette.diameter = Length(diameter);
    const double limit = lithium_limiting_current(pipette, {});
    EXPECT_GT(limit, 5e-9);  // PHYSICS: 5-32 nA
    EXPECT_LT(limit, 32e-9);
    EXPECT_LT(50e-12 * solution_resistance(pipette, {}, 0.15 * diameter, 1.1 * diameter),
              0.4e-3);  // iR at 50 pA below 0.4 mV
  }
}

TEST(ConePipette, SolutionResistanceAddsTheMeniscus) {
  const PipetteParameters pipette;
  const double cone = solution_resistance(pipette, {}, 0.0, 1.1e-6);
  EXPECT_NEAR(cone, truncated_cone_resistance(0.95, 0.5e-6, 7.5 * kDegree, 3e-3), 1e-9 * cone);
  EXPECT_NEAR(solution_resistance(pipette, {}, 1.5e-7, 1.1e-6) - cone,
              1.5e-7 / (constants::pi * 0.95 * 0.5e-6 * 0.55e-6), 1e-9 * cone);
}

TEST(Microdisc, ShoupSzaboAgreesWithItsTableAndItsLimits) {
  for (const auto& row : read_table("i1_microdisc_shoup_szabo.csv")) {
    // The table holds the published form, whose four-digit coefficients are 2.7e-5, 2e-6 and 2e-6 off √π/2, π/4 and 1 -
    // π/4.
    const double root = 1.0 / std::sqrt(row[0]);
    EXPECT_NEAR(0.7854 + 0.8862 * root + 0.2146 * std::exp(-0.7823 * root), row[1], 1e-10 * row[1]);
    EXPECT_NEAR(shoup_szabo(row[0]), row[1], 2.75e-5 * root + 4e-6);
    // Within 0.6 % of the exact series: first terms at short and long time where those hold to 0.1 %.
    if (row[0] < 0.01) {
      EXPECT_NEAR(shoup_szabo(row[0]), row[2], 6e-3 * row[2]);
    }
    if (row[0] > 100.0) {
      EXPECT_NEAR(shoup_szabo(row[0]), row[3], 6e-3 * row[3]);
    }
  }
  EXPECT_NEAR(shoup_szabo(1e16), 1.0, 1e-7);
}

TEST(Pipette, BadInputSaysWhatIsAccepted) {
  const auto message = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(message([] { cone_resistance(-1.0, 1e-6, 0.1); }),
              AllOf(HasSubstr("conductivity = -1 S/m"), HasSubstr("positive")));
  EXPECT_THAT(message([] { cone_resistance(1.0, 1e-6, 2.0); }),
              AllOf(HasSubstr("114.59"), HasSubstr("between 0 and 90 deg")));
  EXPECT_THAT(message([=] { access_resistance(1.0, nan); }), HasSubstr("radius = nan m"));
  EXPECT_THAT(message([] { cone_limiting_current(1e-9, -1.0, 1e-6, 0.1); }), HasSubstr("concentration = -1"));
  EXPECT_THAT(message([] { cone_step_current(1e-12, 1e-6, 1e-9, 0.0); }), HasSubstr("time = 0 s"));
  EXPECT_THAT(message([] { shoup_szabo(0.0); }), HasSubstr("tau"));
  EXPECT_THAT(message([=] { truncated_cone_resistance(1.0, 1e-6, 0.1, nan); }), HasSubstr("length"));
}

}  // namespace
}  // namespace seccm::models
