// The commands of the source-measure unit: one line each in the tables of scpi_*_commands.cpp.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/servers/scpi/scpi_source_meter.hpp"

namespace seccm::instrument::servers {

using ScpiArguments = std::vector<std::string>;

enum class ScpiModels { both, only_2450, only_2400 };

struct ScpiCommand {
  ScpiModels models = ScpiModels::both;
  std::string_view pattern;          ///< ends with '?' for a query
  std::size_t fewest = 0, most = 0;  ///< arguments
  /// The response, empty for a command. Throws ScpiError.
  std::string (*run)(ScpiSourceMeter&, const ScpiArguments&) = nullptr;
  /// Also while readings run.
  bool always = false;
};

std::span<const ScpiCommand> scpi_common_commands();
std::span<const ScpiCommand> scpi_source_commands();
std::span<const ScpiCommand> scpi_reading_commands();
std::span<const ScpiCommand> scpi_sweep_commands();

/// Null if this model has none of this name.
const ScpiCommand* find_scpi_command(bool is_2450, const ScpiUnit& unit);

/// A finite number, the whole text, in [low, high].
double scpi_number(std::string_view text, double low, double high);
int scpi_integer(std::string_view text, int low, int high);
bool scpi_switch(std::string_view text);
/// Throws illegal_parameter unless `text` is one of the words.
void scpi_require(std::string_view text, std::initializer_list<std::string_view> spelled);
std::string scpi_on_off(bool on);

}  // namespace seccm::instrument::servers
