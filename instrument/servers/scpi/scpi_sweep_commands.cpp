// Triggers, staircase sweeps and lists: readings that the instrument takes by its own clock.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using SweepMeter = ScpiSourceMeter;
using SweepWords = ScpiArguments;

constexpr double longest_trigger_delay = 9999.999;  // s
constexpr double widest = 210.0;                    // V

std::string initiate(SweepMeter& m, const SweepWords&) {
  if (m.running()) throw init_ignored;
  m.begin(m.is_2450() ? m.loaded() : m.trigger_points());
  return {};
}

std::string trigger_state(SweepMeter& m, const SweepWords&) {
  const char* state = m.running() ? "RUNNING" : "IDLE";
  return fmt::format("{};{};0", state, state);
}

void require_own_buffer(const SweepWords& a, std::size_t at) {
  if (a.size() > at && !scpi_word(a[at], "DEFBUFFER1")) throw illegal_parameter;
}

/// TRIGger:LOAD:LOOP:SIMPle count[, delay[, buffer]]
std::string load_simple_loop(SweepMeter& m, const SweepWords& a) {
  const int count = scpi_integer(a[0], 1, static_cast<int>(SweepMeter::most_points));
  bench::SourcePoint point = m.point();
  if (a.size() > 1) point.delay += scpi_number(a[1], 0.0, longest_trigger_delay);
  require_own_buffer(a, 2);
  m.load(std::vector<bench::SourcePoint>(static_cast<std::size_t>(count), point));
  return {};
}

/// The same with the name of the model in front: "SimpleLoop" and "Empty" are there.
std::string load_model(SweepMeter& m, const SweepWords& a) {
  scpi_require(a[0], {"SIMPLELOOP", "EMPTY"});
  if (scpi_word(a[0], "EMPTY")) return m.load({}), std::string();
  if (a.size() < 2) throw missing_parameter;
  return load_simple_loop(m, {a.begin() + 1, a.end()});
}

/// Delay of a sweep: a time, or -1 for the instrument's own choice, which is the source delay.
bench::SourcePoint sweep_point(SweepMeter& m, const SweepWords& a, std::size_t at) {
  bench::SourcePoint point = m.point();
  if (a.size() <= at) return point;
  const double delay = scpi_number(a[at], -1.0, longest_trigger_delay);
  if (delay < 0.0 && delay != -1.0) throw data_out_of_range;
  if (delay >= 0.0) point.delay = delay;
  return point;
}

std::size_t sweep_count(const SweepWords& a, std::size_t at) {
  return a.size() > at ? static_cast<std::size_t>(scpi_integer(a[at], 1, 10000)) : 1U;
}

void load_levels(SweepMeter& m, bench::SourcePoint point, const std::vector<double>& levels, std::size_t times) {
  if (levels.empty()) throw settings_conflict;
  if (levels.size() * times > SweepMeter::most_points) throw data_out_of_range;
  std::vector<bench::SourcePoint> points;
  points.reserve(levels.size() * times);
  for (std::size_t n = 0; n < times; ++n) {
    for (const double level : levels) {
      point.level = level;
      points.push_back(point);
    }
  }
  m.load(std::move(points));
}

void load_line(SweepMeter& m, const SweepWords& a, double start, double stop, int n) {
  const bench::SourcePoint point = sweep_point(m, a, 3);
  const std::size_t times = sweep_count(a, 4);
  if (a.size() > 5) scpi_require(a[5], {"AUTO", "BEST", "FIXed"});
  if (a.size() > 6) static_cast<void>(scpi_switch(a[6]));
  if (a.size() > 7 && scpi_switch(a[7])) throw settings_conflict;
  require_own_buffer(a, 8);
  std::vector<double> levels;
  for (int k = 0; k < n; ++k) levels.push_back(start + (stop - start) * k / (n - 1));
  load_levels(m, point, levels, times);
}

/// start, stop, points[, delay[, count[, range type[, fail abort[, dual[, buffer]]]]]]
std::string linear_sweep(SweepMeter& m, const SweepWords& a) {
  const double start = scpi_number(a[0], -widest, widest), stop = scpi_number(a[1], -widest, widest);
  load_line(m, a, start, stop, scpi_integer(a[2], 2, static_cast<int>(SweepMeter::most_points)));
  return {};
}

/// start, stop, step and the same: the last level is the last step that does not pass the end.
std::string linear_sweep_by_step(SweepMeter& m, const SweepWords& a) {
  const double start = scpi_number(a[0], -widest, widest), stop = scpi_number(a[1], -widest, widest);
  const double step = std::abs(scpi_number(a[2], -widest, widest));
  const double steps = step > 0.0 ? std::floor(std::abs(stop - start) / step + 1e-9) : 0.0;
  if (steps < 1.0 || steps >= static_cast<double>(SweepMeter::most_points)) throw data_out_of_range;
  load_line(m, a, start, start + std::copysign(steps * step, stop - start), static_cast<int>(steps) + 1);
  return {};
}

/// start index[, delay[, count[, fail abort[, buffer]]]]
std::string list_sweep(SweepMeter& m, const SweepWords& a) {
  const auto& list = m.settings().list;
  const int first = scpi_integer(a[0], 1, static_cast<int>(SweepMeter::most_list));
  const bench::SourcePoint point = sweep_point(m, a, 1);
  const std::size_t times = sweep_count(a, 2);
  if (a.size() > 3) static_cast<void>(scpi_switch(a[3]));
  require_own_buffer(a, 4);
  if (static_cast<std::size_t>(first) > list.size()) throw settings_conflict;
  load_levels(m, point, {list.begin() + (first - 1), list.end()}, times);
  return {};
}

std::vector<double> listed(const SweepWords& a) {
  std::vector<double> levels;
  for (const std::string& word : a) levels.push_back(scpi_number(word, -widest, widest));
  return levels;
}

std::string set_list(SweepMeter& m, const SweepWords& a) {
  m.settings().list = listed(a);
  return {};
}

std::string append_list(SweepMeter& m, const SweepWords& a) {
  const auto more = listed(a);
  auto& list = m.settings().list;
  if (list.size() + more.size() > SweepMeter::most_list) throw data_out_of_range;
  list.insert(list.end(), more.begin(), more.end());
  return {};
}

std::string get_list(SweepMeter& m, const SweepWords&) {
  std::string all;
  for (const double level : m.settings().list) {
    if (!all.empty()) all += ',';
    all += m.number(level);
  }
  if (all.empty()) throw settings_conflict;
  return all;
}

std::string list_points(SweepMeter& m, const SweepWords&) {
  return fmt::format("{}", m.settings().list.size());
}

constexpr auto sweep_any = ScpiModels::both;
constexpr auto sweep_2450 = ScpiModels::only_2450;
constexpr auto sweep_2400 = ScpiModels::only_2400;

constexpr ScpiCommand scpi_sweep_table[] = {
    {sweep_any, "INITiate[:IMMediate]", 0, 0, initiate, true},
    {sweep_any, "ABORt", 0, 0, [](SweepMeter& m, const SweepWords&) { return m.abort(), std::string(); }, true},
    {sweep_2450, "TRIGger:STATe?", 0, 0, trigger_state, true},
    {sweep_2450, "TRIGger:LOAD", 1, 4, load_model},
    {sweep_2450, "TRIGger:LOAD:LOOP:SIMPle", 1, 3, load_simple_loop},
    {sweep_2450, "TRIGger:LOAD:EMPTy", 0, 0,
     [](SweepMeter& m, const SweepWords&) { return m.load({}), std::string(); }},
    {sweep_2450, "SOURce:SWEep:VOLTage:LINear", 3, 9, linear_sweep},
    {sweep_2450, "SOURce:SWEep:VOLTage:LINear:STEP", 3, 9, linear_sweep_by_step},
    {sweep_2450, "SOURce:SWEep:VOLTage:LIST", 1, 5, list_sweep},
    {sweep_any, "SOURce:LIST:VOLTage", 1, SweepMeter::most_list_values, set_list},
    {sweep_any, "SOURce:LIST:VOLTage?", 0, 0, get_list, true},
    {sweep_any, "SOURce:LIST:VOLTage:APPend", 1, SweepMeter::most_list_values, append_list},
    {sweep_any, "SOURce:LIST:VOLTage:POINts?", 0, 0, list_points},
    {sweep_2400, "TRIGger:CLEar", 0, 0, [](SweepMeter& m, const SweepWords&) { return m.abort(), std::string(); },
     true},
};

}  // namespace

std::span<const ScpiCommand> scpi_sweep_commands() {
  return scpi_sweep_table;
}

}  // namespace seccm::instrument::servers
