// The WEC-SPM driver over the software target over a small twin, all in one process and in virtual time.
#pragma once

#include <functional>

#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::wecspm::testing {

using instrument::testing::hold;
using instrument::testing::move_xy;
using instrument::testing::move_z;
using instrument::testing::no_deadline;
using instrument::testing::program_of;
using instrument::testing::read_all;
using instrument::testing::succeeded;
using twin::testing::small_spec;

inline Bitfile own_bitfile() {
  return parse_bitfile(synthetic_bitfile(), "synthetic");
}

inline WecspmConfig quiet_config() {
  WecspmConfig config;
  config.bitfile = "synthetic.lvbitx";
  return config;
}

class WecspmFixture {
 public:
  /// Without latency, so that a look at the status costs no time.
  WecspmFixture() : WecspmFixture(0.0) {}
  explicit WecspmFixture(double latency, const twin::TwinSpec& spec = small_spec(),
                         const WecspmConfig& config = quiet_config())
      : twin_(spec, 7),
        target_(twin_.sequencer(), twin_.clock(), {.latency = latency}),
        driver_(target_, twin_.clock(), config, own_bitfile()) {}

  ProbeSequencer& sequencer() { return driver_; }
  WecspmSequencer& driver() { return driver_; }
  Clock& clock() { return twin_.clock(); }
  nifpga::FpgaTarget& target() { return target_; }
  twin::testing::TwinFixture& twin() { return twin_; }
  double approach_floor() { return twin_.approach_floor(); }
  double settling_error() { return twin_.settling_error(); }

  void connect() { ASSERT_TRUE(succeeded(driver_.connect({.allow_motion = true}))); }
  std::vector<Frame> run(const Program& program) {
    const auto outcome = driver_.start(program);
    EXPECT_TRUE(succeeded(outcome));
    return outcome.ok() ? read_all(driver_) : std::vector<Frame>{};
  }
  RunState state() { return driver_.status().value().state; }
  /// A register of the target as another host would see it.
  std::int64_t peek(Reg reg) {
    static const ImageMap map = map_image(own_bitfile(), "synthetic");
    std::int64_t value = 0;
    EXPECT_EQ(target_.read(map.of(reg), rule(reg).type, value), 0);
    return value;
  }
  void poke(Reg reg, std::int64_t value) {
    static const ImageMap map = map_image(own_bitfile(), "synthetic");
    EXPECT_EQ(target_.write(map.of(reg), rule(reg).type, value), 0);
  }

 private:
  twin::testing::TwinFixture twin_;
  nifpga::FpgaTarget target_;
  WecspmSequencer driver_;
};

}  // namespace seccm::instrument::wecspm::testing
