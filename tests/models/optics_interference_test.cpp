#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/optics/interference_reflection.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// The exact values of this file are for 625 nm.
OpticsParameters red_light() {
  OpticsParameters optics;
  optics.wavelength = 625.0 * unit::nm;
  return optics;
}

OpticsParameters normal_incidence() {
  OpticsParameters optics = red_light();
  optics.bandwidth = Length(0.0);
  optics.illumination_aperture = 0.0;
  optics.adhesion_thickness = Length(0.0);
  optics.stray_reflectance = 0.0;
  return optics;
}

TEST(InterferenceReflection, ReducesToOnePlaneWaveWithoutApertureAndBandwidth) {
  // Bare gold at 625 nm of the published table: R(Ar) = 0.3736, R(electrolyte) = 0.3255 (transfer-matrix test).
  const InterferenceReflection model(normal_incidence());
  EXPECT_NEAR(model.bare_reflectance(), 0.374, 0.0006);
  EXPECT_NEAR(model.contrast({.immersed = true}), -0.13, 0.006);
  EXPECT_NEAR(model.contrast({.height = 50e-9, .packing = 0.6}), -0.67, 0.006);
}

TEST(InterferenceReflection, TableAgreesWithDirectSummationOffItsNodes) {
  // Linear interpolation of an oscillation of amplitude a and phase step δ errs by a δ²/8. In h: δ = 4π n 2.5 nm/λ <
  // 0.125, a < 0.4: below 8e-4. In φ: δ = 4π (dn/dφ) h/(128 λ), dn/dφ < 1.7: 0.134 at 0.5 um: below 9e-4; together
  // below 2e-3.
  const OpticsParameters optics = red_light();
  const InterferenceReflection model(optics);
  const auto light = reflection_illumination(optics);
  const auto lamp = lamp_illumination(optics);
  for (double h : {3.7e-9, 51.2e-9, 148.6e-9, 301.3e-9, 498.9e-9}) {
    for (double phi : {0.033, 0.351, 0.604, 0.93}) {
      for (const LocalLayer& layer :
           {LocalLayer{h, phi, 0.0, false}, LocalLayer{h, phi, 17.4e-9, false}, LocalLayer{h, phi, 0.0, true}}) {
        EXPECT_NEAR(model.reflectance(layer), direct_reflectance(optics, layer, light), 2e-3) << h << " " << phi;
        EXPECT_NEAR(model.transmittance(layer), direct_transmittance(optics, layer, lamp), 2e-3) << h << " " << phi;
      }
    }
  }
}

TEST(InterferenceReflection, QuadratureOfDirectionsHasConverged) {
  // Four directions against twenty.
  const OpticsParameters optics = red_light();
  const auto coarse = reflection_illumination(optics, 5, 4);
  const auto fine = reflection_illumination(optics, 5, 8);
  ASSERT_GT(fine.size(), coarse.size());
  for (double h : {0.0, 50e-9, 150e-9, 300e-9, 600e-9}) {
    const LocalLayer layer{.height = h, .packing = 0.6};
    EXPECT_NEAR(direct_reflectance(optics, layer, coarse), direct_reflectance(optics, layer, fine), 1e-4) << h;
  }
}

TEST(InterferenceReflection, QuadratureOfTheSpectrumAgreesWithAFineSum) {
  // Five Gauss-Hermite colours against a trapezoidal sum of 401 over +-5 σ at normal incidence. The index table has a
  // kink of dk/dλ at 625 nm (0.0113 to 0.0105 per nm), over which five points see <|λ - 625|> wrong by a third of σ
  // = 10.6 nm: 0.003 in k, dR/dk about 0.1: 3e-4, and phases turn by less than 0.3 per node.
  OpticsParameters optics = red_light();
  optics.illumination_aperture = 0.0;
  const double sigma = 25e-9 / (2.0 * std::sqrt(2.0 * std::log(2.0)));
  std::vector<IlluminationPoint> fine;
  double sum = 0.0;
  for (int k = -200; k <= 200; ++k) {
    const double x = 0.025 * k;
    fine.push_back({{625e-9 + sigma * x, 0.0, Polarisation::s}, std::exp(-0.5 * x * x)});
    sum += fine.back().weight;
  }
  for (auto& point : fine) point.weight /= sum;
  for (double h : {0.0, 50e-9, 150e-9, 300e-9, 600e-9}) {
    const LocalLayer layer{.height = h, .packing = 0.6};
    EXPECT_NEAR(direct_reflectance(optics, layer, reflection_illumination(optics)),
                direct_reflectance(optics, layer, fine), 5e-4)
        << h;
  }
}

TEST(InterferenceReflection, WeightsSumToOne) {
  for (const auto& light : {reflection_illumination({}), lamp_illumination({})}) {
    double sum = 0.0;
    for (const auto& point : light) sum += point.weight;
    EXPECT_NEAR(sum, 1.0, 1e-14);
  }
}

TEST(InterferenceReflection, TransmissionIsReciprocal) {
  // The lamp shines from above; the table is made from below. Same q, polarisation and colour: same T.
  const OpticsParameters optics = red_light();
  for (const auto& [wave, weight] : lamp_illumination(optics)) {
    const OpticalStack up = column_stack(optics, {.height = 120e-9, .packing = 0.6}, wave.wavelength);
    OpticalStack down{up.exit, {up.layers.rbegin(), up.layers.rend()}, up.incident};
    EXPECT_NEAR(stack_response(up, wave).transmittance, stack_response(down, wave).transmittance, 1e-14);
  }
}

TEST(InterferenceReflection, MeniscusContrastChangesSignWithWavelength) {
  OpticsParameters optics = normal_incidence();
  const auto meniscus = [&](double nm) {
    optics.wavelength = nm * unit::nm;
    return InterferenceReflection(optics).contrast({.immersed = true});
  };
  EXPECT_GT(meniscus(470), 0.5);
  EXPECT_NEAR(meniscus(525), 0.0, 0.003);
  EXPECT_LT(meniscus(625), -0.1);
}

TEST(InterferenceReflection, ContrastIsNotMonotoneInHeight) {
  const InterferenceReflection model(red_light());
  EXPECT_LT(model.contrast({.height = 50e-9, .packing = 0.6}), -0.2);
  EXPECT_GT(model.contrast({.height = 150e-9, .packing = 0.6}), 0.1);
}

TEST(InterferenceReflection, ApertureAndBandwidthDampTheFringesOfThickLayers) {
  OpticsParameters coherent = red_light();
  coherent.bandwidth = Length(0.0);
  coherent.illumination_aperture = 0.0;
  const auto swing = [](const OpticsParameters& optics) {
    const InterferenceReflection model(optics);
    double low = 1.0;
    double high = 0.0;
    for (double h = 1.5e-6; h < 1.9e-6; h += 2e-9) {
      const double r = model.reflectance({.height = h, .packing = 0.6});
      low = std::min(low, r);
      high = std::max(high, r);
    }
    return high - low;
  };
  EXPECT_LT(swing(red_light()), 0.5 * swing(coherent));
}

TEST(InterferenceReflection, ResidueVanishesContinuouslyAndBelowParticles) {
  const InterferenceReflection model(red_light());
  EXPECT_NEAR(model.contrast({.residue = 1e-13}), 0.0, 1e-4);
  EXPECT_LT(model.contrast({.residue = 25e-9}), -0.05);
  const LocalLayer dense{.height = 200e-9, .packing = 0.7};
  LocalLayer stained = dense;
  stained.residue = 25e-9;
  EXPECT_EQ(model.reflectance(stained), model.reflectance(dense));
}

TEST(InterferenceReflection, RefusesAperturesThatTheMediaDoNotAllow) {
  OpticsParameters optics = red_light();
  optics.illumination_aperture = 0.9;
  EXPECT_THROW(InterferenceReflection{optics}, InputError);
  optics = {};
  optics.gold_thickness = Length(std::nan(""));
  EXPECT_THROW(InterferenceReflection{optics}, InputError);
  optics = {};
  optics.electrolyte_index = std::nan("");
  EXPECT_THROW(InterferenceReflection{optics}, InputError);
  optics = {};
  optics.numerical_aperture = 0.4;
  optics.illumination_aperture = 0.4;
  EXPECT_THROW(InterferenceReflection{optics}, InputError) << "the lamp at 40 deg misses an aperture of 0.4";
}

}  // namespace
}  // namespace seccm::models
