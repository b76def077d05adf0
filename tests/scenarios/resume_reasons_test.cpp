// A resume without a journal: what is there instead, and what ended the run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/scan.hpp"
#include "scenarios/library.hpp"
#include "sim/error.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::scenarios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class ResumeWithoutAJournal : public ::testing::Test {
 protected:
  scan::ScanOutcome scan(const std::vector<std::string>& more) {
    return jobs::run_scan(described(more), files(), {}).outcome;
  }
  std::string refused() {
    jobs::ScanTerms terms;
    terms.start = jobs::ScanStart::resume;
    try {
      (void)jobs::run_scan(described({}), files(), {}, {}, terms);
    } catch (const InputError& error) {
      return error.what();
    }
    return "not refused";
  }

 private:
  [[nodiscard]] jobs::ScanFiles files() const { return {folder_ / "run.h5", folder_ / "truth.h5"}; }
  static Scenario described(std::vector<std::string> more) {
    more.insert(more.end(),
                {"scan.mode=grid", "scan.grid_columns=2", "scan.grid_rows=1", "scan.grid_pitch=8 um", "scan.average=1",
                 "cv.cycles=1", "calibration.ferrocene=false", "micrograph_survey.enabled=false"});
    return load_scenario(resolve_scenario("quickstart"), more);
  }
  test::ScratchDirectory folder_;
};

TEST_F(ResumeWithoutAJournal, SaysThatNothingWasEverRecorded) {
  EXPECT_THAT(refused(), AllOf(HasSubstr("there is nothing to resume"), HasSubstr("run.h5 either")));
}

TEST_F(ResumeWithoutAJournal, SaysThatTheScanWasComplete) {
  EXPECT_EQ(scan({}).ending, scan::Ending::complete);
  EXPECT_THAT(refused(), HasSubstr("is whole: the scan was complete"));
}

TEST_F(ResumeWithoutAJournal, NamesTheInstrumentThatEndedTheScan) {
  // In the preflight, where no point is in flight, and in a point.
  for (const char* program : {"3", "8"}) {
    const scan::ScanOutcome outcome =
        scan({"faults.sequencer=no_reply", std::string("faults.program=") + program, "policy.silence=1 s"});
    EXPECT_EQ(outcome.ending, scan::Ending::device_fault);
    EXPECT_EQ(outcome.faults, 1);
    EXPECT_THAT(refused(), AllOf(HasSubstr("did not die but closed its file"),
                                 HasSubstr("timeout (fault injection: no reply) ended it at t = "),
                                 HasSubstr(program == std::string("3") ? "between points" : "in point 0")));
  }
}

}  // namespace
}  // namespace seccm::scenarios
