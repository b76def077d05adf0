// Parameters of a cell by their names in the parameter table: "material.D", "double_layer.gold", "cell.radius".
//
// Sections material, double_layer, surface_redox, water_reduction, with phases phase_field; and of the section cell,
// which describes an electrode of equal particles: radius, wetted_fraction, contact_resistance, initial_filling (each
// of all particles, in proportion), area, gold_area, series_resistance, stray_capacitance, temperature. With a liquid
// also the section electrolyte, and of the duct pipette.diameter (droplet and footprint in proportion),
// pipette.half_cone_angle, pipette.cone_length, meniscus.height_fraction, meniscus.footprint_ratio.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/reference/reference_spec.hpp"

namespace seccm::models {

/// The value in SI; of a property of the particles, that of the first one. Throws InputError for a name that is no
/// number of the cell, with the names that are.
double parameter_value(const ReferenceSpec& spec, std::string_view path);
double parameter_value(const CellSpec& spec, std::string_view path);
/// The same cell with another value.
ReferenceSpec with_parameter(const ReferenceSpec& spec, std::string_view path, double si);
CellSpec with_parameter(const CellSpec& spec, std::string_view path, double si);
/// All names.
std::vector<std::string> parameter_paths(const ReferenceSpec& spec);
/// What a change of the value is measured by: its magnitude; of a value that is 0, 1 in SI, and of an evaporation of 0
/// that of a Péclet number of 1.
double parameter_scale(const ReferenceSpec& spec, std::string_view path);

}  // namespace seccm::models
