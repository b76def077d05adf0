// A FIFO call that blocks, and what comes from another thread meanwhile.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "instrument/servers/nifpga/comparators.hpp"
#include "tests/wecspm/wecspm_fixture.hpp"

namespace seccm::instrument::wecspm::testing {
namespace {

constexpr std::uint32_t samples_fifo = 1, minute = 60000;  // ms
constexpr std::int16_t far_down = 20000;                   // counts
constexpr std::int64_t five_frames_of_z = 170;             // counts, at 32.6 counts per frame

/// A target that runs an approach, and a test that plays the other thread.
class Blocked : public ::testing::Test {
 protected:
  Blocked()
      : twin_(twin::testing::silent(twin::testing::ideal_stage(small_spec())), 7),
        fpga_(twin_.sequencer(), twin_.clock(), {.latency = 0.0, .meanwhile = [this] { meanwhile(); }}) {
    EXPECT_EQ(fpga_.open("", std::string(synthetic_signature), "RIO0"), 0);
    EXPECT_EQ(fpga_.run(), 0);
    write(Reg::scaler_z, -15);
    NativeWaypoint approach;
    approach.action = 2;
    approach.target = {0x3FFF, 0x3FFF, far_down, 0, 0};
    approach.velocity[axis_z] = 26;
    approach.flags = WaypointFlag::move_z;
    std::size_t room = 0;
    EXPECT_EQ(fpga_.write_fifo(0, encode(approach), 0, room), 0);
  }

  FpgaStatus read_much() {
    std::vector<std::int16_t> words(frame_words * 30000);
    std::size_t left = 0;
    return fpga_.read_fifo(samples_fifo, words, minute, left);
  }
  void write(Reg reg, std::int64_t value) { EXPECT_EQ(fpga_.write(image().of(reg), rule(reg).type, value), 0); }
  std::int64_t read(Reg reg) {
    std::int64_t value = 0;
    for (int look = 0; look < 2; ++look) EXPECT_EQ(fpga_.read(image().of(reg), rule(reg).type, value), 0);
    return value;
  }
  static const ImageMap& image() {
    static const ImageMap map = map_image(own_bitfile(), "synthetic");
    return map;
  }

  std::function<void()> meanwhile = [] {};
  twin::testing::TwinFixture twin_;
  nifpga::FpgaTarget fpga_;
};

TEST_F(Blocked, AStopOfAnotherThreadStopsTheTipAtOnce) {
  std::int64_t stopped_at = 0;
  meanwhile = [&, calls = 0]() mutable {
    if (++calls != 100) return;
    write(Reg::external_stop, 1);
    stopped_at = read(Reg::applied_z);
  };
  EXPECT_EQ(read_much(), fpga_status::fifo_timeout);
  EXPECT_GT(stopped_at, 1000);
  EXPECT_LT(stopped_at, far_down / 2);
  EXPECT_EQ(read(Reg::applied_z), stopped_at);
}

TEST_F(Blocked, AnAcceptanceOfAnotherThreadStopsTheTipAtOnce) {
  std::int64_t before = 0, after = 0;
  meanwhile = [&, calls = 0]() mutable {
    if (++calls != 100) return;
    before = read(Reg::applied_z);
    write(Reg::threshold2, -32769);
    after = read(Reg::applied_z);
  };
  EXPECT_EQ(read_much(), fpga_status::fifo_timeout);
  EXPECT_GT(before, 1000);
  EXPECT_LT(after - before, five_frames_of_z);
  EXPECT_EQ(read(Reg::applied_z), after);
  EXPECT_EQ(read(Reg::waiting), 1);
}

TEST_F(Blocked, EndsWhenAnotherThreadClosesTheSession) {
  meanwhile = [&, calls = 0]() mutable {
    if (++calls == 10) {
      EXPECT_EQ(fpga_.close(), 0);
    }
  };
  EXPECT_EQ(read_much(), fpga_status::invalid_session);
}

TEST_F(Blocked, ABufferMadeSmallerThanItsContentHasNoRoom) {
  std::size_t actual = 0, left = 0;
  EXPECT_EQ(fpga_.configure_fifo(samples_fifo, 1000000, actual), 0);
  write(Reg::scaler_z, -19);  // slow: the line lasts longer than the FIFO
  meanwhile = [&, calls = 0]() mutable {
    if (++calls == 3000) {
      EXPECT_EQ(fpga_.configure_fifo(samples_fifo, 0, actual), 0);
    }
  };
  EXPECT_EQ(read_much(), fpga_status::fifo_timeout);
  EXPECT_EQ(fpga_.read_fifo(samples_fifo, {}, 0, left), 0);
  EXPECT_EQ(read(Reg::internal_stop), 1) << left << " words in a FIFO of " << sample_fifo_elements;
}

// What two comparators say of a current is the criterion that the approach is told.
TEST(Comparators, ThatLeaveNoCurrentAlonePutTheTipInContactAtOnce) {
  const double lsb = 0.3e-12, full_scale = 32768 * lsb;
  for (const auto& [above, below] : {std::pair{-100, 100}, {0, 1}, {-32769, 32768}, {32000, 32767}}) {
    const nifpga::Comparators both{{1, above, true}, {1, below, false}};
    for (const double sign : {1.0, -1.0}) {
      const ContactCriterion c = both.criterion(sign * lsb, full_scale);
      for (const int counts : {-32767, -100, -1, 0, 1, 50, 100, 32000}) {
        EXPECT_GT(std::abs(sign * lsb * counts - c.baseline), c.threshold) << above << " " << below << " " << counts;
      }
    }
  }
}

}  // namespace
}  // namespace seccm::instrument::wecspm::testing
