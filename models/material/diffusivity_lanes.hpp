// D and Φ at many fillings, one vector kernel per law. Internal to models/material.
#pragma once

#include <cstddef>

#include "models/material/diffusivity.hpp"

namespace seccm::models {

void evaluate_lanes(const ConstantDiffusivity& law, std::size_t n, const double* y, double* value, double* integral);
void evaluate_lanes(const ExponentialDiffusivity& law, std::size_t n, const double* y, double* value, double* integral);
void evaluate_lanes(const RegularSolutionDiffusivity& law, std::size_t n, const double* y, double* value,
                    double* integral);
void evaluate_lanes(const TableDiffusivity& law, std::size_t n, const double* y, double* value, double* integral);

}  // namespace seccm::models
