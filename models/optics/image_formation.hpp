// The optical microscope: scene in, camera frame out.
//
//   photons/s of pixel = Φ_R L I(u,v) [R + s]/[R_0 + s]  +  Φ_T B [T/T_0] (1 - hidden)
//
// R, T: reflectance and transmittance of the columns (interference_reflection.hpp), blurred by objective and pixel
// (point_spread.hpp); s: stray reflectance; I: fall-off of the illumination towards the corners; L, B: relative powers
// of LED and lamp; Φ: [camera] photon_rate and lamp_photon_rate; hidden: pipette_shadow.hpp. Then the sensor
// (camera.hpp).
//
// Sign of the contrast: depends on wavelength, gold thickness and height; see docs/optics.md. The pipette is invisible
// in reflection (its end face sends back less than 1 % through the gold).
//
// Same seed, scene, pose and frame id: same bytes, for any number of threads. InputError for a scene, pose or setting
// that is not finite or out of range.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "models/optics/camera_parameters.hpp"
#include "models/optics/image.hpp"
#include "models/optics/image_pose.hpp"
#include "models/optics/optics_parameters.hpp"
#include "models/optics/scene.hpp"

namespace seccm::models {

class CameraSensor;
class InterferenceReflection;
class SampleOptics;
enum class SampleMaps;

/// Lights and exposure of one frame.
struct FrameSettings {
  double led = 1.0;       ///< relative power of the reflected-light LED
  double lamp = 0.0;      ///< relative power of the transmission lamp
  double exposure = 0.0;  ///< s; 0 takes the camera's default
};

class ImageFormation {
 public:
  ImageFormation(const OpticsParameters& optics, const CameraParameters& camera, std::uint64_t seed);

  /// Pixel size at the sample: pitch over magnification, m.
  [[nodiscard]] double pixel_size() const;
  /// The pose with this pixel size that shows a stage position at the middle of the frame.
  [[nodiscard]] ImagePose centred_pose(double stage_x, double stage_y, double rotation = 0.0,
                                       bool mirror = false) const;

  /// One frame by LED or by lamp at nominal power and default exposure.
  [[nodiscard]] Image16 reflection(const Scene& scene, const ImagePose& pose, std::uint64_t frame_id) const;
  [[nodiscard]] Image16 transmission(const Scene& scene, const ImagePose& pose, std::uint64_t frame_id) const;

  /// The maps of a sample for poses of this pixel size and rotation: for many frames. They cover the field of view of
  /// `pose` and `margin` (m) around it; beyond them there is bare gold.
  [[nodiscard]] SampleOptics prepare(std::span<const SceneParticle> particles, const ImagePose& pose,
                                     double margin = 5e-6) const;
  /// One frame of a prepared sample. The pose may shift and mirror; its pixel size and rotation must be those of the
  /// preparation (InputError otherwise).
  [[nodiscard]] Image16 frame(const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                              const FrameSettings& settings, std::uint64_t frame_id) const;
  /// The noise-free photon rate per pixel of the same frame, 1/s.
  [[nodiscard]] ImageF photon_rate(const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                                   const FrameSettings& settings) const;
  /// One frame of a scene that stands still: its photon rate through the sensor.
  [[nodiscard]] Image16 exposed(const ImageF& rate, const FrameSettings& settings, std::uint64_t frame_id) const;

  [[nodiscard]] const InterferenceReflection& interference() const { return *interference_; }

 private:
  [[nodiscard]] SampleOptics prepare_maps(std::span<const SceneParticle> particles, const ImagePose& pose,
                                          double margin, SampleMaps which) const;
  void check_frame(const SampleOptics& sample, const ImagePose& pose, const FrameSettings& settings) const;
  [[nodiscard]] double led_illumination(int column, int row) const;
  void add_reflection(ImageF& rate, const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                      double led) const;
  void add_transmission(ImageF& rate, const SampleOptics& sample, const SceneOverlay& overlay, const ImagePose& pose,
                        double lamp) const;
  /// Takes the pipette's shadow out of the lamp light.
  void shade(ImageF& rate, const ScenePipette& pipette, const ImagePose& pose) const;

  OpticsParameters optics_;
  CameraParameters camera_;
  double half_diagonal_;  // px
  std::shared_ptr<const InterferenceReflection> interference_;
  std::shared_ptr<const CameraSensor> sensor_;
};

}  // namespace seccm::models
