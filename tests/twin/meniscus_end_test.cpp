// How a meniscus ends, seen from the world itself: no device, no rule that keeps the tip from being dragged.
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "instrument/twin/world.hpp"
#include "models/meniscus/landing.hpp"
#include "sim/error.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin::testing {
namespace {

constexpr std::uint64_t seed = 3;

/// A tip over bare gold that goes where it is driven, a millisecond at a time.
class DrivenTip {
 public:
  explicit DrivenTip(const TwinSpec& spec) : world_(spec, 0.1e-6, seed, drive_.position) {
    world_.begin_potential(0.0, 0.0, 1e6, nobody_reads_);
  }

  void go_on(const Point3& velocity) {
    constexpr Tick millisecond = 40'000;
    drive_.velocity = velocity;
    const double dt = seconds(world_.advance(drive_, millisecond, nobody_reads_).ticks);
    drive_.position.x += velocity.x * dt;
    drive_.position.y += velocity.y * dt;
    drive_.position.z += velocity.z * dt;
  }
  void descend() {
    while (!world_.in_contact() && drive_.position.z > 0.0) go_on({0.0, 0.0, -3e-6});
    ASSERT_TRUE(world_.in_contact());
  }
  void rest(double duration) {
    for (const double end = world_.now() + duration; world_.now() < end;) go_on({});
  }
  [[nodiscard]] const World& world() const { return world_; }

 private:
  Integrals nobody_reads_;
  Drive drive_{.position = {blank_x, blank_y, 36e-6}, .velocity = {}};
  World world_;
};

// Beyond the radius of the opening, whatever the direction, and not before: it is looked at every 2 nm.
TEST(MeniscusEnd, ComesWhereTheTipIsDraggedByTheRadiusOfTheOpening) {
  const TwinSpec spec = silent(ideal_stage(small_spec()));
  DrivenTip tip(spec);
  tip.descend();
  const Point3 touched = tip.world().tip();
  double before = 0.0, dragged = 0.0;
  for (int k = 0; k < 5000 && tip.world().in_contact(); ++k) {
    tip.go_on({-1.2e-6, 1.6e-6, 0.0});
    before = std::exchange(dragged, std::hypot(tip.world().tip().x - touched.x, tip.world().tip().y - touched.y));
  }
  EXPECT_FALSE(tip.world().in_contact());
  EXPECT_LE(before, spec.pipette.radius());
  EXPECT_GT(dragged, spec.pipette.radius());
  EXPECT_LT(dragged - before, 2.1e-9);
  EXPECT_EQ(tip.world().residues().size(), 1U);
}

// The residue is as wide as the meniscus had become: by `spreading` more for each decade behind the first second.
TEST(MeniscusEnd, LeavesAResidueAsWideAsTheMeniscusHadGrown) {
  TwinSpec spec = silent(ideal_stage(small_spec()));
  spec.meniscus.spreading = 0.2;
  for (const double wet : {0.3, 9.0}) {
    DrivenTip tip(spec);
    tip.descend();
    tip.rest(wet);
    for (int k = 0; k < 5000 && tip.world().in_contact(); ++k) tip.go_on({0.0, 0.0, 10e-6});
    ASSERT_EQ(tip.world().residues().size(), 1U);
    const auto& landing = tip.world().truth().landings.at(0);
    const auto event =
        models::land(tip.world().field(), spec.meniscus, spec.pipette, landing.sample_x, landing.sample_y, seed, 0);
    const double lasted = landing.t_end - landing.t;
    ASSERT_GE(lasted, wet);
    ASSERT_LT(lasted, wet + 0.7);
    const double growth = wet < 1.0 ? 1.0 : 1.0 + 0.2 * std::log10(lasted);
    EXPECT_NEAR(tip.world().residues()[0].diameter / event.residue.diameter, growth, 1e-9);
  }
}

// A cell that can not be built ends the scan; the tip is then brought away from a contact that passes no current.
TEST(MeniscusEnd, OfACellThatCanNotBeIsThatOfAnyContact) {
  TwinSpec spec = silent(ideal_stage(small_spec()));
  spec.double_layer.gold = -1.0 * unit::uF_per_cm2;
  spec.meniscus.transient_amplitude = 0.0 * unit::pA;
  DrivenTip tip(spec);
  EXPECT_THROW(tip.descend(), InputError);
  EXPECT_TRUE(tip.world().in_contact());
  EXPECT_EQ(tip.world().current(), 0.0);
  for (int k = 0; k < 5000 && tip.world().in_contact(); ++k) tip.go_on({0.0, 0.0, 10e-6});
  EXPECT_FALSE(tip.world().in_contact());
  ASSERT_EQ(tip.world().truth().landings.size(), 1U);
  EXPECT_GT(tip.world().truth().landings[0].t_end, tip.world().truth().landings[0].t);
  EXPECT_EQ(tip.world().truth().landings[0].x_max, 0.0);
}

}  // namespace
}  // namespace seccm::instrument::twin::testing
