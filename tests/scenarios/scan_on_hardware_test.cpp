// Scans with rig.sequencer = rig.camera = rig.light = "hardware": every device is opened at the place that [wecspm] or
// [hardware] names and driven by the driver that a laboratory would use, unmodified. Behind the places stands the twin:
// its FPGA in our own libNiFpga.so, loaded at run time, with lamps (TCP) and camera (GigE Vision) of the same world; or
// its stage, source meter, lamps and camera as `seccm serve` offers them. Against the same scan in process.
//
// What may differ, and what may not. Requests take time of the world, so that noise and drift are drawn anew; and a
// frame of the camera that a busy machine lost is exposed again, which shifts the noise of all later images. Points,
// verdicts and attempts must not depend on either. Places that come from images may, by the error of the registration,
// and then the tip wets other parts of the particles: so currents are compared in a regular array, whose nodes no image
// decides on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "jobs/scan.hpp"
#include "sim/error.hpp"
#include "tests/scenarios/compared_scans.hpp"
#include "tests/scenarios/laboratory.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

using namespace laboratory;

class ScanOfRig {
 public:
  ScanOfRig(const Keys& keys, const jobs::ScanTerms& terms) {
    report_ = jobs::run_scan(described(keys), {folder_ / "run.h5", folder_ / "truth.h5"}, {}, {}, terms);
    reader_.emplace(folder_ / "run.h5");
  }
  [[nodiscard]] const jobs::ScanReport& report() const { return report_; }
  [[nodiscard]] const files::RunReader& reader() const { return *reader_; }
  [[nodiscard]] const files::RunSummary& summary() const { return reader_->summary(); }
  [[nodiscard]] bool wrote_truth() const { return fs::exists(folder_ / "truth.h5"); }

 private:
  test::ScratchDirectory folder_;
  jobs::ScanReport report_;
  std::optional<files::RunReader> reader_;
};

/// Error of the place that the affine map of a registration gives, per axis and 1 nm of its residuals: the leverage of
/// a least-squares fit to n landings, 1/n + dx²/Sxx + dy²/Syy (their pattern is nearly orthogonal).
double error_of_map(const files::Registration& registration, double x, double y) {
  double n = 0.0, mx = 0.0, my = 0.0, sxx = 0.0, syy = 0.0;
  for (const auto& m : registration.matches) {
    if (!m.inlier) continue;
    n += 1.0;
    mx += m.stage_x;
    my += m.stage_y;
  }
  mx /= n;
  my /= n;
  for (const auto& m : registration.matches) {
    if (!m.inlier) continue;
    sxx += (m.stage_x - mx) * (m.stage_x - mx);
    syy += (m.stage_y - my) * (m.stage_y - my);
  }
  const double leverage = 1.0 / n + (x - mx) * (x - mx) / sxx + (y - my) * (y - my) / syy;
  return std::sqrt(leverage) * registration.residual_rms;
}

/// The same points, verdicts and attempts; targets within the errors of two registrations.
void expect_the_same_points(const ScanOfRig& a, const ScanOfRig& b) {
  ASSERT_EQ(a.report().outcome.ending, scan::Ending::complete) << a.report().outcome.message;
  ASSERT_EQ(b.report().outcome.ending, scan::Ending::complete) << b.report().outcome.message;
  const auto &p = a.summary().points, &q = b.summary().points;
  ASSERT_EQ(p.size(), q.size());
  int targets = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    SCOPED_TRACE("point " + std::to_string(k));
    compared::expect_same_verdict(p[k], q[k]);
    if (p[k].kind != files::PointKind::target) continue;
    ++targets;
    // Noise can give a pixel of the rim to an object or take it: its centroid moves by less than half a pixel.
    constexpr double pixels = 0.5;
    EXPECT_NEAR(p[k].pixel_x, q[k].pixel_x, pixels);
    EXPECT_NEAR(p[k].pixel_y, q[k].pixel_y, pixels);
    const double maps = std::hypot(error_of_map(a.summary().registration, p[k].target_x, p[k].target_y),
                                   error_of_map(b.summary().registration, q[k].target_x, q[k].target_y));
    const double moved = std::hypot(p[k].pixel_x - q[k].pixel_x, p[k].pixel_y - q[k].pixel_y);
    const double bound =
        5.0 * maps + moved * a.summary().header.nominal_pixel_size * 1.05;  // calibration.scale_tolerance
    EXPECT_NEAR(p[k].target_x, q[k].target_x, bound);
    EXPECT_NEAR(p[k].target_y, q[k].target_y, bound);
    std::printf("point %zu: target differs by (%.1f, %.1f) nm, bound %.1f nm\n", k,
                1e9 * (q[k].target_x - p[k].target_x), 1e9 * (q[k].target_y - p[k].target_y), 1e9 * bound);
  }
  EXPECT_EQ(targets, 2);
}

TEST(ScanOnHardware, OfTheFpgaAndTheMicroscopeOfOurLibraryFindsTheTargetsAndVerdictsOfTheTwin) {
  const FpgaLaboratory laboratory(smart);
  const ScanOfRig twin(sample + smart + Keys{"rig.sequencer=registers"}, {});
  const ScanOfRig real(laboratory.keys(), {.allow_motion = true});
  expect_the_same_points(twin, real);
  EXPECT_FALSE(real.report().has_truth);
  EXPECT_FALSE(real.wrote_truth());
  EXPECT_EQ(real.report().micrographs, 0);
  const files::RigRecord& rig = real.summary().rig;
  EXPECT_EQ(rig.sequencer, twin.summary().rig.sequencer) << "the same driver on the same image";
  EXPECT_NE(rig.light, twin.summary().rig.light) << "the lamps did not answer through their driver";
  EXPECT_NE(rig.camera, twin.summary().rig.camera) << "the camera did not answer through its driver";
}

TEST(ScanOnHardware, OfOurLibraryMeasuresTheVoltammogramsOfTheTwin) {
  // Clusters that the droplet covers: of a larger pile its rim cuts through particles, and with each nanometre by which
  // the sample has drifted more (the scans are some ten seconds apart) it gains or loses some.
  const Keys covered = array + Keys{"sample.cluster_sizes=[12, 25]"};
  const FpgaLaboratory laboratory(covered);
  const ScanOfRig twin(sample + covered + Keys{"rig.sequencer=registers"}, {});
  const ScanOfRig real(laboratory.keys(), {.allow_motion = true});
  const Scenario scenario = described(sample + covered);
  const auto &p = twin.summary().points, &q = real.summary().points;
  ASSERT_EQ(p.size(), q.size());
  // Two readings of a position: converter and sensor of either. An approach stops within one frame of its speed; the
  // sample drifts by 5 of its standard deviations in the time by which the scans are apart, much less than a minute.
  const double reading =
      2.0 * twin.summary().header.x.lsb + 5.0 * std::numbers::sqrt2 * scenario.twin.stage.sensor_noise.si();
  const double drift = 5.0 * scenario.twin.stage.drift.si() * 60.0;
  int compared_ramps = 0;
  for (std::size_t k = 0; k < p.size(); ++k) {
    SCOPED_TRACE("point " + std::to_string(k));
    EXPECT_EQ(p[k].kind, q[k].kind);
    EXPECT_EQ(p[k].verdict, q[k].verdict);
    EXPECT_EQ(p[k].attempts, q[k].attempts);
    EXPECT_EQ(p[k].target_x, q[k].target_x);
    EXPECT_EQ(p[k].target_y, q[k].target_y);
    EXPECT_NEAR(p[k].contact_x, q[k].contact_x, reading);
    EXPECT_NEAR(p[k].contact_y, q[k].contact_y, reading);
    EXPECT_NEAR(p[k].contact_z, q[k].contact_z, 2.0 * reading + drift);
    if (p[k].kind != files::PointKind::grid) continue;
    const auto ramps = compared::ramps_of(p[k]), others = compared::ramps_of(q[k]);
    ASSERT_EQ(ramps.size(), others.size());
    for (std::size_t l = 0; l < ramps.size(); ++l) {
      SCOPED_TRACE("leg " + std::to_string(l));
      compared::expect_same_ramp(compared::currents_of(twin.reader(), ramps[l]),
                                 compared::currents_of(real.reader(), others[l]), scenario.twin.amplifier);
      ++compared_ramps;
    }
  }
  EXPECT_EQ(compared_ramps, 4);
}

TEST(ScanOnHardware, OfStageAndSourceMeterUnderTheHostFindsTheTargetsAndVerdictsOfTheTwin) {
  const ScanOfRig twin(sample + smart + Keys{"rig.sequencer=host"}, {});
  ServedLaboratory laboratory(smart);
  const ScanOfRig real(laboratory.keys(), {.allow_motion = true, .clock = &laboratory.clock()});
  expect_the_same_points(twin, real);
  EXPECT_FALSE(real.report().has_truth);
  EXPECT_FALSE(real.wrote_truth());
  EXPECT_NE(real.summary().rig.sequencer.find("host sequencer over"), std::string::npos)
      << real.summary().rig.sequencer;
  EXPECT_FALSE(real.summary().rig.device_side_contact);
}

}  // namespace
}  // namespace seccm::scenarios
