// The software target: registers and FIFOs of the WEC-SPM FPGA image in front of any ProbeSequencer (the twin).
//
// Waypoints from the FIFO become programs of the sequencer behind it, up to and with the next contact line; its frames
// become samples. It knows converters and queues, no physics: counts come from the sequencer's capabilities.
//
// Time. Each call lets `latency` pass on the clock; a blocking FIFO call lets time pass until it can be served or its
// timeout has come; a stop or any other call gets in meanwhile (TargetOptions::meanwhile). Indicators are read from one
// snapshot: it is renewed by a write, by a FIFO call, and as soon as an indicator is read a second time. A host that
// polls a set of indicators therefore sees them of one instant, however far a paced clock has run meanwhile.
//
// LineNumber is incremented as a line is read, before its samples: line k of a program (from 1) reads baseline + k
// while it runs. Implemented line actions: 0 (none) and 2 (stop on contact, holding at the end of travel until a
// comparator is set or EndCurrentLine). Others, a ramp of V2, a velocity of 0 for a move, and a program that the
// sequencer refuses raise Internal Stop; `fault()` says why. What each register does: register_duties.hpp. A register
// that a running line depends on acts from the next sample on; the write takes until then. External Stop is final until
// reset() and run(); under it the target waits for waypoints. A pause stops the line where it is; it goes on from
// there. Samples flow while waypoints are executed; the first one after a wait carries the interval of one frame.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "instrument/roles/clock.hpp"
#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/servers/nifpga/comparators.hpp"
#include "instrument/servers/nifpga/fpga_device.hpp"
#include "instrument/servers/nifpga/register_duties.hpp"
#include "instrument/servers/nifpga/segment.hpp"
#include "instrument/wecspm/bitfile.hpp"
#include "instrument/wecspm/units.hpp"

namespace seccm::instrument::nifpga {

struct TargetOptions {
  double latency = 50e-6;         ///< s, of a register or FIFO access
  bool polarity_inverted = true;  ///< potential and current have the sign opposite to IUPAC
  double sample_interval = 4e-6;  ///< s, of the rig; its frame is the mean of some samples and one more interval
  std::function<void(const std::string&)> note = {};  ///< told what is refused, with the register's name
  /// Called again and again while a FIFO call blocks: what other threads ask meanwhile is done here.
  std::function<void()> meanwhile = {};
};

class FpgaTarget final : public FpgaDevice {
 public:
  /// `sequencer` and `clock` are of one rig and outlive the target. Throws InputError for a latency outside 0..1 s, or
  /// a frame that is not a whole number of samples.
  FpgaTarget(ProbeSequencer& sequencer, Clock& clock, const TargetOptions& options);

  wecspm::FpgaStatus open(const std::string& bitfile, const std::string& signature,
                          const std::string& resource) override;
  wecspm::FpgaStatus close() override;
  wecspm::FpgaStatus reset() override;
  wecspm::FpgaStatus run() override;
  wecspm::FpgaStatus state(wecspm::ViState& state) override;
  wecspm::FpgaStatus read(std::uint32_t address, wecspm::DataType type, std::int64_t& value) override;
  wecspm::FpgaStatus write(std::uint32_t address, wecspm::DataType type, std::int64_t value) override;
  wecspm::FpgaStatus configure_fifo(std::uint32_t fifo, std::size_t depth, std::size_t& actual) override;
  wecspm::FpgaStatus start_fifo(std::uint32_t fifo) override;
  wecspm::FpgaStatus stop_fifo(std::uint32_t fifo) override;
  wecspm::FpgaStatus write_fifo(std::uint32_t fifo, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                                std::size_t& room) override;
  wecspm::FpgaStatus read_fifo(std::uint32_t fifo, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                               std::size_t& remaining) override;
  wecspm::FpgaStatus abort() override;
  wecspm::FpgaStatus download() override;
  wecspm::FpgaStatus fifo_depth(std::uint32_t fifo, std::size_t& depth) override;

  /// Why Internal Stop is set; empty while it is not.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  struct Fifo {
    std::deque<std::int16_t> words;
    std::size_t on_target = 0;  ///< elements
    std::size_t on_host = 0;    ///< elements
    /// None where the host's buffer was made smaller than what is in it.
    [[nodiscard]] std::size_t room() const {
      const std::size_t all = on_target + on_host;
      return all > words.size() ? all - words.size() : 0;
    }
  };

  static constexpr std::int16_t start_up_xy = 0x3FFF;

  [[nodiscard]] std::int64_t& at(wecspm::Reg reg) { return values_[static_cast<std::size_t>(reg)]; }
  [[nodiscard]] bool on(wecspm::Reg reg) { return at(reg) != 0; }
  [[nodiscard]] bool paused() { return on(wecspm::Reg::external_pause) || on(wecspm::Reg::internal_pause); }
  [[nodiscard]] Fifo* fifo(std::uint32_t number);
  void note(const std::string& what) const;
  [[nodiscard]] bool wait_a_frame(double until);
  void defaults();
  [[nodiscard]] std::optional<std::string> refused(wecspm::Reg reg, std::int64_t value);
  bool go_to_start();
  void pass(double seconds);
  void step(double until);
  void to_frame_end();
  void sync();
  void drain_frames();
  void push(const Frame& frame);
  void settle();
  void line_begun(std::size_t line);
  void read_lines();
  bool ended_at_once();
  void start_segment();
  [[nodiscard]] LineScales scales();
  [[nodiscard]] Comparators comparators();
  void end_held(bool contact);
  bool interrupt();
  void pause();
  bool hold_up();
  void replan();
  void change_on_fly();
  void request_end();
  void stop();
  void fail(const std::string& why);
  [[nodiscard]] std::uint64_t line_number();
  [[nodiscard]] const Line* line_in_execution();
  void publish();
  void apply(wecspm::Reg reg, bool changed);

  ProbeSequencer& sequencer_;
  Clock& clock_;
  TargetOptions options_;
  wecspm::ImageMap image_;
  wecspm::NativeUnits units_;
  double frame_interval_;
  RigTiming timing_;

  bool open_ = false;
  wecspm::ViState state_ = wecspm::ViState::not_running;
  bool stopped_ = false;
  std::array<std::int64_t, wecspm::register_count> values_{};
  std::array<std::int64_t, wecspm::register_count> snapshot_{};
  std::set<wecspm::Reg> seen_;
  Fifo waypoints_, samples_;

  std::vector<Line> rest_;      ///< read from the queue, to be executed before it
  Segment segment_;             ///< lines handed to the sequencer
  bool running_ = false;        ///< the sequencer executes the segment
  bool held_ = false;           ///< a contact line at its target without contact
  bool end_requested_ = false;  ///< EndCurrentLine has met no line yet
  bool end_spent_ = false;      ///< it acts once
  bool fly_requested_ = false;  ///< Change V on Fly has met no line that moves V yet
  std::uint64_t lines_ = 0;     ///< finished before the segment
  std::int16_t v2_ = 0;         ///< counts
  double started_ = 0.0;        ///< s, of the segment
  double last_frame_ = 0.0;     ///< s
  bool fresh_ = true;           ///< the next sample is the first after a wait
  std::string fault_;
};

}  // namespace seccm::instrument::nifpga
