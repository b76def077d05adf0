#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "pipeline/scan/target_list.hpp"
#include "pipeline/scan/target_selection.hpp"
#include "sim/error.hpp"

namespace seccm::scan {
namespace {

class TargetList : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("targets_") + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv");
    std::ofstream(path_, std::ios::binary) << text;
    return path_;
  }
  std::string complaint(const std::string& text) {
    try {
      read_targets(write(text), 640, 480);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }
  void TearDown() override { std::filesystem::remove(path_); }
  std::filesystem::path path_;
};

TEST_F(TargetList, ReadsPixelsAndLabels) {
  const auto targets = read_targets(
      write("\xEF\xBB\xBFpixel_x,pixel_y,label\r\n# clicked\r\n\r\n 12.5 , 300 , cluster A\r\n0,479.4\r\n"), 640, 480);
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_DOUBLE_EQ(targets[0].pixel.x, 12.5);
  EXPECT_DOUBLE_EQ(targets[0].pixel.y, 300.0);
  EXPECT_EQ(targets[0].label, "cluster A");
  EXPECT_DOUBLE_EQ(targets[1].pixel.y, 479.4);
}

TEST_F(TargetList, NamesFileLineValueAndWhatIsAccepted) {
  const std::string header = "pixel_x,pixel_y\n";
  const auto expect = [&](const std::string& text, const std::string& line, const std::string& part) {
    const std::string said = complaint(text);
    EXPECT_NE(said.find(".csv:" + line + ":"), std::string::npos) << said;
    EXPECT_NE(said.find(part), std::string::npos) << said;
    EXPECT_NE(said.find("accepted:"), std::string::npos) << said;
  };
  expect("", "0", "empty");
  expect("x,y\n1,2\n", "1", "\"x,y\"");
  expect(header, "1", "no targets");
  expect(header + "1,2\n3\n", "3", "1 fields");
  expect(header + "1,2,3\n", "2", "3 fields");
  expect(header + "one,2\n", "2", "\"one\" is not a number");
  expect(header + "nan,2\n", "2", "\"nan\"");
  expect(header + "inf,2\n", "2", "\"inf\"");
  expect(header + "1e999,2\n", "2", "1e999");
  expect(header + "1 2,2\n", "2", "1 2");
  expect(header + ",2\n", "2", "\"\"");
  expect(header + "640,2\n", "2", "outside the image");
  expect(header + "5,-1\n", "2", "outside the image");
  expect(header + std::string("1,\0002\n", 5), "2", "zero byte");
  expect(header + std::string(5000, '1') + "\n", "2", "too long");
  std::string many = header;
  for (int k = 0; k < 100001; ++k) many += "1,2\n";
  expect(many, "100001", "too many lines");
}

TEST_F(TargetList, MissingFilesAndDirectoriesAreNamed) {
  EXPECT_THROW(read_targets("no/such/file.csv", 640, 480), InputError);
  EXPECT_THROW(read_targets(testing::TempDir(), 640, 480), InputError);
}

Detection lattice(int columns, int rows, double pitch) {
  Detection d;
  d.mask.assign(512 * 512, 0);
  for (int j = 0; j < rows; ++j)
    for (int i = 0; i < columns; ++i) {
      DetectedObject o;
      o.x = 40 + pitch * i;
      o.y = 40 + pitch * j;
      o.area = 10.0 + static_cast<double>(d.objects.size());
      o.extent = 2.0;
      d.objects.push_back(o);
      for (int y = -3; y <= 3; ++y)
        for (int x = -3; x <= 3; ++x) d.mask[static_cast<std::size_t>((o.y + y) * 512 + o.x + x)] = 1;
    }
  return d;
}

const Reachable anywhere = [](PixelPoint) { return true; };

TEST(TargetSelection, SpansTheSizesOrPrefersTheSmall) {
  const Detection d = lattice(10, 10, 45);
  const auto even = select_targets(d, {}, anywhere, {.count = 10, .isolation = 5, .size_preference = 0.0});
  ASSERT_EQ(even.size(), 10U);
  for (std::size_t k = 0; k < 10; ++k) EXPECT_DOUBLE_EQ(even[k].area, 10.0 + 5.0 + 10.0 * static_cast<double>(k));
  const auto small = select_targets(d, {}, anywhere, {.count = 10, .isolation = 5, .size_preference = 1.0});
  for (std::size_t k = 0; k + 1 < 10; ++k) EXPECT_LE(small[k].area, 12.0 + 5.0 * static_cast<double>(k));
  std::set<double> areas;
  for (const auto& t : small) areas.insert(t.area);
  EXPECT_EQ(areas.size(), 10U);
}

TEST(TargetSelection, LeavesOutTheCrowdedTheCutTheUsedAndTheUnreachable) {
  Detection d = lattice(5, 1, 60);
  d.objects[1].x = d.objects[0].x + 7;  // 3 px of gold between them
  d.objects[2].at_border = true;
  const std::vector<PixelPoint> used = {{d.objects[3].x + 4, d.objects[3].y}};
  const auto all = select_targets(d, used, anywhere, {.count = 1, .isolation = 5, .footprint_radius = 5});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_DOUBLE_EQ(all[0].pixel.x, d.objects[4].x);
  // More asked for than isolated: the crowded two fill up, the others never.
  EXPECT_EQ(select_targets(d, used, anywhere, {.count = 9, .isolation = 5, .footprint_radius = 5}).size(), 3U);
  const Reachable nowhere = [](PixelPoint) { return false; };
  EXPECT_TRUE(select_targets(d, {}, nowhere, {.count = 9}).empty());
}

TEST(TargetSelection, ClicksSnapToTheNearestObject) {
  const Detection d = lattice(3, 1, 60);
  const std::vector<ClickedTarget> clicks = {{{43, 42}, ""}, {{70, 40}, ""}};
  const auto snapped = snap_targets(clicks, d, 10.0, true, anywhere);
  ASSERT_EQ(snapped.size(), 2U);
  EXPECT_DOUBLE_EQ(snapped[0].pixel.x, 40.0);
  EXPECT_DOUBLE_EQ(snapped[0].area, 10.0);
  EXPECT_DOUBLE_EQ(snapped[1].pixel.x, 70.0);
  EXPECT_DOUBLE_EQ(snapped[1].area, 0.0);
  EXPECT_DOUBLE_EQ(snap_targets(clicks, d, 10.0, false, anywhere)[0].pixel.x, 43.0);
  EXPECT_DOUBLE_EQ(snap_targets(clicks, d, 0.0, true, anywhere)[0].area, 0.0);
}

TEST(TargetSelection, BlankPlacesAreCleanAndApart) {
  const Detection d = lattice(10, 10, 45);
  const std::vector<PixelPoint> prints = {{256, 256}};
  const auto places = clean_places(d, 512, 512, prints, 6.0, 10.0, 8, anywhere);
  ASSERT_EQ(places.size(), 8U);
  for (std::size_t k = 0; k < places.size(); ++k) {
    EXPECT_GE(std::hypot(places[k].x - 256, places[k].y - 256), 15.0);
    // The mask is a square of ±3 px: its corner lies 3 √2 from the centre.
    for (const auto& o : d.objects) EXPECT_GE(std::hypot(places[k].x - o.x, places[k].y - o.y), 10.0 + 3.0 - 1.0);
    for (std::size_t j = 0; j < k; ++j)
      EXPECT_GE(std::hypot(places[k].x - places[j].x, places[k].y - places[j].y), 20.0);
  }
  // In a hole of 30 px a clearance of 20 leaves room for one place, half of it for a second 20 px away.
  Detection hole = d;
  for (int y = 0; y < 512; ++y)
    for (int x = 0; x < 512; ++x)
      hole.mask[512 * static_cast<std::size_t>(y) + static_cast<std::size_t>(x)] =
          std::hypot(x - 256, y - 256) > 30 ? 1 : 0;
  const auto two = clean_places(hole, 512, 512, {}, 6.0, 20.0, 2, anywhere);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_GE(std::hypot(two[0].x - two[1].x, two[0].y - two[1].y), 20.0);
  Detection full = d;
  std::fill(full.mask.begin(), full.mask.end(), 1);
  EXPECT_TRUE(clean_places(full, 512, 512, {}, 6.0, 10.0, 8, anywhere).empty());
}

}  // namespace
}  // namespace seccm::scan
