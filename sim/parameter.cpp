#include "sim/parameter.hpp"

namespace seccm {

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
