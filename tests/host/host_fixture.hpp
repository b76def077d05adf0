// The host sequencer over GCS and SCPI on the instruments of a small twin, all in one process and in stepped time: what
// a driver writes goes straight into the session of the server.
#pragma once

#include <functional>

#include "instrument/drivers/host/host_sequencer.hpp"
#include "instrument/servers/gcs/gcs_session.hpp"
#include "instrument/servers/scpi/scpi_source_meter.hpp"
#include "instrument/twin/single_instruments.hpp"
#include "tests/twin/twin_fixture.hpp"

namespace seccm::instrument::host_test {

using instrument::testing::hold;
using instrument::testing::move_xy;
using instrument::testing::move_z;
using instrument::testing::program_of;
using instrument::testing::read_all;
using instrument::testing::succeeded;
using twin::testing::blank_x;
using twin::testing::blank_y;
using twin::testing::small_spec;

/// A wire without sockets. `spoil` may change what the device sent, or throw it away.
class DirectStream final : public drivers::ByteStream {
 public:
  using Spoil = std::function<std::string(const std::string& sent, std::string reply)>;
  DirectStream(std::unique_ptr<servers::Session> session, const Spoil& spoil)
      : session_(std::move(session)), spoil_(spoil) {}
  Outcome write(std::string_view bytes) override {
    const std::string sent(bytes);
    std::string reply = session_->feed(bytes);
    kept_ += spoil_ ? spoil_(sent, std::move(reply)) : reply;
    return Done{};
  }
  Result<std::string> read_until(char end, std::size_t most) override {
    const auto at = kept_.find(end);
    if (at == std::string::npos) return Error{Errc::timeout, "direct stream", "no reply", true};
    if (at >= most) return Error{Errc::protocol, "direct stream", "a long reply", false};
    return read_exactly(at + 1);
  }
  Result<std::string> read_exactly(std::size_t count) override {
    if (kept_.size() < count) return Error{Errc::timeout, "direct stream", "no reply", true};
    std::string taken = kept_.substr(0, count);
    kept_.erase(0, count);
    return taken;
  }
  Outcome discard_input() override {
    kept_.clear();
    return Done{};
  }
  [[nodiscard]] std::string peer() const override { return "direct"; }
  void close() noexcept override {}

 private:
  std::unique_ptr<servers::Session> session_;
  const Spoil& spoil_;
  std::string kept_;
};

class SteppedTime final : public bench::BenchTime {
 public:
  explicit SteppedTime(Clock& rig) : rig_(rig) {}
  [[nodiscard]] double now() const override { return rig_.now(); }
  void on_request(double latency) override { rig_.sleep_until(rig_.now() + latency, {}); }

 private:
  Clock& rig_;
};

class HostFixture {
 public:
  HostFixture() : HostFixture(small_spec()) {}
  explicit HostFixture(const twin::TwinSpec& spec, const drivers::HostConfig& config = {},
                       servers::ScpiDialect dialect = servers::ScpiDialect::keithley_6430)
      : twin_(spec, 7),
        time_(twin_.clock()),
        controller_(twin_.stage(), time_, servers::GcsOptions{}),
        unit_(twin_.source_meter(), time_, {.dialect = dialect}),
        stage_([this] { return direct(servers::gcs_sessions(controller_), spoil_stage); }, {}, twin_.clock()),
        meter_([this] { return direct(servers::scpi_sessions(unit_), spoil_meter); },
               {.current_range = config.current_range.si()}, twin_.clock()),
        sequencer_(stage_, meter_, twin_.clock(), config),
        clock_(sequencer_) {}

  ProbeSequencer& sequencer() { return sequencer_; }
  Clock& clock() { return clock_; }
  twin::SingleInstruments& twin() { return twin_; }
  /// The surface lies 28 to 32 um up.
  double approach_floor() { return 60e-6; }
  /// As of the twin: the mean of two looks is no noisier than one.
  double settling_error() { return 6e-9; }

  void connect() { ASSERT_TRUE(succeeded(sequencer_.connect({.allow_motion = true}))); }
  std::vector<Frame> run(const Program& program) {
    const auto outcome = sequencer_.start(program);
    EXPECT_TRUE(succeeded(outcome));
    return outcome.ok() ? read_all(sequencer_) : std::vector<Frame>{};
  }
  RunState state() { return sequencer_.status().value().state; }

  DirectStream::Spoil spoil_stage, spoil_meter;

 private:
  static Result<std::unique_ptr<drivers::ByteStream>> direct(const servers::SessionFactory& factory,
                                                             const DirectStream::Spoil& spoil) {
    return std::unique_ptr<drivers::ByteStream>(std::make_unique<DirectStream>(factory(), spoil));
  }

  twin::SingleInstruments twin_;
  SteppedTime time_;
  servers::GcsController controller_;
  servers::ScpiSourceMeter unit_;
  drivers::GcsStage stage_;
  drivers::SourceMeter meter_;
  drivers::HostSequencer sequencer_;
  drivers::HostClock clock_;
};

}  // namespace seccm::instrument::host_test
