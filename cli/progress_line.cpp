#include "cli/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace seccm::cli {

std::string in_words(double seconds) {
  if (seconds < 10.0) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

ProgressLine::ProgressLine(bool wanted) : active_(wanted && isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::show(std::string_view what, std::optional<double> fraction) {
  if (!active_) return;
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double spent = std::chrono::duration<double>(now - start_).count();
  const std::string share = fraction ? fmt::format("{:3.0f} %  ", 100.0 * *fraction) : "";
  const std::string left =
      fraction && *fraction > 0.01 ? in_words(spent * (1.0 - *fraction) / *fraction) + " left" : "";
  fmt::print(stderr, "\r\x1b[K{}{}  {}", share, what, left);
  std::fflush(stderr);
}

void ProgressLine::clear() {
  if (!active_ || last_ == Clock::time_point{}) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  last_ = {};
}

}  // namespace seccm::cli
