// Parameters of a cell by their names in the parameter table: "material.D", "double_layer.gold", "cell.radius".
//
// Sections material, double_layer, surface_redox, water_reduction; and of the section cell, which describes an
// electrode of equal particles: radius, wetted_fraction, contact_resistance, initial_filling (each of all particles, in
// proportion), area, gold_area, series_resistance, stray_capacitance, temperature.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/cell/cell_spec.hpp"

namespace seccm::models {

/// The value in SI; of a property of the particles, that of the first one. Throws InputError for a name that is no
/// number of the cell, with the names that are.
double parameter_value(const CellSpec& spec, std::string_view path);
/// The same cell with another value.
CellSpec with_parameter(const CellSpec& spec, std::string_view path, double si);
/// All names.
std::vector<std::string> parameter_paths(const CellSpec& spec);

}  // namespace seccm::models
