#include "sim/parameter.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "sim/error.hpp"

namespace seccm {

int ParameterVisitor::narrow(const ParameterInfo& info, long long wide) {
  constexpr long long low = std::numeric_limits<int>::min();
  constexpr long long high = std::numeric_limits<int>::max();
  if (wide >= low && wide <= high) return static_cast<int>(wide);
  throw InputError(fmt::format("{} = {}: accepted is a whole number from {} to {}", info.key, wide, low, high));
}

std::string_view letter(Grade grade) {
  switch (grade) {
    case Grade::verified:
      return "V";
    case Grade::computed:
      return "C";
    case Grade::recalled:
      return "R";
    case Grade::paper:
      return "P";
    case Grade::standard:
      return "S";
    case Grade::choice:
      return "D";
  }
  return "D";
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  constexpr std::string_view separators = ", \t\n";
  for (std::size_t at = text.find_first_not_of(separators); at != std::string_view::npos;
       at = text.find_first_not_of(separators, at)) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    names.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return names;
}

}  // namespace seccm
