// Why estimates are missing or carry a reservation: equal reasons with other numbers count as one.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "files/results_file.hpp"
#include "pipeline/validation/text_table.hpp"

namespace seccm::validation {

/// Counts reasons. Those that differ only in their numbers are one, and its text shows the range of each number:
/// "signal 2.3 sigma" and "signal 1 sigma" -> "signal 1 to 2.3 sigma".
class ReasonTally {
 public:
  void add(const std::string& reason);
  [[nodiscard]] std::map<std::string, int> counts() const;

 private:
  struct Number {
    double low, high;
    std::string low_text, high_text;
  };
  struct Entry {
    int count = 0;
    std::vector<Number> numbers{};
  };
  std::map<std::vector<std::string>, Entry> entries_;  // by the words between the numbers
};

/// "a; b" -> a, b.
std::vector<std::string> separate(const std::string& reasons);

/// Appends the parts of "a; b" that the list does not hold yet.
void add_parts(std::vector<std::string>& list, const std::string& parts);

/// What several estimates say for the same reason.
struct Remark {
  files::Verdict verdict = files::Verdict::refused;
  std::string reason;
  int points = 0;
  std::set<std::string> estimators;
};
/// All reasons in the results, by verdict, most frequent first; of a row with several ("a; b") each for itself.
std::vector<Remark> remarks(const std::vector<files::Estimate>& estimates);
std::vector<Section> remark_sections(const std::vector<Remark>& remarks);
std::string remark_text(const std::vector<Remark>& remarks);

}  // namespace seccm::validation
