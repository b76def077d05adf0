#include "sim/random.hpp"

#include <Random123/philox.h>

#include <cmath>

#include "sim/quantity.hpp"

namespace seccm {

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t entity)
    : seed_(seed), purpose_(purpose_id(purpose)), entity_(entity) {}

std::uint64_t RandomStream::next() {
  if (used_ == 4) {
    const r123::Philox4x64::ctr_type counter{{block_++, entity_, 0, 0}};
    const r123::Philox4x64::key_type key{{seed_, purpose_}};
    const auto out = r123::Philox4x64{}(counter, key);
    for (std::size_t k = 0; k < 4; ++k) words_[k] = out[k];
    used_ = 0;
  }
  return words_[used_++];
}

double RandomStream::uniform() {
  // 52 bits, centred in their bin: k + 1/2 is exact, so never 0, never 1 (53 bits would round up to 1).
  return (static_cast<double>(next() >> 12) + 0.5) * 0x1.0p-52;
}

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  const double radius = std::sqrt(-2.0 * std::log(uniform()));
  const double angle = 2.0 * constants::pi * uniform();
  spare_normal_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

double RandomStream::lognormal(double median, double sigma) {
  return median * std::exp(sigma * normal());
}

std::uint64_t RandomStream::poisson(double mean) {
  if (!(mean > 0.0)) return 0;
  if (mean > 30.0) {
    // Cornish-Fisher to the third cumulant: mean + r z + (z^2 - 1)/6. Rounding adds 1/12 and the quadratic term 2/36 to
    // the variance, so r^2 = mean - 5/36 makes it the mean.
    const double z = normal();
    const double n = std::floor(mean + std::sqrt(mean - 5.0 / 36.0) * z + (z * z - 1.0) / 6.0 + 0.5);
    return n > 0.0 ? static_cast<std::uint64_t>(n) : 0;
  }
  double term = std::exp(-mean);
  double cumulative = term;
  const double target = uniform();
  std::uint64_t n = 0;
  while (cumulative < target && n < 1000) {
    ++n;
    term *= mean / static_cast<double>(n);
    cumulative += term;
  }
  return n;
}

std::uint64_t RandomStream::below(std::uint64_t n) {
  // Reject the incomplete last copy of 0..n-1, so that every value is equally likely.
  if (n < 2) return 0;
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % n;
  std::uint64_t word = next();
  while (word >= limit) word = next();
  return word % n;
}

void RandomStream::normals(std::span<double> out) {
  for (double& value : out) value = normal();
}

}  // namespace seccm
