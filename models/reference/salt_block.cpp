#include "models/reference/salt_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double floor_share = 1e-6;  // of c0
constexpr double even = 1e-3;         // relative difference below which a logarithmic mean is its series

/// P/(e^P - 1).
double flow_weight(double P) {
  return std::abs(P) < 1e-9 ? 1.0 - 0.5 * P : P / std::expm1(P);
}

}  // namespace

double resistance_at_rest(const ElectrolyteSpec& spec, double series_resistance) {
  const SaltProperties properties(spec.electrolyte, spec.temperature);
  return series_resistance + SaltColumn(spec.geometry).resistance() / properties.conductivity(properties.reference());
}

SaltBlock::SaltBlock(const ElectrolyteSpec& spec, double series_resistance, double current_unit, double resistance_unit)
    : spec_(spec),
      column_(spec.geometry),
      properties_(spec.electrolyte, spec.temperature),
      series_resistance_(series_resistance),
      current_unit_(current_unit),
      drop_unit_(current_unit * resistance_unit),
      bulk_(properties_.reference()),
      floor_(floor_share * bulk_),
      flow_(spec.electrolyte.salt.evaporation),
      carried_(current_unit / (constants::faraday * bulk_)),
      cells_(column_.cells()) {}

void SaltBlock::lay_out(Unknowns& unknowns, bool drop_is_differential) {
  first_ = unknowns.append(cells_, true);
  surface_ = unknowns.append(1, false);
  drop_ = unknowns.append(1, drop_is_differential);
  left_ = unknowns.append(1, true);
}

double SaltBlock::held(double x) const {
  return std::max(bulk_ * (1.0 + x), floor_);
}
double SaltBlock::held_slope(double x) const {
  return bulk_ * (1.0 + x) > floor_ ? bulk_ : 0.0;
}

SaltBlock::Face SaltBlock::face(std::span<const double> u, std::size_t k) const {
  const double here = cell(u, k);
  const double next = cell(u, k + 1);
  const double middle = 0.5 * (here + next);
  const double c = held(middle);
  const double c_slope = 0.5 * held_slope(middle);  // by each of the two
  const double step = column_.step()[k];
  const double D = properties_.diffusivity(c);
  const double P = flow_ * step / D;
  const double B = flow_weight(P);
  const double near = D / step * B;
  const double far = near + flow_;  // B(-P) = B(P) + P
  const double stays = 1.0 - properties_.transference(c);
  const double current = carried_ * u[current_];
  // d(D B)/dD = B (B + P).
  const double by_middle = (B * (B + P) / step * properties_.diffusivity_slope(c) * (here - next) +
                            properties_.transference_slope(c) * current) *
                           c_slope;
  return {.flux = near * here - far * next - flow_ - stays * current,
          .by_here = near + by_middle,
          .by_next = -far + by_middle,
          .by_current = -stays * carried_};
}

SaltBlock::Tip SaltBlock::tip(std::span<const double> u) const {
  const double x = u[first_];
  const double c = held(x);
  const double c_slope = held_slope(x);
  const double s = column_.first_step();
  const double D = properties_.diffusivity(c);
  const double P = flow_ * s / D;
  const double B = flow_weight(P);
  const double reach = s / (D * B);
  const double stays = 1.0 - properties_.transference(c);
  const double current = carried_ * u[current_];
  const double brought = flow_ * (1.0 + x) + stays * current;
  const Face outer = face(u, 0);
  const double quarter = 0.25 * s / D;
  const double D_slope = properties_.diffusivity_slope(c) * c_slope;
  const double reach_slope = -s * (B + P) / (D * D * B) * D_slope;
  const double brought_slope = flow_ - properties_.transference_slope(c) * c_slope * current;
  return {.x = x + brought * reach + quarter * outer.flux,
          .by_first = 1.0 + brought_slope * reach + brought * reach_slope + quarter * outer.by_here -
                      quarter / D * D_slope * outer.flux,
          .by_second = quarter * outer.by_next,
          .by_current = stays * carried_ * reach + quarter * outer.by_current};
}

SaltBlock::Resistivity SaltBlock::resistivity(double x_a, double x_b) const {
  const double c_a = held(x_a);
  const double c_b = held(x_b);
  const double a = properties_.conductivity(c_a);
  const double b = properties_.conductivity(c_b);
  const double mean = 0.5 * (a + b);
  const double d = b - a;
  Resistivity all;
  double by_a = 0.0;
  double by_b = 0.0;
  if (std::abs(d) < even * mean) {
    const double share = d / mean;
    all.value = (1.0 + share * share / 12.0) / mean;
    by_a = (-0.5 - share / 6.0 - share * share / 8.0) / (mean * mean);
    by_b = (-0.5 + share / 6.0 - share * share / 8.0) / (mean * mean);
  } else {
    all.value = std::log(b / a) / d;
    by_a = (all.value - 1.0 / a) / d;
    by_b = (1.0 / b - all.value) / d;
  }
  all.by_a = by_a * properties_.conductivity_slope(c_a) * held_slope(x_a);
  all.by_b = by_b * properties_.conductivity_slope(c_b) * held_slope(x_b);
  return all;
}

void SaltBlock::rows(std::span<const double> u, std::span<const double> du, std::span<double> r) const {
  const std::vector<double>& volume = column_.volume();
  double inner = 0.0;
  for (std::size_t k = 0; k < cells_; ++k) {
    const double outer = face(u, k).flux;
    r[first_ + k] = du[first_ + k] - (inner - outer) / volume[k];
    inner = outer;
  }
  r[left_] = du[left_] - inner / carried_;
  r[surface_] = u[surface_] - tip(u).x;
  r[drop_] = u[drop_] - (diffusion_potential(u) + resistance(u) * current_unit_ * u[current_]) / drop_unit_;
}

void SaltBlock::entries(JacobianAssembler& jacobian, std::span<const double> u) const {
  const std::vector<double>& volume = column_.volume();
  Face inner;
  for (std::size_t k = 0; k < cells_; ++k) {
    const Face outer = face(u, k);
    const std::size_t row = first_ + k;
    const double share = 1.0 / volume[k];
    if (k > 0) jacobian.add(row, row - 1, -share * inner.by_here);
    jacobian.add(row, row, share * (outer.by_here - inner.by_next), 1.0);
    if (k + 1 < cells_) jacobian.add(row, row + 1, share * outer.by_next);
    jacobian.add(row, current_, share * (outer.by_current - inner.by_current));
    inner = outer;
  }
  jacobian.add(left_, left_, 0.0, 1.0);
  jacobian.add(left_, first_ + cells_ - 1, -inner.by_here / carried_);
  jacobian.add(left_, current_, -inner.by_current / carried_);
  const Tip at_surface = tip(u);
  jacobian.add(surface_, surface_, 1.0);
  jacobian.add(surface_, first_, -at_surface.by_first);
  jacobian.add(surface_, first_ + 1, -at_surface.by_second);
  jacobian.add(surface_, current_, -at_surface.by_current);

  const double amperes = current_unit_ * u[current_] / drop_unit_;
  jacobian.add(drop_, drop_, 1.0);
  jacobian.add(drop_, current_, -resistance(u) * current_unit_ / drop_unit_);
  const double c = held(u[surface_]);
  const double junction = constants::gas * spec_.temperature / constants::faraday *
                          (1.0 - 2.0 * properties_.transference(c)) * properties_.thermodynamic_factor(c) / c;
  jacobian.add(drop_, surface_, -junction * held_slope(u[surface_]) / drop_unit_);
  double x = u[surface_];
  std::size_t index = surface_;
  for (std::size_t k = 0; k <= cells_; ++k) {
    const double next = cell(u, k);
    const double step = k > 0 ? column_.step()[k - 1] : column_.first_step();
    const Resistivity piece = resistivity(x, next);
    jacobian.add(drop_, index, -step * piece.by_a * amperes);
    if (k < cells_) jacobian.add(drop_, first_ + k, -step * piece.by_b * amperes);
    x = next;
    index = first_ + k;
  }
}

SurfaceActivity SaltBlock::activity(std::span<const double> u) const {
  const double c = held(u[surface_]);
  return {.log = properties_.log_activity(c),
          .column = UnknownColumn{surface_, properties_.thermodynamic_factor(c) / c * held_slope(u[surface_])}};
}

double SaltBlock::surface_concentration(std::span<const double> u) const {
  return bulk_ * (1.0 + u[surface_]);
}
double SaltBlock::diffusion_potential(std::span<const double> u) const {
  return properties_.diffusion_potential(held(u[surface_]));
}

double SaltBlock::resistance(std::span<const double> u) const {
  double sum = series_resistance_ + column_.first_step() * resistivity(u[surface_], cell(u, 0)).value;
  for (std::size_t k = 0; k < cells_; ++k) {
    sum += column_.step()[k] * resistivity(cell(u, k), cell(u, k + 1)).value;
  }
  return sum;
}

double SaltBlock::excess(std::span<const double> u) const {
  double sum = 0.0;
  for (std::size_t k = 0; k < cells_; ++k) sum += column_.volume()[k] * u[first_ + k];
  return bulk_ * sum;
}
double SaltBlock::left(std::span<const double> u) const {
  return bulk_ * carried_ * u[left_];
}

void SaltBlock::event(std::span<const double> u, std::span<double> g) const {
  g[0] = u[surface_] - (spec_.electrolyte.salt.solubility.si() / bulk_ - 1.0);
  g[1] = u[surface_] - (floor_share - 1.0);
}

std::string SaltBlock::exhausted(std::span<const double> u) const {
  // An event is located to round-off: on either side of its zero.
  constexpr double at_event = 1e-9;
  const double limit = spec_.electrolyte.salt.solubility.si();
  const bool precipitates = u[surface_] >= limit / bulk_ - 1.0 - at_event;
  const bool used_up = u[surface_] <= floor_share - 1.0 + at_event;
  if (!precipitates && !used_up) return {};
  return fmt::format(
      "the salt {}: ionic current {:.4g} A, salt at the surface {:.4g} mol/L (bulk {:.4g}, solubility {:.4g} mol/L; "
      "steady limiting current {:.3g} A): lower the current or electrolyte.evaporation, or take a wider pipette",
      precipitates ? "precipitates at the surface" : "at the surface is used up", current_unit_ * u[current_],
      surface_concentration(u) * 1e-3, bulk_ * 1e-3, limit * 1e-3, salt_limiting_current(spec_));
}

void SaltBlock::set_tolerances(double relative, std::span<double> all) const {
  constexpr double of_salt = 0.1;  // of c0: that of a filling, whose potential it shifts alike
  for (std::size_t k = 0; k < cells_; ++k) all[first_ + k] = of_salt * relative;
  all[surface_] = of_salt * relative;
  all[drop_] = relative;
  all[left_] = 10.0 * relative;  // I0/F times 10 s, that of the charge
}

std::optional<std::string> SaltBlock::name(std::size_t unknown) const {
  if (unknown >= first_ && unknown < first_ + cells_) {
    return fmt::format("the salt in cell {} of the pipette", unknown - first_ + 1);
  }
  if (unknown == surface_) return "the salt at the surface";
  if (unknown == drop_) return "the potential drop of the liquid";
  if (unknown == left_) return "the salt that left the pipette";
  return std::nullopt;
}

}  // namespace seccm::models
