#include "instrument/servers/scpi/scpi_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seccm::instrument::servers {

namespace {

using M = ScpiSourceMeter;

constexpr double longest_scpi_delay = 9999.999;  // s
constexpr double widest_sweep = 210.0;           // V
constexpr int most_counts_2400 = 2500;

ScpiBounds delay_bounds(const M&) {
  return {0.0, longest_scpi_delay, 0.0};
}
ScpiBounds sweep_bounds(const M&) {
  return {-widest_sweep, widest_sweep, 0.0};
}
ScpiBounds count_bounds(const M&) {
  return {1.0, most_counts_2400, 1.0};
}
ScpiBounds limit_bounds(const M& m) {
  return {m.model().lowest_limit, m.model().top_limit, 1e-4};
}
template <int most>
ScpiBounds mask_bounds(const M&) {
  return {0.0, most, 0.0};
}

template <auto member>
double kept(const M& m) {
  return static_cast<double>(m.settings().*member);
}
template <auto member>
void keep(M& m, double value) {
  auto& there = m.settings().*member;
  there = static_cast<std::remove_reference_t<decltype(there)>>(value);
}
template <bool ScpiSettings::*member>
std::string kept_switch(const M& m) {
  return scpi_on_off(m.settings().*member);
}
template <bool ScpiSettings::*member>
void keep_switch(M& m, std::string_view text) {
  m.settings().*member = scpi_switch(text);
}
template <int M::*mask>
double kept_mask(const M& m) {
  return m.*mask;
}
template <int M::*mask>
void keep_mask(M& m, double value) {
  m.*mask = static_cast<int>(value);
}

std::string source_mode(const M& m) {
  using Source = ScpiSettings::Source;
  const Source source = m.settings().source;
  return source == Source::fixed ? "FIX" : source == Source::list ? "LIST" : "SWE";
}
void set_source_mode(M& m, std::string_view text) {
  scpi_require(text, {"FIXed", "SWEep", "LIST"});
  using Source = ScpiSettings::Source;
  m.settings().source = scpi_word(text, "FIXed")  ? Source::fixed
                        : scpi_word(text, "LIST") ? Source::list
                                                  : Source::sweep;
}

std::string direction(const M& m) {
  return m.settings().sweep_down ? "DOWN" : "UP";
}
void set_direction(M& m, std::string_view text) {
  scpi_require(text, {"UP", "DOWN"});
  m.settings().sweep_down = scpi_word(text, "DOWN");
}

std::string feed_control(const M& m) {
  return m.settings().feed_next ? "NEXT" : "NEV";
}
void set_feed_control(M& m, std::string_view text) {
  scpi_require(text, {"NEXT", "NEVer"});
  m.settings().feed_next = scpi_word(text, "NEXT");
}

std::string statistic(const M& m) {
  return m.settings().statistic;
}
void set_statistic(M& m, std::string_view text) {
  for (const std::string_view known : {"MEAN", "MAXimum", "MINimum", "SDEViation"}) {
    if (!scpi_word(text, known)) continue;
    m.settings().statistic = known.substr(0, known == "MEAN" || known == "SDEViation" ? 4 : 3);
    return;
  }
  throw illegal_parameter;
}

std::string ranging(const M& m) {
  return m.settings().sweep_ranging;
}
void set_ranging(M& m, std::string_view text) {
  scpi_require(text, {"BEST", "AUTO", "FIXed"});
  m.settings().sweep_ranging = scpi_word(text, "BEST") ? "BEST" : scpi_word(text, "AUTO") ? "AUTO" : "FIX";
}

/// Points of a sweep: with its ends they are its step.
double sweep_points(const M& m) {
  const ScpiSettings& s = m.settings();
  return s.sweep_step == 0.0 ? 1.0 : std::floor(std::abs((s.sweep_stop - s.sweep_start) / s.sweep_step) + 1e-9) + 1.0;
}
void set_sweep_points(M& m, double value) {
  ScpiSettings& s = m.settings();
  s.sweep_step = value > 1.0 ? (s.sweep_stop - s.sweep_start) / (value - 1.0) : 0.0;
}

std::string output(const M& m) {
  return scpi_on_off(m.meter().output());
}
void set_output(M& m, std::string_view text) {
  const bool on = scpi_switch(text);
  if (!on) m.abort();
  m.meter().set_output(on);
}

constexpr auto both = ScpiModels::both;
constexpr auto k2450 = ScpiModels::only_2450;
constexpr auto k2400 = ScpiModels::only_2400;
using S = ScpiSettings;

constexpr ScpiSetting number(ScpiModels models, std::string_view pattern, ScpiBounds (*bounds)(const M&),
                             double (*get)(const M&), void (*set)(M&, double), bool whole = false,
                             bool always = false) {
  return {.models = models,
          .pattern = pattern,
          .bounds = bounds,
          .number = get,
          .set_number = set,
          .whole = whole,
          .always = always};
}
constexpr ScpiSetting word(ScpiModels models, std::string_view pattern, std::string (*get)(const M&),
                           void (*set)(M&, std::string_view), bool always = false) {
  return {.models = models, .pattern = pattern, .word = get, .set_word = set, .always = always};
}
template <auto member>
constexpr ScpiSetting plain(ScpiModels models, std::string_view pattern, ScpiBounds (*bounds)(const M&)) {
  return number(models, pattern, bounds, kept<member>, keep<member>, std::is_same_v<decltype(member), int S::*>);
}
template <bool S::*member>
constexpr ScpiSetting toggle(ScpiModels models, std::string_view pattern) {
  return word(models, pattern, kept_switch<member>, keep_switch<member>);
}
template <int M::*bits, int most>
constexpr ScpiSetting mask(ScpiModels models, std::string_view pattern) {
  return number(models, pattern, mask_bounds<most>, kept_mask<bits>, keep_mask<bits>, true, true);
}
/// Of the five delays of one's own, which the twin keeps and no trigger model uses.
template <std::size_t n>
constexpr ScpiSetting user_delay(std::string_view pattern) {
  return number(
      k2450, pattern, delay_bounds, [](const M& m) { return m.settings().user_delays.at(n - 1); },
      [](M& m, double v) { m.settings().user_delays.at(n - 1) = v; });
}

constexpr ScpiSetting settings_table[] = {
    mask<&M::service_mask, 255>(both, "*SRE"),
    mask<&M::event_mask, 255>(both, "*ESE"),
    mask<&M::measurement_mask, 32767>(k2400, "STATus:MEASurement:ENABle"),
    word(both, "OUTPut[:STATe]", output, set_output, true),
    number(
        both, "SOURce:VOLTage[:LEVel][:IMMediate][:AMPLitude]",
        [](const M& m) {
          return ScpiBounds{-m.largest_level(), m.largest_level(), 0.0};
        },
        [](const M& m) { return m.meter().level(); }, [](M& m, double v) { m.meter().set_level(v); }),
    number(
        both, "SOURce:VOLTage:RANGe",
        [](const M& m) {
          return ScpiBounds{m.model().voltage_ranges.front(), m.model().voltage_ranges.back(), 2.0, true};
        },
        [](const M& m) { return m.settings().voltage_range; }, [](M& m, double v) { m.set_voltage_range(v); }),
    toggle<&S::voltage_auto>(both, "SOURce:VOLTage:RANGe:AUTO"),
    plain<&S::current_limit>(k2450, "SOURce:VOLTage:ILIMit[:LEVel]", limit_bounds),
    plain<&S::current_limit>(k2400, "SENSe:CURRent[:DC]:PROTection[:LEVel]", limit_bounds),
    plain<&S::source_delay>(k2450, "SOURce:VOLTage:DELay", delay_bounds),
    plain<&S::source_delay>(k2400, "SOURce:DELay", delay_bounds),
    toggle<&S::read_back>(k2450, "SOURce:VOLTage:READ:BACK"),
    number(
        both, "SENSe:CURRent[:DC]:NPLCycles",
        [](const M&) {
          return ScpiBounds{0.01, 10.0, 1.0};
        },
        kept<&S::nplc>, keep<&S::nplc>),
    number(
        both, "SENSe:CURRent[:DC]:RANGe[:UPPer]",
        [](const M& m) {
          return ScpiBounds{m.lowest_current_range(), m.model().top_current_range, m.lowest_current_range(), true};
        },
        [](const M& m) { return m.meter().current_range(); }, [](M& m, double v) { m.set_current_range(v); }),
    toggle<&S::current_auto>(both, "SENSe:CURRent[:DC]:RANGe:AUTO"),
    toggle<&S::auto_zero>(k2450, "SENSe:CURRent[:DC]:AZERo[:STATe]"),
    toggle<&S::auto_zero>(k2400, "SYSTem:AZERo[:STATe]"),
    toggle<&S::concurrent>(k2400, "SENSe:FUNCtion:CONCurrent"),
    toggle<&S::display>(k2400, "DISPlay:ENABle"),
    number(
        k2450, "SENSe:COUNt",
        [](const M&) {
          return ScpiBounds{1.0, double{M::most_points}, 1.0};
        },
        kept<&S::reading_count>, keep<&S::reading_count>, true),
    user_delay<1>("SENSe:CURRent[:DC]:DELay:USER1"),
    user_delay<2>("SENSe:CURRent[:DC]:DELay:USER2"),
    user_delay<3>("SENSe:CURRent[:DC]:DELay:USER3"),
    user_delay<4>("SENSe:CURRent[:DC]:DELay:USER4"),
    user_delay<5>("SENSe:CURRent[:DC]:DELay:USER5"),
    user_delay<6>("SOURce:VOLTage:DELay:USER1"),
    user_delay<7>("SOURce:VOLTage:DELay:USER2"),
    user_delay<8>("SOURce:VOLTage:DELay:USER3"),
    user_delay<9>("SOURce:VOLTage:DELay:USER4"),
    user_delay<10>("SOURce:VOLTage:DELay:USER5"),
    word(k2400, "SOURce:VOLTage:MODE", source_mode, set_source_mode),
    plain<&S::sweep_start>(k2400, "SOURce:VOLTage:STARt", sweep_bounds),
    plain<&S::sweep_stop>(k2400, "SOURce:VOLTage:STOP", sweep_bounds),
    number(
        k2400, "SOURce:VOLTage:STEP",
        [](const M&) {
          return ScpiBounds{-2.0 * widest_sweep, 2.0 * widest_sweep, 0.0};
        },
        kept<&S::sweep_step>, keep<&S::sweep_step>),
    number(
        k2400, "SOURce:SWEep:POINts",
        [](const M&) {
          return ScpiBounds{1.0, most_counts_2400, 2500.0};
        },
        sweep_points, set_sweep_points, true),
    word(k2400, "SOURce:SWEep:DIRection", direction, set_direction),
    word(k2400, "SOURce:SWEep:RANGing", ranging, set_ranging),
    plain<&S::trigger_count>(k2400, "TRIGger[:SEQuence]:COUNt", count_bounds),
    plain<&S::arm_count>(k2400, "ARM[:SEQuence]:COUNt", count_bounds),
    plain<&S::trigger_delay>(k2400, "TRIGger[:SEQuence]:DELay", delay_bounds),
    word(k2400, "TRACe:FEED:CONTrol", feed_control, set_feed_control),
    word(k2400, "CALCulate3:FORMat", statistic, set_statistic),
};

/// MINimum, MAXimum or DEFault; nothing for any other word.
const double* bound_named(const ScpiBounds& b, std::string_view text) {
  if (scpi_word(text, "MINimum")) return &b.low;
  if (scpi_word(text, "MAXimum")) return &b.high;
  return scpi_word(text, "DEFault") ? &b.usual : nullptr;
}

double accepted(const ScpiSetting& s, const ScpiBounds& b, std::string_view text) {
  if (const double* bound = bound_named(b, text)) return *bound;
  const double high = b.magnitude ? scpi_headroom * b.high : b.high, low = b.magnitude ? -high : b.low;
  if (s.whole) return scpi_integer(text, static_cast<int>(low), static_cast<int>(high));
  return scpi_number(text, low, high);
}

std::string told(const ScpiSourceMeter& m, const ScpiSetting& s, double value) {
  return s.whole ? fmt::format("{:.0f}", value) : m.number(value);
}

std::string answer_setting(const ScpiSourceMeter& m, const ScpiSetting& s, const ScpiArguments& a) {
  if (a.size() > (s.bounds != nullptr ? 1U : 0U)) throw parameter_not_allowed;
  if (s.bounds == nullptr) return s.word(m);
  if (a.empty()) return told(m, s, s.number(m));
  const ScpiBounds bounds = s.bounds(m);
  const double* bound = bound_named(bounds, a.front());
  if (bound == nullptr) throw illegal_parameter;
  return told(m, s, *bound);
}

void set_setting(ScpiSourceMeter& m, const ScpiSetting& s, const ScpiArguments& a) {
  if (a.empty()) throw missing_parameter;
  if (a.size() > 1) throw parameter_not_allowed;
  if (m.running() && !s.always) throw settings_conflict;
  if (s.bounds == nullptr) return s.set_word(m, a.front());
  s.set_number(m, accepted(s, s.bounds(m), a.front()));
}

bool same_value(std::string_view text, std::string_view value) {
  if (value == "0" || value == "1") {
    try {
      return scpi_switch(text) == (value == "1");
    } catch (const ScpiError&) {
    }
  }
  if (bound_named({}, text) != nullptr) return true;  // least, largest and usual are the one
  const auto as_number = [](std::string_view word, double& number) {
    try {
      number = scpi_number(word, -1e38, 1e38);
      return true;
    } catch (const ScpiError&) {
      return false;
    }
  };
  double a = 0.0, b = 0.0;
  if (as_number(text, a) && as_number(value, b)) return std::abs(a - b) <= 1e-6 * std::abs(b);
  return scpi_word(text, value);
}

std::string run_fixed(const ScpiFixedSetting& s, const ScpiUnit& unit) {
  // Patterns of values spell a long form; what is told is the short one.
  std::string brief;
  std::copy_if(s.value.begin(), s.value.end(), std::back_inserter(brief), [](char c) { return c < 'a' || c > 'z'; });
  if (unit.query) return brief;
  if (unit.arguments.empty()) throw missing_parameter;
  const bool is_number = s.value.find_first_not_of("+-.0123456789E") == std::string_view::npos;
  if (!same_value(unit.arguments.front(), s.value)) throw is_number ? settings_conflict : illegal_parameter;
  return {};
}

struct SpelledSettings {
  std::vector<std::pair<ScpiPattern, const ScpiSetting*>> settings;
  std::vector<std::pair<ScpiPattern, const ScpiFixedSetting*>> fixed;
};

const SpelledSettings& spelled_settings() {
  static const SpelledSettings all = [] {
    SpelledSettings spelled;
    for (const ScpiSetting& s : scpi_settings()) spelled.settings.emplace_back(ScpiPattern(s.pattern), &s);
    for (const ScpiFixedSetting& s : scpi_fixed_settings()) spelled.fixed.emplace_back(ScpiPattern(s.pattern), &s);
    return spelled;
  }();
  return all;
}

template <class Spelled>
auto find_setting(const Spelled& all, const ScpiSourceMeter& m, std::string_view header) {
  const ScpiModels others = m.is_2450() ? ScpiModels::only_2400 : ScpiModels::only_2450;
  const auto at = std::find_if(all.begin(), all.end(),
                               [&](const auto& s) { return s.second->models != others && s.first.matches(header); });
  return at == all.end() ? nullptr : at->second;
}

}  // namespace

std::span<const ScpiSetting> scpi_settings() {
  return settings_table;
}

std::string run_scpi_setting(ScpiSourceMeter& meter, const ScpiUnit& unit, bool& found) {
  const SpelledSettings& all = spelled_settings();
  const ScpiSetting* setting = find_setting(all.settings, meter, unit.header);
  const ScpiFixedSetting* fixed = setting == nullptr ? find_setting(all.fixed, meter, unit.header) : nullptr;
  found = setting != nullptr || fixed != nullptr;
  if (fixed != nullptr) return run_fixed(*fixed, unit);
  if (setting == nullptr) return {};
  if (unit.query) return answer_setting(meter, *setting, unit.arguments);
  set_setting(meter, *setting, unit.arguments);
  return {};
}

}  // namespace seccm::instrument::servers
