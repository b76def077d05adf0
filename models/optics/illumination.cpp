// Quadrature over the LED spectrum and the illumination aperture; columns by direct summation.
#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <string>

#include "models/optics/effective_medium.hpp"
#include "models/optics/interference_reflection.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

struct Node {
  double x;
  double weight;
};

// Gauss-Hermite for the standard normal density, 1, 3 and 5 points (exact values; weights sum to 1).
std::vector<Node> normal_nodes(int count) {
  if (count <= 1) return {{0.0, 1.0}};
  if (count <= 3) return {{-std::sqrt(3.0), 1.0 / 6.0}, {0.0, 2.0 / 3.0}, {std::sqrt(3.0), 1.0 / 6.0}};
  const double inner = std::sqrt(5.0 - std::sqrt(10.0));
  const double outer = std::sqrt(5.0 + std::sqrt(10.0));
  const double w_inner = (7.0 + 2.0 * std::sqrt(10.0)) / 60.0;
  const double w_outer = (7.0 - 2.0 * std::sqrt(10.0)) / 60.0;
  return {{-outer, w_outer}, {-inner, w_inner}, {0.0, 8.0 / 15.0}, {inner, w_inner}, {outer, w_outer}};
}

template <unsigned N>
std::vector<Node> legendre() {
  using Rule = boost::math::quadrature::gauss<double, N>;
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
    const double x = Rule::abscissa()[i];
    const double w = 0.5 * Rule::weights()[i];
    nodes.push_back({0.5 * (1.0 + x), w});
    if (x > 0.0) nodes.push_back({0.5 * (1.0 - x), w});
  }
  return nodes;
}

// Gauss-Legendre on [0,1], weights sum to 1.
std::vector<Node> unit_nodes(int count) {
  if (count <= 1) return {{0.5, 1.0}};
  if (count <= 4) return legendre<4>();
  return legendre<20>();
}

double spectral_sigma(const OpticsParameters& optics) {
  return optics.bandwidth.si() / (2.0 * std::sqrt(2.0 * std::log(2.0)));
}

double table_wavelength(double wavelength) {
  return std::clamp(wavelength, optical_table_wavelengths.front(), optical_table_wavelengths.back());
}

void add_both_polarisations(std::vector<IlluminationPoint>& points, double wavelength, double q, double weight) {
  for (Polarisation p : {Polarisation::s, Polarisation::p}) {
    points.push_back({{wavelength, q, p}, 0.5 * weight});
  }
}

double direct(const OpticsParameters& optics, const LocalLayer& layer, std::span<const IlluminationPoint> light,
              double StackResponse::*quantity) {
  double sum = 0.0;
  for (const auto& [wave, weight] : light) {
    sum += weight * (stack_response(column_stack(optics, layer, wave.wavelength), wave).*quantity);
    if (layer.immersed || layer.residue <= 0.0) continue;
    const double film = stack_response(residue_stack(optics, layer.residue, wave.wavelength), wave).*quantity;
    const double bare = stack_response(column_stack(optics, {}, wave.wavelength), wave).*quantity;
    sum += weight * open_gold(layer.packing) * (film - bare);
  }
  return sum;
}

}  // namespace

std::vector<IlluminationPoint> reflection_illumination(const OpticsParameters& optics, int colours, int directions) {
  const double aperture = optics.illumination_aperture;
  const double glass =
      refractive_index(OpticalMaterial::coverslip_d263, table_wavelength(optics.wavelength.si())).real();
  if (!(aperture >= 0.0 && aperture <= optics.numerical_aperture && aperture < 0.98 * glass)) {
    throw InputError("[optics] illumination_aperture = " + std::to_string(aperture) +
                     "; accepted: 0 up to numerical_aperture (" + std::to_string(optics.numerical_aperture) +
                     ") and below the index of the coverslip");
  }
  std::vector<IlluminationPoint> points;
  for (const Node& colour : normal_nodes(optics.bandwidth.si() > 0.0 ? colours : 1)) {
    const double wavelength = optics.wavelength.si() + spectral_sigma(optics) * colour.x;
    for (const Node& direction : unit_nodes(aperture > 0.0 ? directions : 1)) {
      const double q = aperture * std::sqrt(direction.x);
      add_both_polarisations(points, wavelength, q, colour.weight * direction.weight);
    }
  }
  return points;
}

std::vector<IlluminationPoint> lamp_illumination(const OpticsParameters& optics) {
  const double q = std::sin(optics.lamp_tilt);
  if (!(q < optics.numerical_aperture)) {
    throw InputError(
        "[optics] lamp_tilt: sin(tilt) = " + std::to_string(q) +
        " misses the objective; accepted: below numerical_aperture = " + std::to_string(optics.numerical_aperture));
  }
  std::vector<IlluminationPoint> points;
  for (const Node& colour : normal_nodes(optics.bandwidth.si() > 0.0 ? 5 : 1)) {
    add_both_polarisations(points, optics.wavelength.si() + spectral_sigma(optics) * colour.x, q, colour.weight);
  }
  return points;
}

OpticalStack column_stack(const OpticsParameters& optics, const LocalLayer& layer, double wavelength) {
  const double l = table_wavelength(wavelength);
  const std::complex<double> around =
      layer.immersed ? std::complex<double>(optics.electrolyte_index) : refractive_index(OpticalMaterial::argon, l);
  OpticalStack stack;
  stack.incident = refractive_index(OpticalMaterial::coverslip_d263, l);
  stack.layers = {
      {refractive_index(optics.adhesion(), l), optics.adhesion_thickness.si()},
      {refractive_index(optics.gold(), l), optics.gold_thickness.si()},
      {bruggeman_index(refractive_index(OpticalMaterial::anatase, l), around, layer.packing), layer.height}};
  stack.exit = around;
  return stack;
}

OpticalStack residue_stack(const OpticsParameters& optics, double thickness, double wavelength) {
  OpticalStack stack = column_stack(optics, {}, wavelength);
  stack.layers[2] = {optics.electrolyte_index, thickness};
  return stack;
}

double open_gold(double packing) {
  return 1.0 - std::min(1.5 * packing, 1.0);
}

double direct_reflectance(const OpticsParameters& optics, const LocalLayer& layer,
                          std::span<const IlluminationPoint> light) {
  return direct(optics, layer, light, &StackResponse::reflectance);
}

double direct_transmittance(const OpticsParameters& optics, const LocalLayer& layer,
                            std::span<const IlluminationPoint> light) {
  return direct(optics, layer, light, &StackResponse::transmittance);
}

}  // namespace seccm::models
