#include "models/optics/interference_reflection.hpp"

#include <algorithm>
#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

using Complex = std::complex<double>;

constexpr std::size_t heights = 801;
constexpr double height_step = 2.5e-9;
constexpr std::size_t packings = 129;
constexpr std::size_t residues = 201;
constexpr double residue_step = 1e-9;
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

// One plane wave through a stack whose last layer alone varies: R = |a w + b|²/|c w + d|², T = f |w|/|c w + d|², with
// w = exp(2iδ) of that layer.
struct ColumnLaw {
  Complex a, b, c, d;
  double transmission_factor = 0.0;
  Complex step;  // w of one thickness step
};

ColumnLaw column_law(const OpticalStack& stack, const PlaneWave& wave, double thickness_step) {
  const Complex phase_rate(0.0, 2.0 * constants::pi / wave.wavelength);
  const double incoming = admittance(stack.incident, wave).real();
  Moebius in_front;
  Complex amplitude = 1.0;
  Complex eta = incoming;
  const auto cross = [&](Complex index) {
    const Complex next = admittance(index, wave);
    const Complex rho = (eta - next) / (eta + next);
    amplitude *= 1.0 + rho;
    eta = next;
    return rho;
  };
  for (std::size_t j = 0; j + 1 < stack.layers.size(); ++j) {
    in_front.interface(cross(stack.layers[j].index));
    const Complex pass =
        std::exp(phase_rate * stack.layers[j].thickness * normal_index(stack.layers[j].index, wave.transverse_index));
    in_front.propagate(pass * pass);
    amplitude *= pass;
  }
  const Complex last_index = stack.layers.back().index;
  in_front.interface(cross(last_index));
  const Complex rho = cross(stack.exit);
  return {.a = in_front.a * rho,
          .b = in_front.b,
          .c = in_front.c * rho,
          .d = in_front.d,
          .transmission_factor = std::norm(amplitude) * std::max(eta.real(), 0.0) / incoming,
          .step = std::exp(2.0 * phase_rate * thickness_step * normal_index(last_index, wave.transverse_index))};
}

// Adds one wave to a row of heights.
void accumulate(const ColumnLaw& law, double weight, bool reflected, std::span<double> row) {
  Complex w = 1.0;
  for (double& value : row) {
    const double den = std::norm(law.c * w + law.d);
    const double num = reflected ? std::norm(law.a * w + law.b) : law.transmission_factor * std::abs(w);
    value += weight * num / den;
    w *= law.step;
  }
}

void store(std::span<const double> row, float* out) {
  std::transform(row.begin(), row.end(), out, [](double v) { return static_cast<float>(v); });
}

double mix(float low, float high, double s) {
  return (1.0 - s) * static_cast<double>(low) + s * static_cast<double>(high);
}

// Where a value lies on a regular axis: cell and share.
struct Place {
  std::size_t cell;
  double share;
};
Place place(double value, std::size_t nodes) {
  const double v = std::clamp(value, 0.0, static_cast<double>(nodes - 1));
  const std::size_t cell = std::min(static_cast<std::size_t>(v), nodes - 2);
  return {cell, v - static_cast<double>(cell)};
}

}  // namespace

InterferenceReflection::Table InterferenceReflection::build(const OpticsParameters& optics,
                                                            std::span<const IlluminationPoint> light, bool reflected) {
  // The tables are made without further checks: let the checked form refuse thicknesses and indices that are none.
  const PlaneWave& first = light.front().wave;
  static_cast<void>(stack_response(column_stack(optics, {.immersed = true}, first.wavelength), first));
  static_cast<void>(stack_response(residue_stack(optics, 0.0, first.wavelength), first));
  Table table;
  table.columns.resize(2 * plane_size);
  constexpr int rows = static_cast<int>(2 * packings);
#pragma omp parallel for schedule(static)
  for (int r = 0; r < rows; ++r) {
    const auto index = static_cast<std::size_t>(r);
    const double packing = static_cast<double>(index % packings) / static_cast<double>(packings - 1);
    const LocalLayer layer{.packing = packing, .immersed = index >= packings};
    std::vector<double> row(heights, 0.0);
    for (const auto& [wave, weight] : light) {
      accumulate(column_law(column_stack(optics, layer, wave.wavelength), wave, height_step), weight, reflected, row);
    }
    store(row, table.columns.data() + index * heights);
  }
  std::vector<double> row(residues, 0.0);
  for (const auto& [wave, weight] : light) {
    accumulate(column_law(residue_stack(optics, 0.0, wave.wavelength), wave, residue_step), weight, reflected, row);
  }
  table.residue.resize(residues);
  store(row, table.residue.data());
  table.bare = static_cast<double>(table.residue.front());
  return table;
}

double InterferenceReflection::lookup(const Table& table, const LocalLayer& layer) {
  const Place h = place(layer.height / height_step, heights);
  const Place p = place(layer.packing * static_cast<double>(packings - 1), packings);
  const float* low = table.columns.data() + (layer.immersed ? plane_size : 0) + p.cell * heights + h.cell;
  const float* high = low + heights;
  const double column = (1.0 - p.share) * mix(low[0], low[1], h.share) + p.share * mix(high[0], high[1], h.share);
  if (layer.immersed || layer.residue <= 0.0) return column;
  const Place t = place(layer.residue / residue_step, residues);
  const double film = mix(table.residue[t.cell], table.residue[t.cell + 1], t.share);
  return column + open_gold(layer.packing) * (film - table.bare);
}

InterferenceReflection::InterferenceReflection(const OpticsParameters& optics)
    : stray_(optics.stray_reflectance),
      reflectance_(build(optics, reflection_illumination(optics), true)),
      transmittance_(build(optics, lamp_illumination(optics), false)) {}

double InterferenceReflection::contrast(const LocalLayer& layer) const {
  return (reflectance(layer) + stray_) / (bare_reflectance() + stray_) - 1.0;
}

}  // namespace seccm::models
