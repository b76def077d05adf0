// Dates with a time of day, as seconds.
//
// "2023-11-18 14:06:37.25", "11/18/2023 14:06:37.25", "18.11.2023 14:06:37,25". With slashes programs write the month
// or the day first, and do not say which: both readings are kept, and of a whole column the one is taken that is valid
// everywhere and takes less time from the first row to the last.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace seccm::files {

/// Seconds since 1970-01-01; nan: no such date.
struct Moment {
  double month_first = 0.0, day_first = 0.0;
};

/// Nothing for a text of another form.
std::optional<Moment> parse_moment(std::string_view text);

/// One reading for all; empty when neither is valid throughout.
std::vector<double> seconds_of(const std::vector<Moment>& moments);

}  // namespace seccm::files
