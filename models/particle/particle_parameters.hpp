// Section [particle]: how a particle takes lithium up.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::models {

/// fick: `models/cell` with the law and the diffusivity of [material]. The others: phase_field_model.hpp.
enum class ParticleModel { fick, cahn_hilliard, cahn_hilliard_two_lattices };
inline constexpr std::array<std::string_view, 3> particle_model_names{"fick", "cahn_hilliard",
                                                                      "cahn_hilliard_two_lattices"};

struct ParticleParameters {
  ParticleModel model = ParticleModel::fick;
  double radius_spread = 0.0;  ///< of job simulate: standard deviation of ln(radius)

  static void visit(ParameterVisitor& v, ParticleParameters& p);
};

/// n radii r_k = radius exp(a + b spread z_k), z_k the quantiles (k - 1/2)/n of the normal distribution, the smallest
/// first; a and b (0 and 1 for many particles) such that area and volume are those of the log-normal distribution with
/// the median `radius`, to round-off:
///   mean r^2 = radius^2 e^(2 spread^2),  mean r^3 = radius^3 e^(9 spread^2 / 2).
/// Throws InputError where no n radii have both: n <= e^(3 spread^2), a single particle with any spread among them.
std::vector<double> radii_of(double radius, double spread, int n);

}  // namespace seccm::models
