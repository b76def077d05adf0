// Rate laws against their definitions and limits: detailed balance, Marcus-Hush-Chidsey against direct quadrature, the
// film in series.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/material/butler_volmer.hpp"
#include "models/material/exchange_lanes.hpp"
#include "models/material/marcus_hush_chidsey.hpp"
#include "sim/bracketed_root.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double temperature = 298.15;
const double f = constants::faraday / (constants::gas * temperature);

/// κ_out before its normalisation, by a plain midpoint sum over electron energies as the law is defined. 1500 points
/// of an integrand that is smooth on the scale 1: the sum is exact to round-off where the ends are negligible.
double direct_integral(double lambda, double z) {
  const double centre = z - lambda;
  const double reach = std::abs(centre) + 14.0 * std::sqrt(2.0 * lambda) + 45.0;
  constexpr int n = 1500;
  const double h = 2.0 * reach / n;
  double sum = 0.0;
  for (int i = 0; i < n; ++i) {
    const double x = -reach + (i + 0.5) * h;
    sum += std::exp(-(x - centre) * (x - centre) / (4.0 * lambda)) / (1.0 + std::exp(-x));
  }
  return h * sum;
}

double zeng(double lambda, double z) {
  const double argument = (lambda - std::sqrt(1.0 + std::sqrt(lambda) + z * z)) / (2.0 * std::sqrt(lambda));
  return std::sqrt(constants::pi * lambda) / (1.0 + std::exp(-z)) * std::erfc(argument);
}

TEST(MarcusHushChidsey, IsTheIntegralOfItsDefinition) {
  // 1e-8 is what the header states for the table.
  for (const double lambda : {0.3, 1.0, 4.0, 8.3, 20.0, 60.0}) {
    const MarcusHushChidsey law(lambda);
    const double at_zero = direct_integral(lambda, 0.0);
    for (double z = -80.0; z <= 80.0; z += 1.37) {
      const double exact = direct_integral(lambda, z) / at_zero;
      EXPECT_NEAR(law.rate().at(z).out / exact, 1.0, 1e-8) << "lambda " << lambda << ", z " << z;
    }
  }
}

TEST(MarcusHushChidsey, TheClosedFormOfZengIsWithinItsError) {
  // 9 % at λ = 4, less above; an implementation wrong in λ or in its sign is off by factors.
  for (const double lambda : {4.0, 8.3, 20.0}) {
    const MarcusHushChidsey law(lambda);
    for (double z = -40.0; z <= 40.0; z += 1.0) {
      EXPECT_NEAR(zeng(lambda, z) / (law.rate().at(z).out * direct_integral(lambda, 0.0)), 1.0, 0.09)
          << "lambda " << lambda << ", z " << z;
    }
  }
}

TEST(MarcusHushChidsey, ObeysDetailedBalanceExactly) {
  // κ_out/κ_in is e^(z/2)/e^(-z/2) of the same factor: the round-off of two exponentials, 1e-15 each, grows with their
  // argument.
  for (const double lambda : {0.5, 8.3, 200.0}) {
    const MarcusHushChidsey law(lambda);
    for (double z = -300.0; z <= 300.0; z += 3.7) {
      const RateConstants k = law.rate().at(z);
      EXPECT_NEAR(std::log(k.out / k.in), z, 1e-13 * (1.0 + std::abs(z)));
    }
    EXPECT_DOUBLE_EQ(law.rate().at(0.0).out, 1.0);
  }
}

TEST(MarcusHushChidsey, SaturatesAtLargeOverpotential) {
  for (const double lambda : {0.5, 8.3, 60.0}) {
    const MarcusHushChidsey law(lambda);
    const RateConstants far = law.rate().at(4.0 * lambda + 60.0);
    EXPECT_NEAR(far.out / law.limit(), 1.0, 1e-8);
    EXPECT_NEAR(far.out_slope, 0.0, 1e-8);
    EXPECT_NEAR(law.limit() * direct_integral(lambda, 0.0) / std::sqrt(4.0 * constants::pi * lambda), 1.0, 1e-10);
  }
}

TEST(MarcusHushChidsey, BecomesButlerVolmerAsTheReorganisationEnergyGrows) {
  // ln s = ln E[...] -> -(z²)/(4λ) to leading order: at z = 4 and λ = 1000 that is 4e-3; it halves as λ doubles.
  const auto deviation = [](double lambda) {
    const MarcusHushChidsey law(lambda);
    return 1.0 - law.rate().at(4.0).out / std::exp(2.0);
  };
  EXPECT_NEAR(deviation(1000.0), 4.0 / 1000.0, 2e-4);
  EXPECT_NEAR(deviation(500.0) / deviation(1000.0), 2.0, 0.02);
}

TEST(MarcusHushChidsey, SlopesAreThoseOfTheRateConstants) {
  const MarcusHushChidsey law(8.3);
  constexpr double h = 1e-5;
  for (const double z : {-70.0, -30.0, -7.03, -0.4, 0.01, 3.3, 21.7, 90.0}) {
    const RateConstants k = law.rate().at(z);
    const double out = std::log(law.rate().at(z + h).out / law.rate().at(z - h).out) / (2.0 * h);
    const double in = std::log(law.rate().at(z + h).in / law.rate().at(z - h).in) / (2.0 * h);
    EXPECT_NEAR(k.out_slope, out, 1e-6) << z;
    EXPECT_NEAR(k.in_slope, in, 1e-6) << z;
  }
  EXPECT_TRUE(std::isnan(law.rate().at(std::nan("")).out));
}

std::vector<MaterialParameters> all_reactions() {
  std::vector<MaterialParameters> all;
  for (const IsothermKind law : {IsothermKind::ideal, IsothermKind::frumkin, IsothermKind::anatase_plateau}) {
    for (const KineticsKind kinetics : {KineticsKind::butler_volmer, KineticsKind::marcus_hush_chidsey}) {
      MaterialParameters material;
      material.law = law;
      material.g = 6.0;
      material.kinetics = kinetics;
      all.push_back(material);
    }
  }
  return all;
}

TEST(SurfaceReaction, VanishesAtEquilibriumForEveryLawAndKinetics) {
  for (const MaterialParameters& material : all_reactions()) {
    const SurfaceReaction reaction(material, temperature);
    for (const double y : {0.02, 0.4, 0.9}) {
      const double u = f * (open_circuit_potential(material, y, temperature) - material.E0.si());
      EXPECT_NEAR(reaction.flux(1.0, 1.0, u, y), 0.0, 1e-14);
      // A salt enriched to a_e = 3 at the surface shifts equilibrium by (RT/F) ln 3.
      EXPECT_NEAR(reaction.flux(1.0, 3.0, u + std::log(3.0), y), 0.0, 3e-14);
      EXPECT_GT(reaction.flux(1.0, 1.0, u + 0.1, y), 0.0);
      EXPECT_LT(reaction.flux(1.0, 1.0, u - 0.1, y), 0.0);
    }
  }
}

TEST(SurfaceReaction, ExchangeRateIsThatOfTheLatticeGas) {
  // N0 = y κ_out(z_eq) with z_eq = ln((1-y)/y); for Butler-Volmer y^α (1-y)^(1-α). The slope of N at equilibrium is N0.
  MaterialParameters material;
  material.alpha = 0.3;
  const SurfaceReaction butler(material, temperature);
  material.alpha = 0.5;
  material.kinetics = KineticsKind::marcus_hush_chidsey;
  const SurfaceReaction marcus(material, temperature);
  const MarcusHushChidsey law(0.213 * constants::elementary_charge / (constants::boltzmann * temperature));
  for (const double y : {0.05, 0.5, 0.8}) {
    const double u = std::log((1.0 - y) / y);
    constexpr double h = 1e-4;
    const auto slope = [&](const SurfaceReaction& r) {
      return (r.flux(1.0, 1.0, u + h, y) - r.flux(1.0, 1.0, u - h, y)) / (2.0 * h);
    };
    EXPECT_NEAR(slope(butler), std::pow(y, 0.3) * std::pow(1.0 - y, 0.7), 1e-8);
    EXPECT_NEAR(slope(marcus), y * law.rate().at(u).out, 1e-8);
  }
}

/// One lane of a host y = a + B q with k0 = 1, 1 A per (m/s).
struct Lane {
  double a, B, k, scale, film, y, dy0 = 0.0, dyp = 0.0;
  ExchangeLanes view() { return {1, &a, &B, &k, &scale, &film, &y, &dy0, &dyp, 1.8, f}; }
};

double solved(const SurfaceReaction& reaction, Lane& lane, double p) {
  for (int i = 0; i < 200; ++i) {
    double current = 0.0, conductance = 0.0;
    const double dp = 0.0;
    reaction.linearise(lane.view(), &p, &current, &conductance);
    if (update_surface(lane.view(), &dp, 0.25, 0.1) < 1e-13) break;
  }
  double q = 0.0;
  surface_fluxes(lane.view(), &q);
  return q;
}

TEST(SurfaceReaction, SolvesTheFilmInSeriesForEveryLaw) {
  // Against bracketing of q - N(a + B q, p - ρ q), monotone in q for these laws. Newton's last move is below 1e-13.
  for (const MaterialParameters& material : all_reactions()) {
    const SurfaceReaction reaction(material, temperature);
    for (const double film : {0.0, 1e7, 1e9}) {
      for (const double p : {1.65, 1.79, 2.0}) {
        Lane lane{0.4, -1e8, 2e-11, 1.0, film, 0.4};
        const auto residual = [&](double q) {
          return reaction.flux(lane.k, 1.0, f * (p - 1.8 - film * q), lane.a + lane.B * q) - q;
        };
        const double exact =
            sim::bracketed_root([&](double s) { return residual(1e-10 * s); }, -1.0, 1.0, 1e-14) * 1e-10;
        EXPECT_NEAR(solved(reaction, lane, p), exact, 1e-10 * std::abs(exact) + 1e-22)
            << "film " << film << ", p " << p << ", law " << static_cast<int>(material.law);
      }
    }
  }
}

TEST(SurfaceReaction, LinearisationIsTheDerivativeOfTheCurrent) {
  // Newton's step from a converged point: current(p + dp) = current + conductance dp + O(dp²).
  for (const MaterialParameters& material : all_reactions()) {
    const SurfaceReaction reaction(material, temperature);
    for (const double film : {0.0, 3e8}) {
      Lane lane{0.4, -1e9, 2e-11, 1.0, film, 0.4};
      const double p = 1.75;
      solved(reaction, lane, p);
      double current = 0.0, conductance = 0.0;
      reaction.linearise(lane.view(), &p, &current, &conductance);
      constexpr double h = 1e-5;
      Lane up = lane, down = lane;
      const double difference = (solved(reaction, up, p + h) - solved(reaction, down, p - h)) / (2.0 * h);
      EXPECT_NEAR(conductance, difference, 1e-6 * std::abs(difference));
    }
  }
}

TEST(SurfaceReaction, LargeFilmGivesItsOhmicSlope) {
  // The reaction in equilibrium and the host bottomless (B small): q = (p - U)/ρ.
  MaterialParameters material;
  const SurfaceReaction reaction(material, temperature);
  // U follows B q by 4 RT/F B q = 4e-7 V at most: 1e-6 of the smallest overpotential.
  const double film = 1e8;
  for (const double over : {-0.4, -0.05, 0.2}) {
    Lane lane{0.5, -100.0, 1.0, 1.0, film, 0.5};
    EXPECT_NEAR(solved(reaction, lane, 1.8 + over) * film / over, 1.0, 1e-6);
  }
}

TEST(SurfaceReaction, FilmPerWettedAreaIsWhatAWetPatchFeels) {
  // F c_max q is the current per whole surface; on the wetted share it is denser by 1/share.
  MaterialParameters material;
  material.film_resistance = ArealResistance(2e-3);
  EXPECT_NEAR(film_of(material, 0.25), constants::faraday * 2.4e4 * 2e-3 / 0.25, 1e-6);
  EXPECT_EQ(film_of(material, 0.0), 0.0);
}

template <class Function>
std::string refusal(Function&& f_) {
  try {
    f_();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(SurfaceReaction, RefusesWhatItCanNotDoByName) {
  MaterialParameters material;
  material.kinetics = KineticsKind::marcus_hush_chidsey;
  material.alpha = 0.4;
  EXPECT_THAT(refusal([&] { SurfaceReaction(material, temperature); }),
              testing::AllOf(testing::HasSubstr("alpha = 0.4"), testing::HasSubstr("butler_volmer")));
  material.alpha = 0.5;
  material.reorganisation_energy = Energy(1e-3 * constants::elementary_charge);
  EXPECT_THAT(refusal([&] { SurfaceReaction(material, temperature); }),
              testing::AllOf(testing::HasSubstr("0.03892 kT"), testing::HasSubstr("0.25 to 1000 kT")));
  material = {};
  material.film_resistance = ArealResistance(-1.0);
  EXPECT_THAT(refusal([&] { SurfaceReaction(material, temperature); }),
              testing::HasSubstr("film_resistance = -1 Ohm m^2"));
}

}  // namespace
}  // namespace seccm::models
