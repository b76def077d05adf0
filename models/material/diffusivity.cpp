#include "models/material/diffusivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "models/material/diffusivity_lanes.hpp"
#include "models/material/open_circuit.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double cm2 = 1e4;  // of a m^2, for messages

void check_table(std::span<const double> y, std::span<const double> D) {
  if (y.size() < 2 || y.size() != D.size()) {
    throw InputError(
        fmt::format("[material] diffusion = \"table\": D_table_y has {} fillings and D_table {} diffusion "
                    "coefficients; at least two "
                    "of each, as many of one as of the other, are needed",
                    y.size(), D.size()));
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!(y[i] >= 0.0 && y[i] <= 1.0) || (i > 0 && !(y[i] > y[i - 1]))) {
      throw InputError(fmt::format(
          "[material] D_table_y: y = {:.6g} at place {}; values from 0 to 1 that rise are accepted", y[i], i + 1));
    }
    if (!(std::isfinite(D[i]) && D[i] > 0.0 && D[i] < 1.0)) {
      throw InputError(fmt::format(
          "[material] D_table: D = {:.6g} cm^2/s at y = {:.6g}; values above 0 and below 1e4 cm^2/s are accepted. A "
          "diffusivity that vanishes or is negative belongs to a host that separates into phases: [particle] model = "
          "\"cahn_hilliard\"",
          D[i] * cm2, y[i]));
    }
  }
}

/// Slopes of a monotone cubic: the weighted harmonic mean of the neighbouring secants, one-sided and limited at the
/// ends (Fritsch and Butland 1984).
std::vector<double> monotone_slopes(std::span<const double> x, std::span<const double> f) {
  const std::size_t n = x.size();
  std::vector<double> slope(n, 0.0);
  const auto h = [&](std::size_t i) { return x[i + 1] - x[i]; };
  const auto secant = [&](std::size_t i) { return (f[i + 1] - f[i]) / h(i); };
  if (n == 2) {
    slope[0] = slope[1] = secant(0);
    return slope;
  }
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double left = secant(i - 1);
    const double right = secant(i);
    if (left * right <= 0.0) continue;
    const double a = 2.0 * h(i) + h(i - 1);
    const double b = h(i) + 2.0 * h(i - 1);
    slope[i] = (a + b) / (a / left + b / right);
  }
  const auto end = [](double near, double far, double d_near, double d_far) {
    const double s = ((2.0 * near + far) * d_near - near * d_far) / (near + far);
    if (s * d_near <= 0.0) return 0.0;
    return d_near * d_far <= 0.0 && std::abs(s) > 3.0 * std::abs(d_near) ? 3.0 * d_near : s;
  };
  slope[0] = end(h(0), h(1), secant(0), secant(1));
  slope[n - 1] = end(h(n - 2), h(n - 3), secant(n - 2), secant(n - 3));
  return slope;
}

/// ln D between the rows of a table.
class LogInterpolant {
 public:
  LogInterpolant(std::span<const double> y, std::span<const double> D) : y_(y.begin(), y.end()) {
    for (const double d : D) log_.push_back(std::log(d / D.front()));
    slope_ = monotone_slopes(y_, log_);
  }

  /// ln(D/D_first) and its slope; held beyond the ends.
  [[nodiscard]] Excess at(double y) const {
    if (y <= y_.front()) return {log_.front(), y < y_.front() ? 0.0 : slope_.front()};
    if (y >= y_.back()) return {log_.back(), y > y_.back() ? 0.0 : slope_.back()};
    const auto k = static_cast<std::size_t>(std::upper_bound(y_.begin(), y_.end(), y) - y_.begin()) - 1;
    const double h = y_[k + 1] - y_[k];
    const double t = (y - y_[k]) / h;
    const double rise = log_[k + 1] - log_[k];
    const double c1 = h * slope_[k];
    const double c3 = h * (slope_[k] + slope_[k + 1]) - 2.0 * rise;
    const double c2 = rise - c1 - c3;
    return {log_[k] + t * (c1 + t * (c2 + t * c3)), (c1 + t * (2.0 * c2 + t * 3.0 * c3)) / h};
  }

 private:
  std::vector<double> y_, log_, slope_;
};

std::vector<double> table_of(const MaterialParameters& material, bool fillings) {
  std::vector<double> values;
  if (fillings) {
    for (const Dimensionless y : material.D_table_y) values.push_back(y.si());
  } else {
    for (const Diffusivity D : material.D_table) values.push_back(D.si());
  }
  return values;
}

/// w'(y) of a regular solution: the g of the thermodynamic factor 1 + g y(1-y).
double interaction_of(const MaterialParameters& material) {
  return material.law == IsothermKind::frumkin ? material.g : 0.0;
}

void check_thermodynamic(const MaterialParameters& material) {
  if (material.law == IsothermKind::anatase_plateau) {
    throw InputError(fmt::format(
        "[material] diffusion = \"thermodynamic\" with law = \"anatase_plateau\": the chemical diffusivity is D = 0 "
        "cm^2/s from y = {:.4g} to {:.4g}, where the open-circuit potential is flat. Accepted are diffusion = "
        "\"single\" "
        "(Fickian transport under the equilibrium plateau) or [particle] model = \"cahn_hilliard\", which moves the "
        "phase "
        "boundary",
        material.plateau_solubility, 1.0 - material.plateau_solubility));
  }
  const double g = interaction_of(material);
  const double at_half = material.D.si() * (1.0 + 0.25 * g);
  if (at_half > 0.0) return;
  const double spinodal = g < -4.0 ? 0.5 * (1.0 - std::sqrt(1.0 + 4.0 / g)) : 0.5;
  throw InputError(fmt::format(
      "[material] diffusion = \"thermodynamic\" with g = {:.4g}: the chemical diffusivity D(1 + g y(1-y)) is {:.4g} "
      "cm^2/s at y = 0.5 and not above 0 from y = {:.4g} to {:.4g}, inside the spinodal, where concentration "
      "differences "
      "grow. Accepted are g > -4, or [particle] model = \"cahn_hilliard\", which describes the separation",
      g, at_half * cm2, spinodal, 1.0 - spinodal));
}

template <class Function>
auto with_law_of(DiffusionKind kind, double D, double parameter, const DiffusivityTable& table, Function&& f) {
  switch (kind) {
    case DiffusionKind::table:
      return f(table.law());
    case DiffusionKind::exponential:
      return f(ExponentialDiffusivity{D, parameter});
    case DiffusionKind::thermodynamic:
      return f(RegularSolutionDiffusivity{D, parameter});
    case DiffusionKind::single:
    case DiffusionKind::per_direction:
      break;
  }
  return f(ConstantDiffusivity{D});
}

}  // namespace

DiffusivityTable::DiffusivityTable(std::span<const double> y, std::span<const double> D) {
  check_table(y, D);
  const LogInterpolant interpolant(y, D);
  constexpr int n = TableDiffusivity::bins;
  constexpr double h = 1.0 / n;
  coefficients_.assign(static_cast<std::size_t>(n + 1) * TableDiffusivity::stride, 0.0);
  double integral = 0.0;
  for (int k = 0; k < n; ++k) {
    double* c = coefficients_.data() + static_cast<std::ptrdiff_t>(k) * TableDiffusivity::stride;
    const Excess left = interpolant.at(k * h);
    const Excess right = interpolant.at((k + 1) * h);
    const double from = D.front() * std::exp(left.value);
    const double to = D.front() * std::exp(right.value);
    // The cubic stays above a tenth of its smaller end: its inner Bernstein coefficients do.
    const double from_slope = std::max(h * from * left.slope, -2.7 * from);
    const double to_slope = std::min(h * to * right.slope, 2.7 * to);
    c[0] = integral;
    c[1] = from;
    c[2] = from_slope;
    c[3] = 3.0 * (to - from) - 2.0 * from_slope - to_slope;
    c[4] = from_slope + to_slope - 2.0 * (to - from);
    integral += h * (c[1] + c[2] / 2.0 + c[3] / 3.0 + c[4] / 4.0);
    c[TableDiffusivity::stride] = integral;  // the bin behind the last holds y = 1
    c[TableDiffusivity::stride + 1] = to;
  }
}

bool depends_on_filling(DiffusionKind kind) {
  return kind == DiffusionKind::table || kind == DiffusionKind::exponential || kind == DiffusionKind::thermodynamic;
}

VariableDiffusivity::VariableDiffusivity(const MaterialParameters& material)
    : kind_(material.diffusion), D_(material.D.si()) {
  if (kind_ == DiffusionKind::per_direction) {
    throw InputError("[material] diffusion = \"per_direction\" is not a diffusivity that depends on the filling");
  }
  check_diffusivity(material);
  if (kind_ == DiffusionKind::exponential) parameter_ = material.D_exponent;
  if (kind_ == DiffusionKind::thermodynamic) parameter_ = interaction_of(material);
  if (kind_ == DiffusionKind::table) table_ = DiffusivityTable(table_of(material, true), table_of(material, false));
}

Diffusion VariableDiffusivity::at(double y) const {
  return with_law_of(kind_, D_, parameter_, table_, [y](const auto& law) { return law.at(y); });
}

void VariableDiffusivity::evaluate(std::span<const double> y, std::span<double> value,
                                   std::span<double> integral) const {
  assert(value.size() == y.size() && integral.size() == y.size());
  with_law_of(kind_, D_, parameter_, table_,
              [&](const auto& law) { evaluate_lanes(law, y.size(), y.data(), value.data(), integral.data()); });
}

void check_diffusivity(const MaterialParameters& material) {
  if (material.diffusion == DiffusionKind::table) check_table(table_of(material, true), table_of(material, false));
  if (material.diffusion == DiffusionKind::thermodynamic) check_thermodynamic(material);
  if (!std::isfinite(material.D_exponent) || std::abs(material.D_exponent) > 20.0) {
    throw InputError(fmt::format("[material] D_exponent = {}; -20 to 20 is accepted", material.D_exponent));
  }
  if (!(std::isfinite(material.D.si()) && material.D.si() > 0.0)) {
    throw InputError(
        fmt::format("[material] D = {} cm^2/s; a finite value above 0 is needed. A diffusivity that vanishes or is "
                    "negative belongs to [particle] model = \"cahn_hilliard\"",
                    material.D.si() * cm2));
  }
}

double smallest_diffusivity(const MaterialParameters& material) {
  switch (material.diffusion) {
    case DiffusionKind::per_direction:
      return std::min(material.D_intercalation.si(), material.D_deintercalation.si());
    case DiffusionKind::table: {
      const std::vector<double> D = table_of(material, false);
      return D.empty() ? material.D.si() : *std::min_element(D.begin(), D.end());
    }
    case DiffusionKind::exponential:
      return material.D.si() * std::min(1.0, std::exp(material.D_exponent));
    case DiffusionKind::thermodynamic:
      return material.D.si() * std::min(1.0, 1.0 + 0.25 * interaction_of(material));
    case DiffusionKind::single:
      break;
  }
  return material.D.si();
}

}  // namespace seccm::models
