#include "instrument/servers/gcs/gcs_controller.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "instrument/servers/gcs/gcs_error.hpp"

namespace seccm::instrument::servers {

namespace {
constexpr double rounding = 1e-9;  // um: what decimal numbers may lose
}

GcsController::GcsController(bench::StageModel& stage, bench::BenchTime& time, GcsOptions options)
    : stage_(stage),
      time_(time),
      options_(std::move(options)),
      servo_(static_cast<std::size_t>(stage.axes()), options_.servo_on),
      zeroed_(servo_.size()),
      waves_(stage.axes(), static_cast<double>(options_.servo_period)),
      recorder_(static_cast<double>(options_.servo_period)) {
  for (int axis = 0; axis < stage.axes(); ++axis) {
    low_.push_back(stage.travel_min(axis) / micrometre);
    high_.push_back(stage.travel_max(axis) / micrometre);
  }
}

void GcsController::request(bool is_command) {
  pass(options_.latency);
  if (is_command) recorder_.happened(RecordTrigger::next_command, now(), reading());
}

double GcsController::until_next(double most) const {
  // A due time within a tenth of a microsecond, or behind us on a paced rig, must not make steps of nothing.
  constexpr double least = 1e-7;
  double step = most;
  if (const auto due = recorder_.until_next(now())) step = std::min(step, *due);
  if (const auto due = waves_.until_next(now())) step = std::min(step, *due);
  return std::min(most, std::max(step, least));
}

void GcsController::pass(double seconds) {
  double left = seconds;
  do {
    const double step = until_next(left);
    time_.on_request(step);
    left -= step;
    follow_waves();
    recorder_.pass(now(), reading());
  } while (left > 0.0);
}

void GcsController::follow_waves() {
  for (int axis = 0; axis < axes(); ++axis) {
    if (waves_.generator(axis).running) stage_.move_to(axis, waves_.play(axis, now()) * micrometre);
  }
}

GcsRecorder::Reading GcsController::reading() const {
  return [this](const GcsRecorder::Channel& channel) {
    const int axis = channel.source - 1;
    if (channel.option == RecordOption::target) return target(axis);
    if (channel.option == RecordOption::position) return position(axis);
    return target(axis) - position(axis);
  };
}

void GcsController::move(const std::vector<int>& axes, const std::vector<double>& targets) {
  for (std::size_t k = 0; k < axes.size(); ++k) {
    if (!servo(axes[k])) throw GcsFailure{GcsError::servo_off};
    if (waves_.generator(axes[k]).running) throw GcsFailure{GcsError::wave_running};
    const bool within = targets[k] >= low(axes[k]) - rounding && targets[k] <= high(axes[k]) + rounding;
    if (!within) throw GcsFailure{GcsError::position_out_of_limits};
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    stage_.move_to(axes[k], std::clamp(targets[k], low(axes[k]), high(axes[k])) * micrometre);
  }
  recorder_.happened(RecordTrigger::motion, now(), reading());
}

void GcsController::set_velocity(const std::vector<int>& axes, const std::vector<double>& velocities) {
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const bool within = velocities[k] > 0.0 && velocities[k] <= velocity_max(axes[k]) + rounding;
    if (!within) throw GcsFailure{GcsError::velocity_out_of_limits};
  }
  for (std::size_t k = 0; k < axes.size(); ++k) {
    stage_.set_velocity(axes[k], std::min(velocities[k], velocity_max(axes[k])) * micrometre);
  }
}

bool GcsController::on_target(int axis) {
  return servo(axis) && !moving(axis) && std::abs(position(axis) - target(axis)) <= options_.settle_window;
}

void GcsController::halt(int axis) {
  waves_.generator(axis).running = false;
  stage_.halt(axis);
}

void GcsController::set_servo(int axis, bool on) {
  if (servo(axis) == on) return;
  if (!on) halt(axis);
  servo_[at(axis)] = on;
}

void GcsController::set_low(int axis, double limit) {
  const bool within = limit >= stage_.travel_min(axis) / micrometre - rounding && limit < high(axis);
  if (!within) throw GcsFailure{GcsError::out_of_range};
  low_[at(axis)] = limit;
}

void GcsController::set_high(int axis, double limit) {
  const bool within = limit <= stage_.travel_max(axis) / micrometre + rounding && limit > low(axis);
  if (!within) throw GcsFailure{GcsError::out_of_range};
  high_[at(axis)] = limit;
}

void GcsController::start_wave(int axis) {
  auto& generator = waves_.generator(axis);
  if (generator.table == 0) throw GcsFailure{GcsError::no_wave_selected};
  const auto& wave = waves_.points(generator.table);
  if (wave.empty()) throw GcsFailure{GcsError::wave_not_defined};
  if (!servo(axis)) throw GcsFailure{GcsError::servo_off};
  const auto [least, most] = std::minmax_element(wave.begin(), wave.end());
  if (*least < low(axis) - rounding || *most > high(axis) + rounding) {
    throw GcsFailure{GcsError::position_out_of_limits};
  }
  generator.running = true;
  generator.started = now();
  follow_waves();
  recorder_.happened(RecordTrigger::wave, now(), reading());
  recorder_.happened(RecordTrigger::motion, now(), reading());
}

void GcsController::arm_recorder(RecordTrigger trigger) {
  recorder_.arm(trigger, now(), reading());
}

void GcsController::wait_for_samples(int table, std::size_t count) {
  constexpr double longest = 5.0;  // s: clients wait seven
  const double start = now();
  while (recorder_.data(table).size() < count && now() - start < longest) {
    const auto due = recorder_.until_next(now());
    if (!due) return;
    const double before = now();
    pass(std::max(*due, 0.0));
    // A paced rig's time does not wait for us: the client has to ask again.
    if (now() <= before) return;
  }
}

}  // namespace seccm::instrument::servers
