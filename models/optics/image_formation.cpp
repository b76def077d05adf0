#include "models/optics/image_formation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "models/optics/camera.hpp"
#include "models/optics/interference_reflection.hpp"
#include "models/optics/pipette_shadow.hpp"
#include "models/optics/sample_optics.hpp"
#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

constexpr double frame_margin = 3e-6;  // m, for the light that objects just outside the frame send into it

// Cubic convolution (Keys 1981, a = -1/2): third order on the oversampled map.
std::array<double, 4> cubic_weights(double t) {
  const double t2 = t * t;
  const double t3 = t2 * t;
  return {0.5 * (-t + 2.0 * t2 - t3), 0.5 * (2.0 - 5.0 * t2 + 3.0 * t3), 0.5 * (t + 4.0 * t2 - 3.0 * t3),
          0.5 * (-t2 + t3)};
}

// A map of the stage, read at any place; zero outside.
class MapReader {
 public:
  MapReader(const ImageF& values, const HeightMap& grid) : values_(values), grid_(grid) {}

  [[nodiscard]] double at(double x, double y) const {
    const double a = (x - grid_.x_low) / grid_.cell - 0.5;
    const double b = (y - grid_.y_low) / grid_.cell - 0.5;
    const double ca = std::floor(a);
    const double cb = std::floor(b);
    if (!(ca >= 1.0 && cb >= 1.0 && ca < grid_.columns - 2.0 && cb < grid_.rows - 2.0)) return 0.0;
    const auto wx = cubic_weights(a - ca);
    const auto wy = cubic_weights(b - cb);
    const float* corner = values_.pixels.data() + grid_.index(static_cast<int>(ca) - 1, static_cast<int>(cb) - 1);
    double sum = 0.0;
    for (double w : wy) {
      sum += w * (wx[0] * static_cast<double>(corner[0]) + wx[1] * static_cast<double>(corner[1]) +
                  wx[2] * static_cast<double>(corner[2]) + wx[3] * static_cast<double>(corner[3]));
      corner += grid_.columns;
    }
    return sum;
  }

 private:
  const ImageF& values_;
  const HeightMap& grid_;
};

Blur blur_of(const OpticsParameters& optics, const ImagePose& pose) {
  return {2.0 * optics.numerical_aperture / optics.wavelength.si(), pose.pixel_size, pose.rotation};
}

}  // namespace

ImageFormation::ImageFormation(const OpticsParameters& optics, const CameraParameters& camera, std::uint64_t seed)
    : optics_(optics),
      camera_(camera),
      half_diagonal_(0.5 * std::hypot(camera.width, camera.height)),
      interference_(std::make_shared<const InterferenceReflection>(optics)),
      sensor_(std::make_shared<const CameraSensor>(camera, seed)) {}

double ImageFormation::pixel_size() const {
  return camera_.pixel_pitch.si() / optics_.magnification;
}

ImagePose ImageFormation::centred_pose(double stage_x, double stage_y, double rotation, bool mirror) const {
  return {.pixel_size = pixel_size(),
          .rotation = rotation,
          .mirror = mirror,
          .stage_x = stage_x,
          .stage_y = stage_y,
          .column = 0.5 * (camera_.width - 1),
          .row = 0.5 * (camera_.height - 1)};
}

SampleOptics ImageFormation::prepare(std::span<const SceneParticle> particles, const ImagePose& pose,
                                     double margin) const {
  return prepare_maps(particles, pose, margin, SampleMaps::both);
}

SampleOptics ImageFormation::prepare_maps(std::span<const SceneParticle> particles, const ImagePose& pose,
                                          double margin, SampleMaps which) const {
  check_pose(pose);
  if (!(margin >= 1e-6 && margin <= 1e-3)) {
    throw InputError("image formation: margin " + format_quantity(margin, "um") + "; accepted: 1 um to 1000 um");
  }
  StageBox box = field_of_view(pose, camera_.width, camera_.height);
  box = {box.x_low - margin, box.y_low - margin, box.x_high + margin, box.y_high + margin};
  return {particles, box, optics_, *interference_, blur_of(optics_, pose), which};
}

void ImageFormation::check_frame(const SampleOptics& sample, const ImagePose& pose,
                                 const FrameSettings& settings) const {
  check_pose(pose);
  const Blur& made_for = sample.maps().blur;
  if (std::abs(pose.pixel_size / made_for.pixel_size - 1.0) > 1e-3 ||
      std::abs(pose.rotation - made_for.pixel_rotation) > 1e-2) {
    throw InputError("image formation: the sample was prepared for pixels of " +
                     format_quantity(made_for.pixel_size, "nm") + " turned by " +
                     format_quantity(made_for.pixel_rotation, "deg") + "; this pose has " +
                     format_quantity(pose.pixel_size, "nm") + " and " + format_quantity(pose.rotation, "deg"));
  }
  for (double power : {settings.led, settings.lamp}) {
    if (!(power >= 0.0 && power <= 100.0)) {
      throw InputError("image formation: relative light power " + std::to_string(power) + "; accepted: 0 to 100");
    }
  }
}

double ImageFormation::led_illumination(int column, int row) const {
  const double x = (column - 0.5 * (camera_.width - 1)) / half_diagonal_ - optics_.illumination_offset_x;
  const double y = (row - 0.5 * (camera_.height - 1)) / half_diagonal_ - optics_.illumination_offset_y;
  return 1.0 - optics_.illumination_falloff * std::min(x * x + y * y, 1.0);
}

void ImageFormation::add_reflection(ImageF& rate, const SampleOptics& sample, const SceneOverlay& overlay,
                                    const ImagePose& pose, double led) const {
  const OpticalMaps& maps = sample.maps();
  const ImageF change = reflectance_change(maps, overlay, optics_, *interference_);
  const MapReader reader(change, maps.columns);
  const double contrast = 1.0 / (interference_->bare_reflectance() + optics_.stray_reflectance);
  const double scale = led * camera_.photon_rate.si();
#pragma omp parallel for schedule(static)
  for (int row = 0; row < camera_.height; ++row) {
    float* out = rate.pixels.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(camera_.width);
    const auto [x0, y0] = pose.to_stage(0.0, row);
    const auto [x1, y1] = pose.to_stage(1.0, row);
    for (int column = 0; column < camera_.width; ++column) {
      const double relative = 1.0 + contrast * reader.at(x0 + column * (x1 - x0), y0 + column * (y1 - y0));
      out[column] += static_cast<float>(scale * led_illumination(column, row) * std::max(relative, 0.0));
    }
  }
}

void ImageFormation::add_transmission(ImageF& rate, const SampleOptics& sample, const SceneOverlay& overlay,
                                      const ImagePose& pose, double lamp) const {
  const OpticalMaps& maps = sample.maps();
  const ImageF change = transmittance_change(maps, overlay, optics_, *interference_);
  const MapReader reader(change, maps.columns);
  const double relative_change = 1.0 / interference_->bare_transmittance();
  const double scale = lamp * camera_.lamp_photon_rate.si();
#pragma omp parallel for schedule(static)
  for (int row = 0; row < camera_.height; ++row) {
    float* out = rate.pixels.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(camera_.width);
    const auto [x0, y0] = pose.to_stage(0.0, row);
    const auto [x1, y1] = pose.to_stage(1.0, row);
    for (int column = 0; column < camera_.width; ++column) {
      const double relative = 1.0 + relative_change * reader.at(x0 + column * (x1 - x0), y0 + column * (y1 - y0));
      out[column] += static_cast<float>(scale * std::max(relative, 0.0));
    }
  }
}

void ImageFormation::shade(ImageF& rate, const ScenePipette& pipette, const ImagePose& pose) const {
  const PipetteShadow shadow(pipette, optics_);
#pragma omp parallel for schedule(static)
  for (int row = 0; row < camera_.height; ++row) {
    float* out = rate.pixels.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(camera_.width);
    const auto [x0, y0] = pose.to_stage(0.0, row);
    const auto [x1, y1] = pose.to_stage(1.0, row);
    for (int column = 0; column < camera_.width; ++column) {
      out[column] *= static_cast<float>(1.0 - shadow.hidden(x0 + column * (x1 - x0), y0 + column * (y1 - y0)));
    }
  }
}

ImageF ImageFormation::photon_rate(const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                                   const FrameSettings& settings) const {
  check_frame(sample, pose, settings);
  ImageF rate{camera_.width, camera_.height, {}};
  rate.pixels.assign(static_cast<std::size_t>(camera_.width) * static_cast<std::size_t>(camera_.height), 0.0F);
  if (settings.lamp > 0.0) {
    add_transmission(rate, sample, overlay, pose, settings.lamp);
    if (overlay.pipette) shade(rate, *overlay.pipette, pose);
  }
  if (settings.led > 0.0) add_reflection(rate, sample, overlay, pose, settings.led);
  return rate;
}

Image16 ImageFormation::frame(const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                              const FrameSettings& settings, std::uint64_t frame_id) const {
  return exposed(photon_rate(sample, overlay, pose, settings), settings, frame_id);
}

Image16 ImageFormation::exposed(const ImageF& rate, const FrameSettings& settings, std::uint64_t frame_id) const {
  return sensor_->expose(rate, settings.exposure == 0.0 ? camera_.exposure.si() : settings.exposure, frame_id);
}

Image16 ImageFormation::reflection(const Scene& scene, const ImagePose& pose, std::uint64_t frame_id) const {
  const auto sample = prepare_maps(scene.particles, pose, frame_margin, SampleMaps::reflection);
  return frame(sample, scene, pose, {.led = 1.0, .lamp = 0.0}, frame_id);
}

Image16 ImageFormation::transmission(const Scene& scene, const ImagePose& pose, std::uint64_t frame_id) const {
  const auto sample = prepare_maps(scene.particles, pose, frame_margin, SampleMaps::transmission);
  return frame(sample, scene, pose, {.led = 0.0, .lamp = 1.0}, frame_id);
}

}  // namespace seccm::models
