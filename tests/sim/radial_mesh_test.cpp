#include "sim/radial_mesh.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

TEST(RadialMesh, VolumesAddUpToTheBody) {
  for (const auto geometry : {Geometry::slab, Geometry::cylinder, Geometry::sphere}) {
    for (const double grading : {1.0, 0.05, 1e-4}) {
      const RadialMesh mesh(geometry, {.cells = 77, .grading = grading});
      const double sum = std::accumulate(mesh.volume().begin(), mesh.volume().end(), 0.0);
      EXPECT_NEAR(sum * dimension_of(geometry), 1.0, 1e-14);
    }
  }
}

TEST(RadialMesh, SurfaceCellIsTheGradingTimesAUniformCell) {
  // d(1/N) = grading/N (1 + O(β/N)): β = 4.5 for 0.05, so within 1 % at N = 400... the first-order term is β/(2N).
  for (const double grading : {0.5, 0.05, 0.005}) {
    const RadialMesh mesh(Geometry::sphere, {.cells = 400, .grading = grading});
    EXPECT_NEAR(mesh.surface_cell() * 400.0 / grading, 1.0, 0.012);
  }
}

TEST(RadialMesh, SurfaceValueOfAParabolaIsExact) {
  // Cell averages of y = 1 + 2 ζ + 3 ζ² in the depth ζ; the outward gradient at the surface is -2.
  for (const auto geometry : {Geometry::slab, Geometry::cylinder, Geometry::sphere}) {
    const RadialMesh mesh(geometry, {.cells = 12, .grading = 0.2});
    const auto average = [&](std::size_t k) {
      const double a = mesh.face()[k];
      const double b = mesh.face()[k + 1];
      const int m = dimension_of(geometry);
      double sum = 0.0;
      double weight = 0.0;
      constexpr int points = 20000;  // midpoint rule: relative error 1e-9
      for (int i = 0; i < points; ++i) {
        const double r = a + (b - a) * (i + 0.5) / points;
        const double w = std::pow(r, m - 1);
        const double depth = 1.0 - r;
        sum += w * (1.0 + 2.0 * depth + 3.0 * depth * depth);
        weight += w;
      }
      return sum / weight;
    };
    const double outer = average(11);
    const double inner = average(10);
    EXPECT_NEAR(outer - 2.0 * mesh.slope_weight() + mesh.inner_weight() * (outer - inner), 1.0, 1e-8);
  }
}

TEST(RadialMesh, ChosenMeshResolvesTheLayerWithModerateGrowth) {
  for (const double layer : {1.0, 0.1, 0.0157, 1e-3, 1e-5}) {
    const MeshParameters parameters = mesh_for_layer(layer);
    const RadialMesh mesh(Geometry::sphere, parameters);
    EXPECT_GE(parameters.cells, 60);
    EXPECT_LE(mesh.surface_cell(), layer / 19.0) << layer;
    for (std::size_t k = 1; k + 1 < mesh.face().size(); ++k) {
      const double ratio = (mesh.face()[k] - mesh.face()[k - 1]) / (mesh.face()[k + 1] - mesh.face()[k]);
      EXPECT_LT(ratio, 1.09) << layer;
    }
  }
}

TEST(RadialMesh, RefusesWhatIsNoMesh) {
  EXPECT_THROW(RadialMesh(Geometry::slab, {.cells = 2}), InputError);
  EXPECT_THROW(RadialMesh(Geometry::slab, {.cells = 50, .grading = 0.0}), InputError);
  EXPECT_THROW(RadialMesh(Geometry::slab, {.cells = 50, .grading = std::nan("")}), InputError);
  EXPECT_THROW(RadialMesh(Geometry::slab, {.cells = 50, .grading = 1.5}), InputError);
}

}  // namespace
}  // namespace seccm::sim
