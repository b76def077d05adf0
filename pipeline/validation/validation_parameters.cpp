#include "pipeline/validation/validation_parameters.hpp"

#include <cmath>

#include "sim/error.hpp"

namespace seccm::validation {

void ValidationParameters::visit(ParameterVisitor& v, ValidationParameters& p) {
  v({.key = "factor",
     .low = 1.0001,
     .high = 1000,
     .grade = Grade::choice,
     .source = "",
     .text = "An estimate counts as right when it lies within this factor of the truth"},
    p.factor);
  v({.key = "confidence",
     .low = 0.5,
     .high = 0.9999,
     .grade = Grade::choice,
     .source = "",
     .text = "Confidence of the intervals"},
    p.confidence);
  v({.key = "resamples",
     .low = 100,
     .high = 100000,
     .grade = Grade::choice,
     .source = "",
     .text = "Bootstrap resamples of the points behind an interval"},
    p.resamples);
  v({.key = "quantitative_bias",
     .low = 0,
     .high = 10,
     .grade = Grade::choice,
     .source = "",
     .text = "Largest bias in decades of an estimator that is called quantitative"},
    p.quantitative_bias);
  v({.key = "quantitative_coverage",
     .low = 0,
     .high = 1,
     .grade = Grade::choice,
     .source = "",
     .text = "Smallest coverage of its own intervals of an estimator that is called quantitative"},
    p.quantitative_coverage);
  v({.key = "order_of_magnitude_bias",
     .low = 0,
     .high = 10,
     .grade = Grade::choice,
     .source = "",
     .text = "Largest bias in decades of an estimator that gives the order of magnitude"},
    p.order_of_magnitude_bias);
  v({.key = "grid_pitch",
     .unit = "um",
     .low = 0.1,
     .high = 1000,
     .grade = Grade::choice,
     .source = "",
     .text = "Pitch of the regular array that a smart scan is compared with"},
    p.grid_pitch);
  v({.key = "grid_width",
     .unit = "um",
     .low = 0.1,
     .high = 10000,
     .grade = Grade::choice,
     .source = "",
     .text = "Width of the area that the regular array would cover"},
    p.grid_width);
  v({.key = "grid_height",
     .unit = "um",
     .low = 0.1,
     .high = 10000,
     .grade = Grade::choice,
     .source = "",
     .text = "Height of the area that the regular array would cover"},
    p.grid_height);
}

void require_valid(const ValidationParameters& p) {
  const auto within = [](const char* key, double value, double low, double high) {
    if (!(value >= low && value <= high))
      throw InputError("validation." + std::string(key) + " is " + std::to_string(value) + "; " + std::to_string(low) +
                       " to " + std::to_string(high) + " is accepted");
  };
  within("factor", p.factor, 1.0001, 1000);
  within("confidence", p.confidence, 0.5, 0.9999);
  within("resamples", p.resamples, 100, 100000);
  within("grid_pitch", p.grid_pitch.si(), 1e-7, 1e-3);
  within("grid_width", p.grid_width.si(), 1e-7, 1e-2);
  within("grid_height", p.grid_height.si(), 1e-7, 1e-2);
}

}  // namespace seccm::validation
