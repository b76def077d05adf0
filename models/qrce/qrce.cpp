#include "models/qrce/qrce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "models/sample/parameter_check.hpp"
#include "sim/error.hpp"
#include "sim/random.hpp"

namespace seccm::models {

void QrceParameters::visit(ParameterVisitor& v, QrceParameters& p) {
  v({.key = "potential",
     .unit = "V",
     .low = 2,
     .high = 4.5,
     .grade = Grade::recalled,
     .source = "Ag wire, calibrated by Fc",
     .text = "Nominal potential of the quasi-reference vs Li/Li+"},
    p.potential);
  v({.key = "spread",
     .unit = "V",
     .low = 0,
     .high = 1,
     .grade = Grade::recalled,
     .source = "+-0.15 V",
     .text = "Half width of the uniform draw about the nominal potential; 0 fixes it"},
    p.spread);
  v({.key = "drift",
     .unit = "mV/h",
     .low = -100,
     .high = 100,
     .grade = Grade::verified,
     .source = "1 mV/h, AgCl-coated (Bentley 2018); bare Ag 1-10 mV/h",
     .text = "Linear drift"},
    p.drift);
  v({.key = "random_walk",
     .unit = "mV/h^1/2",
     .low = 0,
     .high = 100,
     .grade = Grade::recalled,
     .source = "random walk beside the linear drift",
     .text = "Random walk per square root of time"},
    p.random_walk);
}

Qrce::Qrce(const QrceParameters& parameters, std::uint64_t seed) {
  check_parameters("qrce", parameters);
  RandomStream start(seed, "start potential of the quasi-reference");
  start_ = parameters.potential.si() + parameters.spread.si() * (2.0 * start.uniform() - 1.0);
  drift_ = parameters.drift.si();
  const double step = parameters.random_walk.si() * std::sqrt(knot_interval);
  if (step == 0.0) return;
  RandomStream walk(seed, "random walk of the quasi-reference");
  const auto knots = static_cast<std::size_t>(horizon / knot_interval) + 1;
  walk_.reserve(knots);
  walk_.push_back(0.0);
  while (walk_.size() < knots) walk_.push_back(walk_.back() + step * walk.normal());
}

double Qrce::offset(double t) const {
  if (!(t >= 0.0 && t <= horizon)) {
    throw InputError(fmt::format("qrce: time = {} s: accepted is 0 to {:g} s (30 days)", t, horizon));
  }
  const double steady = start_ + drift_ * t;
  if (walk_.empty()) return steady;
  const double position = t / knot_interval;
  const auto knot = std::min(static_cast<std::size_t>(position), walk_.size() - 2);
  const double fraction = position - static_cast<double>(knot);
  return steady + walk_[knot] + fraction * (walk_[knot + 1] - walk_[knot]);
}

}  // namespace seccm::models
