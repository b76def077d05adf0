// The driver against the server, over TCP and over a pseudo terminal, and against devices that misbehave.
#include "instrument/drivers/led/led_light.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "instrument/drivers/led/led_line.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "sim/error.hpp"
#include "tests/wires/bench_light.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {
namespace {

using drivers::LedLight;
using ::testing::HasSubstr;

constexpr double led_patient = 20.0,
                 led_hasty = 1.0;  // s: never reached; reached on purpose, and long enough to connect in

LedLight::Open led_tcp(int port, double timeout = led_patient) {
  return [port, timeout] { return drivers::connect_tcp("127.0.0.1", port, timeout); };
}

struct LedPair {
  LightState lamps() {
    const std::lock_guard lock(world);
    return bench.state;
  }
  BenchLight bench;
  BenchSeconds time;
  BenchClock clock{time};
  std::mutex world;
  servers::LedSource source{bench, time, {}};
  Served served{{.world = &world}};
};

void expect_lamps(LedPair& pair, LedLight& light) {
  ASSERT_TRUE(light.connect({}).ok());
  EXPECT_EQ(light.identity().model, "pE-300");
  EXPECT_EQ(light.identity().firmware, "1.0");
  ASSERT_TRUE(light.set(LightChannel::reflection, 0.75).ok());
  ASSERT_TRUE(light.set(LightChannel::transmission, 0.254).ok());
  EXPECT_EQ(pair.lamps().reflection, 0.75);
  EXPECT_EQ(pair.lamps().transmission, 0.25);
  EXPECT_EQ(light.get().value().transmission, 0.25);
  ASSERT_TRUE(light.set(LightChannel::reflection, 0.0).ok());
  EXPECT_EQ(pair.lamps().reflection, 0.0);
  EXPECT_EQ(pair.lamps().transmission, 0.25);
  light.make_safe();
  EXPECT_EQ(pair.lamps().transmission, 0.0);
  EXPECT_EQ(light.health().condition, Health::Condition::ok);
}

TEST(LedLight, SetsLampsOverTcp) {
  LedPair pair;
  const int port = pair.served.server.add_tcp(servers::loopback, 0, servers::led_sessions(pair.source));
  pair.served.start();
  LedLight light(led_tcp(port), {}, pair.clock);
  expect_lamps(pair, light);
}

TEST(LedLight, SetsLampsOverASerialLine) {
  LedPair pair;
  const std::string device = pair.served.server.add_pseudo_terminal(servers::led_sessions(pair.source));
  pair.served.start();
  LedLight light([&] { return drivers::open_serial(device, 9600, led_patient); }, {}, pair.clock);
  expect_lamps(pair, light);
}

TEST(LedLight, LettersOfTheLampsComeFromTheConfiguration) {
  LedPair pair;
  const int port = pair.served.server.add_tcp(servers::loopback, 0, servers::led_sessions(pair.source));
  pair.served.start();
  LedLight light(led_tcp(port), {.reflection = 'C', .transmission = 'A'}, pair.clock);
  ASSERT_TRUE(light.connect({}).ok());
  ASSERT_TRUE(light.set(LightChannel::transmission, 0.5).ok());
  EXPECT_EQ(pair.lamps().reflection, 0.5);  // the server's letter A is the reflection lamp
  EXPECT_THROW(LedLight(led_tcp(port), {.reflection = 'Z'}, pair.clock), InputError);
  EXPECT_THROW(LedLight(led_tcp(port), {.reflection = 'A', .transmission = 'A'}, pair.clock), InputError);
}

TEST(LedLight, SilenceIsATimeoutAndNothingIsSentUntilItIsConnectedAgain) {
  LedPair pair;
  bool mute = false;
  const int port = pair.served.server.add_tcp(servers::loopback, 0, scripted('\r', [&](const std::string& command) {
                                                const std::string reply = pair.source.run(command);
                                                return mute || reply.empty() ? std::string() : reply + "\r\n";
                                              }));
  pair.served.start();
  LedLight light(led_tcp(port, led_hasty), {}, pair.clock);
  ASSERT_TRUE(light.connect({}).ok());
  {
    const std::lock_guard lock(pair.world);
    mute = true;
  }
  EXPECT_EQ(light.set(LightChannel::reflection, 0.5).error().code, Errc::timeout);
  EXPECT_EQ(light.set(LightChannel::reflection, 0.5).error().code, Errc::needs_reconnect);
  EXPECT_EQ(light.get().error().code, Errc::needs_reconnect);
  EXPECT_EQ(light.health().condition, Health::Condition::faulted);
  light.make_safe();
  EXPECT_EQ(pair.lamps().reflection, 0.0);
  {
    const std::lock_guard lock(pair.world);
    mute = false;
  }
  ASSERT_TRUE(light.connect({}).ok());
  EXPECT_TRUE(light.set(LightChannel::reflection, 0.5).ok());
}

TEST(LedLight, ADeviceThatSaysSomethingElseIsAProtocolError) {
  BenchSeconds time;
  BenchClock clock(time);
  for (const std::string& said : {std::string("CSSASN051BXF000CXF000\r\n"), std::string("CSSgarbage\r\n"),
                                  std::string(1000, 'C') + "\r\n", std::string("CSS\r\n")}) {
    Served served;
    const int port =
        served.server.add_tcp(servers::loopback, 0, scripted('\r', [&](const std::string& command) {
                                if (command == "XMODEL") return std::string("hello\r\nXMODEL=pE-300white\r\n");
                                if (command == "XVER") return std::string("XFW_VER=7\r\n");
                                return command == "CAI050" ? std::string("CSSASN000BXF000CXF000\r\n") : said;
                              }));
    served.start();
    LedLight light(led_tcp(port, led_hasty), {}, clock);
    const auto connected = light.connect({});
    if (connected.ok()) {
      EXPECT_EQ(light.identity().firmware, "7");
      EXPECT_EQ(light.set(LightChannel::reflection, 0.5).error().code, Errc::protocol) << said;
    } else {
      EXPECT_EQ(connected.error().code, Errc::protocol) << said;
    }
  }
}

TEST(LedLight, AnotherInstrumentIsRefused) {
  BenchSeconds time;
  BenchClock clock(time);
  Served served;
  const int port = served.server.add_tcp(
      servers::loopback, 0, scripted('\r', [](const std::string&) { return std::string("XMODEL=pE-4000\r\n"); }));
  served.start();
  LedLight light(led_tcp(port), {}, clock);
  const auto outcome = light.connect({});
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(describe(outcome.error()), HasSubstr("'pE-4000' is no pE-300"));
  EXPECT_EQ(light.get().error().code, Errc::disconnected);
}

TEST(LedLight, ABrokenLampEndsTheConnectionAndTheRestartIsClean) {
  LedPair pair;
  const int port = pair.served.server.add_tcp(servers::loopback, 0, servers::led_sessions(pair.source));
  pair.served.start();
  LedLight light(led_tcp(port), {}, pair.clock);
  ASSERT_TRUE(light.connect({}).ok());
  {
    const std::lock_guard lock(pair.world);
    pair.bench.broken = true;
  }
  EXPECT_EQ(light.set(LightChannel::reflection, 0.5).error().code, Errc::disconnected);
  light.make_safe();
  {
    const std::lock_guard lock(pair.world);
    pair.bench.broken = false;
  }
  ASSERT_TRUE(light.connect({}).ok());
  EXPECT_TRUE(light.set(LightChannel::reflection, 0.5).ok());
}

TEST(LedLight, ReadsOnlyWholeStates) {
  EXPECT_TRUE(drivers::parse_led_state("CSSASN050BXF000CXF100").has_value());
  for (const char* bad : {"", "CSS", "CSSASN050BXF000CXF10", "CSSASN050BXF000CXF1000", "CSSBSN050AXF000CXF100",
                          "CSSASN101BXF000CXF100", "CSSASN-10BXF000CXF100", "CSSASN05 BXF000CXF100"}) {
    EXPECT_FALSE(drivers::parse_led_state(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace seccm::instrument::testing
