#include "models/optics/transfer_matrix.hpp"

#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

using Complex = std::complex<double>;

bool finite(Complex z) {
  return std::isfinite(z.real()) && std::isfinite(z.imag());
}

void check_index(Complex n, const char* where) {
  if (finite(n) && n.real() > 0.0 && n.imag() >= 0.0) return;
  throw InputError(std::string("optical stack: refractive index of the ") + where + " is " + std::to_string(n.real()) +
                   " + " + std::to_string(n.imag()) + "i; accepted: n > 0, k >= 0");
}

void check(const OpticalStack& stack, const PlaneWave& wave) {
  check_index(stack.incident, "first medium");
  check_index(stack.exit, "last medium");
  for (const auto& layer : stack.layers) {
    check_index(layer.index, "layer");
    if (!(layer.thickness >= 0.0) || !std::isfinite(layer.thickness)) {
      throw InputError("optical stack: layer thickness " + format_quantity(layer.thickness, "nm") +
                       "; accepted: finite and >= 0 nm");
    }
  }
  if (stack.incident.imag() != 0.0) throw InputError("optical stack: the medium of the light must not absorb");
  if (!(wave.wavelength > 0.0) || !std::isfinite(wave.wavelength)) {
    throw InputError("optical stack: wavelength " + format_quantity(wave.wavelength, "nm") + "; accepted: > 0 nm");
  }
  if (!(wave.transverse_index >= 0.0 && wave.transverse_index < stack.incident.real())) {
    throw InputError("optical stack: n sin(theta) = " + std::to_string(wave.transverse_index) +
                     "; accepted: 0 up to the index of the first medium, " + std::to_string(stack.incident.real()));
  }
}

double flux(Complex eta, Complex gamma, Complex amplitude) {
  return std::norm(amplitude) * std::real(eta * (1.0 - gamma) * std::conj(1.0 + gamma));
}

}  // namespace

Complex normal_index(Complex index, double transverse_index) {
  const Complex k = std::sqrt(index * index - transverse_index * transverse_index);
  return k.imag() < 0.0 ? -k : k;
}

Complex admittance(Complex index, const PlaneWave& wave) {
  const Complex k = normal_index(index, wave.transverse_index);
  return wave.polarisation == Polarisation::s ? k : index * index / k;
}

StackResponse stack_response(const OpticalStack& stack, const PlaneWave& wave) {
  check(stack, wave);
  const std::size_t count = stack.layers.size();
  std::vector<Complex> eta(count + 2);
  std::vector<Complex> step(count + 2, 1.0);  // e^{iδ}
  eta.front() = admittance(stack.incident, wave);
  eta.back() = admittance(stack.exit, wave);
  for (std::size_t j = 0; j < count; ++j) {
    const auto& layer = stack.layers[j];
    eta[j + 1] = admittance(layer.index, wave);
    const Complex delta =
        2.0 * constants::pi / wave.wavelength * layer.thickness * normal_index(layer.index, wave.transverse_index);
    step[j + 1] = std::exp(Complex(0.0, 1.0) * delta);
  }

  std::vector<Complex> gamma(count + 2, 0.0);  // at the far side of each medium
  for (std::size_t j = count + 1; j-- > 0;) {
    const Complex rho = (eta[j] - eta[j + 1]) / (eta[j] + eta[j + 1]);
    const Complex behind = gamma[j + 1] * step[j + 1] * step[j + 1];
    gamma[j] = (rho + behind) / (1.0 + rho * behind);
  }

  StackResponse out;
  out.absorptance.resize(count);
  const double incoming = eta.front().real();
  Complex amplitude = 1.0;
  double entering = 1.0 - std::norm(gamma.front());
  for (std::size_t j = 0; j <= count; ++j) {
    const Complex rho = (eta[j] - eta[j + 1]) / (eta[j] + eta[j + 1]);
    const Complex behind = gamma[j + 1] * step[j + 1] * step[j + 1];
    amplitude *= (1.0 + rho) / (1.0 + rho * behind) * step[j + 1];
    const double leaving = flux(eta[j + 1], gamma[j + 1], amplitude) / incoming;
    if (j < count) out.absorptance[j] = entering - leaving;
    entering = leaving;
  }
  out.reflection = gamma.front();
  out.reflectance = std::norm(gamma.front());
  out.transmission = amplitude;
  out.transmittance = std::norm(amplitude) * eta.back().real() / incoming;
  return out;
}

double normal_reflectance(const OpticalStack& stack, double wavelength) {
  return stack_response(stack, {.wavelength = wavelength}).reflectance;
}

}  // namespace seccm::models
