// The registers of the served camera as datagrams meet them: no socket, no thread, no clock.
#include "instrument/servers/gige/gige_device.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace seccm::instrument::servers {
namespace {

constexpr GigePeer host{0x7F000001, 40000}, other{0x7F000001, 40001};
constexpr std::uint32_t privilege = 0xA00, stream_port = 0xD00, packet_size = 0xD04, stream_host = 0xD18;

struct Bench {
  GigeDevice device{{.vendor = "seccm", .model = "camera", .version = "1", .serial = "S1", .width = 96, .height = 64}};
  double now = 0.0;

  std::string send(GvcpCommand what, const std::string& payload, GigePeer from = host, bool broadcast = false) {
    std::string packet("\x42\x01", 2);
    gvcp_append(packet, static_cast<std::uint16_t>(what), 2);
    gvcp_append(packet, payload.size(), 2);
    gvcp_append(packet, 7, 2);
    return device.answer(packet + payload, from, broadcast, now);
  }
  GvcpStatus write(std::uint32_t address, std::uint32_t value, GigePeer from = host, bool broadcast = false) {
    std::string payload;
    gvcp_append(payload, address, 4);
    gvcp_append(payload, value, 4);
    const std::string reply = send(GvcpCommand::write_register, payload, from, broadcast);
    return reply.empty() ? GvcpStatus{0xFFFF} : static_cast<GvcpStatus>(gvcp_number(reply, 0, 2));
  }
  GvcpStatus write(std::string_view feature, std::uint32_t value) {
    return write(gige_feature(feature)->address, value);
  }
  GvcpStatus write_real(std::string_view feature, double value) {
    std::string payload;
    gvcp_append(payload, gige_feature(feature)->address, 4);
    gvcp_append(payload, std::bit_cast<std::uint64_t>(value), 8);
    return static_cast<GvcpStatus>(gvcp_number(send(GvcpCommand::write_memory, payload), 0, 2));
  }
  std::uint32_t read(std::uint32_t address, GigePeer from = host) {
    std::string payload;
    gvcp_append(payload, address, 4);
    const std::string reply = send(GvcpCommand::read_register, payload, from);
    return reply.size() == 12 ? gvcp_word(reply, 8) : 0xDEADBEEFU;
  }
};

TEST(GigeDevice, ABroadcastIsAnsweredIfItIsADiscoveryAndIgnoredIfItIsAnythingElse) {
  Bench bench;
  EXPECT_EQ(bench.send(GvcpCommand::discovery, "", host, true).size(), 8U + 248U);
  EXPECT_EQ(bench.write(privilege, 2, host, true), GvcpStatus{0xFFFF});
  EXPECT_EQ(bench.read(privilege), 0U);
  EXPECT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  EXPECT_EQ(bench.read(privilege), 2U);
}

TEST(GigeDevice, AnswersTheSecondClientThatItsAccessIsDeniedUntilTheFirstIsGone) {
  Bench bench;
  EXPECT_EQ(bench.write("Width", 8), GvcpStatus::access_denied);  // nobody has the control
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  EXPECT_EQ(bench.write(privilege, 2, other), GvcpStatus::access_denied);
  EXPECT_EQ(bench.write(privilege, 0, other), GvcpStatus::access_denied);
  EXPECT_EQ(bench.write(stream_port, 5000, other), GvcpStatus::access_denied);
  EXPECT_EQ(bench.read(privilege, other), 2U);
  ASSERT_EQ(bench.write(privilege, 1), GvcpStatus::success);  // exclusive
  EXPECT_EQ(bench.read(privilege, other), 0xDEADBEEFU);
  bench.now = 2.9;  // the heartbeat of a client that reads
  EXPECT_EQ(bench.read(privilege), 1U);
  bench.now = 5.8;
  EXPECT_EQ(bench.write(privilege, 2, other), GvcpStatus::access_denied);
  bench.now = 6.0;  // 3.1 s behind the last word of the first
  EXPECT_EQ(bench.write(privilege, 2, other), GvcpStatus::success);
  EXPECT_EQ(bench.write("Width", 8), GvcpStatus::access_denied);
}

TEST(GigeDevice, StreamsToTheMachineThatHasTheControlOnly) {
  Bench bench;
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  EXPECT_EQ(bench.write(stream_host, 0x0A000001), GvcpStatus::invalid_parameter);
  EXPECT_EQ(bench.write(stream_host, host.address), GvcpStatus::success);
}

TEST(GigeDevice, RefusesEveryNumberOutsideOfItsTable) {
  Bench bench;
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  for (const GigeFeature& f : gige_features()) {
    SCOPED_TRACE(f.name);
    const std::uint32_t before = bench.read(f.address);
    if (!f.writable) {
      EXPECT_EQ(bench.write(f.address, 1), GvcpStatus::write_protect);
    } else if (f.kind == GigeKind::real) {
      for (const double value : {f.low - 1e-3, f.high * 1.001 + 1e-3, std::nan(""), HUGE_VAL})
        EXPECT_EQ(bench.write_real(f.name, value), GvcpStatus::invalid_parameter) << value;
    } else {
      EXPECT_EQ(bench.write(f.address, 0xFFFFFFFFU), GvcpStatus::invalid_parameter);
      if (f.kind == GigeKind::integer && f.low > 0.0) {
        EXPECT_EQ(bench.write(f.address, static_cast<std::uint32_t>(f.low) - 1), GvcpStatus::invalid_parameter);
      }
    }
    EXPECT_EQ(bench.read(f.address), before);
  }
  for (const std::uint32_t size : {0U, gige_least_packet - 1, gige_largest_packet + 1, 0x20000U | 1500U})
    EXPECT_EQ(bench.write(packet_size, size), GvcpStatus::invalid_parameter) << size;
  EXPECT_EQ(bench.write(stream_port, 0x10000), GvcpStatus::invalid_parameter);
  EXPECT_EQ(bench.write(0x200, 0), GvcpStatus::write_protect);
  EXPECT_EQ(bench.write(0x30000, 0), GvcpStatus::invalid_address);
  EXPECT_EQ(bench.write(0xFFFFFFFC, 0), GvcpStatus::invalid_address);
}

TEST(GigeDevice, EndsAnAcquisitionByItsModeAndKeepsItsShapeMeanwhile) {
  Bench bench;
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  ASSERT_EQ(bench.write("AcquisitionMode", 2), GvcpStatus::success);
  ASSERT_EQ(bench.write("AcquisitionFrameCount", 3), GvcpStatus::success);
  ASSERT_EQ(bench.write_real("AcquisitionFrameRate", 10.0), GvcpStatus::success);
  ASSERT_EQ(bench.write("AcquisitionStart", 1), GvcpStatus::success);
  EXPECT_EQ(bench.write("Width", 8), GvcpStatus::busy);
  EXPECT_EQ(bench.write("PixelFormat", gige_mono_8), GvcpStatus::busy);
  EXPECT_EQ(bench.write_real("ExposureTime", 100.0), GvcpStatus::success);
  for (int k = 0; k < 3; ++k) {
    EXPECT_TRUE(bench.device.take_shot(bench.now)) << k;
    EXPECT_FALSE(bench.device.take_shot(bench.now + 0.09)) << k;
    bench.now += 0.1;
  }
  EXPECT_FALSE(bench.device.take_shot(bench.now + 10.0));
  EXPECT_EQ(bench.write("Width", 8), GvcpStatus::success);
}

TEST(GigeDevice, AFrameOfAnAcquisitionThatWasStoppedDoesNotLeave) {
  Bench bench;
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  ASSERT_EQ(bench.write("AcquisitionStart", 1), GvcpStatus::success);
  const auto shot = bench.device.take_shot(0.0);
  ASSERT_TRUE(shot);
  EXPECT_TRUE(bench.device.wanted(*shot));
  ASSERT_EQ(bench.write("AcquisitionStop", 1), GvcpStatus::success);
  EXPECT_FALSE(bench.device.wanted(*shot));
}

TEST(GigeDevice, SendsPacketsAgainToTheMachineThatHasTheControl) {
  Bench bench;
  std::string payload("\0\0\0\x05\0\0\0\x02\0\0\0\x04", 12);
  constexpr GigePeer stream_of_host{host.address, 41000}, stranger{0x0A000001, 41000};
  bench.send(GvcpCommand::packet_resend, payload, stream_of_host);
  EXPECT_FALSE(bench.device.take_resend());  // nobody has the control
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  bench.send(GvcpCommand::packet_resend, payload, stranger);
  EXPECT_FALSE(bench.device.take_resend());
  bench.send(GvcpCommand::packet_resend, payload, stream_of_host);
  const auto again = bench.device.take_resend();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->block, 5);
  EXPECT_EQ(again->first, 2U);
  EXPECT_EQ(again->last, 4U);
  EXPECT_FALSE(bench.device.take_resend());
}

TEST(GigeDevice, AnyBytesAreSurvived) {
  Bench bench;
  ASSERT_EQ(bench.write(privilege, 2), GvcpStatus::success);
  for (unsigned seed = 0; seed < 20000; ++seed) {
    std::string packet("\x42\x01\x00\x80\x00\x08\x00\x01", 8);
    unsigned state = seed * 2654435761U;
    const std::size_t length = state % 40;
    for (std::size_t k = 0; k < length; ++k)
      packet += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
    packet[3] = static_cast<char>(seed % 11 == 10 ? 0x40 : 0x80 + seed % 11);
    if (seed % 3 != 0) packet[5] = static_cast<char>(length);
    EXPECT_LE(bench.device.answer(packet, host, false, 0.0).size(), 576U);
  }
}

}  // namespace
}  // namespace seccm::instrument::servers
