// Golden transcripts against the GCS server, byte for byte: in the process and over TCP.
#include <gtest/gtest.h>

#include "instrument/drivers/wire/byte_stream.hpp"
#include "tests/wires/gcs_bench.hpp"
#include "tests/wires/served.hpp"
#include "tests/wires/transcript.hpp"

namespace seccm::instrument::testing {
namespace {

const std::vector<double> places{18.8324604e-6, 17.47353172e-6, 0.0};

std::vector<Exchange> transcript(const std::string& name) {
  auto exchanges = read_transcript(std::string(SECCM_TEST_DATA) + "/gcs/" + name);
  EXPECT_GT(exchanges.size(), 10U);
  return exchanges;
}

void expect_replay(GcsBench& bench, const std::string& name) {
  for (const Exchange& exchange : transcript(name)) {
    bench.time.on_request(exchange.wait);
    EXPECT_EQ(bench.session.feed(exchange.sent), exchange.reply) << name << ":" << exchange.line;
  }
}

TEST(GcsTranscript, SessionIsReplayedByteForByte) {
  GcsBench bench(0.0, places);
  expect_replay(bench, "session.txt");
}

TEST(GcsTranscript, RecorderAndWaveGeneratorAreReplayedByteForByte) {
  GcsBench bench(0.0, {0.0, 0.0, 0.0}, 2e-6);
  expect_replay(bench, "recorder.txt");
}

TEST(GcsTranscript, SessionIsReplayedByteForByteOverTcp) {
  GcsBench bench(0.0, places);
  std::mutex world;
  Served served({.world = &world});
  const int port = served.server.add_tcp(servers::loopback, 0, servers::gcs_sessions(bench.controller));
  served.start();
  auto stream = drivers::connect_tcp("127.0.0.1", port, 20.0).value();
  for (const Exchange& exchange : transcript("session.txt")) {
    {
      const std::lock_guard lock(world);
      bench.time.on_request(exchange.wait);
    }
    ASSERT_TRUE(stream->write(exchange.sent).ok());
    if (exchange.reply.empty()) continue;
    EXPECT_EQ(stream->read_exactly(exchange.reply.size()).value(), exchange.reply) << exchange.line;
  }
}

}  // namespace
}  // namespace seccm::instrument::testing
