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

/// n radii with the median `radius`: the quantiles (k - 1/2)/n of a log-normal distribution, the smallest first.
std::vector<double> radii_of(double radius, double spread, int n);

}  // namespace seccm::models
