#include "files/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "sample_run.hpp"
#include "sim/error.hpp"

namespace seccm::files {
namespace {

using test::ScratchDirectory;
using test::slurp;
using test::spill;
using testing::HasSubstr;

std::vector<JournalRecord> read_all(const std::filesystem::path& path, std::uint64_t* torn = nullptr) {
  JournalReader reader(path);
  std::vector<JournalRecord> records;
  JournalRecord record;
  while (reader.next(record)) records.push_back(record);
  if (torn != nullptr) *torn = reader.torn_bytes();
  return records;
}

std::vector<std::string> write_some(const std::filesystem::path& path) {
  JournalWriter writer(path);
  std::vector<std::string> payloads{"", "a", std::string(3000, 'x'), std::string("\0\1\2", 3), "last"};
  for (std::size_t k = 0; k < payloads.size(); ++k) writer.append(static_cast<std::uint32_t>(k), payloads[k]);
  writer.commit();
  return payloads;
}

TEST(Journal, ReturnsWhatWasAppended) {
  const ScratchDirectory dir;
  const auto payloads = write_some(dir / "j");
  std::uint64_t torn = 1;
  const auto records = read_all(dir / "j", &torn);
  ASSERT_EQ(records.size(), payloads.size());
  for (std::size_t k = 0; k < records.size(); ++k) {
    EXPECT_EQ(records[k].payload, payloads[k]);
    EXPECT_EQ(records[k].kind, k);
    EXPECT_EQ(records[k].sequence, k);
  }
  EXPECT_EQ(torn, 0u);
}

// Cut at every byte: exactly the records that are whole come back, and every byte behind them is reported.
TEST(Journal, ReturnsTheWholeRecordsOfAnyTruncation) {
  const ScratchDirectory dir;
  const auto payloads = write_some(dir / "j");
  const std::string bytes = slurp(dir / "j");
  for (std::size_t cut = 8; cut <= bytes.size(); ++cut) {
    std::size_t whole = 0;
    std::size_t end = 8;
    while (whole < payloads.size() && end + 20 + payloads[whole].size() <= cut) end += 20 + payloads[whole++].size();
    spill(dir / "cut", bytes.substr(0, cut));
    std::uint64_t torn = 0;
    ASSERT_EQ(read_all(dir / "cut", &torn).size(), whole) << "cut at " << cut;
    ASSERT_EQ(torn, cut - end) << "cut at " << cut;
  }
  for (std::size_t cut = 0; cut < 8; ++cut) {
    spill(dir / "cut", bytes.substr(0, cut));
    EXPECT_THROW(read_all(dir / "cut"), InputError);
  }
}

// A CRC-32 finds every single flipped bit, wherever it is: in the lengths, numbers, checksums or payloads.
TEST(Journal, StopsAtTheFirstFlippedBit) {
  const ScratchDirectory dir;
  const auto payloads = write_some(dir / "j");
  const std::string bytes = slurp(dir / "j");
  std::size_t record = 0;
  std::size_t end = 8 + 20 + payloads[0].size();
  for (std::size_t at = 8; at < bytes.size(); ++at) {
    if (at >= end) end += 20 + payloads[++record].size();
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    spill(dir / "flip", damaged);
    ASSERT_EQ(read_all(dir / "flip").size(), record) << "flipped at byte " << at;
  }
}

TEST(Journal, MovesAnOlderJournalAsideAndKeepsASecondWriterOut) {
  const ScratchDirectory dir;
  write_some(dir / "j");
  const std::string old = slurp(dir / "j");
  {
    const JournalWriter second(dir / "j");
    EXPECT_EQ(slurp(dir / "j.1"), old);
    EXPECT_THROW(JournalWriter(dir / "j"), InputError);
  }
  const JournalWriter third(dir / "j");
  EXPECT_TRUE(std::filesystem::exists(dir / "j.2"));
}

TEST(Journal, NamesAForeignFile) {
  const ScratchDirectory dir;
  spill(dir / "j", "this is not a journal");
  EXPECT_THROW(
      {
        try {
          JournalReader reader(dir / "j");
        } catch (const InputError& error) {
          EXPECT_THAT(error.what(), HasSubstr("not a run journal"));
          throw;
        }
      },
      InputError);
  EXPECT_THROW(JournalReader(dir / "absent"), InputError);
  EXPECT_THROW(JournalReader(dir.path()), InputError);
}

TEST(RunRecorder, LeavesAJournalThatRebuildsTheRun) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    test::record_sample(recorder, 3);
  }
  EXPECT_FALSE(std::filesystem::exists(dir / "run.h5"));
  const Recovery recovery = rebuild_run(dir / "run.h5.journal", dir / "run.h5");
  EXPECT_EQ(recovery.frames, 3 * test::frames_per_point);
  EXPECT_EQ(recovery.points, 3u);
  EXPECT_EQ(recovery.torn_bytes, 0u);
  EXPECT_EQ(RunReader(dir / "run.h5").summary().status, "interrupted");
  // The same bytes as a run that was finalised as interrupted.
  {
    RunRecorder recorder(dir / "direct.h5", test::sample_header());
    test::record_sample(recorder, 3);
    recorder.finalise("interrupted");
  }
  EXPECT_TRUE(slurp(dir / "run.h5") == slurp(dir / "direct.h5"));
}

/// The frames of a rebuilt run are the first ones of the sample, without a hole.
void expect_prefix(const RunReader& run) {
  const std::uint64_t n = run.summary().frames;
  const FrameBlock block = run.frames(0, n);
  std::vector<PackedFrame> expected;
  for (std::uint64_t first = 0; first < n; first += test::frames_per_point) {
    const auto more = test::sample_frames(first, test::frames_per_point);
    expected.insert(expected.end(), more.begin(), more.end());
  }
  const RunHeader header = test::sample_header();
  for (std::size_t k = 0; k < n; ++k) {
    ASSERT_EQ(block.t[k], static_cast<double>(expected[k].tick) * header.tick) << "frame " << k;
    ASSERT_EQ(block.i1[k], header.i1.offset + header.i1.lsb * expected[k].i1) << "frame " << k;
  }
  for (std::size_t k = 0; k < run.summary().points.size(); ++k)
    ASSERT_EQ(run.summary().points[k].index, static_cast<int>(k));
}

TEST(RunRecorder, RebuildsAPrefixFromAnyTruncationOfItsJournal) {
  const ScratchDirectory dir;
  {
    RunRecorder recorder(dir / "run.h5", test::sample_header());
    test::record_sample(recorder, 3);
  }
  const std::string bytes = slurp(dir / "run.h5.journal");
  std::uint64_t frames_before = 0;
  std::size_t points_before = 0;
  // 211 is prime: the cuts fall on every phase of the records' layout.
  for (std::size_t cut = 0; cut <= bytes.size(); cut += 211) {
    spill(dir / "cut.journal", bytes.substr(0, cut));
    Recovery recovery;
    try {
      recovery = rebuild_run(dir / "cut.journal", dir / "cut.h5");
    } catch (const InputError& error) {
      ASSERT_LT(cut, 600u) << error.what();  // only while the header itself is cut
      ASSERT_FALSE(std::filesystem::exists(dir / "cut.h5"));
      continue;
    }
    ASSERT_GE(recovery.frames, frames_before);
    ASSERT_GE(recovery.points, points_before);
    frames_before = recovery.frames;
    points_before = recovery.points;
    const RunReader run(dir / "cut.h5");
    ASSERT_EQ(run.summary().frames, recovery.frames);
    expect_prefix(run);
  }
  EXPECT_EQ(frames_before, 3 * test::frames_per_point);
  EXPECT_EQ(points_before, 3u);
}

// A process that dies at once (no destructor, no flush) loses at most the frames of one record.
TEST(RunRecorder, SurvivesAKilledProcessWithinOneRecordOfFrames) {
  const ScratchDirectory dir;
  for (const std::size_t acknowledged : {100u, 1024u, 2000u, 5003u}) {
    const auto target = dir / ("run" + std::to_string(acknowledged) + ".h5");
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto* recorder = new RunRecorder(target, test::sample_header());  // never destroyed: the process is killed
      recorder->append(test::sample_frames(0, acknowledged));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const Recovery recovery = rebuild_run(target.string() + ".journal", target);
    EXPECT_EQ(recovery.frames, acknowledged / frames_per_record * frames_per_record);
  }
}

// Well-formed journal records with nonsense inside: an InputError, never a crash.
TEST(RunRecorder, RefusesForgedRecordsThatCarryAValidChecksum) {
  const ScratchDirectory dir;
  RandomStream random(3, "forged records");
  for (int trial = 0; trial < 300; ++trial) {
    {
      JournalWriter writer(dir / "forged.journal");
      writer.append(static_cast<std::uint32_t>(RunRecordKind::header), encode(test::sample_header()));
      const std::string honest[] = {encode(FrameColumns{}), encode(test::sample_point(0, 0, 0)),
                                    encode(test::sample_image("a", 3, 2)), encode(test::sample_micrograph(1)),
                                    encode(test::sample_registration())};
      const std::uint32_t kinds[] = {2, 3, 4, 6, 7};
      const auto which = static_cast<std::size_t>(random.below(5));
      std::string payload = honest[which];
      if (random.uniform() < 0.5) payload.resize(static_cast<std::size_t>(random.below(payload.size() + 1)));
      for (int flips = 0; flips < 4 && !payload.empty(); ++flips)
        payload[static_cast<std::size_t>(random.below(payload.size()))] = static_cast<char>(random.below(256));
      writer.append(kinds[which], payload);
    }
    try {
      rebuild_run(dir / "forged.journal", dir / "forged.h5");
      RunReader{dir / "forged.h5"};
    } catch (const InputError& error) {
      EXPECT_GT(std::string(error.what()).size(), 10u);
    }
    std::filesystem::remove(dir / "forged.journal");
    std::filesystem::remove(dir / "forged.h5");
    ASSERT_EQ(dir.entries(), 0u) << "something half-written was left behind";
  }
}

}  // namespace
}  // namespace seccm::files
