// Triggers, staircase sweeps and lists: readings that the instrument takes by its own clock.
#include <fmt/format.h>

#include <algorithm>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using SweepMeter = ScpiSourceMeter;
using SweepWords = ScpiArguments;

constexpr double longest_trigger_delay = 9999.999;  // s
constexpr int most_counts_2400 = 2500;
constexpr double widest = 210.0;  // V

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

/// TRIGger:LOAD "SimpleLoop", count[, delay[, buffer]]
std::string load_loop(SweepMeter& m, const SweepWords& a) {
  scpi_require(a[0], {"SIMPLELOOP"});
  const int count = scpi_integer(a[1], 1, static_cast<int>(SweepMeter::most_points));
  bench::SourcePoint point = m.point();
  if (a.size() > 2) point.delay += scpi_number(a[2], 0.0, longest_trigger_delay);
  require_own_buffer(a, 3);
  m.load(std::vector<bench::SourcePoint>(static_cast<std::size_t>(count), point));
  return {};
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

/// start, stop, points[, delay[, count[, range type[, fail abort[, dual[, buffer]]]]]]
std::string linear_sweep(SweepMeter& m, const SweepWords& a) {
  const double start = scpi_number(a[0], -widest, widest), stop = scpi_number(a[1], -widest, widest);
  const int n = scpi_integer(a[2], 2, static_cast<int>(SweepMeter::most_points));
  const bench::SourcePoint point = sweep_point(m, a, 3);
  const std::size_t times = sweep_count(a, 4);
  if (a.size() > 5) scpi_require(a[5], {"AUTO", "BEST", "FIXed"});
  if (a.size() > 6) static_cast<void>(scpi_switch(a[6]));
  if (a.size() > 7 && scpi_switch(a[7])) throw settings_conflict;
  require_own_buffer(a, 8);
  std::vector<double> levels;
  for (int k = 0; k < n; ++k) levels.push_back(start + (stop - start) * k / (n - 1));
  load_levels(m, point, levels, times);
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

std::string list_points(SweepMeter& m, const SweepWords&) {
  return fmt::format("{}", m.settings().list.size());
}

std::string set_source_mode(SweepMeter& m, const SweepWords& a) {
  scpi_require(a.front(), {"FIXed", "SWEep", "LIST"});
  using Source = ScpiSettings::Source;
  m.settings().source = scpi_word(a.front(), "FIXed")  ? Source::fixed
                        : scpi_word(a.front(), "LIST") ? Source::list
                                                       : Source::sweep;
  return {};
}

std::string get_source_mode(SweepMeter& m, const SweepWords&) {
  using Source = ScpiSettings::Source;
  const Source source = m.settings().source;
  return source == Source::fixed ? "FIX" : source == Source::list ? "LIST" : "SWE";
}

template <double ScpiSettings::*value>
std::string set_sweep_value(SweepMeter& m, const SweepWords& a) {
  m.settings().*value = scpi_number(a.front(), -2.0 * widest, 2.0 * widest);
  return {};
}
template <double ScpiSettings::*value>
std::string get_sweep_value(SweepMeter& m, const SweepWords&) {
  return m.number(m.settings().*value);
}

/// The step follows from start, stop and the number of points.
std::string set_sweep_points(SweepMeter& m, const SweepWords& a) {
  const int n = scpi_integer(a.front(), 2, most_counts_2400);
  ScpiSettings& s = m.settings();
  s.sweep_step = (s.sweep_stop - s.sweep_start) / (n - 1);
  return {};
}

template <int ScpiSettings::*value>
std::string set_count(SweepMeter& m, const SweepWords& a) {
  m.settings().*value = scpi_integer(a.front(), 1, most_counts_2400);
  return {};
}
template <int ScpiSettings::*value>
std::string get_count(SweepMeter& m, const SweepWords&) {
  return fmt::format("{}", m.settings().*value);
}

std::string set_trigger_delay(SweepMeter& m, const SweepWords& a) {
  m.settings().trigger_delay = scpi_number(a.front(), 0.0, longest_trigger_delay);
  return {};
}

std::string set_direction(SweepMeter& m, const SweepWords& a) {
  scpi_require(a.front(), {"UP", "DOWN"});
  m.settings().sweep_down = scpi_word(a.front(), "DOWN");
  return {};
}

/// Only what needs no hardware of its own.
std::string accept_immediate(SweepMeter&, const SweepWords& a) {
  scpi_require(a.front(), {"IMMediate"});
  return {};
}

constexpr auto sweep_any = ScpiModels::both;
constexpr auto sweep_2450 = ScpiModels::only_2450;
constexpr auto sweep_2400 = ScpiModels::only_2400;

constexpr ScpiCommand scpi_sweep_table[] = {
    {sweep_any, "INITiate[:IMMediate]", 0, 0, initiate, true},
    {sweep_any, "ABORt", 0, 0, [](SweepMeter& m, const SweepWords&) { return m.abort(), std::string(); }, true},
    {sweep_2450, "TRIGger:STATe?", 0, 0, trigger_state, true},
    {sweep_2450, "TRIGger:LOAD", 2, 4, load_loop},
    {sweep_2450, "SOURce:SWEep:VOLTage:LINear", 3, 9, linear_sweep},
    {sweep_2450, "SOURce:SWEep:VOLTage:LIST", 1, 5, list_sweep},
    {sweep_any, "SOURce:LIST:VOLTage", 1, SweepMeter::most_list_values, set_list},
    {sweep_any, "SOURce:LIST:VOLTage:APPend", 1, SweepMeter::most_list_values, append_list},
    {sweep_any, "SOURce:LIST:VOLTage:POINts?", 0, 0, list_points},
    {sweep_2400, "SOURce:VOLTage:MODE", 1, 1, set_source_mode},
    {sweep_2400, "SOURce:VOLTage:MODE?", 0, 0, get_source_mode},
    {sweep_2400, "SOURce:VOLTage:STARt", 1, 1, set_sweep_value<&ScpiSettings::sweep_start>},
    {sweep_2400, "SOURce:VOLTage:STARt?", 0, 0, get_sweep_value<&ScpiSettings::sweep_start>},
    {sweep_2400, "SOURce:VOLTage:STOP", 1, 1, set_sweep_value<&ScpiSettings::sweep_stop>},
    {sweep_2400, "SOURce:VOLTage:STOP?", 0, 0, get_sweep_value<&ScpiSettings::sweep_stop>},
    {sweep_2400, "SOURce:VOLTage:STEP", 1, 1, set_sweep_value<&ScpiSettings::sweep_step>},
    {sweep_2400, "SOURce:VOLTage:STEP?", 0, 0, get_sweep_value<&ScpiSettings::sweep_step>},
    {sweep_2400, "SOURce:SWEep:POINts", 1, 1, set_sweep_points},
    {sweep_2400, "SOURce:SWEep:DIRection", 1, 1, set_direction},
    {sweep_2400, "SOURce:SWEep:SPACing", 1, 1,
     [](SweepMeter&, const SweepWords& a) { return scpi_require(a.front(), {"LINear"}), std::string(); }},
    {sweep_2400, "SOURce:SWEep:RANGing", 1, 1,
     [](SweepMeter&, const SweepWords& a) {
       return scpi_require(a.front(), {"BEST", "AUTO", "FIXed"}), std::string();
     }},
    {sweep_2400, "TRIGger[:SEQuence]:COUNt", 1, 1, set_count<&ScpiSettings::trigger_count>},
    {sweep_2400, "TRIGger[:SEQuence]:COUNt?", 0, 0, get_count<&ScpiSettings::trigger_count>},
    {sweep_2400, "TRIGger[:SEQuence]:DELay", 1, 1, set_trigger_delay},
    {sweep_2400, "TRIGger[:SEQuence]:DELay?", 0, 0,
     [](SweepMeter& m, const SweepWords&) { return m.number(m.settings().trigger_delay); }},
    {sweep_2400, "TRIGger[:SEQuence]:SOURce", 1, 1, accept_immediate},
    {sweep_2400, "TRIGger[:SEQuence]:OUTPut", 1, 1,
     [](SweepMeter&, const SweepWords& a) { return scpi_require(a.front(), {"NONE"}), std::string(); }},
    {sweep_2400, "TRIGger:CLEar", 0, 0, [](SweepMeter& m, const SweepWords&) { return m.abort(), std::string(); },
     true},
    {sweep_2400, "ARM[:SEQuence]:COUNt", 1, 1, set_count<&ScpiSettings::arm_count>},
    {sweep_2400, "ARM[:SEQuence]:COUNt?", 0, 0, get_count<&ScpiSettings::arm_count>},
    {sweep_2400, "ARM[:SEQuence]:SOURce", 1, 1, accept_immediate},
};

}  // namespace

std::span<const ScpiCommand> scpi_sweep_commands() {
  return scpi_sweep_table;
}

}  // namespace seccm::instrument::servers
