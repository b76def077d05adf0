// The rig behind libNiFpga.so: SECCM_RIG names a scenario (file, or one of the library), SECCM_SPEED a speed against
// the wall clock. Without a speed, time is stepped by the calls. With serve.beside_fpga camera and lamps of the same
// world are on the wire as long as the FPGA is open: one world for a whole rig of drivers.
#include <fmt/format.h>

#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "instrument/servers/nifpga/c_api.hpp"
#include "instrument/servers/nifpga/fpga_target.hpp"
#include "instrument/servers/wire/line_session.hpp"
#include "instrument/twin/twin_rig.hpp"
#include "rigs/request_time.hpp"
#include "rigs/served_microscope.hpp"
#include "rigs/twin_assembly.hpp"
#include "scenarios/library.hpp"
#include "scenarios/scenario.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::nifpga {

namespace {

double speed_asked_for() {
  const char* text = std::getenv("SECCM_SPEED");
  if (text == nullptr) return 0.0;
  char* end = nullptr;
  const double speed = std::strtod(text, &end);
  if (end == text || *end != '\0' || !(speed >= 1e-3 && speed <= 1e4)) {
    throw InputError(fmt::format("SECCM_SPEED = \"{}\", accepted are 0.001 to 10000", text));
  }
  return speed;
}

scenarios::Scenario scenario_asked_for() {
  const char* path = std::getenv("SECCM_RIG");
  if (path == nullptr) throw InputError("SECCM_RIG is not set: it names the scenario of the rig, e.g. quickstart");
  return scenarios::load_scenario(scenarios::resolve_scenario(path));
}

/// What the threads of camera, lamps and FPGA calls work on. FPGA calls get their turns in the order in which they
/// came: one that blocks and lets others in would else be the first to come back.
class SharedWorld {
 public:
  void lock() {
    std::unique_lock turn(turns_);
    const std::uint64_t mine = last_++;
    called_.wait(turn, [&] { return mine == now_; });
    turn.unlock();
    world_.lock();
  }
  void unlock() {
    world_.unlock();
    const std::lock_guard turn(turns_);
    ++now_;
    called_.notify_all();
  }
  void let_others_in() {
    unlock();
    lock();
  }
  /// Of those who do not wait in line.
  [[nodiscard]] std::mutex& mutex() { return world_; }

 private:
  std::mutex turns_, world_;
  std::condition_variable called_;
  std::uint64_t last_ = 0, now_ = 0;
};

/// The target of a world that the threads of camera and lamps work on as well.
class SharedTarget final : public FpgaDevice {
 public:
  SharedTarget(FpgaDevice& inner, SharedWorld& world) : inner_(inner), world_(world) {}
  wecspm::FpgaStatus open(const std::string& bitfile, const std::string& signature,
                          const std::string& resource) override {
    const std::lock_guard lock(world_);
    return inner_.open(bitfile, signature, resource);
  }
  wecspm::FpgaStatus close() override {
    const std::lock_guard lock(world_);
    return inner_.close();
  }
  wecspm::FpgaStatus reset() override {
    const std::lock_guard lock(world_);
    return inner_.reset();
  }
  wecspm::FpgaStatus run() override {
    const std::lock_guard lock(world_);
    return inner_.run();
  }
  wecspm::FpgaStatus state(wecspm::ViState& state) override {
    const std::lock_guard lock(world_);
    return inner_.state(state);
  }
  wecspm::FpgaStatus read(std::uint32_t address, wecspm::DataType type, std::int64_t& value) override {
    const std::lock_guard lock(world_);
    return inner_.read(address, type, value);
  }
  wecspm::FpgaStatus write(std::uint32_t address, wecspm::DataType type, std::int64_t value) override {
    const std::lock_guard lock(world_);
    return inner_.write(address, type, value);
  }
  wecspm::FpgaStatus configure_fifo(std::uint32_t fifo, std::size_t depth, std::size_t& actual) override {
    const std::lock_guard lock(world_);
    return inner_.configure_fifo(fifo, depth, actual);
  }
  wecspm::FpgaStatus start_fifo(std::uint32_t fifo) override {
    const std::lock_guard lock(world_);
    return inner_.start_fifo(fifo);
  }
  wecspm::FpgaStatus stop_fifo(std::uint32_t fifo) override {
    const std::lock_guard lock(world_);
    return inner_.stop_fifo(fifo);
  }
  wecspm::FpgaStatus write_fifo(std::uint32_t fifo, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                                std::size_t& room) override {
    const std::lock_guard lock(world_);
    return inner_.write_fifo(fifo, words, timeout_ms, room);
  }
  wecspm::FpgaStatus read_fifo(std::uint32_t fifo, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                               std::size_t& remaining) override {
    const std::lock_guard lock(world_);
    return inner_.read_fifo(fifo, words, timeout_ms, remaining);
  }
  wecspm::FpgaStatus abort() override {
    const std::lock_guard lock(world_);
    return inner_.abort();
  }
  wecspm::FpgaStatus download() override {
    const std::lock_guard lock(world_);
    return inner_.download();
  }
  wecspm::FpgaStatus fifo_depth(std::uint32_t fifo, std::size_t& depth) override {
    const std::lock_guard lock(world_);
    return inner_.fifo_depth(fifo, depth);
  }

 private:
  FpgaDevice& inner_;
  SharedWorld& world_;
};

void complain(const std::string& what) {
  std::fprintf(stderr, "libNiFpga (seccm): %s\n", what.c_str());
}

class ServedTwin final : public ServedFpga {
 public:
  ServedTwin(const scenarios::Scenario& scenario, double speed)
      : twin_(rigs::twin_spec_of(scenario), static_cast<std::uint64_t>(scenario.seed)),
        time_(twin_.rig().clock, speed),
        target_(twin_.rig().sequencer, time_.clock(),
                {.sample_interval = scenario.twin.amplifier.sample_interval.si(),
                 .note = complain,
                 .meanwhile = [this] { world_.let_others_in(); }}),
        shared_(target_, world_),
        wire_({.world = &world_.mutex(), .note = complain, .ahead = [this] { return time_.ahead(); }}),
        microscope_(time_, world_.mutex()) {
    const scenarios::ServeParameters& serve = scenario.serve;
    if (!serve.beside_fpga) return;
    if (serve.light) {
      microscope_.serve(twin_.rig().light, serve, wire_);
      lamps_ = std::jthread([this](const std::stop_token& stop) { wire_.run(stop); });
    }
    if (serve.camera) microscope_.serve(twin_.rig().camera, serve, complain);
  }

  FpgaDevice& target() override { return shared_; }

 private:
  twin::TwinRig twin_;
  SharedWorld world_;
  rigs::RequestTime time_;
  FpgaTarget target_;
  SharedTarget shared_;
  servers::WireServer wire_;
  rigs::ServedMicroscope microscope_;
  std::jthread lamps_;  // last: joined before what it serves goes
};

}  // namespace

std::unique_ptr<ServedFpga> make_served_fpga() {
  return std::make_unique<ServedTwin>(scenario_asked_for(), speed_asked_for());
}

}  // namespace seccm::instrument::nifpga
