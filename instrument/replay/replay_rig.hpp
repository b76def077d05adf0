// A recorded run behind the five roles: sequencer, camera, light and clock share one recording.
#pragma once

#include <filesystem>

#include "instrument/replay/replay_microscope.hpp"
#include "instrument/replay/replay_sequencer.hpp"
#include "instrument/roles/rig.hpp"

namespace seccm::instrument::replay {

/// Recorded device time. Sleeping lets it pass, without waiting.
class ReplayClock final : public Clock {
 public:
  explicit ReplayClock(Recording& recording) : recording_(recording) {}
  [[nodiscard]] double now() const override { return recording_.now(); }
  void sleep_until(double time, const std::stop_token& stop) override {
    if (!stop.stop_requested()) recording_.advance_to(time);
  }

 private:
  Recording& recording_;
};

class ReplayRig {
 public:
  /// Throws InputError for a file that is no run.
  explicit ReplayRig(const std::filesystem::path& run)
      : recording_(run), clock_(recording_), sequencer_(recording_), light_(recording_), camera_(recording_, light_) {}
  ReplayRig(const ReplayRig&) = delete;
  ReplayRig& operator=(const ReplayRig&) = delete;

  [[nodiscard]] Rig rig() { return {clock_, sequencer_, camera_, light_}; }
  [[nodiscard]] const Recording& recording() const { return recording_; }
  [[nodiscard]] ReplaySequencer& sequencer() { return sequencer_; }
  /// Time passes until the next program was submitted, if one comes next.
  void await_program() {
    if (const files::ProgramRecord* next = recording_.next_program()) recording_.advance_to(next->t_start);
  }

 private:
  Recording recording_;
  ReplayClock clock_;
  ReplaySequencer sequencer_;
  ReplayLight light_;
  ReplayCamera camera_;
};

}  // namespace seccm::instrument::replay
