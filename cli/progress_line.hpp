// One line on a terminal that says what is going on and how long it will still take. Nothing where standard error is
// not a terminal, or with --quiet.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace seccm::cli {

class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `fraction` in [0, 1] of the whole, nothing while it is not known; the time left is extrapolated from the wall
  /// clock. Draws at most ten times a second.
  void show(std::string_view what, std::optional<double> fraction);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool active_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

/// "1 h 05 min", "3 min 20 s", "12 s", "0.4 s".
std::string in_words(double seconds);

}  // namespace seccm::cli
