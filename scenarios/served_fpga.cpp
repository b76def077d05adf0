// The rig behind libNiFpga.so: SECCM_RIG names a scenario (file, or one of the library), SECCM_SPEED a speed against
// the wall clock. Without a speed, time is stepped by the calls.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "instrument/servers/nifpga/c_api.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::nifpga {

namespace {

using WallClock = std::chrono::steady_clock;

/// Lets the rig catch up with the wall clock times a speed whenever it is asked for the time.
class PacedClock final : public Clock {
 public:
  PacedClock(Clock& rig, double speed) : rig_(rig), speed_(speed), origin_(rig.now()), start_(WallClock::now()) {}

  [[nodiscard]] double now() const override {
    const std::chrono::duration<double> wall = WallClock::now() - start_;
    rig_.sleep_until(origin_ + speed_ * wall.count(), {});
    return rig_.now();
  }
  void sleep_until(double time, const std::stop_token& stop) override {
    for (double left = time - now(); left > 0.0 && !stop.stop_requested(); left = time - now()) {
      std::this_thread::sleep_for(std::chrono::duration<double>(std::min(left / speed_, 10e-3)));
    }
  }

 private:
  Clock& rig_;
  double speed_;
  double origin_;
  WallClock::time_point start_;
};

double speed_asked_for() {
  const char* text = std::getenv("SECCM_SPEED");
  if (text == nullptr) return 0.0;
  char* end = nullptr;
  const double speed = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(speed >= 1e-3 && speed <= 1e4)) {
    throw InputError(fmt::format("SECCM_SPEED = \"{}\", accepted are 0.001 to 10000", text));
  }
  return speed;
}

scenarios::Scenario scenario_asked_for() {
  const char* path = std::getenv("SECCM_RIG");
  if (path == nullptr) throw InputError("SECCM_RIG is not set: it names the scenario of the rig, e.g. quickstart");
  return scenarios::load_scenario(scenarios::resolve_scenario(path));
}

/// The mesh of the particles resolves ramps up to the fastest of the scenario's programme.
twin::TwinSpec spec_of(const scenarios::Scenario& scenario) {
  twin::TwinSpec spec = scenario.twin;
  for (const ScanRate rate : scenario.scan.cv.scan_rates) {
    spec.numerics.fastest_scan_rate = std::max(spec.numerics.fastest_scan_rate, rate);
  }
  return spec;
}

class ServedTwin final : public ServedFpga {
 public:
  ServedTwin(const scenarios::Scenario& scenario, double speed)
      : twin_(spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        paced_(speed > 0.0 ? std::make_unique<PacedClock>(twin_.rig().clock, speed) : nullptr),
        target_(twin_.rig().sequencer, paced_ ? static_cast<Clock&>(*paced_) : twin_.rig().clock, TargetOptions{}) {}

  wecspm::NiFpgaApi& target() override { return target_; }

 private:
  twin::TwinRig twin_;
  std::unique_ptr<PacedClock> paced_;
  FpgaTarget target_;
};

}  // namespace

std::unique_ptr<ServedFpga> make_served_fpga() {
  return std::make_unique<ServedTwin>(scenario_asked_for(), speed_asked_for());
}

}  // namespace seccm::instrument::nifpga
