// `seccm serve` with a client that knows nothing of this repository: a socket.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

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
  const Outcome outcome = seccm_interrupted(
      Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage_port=0", "--set",
            "serve.light_port=0", "--set", "serve.source_meter_port=0", "--set", "serve.camera=false"},
      ready, 1, [&] {
        const auto json = nlohmann::json::parse(bytes_of(ready));
        ASSERT_EQ(json.at("listeners").size(), 3U);
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
  EXPECT_THAT(outcome.out, HasSubstr("in real time"));
  EXPECT_THAT(outcome.err, HasSubstr("stopped at"));
}

TEST(Serve, GivesLampsAndStageASerialLineToo) {
  const auto ready = fresh_directory("serial_lines") / "listening.json";
  std::vector<std::string> said;
  const Outcome outcome = seccm_interrupted(
      Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage_port=0", "--set",
            "serve.light_port=0", "--set", "serve.source_meter=false", "--set", "serve.camera=false", "--set",
            "serve.light_serial=true", "--set", "serve.stage_serial=true"},
      ready, 1, [&] {
        const auto json = nlohmann::json::parse(bytes_of(ready));
        for (const auto& l : json.at("listeners")) {
          const std::string where = l.at("where");
          if (!where.starts_with("/dev/")) continue;
          const int line = open(where.c_str(), O_RDWR | O_NOCTTY);
          ASSERT_GE(line, 0) << where;
          const std::string question = l.at("instrument") == "light" ? "XMODEL\r" : "CSV?\n";
          ASSERT_EQ(::write(line, question.data(), question.size()), static_cast<ssize_t>(question.size()));
          std::string reply;
          for (char byte = 0; !reply.ends_with('\n') && ::read(line, &byte, 1) == 1;) reply += byte;
          close(line);
          said.push_back(reply);
        }
      });
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(said, ::testing::ElementsAre("2.0\n", "XMODEL=pE-300\r\n"));
}

TEST(Doctor, ExaminesTheServedTwinAndTheLibraryOfTheSequencer) {
  const auto folder = fresh_directory("doctor");
  const auto ready = folder / "listening.json";
  setenv("SECCM_RIG", "quickstart", 1);
  const Words sequencer{"--set", "wecspm.library=" SECCM_NIFPGA_LIBRARY, "--set",
                        "wecspm.bitfile=" SECCM_SOURCE_DIR "/instrument/wecspm/software_target.lvbitx"};
  Outcome still, moved;
  (void)seccm_interrupted(Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage_port=0",
                                "--set", "serve.light_port=0", "--set", "serve.source_meter_port=0"},
                          ready, 1, [&] {
                            const auto listeners = nlohmann::json::parse(bytes_of(ready)).at("listeners");
                            const Words places{
                                "doctor", "quickstart",
                                "--set",  "hardware.stage=" + listeners.at(0).at("where").get<std::string>(),
                                "--set",  "hardware.light=" + listeners.at(1).at("where").get<std::string>(),
                                "--set",  "hardware.source_meter=" + listeners.at(2).at("where").get<std::string>(),
                                "--set",  "hardware.camera=127.0.0.1",
                                "--set",  "hardware.timeout=60 s"};
                            still = seccm(places + sequencer);
                            moved = seccm(places + sequencer + Words{"--allow-motion"});
                          });
  unsetenv("SECCM_RIG");
  EXPECT_EQ(still.status, 0) << still.out << still.err;
  EXPECT_THAT(still.out, HasSubstr("sequencer    not examined"));
  EXPECT_THAT(still.out, HasSubstr("stage        not examined"));
  EXPECT_THAT(still.out, HasSubstr("camera       fine"));
  EXPECT_THAT(still.out, HasSubstr("source meter fine"));
  EXPECT_EQ(moved.status, 0) << moved.out << moved.err;
  EXPECT_THAT(moved.out, HasSubstr("sequencer    fine"));
  EXPECT_THAT(moved.out, HasSubstr("frames at rest, 1.0280 to 1.0280 ms apart"));
  EXPECT_THAT(moved.out, HasSubstr("stage        fine"));
}

/// What a script of this folder printed; Debian's own interpreter is the one that has Debian's packages.
std::string scripted(const std::string& script, const std::string& arguments) {
  std::string printed;
  const std::string command =
      "timeout 120 /usr/bin/python3 " SECCM_SOURCE_DIR "/tests/cli/" + script + " " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "the shell can not be started";
  std::array<char, 4096> chunk{};
  while (const std::size_t n = fread(chunk.data(), 1, chunk.size(), pipe)) printed.append(chunk.data(), n);
  const int status = pclose(pipe);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command << ": " << printed;
  return printed;
}

/// The numbers behind `name` at the beginning of a line.
std::vector<double> numbers_of(const std::string& printed, const std::string& name) {
  std::istringstream lines(printed);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first != name) continue;
    return {std::istream_iterator<double>(words), std::istream_iterator<double>()};
  }
  return {};
}

/// Runs scripts against the source meter of a served quickstart.
std::vector<std::string> sweeps(const std::string& dialect, const std::vector<std::array<std::string, 2>>& scripts) {
  const auto ready = fresh_directory("sweep_" + dialect) / "listening.json";
  std::vector<std::string> printed;
  const Outcome outcome = seccm_interrupted(
      Words{"serve", "quickstart", "--ready", ready.string(), "--set", "serve.stage=false", "--set",
            "serve.light=false", "--set", "serve.camera=false", "--set", "serve.source_meter_port=0", "--set",
            "serve.source_meter_dialect=" + dialect},
      ready, 1, [&] {
        const std::string where = nlohmann::json::parse(bytes_of(ready)).at("listeners").at(0).at("where");
        const std::string port = where.substr(where.find(':') + 1);
        for (const auto& [script, model] : scripts) printed.push_back(scripted(script, model + " " + port));
      });
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return printed;
}

TEST(Serve, GivesForeignClientsASweepOfThe2450) {
  const auto printed = sweeps("keithley_2450", {{"sweep_pyvisa.py", ""}, {"sweep_pymeasure.py", "2450"}});
  ASSERT_EQ(printed.size(), 2U);
  EXPECT_THAT(printed[0], HasSubstr("MODEL 2450"));
  const auto levels = numbers_of(printed[0], "levels"), currents = numbers_of(printed[0], "currents"),
             times = numbers_of(printed[0], "times");
  ASSERT_EQ(levels.size(), 21U);
  ASSERT_EQ(currents.size(), 21U);
  ASSERT_EQ(times.size(), 21U);
  for (std::size_t k = 1; k < levels.size(); ++k) {
    EXPECT_NEAR(levels[k], -0.2 + 0.02 * static_cast<double>(k), 1e-6);
    EXPECT_NEAR(times[k], 0.02 * static_cast<double>(k), 1e-6);
    // In air: 1 pF of stray capacitance takes up 20 mV per reading of 20 ms; noise and offset are some 20 fA.
    EXPECT_NEAR(currents[k], 1e-12, 1e-13);
  }
  const auto polled = numbers_of(printed[1], "currents");
  ASSERT_EQ(polled.size(), 5U);
  for (const double i : polled) EXPECT_NEAR(i, 0.0, 1e-13);  // behind the step
}

TEST(Serve, GivesPyMeasureReadingsAndABufferOfThe6430InThe2400sLanguage) {
  const auto printed = sweeps("keithley_6430", {{"sweep_pymeasure.py", "2400"}});
  ASSERT_EQ(printed.size(), 1U);
  EXPECT_THAT(printed[0], HasSubstr("MODEL 6430"));
  EXPECT_EQ(numbers_of(printed[0], "currents").size(), 5U);
  const auto buffer = numbers_of(printed[0], "buffer");
  ASSERT_EQ(buffer.size(), 5U);
  for (const double i : buffer) EXPECT_NEAR(i, 0.0, 1e-13);
}

/// The wall clock, s, and what POS? says at both ends of a move of 20 um at 10 um/s that a client polls as fast as it
/// can.
struct PolledMove {
  double took = 0.0;
  int questions = 0;
};

PolledMove polled_move(const std::string& speed) {
  const auto ready = fresh_directory("polled_move") / "listening.json";
  PolledMove move;
  Words words{"serve",   "quickstart",
              "--ready", ready.string(),
              "--set",   "serve.stage_port=0",
              "--set",   "serve.light=false",
              "--set",   "serve.source_meter=false",
              "--set",   "serve.camera=false"};
  if (!speed.empty()) words = words + Words{"--set", "serve.speed=" + speed};
  const Outcome outcome = seccm_interrupted(words, ready, 1, [&] {
    const std::string where = nlohmann::json::parse(bytes_of(ready)).at("listeners").at(0).at("where");
    const int port = std::stoi(where.substr(where.find(':') + 1));
    asked(port, "SVO 1 1\nVEL 1 10\nERR?\n");
    const auto start = std::chrono::steady_clock::now();
    asked(port, "MVR 1 20\nERR?\n");
    while (move.questions < 100000 && !asked(port, "ONT? 1\n").starts_with("1=1")) ++move.questions;
    move.took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  });
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return move;
}

TEST(Serve, TakesAsLongAsTheMoveDoesUnlessItIsAskedToBeStepped) {
  EXPECT_GE(polled_move("").took, 2.0);
  // 2 s are 2000 questions of a millisecond each, however fast or slow they come; some are spent settling.
  const PolledMove stepped = polled_move("0");
  EXPECT_GE(stepped.questions, 1990);
  EXPECT_LE(stepped.questions, 2500);
}

TEST(Serve, RefusesWhatHasNoRig) {
  const Outcome outcome = seccm({"serve", "verification/planar_reversible"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no rig to serve"));
}

}  // namespace
}  // namespace seccm::cli_test
