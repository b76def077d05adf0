// The data recorder of the controller: tables that keep one quantity of one axis, sampled every rate x servo period
// from a trigger on.
//
// Samples are taken when the controller's time passes them. Where time moves in larger steps than the sample period
// (a paced rig between two requests), each sample that was passed holds the reading at the end of the step.
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace seccm::instrument::servers {

enum class RecordOption : int { nothing = 0, target = 1, position = 2, error = 3 };
/// When recording starts: with the next wave, a motion, the next command, or at once.
enum class RecordTrigger : int { wave = 0, motion = 1, next_command = 2, at_once = 4 };

class GcsRecorder {
 public:
  static constexpr int tables = 8;
  static constexpr int points_in_all = 262144;
  static constexpr int most_points = points_in_all / tables;
  static constexpr int most_rate = 1000000;

  struct Channel {
    int source = 1;  ///< axis, from 1
    RecordOption option = RecordOption::nothing;
  };
  /// Reads a channel now, um.
  using Reading = std::function<double(const Channel&)>;

  explicit GcsRecorder(double servo_period) : servo_period_(servo_period) {}

  /// What a table keeps; its data and a recording in progress are dropped. `table` from 0.
  void configure(int table, Channel channel);
  /// Arms; a recording in progress ends.
  void arm(RecordTrigger trigger, double now, const Reading& read);
  /// The rate of the next recording, servo periods per sample, in [1, most_rate].
  void set_rate(int rate) { rate_ = rate; }
  /// Something happened that may be what was waited for.
  void happened(RecordTrigger what, double now, const Reading& read);
  /// Takes the samples up to `now`.
  void pass(double now, const Reading& read);

  /// s from `now` to the next sample, none if it does not record.
  [[nodiscard]] std::optional<double> until_next(double now) const;
  [[nodiscard]] const Channel& channel(int table) const { return channels_.at(static_cast<std::size_t>(table)); }
  [[nodiscard]] const std::vector<double>& data(int table) const { return data_.at(static_cast<std::size_t>(table)); }
  [[nodiscard]] RecordTrigger trigger() const { return trigger_; }
  [[nodiscard]] int rate() const { return rate_; }
  [[nodiscard]] double sample_time() const { return running_rate_ * servo_period_; }

 private:
  void start(double now, const Reading& read);
  void sample(const Reading& read);
  [[nodiscard]] double due() const { return started_ + taken_ * sample_time(); }

  double servo_period_;
  std::vector<Channel> channels_{tables};
  std::vector<std::vector<double>> data_{tables};
  RecordTrigger trigger_ = RecordTrigger::wave;
  bool armed_ = false, recording_ = false;
  int rate_ = 1, running_rate_ = 1, taken_ = 0;
  double started_ = 0.0;
};

}  // namespace seccm::instrument::servers
