// A parameter in words: its value, what is accepted, where its default comes from. Shared by the error messages, the
// writer, `explain` and the reference.
#pragma once

#include <string>

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::config {

/// "1 um", "0.5": shortest text in `unit` that reads back as the same double. Where no number in `unit` does, the base
/// units are used instead.
std::string exact_text(double si, std::string_view unit, Dimension dimension);

/// The same for people: twelve digits, so that 10 uF/cm^2 does not read 10.000000000000002 uF/cm^2.
std::string readable_text(double si, std::string_view unit, Dimension dimension);

/// "0.05 um to 5 um", "at least 0 nm", "any finite value in V".
std::string accepted_range(const ParameterInfo& info);

/// "a whole number, 1 to 100".
std::string accepted_integers(const ParameterInfo& info);

/// "Tetteh 2023, grade P"; "grade D" without a source.
std::string origin_of(const ParameterInfo& info);

/// True when a number of this parameter needs no unit: dimensionless, and counted in ones (not in degrees or percent).
bool unitless(const ParameterInfo& info, Dimension dimension);

/// low <= si <= high of a declaration, whose bounds are in its unit; the last bit of the conversion is forgiven.
bool in_range(const ParameterInfo& info, double si);

}  // namespace seccm::config
