// A number with what is known of its error, and the interval that follows from it.
//
// The error has three parts, each in the form in which it is known:
//   error         one sigma in the unit of the value, normally distributed: noise, a fit. Student's t with
//                 `degrees_of_freedom`, where it was itself estimated from few values (0: well known).
//                 Of a `power` of a measured number (D goes with the square of a slope) the number is what is normal.
//   log_error     one sigma of ln(value), normally distributed: factors known to so much (an area, a calibration).
//   below, above  how far the truth may lie below or above the value for a reason whose size is bounded but not known;
//                 `above` is infinite where the value is a lower limit.
//
// Linear scale: [value - below - h, value + above + h] with h the square-added half-widths of error and log_error.
// Logarithmic scale, with t and z the quantiles of the two parts and g = error/(power value): the limits of each part
// alone are value (1 -+ t g)^power and value exp(-+ z log_error); distances from ln(value) are square-added side by
// side (method of variance estimates recovery: G. Y. Zou and A. Donner, Stat. Med. 27 (2008) 1693, for a sum, here of
// logarithms):
//   lower = (value - below) exp(-[power^2 ln^2(1 - t g) + (z log_error)^2]^1/2),
//   upper = (value + above) exp(+[power^2 ln^2(1 + t g) + (z log_error)^2]^1/2).
// Each part alone gives its exact interval, both together exp(-+ z sigma/value) for small errors. Where t g >= 1 or
// below >= value, zero is not excluded: lower = 0, and the row is one-sided. A value that is not positive is no
// estimate on this scale; an upper limit that is positive still bounds the quantity.
#pragma once

#include <string>

#include "files/results_file.hpp"

namespace seccm::analysis {

/// A value with its error; `known` false: there is none, and why.
struct Measured {
  double value = 0.0;
  double error = 0.0;  ///< 1 sigma, in the unit
  bool known = false;
  std::string reason{};             ///< why not known, or a caveat
  double log_error = 0.0;           ///< 1 sigma of ln(value)
  double power = 1.0;               ///< >= 1: the value is this power of a number with a normal error
  double below = 0.0, above = 0.0;  ///< >= 0, in the unit
  int degrees_of_freedom = 0;       ///< of `error`; 0: well known
  std::string leaves_out{};         ///< known parts of the error that none of these holds
};

/// Level of every interval that the analysis states.
inline constexpr double interval_level = 0.95;

/// Half-width of a two-sided interval in standard errors: Student's t, for 0 degrees of freedom the normal quantile.
double half_width(double level, int degrees_of_freedom);

/// 1 sigma in the unit, all random parts together.
double standard_error(const Measured& value);

/// What the interval says of a quantity: limits, and whether the value is an estimate.
struct StatedInterval {
  double lower = 0.0, upper = 0.0;
  double level = 0.0;  ///< 0: no error is stated
  files::Verdict verdict = files::Verdict::valid;
  std::string reason{};
};
/// `value` known and finite.
StatedInterval interval_of(const Measured& value, files::IntervalScale scale, double level = interval_level);

}  // namespace seccm::analysis
