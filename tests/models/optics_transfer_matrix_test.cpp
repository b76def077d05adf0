#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "models/optics/effective_medium.hpp"
#include "models/optics/materials.hpp"
#include "models/optics/transfer_matrix.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

using Complex = std::complex<double>;
constexpr double wavelength = 600e-9;

double total(const StackResponse& r) {
  double sum = r.reflectance + r.transmittance;
  for (double a : r.absorptance) sum += a;
  return sum;
}

TEST(TransferMatrix, SingleInterfaceIsFresnelInBothPolarisations) {
  const double n = 1.52;
  for (double degrees : {0.0, 20.0, 40.0}) {
    const double a = degrees * constants::pi / 180.0;
    const double b = std::asin(n * std::sin(a));
    const double s = (n * std::cos(a) - std::cos(b)) / (n * std::cos(a) + std::cos(b));
    const double p = (std::cos(a) - n * std::cos(b)) / (std::cos(a) + n * std::cos(b));
    const OpticalStack stack{n, {}, 1.0};
    const double q = n * std::sin(a);
    EXPECT_NEAR(stack_response(stack, {wavelength, q, Polarisation::s}).reflectance, s * s, 1e-14);
    EXPECT_NEAR(stack_response(stack, {wavelength, q, Polarisation::p}).reflectance, p * p, 1e-14);
  }
}

TEST(TransferMatrix, BrewsterAngleAndTotalReflection) {
  const OpticalStack stack{1.52, {}, 1.0};
  const double brewster = 1.52 * std::sin(std::atan(1.0 / 1.52));
  EXPECT_LT(stack_response(stack, {wavelength, brewster, Polarisation::p}).reflectance, 1e-28);
  for (Polarisation p : {Polarisation::s, Polarisation::p}) {
    EXPECT_NEAR(stack_response(stack, {wavelength, 1.2, p}).reflectance, 1.0, 1e-14);
    EXPECT_NEAR(stack_response(stack, {wavelength, 1.2, p}).transmittance, 0.0, 1e-14);
  }
}

TEST(TransferMatrix, QuarterWaveOfGeometricMeanIndexDoesNotReflect) {
  const double n = std::sqrt(1.52);
  const OpticalStack stack{1.0, {{n, wavelength / (4.0 * n)}}, 1.52};
  EXPECT_LT(normal_reflectance(stack, wavelength), 1e-28);
}

OpticalStack metal_stack() {
  return {
      1.522,
      {{Complex(2.687, 3.743), 2e-9}, {Complex(0.234, 3.455), 15e-9}, {Complex(1.83, 0.02), 130e-9}, {1.395, 40e-9}},
      1.00027};
}

TEST(TransferMatrix, EnergyIsConserved) {
  for (double q : {0.0, 0.3, 0.75, 0.99, 1.1, 1.45}) {
    for (Polarisation p : {Polarisation::s, Polarisation::p}) {
      const auto r = stack_response(metal_stack(), {wavelength, q, p});
      EXPECT_NEAR(total(r), 1.0, 1e-13) << q;
      for (double a : r.absorptance) EXPECT_GT(a, -1e-14);
    }
  }
}

TEST(TransferMatrix, ThickAbsorberNeitherOverflowsNorTransmits) {
  const OpticalStack stack{1.522, {{Complex(0.2, 3.4), 1e-3}, {2.0, 1e-3}}, 1.0};
  const auto r = stack_response(stack, {wavelength, 0.5, Polarisation::p});
  const OpticalStack half_space{1.522, {}, Complex(0.2, 3.4)};
  EXPECT_NEAR(r.reflectance, stack_response(half_space, {wavelength, 0.5, Polarisation::p}).reflectance, 1e-13);
  EXPECT_EQ(r.transmittance, 0.0);
  EXPECT_NEAR(total(r), 1.0, 1e-13);
}

// The textbook form: characteristic matrices of E and H from the far side. Independent of the recursion under test.
struct Fields {
  Complex e, h;
};
Fields through(const OpticalLayer& layer, double thickness, const PlaneWave& wave, Fields behind) {
  const Complex eta = admittance(layer.index, wave);
  const Complex delta =
      2.0 * constants::pi / wave.wavelength * thickness * normal_index(layer.index, wave.transverse_index);
  const Complex i(0.0, 1.0);
  return {std::cos(delta) * behind.e - i * std::sin(delta) / eta * behind.h,
          -i * eta * std::sin(delta) * behind.e + std::cos(delta) * behind.h};
}
Complex characteristic_reflection(const OpticalStack& stack, const PlaneWave& wave) {
  Fields f{1.0, admittance(stack.exit, wave)};
  for (auto layer = stack.layers.rbegin(); layer != stack.layers.rend(); ++layer) {
    f = through(*layer, layer->thickness, wave, f);
  }
  const Complex eta = admittance(stack.incident, wave);
  return (eta * f.e - f.h) / (eta * f.e + f.h);
}

TEST(TransferMatrix, AgreesWithCharacteristicMatrices) {
  for (double q : {0.0, 0.4, 0.75, 1.2}) {
    for (Polarisation p : {Polarisation::s, Polarisation::p}) {
      const PlaneWave wave{wavelength, q, p};
      EXPECT_LT(
          std::abs(stack_response(metal_stack(), wave).reflection - characteristic_reflection(metal_stack(), wave)),
          1e-13);
    }
  }
}

TEST(TransferMatrix, AbsorptanceIsTheJouleHeatInEachLayer) {
  // s polarisation: A_j = (2π/λ) Im(n_j²)/η_0 ∫ |E|² dz for unit incident field; fields from characteristic matrices,
  // Simpson's rule with 200 panels (error below 1e-10 for phases of a few radians).
  const PlaneWave wave{wavelength, 0.6, Polarisation::s};
  const OpticalStack stack = metal_stack();
  const auto response = stack_response(stack, wave);
  const Complex eta = admittance(stack.incident, wave);
  Fields behind{1.0, admittance(stack.exit, wave)};
  std::vector<double> heat(stack.layers.size());
  for (std::size_t j = stack.layers.size(); j-- > 0;) {
    const auto& layer = stack.layers[j];
    constexpr int panels = 200;
    double integral = 0.0;
    for (int k = 0; k <= panels; ++k) {
      const double weight = (k == 0 || k == panels) ? 1.0 : (k % 2 == 1 ? 4.0 : 2.0);
      integral += weight * std::norm(through(layer, layer.thickness * k / panels, wave, behind).e);
    }
    integral *= layer.thickness / panels / 3.0;
    heat[j] = 2.0 * constants::pi / wavelength * std::imag(layer.index * layer.index) * integral / eta.real();
    behind = through(layer, layer.thickness, wave, behind);
  }
  const double incident = std::norm(0.5 * (behind.e + behind.h / eta));
  for (std::size_t j = 0; j < heat.size(); ++j) {
    EXPECT_NEAR(response.absorptance[j], heat[j] / incident, 1e-9) << "layer " << j;
  }
}

// Contrasts of 15 nm gold (25 nm film data) directly on D263 glass, one colour, normal incidence; TiO2 at φ = 0.6.
struct ContrastRow {
  double nm;
  std::array<double, 7> printed;  // R(Ar), R(el.), meniscus, 50 nm Ar, 50 nm el., 150 nm Ar, 150 nm el.
};
constexpr std::array<ContrastRow, 5> contrast_table = {{
    {470, {0.058, 0.089, 0.55, 3.43, 1.67, 0.68, 1.09}},
    {525, {0.130, 0.130, 0.000, 0.21, 0.44, -0.49, -0.40}},
    {565, {0.233, 0.209, -0.10, -0.49, -0.13, 0.02, -0.27}},
    {625, {0.374, 0.326, -0.13, -0.67, -0.37, 0.24, 0.06}},
    {660, {0.443, 0.387, -0.13, -0.65, -0.39, 0.22, 0.13}},
}};
// Half a unit of the last printed digit; the meniscus contrast of 525 nm is printed to three digits.
constexpr std::array<double, 7> half_digit = {0.0005, 0.0005, 0.005, 0.005, 0.005, 0.005, 0.005};

std::array<double, 7> contrasts(double lambda, const std::array<Complex, 5>& index) {
  const auto& [glass, gold, titania, argon, electrolyte] = index;
  const auto reflect = [&, g = glass, m = gold, t = titania](Complex ambient, double height) {
    return normal_reflectance({g, {{m, 15e-9}, {bruggeman_index(t, ambient, 0.6), height}}, ambient}, lambda);
  };
  const double dry = reflect(argon, 0.0);
  const double wet = reflect(electrolyte, 0.0);
  return {dry,
          wet,
          wet / dry - 1.0,
          reflect(argon, 50e-9) / dry - 1.0,
          reflect(electrolyte, 50e-9) / wet - 1.0,
          reflect(argon, 150e-9) / dry - 1.0,
          reflect(electrolyte, 150e-9) / wet - 1.0};
}

TEST(TransferMatrix, ReproducesThePublishedContrastTable) {
  // The table was printed to 2-3 digits from indices of which ours are rounded to 3 decimals. Allowed: half of the last
  // printed digit plus what rounding each n and k by 0.0005 can change (first order, summed).
  for (const auto& row : contrast_table) {
    const double lambda = row.nm * 1e-9;
    const std::array<Complex, 5> index = {
        refractive_index(OpticalMaterial::coverslip_d263, lambda),
        refractive_index(OpticalMaterial::gold_film_25nm, lambda), refractive_index(OpticalMaterial::anatase, lambda),
        refractive_index(OpticalMaterial::argon, lambda), refractive_index(OpticalMaterial::electrolyte, lambda)};
    const auto computed = contrasts(lambda, index);
    std::array<double, 7> allowed = half_digit;
    for (std::size_t i = 0; i < 3; ++i) {
      for (const Complex change : {Complex(0.0005, 0.0), Complex(0.0, 0.0005)}) {
        if (change.imag() != 0.0 && i != 1) continue;
        auto moved = index;
        moved[i] += change;
        const auto other = contrasts(lambda, moved);
        for (std::size_t k = 0; k < 7; ++k) allowed[k] += std::abs(other[k] - computed[k]);
      }
    }
    for (std::size_t k = 0; k < 7; ++k) {
      EXPECT_NEAR(computed[k], row.printed[k], allowed[k]) << row.nm << " nm, column " << k;
      EXPECT_LT(allowed[k], half_digit[k] + 0.03) << "the check of " << row.nm << " nm, column " << k << " is blunt";
    }
  }
}

TEST(TransferMatrix, RefusesWhatIsNotAStack) {
  const PlaneWave wave{wavelength, 0.0, Polarisation::s};
  EXPECT_THROW(stack_response({0.0, {}, 1.0}, wave), InputError);
  EXPECT_THROW(stack_response({Complex(1.5, 0.1), {}, 1.0}, wave), InputError);
  EXPECT_THROW(stack_response({1.5, {{1.0, -1e-9}}, 1.0}, wave), InputError);
  EXPECT_THROW(stack_response({1.5, {{Complex(1.0, -0.1), 1e-9}}, 1.0}, wave), InputError);
  EXPECT_THROW(stack_response({1.5, {}, 1.0}, {0.0, 0.0, Polarisation::s}), InputError);
  EXPECT_THROW(stack_response({1.5, {}, 1.0}, {wavelength, 1.5, Polarisation::s}), InputError);
  try {
    stack_response({1.5, {{1.0, std::nan("")}}, 1.0}, wave);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("layer thickness"));
  }
}

}  // namespace
}  // namespace seccm::models
