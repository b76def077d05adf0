// Scan, then analyse blind: one run in a directory of its own, and many of them side by side.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "jobs/scan.hpp"

namespace seccm::jobs {

/// The files of one validated run: run.h5, truth.h5 and results.h5 in its directory.
struct RunDirectory {
  std::filesystem::path path;
  [[nodiscard]] std::filesystem::path run() const { return path / "run.h5"; }
  [[nodiscard]] std::filesystem::path truth() const { return path / "truth.h5"; }
  [[nodiscard]] std::filesystem::path results() const { return path / "results.h5"; }
};

struct PlannedRun {
  std::string label;  ///< "paper_fig3, reconciled"
  scenarios::Scenario scenario;
  RunDirectory directory;
};

struct FinishedRun {
  PlannedRun plan;
  ScanReport scan;
  bool analysed = false;  ///< a run without a calibration of the reference electrode can not be
};

/// As load_scenario. What the command line says beside a campaign is meant for its runs.
scenarios::Scenario load_planned(const std::filesystem::path& file, std::span<const std::string> overrides);

/// What a scenario comes to: itself alone in `directory`, or for a campaign its runs for every truth set and sample in
/// sub-directories, in the order of the file. `overrides` go to every run, but keys of [campaign] and of the top level
/// (seed and truth_set apart) to the campaign only. Throws InputError: all scenarios are read and checked here.
std::vector<PlannedRun> plan_runs(const std::filesystem::path& scenario_file, const std::filesystem::path& directory,
                                  std::span<const std::string> overrides);

/// Creates the directory and tries that it can be written. Throws InputError.
void prepare_directory(const std::filesystem::path& directory);

FinishedRun execute(const PlannedRun& plan, const std::stop_token& stop, const scan::ProgressCallback& progress = {});

/// `index` of the run in the plan. Called from several threads, one at a time.
using CampaignProgress = std::function<void(std::size_t index, const scan::Progress&)>;

/// Executes all runs on at most `threads` threads (0: as many as the machine has). Results come in the order of the
/// plan and do not depend on the number of threads. The first error stops the others and is thrown.
std::vector<FinishedRun> execute_all(std::span<const PlannedRun> plan, int threads, const std::stop_token& stop,
                                     const CampaignProgress& progress = {});

}  // namespace seccm::jobs
