// Runs the built command and keeps what it wrote.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace seccm::cli_test {

struct Outcome {
  int status = -1;  ///< exit status; 128 + n when a signal n ended it
  std::string out, err;
};

/// Runs `seccm ARGUMENTS...` to its end.
Outcome seccm(const std::vector<std::string>& arguments);

/// What the machine withholds from it.
struct Limits {
  std::optional<unsigned long> file_size = {}, memory = {};  ///< bytes
  std::optional<unsigned long> processes = {};               ///< of the user, threads included; root has no limit
  bool nobody = false;                                       ///< runs as a user without rights; needs to be root
  std::string standard_output = {};                          ///< a file that takes it instead
};
Outcome seccm_limited(const std::vector<std::string>& arguments, const Limits& limits);

/// Starts it, sends SIGINT as soon as `ready` exists and holds at least `bytes` bytes and `meanwhile` is done, and
/// waits for its end.
Outcome seccm_interrupted(
    const std::vector<std::string>& arguments, const std::filesystem::path& ready, std::uintmax_t bytes,
    const std::function<void()>& meanwhile = [] {});

/// An empty directory of this test, removed and made anew.
std::filesystem::path fresh_directory(const std::string& name);

std::string bytes_of(const std::filesystem::path& file);
void write(const std::filesystem::path& file, const std::string& bytes);

/// Overrides that make any scan scenario short: few points, one fast cycle, small clusters.
std::vector<std::string> short_scan(int points = 4);
/// The same of a sample whose clusters have given sizes.
std::vector<std::string> short_scan_of_given_clusters(int points = 4);

std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b);

}  // namespace seccm::cli_test
