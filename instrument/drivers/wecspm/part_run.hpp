// One native program in execution on the target: submission with back-pressure, status, decoding of its samples.
//
// Submission. 512 waypoints before the start, then 128 at a time as the target's queue of 585 empties: never more than
// the target itself holds, so that a cancellation has nothing else to discard. A queue that ran dry is an error.
// LineNumber counts lines as they are read: while line k (from 1) runs it is k above its value before the program. It
// is read before WaitingForWayPoints, so that a target that waits behind line k has finished it. Completion: all
// submitted, all lines counted, target waiting; then the caller takes what is left in the sample FIFO. End of travel:
// the last line runs, the target does not wait and what is applied are its targets. It is released by forcing the
// secondary comparator and is never contact. Contact: it ended by itself, with Feedback1 Boolean set or short of its
// targets (the boolean may be a pulse that no poll meets). Samples that carry the LineNumber before the program are of
// the wait before its first line, and are dropped. Times of samples: the rig's time at the start plus the sum of the
// intervals; one that is not the frame interval means lost samples.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "instrument/drivers/wecspm/image_session.hpp"
#include "instrument/drivers/wecspm/native_program.hpp"
#include "instrument/roles/clock.hpp"

namespace seccm::instrument::wecspm {

enum class PartEnd : std::uint8_t { running, completed, contact, limit };

class PartRun {
 public:
  static constexpr std::size_t initial_fill = 512, refill = 128, target_queue = 585;  // waypoints

  /// All references outlive it. `patience`: s beyond the expected duration; `frame_interval`: s.
  PartRun(ImageSession& session, Clock& clock, const NativeUnits& units, NativeProgram part, double patience,
          double frame_interval);

  Outcome begin(const ContactCriterion& contact);
  Result<PartEnd> poll();
  /// Appends the frames that `words` (whole samples) hold; `tags`: by waypoint of the role's program.
  Outcome decode(std::span<const std::int16_t> words, std::span<const Waypoint> waypoints, std::vector<Frame>& frames);

  /// Waypoints of the role's program that are finished, while this part runs.
  [[nodiscard]] std::size_t executed() const;
  /// Expected frames that have not been decoded yet.
  [[nodiscard]] std::size_t frames_due() const;
  [[nodiscard]] const NativeProgram& part() const { return part_; }

 private:
  Outcome drop_idle_samples();
  Outcome set_comparators(const ContactCriterion& contact);
  Outcome submit(std::size_t lines);
  Outcome top_up();
  Result<bool> at_targets();
  Outcome release_hold(std::size_t unread);
  Result<PartEnd> finished();
  [[nodiscard]] Error stopped_by_target(std::size_t unread) const;

  ImageSession& session_;
  Clock& clock_;
  NativeUnits units_;
  NativeProgram part_;
  double patience_;
  double frame_interval_;
  std::uint32_t interval_ticks_;

  std::uint64_t baseline_ = 0;  ///< LineNumber at the start
  std::size_t submitted_ = 0, begun_ = 0;
  bool finished_ = false;
  double start_ = 0.0;        ///< s
  std::int64_t elapsed_ = 0;  ///< ticks of the samples so far
  std::size_t decoded_ = 0;   ///< samples
  std::size_t last_line_ = 1;
  std::optional<double> arrived_;  ///< when a contact line was first seen at its targets
  bool released_ = false;
};

}  // namespace seccm::instrument::wecspm
