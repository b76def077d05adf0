// The [qrce] section: silver wire as quasi-reference counter electrode, whose potential nobody knows exactly.
//
//   E_QRCE(t) = E_start + drift t + walk(t)      in V vs Li/Li+;    E_vs_Li = E_vs_QRCE + offset(t)
//
// E_start is drawn once per seed, uniform within potential ± spread (spread = 0 fixes it). walk is a random walk:
// independent normal increments at knots 30 s apart, linear between them; Var[walk(t)] = s² t at the knots. Both are
// functions of (seed, t): asking in any order, or twice, gives the same value. Limits: t in [0, 30 days]; InputError
// outside and for parameters out of range.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

/// Standard deviation of a random walk per square root of time, V s^-1/2.
using PotentialWalk = Quantity<Dimension{.time = -1, .potential = 2}>;

struct QrceParameters {
  Potential potential = 3.05 * unit::V;            ///< nominal, vs Li/Li+
  Potential spread = 0.15 * unit::V;               ///< half width of the uniform draw
  ScanRate drift = 1e-3 / 3600.0 * unit::V_per_s;  ///< linear drift
  PotentialWalk random_walk{0.5e-3 / 60.0};        ///< s: 0.5 mV/√h

  static void visit(ParameterVisitor& v, QrceParameters& p);
};

class Qrce {
 public:
  Qrce(const QrceParameters& parameters, std::uint64_t seed);

  /// V vs Li/Li+ at time t in s: add it to a potential vs QRCE to get it vs Li/Li+.
  [[nodiscard]] double offset(double t) const;
  [[nodiscard]] double initial_potential() const { return start_; }  ///< V vs Li/Li+
  static constexpr double knot_interval = 30.0;                      ///< s
  static constexpr double horizon = 30.0 * 86400.0;                  ///< s

 private:
  double start_;
  double drift_;
  std::vector<double> walk_;  // V at the knots; empty without a random walk
};

}  // namespace seccm::models
