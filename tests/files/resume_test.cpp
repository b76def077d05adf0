// A recorder that goes on with a journal: it repeats what is there, appends what is not, and says when they differ.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/journal.hpp"
#include "files/recorded_past.hpp"
#include "files/run_file.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::error_of;
using test::ScratchDirectory;
using test::slurp;
using test::spill;
using testing::HasSubstr;

/// Journal of a whole run, and the run file it gives.
struct WholeJournal {
  ScratchDirectory dir;
  std::string journal, run;

  explicit WholeJournal(std::string_view origin = "twin = 1\n") {
    {
      RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::begin, origin);
      test::record_sample(recorder, 3);
    }
    journal = slurp(dir / "run.h5.journal");
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, origin);
    test::record_sample(recorder, 3);
    recorder.finalise("complete");
    run = slurp(dir / "run.h5");
  }
};

TEST(Resume, FromAnyTruncationGivesTheSameRunFile) {
  const WholeJournal whole;
  const ScratchDirectory dir;
  for (std::size_t cut = 0; cut <= whole.journal.size(); cut += 1511) {
    spill(dir / "run.h5.journal", whole.journal.substr(0, cut));
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, "twin = 1\n");
    test::record_sample(recorder, 3);
    ASSERT_FALSE(recorder.catching_up());
    recorder.finalise("complete");
    ASSERT_TRUE(slurp(dir / "run.h5") == whole.run) << "cut at " << cut;
  }
}

// One flipped byte in the middle hides every record behind it.
TEST(Resume, KeepsWhatADamagedRecordHides) {
  const WholeJournal whole;
  const ScratchDirectory dir;
  std::string damaged = whole.journal;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  spill(dir / "run.h5.journal", damaged);
  RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, "twin = 1\n");
  EXPECT_LT(std::filesystem::file_size(dir / "run.h5.journal"), damaged.size());
  EXPECT_TRUE(slurp(dir / "run.h5.journal.1") == damaged);
  test::record_sample(recorder, 3);
  recorder.finalise("complete");
  EXPECT_TRUE(slurp(dir / "run.h5") == whole.run);
}

TEST(Resume, WritesNothingWhileItCatchesUp) {
  const WholeJournal whole;
  const ScratchDirectory dir;
  spill(dir / "run.h5.journal", whole.journal);
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, "twin = 1\n");
    EXPECT_TRUE(recorder.catching_up());
    recorder.set(test::sample_rig());
    EXPECT_TRUE(recorder.catching_up());
    EXPECT_THROW(recorder.finalise("complete"), ResumeError);
  }
  EXPECT_TRUE(slurp(dir / "run.h5.journal") == whole.journal);
  EXPECT_FALSE(std::filesystem::exists(dir / "run.h5"));
}

TEST(Resume, NamesWhatDiffersFromTheJournal) {
  const WholeJournal whole;
  const ScratchDirectory dir;
  spill(dir / "run.h5.journal", whole.journal);
  const auto refusal = [&](const RunHeader& header, std::string_view origin) {
    return error_of([&] { RunRecorder(dir / "run.h5", header, JournalUse::resume, origin); });
  };
  RunHeader header = test::sample_header();
  header.software = "seccm-twin 9";
  EXPECT_THAT(refusal(header, "twin = 1\n"), HasSubstr("seccm-twin test, this is seccm-twin 9"));
  header = test::sample_header();
  header.seed = 5;
  EXPECT_THAT(refusal(header, "twin = 1\n"), HasSubstr("the seed is"));
  header = test::sample_header();
  header.scenario_text = "seed = 8\n";
  EXPECT_THAT(refusal(header, "twin = 1\n"), HasSubstr("seed = 7 in the journal, seed = 8 now"));
  header = test::sample_header();
  header.i1.lsb *= 2.0;
  EXPECT_THAT(refusal(header, "twin = 1\n"), HasSubstr("digitises"));
  EXPECT_THAT(refusal(test::sample_header(), "twin = 2\n"), HasSubstr("twin = 1 in the journal, twin = 2 now"));
  EXPECT_TRUE(slurp(dir / "run.h5.journal") == whole.journal);
}

// In any of what a frame holds.
TEST(Resume, StopsAtTheFirstFrameThatIsAnother) {
  const WholeJournal whole;
  using F = PackedFrame;
  const auto stops = [&](auto change) {
    const ScratchDirectory dir;
    spill(dir / "run.h5.journal", whole.journal);
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, "twin = 1\n");
    recorder.set(test::sample_rig());
    recorder.set(Preflight{2e-13, -1e-14, 3e-13});
    recorder.add(test::sample_image("reference", 40, 30));
    auto frames = test::sample_frames(0, 50);
    change(frames[17]);
    EXPECT_THAT(error_of([&] { recorder.append(frames); }), HasSubstr("frame 17 of the journal"));
  };
  for (std::int16_t F::*channel : {&F::x, &F::y, &F::z, &F::E1, &F::i1, &F::E2, &F::i2, &F::tag})
    stops([&](F& frame) { frame.*channel = static_cast<std::int16_t>(frame.*channel + 1); });
  stops([](F& frame) { frame.flags = static_cast<std::uint16_t>(frame.flags ^ 1U); });
  stops([](F& frame) { frame.tick += 1; });
}

TEST(Resume, TheEndOfARunThatWasAskedToStopIsNotRepeated) {
  const WholeJournal whole;
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::begin, "twin = 1\n");
    recorder.set(test::sample_rig());
    recorder.set(Preflight{2e-13, -1e-14, 3e-13});
    recorder.add(test::sample_image("reference", 40, 30));
    recorder.append(test::sample_frames(0, 40));
    ProgramRecord stopped = test::sample_program(0, 0, 40);
    stopped.end = ProgramEnd::aborted;
    recorder.add(stopped);
    PointRecord point = test::sample_point(0, 0, 40);
    point.verdict = "interrupted";
    recorder.add(point);
  }
  RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume, "twin = 1\n");
  test::record_sample(recorder, 3);
  recorder.finalise("complete");
  EXPECT_TRUE(slurp(dir / "run.h5") == whole.run);
}

/// One point of 40 frames.
void record_point(RunRecorder& recorder, int index, std::size_t first_frame) {
  recorder.append(test::sample_frames(first_frame, 40));
  recorder.add(test::sample_program(0, first_frame, first_frame + 40));
  recorder.add(test::sample_point(index, first_frame, first_frame + 40));
}

TEST(Resume, MicrographsOfACompleteScanAreNotTakenAgain) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    record_point(recorder, 1, 0);
    recorder.add(test::sample_micrograph(1));
    recorder.add(test::sample_micrograph(2));
  }
  const std::string journal = slurp(dir / "run.h5.journal");
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume);
    record_point(recorder, 1, 0);
    recorder.add(test::sample_micrograph(1));
  }  // dies again
  EXPECT_TRUE(slurp(dir / "run.h5.journal") == journal);
  RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume);
  record_point(recorder, 1, 0);
  recorder.add(test::sample_micrograph(1));
  recorder.add(test::sample_micrograph(2));
  EXPECT_FALSE(recorder.catching_up());
  EXPECT_TRUE(slurp(dir / "run.h5.journal") == journal);
}

TEST(Resume, MicrographsOfAScanThatWasAskedToStopMakeRoom) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    record_point(recorder, 1, 0);
    recorder.add(test::sample_micrograph(1));
  }
  RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume);
  record_point(recorder, 1, 0);
  EXPECT_TRUE(recorder.catching_up());
  recorder.append(test::sample_frames(40, 40));
  EXPECT_FALSE(recorder.catching_up());
  recorder.add(test::sample_program(0, 40, 80));
  recorder.add(test::sample_point(2, 40, 80));
  recorder.add(test::sample_micrograph(1));
  recorder.add(test::sample_micrograph(2));
  recorder.finalise("complete");
  const RunReader reader(dir / "run.h5");
  EXPECT_EQ(reader.summary().points.size(), 2U);
  EXPECT_EQ(reader.summary().frames, 80U);
}

// A fault aborts its program too, but the scan went on behind it.
TEST(Resume, AProgramThatAFaultAbortedIsRepeated) {
  const ScratchDirectory dir;
  const auto record = [&](RunRecorder& recorder, double t_end) {
    recorder.append(test::sample_frames(0, 40));
    ProgramRecord aborted = test::sample_program(0, 0, 40);
    aborted.end = ProgramEnd::aborted;
    aborted.t_end = t_end;
    recorder.add(aborted);
    recorder.add(
        FaultRecord{.point = 0, .t = 1.5, .fault = "timeout", .action = "retry", .device = "d", .detail = "x"});
  };
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    record(recorder, 1.0);
  }
  RunRecorder recorder(dir / "run.h5", test::sample_header(), JournalUse::resume);
  EXPECT_THAT(error_of([&] { record(recorder, 2.0); }), HasSubstr("program was made now behind frame 40, other than"));
}

TEST(Resume, ASecondProcessIsKeptOut) {
  const ScratchDirectory dir;
  const RunRecorder first(dir / "run.h5", test::sample_header());
  EXPECT_THAT(error_of([&] { RunRecorder(dir / "run.h5", test::sample_header(), JournalUse::resume); }),
              HasSubstr("another scan is writing it"));
}

TEST(Resume, FaultsAreInTheRunFile) {
  const ScratchDirectory dir;
  RunRecorder recorder(dir / "run.h5", test::sample_header());
  recorder.add(FaultRecord{.point = 3, .t = 1.5, .fault = "timeout", .action = "retry", .device = "d", .detail = "x"});
  recorder.finalise("complete");
  const RunReader reader(dir / "run.h5");
  ASSERT_EQ(reader.summary().faults.size(), 1U);
  EXPECT_EQ(reader.summary().faults[0].point, 3);
  EXPECT_EQ(reader.summary().faults[0].action, "retry");
}

}  // namespace
}  // namespace seccm::files
