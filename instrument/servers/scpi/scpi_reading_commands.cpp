// Readings: one by one, from the buffer, and what the instrument works out of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using ReadingMeter = ScpiSourceMeter;
using ReadingWords = ScpiArguments;
using Readings = std::deque<bench::CurrentReading>;

void require_buffer(std::string_view name) {
  if (!scpi_word(name, "DEFBUFFER1")) throw illegal_parameter;
}

/// Elements named from word `first` on, of the 2450.
std::vector<std::string> elements_2450(const ReadingWords& a, std::size_t first) {
  constexpr std::array<std::string_view, 9> known{"READing", "SOURce", "RELative", "SEConds", "FRACtional",
                                                  "STATus",  "DATE",   "TIME",     "TSTamp"};
  constexpr std::array<std::string_view, 9> brief{"READ", "SOUR", "REL", "SEC", "FRAC", "STAT", "DATE", "CLOCK", "TST"};
  std::vector<std::string> chosen;
  for (std::size_t k = first; k < a.size(); ++k) {
    const auto at = std::find_if(known.begin(), known.end(), [&](auto word) { return scpi_word(a[k], word); });
    if (at == known.end()) throw illegal_parameter;
    chosen.emplace_back(brief.at(static_cast<std::size_t>(at - known.begin())));
  }
  if (chosen.empty()) chosen.emplace_back("READ");
  return chosen;
}

void append(std::string& text, const ReadingMeter& m, const bench::CurrentReading& r,
            const std::vector<std::string>& elements) {
  for (const std::string& element : elements) {
    if (!text.empty()) text += ',';
    text += m.element(r, element);
  }
}

std::string joined(const ReadingMeter& m, const Readings& readings, const std::vector<std::string>& elements) {
  std::string text;
  for (const auto& r : readings) append(text, m, r, elements);
  return text;
}

std::string last_2450(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  const auto elements = elements_2450(a, 1);
  if (m.latest().empty()) throw settings_conflict;
  std::string text;
  append(text, m, m.latest().back(), elements);
  return text;
}

std::string fill_2450(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  const ScpiSettings& s = m.settings();
  const double each = s.source_delay + s.nplc / m.options().line_frequency;
  if (each * s.reading_count > ReadingMeter::longest_readings) throw data_out_of_range;
  for (int k = 0; k < s.reading_count; ++k) m.measure_once();
  return {};
}

std::string read_2450(ReadingMeter& m, const ReadingWords& a) {
  static_cast<void>(elements_2450(a, 1));  // nothing is measured for a question that has no answer
  fill_2450(m, a);
  return last_2450(m, a);
}

std::string read_2400(ReadingMeter& m, const ReadingWords&) {
  auto points = m.trigger_points();
  if (points.size() == 1 && !points.front().level) {
    m.measure_once();
  } else {
    m.begin(std::move(points));
    m.finish();
  }
  return joined(m, m.latest(), m.settings().elements);
}

std::string measure_2400(ReadingMeter& m, const ReadingWords&) {
  m.measure_once();
  return joined(m, m.latest(), m.settings().elements);
}

std::string fetch_2400(ReadingMeter& m, const ReadingWords&) {
  if (m.latest().empty()) throw settings_conflict;
  return joined(m, m.latest(), m.settings().elements);
}

std::string data_2450(ReadingMeter& m, const ReadingWords& a) {
  const int begin = scpi_integer(a[0], 1, static_cast<int>(ReadingMeter::most_points));
  const int end = scpi_integer(a[1], begin, static_cast<int>(ReadingMeter::most_points));
  if (a.size() > 2) require_buffer(a[2]);
  const auto elements = elements_2450(a, 3);
  if (static_cast<std::size_t>(end) > m.buffer().size()) throw data_out_of_range;
  std::string text;
  for (int k = begin; k <= end; ++k) append(text, m, m.buffer()[static_cast<std::size_t>(k - 1)], elements);
  return text;
}

std::string data_2400(ReadingMeter& m, const ReadingWords&) {
  if (m.buffer().empty()) throw settings_conflict;
  return joined(m, m.buffer(), m.settings().elements);
}

std::string set_points(ReadingMeter& m, const ReadingWords& a) {
  if (a.size() > 1) require_buffer(a[1]);
  const int most = m.is_2450() ? static_cast<int>(ReadingMeter::most_points) : 2500;
  m.set_buffer_size(static_cast<std::size_t>(scpi_integer(a.front(), 1, most)));
  return {};
}

std::string get_points(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  return fmt::format("{}", m.buffer_size());
}

std::string get_actual(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  return fmt::format("{}", m.buffer().size());
}

/// The place of the oldest reading, 0 if there is none.
std::string get_first(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  return m.buffer().empty() ? "0" : "1";
}

std::string clear(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  m.clear_buffer();
  return {};
}

double statistic_of(const std::vector<double>& values, std::string_view which) {
  if (values.empty()) return ReadingMeter::not_a_number;
  double sum = 0.0, squares = 0.0;
  for (const double v : values) sum += v;
  const double mean = sum / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  if (which == "MAX") return *std::max_element(values.begin(), values.end());
  if (which == "MIN") return *std::min_element(values.begin(), values.end());
  if (which == "SDEV") return values.size() < 2 ? 0.0 : std::sqrt(squares / static_cast<double>(values.size() - 1));
  return mean;
}

std::vector<double> buffered(const ReadingMeter& m, bool current) {
  std::vector<double> values;
  for (const auto& r : m.buffer()) values.push_back(current ? r.current : r.level);
  return values;
}

template <char which>
std::string statistic_2450(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  constexpr std::string_view name = which == 'a' ? "MEAN" : which == 'x' ? "MAX" : which == 'n' ? "MIN" : "SDEV";
  return m.number(statistic_of(buffered(m, true), name));
}

/// Voltage, current and resistance, the last of which is not measured.
std::string statistic_2400(ReadingMeter& m, const ReadingWords&) {
  const std::string& which = m.settings().statistic;
  return m.number(statistic_of(buffered(m, false), which)) + "," + m.number(statistic_of(buffered(m, true), which)) +
         "," + m.number(ReadingMeter::not_a_number);
}

/// The source holds its level: the voltage at the terminals is what was applied.
std::string voltage_2450(ReadingMeter& m, const ReadingWords& a) {
  if (!a.empty()) require_buffer(a.front());
  m.measure_once();
  return m.number(m.latest().back().level);
}

constexpr auto any_model = ScpiModels::both;
constexpr auto model_2450 = ScpiModels::only_2450;
constexpr auto model_2400 = ScpiModels::only_2400;

constexpr ScpiCommand scpi_reading_table[] = {
    {model_2450, "READ?", 0, 7, read_2450},
    {model_2450, "MEASure[:CURRent][:DC]?", 0, 7, read_2450},
    {model_2450, "MEASure:VOLTage[:DC]?", 0, 1, voltage_2450},
    {model_2450, "FETCh?", 0, 7, last_2450, true},
    {model_2400, "READ?", 0, 0, read_2400},
    {model_2400, "MEASure[:CURRent][:DC]?", 0, 0, measure_2400},
    {model_2400, "MEASure:VOLTage[:DC]?", 0, 0, measure_2400},
    {model_2400, "MEASure:RESistance?", 0, 0, measure_2400},
    {model_2400, "FETCh?", 0, 0, fetch_2400, true},
    {model_2450, "TRACe:TRIGger", 0, 1, fill_2450},
    {model_2450, "TRACe:DATA?", 2, 9, data_2450, true},
    {model_2400, "TRACe:DATA?", 0, 0, data_2400, true},
    {any_model, "TRACe:CLEar", 0, 1, clear},
    {any_model, "TRACe:POINts", 1, 2, set_points},
    {any_model, "TRACe:POINts?", 0, 1, get_points, true},
    {model_2450, "TRACe:ACTual?", 0, 1, get_actual, true},
    {model_2400, "TRACe:POINts:ACTual?", 0, 0, get_actual, true},
    {model_2450, "TRACe:ACTual:STARt?", 0, 1, get_first, true},
    {model_2450, "TRACe:ACTual:END?", 0, 1, get_actual, true},
    {model_2450, "TRACe:STATistics:AVERage?", 0, 1, statistic_2450<'a'>, true},
    {model_2450, "TRACe:STATistics:MAXimum?", 0, 1, statistic_2450<'x'>, true},
    {model_2450, "TRACe:STATistics:MINimum?", 0, 1, statistic_2450<'n'>, true},
    {model_2450, "TRACe:STATistics:STDDev?", 0, 1, statistic_2450<'s'>, true},
    {model_2400, "CALCulate3:DATA?", 0, 0, statistic_2400, true},
};

}  // namespace

std::span<const ScpiCommand> scpi_reading_commands() {
  return scpi_reading_table;
}

}  // namespace seccm::instrument::servers
