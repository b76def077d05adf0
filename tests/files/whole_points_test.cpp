// Up to where the journal of a scan on hardware can be played back.
#include "files/whole_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/journal.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sample_run.hpp"

namespace seccm::files {
namespace {

using test::error_of;
using test::ScratchDirectory;
using test::slurp;
using testing::HasSubstr;

constexpr std::size_t frames_of_a_point = 40;

/// A run that measures points of 40 frames, and whatever else a test wants.
struct Laboratory {
  ScratchDirectory dir;
  std::filesystem::path target = dir / "run.h5", journal = dir / "run.h5.journal";
  std::unique_ptr<RunRecorder> recorder;
  std::size_t frames = 0;

  void open(JournalUse use) {
    recorder = std::make_unique<RunRecorder>(target, test::sample_header(), use);
    recorder->set(test::sample_rig());
    frames = 0;
  }
  void program(ProgramEnd end = ProgramEnd::completed) {
    recorder->append(test::sample_frames(frames, frames_of_a_point));
    ProgramRecord program = test::sample_program(0, frames, frames + frames_of_a_point);
    program.end = end;
    frames += frames_of_a_point;
    recorder->add(program);
  }
  void point(int index, double t = 1.0, const std::string& verdict = "ok") {
    program();
    record(index, t, verdict);
  }
  void record(int index, double t, const std::string& verdict) {
    PointRecord point = test::sample_point(index, frames - frames_of_a_point, frames);
    point.t_start = t;
    point.verdict = verdict;
    recorder->add(point);
  }
  void take_over(double t, const std::string& detail = "") {
    recorder->add(FaultRecord{.point = 0,
                              .t = t,
                              .fault = std::string(taken_over),
                              .action = "connect again",
                              .device = "",
                              .detail = detail});
  }
  WholePoints die() {
    recorder.reset();
    return find_whole_points(journal);
  }
};

TEST(WholePoints, WhatIsCutBehindThemStaysReadable) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  l.program();  // of the point in flight
  l.die();
  const std::string whole = slurp(l.journal);
  l.open(JournalUse::take_over);
  l.point(0);
  EXPECT_FALSE(std::filesystem::exists(l.dir / "run.h5.journal.1"));  // nothing is cut yet
  l.take_over(1.0);
  l.die();
  EXPECT_LT(std::filesystem::file_size(l.journal), whole.size());
  EXPECT_TRUE(slurp(l.dir / "run.h5.journal.1") == whole);
  // A journal that ends with a whole point loses nothing and is not copied.
  l.open(JournalUse::take_over);
  l.point(0);
  l.take_over(1.0);
  l.point(1);
  l.die();
  l.open(JournalUse::take_over);
  l.point(0);
  l.take_over(1.0);
  l.point(1);
  l.take_over(2.0);
  EXPECT_FALSE(std::filesystem::exists(l.dir / "run.h5.journal.3"));
}

TEST(WholePoints, EndBehindTheRecordOfTheLastOne) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  const std::uint64_t behind = l.die().end;
  EXPECT_EQ(behind, std::filesystem::file_size(l.journal));
  l.open(JournalUse::take_over);
  l.point(0);
  l.take_over(1.0);
  l.program();  // of the point in flight
  const WholePoints found = l.die();
  EXPECT_EQ(found.end, behind);
  EXPECT_EQ(found.points, 1);
  EXPECT_EQ(found.rig.sequencer, test::sample_rig().sequencer);
  EXPECT_EQ(found.header.seed, test::sample_header().seed);
  EXPECT_EQ(found.obstacle, "");
  EXPECT_LT(found.end, std::filesystem::file_size(l.journal));
}

TEST(WholePoints, ArePlayedWithoutWhatLiesBehindThem) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  l.point(1);
  l.program();
  const WholePoints found = l.die();
  build_whole_points(l.journal, found, l.dir / "past");
  const RunReader past(l.dir / "past");
  EXPECT_EQ(past.summary().points.size(), 2U);
  EXPECT_EQ(past.summary().programs.size(), 2U);
  EXPECT_EQ(past.summary().frames, 2 * frames_of_a_point);
  EXPECT_FALSE(std::filesystem::exists(l.dir / "past.journal"));
}

TEST(WholePoints, CannotBePlayedPastADeviceFaultThatTheScanWentOnAfter) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  l.program(ProgramEnd::aborted);
  l.record(1, 1.0, "fault: sequencer: overflow");
  l.recorder->add(FaultRecord{
      .point = 1, .t = 1.0, .fault = "overflow", .action = "retry", .device = "sequencer", .detail = "late"});
  EXPECT_EQ(l.die().obstacle, "") << "the point of the fault is the one in flight";
  EXPECT_EQ(find_whole_points(l.journal).points, 1);
  EXPECT_EQ(find_whole_points(l.journal).ended_by, "overflow (sequencer: late)");

  l.open(JournalUse::take_over);
  l.point(0);
  l.take_over(2.0);
  l.program(ProgramEnd::faulted);
  l.point(1);
  EXPECT_THAT(l.die().obstacle, HasSubstr("went on after a device fault"));
}

TEST(WholePoints, OfAScanThatAnInstrumentEndedStayBesideItsRunFile) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  EXPECT_EQ(find_whole_points(l.journal).ended_by, "the process died");
  l.program(ProgramEnd::faulted);
  l.recorder->add(FaultRecord{.point = 0,
                              .t = 1.0,
                              .fault = "disconnected",
                              .action = "retract and stop",
                              .device = "stage",
                              .detail = "gone"});
  l.recorder->finalise_resumable();
  EXPECT_EQ(RunReader(l.target).summary().status, "interrupted");
  EXPECT_EQ(RunReader(l.target).summary().faults.size(), 1U);
  EXPECT_TRUE(find_whole_points(l.journal).can_be_resumed());

  const std::string cause = "disconnected (stage: gone)";
  l.open(JournalUse::take_over);
  l.point(0);
  EXPECT_EQ(l.recorder->take_over_due(), cause);
  l.take_over(2.0, cause);
  l.point(1);
  l.die();
  // The next resume plays the first one back: it has to name the same cause.
  l.open(JournalUse::take_over);
  l.point(0);
  EXPECT_EQ(l.recorder->take_over_due(), cause);
  l.take_over(3.0, cause);
  l.point(1);
  EXPECT_EQ(l.recorder->take_over_due(), "the process died");
}

TEST(TakeOver, CutsWhatLiesBehindTheWholePointsAndLetsTimesOfTheHostDiffer) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0, 1.0);
  l.program();
  l.die();
  l.open(JournalUse::take_over);
  EXPECT_FALSE(l.recorder->take_over_due());
  l.point(0, 7.0);
  EXPECT_FALSE(l.recorder->catching_up());
  EXPECT_TRUE(l.recorder->take_over_due());
  l.take_over(8.0);
  EXPECT_FALSE(l.recorder->take_over_due());
  l.point(1, 9.0);
  l.die();

  // The next death: the place where the first resume took over comes again, at another time.
  l.open(JournalUse::take_over);
  l.point(0, 11.0);
  EXPECT_TRUE(l.recorder->catching_up());
  EXPECT_TRUE(l.recorder->take_over_due());
  l.take_over(12.0);
  EXPECT_FALSE(l.recorder->take_over_due());
  l.point(1, 13.0);
  EXPECT_TRUE(l.recorder->take_over_due());
  l.take_over(14.0);
  l.point(2, 15.0);
  l.recorder->finalise("complete");
  const RunReader run(l.target);
  ASSERT_EQ(run.summary().points.size(), 3U);
  EXPECT_EQ(run.summary().points[0].t_start, 1.0) << "the journal's own word stands";
  EXPECT_EQ(run.summary().points[1].t_start, 9.0);
  ASSERT_EQ(run.summary().faults.size(), 2U);
  EXPECT_EQ(run.summary().faults[0].t, 8.0);
  EXPECT_EQ(run.summary().programs.size(), 3U);
}

TEST(TakeOver, RefusesAPointThatIsAnother) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.point(0);
  l.die();
  const std::string journal = slurp(l.journal);
  l.open(JournalUse::take_over);
  EXPECT_THAT(error_of([&] { l.point(0, 1.0, "noisy"); }), HasSubstr("other than the one in the journal"));
  l.recorder.reset();
  EXPECT_TRUE(slurp(l.journal) == journal);
}

TEST(TakeOver, BeginsAnewWhereNoPointIsWhole) {
  Laboratory l;
  l.open(JournalUse::begin);
  l.program();
  l.die();
  l.open(JournalUse::take_over);
  EXPECT_FALSE(l.recorder->catching_up());
  EXPECT_FALSE(l.recorder->take_over_due());
  l.point(0, 3.0);
  EXPECT_FALSE(l.recorder->take_over_due());
  l.recorder->finalise("complete");
  const RunReader run(l.target);
  EXPECT_EQ(run.summary().points.size(), 1U);
  EXPECT_EQ(run.summary().frames, frames_of_a_point);
}

}  // namespace
}  // namespace seccm::files
