// A camera on the inverted microscope. Monochrome frames of 12 or 16 bit.
#pragma once

#include <cstdint>
#include <vector>

#include "instrument/roles/device.hpp"

namespace seccm::instrument {

struct CameraConfig {
  double exposure = 10e-3;  ///< s
  int average = 1;          ///< frames summed by the host into one mean image, >= 1
};

struct CameraProperties {
  int width = 0, height = 0;        ///< px
  int bits = 12;                    ///< significant bits per pixel
  double nominal_pixel_size = 0.0;  ///< m at the sample, from magnification and pitch: the true scale differs by ~1 %
};

struct Image {
  int width = 0, height = 0;
  std::vector<std::uint16_t> pixels;  ///< row-major, top row first
  double t_start = 0.0, t_end = 0.0;  ///< device time, s
  std::uint64_t id = 0;
};

class Camera : public Device {
 public:
  [[nodiscard]] virtual CameraProperties properties() const = 0;
  virtual Outcome configure(const CameraConfig& config) = 0;
  /// Exposes and reads one frame (mean of `average` frames). `deadline` in device time.
  virtual Result<Image> grab(double deadline) = 0;
};

}  // namespace seccm::instrument
