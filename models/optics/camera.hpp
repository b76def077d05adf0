// From photons to digital numbers: the linear camera of EMVA 1288.
//
//   μ_e = η μ_p (1 + g_i) + μ_d t + d_i        expected electrons of pixel i; never below 0
//   e   = Poisson(μ_e) + σ_r z                 shot and read noise, z standard normal
//   DN  = round(K min(e, full well) + offset), cut to 0 .. 2^bits - 1
//
// g_i (PRNU), d_i (DSNU): normal, fixed for the life of the camera, from (seed, "camera fixed pattern", row).
// Temporal noise: from (seed, "camera noise", frame id x 2^16 + row), so that every row is its own stream and any
// number of threads gives the same bytes. Above 400 electrons shot and read noise are drawn as one normal of variance
// μ_e + σ_r² (skewness below 0.05). Identities: mean DN = K μ_e + offset; variance = K²(μ_e + σ_r²) + 1/12. Source:
// EMVA Standard 1288, release 4.0.
#pragma once

#include <cstdint>
#include <vector>

#include "models/optics/camera_parameters.hpp"
#include "models/optics/image.hpp"

namespace seccm::models {

class CameraSensor {
 public:
  /// Throws InputError for parameters that no sensor has.
  CameraSensor(const CameraParameters& camera, std::uint64_t seed);

  /// Exposes one frame. `photon_rate`: photons per pixel and second, of the sensor's size; exposure in s.
  [[nodiscard]] Image16 expose(const ImageF& photon_rate, double exposure, std::uint64_t frame_id) const;

 private:
  void expose_row(const ImageF& photon_rate, double exposure, std::uint64_t frame_id, int row, Image16& out) const;

  CameraParameters camera_;
  std::uint64_t seed_;
  std::vector<float> response_;  // 1 + g_i
  std::vector<float> dark_;      // d_i, electrons
};

}  // namespace seccm::models
