// What the source-measure unit's label promises: ranges and limits of the model that it says it is.
//
// Sources: Keithley 2450 datasheet 1KW-60904, 2400 Series datasheet 1KW-61533, Model 6430 user's manual 6430-900-01.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace seccm::instrument::servers {

enum class ScpiDialect { keithley_2450, keithley_2400, keithley_6430 };

struct ScpiModel {
  std::string_view identity;                       ///< of *IDN?
  bool is_2450;                                    ///< else it speaks as a 2400
  double lowest_current_range, top_current_range;  ///< A; decades between them
  double lowest_limit, top_limit;                  ///< A, of the current limit
  std::span<const double> voltage_ranges;          ///< V, of the source
};

inline constexpr double scpi_headroom = 1.05;  ///< of a range

inline const ScpiModel& scpi_model(ScpiDialect dialect) {
  static constexpr std::array volts_2450{0.02, 0.2, 2.0, 20.0, 200.0};
  static constexpr std::array volts_2400{0.2, 2.0, 20.0, 200.0};
  static constexpr ScpiModel models[] = {
      {"KEITHLEY INSTRUMENTS,MODEL 2450,04412345,1.7.12b", true, 10e-9, 1.0, 1e-9, 1.05, std::span(volts_2450)},
      {"KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C32   Oct  4 2010 14:20:11/A02  /K/J", false, 1e-6, 1.0, 1e-9,
       1.05, std::span(volts_2400)},
      {"KEITHLEY INSTRUMENTS INC.,MODEL 6430,1234568,A10   Jun 10 2010 12:02:37/A02  /D", false, 1e-12, 0.1, 1e-15,
       0.105, std::span(volts_2400)},
  };
  return models[static_cast<std::size_t>(dialect)];
}

}  // namespace seccm::instrument::servers
