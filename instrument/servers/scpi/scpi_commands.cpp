#include "instrument/servers/scpi/scpi_commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace seccm::instrument::servers {

namespace {

struct Spelled {
  ScpiPattern pattern;
  bool query;
  const ScpiCommand* command;
};

std::vector<Spelled> spelled_commands() {
  std::vector<Spelled> all;
  for (const auto& table :
       {scpi_common_commands(), scpi_source_commands(), scpi_reading_commands(), scpi_sweep_commands()}) {
    for (const ScpiCommand& command : table) {
      std::string_view pattern = command.pattern;
      const bool query = pattern.ends_with('?');
      if (query) pattern.remove_suffix(1);
      all.push_back({ScpiPattern(pattern), query, &command});
    }
  }
  return all;
}

}  // namespace

const ScpiCommand* find_scpi_command(bool is_2450, const ScpiUnit& unit) {
  static const std::vector<Spelled> all = spelled_commands();
  const ScpiModels others = is_2450 ? ScpiModels::only_2400 : ScpiModels::only_2450;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Spelled& s) {
    return s.query == unit.query && s.command->models != others && s.pattern.matches(unit.header);
  });
  return found == all.end() ? nullptr : found->command;
}

double scpi_number(std::string_view text, double low, double high) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) throw data_type_error;
  if (value < low || value > high) throw data_out_of_range;
  return value;
}

int scpi_integer(std::string_view text, int low, int high) {
  const double value = scpi_number(text, low, high);
  if (value != std::floor(value)) throw data_type_error;
  return static_cast<int>(value);
}

bool scpi_switch(std::string_view text) {
  if (scpi_word(text, "ON") || text == "1") return true;
  if (scpi_word(text, "OFF") || text == "0") return false;
  throw illegal_parameter;
}

void scpi_require(std::string_view text, std::initializer_list<std::string_view> spelled) {
  if (std::none_of(spelled.begin(), spelled.end(), [&](std::string_view word) { return scpi_word(text, word); })) {
    throw illegal_parameter;
  }
}

std::string scpi_on_off(bool on) {
  return on ? "1" : "0";
}

}  // namespace seccm::instrument::servers
