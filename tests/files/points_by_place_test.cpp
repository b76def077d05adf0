// Hops that no sidecar tells of: a recording at three places, with sensor noise and slow moves between them.
#include "files/import/points_by_place.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "files/import/wecspm_tsv.hpp"

namespace seccm::files {
namespace {

struct Path {
  std::vector<double> x, y;
  void rest(double to_x, double to_y, int samples) {
    for (int k = 0; k < samples; ++k) {
      x.push_back(to_x + (k % 3 - 1) * 3e-9);  // noise of some nm
      y.push_back(to_y - (k % 2) * 3e-9);
    }
  }
  void move(double to_x, double step) {
    for (double at = x.back() + step; at < to_x; at += step) {
      x.push_back(at);
      y.push_back(y.back());
    }
  }
};

TEST(PointsByPlace, AreThePlacesWhereTheProbeRests) {
  Path path;
  path.rest(0.0, 0.0, 100);
  path.move(1e-6, 40e-9);
  path.rest(1e-6, 0.0, 100);
  path.move(1.06e-6, 40e-9);
  path.rest(1.06e-6, 0.0, 100);  // 60 nm on
  const auto point = points_by_place(path.x, path.y);
  ASSERT_EQ(point.size(), path.x.size());
  const auto all = [&](std::size_t from, std::size_t to) {
    return std::set<std::int32_t>(point.begin() + static_cast<std::ptrdiff_t>(from),
                                  point.begin() + static_cast<std::ptrdiff_t>(to));
  };
  EXPECT_EQ(all(0, 100), std::set<std::int32_t>{0});
  const std::size_t arrived = path.x.size() - 201;
  // The first 50 nm are still the first place, the last 25 nm the next one.
  EXPECT_EQ(all(102, arrived - 1), (std::set<std::int32_t>{-1}));
  EXPECT_EQ(all(arrived + 2, arrived + 98), std::set<std::int32_t>{1});
  EXPECT_EQ(all(path.x.size() - 98, path.x.size()), std::set<std::int32_t>{2});
}

TEST(PointsByPlace, NoiseAndAHopTooShortToSeeAreOnePoint) {
  Path path;
  path.rest(0.0, 0.0, 500);
  path.rest(20e-9, 10e-9, 500);
  const auto point = points_by_place(path.x, path.y);
  EXPECT_EQ(*std::ranges::max_element(point), 0);
  EXPECT_EQ(*std::ranges::min_element(point), 0);
}

TEST(PointsByPlace, OfAWecspmTextWithoutItsSetFile) {
  std::string text = "dt (s)\tX (um)\tY (um)\tV1\tCurrent1 (pA)\n";
  for (int k = 0; k < 60; ++k) {
    text += std::to_string(0.01 * k) + "\t" + (k < 30 ? "5.0" : "7.5") + "\t1.0\t0.1\t2.0\n";
  }
  const ForeignRecording two = parse_wecspm(text, {}, Polarity::wec_spm, "a.tsv");
  EXPECT_EQ(two.pixel.front(), 0);
  EXPECT_EQ(two.pixel.back(), 1);
  EXPECT_EQ(std::ranges::count(two.pixel, 0), 30);
  EXPECT_TRUE(std::ranges::any_of(two.notes, [](const std::string& n) { return n.find("2 points") != n.npos; }));
}

}  // namespace
}  // namespace seccm::files
