#include "files/import/potential_grain.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace seccm::files {
namespace {

constexpr double ninety_percent = 1.6449;        // of |x|, x normal
constexpr std::size_t most_looked_at = 1 << 18;  // samples: enough for two digits of both numbers

/// The value below which `share` of them lie; 0 of none.
double quantile(std::vector<double>& values, double share) {
  if (values.empty()) return 0.0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

double PotentialGrain::tolerance(std::size_t samples) const {
  const auto n = static_cast<double>(std::max<std::size_t>(samples, 2));
  return (std::sqrt(2.0 * std::log(n)) + 1.0) * noise + step;
}

PotentialGrain potential_grain(const ForeignRecording& f, std::size_t begin, std::size_t end, double count) {
  const std::size_t stride = 1 + (end - begin) / most_looked_at;
  std::vector<double> distances, changes;
  for (std::size_t k = begin + 1; k + 1 < end; k += stride) {
    const double change = std::abs(f.E1[k] - f.E1[k - 1]);
    if (change > 0.0) changes.push_back(change);
    const double w = (f.t[k] - f.t[k - 1]) / (f.t[k + 1] - f.t[k - 1]);
    const double r = f.E1[k] - (1.0 - w) * f.E1[k - 1] - w * f.E1[k + 1];
    distances.push_back(std::abs(r) / std::sqrt(1.0 + w * w + (1.0 - w) * (1.0 - w)));
  }
  return {quantile(distances, 0.9) / ninety_percent, std::max(quantile(changes, 0.5), count)};
}

}  // namespace seccm::files
