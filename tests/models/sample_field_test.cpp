#include "models/sample/sample_field.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/random.hpp"

// Statistical bounds are 5 standard errors of the stated estimator.

namespace seccm::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

SampleParameters one_cluster(int count) {
  SampleParameters p;
  p.cluster_sizes = {static_cast<double>(count)};
  p.positions_x = {50.0 * unit::um};
  p.positions_y = {50.0 * unit::um};
  return p;
}

std::string error_of(const SampleParameters& parameters) {
  try {
    SampleField field(parameters, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SampleField, DefaultClustersAreMostlyOfTensToAThousandParticles) {
  int clusters = 0;
  int usual = 0;
  int large = 0;
  double log_volume = 0.0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const SampleField field({}, seed);
    EXPECT_EQ(field.clusters().size(), 200U);
    for (const Cluster& c : field.clusters()) {
      const auto n = c.particles.size();
      EXPECT_LE(n, 5000U);
      ++clusters;
      usual += n >= 10 && n <= 1000 ? 1 : 0;
      large += n > 2000 ? 1 : 0;
      log_volume += std::log(c.volume * 1e18);
    }
  }
  // P(10 <= N <= 1000) = P(|z| < ln(10)/1.5) = 0.875; P(N > 2000) = P(z > ln(20)/1.5) = 0.0229.
  EXPECT_LT(std::abs(usual - 0.875 * clusters), 5.0 * std::sqrt(0.875 * 0.125 * clusters));
  EXPECT_LT(std::abs(large - 0.0229 * clusters), 5.0 * std::sqrt(0.0229 * 0.977 * clusters));
  // Typical volume: 100 spheres of mean volume (pi/6)(50 nm)^3 exp(4.5 * 0.04) = 0.0078 um^3, inside the 0.002-0.3 um^3
  // of Fig. 4d. ln of a sum of n log-normals lies below ln n + ln mean by up to Var/(2n): 0.05 on average here, and its
  // own scatter is small.
  EXPECT_NEAR(log_volume / clusters, std::log(0.00784), 5.0 * 1.55 / std::sqrt(clusters) + 0.05);
}

TEST(SampleField, ClusterSizesAreLogNormal) {
  SampleParameters p;
  p.field_width = p.field_height = 600.0 * unit::um;
  p.clusters = 2000;
  p.cluster_size_median = 40.0;
  p.cluster_size_sigma = 0.4;
  double mean = 0.0;
  double square = 0.0;
  const SampleField field(p, 3);
  for (const Cluster& c : field.clusters()) {
    const double z = (std::log(static_cast<double>(c.particles.size())) - std::log(40.0)) / 0.4;
    mean += z / 2000.0;
    square += z * z / 2000.0;
  }
  EXPECT_LT(std::abs(mean), 5.0 / std::sqrt(2000.0));
  EXPECT_LT(std::abs(square - 1.0),
            5.0 * std::sqrt(2.0 / 2000.0) + 1.0 / 12.0 / (40.0 * 0.4) / (40.0 * 0.4));  // rounding
}

TEST(SampleField, RadiiAreLogNormalAroundTheirMedian) {
  const SampleField field({}, 4);
  double n = 0.0;
  double mean = 0.0;
  double square = 0.0;
  for (const Cluster& c : field.clusters()) {
    for (const SampleParticle& p : c.particles) {
      const double z = std::log(p.radius / 25e-9) / 0.2;
      n += 1.0;
      mean += z;
      square += z * z;
    }
  }
  EXPECT_LT(std::abs(mean / n), 5.0 / std::sqrt(n));
  EXPECT_LT(std::abs(square / n - 1.0), 5.0 * std::sqrt(2.0 / n));
}

TEST(SampleField, ClustersKeepTheirDistanceAndStayInside) {
  const SampleField field({}, 5);
  const auto& clusters = field.clusters();
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    EXPECT_GE(clusters[i].x, 4e-6);
    EXPECT_LE(clusters[i].x, 96e-6);
    EXPECT_GE(clusters[i].y, 4e-6);
    EXPECT_LE(clusters[i].y, 96e-6);
    for (std::size_t j = 0; j < i; ++j) {
      const double d = std::hypot(clusters[i].x - clusters[j].x, clusters[i].y - clusters[j].y);
      EXPECT_GE(d, 3.5e-6);
      EXPECT_GE(d, clusters[i].bounding_radius + clusters[j].bounding_radius);
    }
  }
}

TEST(SampleField, DeadParticlesAreAsManyAsAskedAndFewAreCutOffByThem) {
  const SampleField field({}, 6);
  double n = 0.0;
  double off = 0.0;
  for (const Cluster& c : field.clusters()) {
    for (const SampleParticle& p : c.particles) {
      n += 1.0;
      off += p.connected ? 0.0 : 1.0;
    }
  }
  // 5 % die; a live particle is cut off when its 3 or more supports all die: below 1e-3 for a dense pile.
  EXPECT_GT(off / n, 0.05 - 5.0 * std::sqrt(0.05 * 0.95 / n));
  EXPECT_LT(off / n, 0.05 + 5.0 * std::sqrt(0.05 * 0.95 / n) + 3e-3);
}

TEST(SampleField, VolumesAndAreasAddUp) {
  const SampleField field({}, 7);
  for (const Cluster& c : field.clusters()) {
    double volume = 0.0;
    double shadows = 0.0;
    double widest = 0.0;
    for (const SampleParticle& p : c.particles) {
      volume += 4.0 / 3.0 * constants::pi * p.radius * p.radius * p.radius;
      shadows += constants::pi * p.radius * p.radius;
      widest = std::max(widest, constants::pi * p.radius * p.radius);
      EXPECT_LE(std::hypot(p.x - c.x, p.y - c.y) + p.radius, c.bounding_radius * (1.0 + 1e-9));
      EXPECT_LE(p.z + p.radius, c.max_height);
    }
    EXPECT_NEAR(c.volume, volume, 1e-12 * volume);
    EXPECT_NEAR(c.surface_area, 4.0 * shadows, 1e-12 * shadows);
    EXPECT_LE(c.projected_area, shadows * (1.0 + 1e-9));
    EXPECT_GE(c.projected_area, widest * (1.0 - 1e-9));
    EXPECT_LE(c.volume, c.projected_area * c.max_height);  // solid fits below the top
  }
}

TEST(SampleField, OneParticleHasTheGeometryOfASphere) {
  SampleParameters p = one_cluster(1);
  p.particle_diameter_sigma = 0.0;
  const SampleField field(p, 1);
  const Cluster& c = field.clusters()[0];
  EXPECT_NEAR(c.projected_area, constants::pi * 625e-18, 1e-12 * constants::pi * 625e-18);
  EXPECT_NEAR(c.max_height, 50e-9, 1e-20);
  EXPECT_NEAR(c.surface_area / c.projected_area, 4.0, 1e-9);
  EXPECT_NEAR(micrograph_volume(c), c.volume, 1e-9 * c.volume);  // a monolayer of one sphere is read right
  EXPECT_NEAR(field.column(50e-6, 50e-6).height, 50e-9, 1e-20);
  EXPECT_NEAR(field.column(50e-6, 50e-6).solid, 50e-9, 1e-20);
  EXPECT_EQ(field.column(50e-6 + 26e-9, 50e-6).height, 0.0);
  EXPECT_EQ(c.particles[0].contacts, 1);
  EXPECT_EQ(c.particles[0].depth, 0.0);
}

TEST(SampleField, SurfaceToShadowIsFourForAMonolayerAndLargerForAPile) {
  SampleParameters flat = one_cluster(150);
  flat.aspect_max = 0.01;
  const SampleField monolayer(flat, 1);
  EXPECT_NEAR(monolayer.clusters()[0].surface_area / monolayer.clusters()[0].projected_area, 4.0, 0.1);
  // A pile of height h: 3 phi h/r per shadow, h its mean height = solid/(phi shadow): 3 V/(r A) with the surface-mean
  // radius.
  const SampleField piled(one_cluster(4000), 1);
  const Cluster& c = piled.clusters()[0];
  EXPECT_GT(c.surface_area / c.projected_area, 12.0);
  double r2 = 0.0;
  double r3 = 0.0;
  for (const SampleParticle& p : c.particles) {
    r2 += p.radius * p.radius;
    r3 += p.radius * p.radius * p.radius;
  }
  EXPECT_NEAR(c.surface_area / c.projected_area, 3.0 * c.volume / (r3 / r2 * c.projected_area), 1e-9 * 20.0);
}

TEST(SampleField, MicrographVolumeIsTheStatedFormula) {
  Cluster c;
  c.projected_area = 1e-12;
  const MicrographAssumptions assumed{.aspect = 0.5, .solid_fraction = 0.6, .primary_diameter = 50e-9};
  EXPECT_NEAR(micrograph_volume(c, assumed), 0.6 * 2.0 / 3.0 * 1e-12 * 0.5 * std::sqrt(1e-12 / constants::pi), 1e-30);
  c.projected_area = 1e-14;  // half-width 56 nm: the monolayer wins
  EXPECT_NEAR(micrograph_volume(c, assumed), 2.0 / 3.0 * 50e-9 * 1e-14, 1e-34);
}

TEST(SampleField, MicrographVolumeFollowsTheTruthWithinAFactorOfTwo) {
  const SampleField field({}, 8);
  for (const Cluster& c : field.clusters()) {
    if (c.particles.size() < 10) continue;  // a few spheres scatter by their own sizes
    EXPECT_GT(micrograph_volume(c) / c.volume, 0.5) << c.particles.size();
    EXPECT_LT(micrograph_volume(c) / c.volume, 2.0) << c.particles.size();
  }
}

TEST(SampleField, ColumnsIntegrateToTheVolume) {
  const SampleField field(one_cluster(60), 2);
  const Cluster& c = field.clusters()[0];
  const double step = 1e-9;
  const int half = static_cast<int>(c.bounding_radius / step) + 2;
  double solid = 0.0;
  double shadow = 0.0;
  for (int j = -half; j <= half; ++j) {
    for (int i = -half; i <= half; ++i) {
      const SampleColumn column = field.column(c.x + (i + 0.3) * step, c.y + (j + 0.4) * step);
      EXPECT_LE(column.solid, column.height * (1.0 + 1e-12));
      solid += column.solid * step * step;
      shadow += column.height > 0.0 ? step * step : 0.0;
    }
  }
  // Midpoint rule over √-edges: (step/r)^1.5 = 8e-3 per sphere with random sign, /√60 spheres; the shadow's edge alike.
  EXPECT_NEAR(solid, c.volume, 2e-3 * c.volume);
  EXPECT_NEAR(shadow, c.projected_area, 2e-3 * c.projected_area);
}

TEST(SampleField, SurfaceIsGoldPlusParticles) {
  const SampleField field(one_cluster(300), 3);
  const Cluster& c = field.clusters()[0];
  double top = 0.0;
  for (const SampleParticle& p : c.particles) {
    EXPECT_GE(field.surface_height(p.x, p.y) - field.gold_height(p.x, p.y), p.z + p.radius - 1e-15);
    EXPECT_NEAR(field.column(p.x, p.y).height, p.z + p.radius + p.depth, 1e-15);
    top = std::max(top, field.column(p.x, p.y).height);
  }
  EXPECT_NEAR(top, c.max_height, 1e-15);
  EXPECT_EQ(field.surface_height(10e-6, 10e-6), field.gold_height(10e-6, 10e-6));
}

TEST(SampleField, ParticlesWithinIsWhatASearchOfAllFinds) {
  const SampleField field({}, 9);
  RandomStream random(1, "places");
  for (int k = 0; k < 60; ++k) {
    const Cluster& c = field.clusters()[random.below(field.clusters().size())];
    const double x = c.x + 1e-6 * (2.0 * random.uniform() - 1.0);
    const double y = c.y + 1e-6 * (2.0 * random.uniform() - 1.0);
    const double radius = 2e-6 * random.uniform();
    std::vector<ParticleRef> expected;
    for (int i = 0; i < static_cast<int>(field.clusters().size()); ++i) {
      const auto& particles = field.clusters()[static_cast<std::size_t>(i)].particles;
      for (int j = 0; j < static_cast<int>(particles.size()); ++j) {
        const SampleParticle& p = particles[static_cast<std::size_t>(j)];
        if (std::hypot(p.x - x, p.y - y) < radius + p.radius) expected.push_back({i, j});
      }
    }
    EXPECT_EQ(field.particles_within(x, y, radius), expected);
  }
  EXPECT_TRUE(field.particles_within(-1.0, 5.0, 1e-6).empty());
  EXPECT_TRUE(field.particles_within(std::nan(""), 0.0, 1e-6).empty());
}

TEST(SampleField, AccessIsAShareThatFallsWithDepth) {
  const SampleField field(one_cluster(3000), 3);
  double shallow = 0.0;
  double deep = 0.0;
  int n_shallow = 0;
  int n_deep = 0;
  for (const SampleParticle& p : field.clusters()[0].particles) {
    EXPECT_GT(p.accessible_fraction, 0.0);
    EXPECT_LE(p.accessible_fraction, 1.0);
    EXPECT_GE(p.depth, 0.0);
    if (p.depth == 0.0) {
      // Seen from above: only necks cost surface, (1 - √(1 - 0.04))/2 = 0.0101 each.
      EXPECT_NEAR(p.accessible_fraction, 1.0 - p.contacts * 0.5 * (1.0 - std::sqrt(0.96)), 1e-12);
      shallow += p.accessible_fraction;
      ++n_shallow;
    } else if (p.depth > 200e-9) {
      deep += p.accessible_fraction;
      ++n_deep;
    }
  }
  EXPECT_GT(n_shallow, 100);
  EXPECT_GT(n_deep, 100);
  EXPECT_LT(deep / n_deep, 0.92 * shallow / n_shallow);
}

bool same_bytes(const SampleField& a, const SampleField& b) {
  if (a.clusters().size() != b.clusters().size()) return false;
  for (std::size_t k = 0; k < a.clusters().size(); ++k) {
    const Cluster& c = a.clusters()[k];
    const Cluster& d = b.clusters()[k];
    if (c.particles.size() != d.particles.size() || c.projected_area != d.projected_area || c.x != d.x) return false;
    for (std::size_t i = 0; i < c.particles.size(); ++i) {
      const SampleParticle& p = c.particles[i];
      const SampleParticle& q = d.particles[i];
      if (p.x != q.x || p.y != q.y || p.z != q.z || p.radius != q.radius ||
          p.contact_resistance != q.contact_resistance || p.accessible_fraction != q.accessible_fraction) {
        return false;
      }
    }
  }
  return true;
}

TEST(SampleField, OneAndTwoThreadsGiveTheSameBytesAndAnotherSeedOthers) {
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const SampleField serial({}, 11);
  omp_set_num_threads(2);
  const SampleField parallel({}, 11);
  omp_set_num_threads(threads);
  EXPECT_TRUE(same_bytes(serial, parallel));
  EXPECT_FALSE(same_bytes(serial, SampleField({}, 12)));
}

TEST(SampleField, ExplicitClustersStandWhereTheyArePut) {
  SampleParameters p;  // as in a scenario of three clusters
  p.cluster_sizes = {40.0, 400.0, 1500.0};
  p.positions_x = {20.0 * unit::um, 50.0 * unit::um, 80.0 * unit::um};
  p.positions_y = {50.0 * unit::um, 50.0 * unit::um, 30.0 * unit::um};
  const SampleField field(p, 1);
  ASSERT_EQ(field.clusters().size(), 3U);
  EXPECT_EQ(field.clusters()[1].particles.size(), 400U);
  EXPECT_DOUBLE_EQ(field.clusters()[2].x, 80e-6);
  EXPECT_DOUBLE_EQ(field.clusters()[2].y, 30e-6);
  p.positions_x.clear();
  p.positions_y.clear();
  EXPECT_EQ(SampleField(p, 1).clusters()[2].particles.size(), 1500U);  // sizes given, places drawn
}

TEST(SampleField, AFieldWithoutClustersIsBareGold) {
  SampleParameters p;
  p.clusters = 0;
  const SampleField field(p, 1);
  EXPECT_TRUE(field.clusters().empty());
  EXPECT_TRUE(field.particles_within(50e-6, 50e-6, 1e-3).empty());
  EXPECT_EQ(field.column(50e-6, 50e-6).height, 0.0);
}

TEST(SampleField, BadInputSaysWhatWhereAndWhatIsAccepted) {
  SampleParameters p;
  p.packing_fraction = 0.9;
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("sample.packing_fraction = 0.9"), HasSubstr("0.35 to 0.6")));
  p = {};
  p.particle_diameter = Length(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("sample.particle_diameter = nan nm"), HasSubstr("2 to 2000 nm")));
  p = {};
  p.substrate.tilt_x = 1.0;
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("sample.substrate.tilt_x = 1000 mrad"), HasSubstr("-50 to 50")));
  p = {};
  p.clusters = 20000;
  p.cluster_size_median = 1.0;
  p.cluster_size_sigma = 0.0;
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("of 20000 fit"), HasSubstr("minimum_spacing of 3.5 um")));
  p = {};
  p.edge_margin = 60.0 * unit::um;
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("only 0 of 200"), HasSubstr("edge_margin of 60 um")));
  p = {};
  p.cluster_sizes = {10.0, 20.5};
  EXPECT_THAT(error_of(p), HasSubstr("20.5 is not a whole number"));
  p = one_cluster(10);
  p.positions_y.clear();
  EXPECT_THAT(error_of(p), HasSubstr("1 and 0 values for 1 explicit"));
  p = one_cluster(10);
  p.positions_x = {150.0 * unit::um};
  EXPECT_THAT(error_of(p), AllOf(HasSubstr("cluster 1 at (150, 50) um"), HasSubstr("100 x 100 um")));
  p = one_cluster(10);
  p.cluster_sizes.push_back(10.0);
  p.positions_x.push_back(50.1 * unit::um);
  p.positions_y.push_back(50.0 * unit::um);
  EXPECT_THAT(error_of(p), HasSubstr("clusters 1 and 2 overlap"));
}

TEST(Substrate, TiltIsAPlaneThroughTheMiddle) {
  SubstrateParameters p;
  p.roughness = Length(0.0);
  p.tilt_x = 2e-3;
  p.tilt_y = -1e-3;
  const Substrate s(p, 50e-6, 40e-6, 1);
  EXPECT_EQ(s.height(50e-6, 40e-6), 0.0);
  EXPECT_NEAR(s.height(60e-6, 45e-6), 2e-3 * 10e-6 - 1e-3 * 5e-6, 1e-20);
}

TEST(Substrate, RoughnessHasItsRmsAndCorrelationOverTheEnsemble) {
  SubstrateParameters p;
  p.tilt_x = p.tilt_y = 0.0;
  p.roughness = 2.0 * unit::nm;
  p.correlation_length = 1.0 * unit::um;
  constexpr int n = 20000;
  double here2 = 0.0;
  double product = 0.0;
  for (int seed = 0; seed < n; ++seed) {
    const Substrate s(p, 0.0, 0.0, static_cast<std::uint64_t>(seed));
    const double a = s.height(3e-6, 4e-6) / 2e-9;
    const double b = s.height(4e-6, 4e-6) / 2e-9;  // one correlation length away
    here2 += a * a / n;
    product += a * b / n;
  }
  EXPECT_LT(std::abs(here2 - 1.0), 5.0 * std::sqrt(2.0 / n));
  EXPECT_LT(std::abs(product - std::exp(-0.5)), 5.0 * std::sqrt((1.0 + std::exp(-1.0)) / n));
}

}  // namespace
}  // namespace seccm::models
