// A piezo controller of the E-727 kind, as its commands see it: servo, soft limits, motion, data recorder and wave
// generator over a StageModel. One controller is shared by all connections of its server.
//
// Lengths are um and speeds um/s here, as on the wire; axes are counted from 0. Every request first lets its latency
// pass, in steps that end where a sample or a wave point is due. The wave generator sets the model's target at these
// steps: between two requests of a paced rig, and longer than that, the target holds.
#pragma once

#include <string>
#include <vector>

#include "instrument/bench/bench_time.hpp"
#include "instrument/bench/stage_model.hpp"
#include "instrument/servers/gcs/gcs_recorder.hpp"
#include "instrument/servers/gcs/gcs_wave.hpp"

namespace seccm::instrument::servers {

struct GcsOptions {
  std::string identity = "(c)2015-2018 Physik Instrumente (PI) GmbH & Co. KG, E-727.3CDA, 120040681, 14.11.01.05";
  std::string serial = "120040681";
  std::string stage_name = "TWIN";
  double latency = 1e-3;        ///< s, of one request on the wire and in the controller
  double settle_window = 0.02;  ///< um, of ONT?
  float servo_period = 5e-5F;   ///< s; single precision, as the controller keeps it
  bool servo_on = false;        ///< at power-up
};

class GcsController {
 public:
  /// `stage` and `time` must outlive the controller.
  GcsController(bench::StageModel& stage, bench::BenchTime& time, GcsOptions options);

  /// What every request begins with. `is_command`: a line, which a recorder may wait for.
  void request(bool is_command);

  [[nodiscard]] const GcsOptions& options() const { return options_; }
  [[nodiscard]] int axes() const { return static_cast<int>(servo_.size()); }
  [[nodiscard]] double now() const { return time_.now(); }

  /// Throws GcsFailure servo_off, wave_running or position_out_of_limits, before any axis moves.
  void move(const std::vector<int>& axes, const std::vector<double>& targets);
  /// Throws GcsFailure velocity_out_of_limits, before any velocity changes.
  void set_velocity(const std::vector<int>& axes, const std::vector<double>& velocities);
  /// Ends motion and wave of an axis.
  void halt(int axis);
  /// Switching off holds the axis where it is.
  void set_servo(int axis, bool on);

  [[nodiscard]] bool servo(int axis) const { return servo_[at(axis)]; }
  [[nodiscard]] bool moving(int axis) const { return stage_.moving(axis) || waves_.generator(axis).running; }
  /// The command has arrived and the sensor reads within the settle window of the target.
  [[nodiscard]] bool on_target(int axis);
  [[nodiscard]] double position(int axis) const { return stage_.position(axis) / micrometre; }
  [[nodiscard]] double target(int axis) const { return stage_.target(axis) / micrometre; }
  [[nodiscard]] double velocity(int axis) const { return stage_.velocity(axis) / micrometre; }
  [[nodiscard]] double low(int axis) const { return low_[at(axis)]; }
  [[nodiscard]] double high(int axis) const { return high_[at(axis)]; }
  /// Soft limits, within the travel and each other; GcsFailure out_of_range otherwise.
  void set_low(int axis, double limit);
  void set_high(int axis, double limit);
  [[nodiscard]] double velocity_max(int axis) const { return stage_.velocity_max(axis) / micrometre; }

  /// CCL
  [[nodiscard]] int command_level() const { return command_level_; }
  void set_command_level(int level) { command_level_ = level; }
  /// ATZ was asked for.
  [[nodiscard]] bool zeroed(int axis) const { return zeroed_[at(axis)]; }
  void set_zeroed(int axis) { zeroed_[at(axis)] = true; }

  [[nodiscard]] GcsWaves& waves() { return waves_; }
  /// Throws GcsFailure no_wave_selected, wave_not_defined, servo_off or position_out_of_limits.
  void start_wave(int axis);

  [[nodiscard]] GcsRecorder& recorder() { return recorder_; }
  void arm_recorder(RecordTrigger trigger);
  /// Lets time pass, at most 5 s, until a table holds `count` samples or nothing is recorded any more.
  void wait_for_samples(int table, std::size_t count);

 private:
  [[nodiscard]] static std::size_t at(int axis) { return static_cast<std::size_t>(axis); }
  void pass(double seconds);
  void follow_waves();
  [[nodiscard]] double until_next(double most) const;
  [[nodiscard]] GcsRecorder::Reading reading() const;

  bench::StageModel& stage_;
  bench::BenchTime& time_;
  GcsOptions options_;
  std::vector<bool> servo_, zeroed_;
  std::vector<double> low_, high_;  // um
  int command_level_ = 0;
  GcsWaves waves_;
  GcsRecorder recorder_;
};

}  // namespace seccm::instrument::servers
