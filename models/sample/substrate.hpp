// The gold-coated coverslip: a tilted plane with a stationary Gaussian roughness.
//
//   z(x,y) = tx (x - x0) + ty (y - y0) + s √(2/M) Σ_m cos(k_m · (x,y) + φ_m),   k_m ~ N(0, 1/L²) per axis, φ_m uniform
//
// Random Fourier features with M = 64 modes: mean 0, rms s, covariance s² exp(-ρ²/(2 L²)) over the ensemble of seeds
// (the modes of one seed scatter about it by 1/√M). Smooth, defined everywhere, and independent of the order of calls.
#pragma once

#include <array>
#include <cstdint>

#include "models/sample/sample_parameters.hpp"

namespace seccm::models {

class Substrate {
 public:
  /// (x0, y0): the point about which the plane tilts, m.
  Substrate(const SubstrateParameters& parameters, double x0, double y0, std::uint64_t seed);

  /// m above the mean plane at (x0, y0).
  [[nodiscard]] double height(double x, double y) const;

 private:
  static constexpr int modes = 64;
  struct Mode {
    double kx, ky, phase;
  };
  double x0_;
  double y0_;
  double tilt_x_;
  double tilt_y_;
  double amplitude_;
  std::array<Mode, modes> modes_;
};

}  // namespace seccm::models
