// The [optics] section: lamp, objective and the gold-coated coverslip that is looked through.
#pragma once

#include <array>
#include <string_view>

#include "models/optics/materials.hpp"
#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {

enum class GoldData { film_9nm, film_25nm, bulk };
inline constexpr std::array<std::string_view, 3> gold_data_names = {"film_9nm", "film_25nm", "bulk"};

enum class AdhesionMetal { titanium, chromium };
inline constexpr std::array<std::string_view, 2> adhesion_metal_names = {"titanium", "chromium"};

struct OpticsParameters {
  Length wavelength = 470.0 * unit::nm;
  Length bandwidth = 25.0 * unit::nm;  ///< full width at half maximum of the LED
  double numerical_aperture = 0.75;
  double illumination_aperture = 0.75;  ///< numerical aperture of the reflected-light illumination
  double magnification = 50.0;

  Length gold_thickness = 15.0 * unit::nm;
  GoldData gold_data = GoldData::film_25nm;
  Length adhesion_thickness = 2.0 * unit::nm;
  AdhesionMetal adhesion_metal = AdhesionMetal::titanium;
  double stray_reflectance = 0.043;
  /// Of the electrolyte and of its residue. Not a key of this section: take it from [electrolyte] refractive_index.
  double electrolyte_index = 1.395;

  double illumination_falloff = 0.15;
  double illumination_offset_x = 0.05;
  double illumination_offset_y = -0.03;

  double lamp_tilt = 40.0 * constants::pi / 180.0;
  double lamp_azimuth = 20.0 * constants::pi / 180.0;
  double lamp_half_angle = 6.0 * constants::pi / 180.0;

  double residue_rim = 0.6;

  [[nodiscard]] OpticalMaterial gold() const;
  [[nodiscard]] OpticalMaterial adhesion() const;

  static void visit(ParameterVisitor& v, OpticsParameters& p);
};

}  // namespace seccm::models
