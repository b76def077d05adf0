// Words, numbers and replies of GCS 2.0. Lengths on the wire are um, speeds um/s; everything behind it is SI.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace seccm::instrument::servers {

inline constexpr double micrometre = 1e-6;  ///< m

using GcsWords = std::vector<std::string>;

/// Splits at blanks.
GcsWords split_words(std::string_view line);
/// Letters of either case; `upper` is spelled in capitals.
bool gcs_word(std::string_view word, std::string_view upper);
/// A finite number, the whole word; GcsFailure syntax otherwise.
double gcs_number(const std::string& word);
/// An integer, decimal or 0x..., the whole word, within the range of int; GcsFailure syntax otherwise.
int gcs_integer(const std::string& word);
/// As gcs_integer, within [low, high]; GcsFailure out_of_range otherwise.
int gcs_integer(const std::string& word, int low, int high);

/// "1.883246040e+01"
std::string gcs_float(double value);
/// The lines that a GCS array begins with: one name per column, `count` rows, s between two of them.
std::vector<std::string> gcs_array_header(const std::vector<std::string>& names, std::size_t count, double sample_time);
/// Every line but the last ends SPACE LF, the last one LF.
std::string gcs_lines(const std::vector<std::string>& lines);

}  // namespace seccm::instrument::servers
