// Open-circuit potential laws and the mapped Butler-Volmer rate against their definitions, for all laws from one table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/material/butler_volmer.hpp"
#include "models/material/open_circuit.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double law_temperature = 298.15;
const double law_f = constants::faraday / (constants::gas * law_temperature);

std::vector<MaterialParameters> all_laws() {
  std::vector<MaterialParameters> laws(5);
  laws[1].law = IsothermKind::frumkin;
  laws[1].g = 8.0;
  laws[2].law = IsothermKind::frumkin;
  laws[2].g = -3.5;
  laws[3].law = IsothermKind::anatase_plateau;
  laws[4].law = IsothermKind::anatase_plateau;
  laws[4].plateau_solubility = 0.01;
  return laws;
}

TEST(OpenCircuit, NeverRisesWithTheFillingAndInverts) {
  for (const MaterialParameters& material : all_laws()) {
    double before = open_circuit_potential(material, 1e-6, law_temperature);
    for (double y = 0.005; y < 1.0; y += 0.005) {
      const double U = open_circuit_potential(material, y, law_temperature);
      EXPECT_LE(U, before + 1e-15) << y;
      before = U;
      const bool plateau = material.law == IsothermKind::anatase_plateau && std::abs(U - material.E0.si()) < 1e-9;
      if (!plateau) {
        EXPECT_NEAR(filling_at(material, U, law_temperature), y, 1e-9);
      }
    }
  }
}

TEST(OpenCircuit, IsAntisymmetricAboutHalfFilling) {
  for (const MaterialParameters& material : all_laws()) {
    for (double y = 0.01; y < 0.5; y += 0.013) {
      const double left = open_circuit_potential(material, y, law_temperature) - material.E0.si();
      const double right = open_circuit_potential(material, 1.0 - y, law_temperature) - material.E0.si();
      EXPECT_NEAR(left, -right, 1e-13);
    }
  }
}

TEST(OpenCircuit, FrumkinFollowsTheReferenceSign) {
  // ξ = ln(θ/(1-θ)) + g(θ - 1/2) with θ = y on insertion, ξ = F(E0 - E)/RT.
  MaterialParameters material;
  material.law = IsothermKind::frumkin;
  material.g = 4.0;
  for (const double y : {0.1, 0.5, 0.83}) {
    const double xi = std::log(y / (1.0 - y)) + 4.0 * (y - 0.5);
    EXPECT_NEAR(open_circuit_potential(material, y, law_temperature), 1.80 - xi / law_f, 1e-14);
  }
}

TEST(OpenCircuit, PlateauIsFlatContinuousAndMaxwell) {
  const AnatasePlateauLaw law = AnatasePlateauLaw::with_solubility(0.04);
  EXPECT_NEAR(law.omega, 3.45, 0.005);  // Ω/kT of PHYSICS for y_a = 0.04
  MaterialParameters material;
  material.law = IsothermKind::anatase_plateau;
  for (double y = 0.04; y <= 0.96; y += 0.01)
    EXPECT_NEAR(open_circuit_potential(material, y, law_temperature), 1.80, 1e-14);
  EXPECT_NEAR(open_circuit_potential(material, 0.04 - 1e-9, law_temperature), 1.80, 1e-8);
  EXPECT_NEAR(open_circuit_potential(material, 0.02, law_temperature),
              1.80 - (std::log(0.02 / 0.98) + law.omega * (1.0 - 0.04)) / law_f, 1e-13);
}

TEST(OpenCircuit, ExcessHasItsStatedSlope) {
  for (const MaterialParameters& material : all_laws()) {
    for (const double y : {0.02, 0.2, 0.5, 0.7, 0.985}) {
      with_law(material, [y](const auto& law) {
        constexpr double h = 1e-6;
        const double slope = (law.excess(y + h).value - law.excess(y - h).value) / (2.0 * h);
        EXPECT_NEAR(law.excess(y).slope, slope, 1e-6 * (1.0 + std::abs(slope))) << y;
      });
    }
  }
}

TEST(ButlerVolmer, MappedFormIsTheExchangeCurrentForm) {
  // N = k0 y^α (1-y)^(1-α) [e^((1-α)η) - e^(-αη)], η = F(E - U(y))/RT.
  for (const MaterialParameters& material : all_laws()) {
    for (const double alpha : {0.3, 0.5, 0.7}) {
      for (const double y : {0.01, 0.3, 0.6, 0.97}) {
        for (const double E : {1.4, 1.75, 1.8, 2.1}) {
          const double eta = law_f * (E - open_circuit_potential(material, y, law_temperature));
          const double exact = 2e-11 * std::pow(y, alpha) * std::pow(1.0 - y, 1.0 - alpha) *
                               (std::exp((1.0 - alpha) * eta) - std::exp(-alpha * eta));
          const double scale = 2e-11 * (std::exp((1.0 - alpha) * eta) + std::exp(-alpha * eta));
          const Rate rate = with_law(material, [&](const auto& law) {
            return butler_volmer(law, 2e-11, alpha, law_f * (E - material.E0.si()), y);
          });
          EXPECT_NEAR(rate.flux, exact, 1e-14 * scale);
        }
      }
    }
  }
}

TEST(ButlerVolmer, VanishesAtEquilibriumAndPointsTheRightWay) {
  for (const MaterialParameters& material : all_laws()) {
    for (const double y : {0.02, 0.4, 0.9}) {
      const double U = open_circuit_potential(material, y, law_temperature);
      const auto flux = [&](double E) {
        return with_law(material, [&](const auto& law) {
          return butler_volmer(law, 1.0, 0.5, law_f * (E - material.E0.si()), y).flux;
        });
      };
      EXPECT_NEAR(flux(U), 0.0, 1e-14);
      EXPECT_GT(flux(U + 0.01), 0.0);  // anodic: lithium leaves
      EXPECT_LT(flux(U - 0.01), 0.0);
    }
  }
}

TEST(ButlerVolmer, DerivativesAreThoseOfTheFlux) {
  for (const MaterialParameters& material : all_laws()) {
    with_law(material, [](const auto& law) {
      for (const double y : {0.015, 0.3, 0.8}) {
        for (const double u : {-3.0, 0.2, 2.5}) {
          constexpr double h = 1e-6;
          const Rate rate = butler_volmer(law, 1.0, 0.4, u, y);
          const double by_y =
              (butler_volmer(law, 1.0, 0.4, u, y + h).flux - butler_volmer(law, 1.0, 0.4, u, y - h).flux) / (2 * h);
          const double by_u =
              (butler_volmer(law, 1.0, 0.4, u + h, y).flux - butler_volmer(law, 1.0, 0.4, u - h, y).flux) / (2 * h);
          EXPECT_NEAR(rate.by_filling, by_y, 1e-6 * (1.0 + std::abs(by_y)));
          EXPECT_NEAR(rate.by_potential, by_u, 1e-6 * (1.0 + std::abs(by_u)));
        }
      }
    });
  }
}

TEST(MaterialParameters, TruthSetsAreTheNamedOnes) {
  EXPECT_THAT(std::vector<std::string_view>(truth_set_names().begin(), truth_set_names().end()),
              testing::ElementsAre("reconciled", "paper_literal"));
  MaterialParameters material;
  apply_truth_set("paper_literal", material);
  EXPECT_EQ(material.diffusion, DiffusionKind::per_direction);
  EXPECT_DOUBLE_EQ(material.D_intercalation.si(), 2e-18);
  EXPECT_DOUBLE_EQ(material.D_deintercalation.si(), 3e-19);
  EXPECT_DOUBLE_EQ(material.k0.si(), 3.5e-12);
  apply_truth_set("reconciled", material);
  EXPECT_EQ(material.diffusion, DiffusionKind::single);
  EXPECT_DOUBLE_EQ(material.D.si(), 1e-17);
  EXPECT_GE(material.k0.si(), 3.5e-12);
  EXPECT_LE(material.k0.si(), 2.0000001e-11);
  try {
    apply_truth_set("papre", material);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("papre"), testing::HasSubstr("paper_literal")));
  }
}

}  // namespace
}  // namespace seccm::models
