// Complex refractive indices n + ik of what the microscope looks through, from 470 to 660 nm.
//
// Values at 470, 525, 565, 625 and 660 nm; linear in wavelength between them. Against the source tables (steps of 10 nm
// and finer) the straight lines are off by at most 0.07 in n and 0.15 in k, worst near 500 nm on the absorption edge of
// gold; between 600 and 655 nm by at most 0.02 (25 nm film, bulk) and 0.05 (9 nm film, whose data are rougher).
// Time dependence exp(-iωt): k > 0 absorbs.
//
// Source: refractiveindex.info database (CC0), the data sets named by `source`; the electrolyte is a mixing estimate.
#pragma once

#include <array>
#include <complex>
#include <span>
#include <string_view>

#include "sim/parameter.hpp"

namespace seccm::models {

enum class OpticalMaterial {
  gold_film_9nm,
  gold_film_25nm,
  gold_bulk,
  anatase,
  coverslip_d263,
  bk7,
  fused_silica,
  titanium,
  chromium,
  argon,
  electrolyte,
};

/// The wavelengths of the table, m.
inline constexpr std::array<double, 5> optical_table_wavelengths = {470e-9, 525e-9, 565e-9, 625e-9, 660e-9};

struct OpticalMaterialInfo {
  OpticalMaterial material;
  std::string_view name;
  std::string_view source;
  Grade grade;
  std::array<std::complex<double>, 5> index;  ///< at optical_table_wavelengths
};

/// Every material, in the order of the enumeration.
std::span<const OpticalMaterialInfo> optical_materials();
const OpticalMaterialInfo& optical_material(OpticalMaterial material);

/// n + ik at a vacuum wavelength in m. Throws InputError outside 470-660 nm.
std::complex<double> refractive_index(OpticalMaterial material, double wavelength);

}  // namespace seccm::models
