// The twin's source-measure unit against charges and currents that are known.
#include <gtest/gtest.h>

#include <cmath>

#include "instrument/twin/single_instruments.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::twin {
namespace {

constexpr double reading_step = 1e-16;  // A: a millionth of the range of 100 pA

TwinSpec quiet_meter() {
  return testing::silent(testing::ideal_stage(testing::small_spec()));
}

/// One reading at the present level, 20 ms.
bench::CurrentReading read_once(bench::SourceMeterModel& meter, double delay = 0.0) {
  meter.start({{std::nullopt, delay, 20e-3}});
  meter.finish();
  return meter.take().at(0);
}

TEST(TwinSourceMeter, IntegratesTheChargeOfAStepIntoTheStrayCapacitance) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  meter.set_level(0.3);
  EXPECT_NEAR(read_once(meter).current, 0.0, reading_step);  // the output is off
  meter.set_output(true);
  const double charge = quiet_meter().amplifier.stray_capacitance.si() * 0.3;
  const auto reading = read_once(meter);
  EXPECT_NEAR(reading.current, charge / 20e-3, reading_step);
  EXPECT_EQ(reading.level, 0.3);
  EXPECT_DOUBLE_EQ(reading.t, 40e-3);
  meter.set_level(0.1);
  EXPECT_NEAR(read_once(meter, 1e-3).current, 0.0, reading_step);  // behind the delay it is over
}

TEST(TwinSourceMeter, TakesItsReadingsWhileOthersUseTheTime) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  meter.set_output(true);
  std::vector<bench::SourcePoint> points;
  for (int k = 0; k < 5; ++k) points.push_back({0.1 * k, 5e-3, 15e-3});
  meter.start(points);
  twin.clock().sleep_until(0.05, {});
  EXPECT_TRUE(meter.running());
  EXPECT_EQ(meter.take().size(), 2U);
  EXPECT_DOUBLE_EQ(meter.level(), 0.2);
  twin.clock().sleep_until(5.0, {});
  EXPECT_FALSE(meter.running());
  const auto rest = meter.take();
  ASSERT_EQ(rest.size(), 3U);
  EXPECT_DOUBLE_EQ(rest.back().t, 0.1);
  EXPECT_DOUBLE_EQ(meter.level(), 0.4);
}

TEST(TwinSourceMeter, StopKeepsWhatIsComplete) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  meter.start(std::vector<bench::SourcePoint>(3, {std::nullopt, 0.0, 20e-3}));
  twin.clock().sleep_until(0.03, {});
  meter.stop();
  EXPECT_FALSE(meter.running());
  EXPECT_EQ(meter.take().size(), 1U);
}

TEST(TwinSourceMeter, NoiseIsWhiteOverTheAperture) {
  TwinSpec spec = quiet_meter();
  spec.amplifier.white_noise = 3.0 * unit::fA_per_rtHz;
  spec.amplifier.flicker_corner = 0.0 * unit::Hz;
  SingleInstruments twin(spec, 3);
  constexpr std::size_t count = 4000;
  twin.source_meter().start(std::vector<bench::SourcePoint>(count, {std::nullopt, 0.0, 20e-3}));
  twin.source_meter().finish();
  double sum = 0.0, squares = 0.0;
  for (const auto& r : twin.source_meter().take()) sum += r.current, squares += r.current * r.current;
  const double sigma = 3e-15 / std::sqrt(2.0 * 20e-3), n = static_cast<double>(count);
  // Five standard deviations of a mean and of a variance of n normal numbers.
  EXPECT_NEAR(sum / n, 0.0, 5.0 * sigma / std::sqrt(n));
  EXPECT_NEAR(squares / n, sigma * sigma, 5.0 * sigma * sigma * std::sqrt(2.0 / n));
}

TEST(TwinSourceMeter, MainsVanishOverWholeCycles) {
  TwinSpec spec = quiet_meter();
  spec.amplifier.mains_amplitude = 1.0 * unit::pA;
  SingleInstruments twin(spec, 3);
  twin.source_meter().start({{std::nullopt, 0.0, 20e-3}, {std::nullopt, 0.0, 10e-3}});
  twin.source_meter().finish();
  const auto readings = twin.source_meter().take();
  EXPECT_NEAR(readings[0].current, 0.0, reading_step);
  // Half a cycle: at most 2/π of the amplitude.
  EXPECT_GT(std::abs(readings[1].current), 1e-14);
  EXPECT_LE(std::abs(readings[1].current), 1e-12 * 2.0 / constants::pi + reading_step);
}

// The mean over an aperture is the mean of those over its halves, wherever in the cycle they lie.
TEST(TwinSourceMeter, MainsOfAnApertureAreTheMeanOfItsHalves) {
  TwinSpec spec = quiet_meter();
  spec.amplifier.mains_amplitude = 1.0 * unit::pA;
  const auto read_in = [&](int parts) {
    SingleInstruments twin(spec, 3);
    twin.source_meter().start(std::vector<bench::SourcePoint>(static_cast<std::size_t>(parts),
                                                              {std::nullopt, 0.0, 14e-3 / static_cast<double>(parts)}));
    twin.source_meter().finish();
    double sum = 0.0;
    for (const auto& r : twin.source_meter().take()) sum += r.current / parts;
    return sum;
  };
  EXPECT_GT(std::abs(read_in(1)), 1e-14);
  EXPECT_NEAR(read_in(2), read_in(1), reading_step);
  EXPECT_NEAR(read_in(4), read_in(1), reading_step);
}

// Two steps at one moment are the step from the first to the last.
TEST(TwinSourceMeter, StepsOfOneMomentAddUp) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  meter.set_output(true);
  meter.set_level(0.4);
  meter.set_level(0.1);
  const double charge = quiet_meter().amplifier.stray_capacitance.si() * 0.1;
  EXPECT_NEAR(read_once(meter).current, charge / 20e-3, reading_step);
}

TEST(TwinSourceMeter, RangesAreDecadesAndOverrangeIsSaid) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  EXPECT_DOUBLE_EQ(meter.current_range(), 100e-12);
  EXPECT_DOUBLE_EQ(meter.set_current_range(2e-10), 1e-9);
  EXPECT_DOUBLE_EQ(meter.set_current_range(1e-9), 1e-9);
  EXPECT_DOUBLE_EQ(meter.set_current_range(1e-12), 100e-12);
  meter.set_output(true);
  meter.set_level(2.5);  // 2.5 pC in 20 ms: 125 pA
  EXPECT_TRUE(read_once(meter).overrange);
  EXPECT_FALSE(read_once(meter).overrange);
}

TEST(TwinSourceMeter, SeesTheLandingOfAStageThatSomebodyElseMoves) {
  SingleInstruments twin(quiet_meter(), 3);
  bench::SourceMeterModel& meter = twin.source_meter();
  bench::StageModel& stage = twin.stage();
  meter.set_level(0.5);
  meter.set_output(true);
  stage.move_to(0, testing::blank_x);
  stage.move_to(1, testing::blank_y);
  twin.clock().sleep_until(2.0, {});
  stage.set_velocity(2, 3e-6);
  stage.move_to(2, twin.truth().surface_z - 5e-6);
  double in_contact = 0.0, last_in_air = 0.0;
  for (int k = 0; k < 3000 && twin.truth().landings.empty(); ++k) {
    last_in_air = in_contact;
    in_contact = read_once(meter).current;
  }
  stage.halt(2);
  ASSERT_EQ(twin.truth().landings.size(), 1U);
  const auto& landing = twin.truth().landings.at(0);
  EXPECT_NEAR(last_in_air, 0.0, reading_step);
  EXPECT_DOUBLE_EQ(landing.E_vs_Li_at_contact, 0.5 + landing.qrce_offset_vs_Li);
  // The next reading is within the contact transient, which lasts for 0.1 s and more.
  EXPECT_GT(std::abs(read_once(meter).current), 0.2 * std::abs(landing.transient_amplitude));
  stage.set_velocity(2, 50e-6);
  stage.move_to(2, 60e-6);
  twin.clock().sleep_until(twin.clock().now() + 2.0, {});
  EXPECT_NEAR(read_once(meter).current, 0.0, reading_step);
}

TEST(TwinSourceMeter, IsReproducible) {
  double currents[2];
  for (double& current : currents) {
    SingleInstruments twin(testing::small_spec(), 5);
    twin.source_meter().set_output(true);
    current = read_once(twin.source_meter()).current;
  }
  EXPECT_EQ(currents[0], currents[1]);
  EXPECT_NE(currents[0], 0.0);
}

}  // namespace
}  // namespace seccm::instrument::twin
