// The SCPI driver against the server over loopback, and against instruments that misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "instrument/drivers/scpi/scpi_line.hpp"
#include "instrument/drivers/scpi/source_meter.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "sim/error.hpp"
#include "tests/wires/bench_meter.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {
namespace {

using drivers::SourceMeter;
using drivers::Staircase;
using servers::ScpiDialect;
using ::testing::HasSubstr;

struct StandingClock final : Clock {
  [[nodiscard]] double now() const override { return 0.0; }
  void sleep_until(double, const std::stop_token&) override {}
};

/// A served unit on 1 GOhm and the driver on the other end of a TCP connection.
struct WiredMeter {
  explicit WiredMeter(ScpiDialect dialect) : unit(meter, time, {.dialect = dialect}) {
    port = served.server.add_tcp(servers::loopback, 0, servers::scpi_sessions(unit));
    served.start();
  }
  BenchSeconds time;
  BenchMeter meter{time, 1e9};
  servers::ScpiSourceMeter unit;
  int port = 0;
  StandingClock clock;
  SourceMeter driver{[this] { return drivers::connect_tcp("127.0.0.1", port, 20.0); }, {}, clock};
  Served served;  // ends first
};

class EitherDialect : public ::testing::TestWithParam<ScpiDialect> {
 protected:
  WiredMeter wired{GetParam()};
  SourceMeter& driver() { return wired.driver; }
};
INSTANTIATE_TEST_SUITE_P(SourceMeter, EitherDialect,
                         ::testing::Values(ScpiDialect::keithley_2450, ScpiDialect::keithley_6430));

TEST_P(EitherDialect, SourcesAndMeasures) {
  ASSERT_TRUE(driver().connect({}).ok());
  EXPECT_EQ(driver().identity().model, GetParam() == ScpiDialect::keithley_2450 ? "MODEL 2450" : "MODEL 6430");
  EXPECT_DOUBLE_EQ(driver().current_range(), 1e-8);
  EXPECT_DOUBLE_EQ(driver().line_frequency(), 50.0);
  ASSERT_TRUE(driver().set_output(true).ok());
  ASSERT_TRUE(driver().set_level(-0.5).ok());
  const auto first = driver().measure(std::nullopt, 0.02).value();
  const auto second = driver().measure(0.75, 0.04).value();
  // Seven digits on the wire, of the time too.
  EXPECT_NEAR(first.i, -0.5e-9, 1e-16);
  EXPECT_NEAR(second.i, 0.75e-9, 1e-16);
  EXPECT_EQ(second.E, 0.75);
  EXPECT_NEAR(second.t - first.t, 1e-3 + 0.04, 1e-6);
  EXPECT_FALSE(second.overrange);
  EXPECT_TRUE(driver().measure(15.0, 0.02).value().overrange);  // 15 nA
}

TEST_P(EitherDialect, TakesAStaircaseByTheUnitsOwnClock) {
  ASSERT_TRUE(driver().connect({}).ok());
  ASSERT_TRUE(driver().set_output(true).ok());
  Staircase cv;
  cv.start = 0.1;
  cv.turns = {-0.4, 0.1};
  cv.step = 2e-3;
  cv.rate = 0.1;
  cv.aperture = 0.015;
  ASSERT_TRUE(driver().start(cv).ok());
  EXPECT_EQ(driver().readings().error().code, Errc::interlock_tripped);
  for (int asked = 0; driver().taken().value() < 501 && asked < 20000;) ++asked;
  const auto readings = driver().readings().value();
  ASSERT_EQ(readings.size(), 501U);
  const auto levels = drivers::staircase_levels(cv);
  for (std::size_t k = 0; k < readings.size(); ++k) {
    EXPECT_NEAR(readings[k].E, levels[k], 1e-6) << k;
    EXPECT_NEAR(readings[k].i, 1e-9 * levels[k], 1e-15) << k;
    // The 2400 says its time with seven digits: 1 us at 10 s.
    EXPECT_NEAR(readings[k].t - readings[0].t, 0.02 * static_cast<double>(k), 2e-5) << k;
  }
  EXPECT_NEAR(readings[250].E, -0.4, 1e-9);
  EXPECT_TRUE(driver().measure(0.2, 0.02).ok());  // single readings again
}

TEST_P(EitherDialect, RefusesBeforeAnythingIsSent) {
  ASSERT_TRUE(driver().connect({}).ok());
  const int before = wired.time.requests;
  EXPECT_EQ(driver().set_level(21.5).error().code, Errc::limit_rejected);
  EXPECT_EQ(driver().set_level(std::nan("")).error().code, Errc::limit_rejected);
  EXPECT_EQ(driver().measure(0.0, 1.0).error().code, Errc::limit_rejected);
  Staircase fine;
  fine.turns = {3.0};
  fine.rate = 1.0;
  EXPECT_THAT(driver().start(fine).error().detail, HasSubstr("3001 levels, accepted are up to 2500"));
  Staircase hasty = fine;
  hasty.step = 0.01;
  hasty.aperture = 0.05;
  EXPECT_THAT(driver().start(hasty).error().detail, HasSubstr("0.01 s of a step"));
  EXPECT_EQ(wired.time.requests, before);
  EXPECT_TRUE(driver().set_level(0.0).ok());
}

TEST_P(EitherDialect, ErrorsOfTheUnitComeBackAndTheConversationGoesOn) {
  ASSERT_TRUE(driver().connect({}).ok());
  const auto reading = driver().measure(0.1, 0.02);  // the output is off
  ASSERT_FALSE(reading.ok());
  EXPECT_EQ(reading.error().code, Errc::interlock_tripped) << describe(reading.error());
  EXPECT_THAT(reading.error().detail, HasSubstr("READ?"));
  EXPECT_EQ(driver().health().condition, Health::Condition::ok);
  ASSERT_TRUE(driver().set_output(true).ok());
  EXPECT_TRUE(driver().measure(0.1, 0.02).ok());
}

TEST_P(EitherDialect, MakeSafeEndsReadingsAndSwitchesOff) {
  driver().make_safe();  // not connected: nothing
  ASSERT_TRUE(driver().connect({}).ok());
  ASSERT_TRUE(driver().set_output(true).ok());
  Staircase cv;
  cv.turns = {1.0};
  ASSERT_TRUE(driver().start(cv).ok());
  driver().make_safe();
  driver().make_safe();
  wired.served.stop();
  EXPECT_FALSE(wired.meter.output());
  EXPECT_FALSE(wired.meter.running());
  EXPECT_EQ(wired.meter.level(), 0.0);
}

TEST(Staircase, EndsOnItsTurns) {
  Staircase s;
  s.start = 0.0;
  s.turns = {0.0025, -0.001, -0.001};
  s.step = 1e-3;
  const auto levels = drivers::staircase_levels(s);
  const std::vector<double> expected{0.0, 0.001, 0.002, 0.0025, 0.0015, 0.0005, -0.0005, -0.001};
  ASSERT_EQ(levels.size(), expected.size());
  for (std::size_t k = 0; k < levels.size(); ++k) EXPECT_NEAR(levels[k], expected[k], 1e-15);
  s.step = -1.0;
  EXPECT_THROW(drivers::staircase_levels(s), InputError);
  s.step = 1e-3;
  s.turns = {};
  EXPECT_THROW(drivers::staircase_levels(s), InputError);
}

TEST(ScpiErrc, SaysWhatAnErrorNumberMeans) {
  EXPECT_EQ(drivers::scpi_errc(-222), Errc::limit_rejected);
  EXPECT_EQ(drivers::scpi_errc(-113), Errc::protocol);
  EXPECT_EQ(drivers::scpi_errc(-221), Errc::interlock_tripped);
  EXPECT_EQ(drivers::scpi_errc(-350), Errc::overflow);
  EXPECT_EQ(drivers::scpi_errc(501), Errc::device_fault);
}

/// An instrument that answers as a 2450 until `failing`, then as told.
struct Misbehaving {
  explicit Misbehaving(ScriptedSession::Answer told, double timeout = 20.0) : answer(std::move(told)) {
    port = served.server.add_tcp(servers::loopback, 0, scripted('\n', [this](const std::string& line) {
                                   return failing ? answer(line) : session->feed(line + "\n");
                                 }));
    served.start();
    driver = std::make_unique<SourceMeter>([this, timeout] { return drivers::connect_tcp("127.0.0.1", port, timeout); },
                                           drivers::SourceMeterConfig{}, clock);
  }
  BenchSeconds time;
  BenchMeter meter{time, 1e9};
  servers::ScpiSourceMeter unit{meter, time, {}};
  std::unique_ptr<servers::Session> session = servers::scpi_sessions(unit)();
  std::atomic<bool> failing = false;
  ScriptedSession::Answer answer;
  StandingClock clock;
  int port = 0;
  std::unique_ptr<SourceMeter> driver;
  Served served;
};

void expect_fault(const std::string& reply, Errc code) {
  Misbehaving device([reply](const std::string&) { return reply; });
  ASSERT_TRUE(device.driver->connect({}).ok()) << reply;
  ASSERT_TRUE(device.driver->set_output(true).ok());
  device.failing = true;
  const auto reading = device.driver->measure(0.1, 0.02);
  ASSERT_FALSE(reading.ok()) << reply;
  EXPECT_EQ(reading.error().code, code) << describe(reading.error());
  EXPECT_EQ(device.driver->measure(0.1, 0.02).error().code, Errc::needs_reconnect);
  EXPECT_EQ(device.driver->health().condition, Health::Condition::faulted);
  device.failing = false;
  EXPECT_TRUE(device.driver->connect({}).ok());
}

TEST(SourceMeterFaults, GarbageIsAProtocolErrorAndNeedsAReconnect) {
  for (const char* reply :
       {"\n", "garbage\n", "1,2,3\n", "1,2,3,4,5;0,\"No error;0;0 0\"\n", "1,2,nan,4;0,\"No error\"\n",
        "1,2,3,4;nonsense\n", "1,2,3,4;0\n", ";;;;\n", "0,\"No error;0;0 0\"\n"}) {
    expect_fault(reply, Errc::protocol);
  }
}

TEST(SourceMeterFaults, AnEndlessReplyIsCutOff) {
  expect_fault(std::string(300000, '7') + "\n", Errc::protocol);
}

TEST(SourceMeterFaults, SilenceEndsAtTheDeadline) {
  Misbehaving device([](const std::string&) { return std::string(); }, 0.5);
  ASSERT_TRUE(device.driver->connect({}).ok());
  device.failing = true;
  EXPECT_EQ(device.driver->set_level(0.1).error().code, Errc::timeout);
  EXPECT_EQ(device.driver->set_level(0.1).error().code, Errc::needs_reconnect);
}

TEST(SourceMeterFaults, APeerThatGoesIsDisconnected) {
  auto device =
      std::make_unique<Misbehaving>([](const std::string&) -> std::string { throw std::runtime_error("gone"); });
  ASSERT_TRUE(device->driver->connect({}).ok());
  device->failing = true;
  EXPECT_EQ(device->driver->set_level(0.1).error().code, Errc::disconnected);
  device->driver->make_safe();  // nothing to send it to; does not throw
}

TEST(SourceMeterFaults, OtherInstrumentsAndLanguagesAreRefused) {
  const auto connect_to = [](const char* identity, const char* language) {
    Misbehaving device([=](const std::string& line) -> std::string {
      const char* error = ";0,\"No error\"\n";
      if (line.starts_with("*IDN?")) return std::string(identity) + error;
      if (line.starts_with("*LANG?")) return std::string(language) + error;
      return "0,\"No error\"\n";
    });
    device.failing = true;
    return device.driver->connect({});
  };
  EXPECT_THAT(connect_to("HEWLETT-PACKARD,34401A,0,11-5-2", "").error().detail,
              HasSubstr("no source meter that is known"));
  EXPECT_THAT(connect_to("KEITHLEY INSTRUMENTS,MODEL 2450,1,1", "TSP").error().detail,
              HasSubstr("accepted are SCPI and SCPI2400"));
}

TEST(SourceMeterFaults, RepliesInSegmentsArePutTogether) {
  // A session per byte: the server sends what each piece gave.
  WiredMeter wired(ScpiDialect::keithley_2450);
  auto stream = drivers::connect_tcp("127.0.0.1", wired.port, 20.0).value();
  for (const char c : std::string("*IDN?;:SYST:ERR?\n*OPC?\n")) ASSERT_TRUE(stream->write(std::string(1, c)).ok());
  EXPECT_EQ(stream->read_until('\n', 200).value(),
            "KEITHLEY INSTRUMENTS,MODEL 2450,04412345,1.7.12b;0,\"No error;0;0 0\"\n");
  EXPECT_EQ(stream->read_until('\n', 200).value(), "1\n");
}

TEST(SourceMeterConfig, MustBePossible) {
  const StandingClock clock;
  EXPECT_THROW(SourceMeter({}, {.current_range = -1.0}, clock), InputError);
  EXPECT_THROW(SourceMeter({}, {.voltage_range = std::nan("")}, clock), InputError);
}

}  // namespace
}  // namespace seccm::instrument::testing
