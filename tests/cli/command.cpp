#include "tests/cli/command.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/support/scratch_directory.hpp"

namespace seccm::cli_test {
namespace fs = std::filesystem;
namespace {

/// Of this process, gone when it ends.
const test::ScratchDirectory& scratch() {
  static const test::ScratchDirectory directory;
  return directory;
}

struct Child {
  pid_t pid = -1;
  fs::path out, err;
};

/// In the child, before the command takes its place.
void withhold(const Limits& limits) {
  const auto limit = [](int resource, const std::optional<unsigned long>& bytes) {
    if (!bytes) return;
    const rlimit both{*bytes, *bytes};
    setrlimit(static_cast<__rlimit_resource>(resource), &both);
  };
  limit(RLIMIT_FSIZE, limits.file_size);
  limit(RLIMIT_AS, limits.memory);
  constexpr uid_t nobody = 65534;
  if (limits.nobody && (setgid(nobody) != 0 || setuid(nobody) != 0)) _exit(126);
  limit(RLIMIT_NPROC, limits.processes);
}

Child start(const std::vector<std::string>& arguments, const Limits& limits = {}) {
  static std::atomic<int> count{0};
  const std::string stem = (scratch() / ("command_" + std::to_string(count++))).string();
  Child child{-1, stem + ".out", stem + ".err"};
  std::vector<std::string> words{SECCM_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  child.pid = fork();
  if (child.pid == 0) {
    const auto send = [](const fs::path& to, int descriptor) {
      const int file = open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      dup2(file, descriptor);
      close(file);
    };
    send(limits.standard_output.empty() ? child.out : fs::path(limits.standard_output), STDOUT_FILENO);
    send(child.err, STDERR_FILENO);
    withhold(limits);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return child;
}

Outcome finish(const Child& child) {
  int raw = 0;
  waitpid(child.pid, &raw, 0);
  Outcome outcome;
  outcome.status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  outcome.out = bytes_of(child.out);
  outcome.err = bytes_of(child.err);
  fs::remove(child.out);
  fs::remove(child.err);
  return outcome;
}

}  // namespace

Outcome seccm(const std::vector<std::string>& arguments) {
  return finish(start(arguments));
}

Outcome seccm_limited(const std::vector<std::string>& arguments, const Limits& limits) {
  return finish(start(arguments, limits));
}

Outcome seccm_interrupted(const std::vector<std::string>& arguments, const fs::path& ready, std::uintmax_t bytes,
                          const std::function<void()>& meanwhile) {
  const Child child = start(arguments);
  for (int wait = 0; wait < 6000; ++wait) {
    std::error_code code;
    const auto size = fs::file_size(ready, code);
    if (!code && size >= bytes) break;
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(child.pid), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid != 0)
      break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  meanwhile();
  kill(child.pid, SIGINT);
  return finish(child);
}

fs::path fresh_directory(const std::string& name) {
  const fs::path directory = scratch() / name;
  fs::remove_all(directory);
  fs::create_directories(directory);
  return directory;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<std::string> short_scan_of_given_clusters(int points) {
  return {"--set",  "scan.points=" + std::to_string(points),
          "--set",  "scan.blanks=1",
          "--set",  "scan.grid_points=" + std::to_string(points),
          "--set",  "cv.cycles=1",
          "--set",  "cv.scan_rates=[2 V/s]",
          "--quiet"};
}

std::vector<std::string> short_scan(int points) {
  return short_scan_of_given_clusters(points) + std::vector<std::string>{"--set", "sample.cluster_size_median=20"};
}

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace seccm::cli_test
