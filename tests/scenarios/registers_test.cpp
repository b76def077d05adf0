// The same scan by the twin's own sequencer and by the rig's driver over the registers of the FPGA image: the pipeline
// finds the same targets, gives the same verdicts and measures the same voltammograms, within converters, latency and
// the noise of the amplifier, which other frame numbers draw anew.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>
#include <optional>

#include "scenarios/assembly.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"

namespace seccm::scenarios {
namespace {

namespace fs = std::filesystem;

Scenario short_quickstart(const char* source) {
  const std::string sequencer = std::string("rig.sequencer=") + source;
  const std::vector<std::string> overrides{
      "scan.points=3", "scan.blanks=1", "scan.grid_points=3", "cv.cycles=1", "micrograph_survey.enabled=false",
      sequencer};
  return load_scenario(resolve_scenario("quickstart"), overrides);
}

class Scanned {
 public:
  explicit Scanned(const char* source)
      : folder_(fs::path(::testing::TempDir()) / ("seccm_" + std::string(source) + "_" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    const ScanFiles files{folder_ / "run.h5", folder_ / "truth.h5"};
    (void)run_scan(short_quickstart(source), files, {});
    reader_.emplace(files.run);
  }
  ~Scanned() { fs::remove_all(folder_); }
  [[nodiscard]] const files::RunReader& reader() const { return reader_.value(); }
  [[nodiscard]] const std::vector<files::PointRecord>& points() const { return reader().summary().points; }

 private:
  fs::path folder_;
  std::optional<files::RunReader> reader_;
};

std::vector<double> block_means(const std::vector<double>& i, std::size_t frames, std::size_t block) {
  std::vector<double> means;
  for (std::size_t k = 0; k + block <= frames; k += block) {
    double sum = 0.0;
    for (std::size_t j = k; j < k + block; ++j) sum += i.at(j);
    means.push_back(sum / static_cast<double>(block));
  }
  return means;
}

/// Standard deviation of the mean over `block` frames: white noise falls with their number, flicker counts in full
/// (five Lorentzians of variance S f_c ln 10), and the mains are at most A/(π f T).
double noise_of_mean(const instrument::twin::AmplifierParameters& p, std::size_t block) {
  const double density = p.white_noise.si() * p.white_noise.si();
  const double averaging = p.sample_interval.si() * p.samples_averaged;
  const double white = density / (2.0 * averaging * static_cast<double>(block));
  const double flicker = 5.0 * density * p.flicker_corner.si() * std::numbers::ln10;
  const double mains =
      p.mains_amplitude.si() / (std::numbers::pi * p.mains_frequency.si() * averaging * static_cast<double>(block));
  return std::sqrt(white + flicker + mains * mains);
}

TEST(SequencerRegisters, GiveTheTargetsVerdictsAndVoltammogramsOfTheTwin) {
  const Scanned twin("twin"), registers("registers");
  const Scenario scenario = short_quickstart("twin");
  ASSERT_EQ(twin.points().size(), registers.points().size());
  // Positions are read through a converter on either side, with the sensor's noise; targets carry those of the
  // calibration, whose fit weighs none of them by more than one.
  const double reading =
      2.0 * twin.reader().summary().header.x.lsb + 5.0 * std::numbers::sqrt2 * scenario.twin.stage.sensor_noise.si();
  int compared = 0;
  for (std::size_t p = 0; p < twin.points().size(); ++p) {
    const files::PointRecord& a = twin.points()[p];
    const files::PointRecord& b = registers.points()[p];
    ASSERT_EQ(a.kind, b.kind);
    ASSERT_EQ(a.index, b.index);
    EXPECT_EQ(a.verdict == "ok", b.verdict == "ok") << a.verdict << " | " << b.verdict;
    EXPECT_EQ(a.attempts, b.attempts);
    EXPECT_EQ(a.pixel_x, b.pixel_x);
    EXPECT_EQ(a.pixel_y, b.pixel_y);
    EXPECT_NEAR(a.target_x, b.target_x, reading);
    EXPECT_NEAR(a.target_y, b.target_y, reading);
    EXPECT_NEAR(a.contact_x, b.contact_x, 2.0 * reading);
    EXPECT_NEAR(a.contact_y, b.contact_y, 2.0 * reading);
    EXPECT_NEAR(a.contact_z, b.contact_z, 2.0 * reading);
    ASSERT_EQ(a.legs.size(), b.legs.size());
    for (std::size_t l = 0; l < a.legs.size(); ++l) {
      if (a.kind != files::PointKind::target || a.legs[l].kind != files::LegKind::ramp) continue;
      const auto i = twin.reader().frames(a.legs[l].frame_begin, a.legs[l].frame_end).i1;
      const auto j = registers.reader().frames(b.legs[l].frame_begin, b.legs[l].frame_end).i1;
      const std::size_t frames = std::min(i.size(), j.size()), block = frames / 100;
      ASSERT_GT(block, 10U);
      EXPECT_LE(std::max(i.size(), j.size()) - frames, 2U);
      const auto u = block_means(i, frames, block), v = block_means(j, frames, block);
      double peak = 0.0, worst = 0.0;
      const double noise = 5.0 * std::numbers::sqrt2 * noise_of_mean(scenario.twin.amplifier, block);
      for (std::size_t k = 0; k < u.size(); ++k) {
        // The legs begin up to two frames apart.
        const double slope =
            std::max(std::abs(u[k] - u[k > 0 ? k - 1 : k]), std::abs(u[std::min(k + 1, u.size() - 1)] - u[k]));
        EXPECT_NEAR(u[k], v[k], noise + 2.0 * slope / static_cast<double>(block)) << "point " << p << " leg " << l;
        peak = std::max(peak, std::abs(u[k]));
        worst = std::max(worst, std::abs(u[k] - v[k]));
      }
      std::printf("point %zu, leg %zu: peak %.3f pA, worst difference of means of %zu frames %.1f fA (bound %.1f fA)\n",
                  p, l, 1e12 * peak, block, 1e15 * worst, 1e15 * noise);
      ++compared;
    }
  }
  EXPECT_GE(compared, 4);
}

}  // namespace
}  // namespace seccm::scenarios
