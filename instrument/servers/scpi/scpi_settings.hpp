// The settings of the source-measure unit: each once, as what it is and what it accepts. The command that sets it and
// the query that reads it, with MINimum, MAXimum and DEFault, follow from that: none is without the other.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "instrument/servers/scpi/scpi_commands.hpp"

namespace seccm::instrument::servers {

struct ScpiBounds {
  double low, high, usual;
  bool magnitude = false;  ///< negative values are accepted and small ones too: of a range
};

/// A number if it has bounds, a word otherwise.
struct ScpiSetting {
  ScpiModels models = ScpiModels::both;
  std::string_view pattern;
  ScpiBounds (*bounds)(const ScpiSourceMeter&) = nullptr;
  double (*number)(const ScpiSourceMeter&) = nullptr;
  void (*set_number)(ScpiSourceMeter&, double) = nullptr;  ///< of a value within the bounds
  bool whole = false;                                      ///< an integer
  std::string (*word)(const ScpiSourceMeter&) = nullptr;
  void (*set_word)(ScpiSourceMeter&, std::string_view) = nullptr;
  bool always = false;  ///< can be set while readings run
};

/// A setting that this unit can not change: it is told and accepted; another number or switch is -221, another
/// word -224.
struct ScpiFixedSetting {
  ScpiModels models = ScpiModels::both;
  std::string_view pattern, value;
};

std::span<const ScpiSetting> scpi_settings();
std::span<const ScpiFixedSetting> scpi_fixed_settings();

/// Sets or answers; `found` false if this model has no setting of this name. Throws ScpiError.
std::string run_scpi_setting(ScpiSourceMeter& meter, const ScpiUnit& unit, bool& found);

}  // namespace seccm::instrument::servers
