#include "pipeline/analysis/selection.hpp"

#include <gtest/gtest.h>

#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

test::PlanarHost host() {
  test::PlanarHost h;
  h.k0 = 3.5e-12;
  h.D = 1e-17;
  return h;
}
PointInput input(const test::FrameNoise& noise = {}) {
  return test::target(test::frames_of(test::planar_cycle(host(), 0.05), 0.05, 2, 3, noise), 1e-12);
}
std::string reason_of(const PointInput& in, const AnalysisParameters& p = test::plain_parameters()) {
  const PointAnalysis point = analyse_point(in, test::no_background(), p);
  EXPECT_EQ(point.accepted, point.reason.empty());
  return point.reason;
}

TEST(Selection, AcceptsAWellDefinedVoltammogram) {
  EXPECT_EQ(reason_of(input()), "");
}

TEST(Selection, NamesWhatTheScanReported) {
  PointInput in = input();
  in.contact = false;
  in.verdict = "end of travel";
  EXPECT_EQ(reason_of(in), "no contact (end of travel)");
  in.contact = true;
  in.complete = false;
  in.verdict = "interrupted";
  std::erase_if(in.voltammograms, [](const Voltammogram& v) { return v.direction > 0; });
  EXPECT_EQ(reason_of(in), "programme incomplete (interrupted)");
}

TEST(Selection, TakesTheWholeSweepsOfAProgrammeThatEndedEarly) {
  PointInput in = input();
  in.complete = false;
  in.verdict = "interrupted";
  EXPECT_EQ(reason_of(in), "");
}

TEST(AnalysedSweeps, LeaveOutTheFirstCycleOfEachRate) {
  PointInput in = test::target(test::frames_of(test::planar_cycle(host(), 0.05), 0.05, 1, 2, {}), 1e-12);
  for (Voltammogram& v : test::frames_of(test::planar_cycle(host(), 0.1), 0.1, 3, 2, {})) {
    v.cycle_at_rate = v.cycle - 2;
    in.voltammograms.push_back(v);
  }
  std::vector<int> cycles;
  for (const Sweep& sweep : analysed_sweeps(in, test::plain_parameters())) cycles.push_back(sweep.cycle);
  EXPECT_EQ(cycles, (std::vector<int>{2, 2, 4, 4}));
}

TEST(Selection, NamesBlanksAndMissingReferences) {
  PointInput in = input();
  in.kind = files::PointKind::blank;
  EXPECT_EQ(reason_of(in), "blank point: quality check of the tip");
  in = input();
  in.reference_known = false;
  EXPECT_NE(reason_of(in).find("ferrocene"), std::string::npos);
}

TEST(Selection, RejectsSaturation) {
  PointInput in = input();
  in.saturated_frames = 3;
  EXPECT_EQ(reason_of(in), "current out of range in 3 frames");
}

TEST(Selection, RejectsNoiseAndNamesTheCycle) {
  // bins of 29 frames: σ_bin = 0.19 σ_frame; at three peak heights per frame no peak stands 5 σ_bin out
  const double peak =
      -analyse_point(input(), test::no_background(), test::plain_parameters()).rates[0].cathodic.current.value;
  const std::string reason = reason_of(input({.sigma = 3 * peak}));
  EXPECT_NE(reason.find("no well-defined"), std::string::npos) << reason;
  EXPECT_NE(reason.find("in cycle 2"), std::string::npos) << reason;
}

TEST(Selection, RejectsABareCapacitor) {
  PointInput in = input();
  for (Voltammogram& v : in.voltammograms) {
    for (double& i : v.i) i = 1e-12 * v.direction;
  }
  EXPECT_NE(reason_of(in).find("no well-defined"), std::string::npos);
}

TEST(Selection, RejectsAPeakAtTheEdgeOfItsWindow) {
  AnalysisParameters p = test::plain_parameters();
  const double E = analyse_point(input(), test::no_background(), p).rates[0].cathodic.E.value;
  p.cathodic_window_low = (E - 0.005) * unit::V;
  EXPECT_NE(reason_of(input(), p).find("cathodic"), std::string::npos);
}

TEST(Selection, RejectsWhatChangesBetweenCycles) {
  PointInput in = input();
  for (Voltammogram& v : in.voltammograms) {
    for (double& i : v.i) i *= 1 + 0.2 * (v.cycle - 2);
  }
  EXPECT_NE(reason_of(in).find("unstable"), std::string::npos);
}

TEST(Selection, SaysThatASweepIsMissing) {
  PointInput in = input();
  std::erase_if(in.voltammograms, [](const Voltammogram& v) { return v.direction > 0; });
  EXPECT_EQ(reason_of(in), "no complete anodic sweep");
}

TEST(AnalysedSweeps, LeaveOutTheFirstCycleUnlessItIsTheOnlyOne) {
  PointInput in = test::target(test::frames_of(test::planar_cycle(host(), 0.05), 0.05, 1, 3, {}), 1e-12);
  const AnalysisParameters p = test::plain_parameters();
  EXPECT_EQ(analysed_sweeps(in, p).size(), 4U);
  in.voltammograms.resize(2);
  EXPECT_EQ(analysed_sweeps(in, p).size(), 2U);
  EXPECT_TRUE(analyse_point(in, test::no_background(), p).rates[0].only_early_cycles);
  // Early is counted from the first cycle at this rate, wherever that stands in the programme.
  for (Voltammogram& v : in.voltammograms) v.cycle = 5;
  EXPECT_FALSE(analyse_point(in, test::no_background(), p).rates[0].only_early_cycles);
  for (Voltammogram& v : in.voltammograms) v.cycle_at_rate = 1;
  EXPECT_TRUE(analyse_point(in, test::no_background(), p).rates[0].only_early_cycles);
}

}  // namespace
}  // namespace seccm::analysis
