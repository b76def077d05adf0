// One small scan on the twin with one fault in it, and what the devices were told.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "instrument/decorators/fault_injection.hpp"
#include "instrument/twin/twin_spec.hpp"
#include "pipeline/scan/smart_scan.hpp"

namespace seccm::fault_test {

/// A call that reached the devices, or a read that came back.
struct Event {
  enum Kind { read, make_safe, abort, start, connect } kind = read;
  double t = 0.0;                    ///< device time, s
  std::uintmax_t journal_bytes = 0;  ///< what had been written down by then
};

/// Told each event when it comes.
using Watcher = std::function<void(Event::Kind)>;

/// Between the interlocks and the faults: notes what passes.
class CallLog final : public instrument::ProbeSequencer {
 public:
  CallLog(instrument::ProbeSequencer& inner, instrument::Clock& clock, std::filesystem::path journal, Watcher watcher)
      : inner_(inner), clock_(clock), journal_(std::move(journal)), watcher_(std::move(watcher)) {}

  [[nodiscard]] instrument::Identity identity() const override { return inner_.identity(); }
  [[nodiscard]] instrument::Health health() const override { return inner_.health(); }
  instrument::Outcome connect(instrument::ConnectConsent consent) override {
    note(Event::connect);
    return inner_.connect(consent);
  }
  void make_safe() noexcept override {
    note(Event::make_safe);
    inner_.make_safe();
  }
  [[nodiscard]] instrument::Limits limits() const override { return inner_.limits(); }
  [[nodiscard]] instrument::Capabilities capabilities() const override { return inner_.capabilities(); }
  [[nodiscard]] instrument::Result<instrument::DryRun> check(const instrument::Program& p) const override {
    return inner_.check(p);
  }
  instrument::Outcome start(const instrument::Program& program) override {
    note(Event::start);
    return inner_.start(program);
  }
  [[nodiscard]] instrument::Result<instrument::SequencerStatus> status() override { return inner_.status(); }
  instrument::Result<std::size_t> read(std::span<instrument::Frame> out, double deadline) override {
    auto count = inner_.read(out, deadline);
    note(Event::read);
    return count;
  }
  instrument::Outcome abort() override {
    note(Event::abort);
    return inner_.abort();
  }

  [[nodiscard]] const std::vector<Event>& events() const { return events_; }

 private:
  void note(Event::Kind kind) noexcept;

  instrument::ProbeSequencer& inner_;
  instrument::Clock& clock_;
  std::filesystem::path journal_;
  Watcher watcher_;
  std::vector<Event> events_;
};

struct FaultRun {
  scan::ScanOutcome outcome;
  std::vector<Event> events;
  std::vector<files::FaultRecord> faults;  ///< as in the run file
  std::vector<files::PointRecord> points;
  bool struck = false;
  double struck_at = 0.0;
};

/// One cluster, a small camera, every contact wets.
instrument::twin::TwinSpec small_twin();
/// Two nodes of a hopping array, a quick voltammogram on each.
scan::ScanParameters two_nodes(const scan::PolicyParameters& policy);
files::RunHeader header_of(const instrument::Capabilities& c);

/// Where `run_with` makes its run file.
std::filesystem::path run_path();
/// `two_nodes` on a twin of this seed. Programs: 3 of the preflight, 6 per point, 1 to park. What a
/// scan throws passes through; then the journal is still there.
FaultRun run_with(const instrument::FaultParameters& plan, const scan::PolicyParameters& policy, std::uint64_t seed,
                  const Watcher& watcher = {});

/// The 5th program of a point is its voltammogram: 0.1 s of rest and two ramps of 0.4 s, 875 frames.
inline constexpr int programs_per_point = 6, first_cv = 9, cv_frames = 875;

}  // namespace seccm::fault_test
