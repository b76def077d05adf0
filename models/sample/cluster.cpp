#include "models/sample/cluster.hpp"

#include <algorithm>
#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {

double micrograph_volume(const Cluster& cluster, const MicrographAssumptions& assumed) {
  const double area = cluster.projected_area;
  const double half_width = std::sqrt(area / constants::pi);
  const double pile = assumed.solid_fraction * (2.0 / 3.0) * area * assumed.aspect * half_width;
  const double monolayer = (2.0 / 3.0) * assumed.primary_diameter * area;
  return std::max(pile, monolayer);
}

}  // namespace seccm::models
