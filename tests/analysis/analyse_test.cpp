// Whole runs: a run file written with known voltammograms, read back and analysed.
#include "pipeline/analysis/analyse.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <filesystem>

#include "pipeline/analysis/segmentation.hpp"
#include "sim/error.hpp"
#include "tests/analysis/planar_wave.hpp"

namespace seccm::analysis {
namespace {

constexpr double offset = 3.05;  // V
constexpr double lsb_E = 1e-4, lsb_i = 0.5e-15;
constexpr double stray = 1e-12, gold = 0.5e-12;  // F

test::PlanarHost host() {
  test::PlanarHost h;
  h.D = 1e-17;
  h.k0 = 3.5e-12;
  h.area = 1e-12;
  h.capacitance = stray + gold;
  return h;
}

// One after the other on a strictly increasing clock.
class RunWriter {
 public:
  explicit RunWriter(const std::filesystem::path& path) : recorder_(path, header()) {
    files::ReferenceCalibration c;
    c.offset_vs_Li = offset;
    c.standard_error = 2e-3;
    c.valid = true;
    recorder_.add(c);
    files::Preflight preflight;
    preflight.stray_capacitance = stray;
    recorder_.set(preflight);
  }

  /// `hold_frames`: of contact without a ramp behind the sweeps, then a leg that lifts the tip; 0: the record ends.
  void add(int index, files::PointKind kind, bool contact, const std::vector<Voltammogram>& sweeps,
           std::size_t hold_frames = 0) {
    files::PointRecord p;
    p.index = index;
    p.kind = kind;
    p.contact = contact;
    p.complete = contact && !stopped;
    p.attempts = 1;
    p.verdict = contact ? "ok" : "end of travel";
    p.image_area = 1e-12;
    p.frame_begin = recorder_.frame_count();
    for (const Voltammogram& s : sweeps) p.legs.push_back(append(s));
    if (hold_frames > 0) {
      p.legs.push_back(append_still(files::LegKind::hold, hold_frames));
      p.legs.push_back(append_still(files::LegKind::retract, 10));
    }
    p.frame_end = recorder_.frame_count();
    recorder_.add(p);
  }
  void finish() { recorder_.finalise("complete"); }

  std::uint16_t flags = 0;  ///< of the frames that are added
  bool stopped = false;     ///< the programmes of the points that are added ended early

 private:
  static files::RunHeader header() {
    files::RunHeader h;
    h.scenario_name = "test";
    h.seed = 42;
    h.i1.lsb = lsb_i;
    h.E1.lsb = lsb_E;
    h.current_range = 32767 * lsb_i;
    h.pipette_diameter = 1e-6;
    return h;
  }
  files::Leg append(const Voltammogram& s) {
    files::Leg leg;
    leg.tag = ++tag_;
    leg.kind = files::LegKind::ramp;
    leg.cycle = s.cycle;
    leg.direction = s.direction;
    leg.scan_rate = s.scan_rate;
    leg.frame_begin = recorder_.frame_count();
    std::vector<files::PackedFrame> frames;
    for (std::size_t k = 0; k < s.i.size(); ++k) {
      files::PackedFrame f;
      f.tick = tick_ += 41120;  // 1.028 ms of 25 ns
      f.E1 = static_cast<std::int16_t>(std::lround((s.E_vs_Li[k] - offset) / lsb_E));
      f.i1 = static_cast<std::int16_t>(std::lround(s.i[k] / lsb_i));
      f.tag = tag_;
      f.flags = flags;
      frames.push_back(f);
    }
    recorder_.append(frames);
    leg.frame_end = recorder_.frame_count();
    return leg;
  }
  files::Leg append_still(files::LegKind kind, std::size_t count) {
    files::Leg leg;
    leg.tag = ++tag_;
    leg.kind = kind;
    leg.frame_begin = recorder_.frame_count();
    std::vector<files::PackedFrame> frames(count);
    for (files::PackedFrame& f : frames) {
      f.tick = tick_ += 41120;
      f.tag = tag_;
    }
    recorder_.append(frames);
    leg.frame_end = recorder_.frame_count();
    return leg;
  }
  files::RunRecorder recorder_;
  std::int64_t tick_ = 0;
  std::int16_t tag_ = 0;
};

std::vector<Voltammogram> cycles(const test::PlanarHost& h, std::uint64_t seed) {
  return test::frames_of(test::planar_cycle(h, 0.2), 0.2, 1, 3, {.sigma = 20e-15, .correlation = 0.3, .seed = seed});
}

class Analyse : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::path(testing::TempDir()) /
                 (std::string("seccm_analyse_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(directory_);
    path_ = directory_ / "run.h5";
    RunWriter writer(path_);
    test::PlanarHost bare = host();
    bare.area = 1e-18;  // no host to speak of: the capacitors alone
    writer.add(0, files::PointKind::calibration, true, {});
    writer.add(1, files::PointKind::blank, true, cycles(bare, 1));
    writer.add(2, files::PointKind::target, true, cycles(host(), 2));
    writer.add(3, files::PointKind::target, false, {});
    writer.add(4, files::PointKind::target, true, cycles(bare, 4));
    writer.add(5, files::PointKind::grid, true, cycles(host(), 5), 300);
    writer.finish();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_, path_;
};

// Two blanks of ten times the capacitor would be the median of three: one programme ended early, or one current left
// the range, and they are none.
TEST_F(Analyse, ABlankThatEndedEarlyOrLeftTheRangeIsNone) {
  test::PlanarHost bare = host(), other = host();
  bare.area = other.area = 1e-18;
  other.capacitance *= 10;
  const auto charge_with = [&](auto spoil) {
    const auto path = directory_ / "blanks.h5";
    {
      RunWriter writer(path);
      writer.add(1, files::PointKind::blank, true, cycles(bare, 1));
      writer.add(2, files::PointKind::target, true, cycles(host(), 2));
      if (spoil(writer))
        for (const int k : {3, 4}) writer.add(k, files::PointKind::blank, true, cycles(other, 3));
      writer.finish();
    }
    const files::Results results = analyse(files::RunReader(path), {});
    return test::row(results.estimates, "charge_double_layer", "charge", 1, 0.2).value;
  };
  const double alone = charge_with([](RunWriter&) { return false; });
  const double whole = charge_with([](RunWriter&) { return true; });
  EXPECT_NEAR(whole / alone, 10.0, 0.1);
  EXPECT_EQ(charge_with([](RunWriter& w) { return w.stopped = true; }), alone);
  EXPECT_EQ(charge_with([](RunWriter& w) { return w.flags = 1; }), alone);
}

// Blank taken off, i_p is that of the wave: D within 0.12 % of model error (rate_laws_test) and 4 standard errors.
TEST_F(Analyse, RecoversDThroughARunFile) {
  const files::Results results = analyse(files::RunReader(path_), {});
  std::vector<files::Estimate> of_point;
  for (const auto& e : results.estimates) {
    if (e.point == 2) of_point.push_back(e);
  }
  const auto D = test::row(of_point, "randles_sevcik_eq3_single_rate", "D", -1, 0.2);
  ASSERT_TRUE(D.usable()) << D.reason;
  const auto i = test::row(of_point, "peak_current", "peak_current", -1, 0.2);
  const double noise = 2 * std::abs(i.standard_error / i.value);
  EXPECT_NEAR(D.value / host().D, 1, 1.2e-3 + 4 * noise);
  EXPECT_LT(noise, 0.02);
  // area of 1 um² in a picture of 0.40 um: 2 x 0.297 x 0.2402 um/0.5642 um = 25.3 %, twice in D; current model 0.5 %
  EXPECT_NEAR(D.standard_error / D.value, std::hypot(2 * 0.253, noise, 0.01), 1e-3);
  // the reference's standard error is in the potential, not in the separation
  EXPECT_GT(test::row(of_point, "peak_potential", "peak_potential", -1, 0.2).standard_error, 2e-3);
  EXPECT_LT(test::row(of_point, "peak_separation", "peak_separation", 0, 0.2).standard_error, 2e-3);
}

// From the last frame of the last ramp to the first frame of the leg that lifts: 301 intervals. Where the record ends
// with the ramp, the charge is that of the cycle before, which another sweep follows.
TEST_F(Analyse, KnowsHowLongTheContactLastedBehindTheLastRamp) {
  const files::RunReader run(path_);
  const ReferencePotential reference(run.summary().reference_calibrations);
  for (const files::PointRecord& p : run.summary().points) {
    EXPECT_NEAR(read_point(run, p, reference).hold_after, p.index == 5 ? 301 * 1.028e-3 : 0.0, 1e-9) << p.index;
  }
  std::vector<files::Estimate> held, ended;
  for (const auto& e : analyse(run, {}).estimates) {
    if (e.point == 5) held.push_back(e);
    if (e.point == 2) ended.push_back(e);
  }
  const std::string left_out = "what flows on behind the sweep";
  EXPECT_EQ(test::row(held, "charge_total", "charge", 1, 0.2).leaves_out.find(left_out), std::string::npos);
  EXPECT_EQ(test::row(ended, "charge_total", "charge", 1, 0.2).leaves_out.find(left_out), std::string::npos);
  EXPECT_EQ(test::row(ended, "charge_total", "charge", -1, 0.2).leaves_out.find(left_out), std::string::npos);
}

TEST_F(Analyse, SelectsAndSaysWhyNot) {
  const files::Results results = analyse(files::RunReader(path_), {});
  ASSERT_EQ(results.selections.size(), 5U);  // calibration points are no candidates
  const char* reasons[] = {"blank point", "", "no contact (end of travel)", "no well-defined", ""};
  for (std::size_t k = 0; k < 5; ++k) {
    EXPECT_EQ(results.selections[k].point, static_cast<int>(k) + 1);
    EXPECT_EQ(results.selections[k].accepted, std::string(reasons[k]).empty()) << results.selections[k].reason;
    EXPECT_EQ(results.selections[k].reason.rfind(reasons[k], 0), 0U) << results.selections[k].reason;
  }
  for (const auto& e : results.estimates) EXPECT_TRUE(e.point == 2 || e.point == 5);
  EXPECT_EQ(results.scenario_name, "test");
  EXPECT_EQ(results.seed, 42U);
}

TEST_F(Analyse, WritesCurvesInTimeOrderWithTheirBaseline) {
  const files::Results results = analyse(files::RunReader(path_), {});
  int of_target = 0;
  for (const auto& curve : results.curves) {
    ASSERT_EQ(curve.E_vs_Li.size(), curve.current.size());
    ASSERT_EQ(curve.E_vs_Li.size(), curve.baseline.size());
    EXPECT_GE(curve.cycle, 2);
    if (curve.point != 2) continue;
    ++of_target;
    EXPECT_GT(curve.E_vs_Li.front(), curve.E_vs_Li[curve.E_vs_Li.size() / 2]);  // down first, then up
    EXPECT_NE(curve.current, curve.baseline);
  }
  EXPECT_EQ(of_target, 2);  // cycles 2 and 3
}

TEST_F(Analyse, GivesTheSameForAnyNumberOfThreads) {
  const files::RunReader run(path_);
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  const files::Results one = analyse(run, {});
  omp_set_num_threads(2);
  const files::Results two = analyse(run, {});
  omp_set_num_threads(before);
  ASSERT_EQ(one.estimates.size(), two.estimates.size());
  for (std::size_t k = 0; k < one.estimates.size(); ++k) {
    EXPECT_EQ(one.estimates[k].estimator, two.estimates[k].estimator);
    EXPECT_EQ(one.estimates[k].value, two.estimates[k].value);
    EXPECT_EQ(one.estimates[k].standard_error, two.estimates[k].standard_error);
  }
  ASSERT_EQ(one.curves.size(), two.curves.size());
  for (std::size_t k = 0; k < one.curves.size(); ++k) EXPECT_EQ(one.curves[k].current, two.curves[k].current);
}

TEST_F(Analyse, RefusesParametersOutOfRange) {
  const files::RunReader run(path_);
  AnalysisParameters p;
  p.alpha = 2;
  try {
    analyse(run, p);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("analysis.alpha = 2"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("0.05 to 0.95"), std::string::npos) << e.what();
  }
  p = {};
  p.anodic_window_low = p.anodic_window_high;
  EXPECT_THROW(analyse(run, p), InputError);
  p = {};
  p.bin_width = Potential(std::nan(""));
  EXPECT_THROW(analyse(run, p), InputError);
}

}  // namespace
}  // namespace seccm::analysis
