#include "models/optics/interference_reflection.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

using Complex = std::complex<double>;

constexpr std::size_t heights = 801;
constexpr double height_step = 2.5e-9;
constexpr std::size_t packings = 65;
constexpr std::array<double, 11> residue_nodes = {
    0.0, 10e-9, 20e-9, 30e-9, 45e-9, 60e-9, 80e-9, 100e-9, 125e-9, 150e-9, max_residue_thickness};
constexpr std::size_t immersed_plane = residue_nodes.size();
constexpr std::size_t planes = residue_nodes.size() + 1;
constexpr std::size_t plane_size = packings * heights;

// Reflection behind an interface as a fraction num/den: Γ = (ρ + Γ')/(1 + ρ Γ') is a product of 2x2 matrices.
struct Moebius {
  Complex a = 1.0, b = 0.0, c = 0.0, d = 1.0;

  void interface(Complex rho) { *this = {a + b * rho, a * rho + b, c + d * rho, c * rho + d}; }
  void propagate(Complex round_trip) {
    a *= round_trip;
    c *= round_trip;
  }
};

// One plane wave through a column whose TiO2 layer alone varies: R = |a w + b|²/|c w + d|², T = f |w|/|c w + d|², with
// w = exp(2iδ) of that layer.
struct ColumnLaw {
  Complex a, b, c, d;
  double transmission_factor = 0.0;
  Complex step;  // w of one height step
};

ColumnLaw column_law(const OpticalStack& stack, const PlaneWave& wave, std::size_t variable) {
  const Complex i(0.0, 1.0);
  const double k0 = 2.0 * constants::pi / wave.wavelength;
  Moebius before;
  Complex behind_num = 0.0;
  Complex behind_den = 1.0;
  Complex amplitude = 1.0;
  const std::size_t count = stack.layers.size();
  std::vector<Complex> rho(count + 1);
  Complex eta = admittance(stack.incident, wave);
  const double incoming = eta.real();
  for (std::size_t j = 0; j <= count; ++j) {
    const Complex next = admittance(j < count ? stack.layers[j].index : stack.exit, wave);
    rho[j] = (eta - next) / (eta + next);
    amplitude *= 1.0 + rho[j];
    eta = next;
  }
  for (std::size_t j = 0; j <= variable; ++j) {
    before.interface(rho[j]);
    if (j == variable) break;
    const Complex pass =
        std::exp(i * k0 * stack.layers[j].thickness * normal_index(stack.layers[j].index, wave.transverse_index));
    before.propagate(pass * pass);
    amplitude *= pass;
  }
  Moebius after;
  for (std::size_t j = variable + 1; j <= count; ++j) {
    after.interface(rho[j]);
    if (j == count) break;
    const Complex pass =
        std::exp(i * k0 * stack.layers[j].thickness * normal_index(stack.layers[j].index, wave.transverse_index));
    after.propagate(pass * pass);
    amplitude *= pass;
  }
  behind_num = after.b;  // Γ behind the last interface is 0
  behind_den = after.d;
  ColumnLaw law{before.a * behind_num,
                before.b * behind_den,
                before.c * behind_num,
                before.d * behind_den,
                std::norm(amplitude) * std::max(eta.real(), 0.0) / incoming,
                0.0};
  law.step = std::exp(2.0 * i * k0 * height_step * normal_index(stack.layers[variable].index, wave.transverse_index));
  return law;
}

enum class Response { reflectance, transmittance };

// Adds one wave to the row of all heights.
void accumulate(const ColumnLaw& law, double weight, Response what, std::span<double> row) {
  Complex w = 1.0;
  for (double& value : row) {
    const double den = std::norm(law.c * w + law.d);
    const double num =
        what == Response::reflectance ? std::norm(law.a * w + law.b) : law.transmission_factor * std::abs(w);
    value += weight * num / den;
    w *= law.step;
  }
}

LocalLayer plane_layer(std::size_t plane, double packing) {
  LocalLayer layer{.packing = packing};
  layer.immersed = plane == immersed_plane;
  if (!layer.immersed) layer.residue = residue_nodes[plane];
  return layer;
}

std::vector<float> build_table(const OpticsParameters& optics, std::span<const IlluminationPoint> light,
                               Response what) {
  constexpr std::size_t titania_layer = 2;  // of column_stack
  std::vector<float> table(planes * plane_size);
  constexpr long rows = static_cast<long>(planes * packings);
#pragma omp parallel for schedule(static)
  for (long r = 0; r < rows; ++r) {
    const auto plane = static_cast<std::size_t>(r) / packings;
    const auto p = static_cast<std::size_t>(r) % packings;
    const LocalLayer layer = plane_layer(plane, static_cast<double>(p) / static_cast<double>(packings - 1));
    std::vector<double> row(heights, 0.0);
    for (const auto& point : light) {
      const OpticalStack stack = column_stack(optics, layer, point.wave.wavelength);
      accumulate(column_law(stack, point.wave, titania_layer), point.weight, what, row);
    }
    std::transform(row.begin(), row.end(), table.begin() + static_cast<std::ptrdiff_t>(r * static_cast<long>(heights)),
                   [](double v) { return static_cast<float>(v); });
  }
  return table;
}

}  // namespace

InterferenceReflection::InterferenceReflection(const OpticsParameters& optics) : stray_(optics.stray_reflectance) {
  const auto epi = reflection_illumination(optics);
  const auto lamp = lamp_illumination(optics);
  reflectance_ = build_table(optics, epi, Response::reflectance);
  transmittance_ = build_table(optics, lamp, Response::transmittance);
  bare_reflectance_ = reflectance({});
  bare_transmittance_ = transmittance({});
}

double InterferenceReflection::contrast(const LocalLayer& layer) const {
  return (reflectance(layer) + stray_) / (bare_reflectance_ + stray_) - 1.0;
}

double InterferenceReflection::plane_value(const std::vector<float>& table, std::size_t plane, double height,
                                           double packing) const {
  const double hi = std::clamp(height / height_step, 0.0, static_cast<double>(heights - 1));
  const double pi = std::clamp(packing, 0.0, 1.0) * static_cast<double>(packings - 1);
  const auto h = std::min(static_cast<std::size_t>(hi), heights - 2);
  const auto p = std::min(static_cast<std::size_t>(pi), packings - 2);
  const double s = hi - static_cast<double>(h);
  const double t = pi - static_cast<double>(p);
  const float* low = table.data() + plane * plane_size + p * heights + h;
  const float* high = low + heights;
  const double at_low = (1.0 - s) * static_cast<double>(low[0]) + s * static_cast<double>(low[1]);
  const double at_high = (1.0 - s) * static_cast<double>(high[0]) + s * static_cast<double>(high[1]);
  return (1.0 - t) * at_low + t * at_high;
}

double InterferenceReflection::lookup(const std::vector<float>& table, const LocalLayer& layer) const {
  if (layer.immersed) return plane_value(table, immersed_plane, layer.height, layer.packing);
  if (layer.residue <= 0.0) return plane_value(table, 0, layer.height, layer.packing);
  std::size_t i = 0;
  while (i + 2 < residue_nodes.size() && layer.residue > residue_nodes[i + 1]) ++i;
  const double s = std::min((layer.residue - residue_nodes[i]) / (residue_nodes[i + 1] - residue_nodes[i]), 1.0);
  return (1.0 - s) * plane_value(table, i, layer.height, layer.packing) +
         s * plane_value(table, i + 1, layer.height, layer.packing);
}

}  // namespace seccm::models
