// Sweeps, scan rates and cycles of recordings that do not name them.
#include "files/import/segmentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "files/import/mpt.hpp"
#include "files/sweep_rates.hpp"
#include "tests/files/recordings.hpp"

namespace seccm::files {
namespace {

using test::cv_samples;
using test::CvProgramme;
using test::CvSample;
using test::in_a_row;
using ::testing::ElementsAre;

ForeignRecording recording_of(const std::vector<CvSample>& samples, bool cycles = false) {
  ForeignRecording f;
  for (const CvSample& s : samples) {
    f.t.push_back(s.t);
    f.E1.push_back(s.E);
    f.i1.push_back(s.i);
    if (cycles) f.cycle.push_back(s.cycle);
  }
  f.pixel.assign(f.t.size(), 0);
  return f;
}

std::vector<Leg> ramps_of(const ForeignRecording& f) {
  std::vector<Leg> out;
  const auto points = find_points(f, 1e-5);
  EXPECT_EQ(points.size(), 1U);
  for (const Leg& leg : points.at(0).legs)
    if (leg.kind == LegKind::ramp) out.push_back(leg);
  return out;
}

std::vector<int> cycles_of(const std::vector<Leg>& ramps) {
  std::vector<int> out;
  for (const Leg& leg : ramps) out.push_back(leg.cycle);
  return out;
}

void expect_vertices(const std::vector<Leg>& ramps, const std::vector<double>& potentials, double within) {
  ASSERT_EQ(ramps.size() + 1, potentials.size());
  for (std::size_t k = 0; k < ramps.size(); ++k) {
    EXPECT_NEAR(ramps[k].E_start_vs_QRCE, potentials[k], within) << k;
    EXPECT_NEAR(ramps[k].E_end_vs_QRCE, potentials[k + 1], within) << k;
  }
}

// Rates are one within 2 % of the larger one.
TEST(SweepRates, AreOneWithinTheErrorOfAFit) {
  EXPECT_TRUE(one_rate(0.1, 0.1));
  EXPECT_TRUE(one_rate(0.1, 0.102));
  EXPECT_TRUE(one_rate(0.102, 0.1));
  EXPECT_FALSE(one_rate(0.1, 0.1021));
  EXPECT_FALSE(one_rate(0.1021, 0.1));
}

TEST(Segmentation, CountsCyclesFromTheVerticesWhereverTheyBegin) {
  EXPECT_THAT(cycles_of(ramps_of(recording_of(cv_samples({})))), ElementsAre(1, 1, 2, 2));
  const auto from_rest = ramps_of(recording_of(cv_samples({.potentials = {2.6, 1, 3, 1, 3, 1, 3, 2.6}})));
  EXPECT_THAT(cycles_of(from_rest), ElementsAre(1, 1, 2, 2, 3, 3, 3));
  const auto stopped = ramps_of(recording_of(cv_samples({.potentials = {3, 1, 3, 1, 3, 2}})));
  EXPECT_THAT(cycles_of(stopped), ElementsAre(1, 1, 2, 2, 3));
  expect_vertices(stopped, {3, 1, 3, 1, 3, 2}, 6e-3);
}

// Rest, noise and step of the potential are the recording's own: the same programme is found in all.
TEST(Segmentation, FindsRampsInTheNoiseOfTheRecording) {
  for (const double noise : {0.0, 3e-5, 2e-4, 1e-3, 3e-3})
    for (const double step : {1e-3, 5e-3, 1e-2})
      for (const double rest : {0.0, 5.0, 30.0}) {
        const auto samples = cv_samples({.step = step, .rest = rest, .noise = noise});
        const auto ramps = ramps_of(recording_of(samples));
        SCOPED_TRACE(testing::Message() << noise << " V rms, step " << step << " V, rest " << rest << " s");
        expect_vertices(ramps, {3, 1, 3, 1, 3}, 2 * step + 6 * noise);
        for (const Leg& leg : ramps) EXPECT_NEAR(leg.scan_rate, 0.1, 1e-3);
        EXPECT_THAT(cycles_of(ramps), ElementsAre(1, 1, 2, 2));
      }
}

// A rest that is nothing but a pause in front of one sweep.
TEST(Segmentation, TellsARestFromTheOnlySweep) {
  std::vector<CvSample> samples{{0.0, -1e-4, 0, 1}, {4.999, -3.1e-4, 0, 1}};
  for (int k = 0; k <= 200; ++k) samples.push_back({5.0 + 0.05 * k, 5e-3 * k, 1e-12, 1});
  const auto ramps = ramps_of(recording_of(samples));
  ASSERT_EQ(ramps.size(), 1U);
  EXPECT_NEAR(ramps[0].scan_rate, 0.1, 1e-4);
  EXPECT_NEAR(ramps[0].E_end_vs_QRCE, 1.0, 1e-3);
}

// A series of rates with a rest behind each, from a vertex and from between the vertices; every sweep is found.
TEST(Segmentation, KeepsAllSweepsOfASeriesOfRates) {
  for (const double rest : {0.0, 20.0})
    for (const std::vector<double>& potentials :
         {std::vector<double>{3, 1, 3, 1, 3}, std::vector<double>{2, 1, 3, 1, 3, 2}}) {
      SCOPED_TRACE(testing::Message() << rest << " s, from " << potentials.front() << " V");
      std::vector<CvProgramme> series;
      for (const double rate : {0.02, 0.05, 0.1})
        series.push_back({.potentials = potentials, .scan_rate = rate, .rest = rest});
      const auto ramps = ramps_of(recording_of(in_a_row(series, 0.5)));
      ASSERT_EQ(ramps.size(), 3 * (potentials.size() - 1));
      for (std::size_t k = 0; k < ramps.size(); ++k) {
        const std::size_t in_rate = k % (potentials.size() - 1), which = k / (potentials.size() - 1);
        EXPECT_NEAR(ramps[k].scan_rate, series[which].scan_rate, 1e-2 * series[which].scan_rate);
        EXPECT_NEAR(ramps[k].E_end_vs_QRCE, potentials[in_rate + 1], 2e-2);
        EXPECT_EQ(ramps[k].cycle, static_cast<int>(2 * which) + 1 + (in_rate < 2 ? 0 : 1)) << k;
      }
    }
}

TEST(Segmentation, TakesTheNearestOfTheStatedRates) {
  for (const auto& stated : {std::vector<double>{0.1, 0.101}, std::vector<double>{0.101, 0.1}}) {
    ForeignRecording f = recording_of(cv_samples({}));
    f.stated_rates = stated;
    for (const Leg& leg : ramps_of(f)) EXPECT_EQ(leg.scan_rate, 0.1);
  }
}

TEST(Segmentation, TakesTheNumbersOfTheSourceWhereTheyGoFromVertexToVertex) {
  auto samples = cv_samples({});
  for (CvSample& s : samples) s.cycle += 4;
  EXPECT_THAT(cycles_of(ramps_of(recording_of(samples, true))), ElementsAre(1, 1, 2, 2));
  // one number for all, and numbers that change at the lower vertex
  for (CvSample& s : samples) s.cycle = 1;
  std::vector<std::string> notes;
  (void)find_points(recording_of(samples, true), 1e-5, &notes);
  EXPECT_THAT(notes, ElementsAre(testing::HasSubstr("counted anew")));
  for (CvSample& s : samples) s.cycle = s.t < 60.0 ? 1 : 2;
  EXPECT_THAT(cycles_of(ramps_of(recording_of(samples, true))), ElementsAre(1, 1, 2, 2));
}

TEST(Segmentation, ASweepMayHaveSeveralLineNumbers) {
  ForeignRecording f = recording_of(cv_samples({}));
  for (std::size_t k = 0; k < f.t.size(); ++k) f.line_number.push_back(static_cast<std::int32_t>(k / 150));
  for (const Leg& leg : ramps_of(f)) {
    EXPECT_NEAR(leg.scan_rate, 0.1, 1e-4);
    EXPECT_EQ(leg.cycle, leg.frame_begin < 800 ? 1 : 2);
  }
}

TEST(Segmentation, SamplesThatTheSourceExcludesAreNoSweep) {
  ForeignRecording f = recording_of(cv_samples({}));
  f.section.assign(f.t.size(), 0);
  for (std::size_t k = 0; k <= 800; ++k) f.section[k] = -1;
  EXPECT_THAT(cycles_of(ramps_of(f)), ElementsAre(1, 1));
}

TEST(Segmentation, HasAnEndForAnyPotential) {
  ForeignRecording f;
  double E = 0.3;
  for (int k = 0; k < 20000; ++k) {
    E = 3.99 * E * (1.0 - E);  // chaotic
    f.t.push_back(1e-3 * k);
    f.E1.push_back(k % 3 == 0 ? E : 1e-9 * k * k);
    f.i1.push_back(0.0);
  }
  f.pixel.assign(f.t.size(), 0);
  EXPECT_EQ(find_points(f, 1e-5).size(), 1U);
}

}  // namespace
}  // namespace seccm::files
