#include "instrument/wecspm/words.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "instrument/wecspm/units.hpp"

namespace seccm::instrument::wecspm {
namespace {

Words random_words(std::mt19937& engine) {
  std::uniform_int_distribution<int> word(-32768, 32767);
  Words words{};
  for (auto& w : words) w = static_cast<std::int16_t>(word(engine));
  return words;
}

TEST(WaypointWords, StandWhereTheTargetReadsThem) {
  NativeWaypoint w;
  w.action = 2;
  w.velocity = {1, 2, 3, 4, 5};
  w.target = {16383, -16383, 32767, -32768, 7};
  w.loop_wait_us = 11;
  w.hold_us = 32764;
  w.flags = move_x | move_y | wecspm::move_z | move_v | jump_v | hold_line;
  EXPECT_EQ(encode(w), (Words{2, 1, 2, 3, 4, 5, 16383, -16383, 32767, -32768, 7, 11, 32764, 63}));
}

TEST(SampleWords, StandWhereTheTargetWritesThem) {
  NativeSample s;
  s.position = {1, 2, 3, 4, 5};
  s.i1 = -6;
  s.i2 = 7;
  s.feedback = 1;
  s.line = -32768;
  s.interval = 41120;  // 257 x 4 us: high half 0, low half 41120
  EXPECT_EQ(encode(s), (Words{1, 2, 3, 4, 5, -6, 7, 0, 1, -32768, 0, 0, -32768, 41120 - 32768}));
}

TEST(SampleWords, IntervalIsTheSpanSinceThePreviousSampleWithBothHalvesBiased) {
  for (std::uint32_t ticks :
       {0U, 1U, 0x7FFFU, 0x8000U, 0xFFFFU, 0x10000U, 41120U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
    NativeSample s;
    s.interval = ticks;
    EXPECT_EQ(decode_sample(encode(s)).interval, ticks);
  }
  Words low{};
  low[12] = low[13] = -32768;
  EXPECT_EQ(decode_sample(low).interval, 0U);
}

TEST(WaypointWords, EveryPatternOfWordsSurvivesTheRoundTrip) {
  std::mt19937 engine(1);
  for (int k = 0; k < 20000; ++k) {
    const Words words = random_words(engine);
    ASSERT_EQ(encode(decode_waypoint(words)), words);
  }
}

TEST(SampleWords, EveryRecordSurvivesTheRoundTrip) {
  std::mt19937 engine(2);
  for (int k = 0; k < 20000; ++k) {
    const NativeSample s = decode_sample(random_words(engine));
    ASSERT_EQ(decode_sample(encode(s)), s);
  }
}

TEST(Velocities, KeepFourteenBitsOfTheFastestAndAreNeverFaster) {
  std::mt19937 engine(3);
  std::uniform_real_distribution<double> decade(-9.0, 0.0);
  for (int k = 0; k < 20000; ++k) {
    const double speed = std::pow(10.0, decade(engine));  // counts per tick
    const int n = velocity_exponent(speed);
    const auto word = velocity_word(speed, n);
    ASSERT_GE(word, 16383) << speed;
    const double got = velocity_of(word, -n);
    // The allowance of 1e-6 of a count lets a speed that came from a word be that word again.
    ASSERT_LE(got, speed * (1.0 + 1e-9));
    ASSERT_GE(got, speed * (1.0 - 1.0 / 16383.0));
    ASSERT_EQ(velocity_word(got, n), word);
  }
}

TEST(Units, ZCountsGrowTowardsTheSampleAndInvertedPolarityTurnsSigns) {
  const NativeUnits units{1e-9, 1e-9, 2e-9, 65.536e-6, -1e-4, -1e-15};
  EXPECT_EQ(units.value(axis_z, 0), 65.536e-6);
  EXPECT_EQ(units.count(axis_z, 65.534e-6), 1);
  EXPECT_EQ(units.count(axis_v1, 0.5), -5000);
  EXPECT_EQ(units.count(axis_x, 33e-6), std::nullopt);
  EXPECT_EQ(units.count(axis_x, std::nan("")), std::nullopt);
}

}  // namespace
}  // namespace seccm::instrument::wecspm
