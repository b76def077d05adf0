// A scan on stage and source meter that are called in this process, and on the same two behind their servers on
// loopback, where requests step the time: the journals are the same to the last byte.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>

#include "files/run_journal.hpp"
#include "instrument/decorators/interlock_guard.hpp"
#include "instrument/decorators/shared_clock.hpp"
#include "pipeline/scan/smart_scan.hpp"
#include "tests/faults/fault_run.hpp"
#include "tests/host/host_fixture.hpp"
#include "tests/wires/served.hpp"

namespace seccm::instrument::host_test {
namespace {

namespace fs = std::filesystem;

constexpr double patience = 60.0;  // s of the wall clock: a loaded machine is no broken wire

class Instruments {
 public:
  explicit Instruments(bool on_loopback) {
    const auto stage_sessions = servers::gcs_sessions(controller_);
    const auto meter_sessions = servers::scpi_sessions(unit_);
    if (on_loopback) {
      wire_.emplace(servers::WireOptions{.world = &world_});
      stage_port_ = wire_->server.add_tcp(servers::loopback, 0, stage_sessions);
      meter_port_ = wire_->server.add_tcp(servers::loopback, 0, meter_sessions);
      wire_->start();
    }
    stage_.emplace(opener(stage_sessions, stage_port_), drivers::GcsConfig{}, clock_);
    meter_.emplace(opener(meter_sessions, meter_port_),
                   drivers::SourceMeterConfig{.current_range = config_.current_range.si()}, clock_);
    sequencer_.emplace(*stage_, *meter_, clock_, config_);
    host_clock_.emplace(*sequencer_);
  }
  Instruments(const Instruments&) = delete;
  Instruments& operator=(const Instruments&) = delete;

  ProbeSequencer& sequencer() { return *sequencer_; }
  Clock& clock() { return *host_clock_; }

 private:
  drivers::GcsStage::Open opener(const servers::SessionFactory& sessions, int port) {
    if (wire_) return [port] { return drivers::connect_tcp(servers::loopback, port, patience); };
    return [this, sessions] {
      return Result<std::unique_ptr<drivers::ByteStream>>(std::make_unique<DirectStream>(sessions(), as_sent_));
    };
  }

  drivers::HostConfig config_;
  DirectStream::Spoil as_sent_;
  twin::SingleInstruments twin_{small_spec(), 7};
  std::mutex world_;
  SteppedTime time_{twin_.clock()};
  servers::GcsController controller_{twin_.stage(), time_, servers::GcsOptions{}};
  servers::ScpiSourceMeter unit_{twin_.source_meter(), time_, {.dialect = servers::ScpiDialect::keithley_6430}};
  SharedClock clock_{twin_.clock(), world_};
  std::optional<testing::Served> wire_;
  int stage_port_ = 0, meter_port_ = 0;
  std::optional<drivers::GcsStage> stage_;
  std::optional<drivers::SourceMeter> meter_;
  std::optional<drivers::HostSequencer> sequencer_;
  std::optional<drivers::HostClock> host_clock_;
};

std::string journal_of_scan(bool on_loopback) {
  const fs::path path = fs::path(::testing::TempDir()) / ("seccm_stepped_" + std::to_string(::getpid()) + ".h5");
  const fs::path journal = path.string() + ".journal";
  Instruments instruments(on_loopback);
  InterlockGuard guard(instruments.sequencer(), {});
  twin::testing::TwinFixture microscope;  // its own: camera and lamps are not what is compared
  EXPECT_TRUE(succeeded(guard.connect({.allow_motion = true})));
  EXPECT_TRUE(succeeded(microscope.camera().connect({})));
  EXPECT_TRUE(succeeded(microscope.light().connect({})));
  {
    files::RunRecorder recorder(path, fault_test::header_of(guard.capabilities()));
    const auto outcome = scan::run_hopping_grid({instruments.clock(), guard, microscope.camera(), microscope.light()},
                                                fault_test::two_nodes({}), recorder, {});
    EXPECT_EQ(outcome.ending, scan::Ending::complete) << outcome.message;
    EXPECT_EQ(outcome.points_complete, 2);
  }  // without an end: the journal stays
  std::ifstream in(journal, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  fs::remove(journal);
  return bytes;
}

TEST(SteppedScan, GivesTheJournalOfTheSameScanInOneProcess) {
  const std::string direct = journal_of_scan(false), stepped = journal_of_scan(true);
  EXPECT_GT(direct.size(), 10000U);
  EXPECT_TRUE(direct == stepped) << direct.size() << " and " << stepped.size() << " bytes";
}

}  // namespace
}  // namespace seccm::instrument::host_test
