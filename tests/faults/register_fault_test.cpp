// Faults between the driver of the FPGA image and its registers and FIFOs, at seeded instants, in virtual time.
//
// Each: the right error in the read that meets it, the stop on its way, nothing starts until connected again.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "sim/random.hpp"
#include "tests/faults/fault_table.hpp"
#include "tests/wecspm/watched_fpga.hpp"
#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::testing {
// Comes along with the fixture; instantiated where the devices are.
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SequencerConformance);
}  // namespace seccm::instrument::testing

namespace seccm::fault_test {
namespace {

using instrument::Errc;
using instrument::Error;
using instrument::Frame;
namespace wecspm = instrument::wecspm;
namespace registers = instrument::wecspm::testing;

constexpr std::size_t block = 256;               // frames of a read
constexpr double block_time = block * 1.028e-3;  // s

struct RegisterCase {
  const char* name;
  Errc code;
  std::function<void(registers::WatchedFpga&)> strike;
  double pause = 0.0;  ///< s that nobody reads; 0: the samples are spoilt instead
};

void misalign(registers::WatchedFpga& api) {
  api.on_samples = [](std::span<std::int16_t> words) { std::rotate(words.begin(), words.begin() + 1, words.end()); };
}

void lose_a_sample(registers::WatchedFpga& api) {
  api.on_samples = [](std::span<std::int16_t> words) {
    words[13] = static_cast<std::int16_t>(2 * 41120 - 65536 - 32768);
    words[12] = -32767;
  };
}

void fail_every_call(registers::WatchedFpga& api) {
  api.forced = wecspm::fpga_status::software_fault;
}

const RegisterCase register_cases[] = {
    {"fifo misaligned", Errc::framing_lost, misalign, 0.0},
    {"fifo lost sample", Errc::overflow, lose_a_sample, 0.0},
    {"fifo overflow", Errc::overflow, {}, 80.0},
    {"fpga call fails", Errc::device_fault, fail_every_call, 0.0},
};

void PrintTo(const RegisterCase& c, std::ostream* out) {
  *out << c.name;
}

class RegisterFaults : public testing::TestWithParam<RegisterCase> {};

TEST_P(RegisterFaults, AreNamedByTheReadThatMeetsThemAndNothingStartsUntilConnectedAgain) {
  const RegisterCase& c = GetParam();
  double slowest = 0.0;
  for (int seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomStream random(static_cast<std::uint64_t>(seed), c.name);
    registers::WecspmFixture fixture(50e-6);
    registers::WatchedFpga api(fixture.target());
    wecspm::WecspmSequencer driver(api, fixture.clock(), registers::quiet_config(), registers::own_bitfile());
    ASSERT_TRUE(driver.connect({.allow_motion = true}).ok());
    ASSERT_TRUE(driver.start(registers::program_of({registers::move_z(80e-6, 0.2e-6)})).ok());  // 100 s, one line
    std::vector<Frame> frames(block);
    for (std::uint64_t k = random.below(12); k > 0; --k) ASSERT_TRUE(driver.read(frames, registers::no_deadline).ok());
    if (c.strike) c.strike(api);
    fixture.clock().sleep_until(fixture.clock().now() + c.pause, {});
    const double struck_at = fixture.clock().now();
    Error met{};
    for (int k = 0; k < 400; ++k) {
      const auto count = driver.read(frames, registers::no_deadline);
      if (count.ok() && count.value() > 0) continue;
      if (!count.ok()) met = count.error();
      break;
    }
    slowest = std::max(slowest, fixture.clock().now() - struck_at);
    EXPECT_EQ(met.code, c.code) << describe(met);
    EXPECT_LE(fixture.clock().now() - struck_at, 1.1 * block_time);
    // A fault of the calls themselves lets nothing through, the stop included; it is tried all the same.
    const std::string stop =
        "write " +
        std::to_string(wecspm::map_image(registers::own_bitfile(), "synthetic").of(wecspm::Reg::external_stop)) + " 1";
    EXPECT_NE(std::find(api.calls.begin(), api.calls.end(), stop), api.calls.end());
    EXPECT_EQ(driver.start(registers::program_of({registers::hold(0.1)})).error().code, Errc::needs_reconnect);
    api.on_samples = {};
    api.forced = 0;
    ASSERT_TRUE(driver.connect({.allow_motion = true}).ok());
    ASSERT_TRUE(driver.start(registers::program_of({registers::hold(0.1)})).ok());
    EXPECT_GT(driver.read(frames, registers::no_deadline).value(), 0U);
  }
  add_row(c.name, std::string(to_string(c.code)), slowest, 1.1 * block_time);
}

INSTANTIATE_TEST_SUITE_P(Fpga, RegisterFaults, testing::ValuesIn(register_cases), [](const auto& tested) {
  std::string name(tested.param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
});

}  // namespace
}  // namespace seccm::fault_test
