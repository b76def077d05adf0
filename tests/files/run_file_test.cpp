#include "files/run_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "files/run_journal.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::error_of;
using test::ScratchDirectory;
using test::slurp;
using testing::HasSubstr;

TEST(RunFile, ReturnsEveryRecordBitForBit) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5");
  const RunReader run(dir / "run.h5");
  const RunSummary& s = run.summary();
  EXPECT_EQ(s.status, "complete");
  EXPECT_TRUE(encode(s.header) == encode(test::sample_header()));
  EXPECT_EQ(s.header.seed, test::sample_header().seed);
  ASSERT_EQ(s.points.size(), 4u);
  for (int k = 0; k < 4; ++k) {
    const auto begin = static_cast<std::uint64_t>(k) * test::frames_per_point;
    EXPECT_EQ(encode(s.points[static_cast<std::size_t>(k)]),
              encode(test::sample_point(k, begin, begin + test::frames_per_point)));
  }
  EXPECT_TRUE(encode(s.registration) == encode(test::sample_registration()));
  ASSERT_EQ(s.reference_calibrations.size(), 2u);
  EXPECT_EQ(s.reference_calibrations[1].offset_vs_Li, 2.93);
  EXPECT_FALSE(s.reference_calibrations[1].valid);
  EXPECT_EQ(s.preflight.stray_capacitance, 3e-13);
  EXPECT_EQ(run.image_names(), (std::vector<std::string>{"final", "reference"}));
  EXPECT_TRUE(encode(run.image("final").value()) == encode(test::sample_image("final", 17, 13, 4)));
  EXPECT_FALSE(run.image("absent").has_value());
  EXPECT_TRUE(encode(run.micrograph(0).value()) == encode(test::sample_micrograph(0)));
  EXPECT_FALSE(run.micrograph(1).has_value());
  EXPECT_TRUE(encode(s.rig) == encode(test::sample_rig()));
  ASSERT_EQ(s.programs.size(), 4u);
  for (int k = 0; k < 4; ++k) {
    const auto begin = static_cast<std::uint64_t>(k) * test::frames_per_point;
    EXPECT_EQ(encode(s.programs[static_cast<std::size_t>(k)]),
              encode(test::sample_program(k, begin, begin + test::frames_per_point)));
  }
}

TEST(RunFile, ReturnsFramesAsCountTimesScale) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5");
  const RunReader run(dir / "run.h5");
  const RunHeader h = test::sample_header();
  ASSERT_EQ(run.summary().frames, 4 * test::frames_per_point);
  const FrameBlock block = run.frames(1400, 3100);  // across two points and a pause
  ASSERT_EQ(block.t.size(), 1700u);
  for (std::size_t k = 0; k < block.t.size(); ++k) {
    const std::uint64_t n = 1400 + k;
    const std::uint64_t first = n / test::frames_per_point * test::frames_per_point;
    static std::vector<PackedFrame> expected;
    if (k == 0 || n == first) expected = test::sample_frames(first, test::frames_per_point);
    const PackedFrame& f = expected[n - first];
    ASSERT_EQ(block.t[k], static_cast<double>(f.tick) * h.tick);
    ASSERT_EQ(block.x[k], h.x.offset + h.x.lsb * f.x);
    ASSERT_EQ(block.y[k], h.y.offset + h.y.lsb * f.y);
    ASSERT_EQ(block.z[k], h.z.offset + h.z.lsb * f.z);
    ASSERT_EQ(block.E1[k], h.E1.offset + h.E1.lsb * f.E1);
    ASSERT_EQ(block.i1[k], h.i1.offset + h.i1.lsb * f.i1);
    ASSERT_EQ(block.E2[k], h.E2.offset + h.E2.lsb * f.E2);
    ASSERT_EQ(block.i2[k], h.i2.offset + h.i2.lsb * f.i2);
    ASSERT_EQ(block.tag[k], f.tag);
    ASSERT_EQ(block.flags[k], f.flags);
  }
  EXPECT_TRUE(run.frames(5, 5).t.empty());
  EXPECT_THAT(error_of([&] { (void)run.frames(0, 4 * test::frames_per_point + 1); }), HasSubstr("the run has 6000"));
  EXPECT_THAT(error_of([&] { (void)run.frames(9, 8); }), HasSubstr("do not exist"));
}

TEST(RunFile, HoldsARunWithoutAnything) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "empty.h5", RunHeader{});
    recorder.finalise("interrupted");
  }
  const RunReader run(dir / "empty.h5");
  EXPECT_EQ(run.summary().status, "interrupted");
  EXPECT_EQ(run.summary().frames, 0u);
  EXPECT_TRUE(run.summary().points.empty());
  EXPECT_FALSE(run.summary().registration.valid);
  EXPECT_TRUE(run.frames(0, 0).t.empty());
  EXPECT_TRUE(run.image_names().empty());
}

TEST(RunFile, BytesDependOnTheContentAlone) {
  const ScratchDirectory dir;
  test::write_sample(dir / "a.h5");
  test::write_sample(dir / "longer_name_for_another_heap_layout.h5");
  EXPECT_TRUE(slurp(dir / "a.h5") == slurp(dir / "longer_name_for_another_heap_layout.h5"));
  test::write_sample(dir / "b.h5", 3);
  EXPECT_TRUE(slurp(dir / "a.h5") != slurp(dir / "b.h5"));
}

TEST(RunFile, DoesNotDependOnHowFramesWereGrouped) {
  const ScratchDirectory dir;
  const auto frames = test::sample_frames(0, 5000);
  for (const std::size_t group : {std::size_t{1}, std::size_t{37}, std::size_t{5000}}) {
    RunRecorder recorder(dir / std::to_string(group), RunHeader{});
    for (std::size_t k = 0; k < frames.size(); k += group)
      recorder.append(std::span(frames).subspan(k, std::min(group, frames.size() - k)));
    EXPECT_EQ(recorder.frame_count(), 5000u);
    recorder.finalise("complete");
  }
  EXPECT_TRUE(slurp(dir / "1") == slurp(dir / "37"));
  EXPECT_TRUE(slurp(dir / "1") == slurp(dir / "5000"));
}

TEST(RunFile, LeavesOneFileBehindAndReplacesAnOlderOne) {
  const ScratchDirectory dir;
  test::write_sample(dir / "run.h5", 2);
  test::write_sample(dir / "run.h5", 3);
  EXPECT_EQ(dir.entries(), 1u);
  EXPECT_EQ(RunReader(dir / "run.h5").summary().points.size(), 3u);
}

TEST(RunRecorder, RefusesWhatTheFileCouldNotHold) {
  const ScratchDirectory dir;
  RunRecorder recorder(dir / "run.h5", test::sample_header());
  recorder.append(test::sample_frames(0, 3));
  EXPECT_THAT(error_of([&] { recorder.append(test::sample_frames(2, 1)); }), HasSubstr("not after tick"));
  PointRecord point = test::sample_point(0, 0, 3);
  point.contact_z = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(error_of([&] { recorder.add(point); }), HasSubstr("'contact_z'"));
  point.contact_z = 0;
  point.verdict = std::string("a\0b", 3);
  EXPECT_THAT(error_of([&] { recorder.add(point); }), HasSubstr("NUL"));
  recorder.add(test::sample_image("one", 4, 3));
  EXPECT_THAT(error_of([&] { recorder.add(test::sample_image("one", 4, 3)); }), HasSubstr("already holds"));
  for (const char* name : {"", "a/b", "..", ".hidden", "name with space"})
    EXPECT_THAT(error_of([&] { recorder.add(test::sample_image(name, 4, 3)); }), HasSubstr("can not name an image"));
  RunImage cut = test::sample_image("cut", 4, 3);
  cut.pixels.pop_back();
  EXPECT_THAT(error_of([&] { recorder.add(cut); }), HasSubstr("holds 11"));
  recorder.add(test::sample_micrograph(3));
  EXPECT_THAT(error_of([&] { recorder.add(test::sample_micrograph(3)); }), HasSubstr("already holds"));
  recorder.finalise("complete");
  EXPECT_EQ(RunReader(dir / "run.h5").summary().frames, 3u);
  EXPECT_THROW(recorder.add(test::sample_point(0, 0, 3)), std::logic_error);
}

TEST(RunFile, NamesAPointWhoseFramesDoNotExist) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    recorder.append(test::sample_frames(0, 10));
    recorder.add(test::sample_point(0, 0, 11));
    recorder.finalise("complete");
  }
  EXPECT_THAT(error_of([&] { RunReader{dir / "run.h5"}; }),
              HasSubstr("'/points' names in row 0 the frames 0 to 11 of a run of 10"));
}

}  // namespace
}  // namespace seccm::files
