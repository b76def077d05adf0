// What an estimated quantity is, whoever estimates it: its scale, the question that it answers, the unit that people
// read.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "files/results_file.hpp"

namespace seccm::files {

/// The questions that a table of estimates is grouped by, in this order.
inline constexpr std::array<std::string_view, 9> questions{
    "How fast does lithium diffuse?",
    "How does the peak current grow with the scan rate?",
    "How much charge flows?",
    "How much of the current is capacitive?",
    "How much lithium is stored?",
    "How fast can it be charged?",
    "How large is the area or the volume?",
    "At which potential?",
    "How large is the peak current?",
};

struct EstimatedQuantity {
  std::string_view name;                        ///< the column `quantity` of an estimate
  std::string_view text;                        ///< in words
  int question = 0;                             ///< index into `questions`
  IntervalScale scale = IntervalScale::linear;  ///< of its interval
  std::string_view shown_unit;                  ///< "": as stated
  double shown_in_SI = 1.0;                     ///< the shown unit in the stated one
};

std::span<const EstimatedQuantity> quantities();
/// Nothing for a quantity that is not in the list.
const EstimatedQuantity* find_quantity(std::string_view name);
/// Linear for a quantity that is not in the list.
IntervalScale scale_of(std::string_view quantity);

}  // namespace seccm::files
