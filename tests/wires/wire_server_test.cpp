#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include "instrument/drivers/wire/byte_stream.hpp"
#include "sim/error.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::testing {
namespace {

using drivers::connect_tcp;
using ::testing::HasSubstr;

constexpr double patient = 20.0;

std::string ask(drivers::ByteStream& stream, const std::string& line) {
  if (auto sent = stream.write(line); !sent.ok()) return describe(sent.error());
  const auto reply = stream.read_until('\n', 100);
  return reply.ok() ? reply.value() : describe(reply.error());
}

TEST(WireServer, ServesSeveralClientsEachWithASessionOfItsOwn) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto a = connect_tcp("127.0.0.1", port, patient).value(), b = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(a->write("half ").ok());
  EXPECT_EQ(ask(*b, "other\n"), "OTHER\n");
  EXPECT_EQ(ask(*a, "and half\n"), "HALF AND HALF\n");
}

TEST(WireServer, AHalfOpenClientDoesNotHinderTheOthers) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto silent = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(silent->write("never ended").ok());
  auto gone = connect_tcp("127.0.0.1", port, patient).value();
  ASSERT_TRUE(gone->write("gone").ok());
  gone->close();
  auto lively = connect_tcp("127.0.0.1", port, patient).value();
  for (int k = 0; k < 10; ++k) EXPECT_EQ(ask(*lively, "ping\n"), "PING\n");
}

TEST(WireServer, OneConnectionTooManyIsClosedAndThePlaceIsFreedByAClient) {
  std::vector<std::string> notes;
  std::optional<Served> echo(
      std::in_place,
      servers::WireOptions{.most_connections = 2, .note = [&](const std::string& text) { notes.push_back(text); }});
  const int port = echo->server.add_tcp(servers::loopback, 0, make_echo);
  echo->start();
  auto a = connect_tcp("127.0.0.1", port, patient).value(), b = connect_tcp("127.0.0.1", port, patient).value();
  EXPECT_EQ(ask(*a, "a\n"), "A\n");
  EXPECT_EQ(ask(*b, "b\n"), "B\n");
  auto c = connect_tcp("127.0.0.1", port, patient).value();
  EXPECT_EQ(c->read_exactly(1).error().code, Errc::disconnected);
  b->close();
  // The server sees the end of b in its own time; until then it refuses.
  std::string reply;
  for (int attempt = 0; attempt < 1000 && reply != "D\n"; ++attempt) {
    auto d = connect_tcp("127.0.0.1", port, patient).value();
    reply = ask(*d, "d\n");
  }
  EXPECT_EQ(reply, "D\n");
  echo.reset();
  ASSERT_FALSE(notes.empty());
  EXPECT_THAT(notes.front(), HasSubstr("2 connections are open"));
}

TEST(WireServer, HoldsAReplyBackUntilItsTimeHasComeAndServesTheOthersMeanwhile) {
  // By how much the sessions have put their world ahead of the wall clock, s.
  std::atomic<double> ahead = 0.05;
  Served echo(servers::WireOptions{.ahead = [&] { return ahead.load(); }});
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto quick = connect_tcp("127.0.0.1", port, patient).value();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(*quick, "soon\n"), "SOON\n");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
  ahead = 3600.0;
  auto held = connect_tcp("127.0.0.1", port, 0.2).value();
  EXPECT_THAT(ask(*held, "in an hour\n"), HasSubstr("waiting for a reply took longer than 0.2 s"));
  ahead = 0.0;
  EXPECT_EQ(ask(*quick, "now\n"), "NOW\n");
  echo.stop();  // does not wait for what is held
  EXPECT_EQ(held->read_exactly(1).error().code, Errc::disconnected);
}

TEST(WireServer, AFailureBehindASessionEndsItsConnectionOnlyAndIsTold) {
  std::vector<std::string> notes;
  std::mutex world;
  std::optional<Served> echo(std::in_place, servers::WireOptions{.world = &world, .note = [&](const std::string& text) {
                                                                   notes.push_back(text);
                                                                 }});
  const int port = echo->server.add_tcp(servers::loopback, 0, make_echo);
  echo->start();
  auto a = connect_tcp("127.0.0.1", port, patient).value(), b = connect_tcp("127.0.0.1", port, patient).value();
  EXPECT_THAT(ask(*a, "throw\n"), HasSubstr("disconnected"));
  EXPECT_EQ(ask(*b, "fine\n"), "FINE\n");
  echo.reset();
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes[0], HasSubstr("the device behind the echo failed"));
}

TEST(WireServer, ATakenPortOrAForeignAddressIsAUserError) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  Served second;
  try {
    second.server.add_tcp(servers::loopback, port, make_echo);
    FAIL() << "the port was taken twice";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(port)));
  }
  EXPECT_THROW(second.server.add_tcp("not an address", 0, make_echo), InputError);
  EXPECT_THROW(second.server.add_tcp("192.0.2.1", 0, make_echo), InputError);
  EXPECT_THROW(second.server.add_tcp(servers::loopback, -1, make_echo), InputError);
  EXPECT_THROW(second.server.add_serial("/dev/no-such-line", 9600, make_echo), InputError);
}

TEST(WireServer, StopsCleanlyRunsAgainAndClosesWhatWasOpen) {
  Served echo;
  const int port = echo.server.add_tcp(servers::loopback, 0, make_echo);
  echo.start();
  auto a = connect_tcp("127.0.0.1", port, patient).value();
  EXPECT_EQ(ask(*a, "a\n"), "A\n");
  echo.stop();
  EXPECT_EQ(echo.server.connections(), 0U);
  EXPECT_EQ(a->read_exactly(1).error().code, Errc::disconnected);
  echo.start();
  auto b = connect_tcp("127.0.0.1", port, patient).value();
  EXPECT_EQ(ask(*b, "b\n"), "B\n");
}

}  // namespace
}  // namespace seccm::instrument::testing
