// Parameters -> TOML that reads back as the same values, bit for bit.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/parameter.hpp"

namespace seccm::config {

std::string toml_text(std::string_view text);
std::string toml_quantity(const ParameterInfo& info, Dimension dimension, double si);
std::string toml_quantities(const ParameterInfo& info, Dimension dimension, const std::vector<double>& si);
/// "twin, hardware or replay"
std::string one_of(std::span<const std::string_view> names);

/// The parameters as a complete TOML document, every key written. Sections and keys in `without` (full
/// path) are left out.
std::string write_toml(const std::function<void(ParameterVisitor&)>& visit,
                       std::span<const std::string_view> without = {});

}  // namespace seccm::config
