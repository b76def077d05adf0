#include "jobs/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "files/atomic_file.hpp"
#include "files/journal.hpp"
#include "files/run_journal.hpp"
#include "files/whole_points.hpp"
#include "instrument/decorators/fault_injection.hpp"
#include "instrument/decorators/interlock_guard.hpp"
#include "jobs/twin_truth.hpp"
#include "jobs/version.hpp"
#include "pipeline/analysis/analyse.hpp"
#include "rigs/hardware_resume.hpp"
#include "rigs/rig_factory.hpp"
#include "scenarios/consistency.hpp"
#include "sim/error.hpp"

namespace seccm::jobs {
namespace fs = std::filesystem;
namespace {

using instrument::Rig;

files::Scale scale_of(const instrument::ChannelScale& channel) {
  return {channel.lsb, channel.offset};
}

/// What it says before there is a rig.
files::RunHeader header_of(const scenarios::Scenario& scenario) {
  files::RunHeader header;
  header.scenario_text = scenarios::write_observable(scenario);
  header.scenario_name = scenario.name;
  header.seed = static_cast<std::uint64_t>(scenario.seed);
  header.software = software();
  header.pipette_diameter = scenario.twin.pipette.diameter.si();
  return header;
}

files::RunHeader header_of(const scenarios::Scenario& scenario, const Rig& rig) {
  const instrument::Capabilities can = rig.sequencer.capabilities();
  const instrument::CameraProperties camera = rig.camera.properties();
  files::RunHeader header = header_of(scenario);
  header.frame_interval = can.frame_interval;
  header.x = scale_of(can.x);
  header.y = scale_of(can.y);
  header.z = scale_of(can.z);
  header.E1 = scale_of(can.E1);
  header.i1 = scale_of(can.i1);
  header.E2 = scale_of(can.E2);
  header.i2 = scale_of(can.i2);
  header.current_range = rig.sequencer.limits().current_range;
  header.nominal_pixel_size = camera.nominal_pixel_size;
  header.camera_bits = camera.bits;
  return header;
}

void connect(const Rig& rig, instrument::ConnectConsent consent) {
  (void)rig.sequencer.connect(consent).value();
  (void)rig.camera.connect(consent).value();
  (void)rig.light.connect(consent).value();
}

void make_safe(const Rig& rig) noexcept {
  rig.sequencer.make_safe();
  rig.light.make_safe();
  rig.camera.make_safe();
}

bool take_micrograph(const rigs::RigFactory& devices, const files::PointRecord& point, files::RunRecorder& recorder) {
  const auto micrograph = devices.micrograph(point);
  if (micrograph) recorder.add(*micrograph);
  return micrograph.has_value();
}

/// Of every landing on purpose: targets and nodes of an array that made contact. The recorder keeps no points, its
/// journal has them all, in the order of their numbers and in front of the micrographs that are appended meanwhile.
int take_micrographs(const scenarios::Scenario& scenario, const rigs::RigFactory& devices, const fs::path& journal,
                     files::RunRecorder& recorder) {
  if (!scenario.micrograph_survey.enabled) return 0;
  int taken = 0;
  files::JournalReader reader(journal);
  files::JournalRecord record;
  while (reader.next(record)) {
    if (record.kind != static_cast<std::uint32_t>(files::RunRecordKind::point)) continue;
    const files::PointRecord point = files::decode_point(record.payload);
    const bool wanted = point.kind == files::PointKind::target || point.kind == files::PointKind::grid;
    if (!wanted || !point.contact) continue;
    taken += take_micrograph(devices, point, recorder) ? 1 : 0;
  }
  return taken;
}

scan::ScanParameters scan_parameters(const scenarios::Scenario& scenario) {
  scan::ScanParameters parameters = scenario.scan;
  parameters.pipette_diameter = scenario.twin.pipette.diameter;
  parameters.temperature = scenario.analysis.temperature;
  return parameters;
}

bool on_hardware(const scenarios::Scenario& scenario) {
  return scenario.rig.sequencer == scenarios::SequencerSource::hardware;
}

/// What a laboratory needs beyond what a twin needs, before anything is connected.
void require_hardware_terms(const ScanTerms& terms) {
  if (!terms.allow_motion) {
    throw InputError(
        "rig.sequencer = \"hardware\": connecting retracts z and moves x and y to mid-range, and the scan moves the "
        "tip "
        "and polarises the sample; accepted is --allow-motion");
  }
}

/// Why a run without a journal is not resumed: what is there instead.
std::string instead_of_journal(const fs::path& run) {
  std::error_code code;
  if (!fs::exists(run, code)) {
    return fmt::format(
        "and no {} either: a scan whose instruments did not connect, or whose programs they refused, leaves nothing "
        "behind. Scan without --resume",
        run.string());
  }
  const files::RunReader reader(run);
  const files::RunSummary& summary = reader.summary();
  if (summary.status == "complete") return fmt::format("{} is whole: the scan was complete", run.string());
  const auto ended = std::find_if(summary.faults.rbegin(), summary.faults.rend(),
                                  [](const files::FaultRecord& f) { return !f.device.empty(); });
  const std::string cause =
      ended == summary.faults.rend()
          ? std::string("it was interrupted, or its calibration failed")
          : fmt::format(
                "{} ({}: {}) ended it at t = {:.1f} s{}", ended->fault, ended->device, ended->detail, ended->t,
                ended->point < 0 ? std::string(", between points") : fmt::format(", in point {}", ended->point));
  return fmt::format(
      "the process of {} did not die but closed its file, and with it the journal that a resume goes on from: {}. Its "
      "{} points are in the file. What is left is a scan of its own, under another output",
      run.string(), cause, summary.points.size());
}

void require_start(const fs::path& run, ScanStart start) {
  const fs::path journal = journal_of(run);
  std::error_code code;
  const bool there = fs::exists(journal, code);
  if (start == ScanStart::resume && !there) {
    throw InputError(
        fmt::format("{}: no such journal: there is nothing to resume; {}", journal.string(), instead_of_journal(run)));
  }
  if (start == ScanStart::anew && there) {
    throw InputError(fmt::format(
        "{}: the journal of a run that did not come to its end; `seccm scan SCENARIO -o {} --resume` goes on with it, "
        "--rescue builds the run file of what it holds; to measure anew, remove it or choose another output",
        journal.string(), run.string()));
  }
}

/// A stop request reached a resumed run inside its past.
struct StoppedWhileCatchingUp {};

/// Keeps a stop request away from the scan while a resumed run catches up: the scan would record an interruption that
/// never was. Called from the thread of the scan.
class StopGate {
 public:
  StopGate(std::stop_token outer, const files::RunRecorder& recorder) : outer_(std::move(outer)), recorder_(recorder) {}
  [[nodiscard]] std::stop_token token() const { return inner_.get_token(); }
  void look() {
    if (!outer_.stop_requested()) return;
    if (recorder_.catching_up()) throw StoppedWhileCatchingUp{};
    inner_.request_stop();
  }

 private:
  std::stop_token outer_;
  const files::RunRecorder& recorder_;
  std::stop_source inner_;
};

scan::ScanOutcome conduct_scan(const scenarios::Scenario& scenario, const Rig& rig, files::RunRecorder& recorder,
                               const std::stop_token& stop, const scan::ProgressCallback& progress) {
  StopGate gate(stop, recorder);
  const scan::ProgressCallback watched = [&](const scan::Progress& p) {
    gate.look();
    if (progress) progress(p);
  };
  const bool smart = scenario.scan.protocol.mode == scan::ScanMode::smart;
  const scan::ScanParameters parameters = scan_parameters(scenario);
  return smart ? scan::run_smart_scan(rig, parameters, recorder, gate.token(), watched)
               : scan::run_hopping_grid(rig, parameters, recorder, gate.token(), watched);
}

/// What has ended goes where it waits for the truth file: a scan of any length keeps few landings in memory.
void keep_landings(rigs::ScanRig& twin, validation::TruthWriter& truth) {
  for (const auto& landing : twin.take_landings()) truth.add(landing_of(landing, twin.truth().stage_to_field));
}

/// Nothing without a calibrated reference, and where the array does not fit the stage: a smart scan does not need it.
scan::ScanEstimate full_grid_of(const scenarios::Scenario& scenario, const Rig& rig, const scan::ScanOutcome& outcome) {
  if (!outcome.reference_start.valid) return {};
  try {
    return scan::expected_grid_duration(rig, scan_parameters(scenario), outcome.reference_start.offset_vs_Li);
  } catch (const InputError&) {
    return {};
  }
}

}  // namespace

fs::path journal_of(const fs::path& run) {
  return run.string() + ".journal";
}

ScanReport run_scan(const scenarios::Scenario& scenario, const ScanFiles& files, const std::stop_token& stop,
                    const scan::ProgressCallback& progress, const ScanTerms& terms) {
  if (scenario.job != scenarios::Job::scan) {
    throw InputError(fmt::format("job = \"{}\": a scan is run from a scenario with job = \"scan\"",
                                 scenarios::job_names[static_cast<std::size_t>(scenario.job)]));
  }
  scenarios::require_consistent(scenario);
  if (on_hardware(scenario)) require_hardware_terms(terms);
  files::require_writable(files.run);
  files::require_apart(files.run, {scenario.rig.replay_run});
  require_start(files.run, terms.start);
  const bool resumed = terms.start == ScanStart::resume;
  const instrument::ConnectConsent consent{.allow_motion = terms.allow_motion || !on_hardware(scenario)};

  rigs::RigFactory devices(scenario, terms.clock);
  const Rig device = devices.rig();
  // Outside of what can fail: it writes its last frames when it goes, and by then the rig has to be safe.
  std::optional<files::RunRecorder> recorder;
  std::optional<rigs::HardwareResume> past;
  if (resumed && on_hardware(scenario))
    past.emplace(files.run, header_of(scenario), scenarios::write_scenario(scenario));
  const Rig bare =
      past ? past->continued(device, [&recorder] { return !recorder || recorder->catching_up(); }) : device;
  std::optional<validation::TruthWriter> truth;
  if (devices.twin() != nullptr) {
    files::require_writable(files.truth);
    truth.emplace(files.truth);
  }
  instrument::FaultInjectingSequencer sequencer(bare.sequencer, bare.clock, scenario.faults);
  instrument::FaultInjectingCamera camera(bare.camera, bare.clock, scenario.faults);
  instrument::FaultInjectingLight light(bare.light, bare.clock, scenario.faults);
  instrument::InterlockGuard guard(sequencer, scenario.interlock);
  const Rig rig{bare.clock, guard, camera, light};
  const auto use = past ? files::JournalUse::take_over : resumed ? files::JournalUse::resume : files::JournalUse::begin;
  ScanReport report;
  report.resumed = resumed;
  try {
    if (past) {
      connect(device, consent);
      instrument::InterlockGuard window(device.sequencer, scenario.interlock);
      past->require_same(rigs::describe_rig({device.clock, window, device.camera, device.light}));
    }
    connect(rig, consent);
    scan::require_accepted(rig, scan_parameters(scenario));  // before there is a journal
    recorder.emplace(files.run, header_of(scenario, rig), use, scenarios::write_scenario(scenario));
    recorder->set(rigs::describe_rig(rig));
    report.outcome = conduct_scan(scenario, rig, *recorder, stop, [&](const scan::Progress& p) {
      if (truth) keep_landings(*devices.twin(), *truth);
      if (progress) progress(p);
    });
    report.full_grid = full_grid_of(scenario, rig, report.outcome);
    // The files take their time and can fail: nothing stays switched on for them.
    if (!report.outcome.held) make_safe(rig);
    report.micrographs = take_micrographs(scenario, devices, journal_of(files.run), *recorder);
    report.has_truth = truth.has_value();
    // The journal goes last: as long as it is there, both files can be made again.
    if (truth) truth->write(truth_of(scenario, devices.twin()->truth()));
    truth.reset();
    report.resumable = on_hardware(scenario) && report.outcome.ending == scan::Ending::device_fault &&
                       files::find_whole_points(journal_of(files.run)).can_be_resumed();
    if (report.resumable) {
      recorder->finalise_resumable();
    } else {
      recorder->finalise(report.outcome.ending == scan::Ending::complete ? "complete" : "interrupted");
    }
  } catch (const StoppedWhileCatchingUp&) {
    make_safe(rig);
    report.outcome.ending = scan::Ending::interrupted;
    report.outcome.message = "stopped before it had caught up with its journal, which is as it was";
    report.still_catching_up = true;
  } catch (...) {
    make_safe(rig);
    throw;
  }
  return report;
}

files::Recovery rescue_run(const fs::path& run) {
  const fs::path journal = journal_of(run);
  std::error_code code;
  if (!fs::exists(journal, code)) {
    throw InputError(fmt::format("{}: no such journal: there is nothing to rescue", journal.string()));
  }
  const files::Recovery recovery = files::rebuild_run(journal, run);
  fs::remove(journal, code);
  return recovery;
}

files::Results analyse_run(const fs::path& run, std::span<const std::string> overrides) {
  for (const std::string& assignment : overrides) {
    if (assignment.starts_with("analysis.")) continue;
    throw InputError(fmt::format(
        "--set {}: a run is analysed as it was measured; accepted are keys of [analysis] (`seccm explain analysis`)",
        assignment));
  }
  const files::RunReader reader(run);
  const std::string origin = run.string() + " (its scenario)";
  const scenarios::Scenario scenario =
      scenarios::parse_scenario(reader.summary().header.scenario_text, origin, overrides);
  files::Results results = analysis::analyse(reader, scenario.analysis);
  results.run_file = run.filename().string();
  results.software = software();
  return results;
}

}  // namespace seccm::jobs
