// What is measured, and what was found beside a reading. Settings: scpi_settings.cpp.
#include <algorithm>
#include <array>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

namespace {

using SourceMeter = ScpiSourceMeter;
using SourceWords = ScpiArguments;

std::string set_sense_function(SourceMeter& m, const SourceWords& a) {
  for (const std::string& function : a) {
    // The 2400 may name several; what is not a current is not measured here.
    if (scpi_word(function, "CURRent[:DC]") || (!m.is_2450() && scpi_word(function, "VOLTage[:DC]"))) continue;
    throw illegal_parameter;
  }
  return {};
}

std::string get_tripped(SourceMeter& m, const SourceWords&) {
  return scpi_on_off(m.limited());
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
    {of_2450, "SOURce:VOLTage:ILIMit[:LEVel]:TRIPped?", 0, 0, get_tripped, true},
    {of_2400, "SENSe:CURRent[:DC]:PROTection:TRIPped?", 0, 0, get_tripped, true},
    {of_2400, "SENSe:VOLTage[:DC]:PROTection:TRIPped?", 0, 0,
     [](SourceMeter&, const SourceWords&) { return scpi_on_off(false); }, true},
    {of_both, "SENSe:FUNCtion[:ON]", 1, 3, set_sense_function},
    {of_both, "SENSe:FUNCtion[:ON]?", 0, 0, [](SourceMeter&, const SourceWords&) { return std::string("\"CURR:DC\""); },
     true},
    {of_2400, "FORMat:ELEMents[:SENSe]", 1, 5, set_elements},
    {of_2400, "FORMat:ELEMents[:SENSe]?", 0, 0, get_elements, true},
    // Nothing drifts: there is no zero to be found anew.
    {of_2450, "SENSe:AZERo:ONCE", 0, 0, [](SourceMeter&, const SourceWords&) { return std::string(); }},
};

}  // namespace

std::span<const ScpiCommand> scpi_source_commands() {
  return scpi_source_table;
}

}  // namespace seccm::instrument::servers
