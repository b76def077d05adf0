#include "tests/faults/fault_run.hpp"

#include <gtest/gtest.h>

#include "instrument/decorators/interlock_guard.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "tests/support/scratch_directory.hpp"

namespace seccm::fault_test {
namespace fs = std::filesystem;

instrument::twin::TwinSpec small_twin() {
  instrument::twin::TwinSpec spec;
  spec.sample.cluster_sizes = {8};
  spec.sample.positions_x = {20e-6 * unit::m};
  spec.sample.positions_y = {20e-6 * unit::m};
  spec.camera.width = spec.camera.height = 96;
  spec.meniscus.failed_wetting = 0.0;
  spec.meniscus.wobble_probability = 0.0;
  return spec;
}

scan::ScanParameters two_nodes(const scan::PolicyParameters& policy) {
  scan::ScanParameters p;
  p.protocol.mode = scan::ScanMode::grid;
  p.protocol.grid_columns = 2;
  p.protocol.grid_rows = 1;
  p.protocol.average = 1;
  p.protocol.exposure = 10.0 * unit::ms;
  p.protocol.settle = 0.2 * unit::s;
  p.cv.cycles = 1;
  p.cv.hold = 0.1 * unit::s;
  p.cv.scan_rates = {5.0 * unit::V_per_s};
  p.calibration.ferrocene = false;
  p.policy = policy;
  return p;
}

files::RunHeader header_of(const instrument::Capabilities& c) {
  files::RunHeader header;
  header.x = {c.x.lsb, c.x.offset};
  header.y = {c.y.lsb, c.y.offset};
  header.z = {c.z.lsb, c.z.offset};
  header.E1 = {c.E1.lsb, c.E1.offset};
  header.i1 = {c.i1.lsb, c.i1.offset};
  return header;
}

void CallLog::note(Event::Kind kind) noexcept {
  std::error_code code;
  const auto bytes = fs::file_size(journal_, code);
  events_.push_back({kind, clock_.now(), code ? 0 : bytes});
  if (watcher_) watcher_(kind);
}

fs::path run_path() {
  static const test::ScratchDirectory directory;
  return directory / "run.h5";
}

FaultRun run_with(const instrument::FaultParameters& plan, const scan::PolicyParameters& policy, std::uint64_t seed,
                  const Watcher& watcher) {
  const fs::path path = run_path();
  instrument::twin::TwinRig twin(small_twin(), seed);
  const instrument::Rig bare = twin.rig();
  instrument::FaultInjectingSequencer faulty(bare.sequencer, bare.clock, plan);
  instrument::FaultInjectingCamera camera(bare.camera, bare.clock, plan);
  instrument::FaultInjectingLight light(bare.light, bare.clock, plan);
  CallLog log(faulty, bare.clock, path.string() + ".journal", watcher);
  instrument::InterlockGuard guard(log, {});
  const instrument::Rig rig{bare.clock, guard, camera, light};
  for (instrument::Device* device :
       {static_cast<instrument::Device*>(&guard), static_cast<instrument::Device*>(&camera),
        static_cast<instrument::Device*>(&light)})
    EXPECT_TRUE(device->connect({.allow_motion = true}).ok());
  FaultRun run;
  {
    files::RunRecorder recorder(path, header_of(guard.capabilities()));
    run.outcome = scan::run_hopping_grid(rig, two_nodes(policy), recorder, {});
    recorder.finalise(run.outcome.ending == scan::Ending::complete ? "complete" : "interrupted");
  }
  const files::RunReader reader(path);
  run.faults = reader.summary().faults;
  run.points = reader.summary().points;
  run.events = log.events();
  run.struck = faulty.struck();
  run.struck_at = faulty.struck_at();
  fs::remove(path);
  return run;
}

}  // namespace seccm::fault_test
