// IEEE 488.2, SYSTem, STATus and what only has to be accepted.
#include <fmt/format.h>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using ScpiMeter = ScpiSourceMeter;
using Words = ScpiArguments;

std::string scpi_identity(ScpiMeter& m, const Words&) {
  return std::string(m.model().identity);
}

std::string preset_status(ScpiMeter& m, const Words&) {
  m.measurement_mask = 0;
  return {};
}

/// The bits of the 2450's operation and questionable registers are its user's to map: nothing is mapped.
std::string say_nothing_mapped(ScpiMeter&, const Words&) {
  return "0";
}

std::string say_all_errors(ScpiMeter& m, const Words&) {
  std::string all = m.next_error();
  while (m.errors() > 0) all.append(",").append(m.next_error());
  return all;
}

/// Nobody waits for a trigger from the bus here: a 2450 lets it pass, a 2400 says so.
std::string pass_trigger(ScpiMeter& m, const Words&) {
  if (!m.is_2450()) throw trigger_ignored;
  return {};
}

/// A front panel that nobody sees.
std::string accept_anything(ScpiMeter&, const Words&) {
  return {};
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
    {scpi_both, "*OPT?", 0, 0, say_nothing_mapped, true},
    {scpi_both, "*TRG", 0, 0, pass_trigger, true},
    {scpi_both, "*RST", 0, 0, [](ScpiMeter& m, const Words&) { return m.reset(), std::string(); }, true},
    {scpi_both, "*CLS", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_status(), std::string(); }, true},
    {scpi_both, "*WAI", 0, 0, [](ScpiMeter& m, const Words&) { return m.finish(), std::string(); }, true},
    {scpi_both, "*OPC", 0, 0, [](ScpiMeter& m, const Words&) { return m.note_when_done(), std::string(); }, true},
    {scpi_both, "*OPC?", 0, 0, [](ScpiMeter& m, const Words&) { return m.finish(), std::string("1"); }, true},
    {scpi_both, "*STB?", 0, 0, [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.status_byte()); }, true},
    {scpi_both, "*ESR?", 0, 0, [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.take_event_status()); },
     true},
    {scpi_both, "*TST?", 0, 0, [](ScpiMeter&, const Words&) { return std::string("0"); }},
    {scpi_both, "SYSTem:ERRor[:NEXT]?", 0, 0, [](ScpiMeter& m, const Words&) { return m.next_error(); }, true},
    {scpi_both, "SYSTem:ERRor:COUNt?", 0, 0, [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.errors()); },
     true},
    {scpi_both, "SYSTem:ERRor:ALL?", 0, 0, say_all_errors, true},
    {scpi_both, "SYSTem:CLEar", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_errors(), std::string(); }, true},
    {scpi_both, "SYSTem:LFRequency?", 0, 0,
     [](ScpiMeter& m, const Words&) { return fmt::format("{:.0f}", m.options().line_frequency); }, true},
    {scpi_both, "SYSTem:VERSion?", 0, 0,
     [](ScpiMeter& m, const Words&) { return std::string(m.is_2450() ? "1996.0" : "1991.0"); }, true},
    {scpi_2450, "SYSTem:TIME?", 0, 1, [](ScpiMeter& m, const Words&) { return fmt::format("{:.0f}", m.now()); }, true},
    {scpi_2400, "SYSTem:TIME?", 0, 0, [](ScpiMeter& m, const Words&) { return m.number(m.now()); }, true},
    {scpi_2400, "SYSTem:TIME:RESet", 0, 0, [](ScpiMeter& m, const Words&) { return m.restart_time(), std::string(); },
     true},
    {scpi_both, "SYSTem:BEEPer[:IMMediate]", 2, 2, accept_beep, true},
    {scpi_both, "SYSTem:LOCal", 0, 0, [](ScpiMeter&, const Words&) { return std::string(); }},
    {scpi_both, "SYSTem:REMote", 0, 0, [](ScpiMeter&, const Words&) { return std::string(); }},
    {scpi_2450, "DISPlay:CLEar", 0, 0, accept_anything, true},
    {scpi_2450, "DISPlay:SCReen", 1, 1, accept_anything, true},
    {scpi_2450, "DISPlay:USER1:TEXT[:DATA]", 1, 1, accept_anything, true},
    {scpi_2450, "DISPlay:USER2:TEXT[:DATA]", 1, 1, accept_anything, true},
    {scpi_2400, "DISPlay:CNDisplay", 0, 0, accept_anything, true},
    {scpi_2450, "STATus:CLEar", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_status(), std::string(); }, true},
    {scpi_both, "STATus:OPERation:CONDition?", 0, 0, say_nothing_mapped, true},
    {scpi_both, "STATus:OPERation[:EVENt]?", 0, 0, say_nothing_mapped, true},
    {scpi_both, "STATus:QUEStionable:CONDition?", 0, 0, say_nothing_mapped, true},
    {scpi_both, "STATus:QUEStionable[:EVENt]?", 0, 0, say_nothing_mapped, true},
    {scpi_both, "STATus:PRESet", 0, 0, preset_status, true},
    {scpi_2400, "STATus:QUEue:CLEar", 0, 0, [](ScpiMeter& m, const Words&) { return m.clear_errors(), std::string(); },
     true},
    {scpi_2400, "STATus:QUEue[:NEXT]?", 0, 0, [](ScpiMeter& m, const Words&) { return m.next_error(); }, true},
    {scpi_2400, "STATus:MEASurement[:EVENt]?", 0, 0,
     [](ScpiMeter& m, const Words&) { return fmt::format("{}", m.take_measurement_events()); }, true},
};

}  // namespace

std::span<const ScpiCommand> scpi_common_commands() {
  return scpi_common_table;
}

}  // namespace seccm::instrument::servers
