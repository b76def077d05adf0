// Counter-based random streams (Philox 4x64, Salmon et al. 2011, through Random123).
//
// A stream is named by (seed, purpose, entity): "read noise of frame 17", "radius of particle 5 of cluster 3". Two
// streams never share numbers, and the value at a position does not depend on who asked first: the same scenario and
// seed give the same bytes for any number of threads.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace seccm {

/// FNV-1a of a purpose name; consteval-friendly so that a purpose costs nothing at run time.
constexpr std::uint64_t purpose_id(std::string_view name) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

/// A copyable stream: its position is part of its value.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t entity = 0);

  /// Uniform in the open interval (0,1).
  double uniform();
  /// Standard normal (Box-Muller on the counter: no rejection, so the position stays a plain count).
  double normal();
  /// exp(mu + sigma z): median exp(mu).
  double lognormal(double median, double sigma);
  /// Poisson variate with the given mean >= 0: inversion up to 30, above it a rounded Cornish-Fisher expansion with the
  /// exact mean and variance and the skewness within 1 %.
  std::uint64_t poisson(double mean);
  /// Uniform integer in [0, n).
  std::uint64_t below(std::uint64_t n);
  /// Fills with standard normals.
  void normals(std::span<double> out);

 private:
  std::uint64_t next();

  std::uint64_t seed_;
  std::uint64_t purpose_;
  std::uint64_t entity_;
  std::uint64_t block_ = 0;
  unsigned used_ = 4;
  std::array<std::uint64_t, 4> words_{};
  double spare_normal_ = 0.0;
  bool has_spare_ = false;
};

}  // namespace seccm
