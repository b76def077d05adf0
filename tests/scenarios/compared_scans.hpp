// What two scans of one scenario are compared by, on rigs that differ.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numbers>
#include <vector>

#include "files/run_file.hpp"
#include "instrument/twin/amplifier_parameters.hpp"

namespace seccm::scenarios::compared {

/// Noise and converters change neither what a point is nor how it ends.
inline void expect_same_verdict(const files::PointRecord& p, const files::PointRecord& q) {
  EXPECT_EQ(p.index, q.index);
  EXPECT_EQ(p.kind, q.kind);
  EXPECT_EQ(p.verdict, q.verdict);
  EXPECT_EQ(p.attempts, q.attempts);
}

/// The ramps of a point. What leads to them can differ by a retraction, where two heights are almost the same.
inline std::vector<files::Leg> ramps_of(const files::PointRecord& point) {
  std::vector<files::Leg> ramps;
  for (const files::Leg& leg : point.legs) {
    if (leg.kind == files::LegKind::ramp) ramps.push_back(leg);
  }
  return ramps;
}

inline std::vector<double> currents_of(const files::RunReader& run, const files::Leg& leg) {
  return run.frames(leg.frame_begin, leg.frame_end).i1;
}

inline std::vector<double> block_means(const std::vector<double>& i, std::size_t frames, std::size_t block) {
  std::vector<double> means;
  for (std::size_t k = 0; k + block <= frames; k += block) {
    double sum = 0.0;
    for (std::size_t j = k; j < k + block; ++j) sum += i.at(j);
    means.push_back(sum / static_cast<double>(block));
  }
  return means;
}

/// Largest change of a mean to its neighbours.
inline double slope_at(const std::vector<double>& means, std::size_t k) {
  const std::size_t before = k > 0 ? k - 1 : k, behind = k + 1 < means.size() ? k + 1 : k;
  return std::max(std::abs(means[k] - means[before]), std::abs(means[behind] - means[k]));
}

/// Standard deviation of the mean over `block` frames: white noise falls with their number, flicker counts in full
/// (five Lorentzians of variance S f_c ln 10), and the mains are at most A/(π f T).
inline double noise_of_mean(const instrument::twin::AmplifierParameters& p, std::size_t block) {
  const double density = p.white_noise.si() * p.white_noise.si();
  const double averaging = p.sample_interval.si() * p.samples_averaged;
  const double white = density / (2.0 * averaging * static_cast<double>(block));
  const double flicker = 5.0 * density * p.flicker_corner.si() * std::numbers::ln10;
  const double mains =
      p.mains_amplitude.si() / (std::numbers::pi * p.mains_frequency.si() * averaging * static_cast<double>(block));
  return std::sqrt(white + flicker + mains * mains);
}

/// A ramp of two scans whose frames come in one rhythm: means of a hundredth of it agree within the noise, within what
/// legs that begin up to two frames apart differ by, and within `instability` times the current. Returns how many need
/// the last; prints the worst.
inline int expect_same_ramp(const std::vector<double>& i, const std::vector<double>& j,
                            const instrument::twin::AmplifierParameters& amplifier, double instability = 0.0) {
  const std::size_t frames = std::min(i.size(), j.size()), block = frames / 100;
  EXPECT_GT(block, 10U);
  if (block == 0) return 0;
  EXPECT_LE(std::max(i.size(), j.size()) - frames, 2U);
  const auto u = block_means(i, frames, block), v = block_means(j, frames, block);
  const double noise = 5.0 * std::numbers::sqrt2 * noise_of_mean(amplifier, block);
  double peak = 0.0, worst = 0.0;
  int unstable = 0;
  for (std::size_t k = 0; k < u.size(); ++k) {
    const double stable = noise + 2.0 * slope_at(u, k) / static_cast<double>(block);
    EXPECT_NEAR(u[k], v[k], stable + instability * std::abs(u[k])) << "block " << k;
    unstable += std::abs(u[k] - v[k]) > stable ? 1 : 0;
    peak = std::max(peak, std::abs(u[k]));
    worst = std::max(worst, std::abs(u[k] - v[k]));
  }
  std::printf("peak %.3f pA, worst difference of means of %zu frames %.1f fA (noise %.1f fA)\n", 1e12 * peak, block,
              1e15 * worst, 1e15 * noise);
  return unstable;
}

}  // namespace seccm::scenarios::compared
