// Laws of D(y): values, integrals, monotone tables, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/material/diffusivity.hpp"
#include "models/material/open_circuit.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

MaterialParameters of_kind(DiffusionKind kind) {
  MaterialParameters material;
  material.diffusion = kind;
  return material;
}

MaterialParameters table_of(const std::vector<double>& y, const std::vector<double>& D_cm2) {
  MaterialParameters material = of_kind(DiffusionKind::table);
  for (const double v : y) material.D_table_y.emplace_back(v);
  for (const double v : D_cm2) material.D_table.push_back(v * unit::cm2_per_s);
  return material;
}

std::vector<MaterialParameters> all_kinds() {
  std::vector<MaterialParameters> all{of_kind(DiffusionKind::single)};
  for (const double k : {-6.0, -0.2, 0.0, 1e-9, 1.017, 12.0}) {
    all.push_back(of_kind(DiffusionKind::exponential));
    all.back().D_exponent = k;
  }
  for (const double g : {-3.9, 0.0, 10.0}) {
    all.push_back(of_kind(DiffusionKind::thermodynamic));
    all.back().law = IsothermKind::frumkin;
    all.back().g = g;
  }
  all.push_back(table_of({0.0, 0.3, 0.5, 1.0}, {1e-13, 1e-14, 1e-14, 5e-13}));
  all.push_back(table_of({0.2, 0.21, 0.9}, {1e-9, 1e-15, 3e-15}));
  return all;
}

TEST(Diffusivity, IntegralHasTheDiffusivityAsItsSlope) {
  // Central differences of Φ: their error is h² D''/6, below 1e-5 of the D nearby for the steepest of these.
  for (const MaterialParameters& material : all_kinds()) {
    const VariableDiffusivity law(material);
    EXPECT_EQ(law.at(0.0).integral, 0.0);
    for (double y = -0.05; y < 1.05; y += 0.0137) {
      constexpr double h = 1e-6;
      const double slope = (law.at(y + h).integral - law.at(y - h).integral) / (2.0 * h);
      EXPECT_GT(law.at(y).value, 0.0) << y;
      EXPECT_NEAR(slope / law.at(y).value, 1.0, 1e-4)
          << "y = " << y << ", kind " << static_cast<int>(material.diffusion);
    }
  }
}

TEST(Diffusivity, LanesAndPointsAgree) {
  for (const MaterialParameters& material : all_kinds()) {
    const VariableDiffusivity law(material);
    std::vector<double> y, D(101), integral(101);
    for (int i = 0; i <= 100; ++i) y.push_back(-0.1 + 0.012 * i);
    law.evaluate(y, D, integral);
    for (std::size_t i = 0; i < y.size(); ++i) {
      // Fused products of the wider instruction sets: some ulp.
      EXPECT_NEAR(D[i] / law.at(y[i]).value, 1.0, 1e-13);
      EXPECT_NEAR(integral[i], law.at(y[i]).integral, 1e-13 * (std::abs(integral[i]) + law.at(1.0).integral));
    }
  }
}

TEST(Diffusivity, ThermodynamicFactorIsTheSlopeOfTheOpenCircuitPotential) {
  // Γ = -(F/RT) y(1-y) dU/dy: from U itself, by central differences.
  MaterialParameters material = of_kind(DiffusionKind::thermodynamic);
  material.law = IsothermKind::frumkin;
  for (const double g : {-3.0, 0.0, 8.0}) {
    material.g = g;
    const VariableDiffusivity law(material);
    for (const double y : {0.1, 0.37, 0.5, 0.92}) {
      constexpr double h = 1e-5;
      const double thermal = constants::gas * 298.15 / constants::faraday;
      const double slope =
          (open_circuit_potential(material, y + h, 298.15) - open_circuit_potential(material, y - h, 298.15)) /
          (2.0 * h);
      EXPECT_NEAR(law.at(y).value / material.D.si(), -y * (1.0 - y) * slope / thermal, 1e-7);
    }
  }
}

TEST(Diffusivity, ExponentialIsExact) {
  MaterialParameters material = of_kind(DiffusionKind::exponential);
  for (const double k : {-20.0, -0.31, -0.29, -1e-7, 1e-12, 0.05, 3.0, 20.0}) {
    material.D_exponent = k;
    const VariableDiffusivity law(material);
    for (const double y : {0.01, 0.5, 1.0}) {
      EXPECT_NEAR(law.at(y).value / (1e-17 * std::exp(k * y)), 1.0, 1e-14);
      EXPECT_NEAR(law.at(y).integral / (1e-17 * std::expm1(k * y) / k), 1.0, 2e-15 / std::min(1.0, 0.3)) << k;
    }
  }
}

TEST(Diffusivity, TablePassesItsRowsAndIsMonotoneBetweenThem) {
  const std::vector<double> y{0.0, 0.125, 0.25, 0.5, 1.0};
  const std::vector<double> D{4e-13, 1e-13, 1e-13, 3e-15, 2e-15};
  const VariableDiffusivity law(table_of(y, D));
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(law.at(y[i]).value * 1e4 / D[i], 1.0, 1e-12) << y[i];
  for (double v = 0.0; v < 1.0; v += 0.001) EXPECT_LE(law.at(v + 0.001).value, law.at(v).value * (1.0 + 1e-12)) << v;
}

TEST(Diffusivity, TwoRowsAreTheExponentialLaw) {
  // A straight line in ln D. The bins leave h⁴ k⁴/384 = 4e-12 at k = 3.
  MaterialParameters exponential = of_kind(DiffusionKind::exponential);
  exponential.D_exponent = 3.0;
  const VariableDiffusivity exact(exponential);
  const VariableDiffusivity table(table_of({0.0, 1.0}, {1e-13, 1e-13 * std::exp(3.0)}));
  for (double y = 0.0; y <= 1.0; y += 0.0173) {
    EXPECT_NEAR(table.at(y).value / exact.at(y).value, 1.0, 1e-11);
    EXPECT_NEAR(table.at(y).integral, exact.at(y).integral, 1e-11 * exact.at(1.0).integral);
  }
}

TEST(Diffusivity, SmallestIsWhatAScanOfTheLawFinds) {
  for (const MaterialParameters& material : all_kinds()) {
    const VariableDiffusivity law(material);
    double smallest = 1.0;
    for (int i = 0; i <= 10000; ++i) smallest = std::min(smallest, law.at(i / 10000.0).value);
    // 3 %: the bin that holds the kink of the steepest table; 1e-3 is the grid of the scan for the others.
    EXPECT_NEAR(smallest_diffusivity(material) / smallest, 1.0, material.D_table.size() == 3 ? 0.03 : 1e-3);
  }
}

std::string refusal(const MaterialParameters& material) {
  try {
    check_diffusivity(material);
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Diffusivity, RefusesANegativeChemicalDiffusivityWithItsFillingValueAndRemedy) {
  MaterialParameters material = of_kind(DiffusionKind::thermodynamic);
  material.law = IsothermKind::frumkin;
  material.g = -6.9;
  EXPECT_THAT(refusal(material), testing::AllOf(testing::HasSubstr("g = -6.9"), testing::HasSubstr("-7.25e-14 cm^2/s"),
                                                testing::HasSubstr("y = 0.5"), testing::HasSubstr("from y = 0.1759"),
                                                testing::HasSubstr("cahn_hilliard")));
  material.g = -4.0;
  EXPECT_THAT(refusal(material), testing::HasSubstr("is 0 cm^2/s at y = 0.5"));
  material.law = IsothermKind::anatase_plateau;
  EXPECT_THAT(refusal(material), testing::AllOf(testing::HasSubstr("D = 0 cm^2/s from y = 0.04 to 0.96"),
                                                testing::HasSubstr("cahn_hilliard")));
}

TEST(Diffusivity, RefusesTablesThatAreNone) {
  EXPECT_THAT(refusal(of_kind(DiffusionKind::table)), testing::HasSubstr("D_table_y has 0 fillings"));
  EXPECT_THAT(refusal(table_of({0.0, 0.5, 1.0}, {1e-13, 2e-13})), testing::HasSubstr("3 fillings and D_table 2"));
  EXPECT_THAT(refusal(table_of({0.0, 0.5, 0.5}, {1e-13, 2e-13, 1e-13})), testing::HasSubstr("y = 0.5 at place 3"));
  EXPECT_THAT(refusal(table_of({0.0, 1.5}, {1e-13, 2e-13})), testing::HasSubstr("y = 1.5 at place 2"));
  EXPECT_THAT(refusal(table_of({0.0, 0.4, 1.0}, {1e-13, -2e-14, 1e-13})),
              testing::AllOf(testing::HasSubstr("D = -2e-14 cm^2/s at y = 0.4"), testing::HasSubstr("cahn_hilliard")));
  EXPECT_THAT(refusal(table_of({0.0, 1.0}, {1e-13, 0.0})), testing::HasSubstr("D = 0 cm^2/s at y = 1"));
  EXPECT_THAT(refusal(table_of({0.0, 1.0}, {1e-13, std::nan("")})), testing::HasSubstr("D = nan"));
}

TEST(Diffusivity, RefusesPerDirectionAsALawOfTheFilling) {
  EXPECT_THROW(VariableDiffusivity(of_kind(DiffusionKind::per_direction)), InputError);
  EXPECT_FALSE(depends_on_filling(DiffusionKind::single));
  EXPECT_TRUE(depends_on_filling(DiffusionKind::table));
}

}  // namespace
}  // namespace seccm::models
