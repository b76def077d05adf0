#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>

#include "models/micrograph/micrograph.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

MicrographParameters quiet() {
  MicrographParameters p;
  p.electrons_per_grey = 1e4;
  p.edge_gain = 0.0;
  p.in_lens_edge_gain = 0.0;
  p.beam_diameter = Length(0.0);
  return p;
}

double mean(const Image8& image, int low, int high) {
  double sum = 0.0;
  for (int row = low; row < high; ++row) {
    for (int column = low; column < high; ++column) sum += image.at(column, row);
  }
  return sum / ((high - low) * (high - low));
}

TEST(Micrograph, ThicknessLawIsMonotoneWithItsStatedEnds) {
  const MicrographParameters p;
  double last = everhart_thornley_grey(p, 0.0);
  EXPECT_DOUBLE_EQ(last, p.grey_gold);
  for (double h = 10e-9; h < 5e-6; h *= 1.5) {
    EXPECT_GT(everhart_thornley_grey(p, h), last);
    last = everhart_thornley_grey(p, h);
  }
  EXPECT_NEAR(everhart_thornley_grey(p, 400e-9), 60.0 + 160.0 * (1.0 - std::exp(-1.0)), 1e-12);
  EXPECT_NEAR(everhart_thornley_grey(p, 1e-3), p.grey_thick, 1e-12);
}

TEST(Micrograph, BareGoldHasTheCalibratedGreysWithPoissonNoise) {
  // N = 250 000 pixels; variance of the grey = g/k + 1/12 + 1/(12 k²) (k electrons per grey; rounding), standard errors
  // as in the text.
  const MicrographParameters p;
  const auto m = render_micrograph(p, {}, {}, 0.0, 0.0, 4e-6, 1, 1);
  ASSERT_EQ(m.everhart_thornley.width, 500);
  const double n = 250000.0;
  double sum = 0.0;
  double square = 0.0;
  for (auto v : m.everhart_thornley.pixels) {
    sum += v;
    square += static_cast<double>(v) * v;
  }
  const double k = p.electrons_per_grey;
  const double variance = p.grey_gold / k + (1.0 + 1.0 / (k * k)) / 12.0;
  EXPECT_NEAR(sum / n, p.grey_gold, 5.0 * std::sqrt(variance / n));
  EXPECT_NEAR((square / n - sum / n * sum / n) / variance, 1.0, 5.0 * std::sqrt(2.0 / n));
  EXPECT_NEAR(mean(m.in_lens, 0, 500), p.in_lens_gold, 5.0 * std::sqrt(p.in_lens_gold / k / n));
}

TEST(Micrograph, SphereShowsItsThicknessAtItsPlaceWithYUp) {
  const std::vector<SceneParticle> one = {{1.0e-6, 0.5e-6, 0.4e-6, 0.4e-6}};
  const auto m = render_micrograph(quiet(), one, {}, 0.0, 0.0, 4.008e-6, 1, 1);
  ASSERT_EQ(m.everhart_thornley.width, 501);
  const int column = 250 + 125;
  const int row = 250 - 62;  // 62.5 pixels up
  EXPECT_NEAR(m.everhart_thornley.at(column, row), everhart_thornley_grey(quiet(), 0.8e-6), 1.0);
  EXPECT_NEAR(m.everhart_thornley.at(column - 60, row), 60.0, 1.0);
  EXPECT_NEAR(m.everhart_thornley.at(column, 250 + 62), 60.0, 1.0);
}

TEST(Micrograph, EdgesAreBrighterThanTheThicknessAlone) {
  MicrographParameters p = quiet();
  const std::vector<SceneParticle> one = {{0.0, 0.0, 0.4e-6, 0.4e-6}};
  const auto plain = render_micrograph(p, one, {}, 0.0, 0.0, 2e-6, 1, 1);
  p.edge_gain = 0.05;
  const auto edged = render_micrograph(p, one, {}, 0.0, 0.0, 2e-6, 1, 1);
  const int middle = plain.everhart_thornley.width / 2;
  EXPECT_NEAR(edged.everhart_thornley.at(middle, middle), plain.everhart_thornley.at(middle, middle), 1.0);
  const int rim = middle + 49;  // 0.39 um of 0.40 um: 1/cos is beyond its limit of 4
  EXPECT_NEAR(edged.everhart_thornley.at(rim, middle) - plain.everhart_thornley.at(rim, middle), 0.05 * 160.0 * 3.0,
              2.0);
}

TEST(Micrograph, ResidueShowsInLensAroundParticlesThatStickOut) {
  const std::vector<SceneFootprint> footprint = {{0.0, 0.0, 2e-6, 20e-9}};
  const std::vector<SceneParticle> one = {{0.0, 0.0, 0.2e-6, 0.2e-6}};
  const auto m = render_micrograph(quiet(), one, footprint, 0.0, 0.0, 4e-6, 1, 1);
  const double covered = 120.0 + (60.0 - 120.0) * (1.0 - std::exp(-4.0));
  EXPECT_NEAR(m.in_lens.at(250 + 80, 250), covered, 1.0);
  EXPECT_NEAR(m.in_lens.at(250 + 180, 250), 120.0, 1.0);
  EXPECT_NEAR(m.in_lens.at(250, 250), 165.0, 1.0);
  EXPECT_NEAR(m.everhart_thornley.at(250 + 80, 250), 60.0, 1.0) << "20 kV looks through the residue";
}

TEST(Micrograph, BytesDependOnSeedAndIdButNotOnThreads) {
  const std::vector<SceneParticle> one = {{0.0, 0.0, 0.2e-6, 0.2e-6}};
  const auto render = [&](std::uint64_t seed, std::uint64_t id) {
    return render_micrograph({}, one, {}, 0.0, 0.0, 2e-6, seed, id).everhart_thornley.pixels;
  };
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto reference = render(1, 1);
  omp_set_num_threads(3);
  EXPECT_EQ(render(1, 1), reference);
  omp_set_num_threads(threads);
  EXPECT_NE(render(2, 1), reference);
  EXPECT_NE(render(1, 2), reference);
}

TEST(Micrograph, RefusesWhatItCanNotShow) {
  EXPECT_THROW(render_micrograph({}, {}, {}, 0.0, 0.0, 1e-9, 1, 1), InputError);
  EXPECT_THROW(render_micrograph({}, {}, {}, 0.0, std::nan(""), 4e-6, 1, 1), InputError);
  MicrographParameters p;
  p.grey_thick = p.grey_gold;
  EXPECT_THROW(render_micrograph(p, {}, {}, 0.0, 0.0, 4e-6, 1, 1), InputError);
  const std::vector<SceneFootprint> bad = {{0.0, 0.0, -1.0, 20e-9}};
  try {
    render_micrograph({}, {}, bad, 0.0, 0.0, 4e-6, 1, 1);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("footprint of diameter"));
  }
}

}  // namespace
}  // namespace seccm::models
