#include "models/meniscus/landing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "sim/error.hpp"
#include "sim/random.hpp"

// Statistical bounds are 5 standard errors.

namespace seccm::models {
namespace {

using testing::AllOf;
using testing::HasSubstr;

SampleParameters flat_gold() {
  SampleParameters p;
  p.clusters = 0;
  p.substrate.tilt_x = p.substrate.tilt_y = 0.0;
  p.substrate.roughness = Length(0.0);
  return p;
}

SampleParameters cluster_in_the_middle(int count) {
  SampleParameters p = flat_gold();
  p.cluster_sizes = {static_cast<double>(count)};
  p.positions_x = {50.0 * unit::um};
  p.positions_y = {50.0 * unit::um};
  return p;
}

MeniscusParameters reliable() {
  MeniscusParameters m;
  m.failed_wetting = 0.0;
  m.wobble_probability = 0.0;
  return m;
}

TEST(Contact, OnBareGoldTheDropletTouchesAtItsOwnHeight) {
  const SampleField field(flat_gold(), 1);
  EXPECT_NEAR(contact_height(field, {}, {}, 30e-6, 60e-6), 0.3 * 0.5e-6, 1e-20);
  EXPECT_EQ(crash_height(field, {}, 30e-6, 60e-6), 0.0);
}

TEST(Contact, OnATiltedPlaneItFollowsThePlane) {
  SampleParameters p = flat_gold();
  p.substrate.tilt_x = 2e-3;
  const SampleField field(p, 1);
  const double rise = contact_height(field, {}, {}, 80e-6, 50e-6) - contact_height(field, {}, {}, 20e-6, 50e-6);
  EXPECT_NEAR(rise, 2e-3 * 60e-6, 1e-18);
  EXPECT_NEAR(crash_height(field, {}, 50e-6, 50e-6), 2e-3 * 0.7e-6, 1e-18);  // rim of 1.4 um outer diameter
}

TEST(Contact, AParticleUnderTheAxisLiftsItByItsHeight) {
  const SampleField field(cluster_in_the_middle(1), 1);
  const double top = 2.0 * field.clusters()[0].particles[0].radius;
  EXPECT_NEAR(contact_height(field, {}, {}, 50e-6, 50e-6), top + 0.15e-6, 1e-15);
  EXPECT_NEAR(crash_height(field, {}, 50e-6, 50e-6), top, 1e-15);
  // Beyond the opening it is out of reach of the droplet, but still below the glass.
  EXPECT_NEAR(contact_height(field, {}, {}, 50e-6 + 0.6e-6, 50e-6), 0.15e-6, 1e-15);
  EXPECT_NEAR(crash_height(field, {}, 50e-6 + 0.6e-6, 50e-6), top, 1e-15);
}

TEST(Contact, IsTheHighestPointOfSurfacePlusDroplet) {
  const SampleField field(cluster_in_the_middle(400), 2);
  const double a = 0.5e-6;
  const double h = 0.3 * a;
  RandomStream random(1, "tip");
  for (int k = 0; k < 12; ++k) {
    const double x = 50e-6 + 1.6e-6 * (random.uniform() - 0.5);
    const double y = 50e-6 + 1.6e-6 * (random.uniform() - 0.5);
    const double step = 2e-9;
    double searched = 0.0;
    for (double v = -a; v <= a; v += step) {
      for (double u = -a; u <= a; u += step) {
        const double rho = std::hypot(u, v);
        if (rho <= a) searched = std::max(searched, field.surface_height(x + u, y + v) + h * (1.0 - rho * rho / a / a));
      }
    }
    const double exact = contact_height(field, {}, {}, x, y);
    EXPECT_GE(exact, searched - 1e-13);
    // The grid misses the top of a sphere of r = 12 nm or more by at most δ²/(2r) with δ = 1.4 nm; at the edge of the
    // opening, where a sphere's flank is cut, by slope times a step.
    EXPECT_LT(exact - searched, 2e-9);
  }
}

TEST(Wetting, AFootprintWiderThanTheClusterWetsAllOfIt) {
  SampleParameters p = cluster_in_the_middle(60);
  p.dispersed_fraction = 0.0;
  const SampleField field(p, 3);
  const Cluster& c = field.clusters()[0];
  ASSERT_LT(2.0 * c.bounding_radius, 0.7e-6);
  const Landing landing = land(field, reliable(), {}, 50e-6, 50e-6, 1, 0);
  ASSERT_EQ(landing.particles.size(), c.particles.size());
  for (const WettedParticle& w : landing.particles) {
    EXPECT_EQ(w.wetted_fraction, c.particles[static_cast<std::size_t>(w.particle)].accessible_fraction);
  }
}

TEST(Wetting, ALargeClusterIsWettedInPart) {
  const SampleField field(cluster_in_the_middle(4000), 3);
  const Cluster& c = field.clusters()[0];
  const Landing landing = land(field, reliable(), {}, 50e-6, 50e-6, 1, 0);
  EXPECT_LT(landing.particles.size(), c.particles.size());
  EXPECT_GT(landing.particles.size(), 100U);
  for (const WettedParticle& w : landing.particles) {
    const SampleParticle& p = c.particles[static_cast<std::size_t>(w.particle)];
    const double rho = std::hypot(p.x - landing.footprint.x, p.y - landing.footprint.y);
    EXPECT_LT(rho, 0.5 * landing.footprint.diameter + p.radius);
    EXPECT_GT(w.wetted_fraction, 0.0);
    EXPECT_LE(w.wetted_fraction, p.accessible_fraction);
    if (rho + p.radius < 0.5 * landing.footprint.diameter) {
      EXPECT_EQ(w.wetted_fraction, p.accessible_fraction);
    }
  }
}

/// Share of a sphere's surface inside a vertical cylinder, by integration over polar angle (bands) and azimuth.
double share_in_cylinder(double rho, double r, double radius) {
  constexpr int n = 800;
  int inside = 0;
  for (int i = 0; i < n; ++i) {
    const double z = (2.0 * (i + 0.5) / n - 1.0) * r;  // equal bands have equal area
    const double ring = std::sqrt(r * r - z * z);
    for (int j = 0; j < n; ++j) {
      const double angle = 2.0 * constants::pi * (j + 0.5) / n;
      inside += std::hypot(rho + ring * std::cos(angle), ring * std::sin(angle)) < radius ? 1 : 0;
    }
  }
  return static_cast<double>(inside) / n / n;
}

TEST(Wetting, TheEdgeOfTheFootprintCutsASphereInProportion) {
  SampleParameters p = cluster_in_the_middle(1);
  p.neck_ratio = 0.0;
  const SampleField field(p, 1);
  const double r = field.clusters()[0].particles[0].radius;
  const double edge = 0.55e-6;
  for (double inside : {-0.9, -0.4, 0.0, 0.5, 0.95}) {
    const double rho = edge - inside * r;
    const auto wetted = wetted_particles(field, {50e-6 + rho, 50e-6, 2.0 * edge}, 1e-6);
    ASSERT_EQ(wetted.size(), 1U);
    // The curvature of the edge costs up to r/(4 R) = 0.012 here; the sum over 800 x 800 points resolves 0.002.
    EXPECT_NEAR(wetted[0].wetted_fraction, share_in_cylinder(rho, r, edge), 0.25 * r / edge + 0.002) << inside;
  }
  EXPECT_TRUE(wetted_particles(field, {50e-6 + edge + 1.01 * r, 50e-6, 2.0 * edge}, 1e-6).empty());
}

TEST(Wetting, LiquidGoesAsDeepAsItIsSaidTo) {
  const SampleField field(cluster_in_the_middle(3000), 4);
  const Footprint footprint{50e-6, 50e-6, 1.1e-6};
  const auto all = wetted_particles(field, footprint, 2e-6);
  const auto skin = wetted_particles(field, footprint, 60e-9);
  EXPECT_LT(skin.size(), all.size());
  for (const WettedParticle& w : skin) {
    const SampleParticle& p = field.particle({w.cluster, w.particle});
    EXPECT_LT(p.depth, 60e-9);  // its top is above the deepest liquid
    if (p.depth + 2.0 * p.radius > 60e-9) {
      EXPECT_LT(w.wetted_fraction, p.accessible_fraction);
    }
  }
  double area_skin = 0.0;
  double area_deeper = 0.0;
  for (const auto& w : skin) area_skin += w.wetted_fraction;
  for (const auto& w : wetted_particles(field, footprint, 120e-9)) area_deeper += w.wetted_fraction;
  EXPECT_GT(area_deeper, area_skin);
}

TEST(Wetting, GoldIsTheFootprintMinusTheShadows) {
  const SampleField field(cluster_in_the_middle(500), 5);
  EXPECT_NEAR(bare_gold_area(field, {20e-6, 20e-6, 1.1e-6}), constants::pi * 0.55e-6 * 0.55e-6, 1e-24);
  const Footprint footprint{50.2e-6, 50e-6, 1.1e-6};
  constexpr int n = 200000;
  RandomStream random(2, "shadow");
  int bare = 0;
  for (int k = 0; k < n; ++k) {
    const double rho = 0.55e-6 * std::sqrt(random.uniform());
    const double angle = 2.0 * constants::pi * random.uniform();
    bare +=
        field.column(footprint.x + rho * std::cos(angle), footprint.y + rho * std::sin(angle)).height == 0.0 ? 1 : 0;
  }
  const double share = static_cast<double>(bare) / n;
  const double whole = constants::pi * 0.55e-6 * 0.55e-6;
  EXPECT_LT(std::abs(bare_gold_area(field, footprint) - share * whole),
            5.0 * whole * std::sqrt(share * (1.0 - share) / n));
  MeniscusParameters m = reliable();
  const double without = land(field, m, {}, 50e-6, 50e-6, 1, 0).gold_area;
  m.gold_under_particles = 1.0;
  const Landing with = land(field, m, {}, 50e-6, 50e-6, 1, 0);
  EXPECT_LT(without, with.gold_area);
  EXPECT_NEAR(with.gold_area, 0.25 * constants::pi * with.footprint.diameter * with.footprint.diameter,
              1e-9 * with.gold_area);
}

struct Sums {
  double n = 0.0, mean = 0.0, square = 0.0;
  void add(double z) {
    n += 1.0;
    mean += z;
    square += z * z;
  }
  void expect_standard_normal(const char* what) const {
    EXPECT_LT(std::abs(mean / n), 5.0 / std::sqrt(n)) << what;
    EXPECT_LT(std::abs(square / n - 1.0), 5.0 * std::sqrt(2.0 / n)) << what;
  }
};

TEST(Landing, DrawsTheDistributionsOfItsParameters) {
  const SampleField field(flat_gold(), 1);
  MeniscusParameters m;
  m.failed_wetting = 0.1;
  m.wobble_probability = 0.2;
  Sums diameter, x, amplitude, time, detachment, film;
  constexpr int n = 20000;
  int failed = 0;
  int wobbling = 0;
  for (int k = 0; k < n; ++k) {
    const Landing l = land(field, m, {}, 50e-6, 50e-6, 9, static_cast<std::uint64_t>(k));
    diameter.add(std::log(l.footprint.diameter / 1.1e-6) / 0.05);
    x.add((l.footprint.x - 50e-6) / (0.03 * 0.5e-6));
    amplitude.add(std::log(l.transient_amplitude / 56e-12) / 0.17);
    time.add(std::log(l.transient_time / 0.12) / 0.1);
    if (!l.wets) {
      ++failed;
      EXPECT_EQ(l.gold_area, 0.0);
      EXPECT_EQ(l.residue.diameter, 0.0);
      continue;
    }
    wobbling += l.wobble_amplitude > 0.0 ? 1 : 0;
    detachment.add(std::log(l.detachment_height / l.footprint.diameter) / 0.1);
    film.add(std::log(l.residue.thickness / 30e-9) / 0.3);
    EXPECT_EQ(l.residue.diameter, l.footprint.diameter);
  }
  diameter.expect_standard_normal("footprint");
  x.expect_standard_normal("centre");
  amplitude.expect_standard_normal("transient");
  time.expect_standard_normal("decay time");
  detachment.expect_standard_normal("detachment");
  film.expect_standard_normal("residue");
  EXPECT_LT(std::abs(failed - 0.1 * n), 5.0 * std::sqrt(0.09 * n));
  EXPECT_LT(std::abs(wobbling - 0.18 * n), 5.0 * std::sqrt(0.18 * 0.82 * n));
}

TEST(Landing, DetachmentFollowsTheStatedLine) {
  const SampleField field(flat_gold(), 1);
  MeniscusParameters m = reliable();
  m.detachment_sigma = 0.0;
  m.detachment_ratio = 0.8;
  m.detachment_offset = 0.2 * unit::um;
  const Landing l = land(field, m, {}, 50e-6, 50e-6, 1, 3);
  EXPECT_NEAR(l.detachment_height, 0.8 * l.footprint.diameter + 0.2e-6, 1e-18);
}

TEST(Landing, EachLandingIsItsOwnWhateverCameBefore) {
  const SampleField field(cluster_in_the_middle(500), 1);
  const Landing alone = land(field, {}, {}, 50e-6, 50e-6, 4, 17);
  for (std::uint64_t k = 0; k < 5; ++k) land(field, {}, {}, 50.1e-6, 50e-6, 4, k);
  const Landing again = land(field, {}, {}, 50e-6, 50e-6, 4, 17);
  EXPECT_EQ(alone.footprint.diameter, again.footprint.diameter);
  EXPECT_EQ(alone.gold_area, again.gold_area);
  ASSERT_EQ(alone.particles.size(), again.particles.size());
  EXPECT_NE(alone.footprint.diameter, land(field, {}, {}, 50e-6, 50e-6, 4, 18).footprint.diameter);
  EXPECT_NE(alone.footprint.diameter, land(field, {}, {}, 50e-6, 50e-6, 5, 17).footprint.diameter);
}

TEST(Landing, FootprintSpreadsByDecadesOfWetTime) {
  Landing l;
  l.footprint.diameter = 1e-6;
  EXPECT_DOUBLE_EQ(footprint_diameter_after(l, {}, 0.0), 1e-6);
  EXPECT_DOUBLE_EQ(footprint_diameter_after(l, {}, 1.0), 1e-6);
  EXPECT_DOUBLE_EQ(footprint_diameter_after(l, {}, 100.0), 1.02e-6);
  EXPECT_THROW(footprint_diameter_after(l, {}, -1.0), InputError);
}

TEST(Landing, DefaultsGiveTheCurrentsOfThePaper) {
  // PHYSICS section 7: about 30 fA per fully wetted sphere of 50 nm at 100 mV/s with D = 1e-13 cm^2/s; peak current of
  // a semi-infinite wave goes with the wetted area.
  const SampleField field({}, 1);
  std::vector<double> currents;
  for (std::size_t k = 0; k < field.clusters().size(); ++k) {
    const Cluster& c = field.clusters()[k];
    double i = 0.0;
    for (const WettedParticle& w : land(field, reliable(), {}, c.x, c.y, 1, k).particles) {
      const SampleParticle& p = field.particle({w.cluster, w.particle});
      if (p.connected) i += 30e-15 * w.wetted_fraction * (p.radius / 25e-9) * (p.radius / 25e-9);
    }
    currents.push_back(i);
  }
  const auto usual =
      std::count_if(currents.begin(), currents.end(), [](double i) { return i > 0.3e-12 && i < 20e-12; });
  // 10 to 667 whole spheres: P = 0.90 - 0.06 = 0.83 of the sizes drawn; 5 standard errors of 200 draws below.
  EXPECT_GT(static_cast<double>(usual) / 200.0, 0.83 - 5.0 * std::sqrt(0.83 * 0.17 / 200.0));
}

TEST(Landing, BadInputSaysWhatIsAccepted) {
  const SampleField field(flat_gold(), 1);
  const auto message = [&](const MeniscusParameters& m, const PipetteParameters& p, double x) -> std::string {
    try {
      land(field, m, p, x, 50e-6, 1, 0);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({}, {}, std::numeric_limits<double>::quiet_NaN()), HasSubstr("accepted is a finite position"));
  MeniscusParameters m;
  m.footprint_ratio = 0.0;
  EXPECT_THAT(message(m, {}, 50e-6), AllOf(HasSubstr("meniscus.footprint_ratio = 0"), HasSubstr("0.5 to 3")));
  PipetteParameters p;
  p.diameter = 10.0 * unit::um;
  EXPECT_THAT(message({}, p, 50e-6), HasSubstr("pipette.diameter = 10 um"));
  SampleParameters small = flat_gold();
  small.field_width = small.field_height = 1.2 * unit::um;
  try {
    land(SampleField(small, 1), {}, {}, 0.5e-6, 0.5e-6, 1, 0);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("outer 1.4 um"), HasSubstr("larger than the field of 1.2 x 1.2 um")));
  }
}

}  // namespace
}  // namespace seccm::models
