// What a wire can do to a driver, at seeded instants, over loopback: stage (GCS) and lamps (LED) behind a FaultProxy.
//
// Each trial: connect, work, fault, one request. Broken wires give the right error in time; after it nothing is sent to
// the device but a stop until it is connected again, and then it works. Cut and merged segments give no error.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "instrument/drivers/gcs/gcs_stage.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "tests/faults/fault_proxy.hpp"
#include "tests/faults/fault_table.hpp"
#include "tests/wires/bench_light.hpp"
#include "tests/wires/gcs_bench.hpp"
#include "tests/wires/served.hpp"

namespace seccm::fault_test {
namespace {

using instrument::ConnectConsent;
using instrument::Errc;
using instrument::Error;
using instrument::LightChannel;
using instrument::Outcome;
namespace drivers = instrument::drivers;
namespace servers = instrument::servers;
using instrument::testing::BenchClock;
using instrument::testing::BenchLight;
using instrument::testing::BenchSeconds;
using instrument::testing::GcsBench;
using instrument::testing::Served;

constexpr double wire_timeout = 1.0;  // s of each exchange
constexpr std::size_t at_once = 16;   // trials side by side: they mostly wait

struct WireCase {
  const char* name;
  bool stage;  ///< GCS; else LED
  WireFault fault;
  std::optional<Errc> code;
  int exchanges = 1;  ///< that wait for their timeout: a silent GCS query is followed by ERR?, which tells why
};

const WireCase wire_cases[] = {
    {"gcs split", true, WireFault::split, {}},
    {"gcs merged", true, WireFault::merged, {}},
    {"gcs no reply", true, WireFault::no_reply, Errc::timeout, 2},
    {"gcs late reply", true, WireFault::late_reply, Errc::timeout, 2},
    {"gcs garbage", true, WireFault::garbage, Errc::protocol},
    {"gcs half-open", true, WireFault::half_open, Errc::timeout, 2},
    {"gcs reset", true, WireFault::reset, Errc::disconnected},
    {"gcs restart", true, WireFault::restart, Errc::disconnected},
    {"led split", false, WireFault::split, {}},
    {"led merged", false, WireFault::merged, {}},
    {"led no reply", false, WireFault::no_reply, Errc::timeout},
    {"led late reply", false, WireFault::late_reply, Errc::timeout},
    {"led garbage", false, WireFault::garbage, Errc::protocol},
    {"led half-open", false, WireFault::half_open, Errc::timeout},
    {"led reset", false, WireFault::reset, Errc::disconnected},
    {"led restart", false, WireFault::restart, Errc::disconnected},
};

void PrintTo(const WireCase& c, std::ostream* out) {
  *out << c.name;
}

/// What went wrong with one trial, "" for nothing, and how long the request took, s.
struct Trial {
  std::string problem;
  double took = 0.0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Sleeps beside a request, a millisecond at a time, and notes how late the machine wakes it: no driver can do better.
class Sentinel {
 public:
  Sentinel() : start_(Clock::now()), thread_([this](const std::stop_token& stop) { watch(stop); }) {}
  /// Ends the watch: s since it began, and what `exchanges` may take.
  struct Verdict {
    double took, allowed;
  };
  Verdict end(int exchanges) {
    const double took = seconds_since(start_);
    thread_.request_stop();
    thread_.join();
    // Four threads are woken in each exchange: proxy, server, proxy, driver.
    constexpr int wake_ups = 4;
    return {took, exchanges * (1.1 * wire_timeout + wake_ups * latest_)};
  }

 private:
  using Clock = std::chrono::steady_clock;
  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto due = Clock::now() + std::chrono::milliseconds(1);
      std::this_thread::sleep_until(due);
      latest_ = std::max(latest_, seconds_since(due));
    }
  }
  Clock::time_point start_;
  double latest_ = 0.0;  // s; of the thread, until it is joined
  std::jthread thread_;
};

drivers::GcsStage::Open through(const FaultProxy& proxy) {
  return [&proxy] { return drivers::connect_tcp("127.0.0.1", proxy.port(), wire_timeout); };
}

/// A device on the far side, its driver on this one.
class Wired {
 public:
  virtual ~Wired() = default;
  virtual Outcome connect() = 0;
  /// A request drawn at random; one that is answered has to be obeyed.
  virtual Outcome ask(RandomStream& random) = 0;
  /// A request that would change something.
  virtual Outcome change() = 0;
  virtual void make_safe() = 0;
  /// Of everything that the driver commands.
  virtual double commanded() = 0;
  std::unique_ptr<FaultProxy> proxy;
};

class WiredStage final : public Wired {
 public:
  WiredStage() {
    const int port = served_.server.add_tcp(servers::loopback, 0, servers::gcs_sessions(bench_.controller));
    served_.start();
    proxy = std::make_unique<FaultProxy>(port);
    stage_ = std::make_unique<drivers::GcsStage>(through(*proxy), drivers::GcsConfig{}, clock_);
  }
  Outcome connect() override { return stage_->connect({.allow_motion = true}); }
  Outcome ask(RandomStream& random) override {
    const double target = std::nearbyint(150.0 * random.uniform()) * 1e-6;
    const drivers::AxisTarget move{.axis = 1, .target = target};
    switch (random.below(3)) {
      case 0: {
        const auto where = stage_->positions();
        return where ? Outcome(instrument::Done{}) : Outcome(where.error());
      }
      case 1: {
        const auto moving = stage_->moving();
        return moving ? Outcome(instrument::Done{}) : Outcome(moving.error());
      }
      default: {
        Outcome outcome = stage_->move_to({&move, 1});
        if (outcome.ok() && std::abs(commanded() - target) > 1e-12)
          return Error{Errc::protocol, "test", "the stage was told another target", false};
        return outcome;
      }
    }
  }
  Outcome change() override {
    const drivers::AxisTarget move{.axis = 1, .target = 199e-6};
    return stage_->move_to({&move, 1});
  }
  void make_safe() override { stage_->make_safe(); }
  double commanded() override {
    const std::lock_guard lock(world_);
    return bench_.stage.target(1);
  }

 private:
  std::mutex world_;
  GcsBench bench_{0.0};
  BenchClock clock_{bench_.time};
  Served served_{{.world = &world_}};
  std::unique_ptr<drivers::GcsStage> stage_;
};

class WiredLamps final : public Wired {
 public:
  WiredLamps() {
    const int port = served_.server.add_tcp(servers::loopback, 0, servers::led_sessions(source_));
    served_.start();
    proxy = std::make_unique<FaultProxy>(port);
    light_ = std::make_unique<drivers::LedLight>(through(*proxy), drivers::LedConfig{}, clock_);
  }
  Outcome connect() override { return light_->connect({}); }
  Outcome ask(RandomStream& random) override {
    const double intensity = 0.01 * static_cast<double>(1 + random.below(90));
    if (random.below(2) == 0) {
      const auto state = light_->get();
      return state ? Outcome(instrument::Done{}) : Outcome(state.error());
    }
    Outcome outcome = light_->set(LightChannel::reflection, intensity);
    if (outcome.ok() && std::abs(commanded() - intensity) > 1e-12)
      return Error{Errc::protocol, "test", "the lamp shines otherwise", false};
    return outcome;
  }
  Outcome change() override { return light_->set(LightChannel::reflection, 0.99); }
  void make_safe() override { light_->make_safe(); }
  double commanded() override {
    const std::lock_guard lock(world_);
    return bench_.state.reflection;
  }

 private:
  std::mutex world_;
  BenchLight bench_;
  BenchSeconds time_;
  BenchClock clock_{time_};
  servers::LedSource source_{bench_, time_, {}};
  Served served_{{.world = &world_}};
  std::unique_ptr<drivers::LedLight> light_;
};

Outcome connect_patiently(Wired& wired) {
  Outcome outcome = wired.connect();
  for (int k = 0; k < 10 && !outcome.ok(); ++k) outcome = wired.connect();  // the machine may be busy
  return outcome;
}

std::string told(const std::string& what, const Outcome& outcome) {
  return what + ": " + (outcome.ok() ? "no error" : describe(outcome.error()));
}

/// After an error: nothing is sent that changes anything, making safe ends, and a new connection works.
std::string aftermath(Wired& wired, RandomStream& random) {
  const double before = wired.commanded();
  const Outcome refused = wired.change();
  if (refused.ok() || refused.error().code != Errc::needs_reconnect) return told("a request after the fault", refused);
  if (wired.commanded() != before) return "the device was commanded after the fault";
  Sentinel sentinel;
  wired.make_safe();
  if (const auto [took, allowed] = sentinel.end(2); took > allowed) return "making safe took too long";
  if (wired.change().ok()) return "making safe armed it again";
  wired.proxy->heal();
  if (const Outcome again = connect_patiently(wired); !again.ok()) return told("connecting again", again);
  if (const Outcome works = wired.ask(random); !works.ok()) return told("after connecting again", works);
  return "";
}

Trial trial_of(const WireCase& c, std::uint64_t seed) {
  const std::unique_ptr<Wired> wired =
      c.stage ? std::unique_ptr<Wired>(new WiredStage) : std::unique_ptr<Wired>(new WiredLamps);
  RandomStream random(seed, c.name);
  Trial trial;
  const auto failed = [&](std::string text) {
    trial.problem = "seed " + std::to_string(seed) + ": " + std::move(text);
    return trial;
  };
  if (const Outcome outcome = connect_patiently(*wired); !outcome.ok()) return failed(told("connecting", outcome));
  for (std::uint64_t k = random.below(4); k > 0; --k)
    if (const Outcome outcome = wired->ask(random); !outcome.ok()) return failed(told("before the fault", outcome));
  wired->proxy->strike(c.fault, seed, (1.2 + random.uniform()) * wire_timeout);
  Sentinel sentinel;
  const Outcome outcome = wired->ask(random);
  const auto [took, allowed] = sentinel.end(c.exchanges);
  trial.took = took;
  if (took > allowed) return failed("it took " + std::to_string(took) + " s of " + std::to_string(allowed) + " s");
  if (!c.code) {
    if (!outcome.ok()) return failed(told("a wire that is slow only", outcome));
    return trial;
  }
  if (outcome.ok() || outcome.error().code != *c.code) return failed(told("the request", outcome));
  if (std::string after = aftermath(*wired, random); !after.empty()) return failed(std::move(after));
  return trial;
}

class WireFaults : public testing::TestWithParam<WireCase> {};

TEST_P(WireFaults, AreNamedInTimeAndNothingIsSentUntilConnectedAgain) {
  const WireCase& c = GetParam();
  double slowest = 0.0;
  for (int first = 1; first <= seeds(); first += static_cast<int>(at_once)) {
    std::vector<std::future<Trial>> batch;
    for (int seed = first; seed <= std::min(seeds(), first + static_cast<int>(at_once) - 1); ++seed)
      batch.push_back(
          std::async(std::launch::async, [&c, seed] { return trial_of(c, static_cast<std::uint64_t>(seed)); }));
    for (auto& running : batch) {
      const Trial trial = running.get();
      EXPECT_EQ(trial.problem, "");
      slowest = std::max(slowest, trial.took);
    }
  }
  add_row(c.name, c.code ? std::string(to_string(*c.code)) : "no error", slowest, 1.1 * c.exchanges * wire_timeout);
}

INSTANTIATE_TEST_SUITE_P(Loopback, WireFaults, testing::ValuesIn(wire_cases), [](const auto& tested) {
  std::string name(tested.param.name);
  std::replace_if(
      name.begin(), name.end(), [](char ch) { return ch == ' ' || ch == '-'; }, '_');
  return name;
});

}  // namespace
}  // namespace seccm::fault_test
