// Unit strings: "3e-15 cm^2/s", "50 mV/s", "2 um" -> SI value and dimension; and back.
//
// Grammar: number [space] unit;  unit := factor {(* | / | space) factor};  factor := symbol [^ [-]n[/2]] | 1.
// A bare number has dimension 1. "/" binds to the one factor behind it: "F/m^2 s" is F m^-2 s.
// Symbols with SI prefixes f p n u(µ) m c k M G T on: m s V A F C Ohm(Ω) S Hz K mol L g eV W N Pa J;
// also: min h % deg(rad) rad e- DN px "percent"; the last five and % are dimensionless (% = 0.01, deg = pi/180).
#pragma once

#include <string>
#include <string_view>

#include "sim/quantity.hpp"

namespace seccm {

struct ParsedQuantity {
  double si = 0.0;
  Dimension dimension;
};

/// Parses one unit ("mV/s"). Throws InputError naming the part that it does not know.
ParsedQuantity parse_unit(std::string_view unit);

/// Parses a number with its unit. Throws InputError on anything else, a non-finite number included.
ParsedQuantity parse_quantity(std::string_view text);

/// The base-unit product of a dimension, e.g. "m^2 s^-1"; "1" when dimensionless.
std::string to_string(Dimension dimension);

/// Shortest text that reads back as the same double, in the given unit: "3e-15 cm^2/s"; in base units where the given
/// unit can not hit that double exactly.
std::string format_quantity(double si, std::string_view unit);

}  // namespace seccm
