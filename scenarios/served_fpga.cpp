// The rig behind libNiFpga.so: SECCM_RIG names a scenario (file, or one of the library), SECCM_SPEED a speed against
// the wall clock. Without a speed, time is stepped by the calls.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>

#include "instrument/servers/nifpga/c_api.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "scenarios/library.hpp"
#include "scenarios/paced_clock.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/twin_assembly.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::nifpga {

namespace {

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

class ServedTwin final : public ServedFpga {
 public:
  ServedTwin(const scenarios::Scenario& scenario, double speed)
      : twin_(scenarios::twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        paced_(speed > 0.0 ? std::make_unique<scenarios::PacedClock>(twin_.rig().clock, speed) : nullptr),
        target_(twin_.rig().sequencer, paced_ ? static_cast<Clock&>(*paced_) : twin_.rig().clock, TargetOptions{}) {}

  wecspm::NiFpgaApi& target() override { return target_; }

 private:
  twin::TwinRig twin_;
  std::unique_ptr<scenarios::PacedClock> paced_;
  FpgaTarget target_;
};

}  // namespace

std::unique_ptr<ServedFpga> make_served_fpga() {
  return std::make_unique<ServedTwin>(scenario_asked_for(), speed_asked_for());
}

}  // namespace seccm::instrument::nifpga
