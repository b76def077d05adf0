// Driver of the real rig: a ProbeSequencer over the WEC-SPM FPGA image.
//
// Connecting resets and runs the image, which retracts z, puts the potentials to 0 and moves x and y to +5 V (raw
// 0x3FFF): it needs consent, and nothing can prevent it once the image runs. The start-up state is verified.
// A program of the role goes out as one native program per contact leg (native_program.hpp); between two of them the
// target holds and sends no samples. Contact ends the program; the end of travel is limit_reached, never contact.
// `abort` keeps the whole frames so far, sets External Stop, waits until the target acknowledges it by waiting for
// waypoints, and discards the rest, since the stop can cut a sample: the next program needs a reconnect
// (Errc::needs_reconnect), which moves the stage. So does any fault, and a stop that is not acknowledged in 5 s is one.
// `make_safe` sets External Stop before anything else; then, unless switched off in the configuration or motion is
// doubtful after a fault, it runs the image anew, whose start-up state is the safe one.
// Time is that of the samples (sample_clock.hpp): clock() is the clock of the rig.
// Limits are hard here as well: range, speed, rate, potential, and lateral moves only with clearance.
// Polarity, scales and counts live here; the role sees SI and IUPAC signs. One thread at a time.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "instrument/drivers/wecspm/image_session.hpp"
#include "instrument/drivers/wecspm/part_run.hpp"
#include "instrument/drivers/wecspm/sample_clock.hpp"
#include "instrument/drivers/wecspm/wecspm_config.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::instrument::wecspm {

class WecspmSequencer final : public ProbeSequencer {
 public:
  /// `api` and `clock`, the host's, outlive it. Throws InputError for a bitfile that is not of the contract.
  WecspmSequencer(NiFpgaApi& api, Clock& clock, const WecspmConfig& config, const Bitfile& bitfile);
  /// Sets External Stop and closes.
  ~WecspmSequencer() override;
  WecspmSequencer(const WecspmSequencer&) = delete;
  WecspmSequencer& operator=(const WecspmSequencer&) = delete;

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

  /// Of the rig; valid while the driver lives.
  [[nodiscard]] Clock& clock() { return clock_; }

 private:
  struct Run {
    Program program;
    CompiledProgram compiled;
    std::size_t index = 0;  ///< of the part in execution
    std::unique_ptr<PartRun> part;
  };

  Outcome start_image();
  Outcome await_waiting(const char* what);
  Outcome await_start_up();
  Result<Counts> applied();
  [[nodiscard]] Result<CompiledProgram> compiled(const Program& program) const;
  [[nodiscard]] double safe_height() const;
  Outcome begin_part();
  Outcome fetch(double deadline);
  Outcome take(std::size_t samples);
  Outcome keep(std::span<const std::int16_t> words);
  Outcome take_all();
  Outcome advance();
  Outcome end_part(PartEnd end);
  void finish(RunState state, std::size_t executed);
  Error fail(Error error);
  void stop_image() noexcept;

  SampleClock clock_;
  WecspmConfig config_;
  NativeUnits units_;
  Identity identity_;
  ImageSession session_;

  bool connected_ = false;
  bool needs_reconnect_ = false;
  std::optional<Error> fault_;
  std::unique_ptr<Run> run_;  ///< while a program runs
  RunState state_ = RunState::idle;
  std::size_t executed_ = 0;
  Counts at_{};                           ///< where it stands while no program runs
  std::optional<double> last_contact_z_;  ///< m
  std::deque<Frame> frames_;              ///< decoded, not handed out
  double last_seen_ = 0.0;                ///< s
};

}  // namespace seccm::instrument::wecspm
