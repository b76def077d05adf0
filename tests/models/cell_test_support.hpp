// Cells in the dimensionless groups of the reference tables, and tables from tests/data.
//
//   σ = F v/RT,  w = R² σ/D,  Lam = k0/sqrt(D σ),  ξ = F(E0 - E)/RT rising on the cathodic sweep,
//   p = i/(F A C sqrt(D σ)),  Psi = i R/(F A D C) = sqrt(w) p;  cathodic current positive here.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/cell.hpp"
#include "sim/error.hpp"

namespace seccm::models::test {

inline constexpr double F = constants::faraday;
inline constexpr double R_gas = constants::gas;
inline constexpr double temperature = 298.15;
inline constexpr double f = F / (R_gas * temperature);
inline constexpr double E0 = 2.0;
inline constexpr double scan_rate = 0.05;
inline constexpr double radius = 25e-9;
inline constexpr double reversible = 1e7;  ///< Lam whose deviation from Nernst, of the order 1/Lam, is below 1e-6

struct Case {
  sim::Geometry geometry = sim::Geometry::slab;
  double w = 1e4;
  double lam = reversible;
  double alpha = 0.5;
  double g = 0.0;  ///< 0: the ideal law
  double potential_step = 1e-3;
  int cells = 0;
  double grading = 0.0;

  [[nodiscard]] double sigma() const { return f * scan_rate; }
  [[nodiscard]] double D() const { return radius * radius * sigma() / w; }
  [[nodiscard]] double area() const {
    return geometry == sim::Geometry::sphere ? 4.0 * constants::pi * radius * radius : 1e-12;
  }
  /// F A C sqrt(D σ), A.
  [[nodiscard]] double current_unit() const { return F * area() * 2.4e4 * std::sqrt(D() * sigma()); }
  /// Charge of the full particle, C.
  [[nodiscard]] double full_charge() const { return F * 2.4e4 * area() * radius / sim::dimension_of(geometry); }

  [[nodiscard]] CellSpec spec() const {
    CellSpec spec;
    spec.geometry = geometry;
    spec.face_area = 1e-12;
    spec.material.D = Diffusivity(D());
    spec.material.k0 = Velocity(lam * std::sqrt(D() * sigma()));
    spec.material.alpha = alpha;
    spec.material.E0 = Potential(E0);
    if (g != 0.0) {
      spec.material.law = IsothermKind::frumkin;
      spec.material.g = g;
    }
    spec.double_layer.titania = ArealCapacitance(0.0);
    spec.numerics.potential_step = Potential(potential_step);
    spec.numerics.fastest_scan_rate = ScanRate(scan_rate);
    spec.numerics.cells = cells;
    spec.numerics.grading = grading;
    spec.particles = {{.radius = radius}};
    return spec;
  }
};

inline double potential_at(double xi) {
  return E0 - xi / f;
}

/// ξ and p of a trace, cathodic positive.
struct Wave {
  std::vector<double> xi;
  std::vector<double> p;
};

inline Wave wave_of(const Trace& trace, const Case& c) {
  Wave wave;
  for (std::size_t k = 0; k < trace.size(); ++k) {
    wave.xi.push_back(f * (E0 - trace.E_vs_Li[k]));
    wave.p.push_back(-trace.current[k] / c.current_unit());
  }
  return wave;
}

inline Wave cathodic_sweep(const Case& c, const CellSpec& spec, double from, double to) {
  const Cell cell(spec);
  return wave_of(simulate(cell, sim::Waveform::at(potential_at(from)).ramp_to(potential_at(to), scan_rate)), c);
}

struct Peak {
  double xi = 0.0;
  double p = 0.0;
};

/// The extreme of `sign` times p between two indices, refined by a parabola through three samples: the sample error
/// p'' h²/8 is removed, what is left is of the order h³.
inline Peak peak_of(const Wave& wave, std::size_t first = 1, std::size_t last = 0, double sign = 1.0) {
  if (last == 0) last = wave.p.size();
  std::size_t k = first;
  for (std::size_t i = first; i < last; ++i) {
    if (sign * wave.p[i] > sign * wave.p[k]) k = i;
  }
  if (k == 0 || k + 1 >= wave.p.size()) return {wave.xi[k], wave.p[k]};
  const double a = wave.p[k - 1];
  const double b = wave.p[k];
  const double c = wave.p[k + 1];
  const double x = 0.5 * (a - c) / (a - 2.0 * b + c);
  return {wave.xi[k] + x * (wave.xi[k + 1] - wave.xi[k]), b - 0.25 * (a - c) * x};
}

/// Cubic interpolation of p at ξ on a monotone stretch of a wave, [first, last).
inline double value_at(const Wave& wave, double xi, std::size_t first, std::size_t last) {
  const double h = wave.xi[first + 1] - wave.xi[first];
  const double position = (xi - wave.xi[first]) / h;
  auto k = static_cast<std::ptrdiff_t>(std::floor(position)) - 1;
  const auto highest = static_cast<std::ptrdiff_t>(last - first) - 4;
  k = k < 0 ? 0 : (k > highest ? highest : k);
  double sum = 0.0;
  for (std::ptrdiff_t i = 0; i < 4; ++i) {
    double weight = 1.0;
    for (std::ptrdiff_t j = 0; j < 4; ++j) {
      if (j != i) weight *= (position - static_cast<double>(k + j)) / static_cast<double>(i - j);
    }
    sum += weight * wave.p[first + static_cast<std::size_t>(k + i)];
  }
  return sum;
}

/// A table of numbers from tests/data; cells that are no numbers become NaN.
inline std::vector<std::vector<double>> table(const std::string& name) {
  std::ifstream file(std::string(SECCM_TEST_DATA) + "/" + name);
  EXPECT_TRUE(file.good()) << name;
  std::vector<std::vector<double>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<double> row;
    std::stringstream cells(line);
    std::string cell;
    while (std::getline(cells, cell, ',')) {
      char* end = nullptr;
      const double value = std::strtod(cell.c_str(), &end);
      row.push_back(end == cell.c_str() ? std::nan("") : value);
    }
    rows.push_back(row);
  }
  EXPECT_FALSE(rows.empty()) << name;
  return rows;
}

}  // namespace seccm::models::test
