// Every file says which software made it: a run the one that measured, its results the one that analysed.
#include <gtest/gtest.h>

#include <cmath>

#include "files/import/import_run.hpp"
#include "files/run_file.hpp"
#include "jobs/scan.hpp"
#include "jobs/version.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::jobs {
namespace {

/// One cycle 3 V -> 1 V -> 3 V at 0.1 V/s.
files::ForeignRecording triangle() {
  files::ForeignRecording recording;
  recording.format = "by hand";
  recording.polarity = files::Polarity::iupac;
  recording.complete = true;
  for (int k = 0; k <= 4000; ++k) {
    recording.t.push_back(0.01 * k);
    recording.E1.push_back(3.0 - 0.001 * (k <= 2000 ? k : 4000 - k));
    recording.i1.push_back(k <= 2000 ? -1e-12 : 1e-12);
    recording.cycle.push_back(1);
  }
  recording.pixel.assign(recording.t.size(), 0);
  return recording;
}

TEST(Version, OfResultsIsThatOfTheAnalysis) {
  const test::ScratchDirectory folder;
  files::ImportOptions options;
  options.reference_offset = 0.0;
  options.software = "another program 3";
  files::write_foreign(triangle(), folder / "run.h5", options);
  EXPECT_EQ(files::RunReader(folder / "run.h5").summary().header.software, "another program 3");
  EXPECT_EQ(analyse_run(folder / "run.h5").software, software());
}

TEST(Version, NamesTheCommitOfACheckout) {
  EXPECT_TRUE(software().starts_with("seccm-twin "));
  const bool checkout = std::filesystem::exists(SECCM_SOURCE_DIR "/.git");
  EXPECT_EQ(software().find('(') != std::string::npos, checkout);
}

}  // namespace
}  // namespace seccm::jobs
