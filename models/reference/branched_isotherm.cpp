#include "models/reference/branched_isotherm.hpp"

#include <cmath>

namespace seccm::models {
namespace {

constexpr double branch_margin = 1e-10;  // of y_s: beyond the end of the plateau

}  // namespace

BranchedIsotherm::BranchedIsotherm(const MaterialParameters& material)
    : law_(material.law), g_(material.g), plateau_(AnatasePlateauLaw::with_solubility(material.plateau_solubility)) {}

Excess BranchedIsotherm::excess(double y) const {
  if (law_ == IsothermKind::ideal) return {0.0, 0.0};
  if (law_ == IsothermKind::frumkin) return {-g_ * (y - 0.5), -g_};
  // Between the ends of the plateau U = E0: w cancels the lattice gas; outside it is the regular solution.
  const double y_a = plateau_.y_a;
  const bool inside = branch_ == Branch::plateau || (branch_ == Branch::as_it_stands && y > y_a && y < 1.0 - y_a);
  if (inside && y > 0.1 * y_a && y < 1.0 - 0.1 * y_a) return {-std::log((1.0 - y) / y), 1.0 / (y * (1.0 - y))};
  return {-plateau_.omega * (1.0 - 2.0 * y), 2.0 * plateau_.omega};
}

void BranchedIsotherm::event(double y, std::span<double> g) const {
  if (events() == 0) return;
  const double y_a = plateau_.y_a;
  g[0] = y - y_a - (branch_ == Branch::poor ? branch_margin : -branch_margin);
  g[1] = y - (1.0 - y_a) - (branch_ == Branch::rich ? -branch_margin : branch_margin);
}

bool BranchedIsotherm::settle(double y) {
  if (events() == 0) return false;
  const double y_a = plateau_.y_a;
  const double poor_end = y_a + (branch_ == Branch::poor ? 0.5 : -0.5) * branch_margin;
  const double rich_end = 1.0 - y_a + (branch_ == Branch::rich ? -0.5 : 0.5) * branch_margin;
  const Branch now = y < poor_end ? Branch::poor : (y > rich_end ? Branch::rich : Branch::plateau);
  const bool changed = now != branch_;
  branch_ = now;
  return changed;
}

}  // namespace seccm::models
