#include "jobs/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "files/atomic_file.hpp"
#include "jobs/threads.hpp"
#include "scenarios/applicability.hpp"
#include "sim/error.hpp"

namespace seccm::jobs {
namespace fs = std::filesystem;
namespace {

bool for_campaign_only(std::string_view assignment) {
  const std::string_view key = assignment.substr(0, assignment.find('='));
  if (key.starts_with("campaign.")) return true;
  const bool top_level = key.find('.') == std::string_view::npos;
  return top_level && !key.starts_with("seed") && !key.starts_with("truth_set");
}

std::vector<std::string> truth_sets_of(const scenarios::Scenario& campaign) {
  auto sets = split_names(campaign.campaign.truth_sets);
  if (sets.empty()) sets.emplace_back();  // each run's own
  return sets;
}

/// Overrides go to every run: one that no run reads is refused.
class SharedOverrides {
 public:
  explicit SharedOverrides(std::vector<std::string> overrides) : overrides_(std::move(overrides)) {}

  [[nodiscard]] const std::vector<std::string>& all() const { return overrides_; }
  void note(const std::vector<scenarios::UnusedKey>& unused) {
    ++runs_;
    for (const scenarios::UnusedKey& key : unused) {
      if (!key.from_override && !key.excused) throw InputError(key.message);
      if (!key.from_override) continue;
      auto [at, first] = without_effect_.try_emplace(key.path, 0, key.message);
      ++at->second.first;
    }
  }
  void require_effect() const {
    for (const auto& [path, count] : without_effect_) {
      if (count.first == runs_) throw InputError(count.second);
    }
  }

 private:
  std::vector<std::string> overrides_;
  std::map<std::string, std::pair<int, std::string>> without_effect_;  // in so many runs, why in the first
  int runs_ = 0;
};

PlannedRun plan_one(const fs::path& file, SharedOverrides& shared, const std::string& truth_set, int sample,
                    const scenarios::Scenario& campaign, const fs::path& directory) {
  std::vector<std::string> overrides = shared.all();
  if (!truth_set.empty()) overrides.push_back("truth_set=\"" + truth_set + "\"");
  PlannedRun run;
  scenarios::LoadedScenario loaded = scenarios::load_with_unused_keys(file, overrides);
  shared.note(loaded.unused);
  run.scenario = std::move(loaded.scenario);
  if (run.scenario.job != scenarios::Job::scan) {
    throw InputError(fmt::format("campaign.runs: {}: job = \"{}\"; accepted are scenarios with job = \"scan\"",
                                 file.string(), scenarios::job_names[static_cast<std::size_t>(run.scenario.job)]));
  }
  run.scenario.seed += sample;
  run.label = run.scenario.name;
  if (!truth_set.empty()) run.label += ", " + truth_set;
  if (campaign.campaign.samples > 1) run.label += fmt::format(", sample {}", sample + 1);
  std::string folder = run.scenario.name;
  if (!truth_set.empty()) folder += "-" + truth_set;
  if (campaign.campaign.samples > 1) folder += fmt::format("-{:03}", sample + 1);
  std::replace_if(
      folder.begin(), folder.end(), [](char c) { return c == '/' || c == '\\' || static_cast<unsigned char>(c) < ' '; },
      '_');
  run.directory.path = directory / folder;
  return run;
}

void require_distinct(std::span<const PlannedRun> runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (runs[i].directory.path != runs[j].directory.path) continue;
      throw InputError(
          fmt::format("campaign.runs: two runs would both be called \"{}\"; give them different names", runs[i].label));
    }
  }
}

}  // namespace

scenarios::Scenario load_planned(const fs::path& file, std::span<const std::string> overrides) {
  scenarios::LoadedScenario loaded = scenarios::load_with_unused_keys(file, overrides);
  for (const scenarios::UnusedKey& key : loaded.unused) {
    const bool for_the_runs = loaded.scenario.job == scenarios::Job::campaign && key.from_override;
    if (!key.excused && !for_the_runs) throw InputError(key.message);
  }
  return std::move(loaded.scenario);
}

std::vector<PlannedRun> plan_runs(const fs::path& scenario_file, const fs::path& directory,
                                  std::span<const std::string> overrides) {
  const scenarios::Scenario scenario = load_planned(scenario_file, overrides);
  if (scenario.job != scenarios::Job::campaign) return {PlannedRun{scenario.name, scenario, {directory}}};
  std::vector<std::string> passed_on;
  for (const std::string& assignment : overrides) {
    if (!for_campaign_only(assignment)) passed_on.push_back(assignment);
  }
  SharedOverrides shared(std::move(passed_on));
  std::vector<PlannedRun> runs;
  for (const std::string& truth_set : truth_sets_of(scenario)) {
    for (const std::string& name : split_names(scenario.campaign.runs)) {
      for (int sample = 0; sample < scenario.campaign.samples; ++sample) {
        runs.push_back(plan_one(scenario_file.parent_path() / name, shared, truth_set, sample, scenario, directory));
      }
    }
  }
  shared.require_effect();
  require_distinct(runs);
  return runs;
}

void prepare_directory(const fs::path& directory) {
  files::make_directories(directory);
  files::require_writable(directory / "run.h5");
}

FinishedRun execute(const PlannedRun& plan, const std::stop_token& stop, const scan::ProgressCallback& progress) {
  const scenarios::SequencerSource source = plan.scenario.rig.sequencer;
  if (source == scenarios::SequencerSource::replay || source == scenarios::SequencerSource::hardware)
    throw InputError(
        fmt::format("rig.sequencer = \"{}\": a validation compares with the truth, which only a twin has; accepted are "
                    "\"twin\", \"registers\" and \"host\"",
                    scenarios::sequencer_source_names[static_cast<std::size_t>(source)]));
  prepare_directory(plan.directory.path);
  files::require_writable(plan.directory.results());
  FinishedRun done{plan, run_scan(plan.scenario, {plan.directory.run(), plan.directory.truth()}, stop, progress),
                   false};
  if (done.scan.outcome.ending == scan::Ending::complete) {
    files::write_results(plan.directory.results(), analyse_run(plan.directory.run()));
    done.analysed = true;
  }
  return done;
}

std::vector<FinishedRun> execute_all(std::span<const PlannedRun> plan, int threads, const std::stop_token& stop,
                                     const CampaignProgress& progress) {
  if (plan.empty()) return {};
  const int available = threads > 0 ? threads : available_threads();
  const int workers = std::clamp(available, 1, static_cast<int>(plan.size()));
  std::vector<FinishedRun> finished(plan.size());
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::stop_source own;
  const std::stop_callback forward(stop, [&own] { own.request_stop(); });

  const auto work = [&] {
    set_threads(std::max(1, available / workers));
    for (std::size_t k = next++; k < plan.size() && !own.stop_requested(); k = next++) {
      try {
        finished[k] = execute(plan[k], own.get_token(), [&, k](const scan::Progress& p) {
          const std::lock_guard lock(mutex);
          if (progress) progress(k, p);
        });
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        own.request_stop();
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    for (int k = 0; k < workers; ++k) pool.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
  if (stop.stop_requested()) {
    const auto kept =
        std::count_if(finished.begin(), finished.end(), [](const FinishedRun& run) { return run.analysed; });
    throw Cancelled(fmt::format("{} of {} runs were finished; run files of the others hold their finished points", kept,
                                plan.size()));
  }
  return finished;
}

}  // namespace seccm::jobs
