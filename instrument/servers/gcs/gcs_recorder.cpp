#include "instrument/servers/gcs/gcs_recorder.hpp"

namespace seccm::instrument::servers {

namespace {
/// Times that differ by less are the same: sums of servo periods round.
constexpr double same_time = 1e-10;  // s
}  // namespace

void GcsRecorder::configure(int table, Channel channel) {
  channels_.at(static_cast<std::size_t>(table)) = channel;
  data_.at(static_cast<std::size_t>(table)).clear();
  recording_ = false;
}

void GcsRecorder::arm(RecordTrigger trigger, double now, const Reading& read) {
  trigger_ = trigger;
  recording_ = false;
  armed_ = true;
  if (trigger == RecordTrigger::at_once) start(now, read);
}

void GcsRecorder::happened(RecordTrigger what, double now, const Reading& read) {
  if (armed_ && what == trigger_) start(now, read);
}

void GcsRecorder::start(double now, const Reading& read) {
  armed_ = false;
  recording_ = true;
  running_rate_ = rate_;
  started_ = now;
  taken_ = 0;
  for (auto& table : data_) table.clear();
  sample(read);
}

void GcsRecorder::sample(const Reading& read) {
  for (std::size_t k = 0; k < channels_.size(); ++k) {
    if (channels_[k].option != RecordOption::nothing) data_[k].push_back(read(channels_[k]));
  }
  if (++taken_ == most_points) recording_ = false;
}

void GcsRecorder::pass(double now, const Reading& read) {
  while (recording_ && due() <= now + same_time) sample(read);
}

std::optional<double> GcsRecorder::until_next(double now) const {
  if (!recording_) return std::nullopt;
  return due() - now;
}

}  // namespace seccm::instrument::servers
