#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/optics/effective_medium.hpp"
#include "models/optics/materials.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

using Complex = std::complex<double>;

TEST(OpticalMaterials, TableHoldsEveryMaterialInItsPlaceWithSourceAndGrade) {
  const auto table = optical_materials();
  ASSERT_EQ(table.size(), 11U);
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(table[i].material), i) << table[i].name;
    EXPECT_FALSE(table[i].source.empty()) << table[i].name;
  }
}

TEST(OpticalMaterials, IndexIsTheTableAtItsNodesAndLinearBetween) {
  EXPECT_EQ(refractive_index(OpticalMaterial::gold_film_25nm, 470e-9), Complex(1.329, 1.919));
  EXPECT_EQ(refractive_index(OpticalMaterial::gold_film_25nm, 660e-9), Complex(0.196, 3.821));
  const Complex middle = refractive_index(OpticalMaterial::gold_bulk, 595e-9);
  EXPECT_NEAR(middle.real(), 0.5 * (0.361 + 0.197), 1e-12);
  EXPECT_NEAR(middle.imag(), 0.5 * (2.655 + 3.354), 1e-12);
}

TEST(OpticalMaterials, WavelengthOutsideTheTableIsRefusedWithTheAcceptedRange) {
  for (double wavelength : {469.9e-9, 660.1e-9, 0.0, -1.0, std::nan("")}) {
    try {
      static_cast<void>(refractive_index(OpticalMaterial::anatase, wavelength));
      FAIL() << wavelength;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("anatase"), testing::HasSubstr("470 nm to 660 nm")));
    }
  }
}

TEST(Bruggeman, SolvesItsEquationAndMeetsBothPureLimits) {
  const Complex particle = 2.474;
  const Complex medium = 1.395;
  for (double phi = 0.0; phi <= 1.0; phi += 0.05) {
    const Complex e = std::pow(bruggeman_index(particle, medium, phi), 2);
    const Complex e_p = particle * particle;
    const Complex e_m = medium * medium;
    EXPECT_LT(std::abs(phi * (e_p - e) / (e_p + 2.0 * e) + (1.0 - phi) * (e_m - e) / (e_m + 2.0 * e)), 1e-14) << phi;
  }
  EXPECT_NEAR(bruggeman_index(particle, medium, 0.0).real(), medium.real(), 1e-14);
  EXPECT_NEAR(bruggeman_index(particle, medium, 1.0).real(), particle.real(), 1e-14);
}

TEST(Bruggeman, SparsePackingHasThePolarisabilityOfSeparateSpheres) {
  // ε - ε_m = 3 φ ε_m (ε_p - ε_m)/(ε_p + 2ε_m) + O(φ²); at φ = 1e-6 the second order is below 1e-5 of it.
  const double phi = 1e-6;
  const double e_p = 2.474 * 2.474;
  const double slope = (std::pow(bruggeman_index(2.474, 1.0, phi).real(), 2) - 1.0) / phi;
  EXPECT_NEAR(slope, 3.0 * (e_p - 1.0) / (e_p + 2.0), 1e-4);
}

}  // namespace
}  // namespace seccm::models
