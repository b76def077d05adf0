#include "instrument/servers/scpi/scpi_source_meter.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "instrument/servers/scpi/scpi_commands.hpp"
#include "instrument/servers/scpi/scpi_settings.hpp"

namespace seccm::instrument::servers {

namespace {

constexpr double overflow = 9.9e37;  // what both models answer when a reading is beyond its range
constexpr std::size_t default_points_2450 = 100000, default_points_2400 = 100;

// IEEE 488.2: status byte and event status; and the 2400's measurement event.
constexpr int measurement_summary = 1, error_available = 4, event_summary = 32, service_requested = 64;
constexpr int operation_complete = 1, query_or_command_error = 32, execution_error = 16, device_error = 8;
constexpr int reading_available = 64, buffer_full = 512;

int event_of(int code) {
  if (code <= -100 && code > -200) return query_or_command_error;
  if (code <= -200 && code > -300) return execution_error;
  return device_error;
}

}  // namespace

ScpiSourceMeter::ScpiSourceMeter(bench::SourceMeterModel& meter, bench::BenchTime& time, const ScpiOptions& options)
    : meter_(meter),
      time_(time),
      options_(options),
      buffer_size_(scpi_model(options.dialect).is_2450 ? default_points_2450 : default_points_2400),
      lowest_range_(meter.set_current_range(model().lowest_current_range)) {
  reset();
}

std::string ScpiSourceMeter::execute(std::string_view message) {
  time_.on_request(options_.latency);
  message_t_ = time_.now();
  std::string responses;
  for (const ScpiUnit& unit : parse_message(message)) {
    collect();
    try {
      const std::string response = execute_unit(unit);
      if (response.empty()) continue;
      if (responses.size() + response.size() > most_response) throw query_deadlocked;
      if (!responses.empty()) responses += ';';
      responses += response;
    } catch (const ScpiError& error) {
      report(error);
    }
  }
  return responses;
}

std::string ScpiSourceMeter::execute_unit(const ScpiUnit& unit) {
  const ScpiCommand* command = find_scpi_command(is_2450(), unit);
  if (command == nullptr) {
    bool found = false;
    std::string response = run_scpi_setting(*this, unit, found);
    if (!found) throw undefined_header;
    return response;
  }
  if (unit.arguments.size() < command->fewest) throw missing_parameter;
  if (unit.arguments.size() > command->most) throw parameter_not_allowed;
  if (running() && !command->always) throw settings_conflict;
  return command->run(*this, unit.arguments);
}

void ScpiSourceMeter::report(const ScpiError& error) {
  errors_.push({.code = error.code, .text = error.text, .t = time_.now()});
  event_status_ |= event_of(error.code);
}

void ScpiSourceMeter::reset() {
  meter_.stop();
  meter_.set_output(false);
  meter_.set_level(0.0);
  meter_.set_current_range(lowest_range_);
  settings_ = ScpiSettings{};
  settings_.elements = {"VOLT", "CURR", "RES", "TIME", "STAT"};
  loaded_.clear();
  latest_.clear();
  // A 2400's buffer outlives *RST.
  if (is_2450()) set_buffer_size(default_points_2450);
}

void ScpiSourceMeter::clear_status() {
  errors_.clear();
  event_status_ = measurement_events_ = 0;
  done_asked_ = false;
}

double ScpiSourceMeter::largest_level() const {
  return scpi_headroom * (settings_.voltage_auto ? model().voltage_ranges.back() : settings_.voltage_range);
}

/// A range that can not hold the level would change it at the cell, so it is refused.
void ScpiSourceMeter::set_voltage_range(double range) {
  for (const double step : model().voltage_ranges) {
    if (std::abs(range) > scpi_headroom * step) continue;
    if (std::abs(meter_.level()) > scpi_headroom * step) throw settings_conflict;
    settings_.voltage_range = step;
    settings_.voltage_auto = false;
    return;
  }
  throw data_out_of_range;
}

void ScpiSourceMeter::set_current_range(double full_scale) {
  // A value within the headroom of a range is that range's.
  meter_.set_current_range(std::max(std::abs(full_scale) / scpi_headroom, lowest_range_));
  settings_.current_auto = false;
}

std::string ScpiSourceMeter::next_error() {
  const ScpiError error = errors_.pop();
  if (!is_2450()) return fmt::format("{},\"{}\"", error.code, error.text);
  // Text, kind of the event (0 none, 1 error), seconds and nanoseconds.
  if (error.code == 0) return "0,\"No error;0;0 0\"";
  const double nanoseconds = std::nearbyint(error.t * 1e9);
  return fmt::format("{},\"{};1;{:.0f} {:.0f}\"", error.code, error.text, std::floor(nanoseconds / 1e9),
                     std::fmod(nanoseconds, 1e9));
}

bench::SourcePoint ScpiSourceMeter::point() const {
  return {.level = std::nullopt,
          .delay = settings_.source_delay + settings_.trigger_delay,
          .aperture = settings_.nplc / options_.line_frequency};
}

void ScpiSourceMeter::begin(std::vector<bench::SourcePoint> points) {
  if (!meter_.output()) throw is_2450() ? settings_conflict : not_with_output_off;
  if (points.empty()) throw settings_conflict;
  double duration = time_.now() - message_t_;
  for (const auto& p : points) duration += p.delay + p.aperture;
  if (duration > longest_readings) throw data_out_of_range;
  latest_.clear();
  meter_.start(std::move(points));
}

void ScpiSourceMeter::finish() {
  if (running()) meter_.finish();
  collect();
}

void ScpiSourceMeter::measure_once() {
  constexpr double low = 0.1;  // of a range
  for (;;) {
    begin({point()});
    meter_.finish();
    const auto readings = meter_.take();
    if (readings.empty()) throw settings_conflict;
    const double range = meter_.current_range();
    if (settings_.current_auto && readings.back().overrange && range < model().top_current_range * (1.0 - 1e-9)) {
      meter_.set_current_range(10.0 * range);
      continue;
    }
    keep(readings.back());
    const double magnitude = std::abs(readings.back().current);
    if (settings_.current_auto && magnitude < low * range) meter_.set_current_range(std::max(magnitude, lowest_range_));
    return;
  }
}

void ScpiSourceMeter::abort() {
  collect();
  meter_.stop();
}

void ScpiSourceMeter::collect() {
  for (const auto& reading : meter_.take()) keep(reading);
  if (running()) return;
  if (std::exchange(done_asked_, false)) event_status_ |= operation_complete;
}

void ScpiSourceMeter::keep(const bench::CurrentReading& reading) {
  if (latest_.size() == most_points) latest_.pop_front();
  latest_.push_back(reading);
  measurement_events_ |= reading_available;
  if (!is_2450() && !settings_.feed_next) return;
  if (buffer_.empty()) first_t_ = reading.t;
  // The 2450 writes over its oldest reading; the 2400 stops feeding a full buffer.
  if (buffer_.size() == buffer_size_) buffer_.pop_front();
  buffer_.push_back(reading);
  if (buffer_.size() < buffer_size_) return;
  measurement_events_ |= buffer_full;
  settings_.feed_next = false;
}

void ScpiSourceMeter::clear_buffer() {
  buffer_.clear();
  measurement_events_ &= ~buffer_full;
}

void ScpiSourceMeter::set_buffer_size(std::size_t points) {
  buffer_size_ = points;
  clear_buffer();
}

bool ScpiSourceMeter::limited() const {
  return !latest_.empty() && std::abs(latest_.back().current) >= settings_.current_limit;
}

std::string ScpiSourceMeter::element(const bench::CurrentReading& reading, std::string_view name) const {
  const bool limit = std::abs(reading.current) >= settings_.current_limit;
  if (name == "SOUR" || name == "VOLT") return number(reading.level);
  if (name == "RES") return number(not_a_number);
  if (name == "TIME") return number(reading.t - time_zero_);
  if (name == "REL") return fmt::format("{:.9E}", reading.t - first_t_);
  // Rounded as one number, so that 1.9999999999 is not 1 and 1.000000000.
  const double nanoseconds = std::nearbyint(reading.t * 1e9);
  if (name == "SEC") return fmt::format("{:.0f}", std::floor(nanoseconds / 1e9));
  if (name == "FRAC") return fmt::format("{:.9f}", std::fmod(nanoseconds, 1e9) / 1e9);
  const auto day = fmt::gmtime(static_cast<std::time_t>(nanoseconds / 1e9));
  if (name == "DATE") return fmt::format("{:%m/%d/%Y}", day);
  if (name == "CLOCK") return fmt::format("{:%H:%M:%S}", day);
  if (name == "TST") return fmt::format("{:%m/%d/%Y %H:%M:%S}.{:09.0f}", day, std::fmod(nanoseconds, 1e9));
  if (name == "STAT") {
    constexpr int over_range = 1, in_compliance = 8;  // of the 2400
    const int bits = is_2450() ? 0 : (reading.overrange ? over_range : 0) | (limit ? in_compliance : 0);
    return is_2450() ? fmt::format("{}", bits) : number(bits);
  }
  if (reading.overrange) return number(std::copysign(overflow, reading.current));
  return number(std::clamp(reading.current, -settings_.current_limit, settings_.current_limit));
}

std::string ScpiSourceMeter::number(double value) const {
  return is_2450() ? fmt::format("{:.6E}", value) : fmt::format("{:+.6E}", value);
}

int ScpiSourceMeter::status_byte() const {
  int summary = 0;
  if (!errors_.empty()) summary |= error_available;
  if ((event_status_ & event_mask) != 0) summary |= event_summary;
  if ((measurement_events_ & measurement_mask) != 0) summary |= measurement_summary;
  return (summary & service_mask) != 0 ? summary | service_requested : summary;
}

int ScpiSourceMeter::take_event_status() {
  return std::exchange(event_status_, 0);
}

int ScpiSourceMeter::take_measurement_events() {
  return std::exchange(measurement_events_, 0);
}

std::vector<bench::SourcePoint> ScpiSourceMeter::trigger_points() {
  const ScpiSettings& s = settings_;
  std::vector<double> levels;
  if (s.source == ScpiSettings::Source::list) levels = s.list;
  if (s.source == ScpiSettings::Source::sweep) {
    const double way = s.sweep_stop - s.sweep_start;
    const double steps = s.sweep_step == 0.0 ? 0.0 : std::floor(std::abs(way / s.sweep_step) + 1e-9);
    if (s.sweep_step * way < 0.0 || steps + 1.0 > static_cast<double>(most_points)) throw settings_conflict;
    for (int k = 0; k <= static_cast<int>(steps); ++k) levels.push_back(s.sweep_start + k * s.sweep_step);
    if (s.sweep_down) std::reverse(levels.begin(), levels.end());
  }
  for (const double level : levels) {
    if (std::abs(level) > scpi_headroom * model().voltage_ranges.back()) throw data_out_of_range;
  }
  const auto count = static_cast<std::size_t>(s.trigger_count) * static_cast<std::size_t>(s.arm_count);
  if (count > most_list) throw settings_conflict;  // of arm and trigger together
  std::vector<bench::SourcePoint> points(count, point());
  for (std::size_t k = 0; k < count && !levels.empty(); ++k) points[k].level = levels[k % levels.size()];
  return points;
}

}  // namespace seccm::instrument::servers
