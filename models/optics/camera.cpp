#include "models/optics/camera.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/random.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

constexpr double normal_above = 400.0;  // electrons
constexpr double brightest = 1e12;      // electrons

void check(const CameraParameters& c) {
  if (c.width < 1 || c.height < 1 || c.width > 8192 || c.height > 8192) {
    throw InputError("[camera] width x height = " + std::to_string(c.width) + " x " + std::to_string(c.height) +
                     " px; accepted: 1 to 8192 px each");
  }
  if (c.bits < 8 || c.bits > 16) {
    throw InputError("[camera] bits = " + std::to_string(c.bits) + "; accepted: 8 to 16");
  }
  for (double value : {c.quantum_efficiency, c.full_well, c.gain}) {
    if (!(value > 0.0) || !std::isfinite(value)) {
      throw InputError("[camera] quantum_efficiency, full_well and gain must be above 0; got " + std::to_string(value));
    }
  }
  for (double value :
       {c.read_noise, c.dark_current.si(), c.prnu, c.dsnu, c.offset, c.photon_rate.si(), c.lamp_photon_rate.si()}) {
    if (!(value >= 0.0) || !std::isfinite(value)) {
      throw InputError(
          "[camera] read_noise, dark_current, prnu, dsnu, offset and the photon rates must be finite and not negative; "
          "got " +
          std::to_string(value));
    }
  }
}

}  // namespace

CameraSensor::CameraSensor(const CameraParameters& camera, std::uint64_t seed) : camera_(camera), seed_(seed) {
  check(camera);
  const auto width = static_cast<std::size_t>(camera.width);
  const auto height = static_cast<std::size_t>(camera.height);
  response_.resize(width * height);
  dark_.resize(width * height);
  for (std::size_t row = 0; row < height; ++row) {
    RandomStream random(seed, "camera fixed pattern", row);
    for (std::size_t i = row * width; i < (row + 1) * width; ++i) {
      response_[i] = static_cast<float>(1.0 + camera.prnu * random.normal());
      dark_[i] = static_cast<float>(camera.dsnu * random.normal());
    }
  }
}

void CameraSensor::expose_row(const ImageF& photon_rate, double exposure, std::uint64_t frame_id, int row,
                              Image16& out) const {
  RandomStream random(seed_, "camera noise", (frame_id << 16) + static_cast<std::uint64_t>(row));
  const double read_variance = camera_.read_noise * camera_.read_noise;
  const double top = std::ldexp(1.0, camera_.bits) - 1.0;
  const double per_photon_rate = camera_.quantum_efficiency * exposure;
  const double dark = camera_.dark_current.si() * exposure;
  const std::size_t begin = static_cast<std::size_t>(row) * static_cast<std::size_t>(camera_.width);
  for (std::size_t i = begin; i < begin + static_cast<std::size_t>(camera_.width); ++i) {
    const double light = per_photon_rate * static_cast<double>(photon_rate.pixels[i]);
    // Beyond any full well, so that an infinite light stays a number; the order of the arguments turns NaN into 0.
    const double mean = std::min(
        std::max(0.0, light * static_cast<double>(response_[i]) + dark + static_cast<double>(dark_[i])), brightest);
    double electrons = 0.0;
    if (mean > normal_above) {
      electrons = mean + std::sqrt(mean + read_variance) * random.normal();
    } else {
      electrons = static_cast<double>(random.poisson(mean)) + camera_.read_noise * random.normal();
    }
    const double dn = camera_.gain * std::min(electrons, camera_.full_well) + camera_.offset;
    out.pixels[i] = static_cast<std::uint16_t>(std::clamp(std::floor(dn + 0.5), 0.0, top));
  }
}

Image16 CameraSensor::expose(const ImageF& photon_rate, double exposure, std::uint64_t frame_id) const {
  if (photon_rate.width != camera_.width || photon_rate.height != camera_.height) {
    throw InputError("camera: an image of " + std::to_string(photon_rate.width) + " x " +
                     std::to_string(photon_rate.height) + " px falls on a sensor of " + std::to_string(camera_.width) +
                     " x " + std::to_string(camera_.height) + " px");
  }
  if (!(exposure > 0.0 && exposure <= 100.0)) {
    throw InputError("camera: exposure " + format_quantity(exposure, "ms") + "; accepted: above 0 to 100 s");
  }
  Image16 out{camera_.width, camera_.height, std::vector<std::uint16_t>(photon_rate.pixels.size())};
#pragma omp parallel for schedule(static)
  for (int row = 0; row < camera_.height; ++row) expose_row(photon_rate, exposure, frame_id, row, out);
  return out;
}

}  // namespace seccm::models
