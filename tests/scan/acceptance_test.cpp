// What a scan asks of its rig before anything moves, what it expects to take, and what it leaves in the run file of
// its images.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "fake_rig.hpp"
#include "pipeline/scan/position_calibration.hpp"
#include "pipeline/scan/session.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scan {
namespace {

using test::FakeConfig;
using test::FakeRig;
using testing::HasSubstr;

std::string said_before(const ScanParameters& p) {
  FakeRig rig(FakeConfig{});
  try {
    require_accepted(rig.rig(), p);
  } catch (const InputError& error) {
    EXPECT_TRUE(rig.world.calls.empty());
    return error.what();
  }
  return "accepted";
}

// ±2.5 V vs QRCE at a nominal 2.8 V: 0.3 to 5.3 V vs Li, each potential by its own key.
TEST(Acceptance, OfEveryPotentialAtBothEnds) {
  using P = ScanParameters;
  const std::pair<const char*, Potential& (*)(P&)> keys[] = {
      {"cv.start", [](P& p) -> Potential& { return p.cv.start; }},
      {"cv.vertex1", [](P& p) -> Potential& { return p.cv.vertex1; }},
      {"cv.vertex2", [](P& p) -> Potential& { return p.cv.vertex2; }},
      {"scan.approach_potential", [](P& p) -> Potential& { return p.protocol.approach_potential; }}};
  for (const auto& [key, potential] : keys) {
    P p;
    p.calibration.nominal_offset = 2.8 * unit::V;
    for (const double good : {0.31, 5.29}) {
      potential(p) = good * unit::V;
      EXPECT_EQ(said_before(p), "accepted") << key << good;
    }
    for (const double bad : {0.29, 5.31}) {
      potential(p) = bad * unit::V;
      EXPECT_THAT(said_before(p), HasSubstr(std::string(key) + ":")) << bad;
    }
  }
}

TEST(Acceptance, OfRatesAndOfTheLengthOfTheProgramme) {
  ScanParameters p;
  p.cv.scan_rates = {1.0 * unit::V_per_s, 10.0 * unit::V_per_s};
  EXPECT_EQ(said_before(p), "accepted");
  p.cv.scan_rates = {1.0 * unit::V_per_s, 10.1 * unit::V_per_s};
  EXPECT_THAT(said_before(p), HasSubstr("cv.scan_rates: 10.1 V/s"));
  // 1 + 16 x 1000 x 2 legs + 15 rests = 32016, and 17 of them.
  p.cv.scan_rates.assign(16, 1.0 * unit::V_per_s);
  p.cv.cycles = 1000;
  EXPECT_EQ(said_before(p), "accepted");
  p.cv.scan_rates.assign(17, 1.0 * unit::V_per_s);
  EXPECT_THAT(said_before(p), HasSubstr("the programme has 34017 legs"));
}

// Everything the operator can set, away from its default. The CV: a hold of 0.5 s and two ramps of 1.5 V at 0.5 V/s, a
// frame of 1.028 ms more for each of three legs, as the fake's dry run counts.
TEST(Acceptance, ExpectsWhatThePartsOfAPointTake) {
  ScanParameters p;
  p.protocol.hop_height = 12.0 * unit::um;
  p.protocol.slow_distance = 4.0 * unit::um;
  p.protocol.retract_speed = 40.0 * unit::um_per_s;
  p.protocol.fast_approach_speed = 16.0 * unit::um_per_s;
  p.protocol.approach_speed = 2.0 * unit::um_per_s;
  p.protocol.lateral_speed = 25.0 * unit::um_per_s;
  p.protocol.air_settle = 0.35 * unit::s;
  p.protocol.contact_check = 0.15 * unit::s;
  p.protocol.settle = 0.8 * unit::s;
  p.cv.vertex1 = 1.5 * unit::V;
  p.cv.cycles = 1;
  p.cv.scan_rates = {0.5 * unit::V_per_s};
  p.cv.hold = 0.5 * unit::s;
  FakeRig rig(FakeConfig{});
  const double cv = 0.5 + 2 * 1.5 / 0.5 + 3 * 1.028e-3;
  const double point = 12.0 / 40 + 0.35 + 8.0 / 16 + 4.0 / 2 + 0.15 + 0.8 + cv;
  for (const bool check : {true, false}) {
    p.protocol.contact_end_check = check;
    const ScanEstimate e = expected_points_duration(rig.rig(), p, 7, 150e-6, 3.05);
    EXPECT_EQ(e.points, 7);
    EXPECT_DOUBLE_EQ(e.path_length, 150e-6);
    EXPECT_NEAR(e.per_point, point + (check ? 0.3 : 0.0), 1e-9);
    EXPECT_NEAR(e.duration, 7 * e.per_point + 6.0, 1e-9);
  }
}

// 60 % of a view of 40 x 20 um, 3 um right of and 2 um below the middle of a stage of 100 um; nodes move by 12 % of a
// pitch and stay inside.
TEST(CalibrationNodes, SpanTheirShareOfTheView) {
  CalibrationParameters p;
  p.columns = 5;
  p.rows = 4;
  p.coverage = 0.6;
  p.view_offset_x = 3.0 * unit::um;
  p.view_offset_y = -2.0 * unit::um;
  instrument::Limits limits;
  limits.x_max = limits.y_max = 100e-6;
  const auto nodes = calibration_nodes(p, limits, {400, 200, 12, 0.1e-6});
  ASSERT_EQ(nodes.size(), 20U);
  const double left = 53e-6 - 12e-6, bottom = 48e-6 - 6e-6, pitch_x = 24e-6 / 4, pitch_y = 12e-6 / 3;
  for (int row = 0; row < 4; ++row) {
    for (int k = 0; k < 5; ++k) {
      const int column = row % 2 == 0 ? k : 4 - k;  // there and back
      const StagePoint& node = nodes[5 * static_cast<std::size_t>(row) + static_cast<std::size_t>(k)];
      EXPECT_NEAR(node.x, left + column * pitch_x, 0.12 * pitch_x);
      EXPECT_NEAR(node.y, bottom + row * pitch_y, 0.12 * pitch_y);
      EXPECT_GE(node.x, left - 1e-15);
      EXPECT_LE(node.x, left + 24e-6 + 1e-15);
      EXPECT_GE(node.y, bottom - 1e-15);
      EXPECT_LE(node.y, bottom + 12e-6 + 1e-15);
    }
  }
  p.view_offset_x = 80.0 * unit::um;
  EXPECT_THROW(calibration_nodes(p, limits, {400, 200, 12, 0.1e-6}), CalibrationError);
}

TEST(DetectionSettings, AreInPixels) {
  ProtocolParameters p;
  p.optical_resolution = 0.47096 * unit::um;  // FWHM of a Gaussian: 2.3548 sigma
  p.minimum_diameter = 0.6 * unit::um;
  p.detection_threshold = 4.5;
  p.minimum_contrast = 0.02;
  p.area_level = 0.4;
  const DetectionSettings s = detection_settings(p, 0.1e-6);
  EXPECT_NEAR(s.blur, 2.0, 1e-6);
  EXPECT_NEAR(s.minimum_diameter, 6.0, 1e-9);
  EXPECT_EQ(s.threshold, 4.5);
  EXPECT_EQ(s.minimum_contrast, 0.02);
  EXPECT_EQ(s.area_level, 0.4);
}

/// A small camera, and the images of a session.
class Images : public testing::Test {
 protected:
  ScanSession& begin(const FakeConfig& config = {}) {
    rig_.emplace(config);
    rig_->world.config.pixels = 64;
    recorder_.emplace(directory_ / "run.h5", test::header_of(*rig_));
    session_.emplace(rig_->rig(), parameters_, *recorder_, std::stop_token{}, ProgressCallback{});
    return *session_;
  }
  files::RunReader written() {
    session_.reset();
    recorder_->finalise("complete");
    return files::RunReader(directory_ / "run.h5");
  }
  test::ScratchDirectory directory_;
  ScanParameters parameters_;
  std::optional<FakeRig> rig_;
  std::optional<files::RunRecorder> recorder_;
  std::optional<ScanSession> session_;
};

double share_of_full_scale(const files::RunImage& image, double share) {
  std::vector<std::uint16_t> pixels = image.pixels;
  std::sort(pixels.begin(), pixels.end());
  return pixels[static_cast<std::size_t>(share * static_cast<double>(pixels.size() - 1))] / 65535.0;
}

TEST_F(Images, AreTakenUnderTheirOwnLampWhichIsDarkAfterwards) {
  ScanSession& session = begin();
  parameters_.protocol.average = 4;
  session.imaging.record("one", instrument::LightChannel::reflection);
  EXPECT_EQ(rig_->world.lamp[0], 0.0);
  const double after_one = rig_->world.t;
  session.imaging.record("two", instrument::LightChannel::transmission);
  EXPECT_EQ(rig_->world.lamp[1], 0.0);
  const auto run = written();
  const auto dark = run.image("dark").value(), one = run.image("one").value(), two = run.image("two").value();
  EXPECT_EQ(dark.illumination, "dark");
  EXPECT_LT(share_of_full_scale(dark, 1.0), 0.01);
  EXPECT_EQ(one.illumination, "reflection");
  EXPECT_EQ(one.reflection, 1.0);
  EXPECT_EQ(one.transmission, 0.0);
  EXPECT_EQ(two.illumination, "transmission");
  EXPECT_EQ(two.transmission, 1.0);
  for (const auto& image : {one, two}) {
    EXPECT_EQ(image.average, 4);
    EXPECT_NEAR(image.t - image.t_start, 4 * image.exposure, 1e-9);
    // 70 % of full scale for the brightest thousandth, to the 15 to 20 % of the search
    EXPECT_NEAR(share_of_full_scale(image, 0.999), 0.7, 0.7 * 0.2);
  }
  EXPECT_DOUBLE_EQ(one.t, after_one);
  // the lamp below has half the light: twice the exposure
  EXPECT_NEAR(two.exposure / one.exposure, 2.0, 0.2 * 2.0);
}

TEST_F(Images, HaveTheExposureThatIsGiven) {
  parameters_.protocol.exposure = 3.0 * unit::ms;
  ScanSession& session = begin();
  session.imaging.record("one", instrument::LightChannel::reflection);
  const auto run = written();
  EXPECT_DOUBLE_EQ(run.image("one")->exposure, 3e-3);
  EXPECT_FALSE(run.image("exposure_1")) << "nothing is searched for";
}

// Sixty frames of one second: the camera is given the time that they take.
TEST_F(Images, OfManyLongExposuresAreWaitedFor) {
  parameters_.protocol.exposure = 1.0 * unit::s;
  parameters_.protocol.average = 60;
  ScanSession& session = begin();
  session.imaging.record("one", instrument::LightChannel::reflection);
  const auto run = written();
  EXPECT_NEAR(run.image("one")->t - run.image("one")->t_start, 60.0, 1e-9);
}

// 70 % of full scale are 45874 counts. A dark level of 20000 leaves 25874 of them for the light, and 10 ms, which are
// not saturated, tell how long that takes. One of 45000 leaves 874; 10 ms are saturated there, and of a saturated frame
// 0.4 are tried.
TEST_F(Images, AreExposedForTheLightAboveTheDarkLevel) {
  const auto trials = [&](double dark_level) {
    FakeConfig config;
    config.dark_level = dark_level;
    config.image_noise = 0.0;
    begin(config).imaging.record("one", instrument::LightChannel::reflection);
    const auto run = written();
    EXPECT_NEAR(share_of_full_scale(run.image("one").value(), 0.999), 0.7, 0.7 * 1e-3) << dark_level;
    std::vector<double> exposures;
    for (int k = 1; run.image("exposure_" + std::to_string(k)); ++k)
      exposures.push_back(run.image("exposure_" + std::to_string(k))->exposure);
    return exposures;
  };
  EXPECT_EQ(trials(20000.0).size(), 2U);
  const auto saturated = trials(45000.0);
  ASSERT_GE(saturated.size(), 3U);
  EXPECT_DOUBLE_EQ(saturated[0], 10e-3);
  EXPECT_DOUBLE_EQ(saturated[1], 4e-3);
}

TEST_F(Images, AreTakenAgainThreeTimesAtMostAndOnlyWhereThatMayHelp) {
  parameters_.protocol.exposure = 3.0 * unit::ms;
  const auto failures_until = [&](int drops, bool dead) {
    FakeConfig config;
    config.camera_drops = drops;
    config.camera_dead = dead;
    ScanSession& session = begin(config);
    try {
      session.imaging.record("one", instrument::LightChannel::reflection);
    } catch (const DeviceError&) {
      return std::string("fault");
    }
    return std::string("taken");
  };
  EXPECT_EQ(failures_until(3, false), "taken");  // the dark frame takes them
  EXPECT_EQ(failures_until(4, false), "fault");
  EXPECT_EQ(failures_until(0, true), "fault");
  EXPECT_EQ(std::count(rig_->world.calls.begin(), rig_->world.calls.end(), "camera fault"), 1);
}

}  // namespace
}  // namespace seccm::scan
