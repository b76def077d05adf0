// `seccm serve` with a client that knows nothing of this repository: a socket.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string>;

/// Sends one line and reads until the reply's last line ends.
std::string asked(int port, const std::string& line) {
  const int wire = socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{60, 0};
  setsockopt(wire, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  if (connect(wire, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(wire, line.data(), line.size(), 0) == static_cast<ssize_t>(line.size())) {
    char byte = 0;
    while (recv(wire, &byte, 1, 0) == 1) {
      reply += byte;
      if (byte == '\n' && (reply.size() < 2 || reply[reply.size() - 2] != ' ')) break;
    }
  }
  close(wire);
  return reply;
}

TEST(Serve, AnswersOnTheWireUntilItIsInterrupted) {
  const auto ready = fresh_directory("serve") / "listening.json";
  std::string identity, range;
  const Outcome outcome =
      seccm_interrupted(Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage_port=0", "--set",
                              "serve.light_port=0", "--set", "serve.camera=false"},
                        ready, 1, [&] {
                          const auto json = nlohmann::json::parse(bytes_of(ready));
                          ASSERT_EQ(json.at("listeners").size(), 2U);
                          EXPECT_EQ(json.at("listeners").at(0).at("instrument"), "stage");
                          const std::string where = json.at("listeners").at(0).at("where");
                          const int port = std::stoi(where.substr(where.find(':') + 1));
                          identity = asked(port, "*IDN?\n");
                          range = asked(port, "TMX? 3\n");
                        });
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(identity, HasSubstr("E-727"));
  EXPECT_THAT(range, HasSubstr("3="));
  EXPECT_THAT(outcome.out, HasSubstr("127.0.0.1:"));
  EXPECT_THAT(outcome.out, HasSubstr("stepped by requests"));
  EXPECT_THAT(outcome.err, HasSubstr("stopped at"));
}

TEST(Doctor, ExaminesTheServedTwinAndTheLibraryOfTheSequencer) {
  const auto folder = fresh_directory("doctor");
  const auto ready = folder / "listening.json";
  setenv("SECCM_RIG", "quickstart", 1);
  const Words sequencer{"--set", "wecspm.library=" SECCM_NIFPGA_LIBRARY, "--set",
                        "wecspm.bitfile=" SECCM_SOURCE_DIR "/instrument/wecspm/software_target.lvbitx"};
  Outcome still, moved;
  (void)seccm_interrupted(Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage_port=0",
                                "--set", "serve.light_port=0"},
                          ready, 1, [&] {
                            const auto listeners = nlohmann::json::parse(bytes_of(ready)).at("listeners");
                            const Words places{
                                "doctor", "quickstart",
                                "--set",  "hardware.stage=" + listeners.at(0).at("where").get<std::string>(),
                                "--set",  "hardware.light=" + listeners.at(1).at("where").get<std::string>(),
                                "--set",  "hardware.camera=127.0.0.1",
                                "--set",  "hardware.timeout=60 s"};
                            still = seccm(places + sequencer);
                            moved = seccm(places + sequencer + Words{"--allow-motion"});
                          });
  unsetenv("SECCM_RIG");
  EXPECT_EQ(still.status, 0) << still.out << still.err;
  EXPECT_THAT(still.out, HasSubstr("sequencer  not examined"));
  EXPECT_THAT(still.out, HasSubstr("stage      not examined"));
  EXPECT_THAT(still.out, HasSubstr("camera     fine"));
  EXPECT_EQ(moved.status, 0) << moved.out << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("sequencer  fine"));
  EXPECT_THAT(moved.out, HasSubstr("frames at rest, 1.0280 to 1.0280 ms apart"));
  EXPECT_THAT(moved.out, HasSubstr("stage      fine"));
}

TEST(Serve, RefusesWhatHasNoRig) {
  const Outcome outcome = seccm({"serve", "verification/planar_reversible"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no rig to serve"));
}

}  // namespace
}  // namespace seccm::cli_test
