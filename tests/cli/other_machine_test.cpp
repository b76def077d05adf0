// Nothing but the loopback answers unless [serve] says otherwise: tried from another machine, which a network namespace
// is.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "tests/cli/command.hpp"

namespace seccm::cli_test {
namespace {

void expect_reached_as_told(const std::string& kind) {
  const auto folder = fresh_directory("other_machine_" + kind);
  const std::string command = "timeout 180 /usr/bin/python3 " SECCM_SOURCE_DIR
                              "/tests/cli/other_machine.py " SECCM_COMMAND " " +
                              folder.string() + " " + kind + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string printed;
  std::array<char, 4096> chunk{};
  while (const std::size_t n = fread(chunk.data(), 1, chunk.size(), pipe)) printed.append(chunk.data(), n);
  const int status = pclose(pipe);
  ASSERT_TRUE(WIFEXITED(status)) << printed;
  constexpr int no_right = 77;
  if (WEXITSTATUS(status) == no_right) GTEST_SKIP() << printed;
  EXPECT_EQ(WEXITSTATUS(status), 0) << printed;
}

TEST(OtherMachine, ReachesNothingOfATwinOnTheLoopback) {
  expect_reached_as_told("loopback");
}

TEST(OtherMachine, ReachesATwinThatIsToldToListenOnTheCableAndTakesNoControlByBroadcast) {
  expect_reached_as_told("open");
}

}  // namespace
}  // namespace seccm::cli_test
