#include "instrument/servers/nifpga/comparators.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::instrument::nifpga {

namespace {

constexpr std::int64_t rail = 32768;  // counts: beyond every converter's

}  // namespace

bool Comparator::set(std::int64_t i1, std::int64_t i2) const {
  const std::int64_t current = source == 2 ? i2 : i1;
  return greater ? current > threshold : current < threshold;
}

bool Comparators::set_by_i2(std::int64_t i2) const {
  return (first.source == 2 && first.set(0, i2)) || (second.source == 2 && second.set(0, i2));
}

ContactCriterion Comparators::criterion(double i_lsb, double full_scale) const {
  double upper = static_cast<double>(rail), lower = -upper;
  for (const Comparator& c : {first, second}) {
    if (c.source == 2) continue;
    const auto bound = static_cast<double>(std::clamp(c.threshold, -rail, rail));
    if (c.greater) {
      upper = std::min(upper, bound);
    } else {
      lower = std::max(lower, bound);
    }
  }
  if (upper < lower) upper = lower = rail;  // every current is beyond one of the two
  const double lsb = std::abs(i_lsb);
  return {std::clamp(0.5 * (upper - lower) * lsb, lsb, full_scale), 0.5 * (upper + lower) * i_lsb};
}

}  // namespace seccm::instrument::nifpga
