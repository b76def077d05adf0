#include "models/electrolyte/salt_column.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/pipette/pipette.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int droplet_cells = 4;

void require(bool fine, const char* what, double value, const char* unit, const char* accepted) {
  if (fine && std::isfinite(value)) return;
  throw InputError(fmt::format("electrolyte: {} = {:.6g} {}: accepted is {}", what, value, unit, accepted));
}

void check(const SaltGeometry& g) {
  const double degrees = g.half_angle * 180.0 / constants::pi;
  require(g.radius > 0.0, "radius of the opening", g.radius, "m", "a positive number");
  require(g.half_angle > 0.0 && g.half_angle < constants::pi / 2.0, "half cone angle", degrees, "deg",
          "between 0 and 90 deg, exclusive");
  require(g.length > 0.0, "length of the cone", g.length, "m", "a positive number");
  require(g.droplet_height >= 0.0, "height of the droplet", g.droplet_height, "m", "a number from 0");
  require(g.cells >= 10 && g.cells <= 10000, "cells of the cone", g.cells, "", "10 to 10000");
  require(g.first_cell > 0.0 && g.first_cell <= 1.0, "first cell", g.first_cell, "of r1", "above 0, at most 1");
  if (g.droplet_height > 0.0 && g.cone_end != ConeEnd::below_meniscus) {
    require(g.footprint_radius > 0.0, "radius of the footprint", g.footprint_radius, "m", "a positive number");
  }
}

ConeRadius convention(ConeEnd end) {
  switch (end) {
    case ConeEnd::cap:
      return ConeRadius::cap;
    case ConeEnd::flat:
      return ConeRadius::flat;
    case ConeEnd::below_meniscus:
      break;
  }
  return ConeRadius::below_meniscus;
}

/// β of the stretch (e^(β x) - 1)/(e^β - 1) whose first of n cells has the relative height `first`.
double stretch_for(double first, int n) {
  if (first * n >= 1.0) return 0.0;
  double low = 1e-9;
  double high = 200.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (std::expm1(middle / n) / std::expm1(middle) > first ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double share_at(double x, double beta) {
  return beta == 0.0 ? x : std::expm1(beta * x) / std::expm1(beta);
}

}  // namespace

SaltColumn::SaltColumn(const SaltGeometry& geometry) {
  check(geometry);
  const double half = std::sin(0.5 * geometry.half_angle);
  solid_angle_ = 4.0 * constants::pi * half * half;  // 2π(1 - cos θ) without cancellation
  end_radius_ = cone_equivalent_radius(geometry.radius, geometry.half_angle, convention(geometry.cone_end),
                                       geometry.droplet_height);
  if (geometry.droplet_height > 0.0 && geometry.cone_end != ConeEnd::below_meniscus) add_droplet(geometry);
  add_cone(geometry);
  first_step_ = centre_.front();
  for (std::size_t k = 0; k + 1 < centre_.size(); ++k) step_.push_back(centre_[k + 1] - centre_[k]);
  step_.push_back(resistance_ - centre_.back());
}

void SaltColumn::add_droplet(const SaltGeometry& g) {
  // A frustum whose radius goes from a_f at the surface to a at the opening.
  const double slope = (g.radius - g.footprint_radius) / g.droplet_height;
  const auto radius = [&](double z) { return g.footprint_radius + slope * z; };
  const auto resistance = [&](double z) { return z / (constants::pi * g.footprint_radius * radius(z)); };
  for (int k = 0; k < droplet_cells; ++k) {
    const double from = g.droplet_height * k / droplet_cells;
    const double to = g.droplet_height * (k + 1) / droplet_cells;
    const double r0 = radius(from);
    const double r1 = radius(to);
    volume_.push_back(constants::pi * (to - from) * (r0 * r0 + r0 * r1 + r1 * r1) / 3.0);
    centre_.push_back(resistance(0.5 * (from + to)));
  }
  resistance_ = resistance(g.droplet_height);
}

void SaltColumn::add_cone(const SaltGeometry& g) {
  const double r1 = end_radius_;
  const double height = g.length / std::cos(g.half_angle);
  const double beta = stretch_for(g.first_cell * r1 / height, g.cells);
  const double before = resistance_;
  const auto radius = [&](int k) { return r1 + height * share_at(static_cast<double>(k) / g.cells, beta); };
  const auto resistance = [&](double r) { return before + (1.0 / r1 - 1.0 / r) / solid_angle_; };
  for (int k = 0; k < g.cells; ++k) {
    const double a = radius(k);
    const double b = radius(k + 1);
    const double squares = a * a + a * b + b * b;
    volume_.push_back(solid_angle_ * (b - a) * squares / 3.0);
    centre_.push_back(resistance(0.75 * (a + b) * (a * a + b * b) / squares));
  }
  resistance_ = resistance(radius(g.cells));
}

}  // namespace seccm::models
