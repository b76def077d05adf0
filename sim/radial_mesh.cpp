#include "sim/radial_mesh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

/// β > 0 of the stretch whose slope at the surface is `grading`, β/(e^β - 1) = grading: Newton's method for the convex
/// β - ln(1 + β/grading), from above.
double stretch_of(double grading) {
  if (grading >= 1.0 - 1e-9) return 0.0;
  double beta = 60.0;
  for (int i = 0; i < 100; ++i) {
    const double next = beta - (beta - std::log1p(beta / grading)) / (1.0 - 1.0 / (grading + beta));
    if (!(next < beta)) break;
    beta = next;
  }
  return beta;
}

double depth_at(double s, double beta) {
  return beta == 0.0 ? s : std::expm1(beta * s) / std::expm1(beta);
}

double power(double r, int exponent) {
  double product = 1.0;
  for (int i = 0; i < exponent; ++i) product *= r;
  return product;
}

/// Volume, mean depth and mean squared depth of the cell between two depths.
struct Moments {
  double volume = 0.0;
  double depth = 0.0;
  double depth_squared = 0.0;
};

/// Three-point Gauss quadrature, exact for these polynomials of degree <= 4.
Moments moments_between(double near, double far, int m) {
  constexpr double node = 0.77459666924148337704;
  constexpr std::array<double, 3> nodes{-node, 0.0, node};
  constexpr std::array<double, 3> weights{5.0 / 18.0, 8.0 / 18.0, 5.0 / 18.0};
  const double width = far - near;
  Moments sum;
  for (std::size_t i = 0; i < 3; ++i) {
    const double depth = near + 0.5 * width * (1.0 + nodes[i]);
    const double weight = weights[i] * width * power(std::max(0.0, 1.0 - depth), m - 1);
    sum.volume += weight;
    sum.depth += weight * depth;
    sum.depth_squared += weight * depth * depth;
  }
  sum.depth /= sum.volume;
  sum.depth_squared /= sum.volume;
  return sum;
}

}  // namespace

int dimension_of(Geometry geometry) {
  return static_cast<int>(geometry) + 1;
}

RadialMesh::RadialMesh(Geometry geometry, MeshParameters parameters) : geometry_(geometry) {
  const int n = parameters.cells;
  if (n < 3 || n > 10000) {
    throw InputError(fmt::format("radial mesh: {} cells; between 3 and 10000 are accepted", n));
  }
  if (!(parameters.grading >= 1e-9 && parameters.grading <= 1.0)) {
    throw InputError(fmt::format("radial mesh: grading {}; between 1e-9 and 1 is accepted", parameters.grading));
  }
  const int m = dimension_of(geometry);
  const double beta = stretch_of(parameters.grading);
  const auto size = static_cast<std::size_t>(n);
  std::vector<double> depth(size + 1);  // of the faces, from the surface inwards
  for (std::size_t k = 0; k <= size; ++k) depth[k] = depth_at(static_cast<double>(k) / n, beta);
  depth[size] = 1.0;

  std::vector<Moments> moments(size);  // from the centre outwards, like every array of the mesh
  for (std::size_t k = 0; k < size; ++k) moments[k] = moments_between(depth[size - k - 1], depth[size - k], m);
  for (std::size_t k = 0; k <= size; ++k) face_.push_back(1.0 - depth[size - k]);
  for (const Moments& cell : moments) {
    volume_.push_back(cell.volume);
    centroid_.push_back(1.0 - cell.depth);
  }
  conductance_.assign(size, 0.0);
  for (std::size_t k = 1; k < size; ++k) {
    conductance_[k] = power(face_[k], m - 1) / (moments[k - 1].depth - moments[k].depth);
  }
  const Moments& outer = moments[size - 1];
  const Moments& inner = moments[size - 2];
  inner_weight_ = outer.depth_squared / (inner.depth_squared - outer.depth_squared);
  slope_weight_ = outer.depth - inner_weight_ * (inner.depth - outer.depth);
}

MeshParameters mesh_for_layer(double layer) {
  constexpr int fewest_cells = 60;
  constexpr double coarsest_grading = 0.05;
  constexpr double cells_per_layer = 20.0;
  constexpr double growth = 0.080;  // ln of the ratio of neighbours
  MeshParameters mesh{fewest_cells, coarsest_grading};
  for (int i = 0; i < 100; ++i) {
    mesh.grading = std::clamp(layer / cells_per_layer * mesh.cells, 1e-9, coarsest_grading);
    const int needed = static_cast<int>(std::ceil(stretch_of(mesh.grading) / growth));
    if (needed <= mesh.cells) break;
    mesh.cells = std::min(needed, 10000);
  }
  return mesh;
}

}  // namespace seccm::sim
