// IEEE 488.2, SYSTem, STATus and what only has to be accepted.
#include <fmt/format.h>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using ScpiMeter = ScpiSourceMeter;
using Words = ScpiArguments;

std::string scpi_identity(ScpiMeter& m, const Words&) {
  return m.is_2450() ? "KEITHLEY INSTRUMENTS,MODEL 2450,04412345,1.7.12b"
                     : "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C32   Oct  4 2010 14:20:11/A02  /K/J";
}

/// A register's mask, 0 to 255 or 32767.
template <int ScpiMeter::*mask, int most>
std::string set_mask(ScpiMeter& m, const Words& a) {
  m.*mask = scpi_integer(a.front(), 0, most);
  return {};
}
template <int ScpiMeter::*mask>
std::string get_mask(ScpiMeter& m, const Words&) {
  return fmt::format("{}", m.*mask);
}

std::string preset_status(ScpiMeter& m, const Words&) {
  m.measurement_mask = 0;
  return {};
}

std::string accept_switch(ScpiMeter&, const Words& a) {
  static_cast<void>(scpi_switch(a.front()));
  return {};
}

std::string accept_only_off(ScpiMeter&, const Words& a) {
  if (scpi_switch(a.front())) throw settings_conflict;
  return {};
}

std::string say_off(ScpiMeter&, const Words&) {
  return "0";
}

std::string accept_beep(ScpiMeter&, const Words& a) {
  static_cast<void>(scpi_number(a[0], 20.0, 2e6));
  static_cast<void>(scpi_number(a[1], 0.0, 100.0));
  return {};
}

constexpr auto scpi_both = ScpiModels::both;
constexpr auto scpi_2450 = ScpiModels::only_2450;
constexpr auto scpi_2400 = ScpiModels::only_2400;

constexpr ScpiCommand scpi_common_table[] = {
    {scpi_both, "*IDN?", 0, 0, scpi_identity, true},
    {scpi_2450, "*LANG?", 0, 0, [](ScpiMeter&, const Words&) { return std::string("SCPI"); }, true},
    {scpi_both, "*RST", 0, 0, [](ScpiMeter& m, const Words&) { return m.reset(), std::string(); }, true},
    {scpi_both, "*CLS", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_status(), std::string(); }, true},
    {scpi_both, "*WAI", 0, 0, [](ScpiMeter& m, const Words&) { return m.finish(), std::string(); }, true},
    {scpi_both, "*OPC", 0, 0, [](ScpiMeter& m, const Words&) { return m.note_when_done(), std::string(); }, true},
    {scpi_both, "*OPC?", 0, 0, [](ScpiMeter& m, const Words&) { return m.finish(), std::string("1"); }, true},
    {scpi_both, "*STB?", 0, 0, [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.status_byte()); }, true},
    {scpi_both, "*ESR?", 0, 0, [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.take_event_status()); },
     true},
    {scpi_both, "*SRE", 1, 1, set_mask<&ScpiMeter::service_mask, 255>, true},
    {scpi_both, "*SRE?", 0, 0, get_mask<&ScpiMeter::service_mask>, true},
    {scpi_both, "*ESE", 1, 1, set_mask<&ScpiMeter::event_mask, 255>, true},
    {scpi_both, "*ESE?", 0, 0, get_mask<&ScpiMeter::event_mask>, true},
    {scpi_both, "*TST?", 0, 0, [](ScpiMeter&, const Words&) { return std::string("0"); }},
    {scpi_both, "SYSTem:ERRor[:NEXT]?", 0, 0, [](ScpiMeter& m, const Words&) { return m.next_error(); }, true},
    {scpi_both, "SYSTem:CLEar", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_errors(), std::string(); }, true},
    {scpi_both, "SYSTem:LFRequency?", 0, 0,
     [](ScpiMeter& m, const Words&) { return fmt::format("{:.0f}", m.options().line_frequency); }, true},
    {scpi_both, "SYSTem:VERSion?", 0, 0,
     [](ScpiMeter& m, const Words&) { return std::string(m.is_2450() ? "1996.0" : "1991.0"); }, true},
    {scpi_2400, "SYSTem:TIME?", 0, 0, [](ScpiMeter& m, const Words&) { return m.number(m.now()); }, true},
    {scpi_2400, "SYSTem:TIME:RESet", 0, 0, [](ScpiMeter& m, const Words&) { return m.restart_time(), std::string(); },
     true},
    {scpi_both, "SYSTem:BEEPer[:IMMediate]", 2, 2, accept_beep, true},
    {scpi_both, "SYSTem:LOCal", 0, 0, [](ScpiMeter&, const Words&) { return std::string(); }},
    {scpi_both, "SYSTem:REMote", 0, 0, [](ScpiMeter&, const Words&) { return std::string(); }},
    {scpi_2400, "SYSTem:AZERo[:STATe]", 1, 1, accept_switch},
    {scpi_2400, "SYSTem:RSENse", 1, 1, accept_only_off},
    {scpi_2400, "SYSTem:RSENse?", 0, 0, say_off},
    {scpi_2400, "DISPlay:ENABle", 1, 1, accept_switch},
    {scpi_both, "STATus:PRESet", 0, 0, preset_status, true},
    {scpi_2400, "STATus:QUEue:CLEar", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_errors(), std::string(); },
     true},
    {scpi_2400, "STATus:QUEue[:NEXT]?", 0, 0, [](ScpiMeter& m, const Words&) { return m.next_error(); }, true},
    {scpi_2400, "STATus:MEASurement:ENABle", 1, 1, set_mask<&ScpiMeter::measurement_mask, 32767>, true},
    {scpi_2400, "STATus:MEASurement:ENABle?", 0, 0, get_mask<&ScpiMeter::measurement_mask>, true},
    {scpi_2400, "STATus:MEASurement[:EVENt]?", 0, 0,
     [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.take_measurement_events()); }, true},
};

}  // namespace

std::span<const ScpiCommand> scpi_common_commands() {
  return scpi_common_table;
}

}  // namespace seccm::instrument::servers
