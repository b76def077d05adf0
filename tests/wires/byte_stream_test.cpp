// Host side against the server, over TCP and over a pseudo terminal.
#include "instrument/drivers/wire/byte_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

#include "sim/error.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {
namespace {

using drivers::connect_tcp;
using drivers::open_serial;
using ::testing::HasSubstr;

constexpr double patient = 20.0, hasty = 0.5;  // s: never reached; reached on purpose

TEST(TcpStream, CarriesLinesBothWaysAndKeepsWhatFollows) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto stream = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(stream->write("one\ntwo\nthree\n").ok());
  EXPECT_EQ(stream->read_until('\n', 100).value(), "ONE\n");
  EXPECT_EQ(stream->read_exactly(2).value(), "TW");
  EXPECT_EQ(stream->read_until('\n', 100).value(), "O\n");
  EXPECT_EQ(stream->read_until('\n', 6).value(), "THREE\n");
  EXPECT_EQ(stream->peer(), "tcp 127.0.0.1:" + std::to_string(port));
}

TEST(TcpStream, ALateReplyIsATimeoutAndCanBeDiscarded) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto stream = connect_tcp("localhost", port, hasty).value();
  ASSERT_TRUE(stream->write("quiet\n").ok());
  const auto late = stream->read_until('\n', 100);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, Errc::timeout);
  EXPECT_TRUE(late.error().retryable);
  EXPECT_THAT(late.error().detail, HasSubstr("0.5 s"));
  auto calm = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(calm->write("stale\nfresh\n").ok());
  ASSERT_TRUE(calm->read_until('\n', 100).ok());
  ASSERT_TRUE(calm->discard_input().ok());
  ASSERT_TRUE(calm->write("asked\n").ok());
  std::string seen = calm->read_until('\n', 100).value();
  // The second line may have been under way while the input was discarded; never is it in front of a whole reply twice.
  if (seen == "FRESH\n") seen = calm->read_until('\n', 100).value();
  EXPECT_EQ(seen, "ASKED\n");
}

TEST(TcpStream, AReplyWithoutAnEndIsAProtocolErrorAndBounded) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto stream = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(stream->write(std::string(300, 'x') + "\n").ok());
  const auto endless = stream->read_until('\n', 64);
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().code, Errc::protocol);
  EXPECT_THAT(endless.error().detail, HasSubstr("64 bytes"));
}

TEST(TcpStream, AServerThatStopsIsADisconnectionAndItsRestartIsANewConnection) {
  std::optional<Served> echo(std::in_place);
  const int port = echo->server.add_tcp(servers::loopback, 0, make_echo);
  echo->start();
  auto stream = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(stream->write("a\n").ok());
  ASSERT_TRUE(stream->read_until('\n', 9).ok());
  echo.reset();
  EXPECT_EQ(stream->read_until('\n', 9).error().code, Errc::disconnected);
  EXPECT_EQ(stream->write("a\n").error().code, Errc::disconnected);
  EXPECT_EQ(stream->discard_input().error().code, Errc::disconnected);
  EXPECT_EQ(connect_tcp("127.0.0.1", port, patient).error().code, Errc::disconnected);
  echo.emplace();
  ASSERT_EQ(echo->server.add_tcp(servers::loopback, port, make_echo), port);
  echo->start();
  stream = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(stream->write("b\n").ok());
  EXPECT_EQ(stream->read_until('\n', 9).value(), "B\n");
}

TEST(TcpStream, AStopRequestEndsAWaitAndEveryLaterOne) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto stream = connect_tcp("127.0.0.1", port, patient).value();
  std::stop_source stop;
  stream->cancel_on(stop.get_token());
  const auto before = std::chrono::steady_clock::now();
  std::jthread other([&] { stop.request_stop(); });
  EXPECT_EQ(stream->read_exactly(1).error().code, Errc::cancelled);
  EXPECT_EQ(stream->read_exactly(1).error().code, Errc::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::duration<double>(patient));
  stream->close();
  stream->close();
  EXPECT_EQ(stream->read_exactly(1).error().code, Errc::disconnected);
}

TEST(TcpStream, RefusesPortsAndTimeoutsThatCanNotBe) {
  EXPECT_THROW(static_cast<void>(connect_tcp("127.0.0.1", 0, 1.0)), InputError);
  EXPECT_THROW(static_cast<void>(connect_tcp("127.0.0.1", 70000, 1.0)), InputError);
  EXPECT_THROW(static_cast<void>(connect_tcp("127.0.0.1", 5000, 0.0)), InputError);
  EXPECT_THROW(static_cast<void>(open_serial("/dev/null", 0, 1.0)), InputError);
}

TEST(SerialStream, CarriesLinesOverAPseudoTerminalAndSurvivesReopening) {
  Served echo;
  const std::string device = echo.server.add_pseudo_terminal(make_echo);
  echo.start();
  for (int visit = 0; visit < 3; ++visit) {
    auto stream = open_serial(device, 115200, patient).value();
    ASSERT_TRUE(stream->write("over a line\n").ok());
    EXPECT_EQ(stream->read_until('\n', 100).value(), "OVER A LINE\n");
    EXPECT_EQ(stream->peer(), "serial " + device);
  }
}

TEST(SerialStream, SilenceIsATimeoutAndNoDeviceADisconnection) {
  Served echo;
  const std::string device = echo.server.add_pseudo_terminal(make_echo);
  echo.start();
  auto stream = open_serial(device, 9600, hasty).value();
  ASSERT_TRUE(stream->write("quiet\n").ok());
  EXPECT_EQ(stream->read_exactly(1).error().code, Errc::timeout);
  const auto none = open_serial("/dev/no-such-line", 9600, hasty);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().code, Errc::disconnected);
  EXPECT_THAT(none.error().device, HasSubstr("/dev/no-such-line"));
}

}  // namespace
}  // namespace seccm::instrument::testing
