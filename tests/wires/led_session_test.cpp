#include "instrument/servers/led/led_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/error.hpp"
#include "tests/wires/bench_light.hpp"

namespace seccm::instrument::testing {
namespace {

struct LedBench {
  std::string ask(const std::string& command) { return session.feed(command + "\r"); }

  BenchLight light;
  BenchSeconds time;
  servers::LedSource source{light, time, {}};
  servers::LedSession session{source};
};

TEST(LedServer, SaysItsStateAsTheInstrumentDoes) {
  LedBench bench;
  EXPECT_EQ(bench.ask("CSS?"), "CSSAXF000BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CAI50"), "CSSAXF050BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CAS"), "CSSASF050BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CSN"), "CSSASN050BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CA?"), "CA050\r\n");
  EXPECT_EQ(bench.ask("CAX"), "CSSAXN050BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CSF"), "CSSAXF050BXF000CXF000\r\n");
  EXPECT_EQ(bench.ask("CSSASN020BSN030CXF100"), "CSSASN020BSN030CXF100\r\n");
  EXPECT_EQ(bench.ask("CSSCSF001"), "CSSASN020BSN030CSF001\r\n");
  EXPECT_EQ(bench.ask("XMODEL"), "XMODEL=pE-300\r\n");
  EXPECT_EQ(bench.ask("XVER"), "XFW_VER=1.0\r\nXHW_VER=1.0\r\nXDT_VER=1.0\r\nXPD_VER=1.0\r\n");
  EXPECT_EQ(bench.ask("PORT:P=ON"), "PORT:P=ON\r\n");
}

/// What Micro-Manager's adapter for the pE-300 reads at start-up: of each line what is behind its eighth character.
TEST(LedServer, SaysItsVersionsInFourLinesThatClientsCount) {
  LedBench bench;
  std::string reply = bench.ask("XVER");
  for (int line = 0; line < 4; ++line) {
    const auto end = reply.find("\r\n");
    ASSERT_NE(end, std::string::npos) << line;
    ASSERT_GE(end, 8U) << line;
    EXPECT_EQ(reply.substr(8, end - 8), "1.0") << line;
    reply.erase(0, end + 2);
  }
  EXPECT_EQ(reply, "");
}

/// python-microscope ends its commands with LF, Micro-Manager with CR.
TEST(LedServer, TakesEitherEndOfALineAndBoth) {
  LedBench bench;
  for (const char* end : {"\r", "\n", "\r\n", "\n\r"})
    EXPECT_EQ(bench.session.feed(std::string("CSS?") + end), "CSSAXF000BXF000CXF000\r\n");
}

TEST(LedServer, ShinesOnlyWhereAChannelIsSelectedAndOn) {
  LedBench bench;
  bench.session.feed("CAI75\rCBI25\r\nCAS\r");
  EXPECT_EQ(bench.light.state.reflection, 0.0);
  bench.ask("CSN");
  EXPECT_EQ(bench.light.state.reflection, 0.75);
  EXPECT_EQ(bench.light.state.transmission, 0.0);
  bench.session.feed("CBS\rCBN\r");
  EXPECT_EQ(bench.light.state.transmission, 0.25);
  bench.session.feed("CSF\r");
  EXPECT_EQ(bench.light.state.reflection, 0.0);
  EXPECT_EQ(bench.light.state.transmission, 0.0);
}

TEST(LedServer, IgnoresInSilenceWhatItDoesNotUnderstandAndChangesNothing) {
  LedBench bench;
  const std::string before = bench.ask("CSS?");
  for (const char* bad : {"CDS", "CAI101", "CAI-1", "CAI", "CAIxx", "CAI0050", "C", "CA", "cas", "CSSASN05",
                          "CSSASN050BXF0x0", "CSSDSN050", "CSSAQN050", "XMODELL", "?", "CAS ", "\x80\xFF"}) {
    EXPECT_EQ(bench.ask(bad), "") << bad;
  }
  EXPECT_EQ(bench.session.feed(std::string(100000, 'C') + "\r"), "");
  EXPECT_EQ(bench.ask("CSS?"), before);
}

TEST(LedServer, AnswersTheSameHoweverTheBytesAreCut) {
  const std::string dialogue = "CSS?\rCAI50\r\nCAS\rCSN\rFOO\rCSS?\r";
  const std::string whole = LedBench().session.feed(dialogue);
  for (std::size_t cut = 0; cut <= dialogue.size(); ++cut) {
    LedBench bench;
    std::string pieces = bench.session.feed(dialogue.substr(0, cut));
    pieces += bench.session.feed(dialogue.substr(cut));
    ASSERT_EQ(pieces, whole) << "cut at byte " << cut;
  }
}

TEST(LedServer, EveryRequestTakesItsLatency) {
  LedBench bench;
  bench.session.feed("CSS?\rFOO\rCA");
  EXPECT_NEAR(bench.time.now(), 2 * servers::LedOptions{}.latency, 1e-12);
}

TEST(LedServer, RefusesLettersThatCanNotBe) {
  LedBench bench;
  EXPECT_THROW(servers::LedSource(bench.light, bench.time, {.reflection = 'D'}), InputError);
  EXPECT_THROW(servers::LedSource(bench.light, bench.time, {.reflection = 'B', .transmission = 'B'}), InputError);
}

}  // namespace
}  // namespace seccm::instrument::testing
