// Plays the programs of a recorded run back through the role of the sequencer.
//
// `start` accepts a program when it asks for what was recorded next (program_match.hpp), and answers with the recorded
// frames, tags, times and end. Anything else is Errc::protocol and names the first difference: a replay makes nothing
// up. `check` knows the recorded limits only, so that a pipeline may ask for dry runs of what it never starts.
//
// An imported run without programs plays as a stream: a program that only holds gets the next frames of the recording,
// for as long as it holds; one that moves or polarises is refused.
//
// `abort` and `make_safe` stop the playing where it is; frames up to then can be read. There is nothing to retract: the
// status afterwards is the recorded end of that program.
#pragma once

#include "instrument/replay/recording.hpp"

namespace seccm::instrument::replay {

class ReplaySequencer final : public ProbeSequencer {
 public:
  explicit ReplaySequencer(Recording& recording) : recording_(recording) {}

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  /// Refused without consent to motion where the recorded rig was known: what ran there moved on connecting.
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;

  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

 private:
  static Error error(Errc code, std::string detail, bool retryable = false);
  Outcome start_stream(const Program& program);
  [[nodiscard]] SequencerStatus applied() const;
  void play(std::uint64_t begin, std::uint64_t end, const SequencerStatus& at_end);
  void settle();

  Recording& recording_;
  bool connected_ = false;
  bool running_ = false;
  std::uint64_t begin_ = 0, next_ = 0, end_ = 0;  // frames of the program, and the first that was not read
  std::uint64_t stream_ = 0;                      // of a recording without programs: the first frame not played yet
  SequencerStatus rest_;                          // where it stands while nothing runs
  SequencerStatus at_end_;                        // of the running program
};

}  // namespace seccm::instrument::replay
