// The twin's sequencer: the FPGA target of a real rig, with the world behind its converters.
//
// Time runs in frames of 257 samples of 4 us on one grid from switch-on: frame n ends at exactly n x 1.028 ms, a
// program starts at the next frame boundary. Positions and potentials are means over the frame; the current is the
// amplifier's reading of the mean current. A program that ends inside a frame fills it up holding.
//
// Contact rule. The comparator looks every 2 us at the amplifier's output (first-order bandwidth B), so a landing
// inside a frame stops the motion at the instant that the contact transient crosses the threshold; noise crosses it
// with the probability that Gaussian noise of that bandwidth has. With the eight-pole filter in use the comparator sees
// the filter's output and looks once per frame.
//
// Limits, hard as in a controller: range, speeds, potential, waypoints, and lateral moves only above the last contact
// plus the clearance (before any contact, and always enough: within `free_travel` of the top).
// Causal: nothing here reads the truth. In virtual time `read` lets the world run until `out` is full, the program has
// ended or `deadline` has come.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/twin/amplifier.hpp"
#include "instrument/twin/program_run.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/world.hpp"
#include "sim/random.hpp"

namespace seccm::instrument::twin {

/// Where the twin's stage stands when it is switched on: lateral axes at a quarter of their travel, z at the top.
Point3 power_on_position(const StageParameters& stage);

class TwinSequencer final : public ProbeSequencer, public Timeline {
 public:
  /// Throws InputError for a sample interval that is not a multiple of 25 ns.
  TwinSequencer(World& world, std::uint64_t seed);

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] Result<DryRun> check(const Program& program) const override;
  Outcome start(const Program& program) override;
  [[nodiscard]] Result<SequencerStatus> status() override;
  Result<std::size_t> read(std::span<Frame> out, double deadline) override;
  Outcome abort() override;

  [[nodiscard]] double now() const override { return seconds(now_); }
  void advance_to(double time) override;

  /// Frames that can wait unread; one more is an overflow and stops the program.
  static constexpr std::size_t buffer_frames = std::size_t{1} << 18;

 private:
  struct FrameInProgress {
    Integrals sum;
    std::int32_t tag = 0;
    unsigned flags = Frame::none;
  };
  static constexpr std::size_t noise_block = 64;

  void begin(const Program& program, bool recording);
  void run_unrecorded(const Program& program);
  void run_to(Tick target);
  void run_frame();
  Tick run_piece(Tick t, Tick frame_end, FrameInProgress& frame);
  void idle(Tick ticks);
  void arm_comparator();
  void after_landing(Tick t);
  void finish_waypoint(Tick t, Integrals& sum);
  void end_run(RunState state, Tick t);
  void begin_potential_leg(Tick t, Integrals& sum);
  Frame digitise(const FrameInProgress& frame);
  void fault(Errc code, const std::string& reason);
  [[nodiscard]] Applied applied() const;
  [[nodiscard]] Error error(Errc code, std::string detail, bool retryable = false) const;
  [[nodiscard]] bool rule_active() const;

  World& world_;
  Amplifier amplifier_;
  std::uint64_t seed_;
  TimeBase base_;
  Capabilities capabilities_;
  double sensor_noise_;  // m
  std::array<double, 3 * noise_block> position_normals_{};
  std::uint64_t position_block_ = UINT64_MAX;

  Tick now_ = 0;                     // the rig's time
  Tick processed_ = 0;               // the frame boundary that the world has reached
  std::unique_ptr<ProgramRun> run_;  // while a program runs
  Applied rest_;                     // commands while no program runs
  std::optional<Tick> stop_at_;      // the comparator has seen contact
  RunState state_ = RunState::idle;
  std::size_t executed_ = 0;
  std::deque<Frame> frames_;
  bool connected_ = false;
  bool recording_ = true;
  bool starting_ = false;
  std::optional<Error> fault_;
  std::optional<double> last_contact_z_;  // m, command
  double last_current_ = 0.0;             // A
};

}  // namespace seccm::instrument::twin
