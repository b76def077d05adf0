#include "instrument/servers/gcs/gcs_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {

/// The fewest digits, one behind the point at least, that give the value back.
std::string short_float(double value) {
  for (int digits = 1; digits < 9; ++digits) {
    std::string text = fmt::format("{:.{}e}", value, digits);
    if (std::abs(std::strtod(text.c_str(), nullptr) / value - 1.0) < 1e-6) return text;
  }
  return fmt::format("{:.9e}", value);
}

}  // namespace

GcsWords split_words(std::string_view line) {
  GcsWords words;
  while (true) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    const auto end = std::min(line.find(' ', begin), line.size());
    words.emplace_back(line.substr(begin, end - begin));
    line.remove_prefix(end);
  }
}

bool gcs_word(std::string_view word, std::string_view upper) {
  const auto same = [](char a, char b) { return std::toupper(static_cast<unsigned char>(a)) == b; };
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(), same);
}

double gcs_number(const std::string& word) {
  const char* first = word.data();
  const char* last = first + word.size();
  if (first != last && *first == '+') ++first;
  double value = 0.0;
  const auto parsed = std::from_chars(first, last, value);
  if (parsed.ec != std::errc() || parsed.ptr != last || !std::isfinite(value)) throw GcsFailure{GcsError::syntax};
  return value;
}

int gcs_integer(const std::string& word) {
  const bool hex = word.starts_with("0x") || word.starts_with("0X");
  const char* first = word.data() + (hex ? 2 : 0);
  const char* last = word.data() + word.size();
  int value = 0;
  const auto parsed = std::from_chars(first, last, value, hex ? 16 : 10);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == last;
  if (!whole || (hex && value < 0)) throw GcsFailure{GcsError::syntax};
  return value;
}

int gcs_integer(const std::string& word, int low, int high) {
  const int value = gcs_integer(word);
  if (value < low || value > high) throw GcsFailure{GcsError::out_of_range};
  return value;
}

std::string gcs_float(double value) {
  // No "-0": 0.0 is added.
  return fmt::format("{:.9e}", value + 0.0);
}

std::vector<std::string> gcs_array_header(const std::vector<std::string>& names, std::size_t count,
                                          double sample_time) {
  std::vector<std::string> lines{"# REM E-727",
                                 "#",
                                 "# VERSION = 1",
                                 "# TYPE = 1",
                                 "# SEPARATOR = 32",
                                 fmt::format("# DIM = {}", names.size()),
                                 "# SAMPLE_TIME = " + short_float(sample_time),
                                 fmt::format("# NDATA = {}", count),
                                 "#"};
  for (std::size_t k = 0; k < names.size(); ++k) lines.push_back(fmt::format("# NAME{} = {}", k, names[k]));
  lines.insert(lines.end(), {"#", "# END_HEADER"});
  return lines;
}

std::string gcs_lines(const std::vector<std::string>& lines) {
  std::string reply;
  for (const auto& line : lines) {
    if (!reply.empty()) reply += " \n";
    reply += line;
  }
  return reply + "\n";
}

}  // namespace seccm::instrument::servers
