#include <fmt/format.h>

#include <cmath>

#include "instrument/drivers/scpi/source_meter.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

std::vector<double> staircase_levels(const Staircase& s) {
  const auto positive = [](double value) { return value > 0.0 && std::isfinite(value); };
  if (!positive(s.step)) throw InputError(fmt::format("staircase.step = {:.6g} V, accepted are above 0 V", s.step));
  if (!positive(s.rate)) throw InputError(fmt::format("staircase.rate = {:.6g} V/s, accepted are above 0 V/s", s.rate));
  if (!std::isfinite(s.start) || s.turns.empty()) {
    throw InputError("a staircase needs a start and at least one potential to go to");
  }
  std::vector<double> levels{s.start};
  for (const double turn : s.turns) {
    const double from = levels.back();
    const double steps = std::ceil(std::abs(turn - from) / s.step - 1e-9);
    if (!(steps <= 1e6)) throw InputError(fmt::format("staircase turn {:.6g} V: out of reach in 1e6 steps", turn));
    for (double k = 1.0; k < steps; ++k) levels.push_back(from + std::copysign(k * s.step, turn - from));
    if (steps > 0.0) levels.push_back(turn);
  }
  return levels;
}

}  // namespace seccm::instrument::drivers
