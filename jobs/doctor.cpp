#include "jobs/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "instrument/drivers/gcs/gcs_stage.hpp"
#include "instrument/drivers/gige/gige_camera.hpp"
#include "instrument/drivers/led/led_light.hpp"
#include "instrument/drivers/scpi/source_meter.hpp"
#include "instrument/drivers/wecspm/nifpga_library.hpp"
#include "instrument/drivers/wecspm/wecspm_sequencer.hpp"
#include "pipeline/scan/collected_frames.hpp"
#include "rigs/instrument_place.hpp"
#include "rigs/wall_clock.hpp"
#include "sim/error.hpp"

namespace seccm::jobs {

namespace {

using instrument::Done;
using instrument::Errc;
using instrument::Outcome;
namespace drivers = instrument::drivers;
namespace wecspm = instrument::wecspm;

constexpr int asked = 30;           // times, for timing and noise
constexpr int grabbed = 5;          // frames of the camera
constexpr double rested = 1.0;      // s of the sequencer's current
constexpr double excursion = 1e-6;  // m, of the stage, there and back

std::string who(const instrument::Identity& id) {
  return fmt::format("is {} {}, serial {}, firmware {}", id.vendor, id.model,
                     id.serial.empty() ? "not said" : id.serial, id.firmware.empty() ? "not said" : id.firmware);
}

/// Asks `asked` times and says how long the answers took.
template <class Ask>
Outcome time_answers(const char* what, const rigs::WallClock& clock, Examination& e, const std::stop_token& stop,
                     Ask ask) {
  std::vector<double> waits;
  for (int k = 0; k < asked && !stop.stop_requested(); ++k) {
    const double before = clock.now();
    if (const Outcome answer = ask(); !answer) return answer.error();
    waits.push_back(clock.now() - before);
  }
  if (waits.empty()) return Done{};
  e.findings.push_back(fmt::format("answers {} in {:.2f} ms, at the slowest in {:.2f} ms ({} times)", what,
                                   1e3 * scan::mean(waits), 1e3 * *std::max_element(waits.begin(), waits.end()),
                                   waits.size()));
  return Done{};
}

/// There and back along the first axis, where there is more room.
Outcome move_stage(drivers::GcsStage& stage, double from, rigs::WallClock& clock, double timeout, Examination& e,
                   const std::stop_token& stop) {
  const double middle = 0.5 * (stage.travel_min(0) + stage.travel_max(0));
  const double begin = clock.now();
  for (const double target : {from < middle ? from + excursion : from - excursion, from}) {
    if (const Outcome moved = stage.move_to(std::array{drivers::AxisTarget{0, target}}); !moved) return moved.error();
    for (const double late = clock.now() + timeout;;) {
      const auto there = stage.on_target(std::array{0});
      if (!there) return there.error();
      if (there.value() || stop.stop_requested()) break;
      if (clock.now() > late)
        return instrument::Error{Errc::timeout, "stage", fmt::format("not on target after {:g} s", timeout)};
    }
  }
  const auto back = stage.positions();
  if (!back) return back.error();
  e.findings.push_back(fmt::format("moved 1 um along the first axis and back in {:.0f} ms, {:.1f} nm from where it was",
                                   1e3 * (clock.now() - begin), 1e9 * std::abs(back.value().front() - from)));
  return Done{};
}

Outcome examine_stage(const scenarios::Scenario& scenario, bool allow_motion, Examination& e,
                      const std::stop_token& stop) {
  rigs::WallClock clock;
  const double timeout = scenario.hardware.timeout.si();
  drivers::GcsStage stage(
      rigs::way_to(scenario.hardware.stage, scenario.hardware.stage_baud, timeout, "hardware.stage"), {}, clock);
  if (const Outcome connected = stage.connect({allow_motion}); !connected) return connected.error();
  e.findings.push_back(who(stage.identity()));
  const std::array needs{scenario.twin.stage.range_xy.si(), scenario.twin.stage.range_xy.si(),
                         scenario.twin.stage.range_z.si()};
  for (int axis = 0; axis < stage.axes(); ++axis) {
    const double travel = stage.travel_max(axis) - stage.travel_min(axis);
    const bool short_of = travel < (1.0 - 1e-6) * needs.at(static_cast<std::size_t>(axis));
    e.findings.push_back(fmt::format("axis {}: travel {:.6g} to {:.6g} um{}", axis + 1, 1e6 * stage.travel_min(axis),
                                     1e6 * stage.travel_max(axis),
                                     short_of ? ", less than [stage] of the scenario counts on" : ""));
  }
  std::vector<std::vector<double>> readings(static_cast<std::size_t>(stage.axes()));
  const Outcome timed = time_answers("positions", clock, e, stop, [&]() -> Outcome {
    const auto p = stage.positions();
    if (!p) return p.error();
    for (std::size_t a = 0; a < readings.size(); ++a) readings[a].push_back(p.value().at(a));
    return Done{};
  });
  if (!timed || readings.front().empty()) return timed;
  std::string noise;
  for (const auto& axis : readings)
    noise += fmt::format("{}{:.2f}", noise.empty() ? "" : ", ", 1e9 * scan::standard_deviation(axis));
  e.findings.push_back(fmt::format("scatter of its axes at rest: {} nm", noise));
  if (!allow_motion) return Done{};
  return move_stage(stage, readings.front().back(), clock, timeout, e, stop);
}

Outcome examine_light(const scenarios::Scenario& scenario, bool, Examination& e, const std::stop_token& stop) {
  const rigs::WallClock clock;
  drivers::LedLight light(rigs::way_to(scenario.hardware.light, scenario.hardware.light_baud,
                                       scenario.hardware.timeout.si(), "hardware.light"),
                          {}, clock);
  if (const Outcome connected = light.connect({}); !connected) return connected.error();
  e.findings.push_back(who(light.identity()));
  return time_answers("its state", clock, e, stop, [&]() -> Outcome {
    if (const auto state = light.get(); !state) return state.error();
    return Done{};
  });
}

Outcome examine_camera(const scenarios::Scenario& scenario, bool, Examination& e, const std::stop_token& stop) {
  const rigs::WallClock clock;
  drivers::GigeConfig config{.id = scenario.hardware.camera};
  config.bits = scenario.hardware.camera_bits > 0 ? scenario.hardware.camera_bits : 16;
  config.timeout_s = scenario.hardware.timeout.si();
  drivers::GigeCamera camera(config, clock, stop);
  if (const Outcome connected = camera.connect({}); !connected) return connected.error();
  const auto p = camera.properties();
  e.findings.push_back(who(camera.identity()));
  e.findings.push_back(fmt::format("frames of {} x {} px", p.width, p.height));
  std::vector<instrument::Image> images;
  const double begin = clock.now();
  for (int k = 0; k < grabbed; ++k) {
    auto image = camera.grab(1e9);
    if (!image) return image.error();
    images.push_back(std::move(image).value());
  }
  const double wall = clock.now() - begin;
  double grey = 0.0, squares = 0.0;
  std::size_t full = 0;
  const auto& first = images[images.size() - 2].pixels;
  const auto& last = images.back().pixels;
  for (std::size_t k = 0; k < last.size(); ++k) {
    const double difference = static_cast<double>(last[k]) - static_cast<double>(first[k]);
    grey += static_cast<double>(last[k]) / static_cast<double>(last.size());
    squares += difference * difference / static_cast<double>(last.size());
    if (last[k] >= (1U << static_cast<unsigned>(p.bits)) - 1U) ++full;
  }
  e.findings.push_back(fmt::format("{} frames in {:.0f} ms, {:.0f} ms by its own clock", grabbed, 1e3 * wall,
                                   1e3 * (images.back().t_end - images.front().t_start)));
  e.findings.push_back(fmt::format("mean grey {:.1f}, noise of a pixel {:.1f}, {} of {} pixels full", grey,
                                   std::sqrt(0.5 * squares), full, last.size()));
  return Done{};
}

/// Nothing is polarised without consent; with it 0 V, the potential of the reference.
Outcome examine_source_meter(const scenarios::Scenario& scenario, bool allow_motion, Examination& e,
                             const std::stop_token& stop) {
  const rigs::WallClock clock;
  drivers::SourceMeterConfig config;
  config.current_range = scenario.host.current_range.si();
  config.current_limit = scenario.host.current_limit.si();
  drivers::SourceMeter meter(rigs::way_to(scenario.hardware.source_meter, scenario.hardware.source_meter_baud,
                                          scenario.hardware.timeout.si(), "hardware.source_meter"),
                             config, clock);
  if (const Outcome connected = meter.connect({}); !connected) return connected.error();
  e.findings.push_back(who(meter.identity()));
  e.findings.push_back(fmt::format("lowest range that holds host.current_range = {:.4g} nA: {:.4g} nA; {:.0f} Hz mains",
                                   1e9 * config.current_range, 1e9 * meter.current_range(), meter.line_frequency()));
  const Outcome timed = time_answers("a question", clock, e, stop, [&]() -> Outcome {
    if (const auto count = meter.taken(); !count) return count.error();
    return Done{};
  });
  if (!timed || !allow_motion) return timed;
  if (const Outcome on = meter.set_output(true); !on) return on.error();
  std::vector<double> currents;
  const double cycle = 1.0 / meter.line_frequency();
  for (int k = 0; k < asked && !stop.stop_requested(); ++k) {
    const auto reading = meter.measure(0.0, cycle);
    if (!reading) {
      meter.make_safe();
      return reading.error();
    }
    currents.push_back(reading.value().i);
  }
  meter.make_safe();
  e.findings.push_back(fmt::format("{} readings of one mains cycle at 0 V: {:.3f} pA, noise {:.3f} pA", currents.size(),
                                   1e12 * scan::mean(currents), 1e12 * scan::standard_deviation(currents)));
  return Done{};
}

/// One second at rest: the noise of the current and the step of the device's clock.
Outcome rest_sequencer(wecspm::WecspmSequencer& sequencer, Examination& e) {
  instrument::Program program;
  program.waypoints.emplace_back();
  program.waypoints.back().hold = rested;
  program.waypoints.back().tag = 1;
  if (const Outcome started = sequencer.start(program); !started) return started.error();
  std::vector<double> currents, times;
  std::array<instrument::Frame, 256> frames;
  for (;;) {
    const auto n = sequencer.read(frames, 1e9);
    if (!n) return n.error();
    if (n.value() == 0) break;
    for (std::size_t k = 0; k < n.value(); ++k) {
      currents.push_back(frames.at(k).i1);
      times.push_back(frames.at(k).t);
    }
  }
  double shortest = 1e9, longest = 0.0;
  for (std::size_t k = 1; k < times.size(); ++k) {
    shortest = std::min(shortest, times[k] - times[k - 1]);
    longest = std::max(longest, times[k] - times[k - 1]);
  }
  e.findings.push_back(fmt::format("{} frames at rest, {:.4f} to {:.4f} ms apart; current {:.3f} pA, noise {:.3f} pA",
                                   times.size(), 1e3 * shortest, 1e3 * longest, 1e12 * scan::mean(currents),
                                   1e12 * scan::standard_deviation(currents)));
  return Done{};
}

Outcome examine_sequencer(const scenarios::Scenario& scenario, bool allow_motion, Examination& e,
                          const std::stop_token&) {
  const wecspm::WecspmConfig& config = scenario.wecspm;
  wecspm::Bitfile bitfile;
  std::unique_ptr<wecspm::NiFpgaApi> api;
  try {
    bitfile = wecspm::read_bitfile(config.bitfile);
    (void)wecspm::map_image(bitfile, config.bitfile);
    api = wecspm::load_nifpga(config.library);
  } catch (const InputError& missing) {
    return instrument::Error{Errc::disconnected, "sequencer", missing.what()};
  }
  e.findings.push_back(
      fmt::format("{} has the registers of the contract, {} all functions", config.bitfile, config.library));
  rigs::WallClock clock;
  wecspm::WecspmSequencer sequencer(*api, clock, config, bitfile);
  if (const Outcome connected = sequencer.connect({allow_motion}); !connected) return connected.error();
  e.findings.push_back(who(sequencer.identity()));
  const instrument::Limits l = sequencer.limits();
  e.findings.push_back(
      fmt::format("x to {:.4g}, y to {:.4g}, z to {:.4g} um; potential {:.3g} to {:.3g} V; current to "
                  "{:.3g} pA either way",
                  1e6 * l.x_max, 1e6 * l.y_max, 1e6 * l.z_max, l.E_min, l.E_max, 1e12 * l.current_range));
  const Outcome rested_well = rest_sequencer(sequencer, e);
  sequencer.make_safe();
  return rested_well;
}

using Examine = Outcome (*)(const scenarios::Scenario&, bool, Examination&, const std::stop_token&);

Examination examined(const char* instrument, Examine examine, const scenarios::Scenario& scenario, bool allow_motion,
                     const std::stop_token& stop) {
  Examination e;
  e.instrument = instrument;
  const Outcome outcome = examine(scenario, allow_motion, e, stop);
  if (outcome.ok()) return e;
  const bool consent = !allow_motion && outcome.error().code == Errc::interlock_tripped;
  e.verdict = consent ? Examination::Verdict::not_examined : Examination::Verdict::failed;
  e.reason = describe(outcome.error());
  return e;
}

}  // namespace

std::vector<Examination> examine_rig(const scenarios::Scenario& scenario, bool allow_motion,
                                     const std::stop_token& stop) {
  const scenarios::HardwareParameters& h = scenario.hardware;
  std::vector<Examination> all;
  const auto add = [&](bool named, const char* instrument, Examine examine) {
    if (named && !stop.stop_requested()) all.push_back(examined(instrument, examine, scenario, allow_motion, stop));
  };
  if (scenario.wecspm.bitfile.empty() && h.stage.empty() && h.camera.empty() && h.light.empty() &&
      h.source_meter.empty()) {
    throw InputError(
        "no instrument is named: accepted are hardware.stage, hardware.source_meter, hardware.light, hardware.camera "
        "and, for the sequencer, wecspm.bitfile");
  }
  add(!scenario.wecspm.bitfile.empty(), "sequencer", examine_sequencer);
  add(!h.stage.empty(), "stage", examine_stage);
  add(!h.source_meter.empty(), "source meter", examine_source_meter);
  add(!h.camera.empty(), "camera", examine_camera);
  add(!h.light.empty(), "light", examine_light);
  return all;
}

}  // namespace seccm::jobs
