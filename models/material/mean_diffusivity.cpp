#include "models/material/mean_diffusivity.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

#include "models/material/diffusivity.hpp"

namespace seccm::models {
namespace {

using Quadrature = boost::math::quadrature::gauss_kronrod<double, 31>;
constexpr unsigned deepest = 12;
constexpr double relative = 1e-10;
constexpr double release_power = 1.85;

// With u = y^(1/3) and w = (1-y)^1.85 both integrands are as smooth as D.
double uptake_mean(const VariableDiffusivity& law) {
  return Quadrature::integrate([&](double u) { return 5.0 * u * u * u * u * law.at(u * u * u).value; }, 0.0, 1.0,
                               deepest, relative);
}
double release_mean(const VariableDiffusivity& law) {
  return Quadrature::integrate([&](double w) { return law.at(1.0 - std::pow(w, 1.0 / release_power)).value; }, 0.0, 1.0,
                               deepest, relative);
}

}  // namespace

MeanDiffusivity mean_diffusivity(const MaterialParameters& material, bool separates) {
  if (material.diffusion == DiffusionKind::per_direction)
    return {material.D_intercalation.si(), material.D_deintercalation.si(), "one D per direction"};
  if (separates) return {material.D.si(), material.D.si(), "D0 of the mobility of a phase field"};
  if (material.diffusion == DiffusionKind::single) return {material.D.si(), material.D.si(), "one D"};
  const VariableDiffusivity law(material);
  return {uptake_mean(law), release_mean(law), "means of D(y) over the filling, after Crank"};
}

}  // namespace seccm::models
