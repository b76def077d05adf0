// Looks at every frame of a program before anything is made of it: is the stream whole, and does it live?
//
// framing_lost  a value that is not finite; a tag that the program has not, or that goes back; a time that does not
//               increase, or jumps: by more than 1.5 frame intervals where the device itself is the master of the
//               stream; by more than 50 where a host samples it; where an approach begins or ends by more than
//               `longest_pause` (a controller's host may set the comparators between the legs, when it finds the
//               time); in front of the first frame by more than `longest_start`.
// stale_data    frozen readback: the stage is commanded to move by more than `least_travel` and the measured position
//               keeps exactly one word on every moving axis (nothing is said once it should have arrived);
//               stuck current: one word for `stuck_frames` frames, where the noise in air moves it by two or more.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::scan {

class StreamWatch {
 public:
  static constexpr double least_travel = 0.25e-6;  ///< m
  static constexpr double longest_pause = 1.0;     ///< s; a busy host takes 0.06 s at times
  static constexpr std::size_t least_frames = 24;
  static constexpr std::size_t stuck_frames = 200;

  /// What is known before the program.
  struct Past {
    double difference_noise = 0.0;  ///< of the current from frame to frame in air, A; 0: not known
    double last_t = 0.0;            ///< of the frame before, s
    double longest_start = 5.0;     ///< from the status `before` to the first frame, s
  };
  StreamWatch(const instrument::Capabilities& capabilities, const instrument::Program& program,
              const instrument::SequencerStatus& before, const Past& past);

  [[nodiscard]] std::optional<instrument::Error> look(std::span<const instrument::Frame> frames);

 private:
  /// One leg as commanded.
  struct Leg {
    double vx = 0, vy = 0, vz = 0;  // m/s, 0 where the axis rests
    double tx = 0, ty = 0, tz = 0;  // s that each axis moves
    bool approach = false;
  };
  [[nodiscard]] std::optional<instrument::Error> look(const instrument::Frame& frame);
  [[nodiscard]] std::optional<instrument::Error> order(const instrument::Frame& frame);
  [[nodiscard]] std::optional<instrument::Error> motion(const instrument::Frame& frame);
  [[nodiscard]] std::optional<instrument::Error> current(const instrument::Frame& frame);
  [[nodiscard]] double longest_step(std::int32_t leg) const;
  [[nodiscard]] double commanded(const Leg& leg, double from, double to) const;

  double interval_, longest_step_, latest_start_;
  bool current_lives_;  // its noise is larger than its words
  std::vector<Leg> legs_;
  std::int32_t first_tag_ = 1;
  std::int32_t tag_ = 0;
  double last_t_;
  bool first_ = true;
  double leg_t0_ = 0.0;        // s, start of the leg
  double frozen_since_ = 0.0;  // s into the leg
  std::size_t frozen_ = 0, stuck_ = 0;
  instrument::Frame last_;
};

}  // namespace seccm::scan
