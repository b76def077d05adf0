// A rig for the tests of the scan: a tilted plane, discs on it, a meniscus that conducts, a microscope with a known
// affine map. Its own little physics, nothing of the twin.
//
//   current in air      offset + C dE/dt + noise + a transient behind a jump of the potential
//   current in contact  the same + A exp(-(t - t_contact)/τ) + i_lim/(1 + exp(-(E - E½)/w)) + C' dE/dt
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "files/run_file.hpp"
#include "instrument/roles/rig.hpp"
#include "sim/random.hpp"

namespace seccm::test {

struct FakeDisc {
  double x = 0.0, y = 0.0;  ///< stage, m
  double radius = 0.0;      ///< m
  double contrast = 0.0;
};

/// What the fake is, and what goes wrong.
struct FakeConfig {
  std::uint64_t seed = 1;
  // stage and surface
  double range = 100e-6;
  double surface_z = 30e-6, tilt_x = 2e-3, tilt_y = -1e-3;
  // image
  int pixels = 512;
  double nominal_pixel_size = 0.2e-6;
  /// X = a0 + a1 px + a2 py; Y = b0 + b1 px + b2 py
  std::array<double, 6> pixel_to_stage = {0.0, 0.2e-6, 0.0, 102.2e-6, 0.0, -0.2e-6};
  double blur = 1.0;           ///< px
  double image_noise = 0.006;  ///< relative, of one frame
  double dark_level = 100.0;   ///< counts
  double footprint_contrast = -0.05;
  double footprint_diameter = 1.1e-6;
  std::vector<FakeDisc> discs;
  double drift_x = 0.0, drift_y = 0.0;  ///< of the sample and all that is on it against the stage, m/s
  // cell
  double half_wave_vs_QRCE = 0.17;
  double limiting_current = 9e-12;
  double wave_width = 0.0257;        ///< V
  double lag = 0.0;                  ///< s, of the current behind the potential of a ramp
  double contact_capacitance = 0.0;  ///< F, of what the meniscus wets
  double stray_capacitance = 1e-12;
  double current_noise = 60e-15;  ///< rms per frame
  double current_offset = 20e-15;
  double transient = 50e-12, transient_time = 0.12;
  double late_current = 0.0;                              ///< A, from 0.5 s of contact on
  double air_transient = 0.0, air_transient_time = 0.05;  ///< A, s: behind a jump of the potential
  // faults
  double detachment_height = 0.2e-6;         ///< m above the surface where the meniscus breaks
  bool no_surface = false;                   ///< the pipette never wets anything
  int false_contacts = 0;                    ///< spikes of one sample in the first so many approaches
  int air_spikes = 0;                        ///< the same in the first so many watches of the comparator up in air
  std::uint64_t saturated_ramp = 0;          ///< the n-th ramp (1-based) in contact saturates; 0: none
  std::uint64_t saturated_frames = 1000000;  ///< of it
  std::uint64_t fault_in_ramp = 0;           ///< reading fails in the n-th ramp in contact; 0: none
  std::uint64_t stall_in_ramp = 0;           ///< no more frames from the n-th ramp in contact on; 0: none
  double contact_latency = 0.0;              ///< s
  double detach_after = std::numeric_limits<double>::infinity();  ///< s in contact: the meniscus breaks by itself
  int camera_drops = 0;  ///< frames that get lost on the way before the first that arrives
  bool camera_dead = false;
};

class FakeWorld {
 public:
  explicit FakeWorld(FakeConfig the_config);

  FakeConfig config;
  double t = 0.0;
  double x, y, z;
  double E = 0.0, slope = 0.0;
  bool contact = false;
  double t_contact = 0.0, t_jump = 0.0;
  bool spike = false;  ///< this frame carries a false contact
  RandomStream noise;
  std::vector<FakeDisc> footprints;
  double lamp[2] = {0.0, 0.0};

  [[nodiscard]] double surface(double at_x, double at_y) const;
  [[nodiscard]] double current();

  // what the tests look at
  std::vector<std::string> calls;  ///< every call that acts, in order
  int ramps_without_contact = 0;   ///< after the first approach
  int lateral_without_clearance = 0;
  int descents_in_contact = 0;
  bool approached = false;
  int landings = 0;
};

class FakeClock : public instrument::Clock {
 public:
  explicit FakeClock(FakeWorld& world) : world_(world) {}
  [[nodiscard]] double now() const override { return world_.t; }
  void sleep_until(double time, const std::stop_token& stop) override;

 private:
  FakeWorld& world_;
};

class FakeSequencer : public instrument::ProbeSequencer {
 public:
  explicit FakeSequencer(FakeWorld& world) : world_(world) {}
  [[nodiscard]] instrument::Identity identity() const override { return {"test", "sequencer", "1", "1"}; }
  [[nodiscard]] instrument::Health health() const override { return {}; }
  instrument::Outcome connect(instrument::ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] instrument::Limits limits() const override;
  [[nodiscard]] instrument::Capabilities capabilities() const override;
  [[nodiscard]] instrument::Result<instrument::DryRun> check(const instrument::Program& program) const override;
  instrument::Outcome start(const instrument::Program& program) override;
  [[nodiscard]] instrument::Result<instrument::SequencerStatus> status() override;
  instrument::Result<std::size_t> read(std::span<instrument::Frame> out, double deadline) override;
  instrument::Outcome abort() override;

 private:
  [[nodiscard]] double leg_time(const instrument::Waypoint& w, double& at_x, double& at_y, double& at_z,
                                double& at_E) const;
  bool step(instrument::Frame& frame);  // false: the program has ended before a frame
  void begin_leg();
  [[nodiscard]] const instrument::Waypoint& leg() const { return program_.waypoints[leg_]; }

  FakeWorld& world_;
  instrument::Program program_;
  instrument::RunState state_ = instrument::RunState::idle;
  std::size_t leg_ = 0;
  double held_ = 0.0;
  std::uint64_t ramps_in_contact_ = 0, frames_in_leg_ = 0;
  double last_current_ = 0.0;
};

class FakeCamera : public instrument::Camera {
 public:
  explicit FakeCamera(FakeWorld& world) : world_(world) {}
  [[nodiscard]] instrument::Identity identity() const override { return {"test", "camera", "1", "1"}; }
  [[nodiscard]] instrument::Health health() const override { return {}; }
  instrument::Outcome connect(instrument::ConnectConsent consent) override;
  void make_safe() noexcept override { world_.calls.emplace_back("camera.make_safe"); }
  [[nodiscard]] instrument::CameraProperties properties() const override;
  instrument::Outcome configure(const instrument::CameraConfig& config) override;
  instrument::Result<instrument::Image> grab(double deadline) override;

 private:
  FakeWorld& world_;
  instrument::CameraConfig config_;
  int dropped_ = 0;
};

class FakeLight : public instrument::Light {
 public:
  explicit FakeLight(FakeWorld& world) : world_(world) {}
  [[nodiscard]] instrument::Identity identity() const override { return {"test", "light", "1", "1"}; }
  [[nodiscard]] instrument::Health health() const override { return {}; }
  instrument::Outcome connect(instrument::ConnectConsent consent) override;
  void make_safe() noexcept override;
  instrument::Outcome set(instrument::LightChannel channel, double intensity) override;
  [[nodiscard]] instrument::Result<instrument::LightState> get() const override;

 private:
  FakeWorld& world_;
};

/// The five roles over one fake world.
struct FakeRig {
  explicit FakeRig(FakeConfig config) : world(std::move(config)) {}
  FakeWorld world;
  FakeClock clock{world};
  FakeSequencer sequencer{world};
  FakeCamera camera{world};
  FakeLight light{world};
  [[nodiscard]] instrument::Rig rig() { return {clock, sequencer, camera, light}; }
};

/// What a recorder of this rig's frames is told.
files::RunHeader header_of(const FakeRig& rig);

/// Discs on a jittered lattice over the middle of the stage; sizes and contrasts of both signs vary.
std::vector<FakeDisc> scattered_discs(int columns, int rows, std::uint64_t seed);

/// What the camera of a fake sees, in relative intensity without noise.
std::vector<float> render(const FakeConfig& config, const std::vector<FakeDisc>& discs);

}  // namespace seccm::test
