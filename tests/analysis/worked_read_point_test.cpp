// From the frames of a run file to voltammograms: which frames, which channel, which potential, and what the amplifier
// said of them.
#include <gtest/gtest.h>

#include <cmath>

#include "pipeline/analysis/analyse.hpp"
#include "pipeline/analysis/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::analysis {
namespace {

constexpr std::uint16_t out_of_range = 1, in_contact = 2;

/// A run of one point: a settling leg, a ramp of 100 frames up, one down, and a ramp of no cycle (a calibration's).
class ReadPoint : public testing::Test {
 protected:
  ReadPoint() {
    header_.E1.lsb = 1e-3;
    header_.E2.lsb = 2e-3;
    header_.i1.lsb = 1e-15;
    header_.i2.lsb = 3e-15;
    header_.pipette_diameter = 1.7e-6;
    point_.index = 4;
    point_.kind = files::PointKind::target;
    point_.contact = point_.complete = true;
    point_.image_area = 2.5e-12;
    point_.verdict = "ok";
  }

  void leg(files::LegKind kind, int cycle, int direction, std::int16_t tag, auto flags) {
    files::Leg leg;
    leg.tag = tag;
    leg.kind = kind;
    leg.cycle = cycle;
    leg.direction = direction;
    leg.scan_rate = 0.2;
    leg.frame_begin = frames_.size();
    for (int k = 0; k < 100; ++k) {
      files::PackedFrame f;
      f.tick = 41120 * static_cast<std::int64_t>(frames_.size() + 1);
      f.E1 = static_cast<std::int16_t>(direction * (k - 50));
      f.E2 = 777;
      f.i1 = static_cast<std::int16_t>(direction * 100 + k);
      f.i2 = 555;
      f.tag = k == 10 ? 99 : tag;  // one frame of another leg
      f.flags = flags(k);
      frames_.push_back(f);
    }
    leg.frame_end = frames_.size();
    point_.legs.push_back(leg);
  }
  PointInput read() {
    {
      files::RunRecorder recorder(directory_ / "run.h5", header_);
      recorder.append(frames_);
      point_.frame_end = frames_.size();
      for (const auto& c : calibrations_) recorder.add(c);
      recorder.add(point_);
      recorder.finalise("complete");
    }
    const files::RunReader run(directory_ / "run.h5");
    return read_point(run, run.summary().points.at(0), ReferencePotential(run.summary().reference_calibrations));
  }

  const seccm::test::ScratchDirectory directory_;
  files::RunHeader header_;
  files::PointRecord point_;
  std::vector<files::PackedFrame> frames_;
  std::vector<files::ReferenceCalibration> calibrations_;
};

std::uint16_t no_flag(int) {
  return 0;
}

TEST_F(ReadPoint, TakesFirstChannelOfTheLegsOwnFramesAgainstLithiumAtTheirTime) {
  // 3.0 V at the start, 3.4 V after 1000 frames of 1.028 ms: 0.4 mV per frame.
  calibrations_ = {{0.0, 0.0, 3.0, 3e-3, 1e-12, true}, {1.028, 0.0, 3.4, 4e-3, 1e-12, true}};
  leg(files::LegKind::settle, 0, 0, 1, no_flag);
  leg(files::LegKind::ramp, 0, 1, 2, no_flag);
  leg(files::LegKind::ramp, 1, 1, 3, no_flag);
  leg(files::LegKind::ramp, 1, -1, 4, no_flag);
  const PointInput input = read();
  ASSERT_EQ(input.voltammograms.size(), 2U);  // by direction: cathodic first
  for (const Voltammogram& v : input.voltammograms) {
    const bool up = v.direction > 0;
    ASSERT_EQ(v.i.size(), 99U) << "without the frame of another tag";
    EXPECT_EQ(v.cycle, 1);
    EXPECT_EQ(v.scan_rate, 0.2);
    for (const int k : {0, 30, 98}) {
      const int frame = k < 10 ? k : k + 1;
      const double t = 1.028e-3 * ((up ? 200 : 300) + frame + 1);
      const auto at = static_cast<std::size_t>(k);
      EXPECT_NEAR(v.t[at], t, 1e-9);
      EXPECT_NEAR(v.E_vs_Li[at], v.direction * (frame - 50) * 1e-3 + 3.0 + 0.4 * t / 1.028, 1e-9);
      EXPECT_NEAR(v.i[at], (v.direction * 100 + frame) * 1e-15, 1e-27);
    }
    // linear in time between 3 and 4 mV, in quadrature: at the end of each sweep
    const double f = (up ? 0.3 : 0.4);
    EXPECT_NEAR(v.E_standard_error, std::hypot((1 - f) * 3e-3, f * 4e-3), 1e-9);
  }
  EXPECT_EQ(input.index, 4);
  EXPECT_TRUE(input.contact && input.complete && input.reference_known);
  EXPECT_EQ(input.image_area, 2.5e-12);
  EXPECT_EQ(input.pipette_diameter, 1.7e-6);
  EXPECT_EQ(input.verdict, "ok");
}

TEST_F(ReadPoint, CountsTheSaturatedFramesOfTheCyclesAlone) {
  leg(files::LegKind::settle, 0, 0, 1, [](int) { return out_of_range; });
  leg(files::LegKind::ramp, 0, 1, 2, [](int) { return out_of_range; });
  leg(files::LegKind::ramp, 1, 1, 3,
      [](int k) { return static_cast<std::uint16_t>(k < 3 ? out_of_range : in_contact); });
  leg(files::LegKind::ramp, 1, -1, 4,
      [](int k) { return static_cast<std::uint16_t>(k == 10 || k == 50 ? out_of_range | in_contact : 0); });
  const PointInput input = read();
  EXPECT_EQ(input.saturated_frames, 3 + 1);  // frame 10 is of another leg
  EXPECT_FALSE(input.reference_known);
  const auto selections = analyse(files::RunReader(directory_ / "run.h5"), {}).selections;
  ASSERT_EQ(selections.size(), 1U);
  EXPECT_FALSE(selections[0].accepted);
}

TEST_F(ReadPoint, ASaturatedVoltammogramIsNotAnalysed) {
  calibrations_ = {{0.0, 0.0, 3.0, 3e-3, 1e-12, true}};
  leg(files::LegKind::ramp, 1, 1, 3, [](int k) { return static_cast<std::uint16_t>(k == 40 ? out_of_range : 0); });
  (void)read();
  const auto selections = analyse(files::RunReader(directory_ / "run.h5"), {}).selections;
  ASSERT_EQ(selections.size(), 1U);
  EXPECT_EQ(selections[0].reason, "current out of range in 1 frames");
}

TEST_F(ReadPoint, AnOpenPointStaysOpen) {
  calibrations_ = {{0.0, 0.0, 3.0, 3e-3, 1e-12, true}};
  point_.contact = true;
  point_.complete = false;
  leg(files::LegKind::ramp, 1, 1, 3, no_flag);
  EXPECT_FALSE(read().complete);
  std::filesystem::remove(directory_ / "run.h5");
  point_.contact = false;
  EXPECT_FALSE(read().contact);
}

TEST_F(ReadPoint, RefusesALegOfFramesThatAreNotThere) {
  leg(files::LegKind::ramp, 1, 1, 3, no_flag);
  point_.legs[0].frame_end = 101;
  EXPECT_THROW(read(), InputError);
  std::filesystem::remove(directory_ / "run.h5");
  point_.legs[0].frame_end = 100;
  point_.legs[0].scan_rate = 0.0;
  EXPECT_THROW(read(), InputError);
  std::filesystem::remove(directory_ / "run.h5");
  point_.legs[0].scan_rate = 0.2;
  point_.legs[0].direction = 0;
  EXPECT_THROW(read(), InputError);
}

}  // namespace
}  // namespace seccm::analysis
