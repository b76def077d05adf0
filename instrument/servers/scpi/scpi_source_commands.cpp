// Source, limit, range, aperture, output, format: what a reading is taken with.
#include <algorithm>
#include <array>
#include <cmath>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using SourceMeter = ScpiSourceMeter;
using SourceWords = ScpiArguments;

constexpr double lowest_limit = 1e-9, top_limit = 1.05;  // A
constexpr double longest_delay = 9999.999;               // s

std::string set_source_function(SourceMeter&, const SourceWords& a) {
  scpi_require(a.front(), {"VOLTage"});
  return {};
}

std::string set_sense_function(SourceMeter& m, const SourceWords& a) {
  for (const std::string& function : a) {
    // The 2400 may name several; what is not a current is not measured here.
    if (scpi_word(function, "CURRent[:DC]") || (!m.is_2450() && scpi_word(function, "VOLTage[:DC]"))) continue;
    throw illegal_parameter;
  }
  return {};
}

std::string set_limit(SourceMeter& m, const SourceWords& a) {
  m.settings().current_limit = scpi_number(a.front(), lowest_limit, top_limit);
  return {};
}
std::string get_limit(SourceMeter& m, const SourceWords&) {
  return m.number(m.settings().current_limit);
}
std::string get_tripped(SourceMeter& m, const SourceWords&) {
  return scpi_on_off(m.limited());
}

std::string set_delay(SourceMeter& m, const SourceWords& a) {
  m.settings().source_delay = scpi_number(a.front(), 0.0, longest_delay);
  return {};
}
std::string get_delay(SourceMeter& m, const SourceWords&) {
  return m.number(m.settings().source_delay);
}

/// No automatic choice of a delay, no filter: off is what it does, on is refused.
std::string set_off(SourceMeter&, const SourceWords& a) {
  if (scpi_switch(a.front())) throw settings_conflict;
  return {};
}
std::string get_off(SourceMeter&, const SourceWords&) {
  return scpi_on_off(false);
}

std::string set_elements(SourceMeter& m, const SourceWords& a) {
  constexpr std::array<std::string_view, 5> known{"VOLTage", "CURRent", "RESistance", "TIME", "STATus"};
  constexpr std::array<std::string_view, 5> brief{"VOLT", "CURR", "RES", "TIME", "STAT"};
  std::vector<std::string> chosen;
  for (const std::string& word : a) {
    const auto at = std::find_if(known.begin(), known.end(), [&](auto k) { return scpi_word(word, k); });
    if (at == known.end()) throw illegal_parameter;
  }
  // In the instrument's order, whatever the order of the words.
  for (std::size_t k = 0; k < known.size(); ++k) {
    if (std::any_of(a.begin(), a.end(), [&](const auto& word) { return scpi_word(word, known.at(k)); })) {
      chosen.emplace_back(brief.at(k));
    }
  }
  m.settings().elements = std::move(chosen);
  return {};
}
std::string get_elements(SourceMeter& m, const SourceWords&) {
  std::string all;
  for (const std::string& e : m.settings().elements) all += (all.empty() ? "" : ",") + e;
  return all;
}

constexpr auto of_both = ScpiModels::both;
constexpr auto of_2450 = ScpiModels::only_2450;
constexpr auto of_2400 = ScpiModels::only_2400;

constexpr ScpiCommand scpi_source_table[] = {
    {of_both, "ROUTe:TERMinals", 1, 1,
     [](SourceMeter&, const SourceWords& a) { return scpi_require(a.front(), {"FRONt"}), std::string(); }},
    {of_both, "ROUTe:TERMinals?", 0, 0, [](SourceMeter&, const SourceWords&) { return std::string("FRON"); }},
    {of_both, "SOURce:FUNCtion[:MODE]", 1, 1, set_source_function},
    {of_both, "SOURce:FUNCtion[:MODE]?", 0, 0, [](SourceMeter&, const SourceWords&) { return std::string("VOLT"); }},
    {of_both, "SOURce:VOLTage[:LEVel][:IMMediate][:AMPLitude]", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       return m.set_level(scpi_number(a.front(), -1e3, 1e3)), std::string();
     }},
    {of_both, "SOURce:VOLTage[:LEVel][:IMMediate][:AMPLitude]?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return m.number(m.meter().level()); }, true},
    {of_both, "SOURce:VOLTage:RANGe", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       return m.set_voltage_range(scpi_number(a.front(), -1e3, 1e3)), std::string();
     }},
    {of_both, "SOURce:VOLTage:RANGe?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return m.number(m.settings().voltage_range); }},
    {of_both, "SOURce:VOLTage:RANGe:AUTO", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       m.settings().voltage_auto = scpi_switch(a.front());
       return std::string();
     }},
    {of_both, "SOURce:VOLTage:RANGe:AUTO?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return scpi_on_off(m.settings().voltage_auto); }},
    {of_2450, "SOURce:VOLTage:ILIMit[:LEVel]", 1, 1, set_limit},
    {of_2450, "SOURce:VOLTage:ILIMit[:LEVel]?", 0, 0, get_limit},
    {of_2450, "SOURce:VOLTage:ILIMit[:LEVel]:TRIPped?", 0, 0, get_tripped, true},
    {of_2450, "SOURce:VOLTage:DELay", 1, 1, set_delay},
    {of_2450, "SOURce:VOLTage:DELay?", 0, 0, get_delay},
    {of_2450, "SOURce:VOLTage:DELay:AUTO", 1, 1, set_off},
    {of_2450, "SOURce:VOLTage:DELay:AUTO?", 0, 0, get_off},
    {of_2400, "SENSe:CURRent[:DC]:PROTection[:LEVel]", 1, 1, set_limit},
    {of_2400, "SENSe:CURRent[:DC]:PROTection[:LEVel]?", 0, 0, get_limit},
    {of_2400, "SENSe:CURRent[:DC]:PROTection:TRIPped?", 0, 0, get_tripped, true},
    {of_2400, "SOURce:DELay", 1, 1, set_delay},
    {of_2400, "SOURce:DELay?", 0, 0, get_delay},
    {of_2400, "SOURce:DELay:AUTO", 1, 1, set_off},
    {of_2400, "SOURce:DELay:AUTO?", 0, 0, get_off},
    {of_2400, "SOURce:CLEar:AUTO", 1, 1, set_off},
    {of_2400, "SOURce:CLEar:AUTO?", 0, 0, get_off},
    {of_both, "SENSe:FUNCtion[:ON]", 1, 3, set_sense_function},
    {of_both, "SENSe:FUNCtion[:ON]?", 0, 0,
     [](SourceMeter&, const SourceWords&) { return std::string("\"CURR:DC\""); }},
    {of_2400, "SENSe:FUNCtion:CONCurrent", 1, 1,
     [](SourceMeter&, const SourceWords& a) { return static_cast<void>(scpi_switch(a.front())), std::string(); }},
    {of_both, "SENSe:CURRent[:DC]:NPLCycles", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       m.settings().nplc = scpi_number(a.front(), 0.01, 10.0);
       return std::string();
     }},
    {of_both, "SENSe:CURRent[:DC]:NPLCycles?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return m.number(m.settings().nplc); }},
    {of_both, "SENSe:CURRent[:DC]:RANGe[:UPPer]", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       m.meter().set_current_range(std::abs(scpi_number(a.front(), -top_limit, top_limit)));
       m.settings().current_auto = false;
       return std::string();
     }},
    {of_both, "SENSe:CURRent[:DC]:RANGe[:UPPer]?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return m.number(m.meter().current_range()); }},
    {of_both, "SENSe:CURRent[:DC]:RANGe:AUTO", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       m.settings().current_auto = scpi_switch(a.front());
       return std::string();
     }},
    {of_both, "SENSe:CURRent[:DC]:RANGe:AUTO?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return scpi_on_off(m.settings().current_auto); }},
    {of_2450, "SENSe:CURRent[:DC]:AVERage[:STATe]", 1, 1, set_off},
    {of_2450, "SENSe:CURRent[:DC]:RSENse", 1, 1, set_off},
    {of_2400, "SENSe:AVERage[:STATe]", 1, 1, set_off},
    {of_2400, "SENSe:AVERage[:STATe]?", 0, 0, get_off},
    {of_2400, "FORMat:ELEMents[:SENSe]", 1, 5, set_elements},
    {of_2400, "FORMat:ELEMents[:SENSe]?", 0, 0, get_elements},
    {of_both, "FORMat[:DATA]", 1, 2,
     [](SourceMeter&, const SourceWords& a) { return scpi_require(a.front(), {"ASCii"}), std::string(); }},
    {of_both, "FORMat[:DATA]?", 0, 0, [](SourceMeter&, const SourceWords&) { return std::string("ASC"); }},
    {of_both, "OUTPut[:STATe]", 1, 1,
     [](SourceMeter& m, const SourceWords& a) {
       const bool on = scpi_switch(a.front());
       if (!on) m.abort();
       return m.meter().set_output(on), std::string();
     },
     true},
    {of_both, "OUTPut[:STATe]?", 0, 0,
     [](SourceMeter& m, const SourceWords&) { return scpi_on_off(m.meter().output()); }, true},
};

}  // namespace

std::span<const ScpiCommand> scpi_source_commands() {
  return scpi_source_table;
}

}  // namespace seccm::instrument::servers
