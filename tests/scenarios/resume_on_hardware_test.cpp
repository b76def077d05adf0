// A scan on hardware whose process dies, or whose instrument fails, and that is resumed, with the twin on the other end
// of the drivers.
//
// A death is a throw out of the progress callback: the scan ends without a word in its journal, as that of a killed
// process does, up to what the recorder still held. What a kill leaves of a journal is a prefix; so the journal of one
// death, cut anywhere, is as many deaths.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "files/journal.hpp"
#include "files/run_file.hpp"
#include "files/run_journal.hpp"
#include "files/whole_points.hpp"
#include "jobs/scan.hpp"
#include "sim/error.hpp"
#include "tests/scenarios/laboratory.hpp"

namespace seccm::scenarios {
namespace {

using namespace laboratory;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;

struct Death {};

/// True: the process dies here.
using Fate = std::function<bool(const scan::Progress&)>;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class DyingScan {
 public:
  DyingScan(Keys keys, instrument::Clock* clock) : keys_(std::move(keys)), clock_(clock) {}

  [[nodiscard]] fs::path run() const { return folder_ / "run.h5"; }
  [[nodiscard]] fs::path journal() const { return jobs::journal_of(run()); }

  /// False when it came to its end.
  bool dies(jobs::ScanStart start, const Fate& fate) {
    try {
      report_ = scan(keys_, start, fate);
      return false;
    } catch (const Death&) {
      return true;
    }
  }
  jobs::ScanReport resume() { return report_ = scan(keys_, jobs::ScanStart::resume, {}); }
  [[nodiscard]] const jobs::ScanReport& report() const { return report_; }
  /// What resuming with other keys on top says; the journal must not change for it.
  std::string refusal(const Keys& changes) {
    const std::string before = bytes_of(journal());
    try {
      (void)scan(keys_ + changes, jobs::ScanStart::resume, {});
      return "accepted";
    } catch (const InputError& error) {
      EXPECT_TRUE(bytes_of(journal()) == before);
      return error.what();
    }
  }
  std::string refusal_without_journal() {
    try {
      (void)resume();
      return "accepted";
    } catch (const InputError& error) {
      return error.what();
    }
  }
  void put_journal(const std::string& bytes) const {
    fs::remove(run());
    std::ofstream(journal(), std::ios::binary) << bytes;
  }

 private:
  jobs::ScanReport scan(const Keys& keys, jobs::ScanStart start, const Fate& fate) const {
    return jobs::run_scan(described(keys), {run(), folder_ / "truth.h5"}, {},
                          [&](const scan::Progress& p) {
                            if (fate && fate(p)) throw Death{};
                          },
                          {.start = start, .allow_motion = true, .clock = clock_});
  }

  Keys keys_;
  instrument::Clock* clock_;
  test::ScratchDirectory folder_;
  jobs::ScanReport report_;
};

/// The records of the whole points of a journal, as bytes, and the frames in front of the end of the last one.
struct Past {
  explicit Past(const fs::path& journal) : whole(files::find_whole_points(journal)) {
    files::JournalReader reader(journal);
    files::JournalRecord record;
    while (reader.position() < whole.end && reader.next(record)) {
      if (record.kind == static_cast<std::uint32_t>(files::RunRecordKind::point)) points.push_back(record.payload);
      if (record.kind == static_cast<std::uint32_t>(files::RunRecordKind::frames))
        frames += files::decode_frames(record.payload).size();
    }
  }
  files::WholePoints whole;
  std::vector<std::string> points;
  std::uint64_t frames = 0;
};

bool approaches(const files::ProgramRecord& program) {
  return !program.waypoints.empty() && program.waypoints.front().on_contact;
}

/// Whole points as they were; every point once; frames without a hole; behind each resume the tip comes down from the
/// top, slowly, and never where a finished point has landed.
void expect_whole(const fs::path& run, const Past& past, std::size_t resumes) {
  const files::RunReader reader(run);
  const files::RunSummary& s = reader.summary();
  EXPECT_EQ(s.status, "complete");
  ASSERT_GE(s.points.size(), past.points.size());
  for (std::size_t k = 0; k < past.points.size(); ++k)
    EXPECT_TRUE(files::encode(s.points[k]) == past.points[k]) << "point " << k;
  std::set<std::pair<double, double>> places;
  for (std::size_t k = 0; k < s.points.size(); ++k) {
    const files::PointRecord& point = s.points[k];
    EXPECT_EQ(point.index, static_cast<int>(k));
    EXPECT_TRUE(places.emplace(point.target_x, point.target_y).second) << "point " << k << " has a place of another";
    EXPECT_LE(point.frame_end, s.frames);
    if (k > 0) {
      EXPECT_LE(s.points[k - 1].frame_end, point.frame_begin);
      EXPECT_LE(s.points[k - 1].t_end, point.t_start);
    }
  }
  std::uint64_t of_programs = 0;
  for (const files::ProgramRecord& program : s.programs) {
    EXPECT_EQ(program.frame_begin, of_programs) << "frames of no program, or of two";
    of_programs = program.frame_end;
  }
  EXPECT_EQ(of_programs, s.frames);
  const std::vector<double> t = reader.frames(0, s.frames).t;
  EXPECT_TRUE(std::is_sorted(t.begin(), t.end()));

  std::vector<double> taken_over;
  for (const files::FaultRecord& fault : s.faults)
    if (fault.fault == files::taken_over) taken_over.push_back(fault.t);
  ASSERT_EQ(taken_over.size(), resumes);
  for (const double when : taken_over) {
    bool first = true;
    for (const files::ProgramRecord& program : s.programs) {
      if (program.t_start < when || !approaches(program)) continue;
      if (first) {
        EXPECT_EQ(program.waypoints.size(), 1U) << "a fast leg above a surface that nobody knows any more";
        EXPECT_EQ(program.waypoints.front().z, s.rig.z_min);
        first = false;
      }
      for (const files::PointRecord& point : s.points) {
        if (point.t_end > when || !point.contact) continue;
        // Neighbouring places of these scans are microns apart, readings of one place nanometres.
        EXPECT_GT(std::hypot(program.x_end - point.contact_x, program.y_end - point.contact_y), 0.5e-6)
            << "a second landing at point " << point.index;
      }
    }
    EXPECT_FALSE(first);
  }
}

/// Dies in the middle of what it does at this point of this stage.
Fate inside(std::string_view stage, int done, std::uint64_t frames) {
  return [=, first = std::optional<std::uint64_t>()](const scan::Progress& p) mutable {
    if (p.stage != stage || p.done != done) return false;
    if (!first) first = p.frames;
    return p.frames > *first + frames;
  };
}

TEST(ResumeOnHardware, OfTheFpgaGoesOnBehindTheLastWholePointWhereverItsJournalEnds) {
  const FpgaLaboratory laboratory(array);
  DyingScan scan(laboratory.keys(), nullptr);
  ASSERT_TRUE(scan.dies(jobs::ScanStart::anew, inside("points", 1, 1500)));
  const std::string journal = bytes_of(scan.journal());
  std::set<std::size_t> lengths;
  for (const double part : {0.15, 0.6, 0.999}) {
    SCOPED_TRACE(part);
    scan.put_journal(journal.substr(0, static_cast<std::size_t>(part * static_cast<double>(journal.size()))));
    const Past past(scan.journal());
    lengths.insert(past.points.size());
    const jobs::ScanReport report = scan.resume();
    EXPECT_EQ(report.outcome.ending, scan::Ending::complete) << report.outcome.message;
    EXPECT_TRUE(report.resumed);
    EXPECT_FALSE(fs::exists(scan.journal()));
    EXPECT_FALSE(fs::exists(scan.run().string() + ".past"));
    expect_whole(scan.run(), past, past.points.empty() ? 0 : 1);
  }
  EXPECT_GE(lengths.size(), 2U) << "the cuts lie behind the same point";
}

TEST(ResumeOnHardware, OfTheHostSurvivesASecondDeath) {
  ServedLaboratory laboratory(smart);
  DyingScan scan(laboratory.keys(), &laboratory.clock());
  ASSERT_TRUE(scan.dies(jobs::ScanStart::anew, inside("position calibration", 3, 40)));
  ASSERT_EQ(Past(scan.journal()).points.size(), 3U);
  ASSERT_TRUE(scan.dies(jobs::ScanStart::resume, inside("points", 1, 40)));
  const Past past(scan.journal());
  EXPECT_EQ(past.whole.obstacle, "");
  const jobs::ScanReport report = scan.resume();
  EXPECT_EQ(report.outcome.ending, scan::Ending::complete) << report.outcome.message;
  expect_whole(scan.run(), past, 2);
  EXPECT_EQ(report.outcome.points_visited, 3);
}

/// The instruments are switched off where a process would die; the scan sees it and ends by itself.
bool fails(DyingScan& scan, ServedLaboratory& laboratory, jobs::ScanStart start, Fate fate) {
  bool off = false;
  const bool died = scan.dies(start, [&](const scan::Progress& p) {
    if (!off && fate(p)) {
      laboratory.switch_off();
      off = true;
    }
    return false;
  });
  return !died && off && scan.report().outcome.ending == scan::Ending::device_fault;
}

std::vector<std::string> taken_over_after(const fs::path& run) {
  const files::RunReader reader(run);
  std::vector<std::string> causes;
  for (const files::FaultRecord& fault : reader.summary().faults)
    if (fault.fault == files::taken_over) causes.push_back(fault.detail);
  return causes;
}

TEST(ResumeOnHardware, OfInstrumentsThatFailedGoesOnWhenTheyAreBack) {
  ServedLaboratory laboratory(array);
  DyingScan scan(laboratory.keys(), &laboratory.clock());
  ASSERT_TRUE(fails(scan, laboratory, jobs::ScanStart::anew, inside("points", 0, 40)));
  EXPECT_TRUE(scan.report().resumable);
  const Past first(scan.journal());
  EXPECT_EQ(files::RunReader(scan.run()).summary().status, "interrupted");
  ASSERT_GE(first.points.size(), 1U);
  // Once more, behind the point that was in flight.
  laboratory.switch_on();
  ASSERT_TRUE(fails(scan, laboratory, jobs::ScanStart::resume, inside("points", 1, 40)));
  const Past second(scan.journal());
  ASSERT_EQ(second.points.size(), first.points.size() + 1);
  laboratory.switch_on();
  const jobs::ScanReport report = scan.resume();
  EXPECT_EQ(report.outcome.ending, scan::Ending::complete) << report.outcome.message;
  EXPECT_FALSE(report.resumable);
  EXPECT_FALSE(fs::exists(scan.journal()));
  expect_whole(scan.run(), second, 2);
  EXPECT_THAT(taken_over_after(scan.run()), Each(HasSubstr("disconnected (")));
}

TEST(ResumeOnHardware, LeavesNoJournalWhereNoPointIsWhole) {
  ServedLaboratory laboratory(array);
  DyingScan scan(laboratory.keys(), &laboratory.clock());
  ASSERT_TRUE(fails(scan, laboratory, jobs::ScanStart::anew, inside("ferrocene calibration", 0, 10)));
  EXPECT_FALSE(scan.report().resumable);
  EXPECT_FALSE(fs::exists(scan.journal()));
  EXPECT_THAT(scan.refusal_without_journal(),
              AllOf(HasSubstr("did not die but closed its file"), HasSubstr("ended it")));
}

TEST(ResumeOnHardware, RefusesAnotherScanAndOtherInstrumentsAndLeavesTheJournalAsItIs) {
  const FpgaLaboratory laboratory(array);
  DyingScan scan(laboratory.keys(), nullptr);
  ASSERT_TRUE(scan.dies(jobs::ScanStart::anew, inside("points", 0, 200)));
  EXPECT_THAT(scan.refusal({"seed=77"}), AllOf(HasSubstr("the seed is"), HasSubstr("77 now")));
  EXPECT_THAT(scan.refusal({"cv.cycles=2"}),
              AllOf(HasSubstr("the scenario differs: [cv] cycles = 1 in the journal"), HasSubstr("--rescue")));
  EXPECT_THAT(scan.refusal({"wecspm.span_z=90 um"}),
              HasSubstr("scenario differs: [wecspm] span_z = \"100 um\" in the journal"));
  // Nothing of the scenario says how large an image is, the camera does.
  laboratory.exchange({"camera.width=800"});
  EXPECT_THAT(scan.refusal({}), AllOf(HasSubstr("the rig differs: image: "), HasSubstr("800 x ")));
  laboratory.exchange({});
  EXPECT_EQ(scan.resume().outcome.ending, scan::Ending::complete);
}

}  // namespace
}  // namespace seccm::scenarios
