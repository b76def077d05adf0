// Scenario -> rig (rig_factory.hpp) -> scan -> files. The scan gets the five roles, the analysis gets a run file, and
// the truth goes from the twin to its own file past both of them.
#pragma once

#include <filesystem>
#include <span>
#include <stop_token>
#include <string>

#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "instrument/roles/clock.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::jobs {

struct ScanFiles {
  std::filesystem::path run;
  std::filesystem::path truth;
};

enum class ScanStart {
  anew,
  resume,  ///< go on with the run whose process died, or whose instrument has failed
};

/// On which terms a scan is begun.
struct ScanTerms {
  ScanStart start = ScanStart::anew;
  bool allow_motion = false;           ///< consent that connecting hardware moves its stage; a twin needs none
  instrument::Clock* clock = nullptr;  ///< time of the hardware; null: the wall clock
};

struct ScanReport {
  scan::ScanOutcome outcome;
  int micrographs = 0;
  bool resumed = false;
  /// A stop was asked for before a resumed run had caught up with its journal: nothing was written, nothing is lost.
  bool still_catching_up = false;
  /// An instrument ended the scan behind a whole point: beside the run file its journal stays, for `ScanStart::resume`.
  bool resumable = false;
  bool has_truth = false;  ///< false unless the twin measured: `ScanFiles::truth` was not written
  /// What the regular array of [scan] would take with the same programme at each node, for comparison.
  scan::ScanEstimate full_grid;
};

/// Runs the scan that the scenario describes on the rig that it names, takes the micrographs, writes run and truth.
/// Both places are tried before anything moves. A stop request or a device fault still leaves a run file of the
/// finished points; a device fault of hardware leaves its journal as well. Throws InputError for a scenario that can
/// not be run, an unwritable place, a full disk, or the journal of an earlier run that died (`ScanStart::resume` goes
/// on with it, `rescue_run` builds a run file from it).
///
/// Resuming: a twin or a replay is deterministic in (scenario, seed, calls), so the calls are made again in virtual
/// time and every record is held against the journal, bit for bit; behind the journal's end the scan goes on as if
/// nothing had been. No finished point is measured again: on the sample of the twin each was landed on once. Run file
/// and truth file get the bytes of a run that nobody disturbed. Throws files::ResumeError, naming the difference, when
/// scenario, seed or software are not those of the journal.
///
/// Hardware: refused (InputError) without consent to motion. There is no truth and there are no micrographs. Resumed,
/// the whole points of the journal are played back and the devices taken over behind them (hardware_resume.hpp);
/// refused (files::ResumeError) with other instruments as well.
ScanReport run_scan(const scenarios::Scenario& scenario, const ScanFiles& files, const std::stop_token& stop,
                    const scan::ProgressCallback& progress = {}, const ScanTerms& terms = {});

/// "run.h5" -> "run.h5.journal"
std::filesystem::path journal_of(const std::filesystem::path& run);

/// Builds the run file from the journal that a died process left behind, and removes the journal.
files::Recovery rescue_run(const std::filesystem::path& run);

/// Analyses a run with the [analysis] section that it carries; `overrides` may change keys of that section only.
/// Throws InputError.
files::Results analyse_run(const std::filesystem::path& run, std::span<const std::string> overrides = {});

}  // namespace seccm::jobs
