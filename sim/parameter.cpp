#include "sim/parameter.hpp"

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

}  // namespace seccm
