#include "models/optics/materials.hpp"

#include <string>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

using Index = std::complex<double>;

constexpr std::string_view yakubovsky =
    "refractiveindex.info (CC0, ff11b589): Yakubovsky et al., Opt. Express 25, 25574 (2017)";
constexpr std::string_view johnson_christy =
    "refractiveindex.info (CC0, ff11b589): Johnson and Christy, Phys. Rev. B 6, 4370 (1972) and 9, 5056 (1974)";
constexpr std::string_view catalogue = "refractiveindex.info (CC0, ff11b589): maker's dispersion formula";

const std::array<OpticalMaterialInfo, 11> table = {{
    {OpticalMaterial::gold_film_9nm,
     "gold_film_9nm",
     yakubovsky,
     Grade::verified,
     {Index{1.276, 1.695}, {0.641, 2.007}, {0.387, 2.484}, {0.318, 3.259}, {0.386, 3.514}}},
    {OpticalMaterial::gold_film_25nm,
     "gold_film_25nm",
     yakubovsky,
     Grade::verified,
     {Index{1.329, 1.919}, {0.597, 2.266}, {0.373, 2.776}, {0.234, 3.455}, {0.196, 3.821}}},
    {OpticalMaterial::gold_bulk,
     "gold_bulk",
     johnson_christy,
     Grade::verified,
     {Index{1.315, 1.853}, {0.592, 2.136}, {0.361, 2.655}, {0.197, 3.354}, {0.140, 3.702}}},
    {OpticalMaterial::anatase,
     "anatase",
     "refractiveindex.info (CC0, ff11b589): Jolivet et al., Appl. Surf. Sci. 608, 155214 (2023), film by atomic layer "
     "deposition",
     Grade::verified,
     {Index{2.601}, {2.537}, {2.506}, {2.474}, {2.460}}},
    {OpticalMaterial::coverslip_d263,
     "coverslip_d263",
     catalogue,
     Grade::verified,
     {Index{1.531}, {1.527}, {1.524}, {1.522}, {1.520}}},
    {OpticalMaterial::bk7, "bk7", catalogue, Grade::verified, {Index{1.524}, {1.520}, {1.518}, {1.515}, {1.514}}},
    {OpticalMaterial::fused_silica,
     "fused_silica",
     "refractiveindex.info (CC0, ff11b589): fused silica",
     Grade::verified,
     {Index{1.464}, {1.461}, {1.459}, {1.457}, {1.456}}},
    {OpticalMaterial::titanium,
     "titanium",
     johnson_christy,
     Grade::verified,
     {Index{2.317, 3.097}, {2.454, 3.319}, {2.569, 3.503}, {2.687, 3.743}, {2.762, 3.843}}},
    {OpticalMaterial::chromium,
     "chromium",
     johnson_christy,
     Grade::verified,
     {Index{2.501, 3.235}, {2.974, 3.330}, {3.199, 3.315}, {3.155, 3.308}, {3.089, 3.341}}},
    {OpticalMaterial::argon,
     "argon",
     "refractiveindex.info (CC0, ff11b589): 1.00027-1.00028 over the visible",
     Grade::verified,
     {Index{1.00028}, {1.00028}, {1.00028}, {1.00027}, {1.00027}}},
    {OpticalMaterial::electrolyte,
     "electrolyte",
     "1 M LiPF6 in EC:EMC 1:1 by volume: mixed from EC 1.4158 (50 C) and EMC 1.370-1.378 at 589 nm; no dispersion; "
     "range 1.385-1.405",
     Grade::computed,
     {Index{1.395}, {1.395}, {1.395}, {1.395}, {1.395}}},
}};

}  // namespace

std::span<const OpticalMaterialInfo> optical_materials() {
  return table;
}

const OpticalMaterialInfo& optical_material(OpticalMaterial material) {
  return table.at(static_cast<std::size_t>(material));
}

std::complex<double> refractive_index(OpticalMaterial material, double wavelength) {
  const auto& nodes = optical_table_wavelengths;
  const OpticalMaterialInfo& info = optical_material(material);
  if (!(wavelength >= nodes.front() && wavelength <= nodes.back())) {
    throw InputError("refractive index of " + std::string(info.name) + ": wavelength " +
                     format_quantity(wavelength, "nm") + " is outside the table; accepted: 470 nm to 660 nm");
  }
  std::size_t i = 0;
  while (i + 2 < nodes.size() && wavelength > nodes[i + 1]) ++i;
  const double s = (wavelength - nodes[i]) / (nodes[i + 1] - nodes[i]);
  return (1.0 - s) * info.index[i] + s * info.index[i + 1];
}

}  // namespace seccm::models
