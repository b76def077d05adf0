#include "files/import/absolute_time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "files/import/text_table.hpp"

namespace seccm::files {
namespace {

/// Whole numbers of at most four digits between single separators; false for anything else.
bool take_three(std::string_view text, std::string_view separators, std::array<int, 3>& out) {
  std::size_t field = 0, digits = 0;
  out = {};
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (++digits > 4) return false;
      out[field] = 10 * out[field] + (c - '0');
    } else if (separators.find(c) != std::string_view::npos && digits > 0 && field < 2) {
      ++field;
      digits = 0;
    } else {
      return false;
    }
  }
  return field == 2 && digits > 0;
}

double days(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1970 || year > 2200 || !date.ok()) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::optional<double> time_of_day(std::string_view text) {
  const std::size_t fraction = text.find_first_of(".,");
  std::array<int, 3> hms{};
  if (!take_three(text.substr(0, fraction), ":", hms) || hms[0] > 23 || hms[1] > 59 || hms[2] > 60) return std::nullopt;
  double seconds = 3600.0 * hms[0] + 60.0 * hms[1] + hms[2];
  if (fraction == std::string_view::npos) return seconds;
  const std::string_view digits = text.substr(fraction + 1);
  double place = 0.1;
  for (const char c : digits) {
    if (c < '0' || c > '9' || digits.size() > 12) return std::nullopt;
    seconds += place * (c - '0');
    place *= 0.1;
  }
  return seconds;
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  text = trimmed(text);
  const std::size_t blank = text.find_first_of(" T");
  if (blank == std::string_view::npos) return std::nullopt;
  std::array<int, 3> date{};
  const auto seconds = time_of_day(trimmed(text.substr(blank + 1)));
  if (!seconds || !take_three(text.substr(0, blank), "-/.", date)) return std::nullopt;
  constexpr double day = 86400.0;
  if (date[0] > 31) {
    const double t = *seconds + day * days(date[0], date[1], date[2]);
    return Moment{t, t};
  }
  return Moment{*seconds + day * days(date[2], date[0], date[1]), *seconds + day * days(date[2], date[1], date[0])};
}

std::vector<double> seconds_of(const std::vector<Moment>& moments) {
  std::vector<double> month_first, day_first;
  for (const Moment& m : moments) {
    month_first.push_back(m.month_first);
    day_first.push_back(m.day_first);
  }
  const auto length = [](const std::vector<double>& t) {
    const bool valid = std::ranges::all_of(t, [](double v) { return std::isfinite(v); });
    const double span = valid && !t.empty() ? t.back() - t.front() : -1.0;
    return span >= 0.0 ? span : std::numeric_limits<double>::infinity();
  };
  const double by_month = length(month_first), by_day = length(day_first);
  if (std::isinf(by_month) && std::isinf(by_day)) return {};
  return by_month <= by_day ? month_first : day_first;
}

}  // namespace seccm::files
