#include "models/electrolyte/surrounded_cell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/cell/cell_model.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr double closed = 1e-10;  // of c0, mismatch of the surface concentration
constexpr double same_step = 1e-9;
constexpr int most_passes = 80;

std::optional<SaltStepper> salt_of(const ElectrolyteSpec& spec) {
  if (spec.electrolyte.salt.transport == SaltTransport::none) return std::nullopt;
  return SaltStepper(SaltColumn(spec.geometry), SaltProperties(spec.electrolyte, spec.temperature),
                     spec.electrolyte.salt.evaporation);
}

/// Root of a falling function f(x) = y(x) - x: secant steps, kept inside the bracket once there is one.
class FallingRoot {
 public:
  double next(double x, double f) {
    if (f > 0.0) {
      low_ = std::max(low_, x);
    } else {
      high_ = std::min(high_, x);
    }
    double to = x + f;  // where f falls with -1: the loop has no gain
    if (tried_ && f != f_ && x != x_) to = x - f * (x - x_) / (f - f_);
    if (!(to > low_ && to < high_)) {
      const bool bracketed = std::isfinite(low_) && std::isfinite(high_);
      to = bracketed ? 0.5 * (low_ + high_) : x + f;
    }
    // Secants that crawl along one side are cut by a bisection now and then.
    if (++count_ % 6 == 0 && std::isfinite(low_) && std::isfinite(high_)) to = 0.5 * (low_ + high_);
    x_ = x;
    f_ = f;
    tried_ = true;
    return to;
  }

 private:
  double low_ = -std::numeric_limits<double>::infinity();
  double high_ = std::numeric_limits<double>::infinity();
  double x_ = 0.0, f_ = 0.0;
  bool tried_ = false;
  int count_ = 0;
};

}  // namespace

SurroundedCell::SurroundedCell(const Cell& cell, const ElectrolyteSpec& spec, double E_vs_Li, double water_left)
    : cell_(&cell),
      spec_(spec),
      stepper_(cell, cell.rest(E_vs_Li, water_left)),
      start_(stepper_.state()),
      salt_(salt_of(spec)),
      gold_(spec.electrolyte.salt, cell.spec(), spec.footprint_radius()) {
  used_.concentration = spec.electrolyte.salt_concentration.si();
  if (salt_) used_ = salt_->tip();
}

double SurroundedCell::series_resistance() const {
  return cell_->spec().series_resistance + used_.resistance;
}

double SurroundedCell::answer(double current, double E, double dt, const sim::StepScheme& scheme) {
  if (salt_) used_ = salt_->solve(current, dt, scheme);
  if (!std::isfinite(used_.resistance) || !std::isfinite(used_.activity))
    fail("the salt in the pipette leaves what its properties describe", dt);
  stepper_.surround({.series_resistance = series_resistance(),
                     .electrolyte_activity = used_.activity,
                     .electrolyte_potential = used_.diffusion_potential,
                     .load = &gold_});
  stepper_.advance(E, dt);
  ++passes_;
  const CellState& end = stepper_.state();
  gold_.solve(end.electrode_potential);
  trial_charge_ = (end.charge.total - end.charge.stray) - (start_.charge.total - start_.charge.stray) +
                  gold_.step_charge().double_layer + gold_.step_charge().water;
  return scheme.now / dt * (trial_charge_ - scheme.carry * step_charge_);
}

void SurroundedCell::close(double E, double dt, const sim::StepScheme& scheme) {
  double x = current_ + ratio_ * (current_ - current_before_);
  const double bulk = spec_.electrolyte.salt_concentration.si();
  FallingRoot root;
  for (int pass = 0; pass < most_passes; ++pass) {
    const double y = answer(x, E, dt, scheme);
    const double found = salt_ ? salt_->solve(y, dt, scheme).concentration : bulk;
    if (std::abs(found - used_.concentration) <= closed * bulk) {
      if (salt_) used_ = salt_->tip();
      current_before_ = current_;
      current_ = y;
      return;
    }
    x = root.next(x, y - x);
    stepper_.restore(start_);
  }
  fail("no current closes the loop of cell and electrolyte", dt);
}

void SurroundedCell::advance(double E, double dt) {
  const int per_doubling = cell_->spec().numerics.steps_per_row;
  if (smooth_ && dt > (1.0 + same_step) * sim::longest_bdf2_ratio * last_advance_) smooth_ = false;
  if (!smooth_) since_corner_ = 0.0;
  const double since = since_corner_;
  if (sim::is_grown(since, dt, per_doubling)) {
    step(E, dt);
  } else {
    const double from = stepper_.state().E_vs_Li;
    sim::in_growing_steps(
        dt, [&](double done, double length) { step(done < 1.0 ? from + (E - from) * done : E, length); }, since,
        per_doubling);
  }
  since_corner_ = since + dt;
  last_advance_ = dt;
}

void SurroundedCell::step(double E, double dt) {
  ratio_ = smooth_ ? dt / last_step_ : 0.0;
  const sim::StepScheme scheme = smooth_ ? sim::bdf2_after(ratio_) : sim::backward_euler;
  start_ = stepper_.state();
  gold_.begin(dt, scheme);
  close(E, dt, scheme);
  accept(dt);
}

void SurroundedCell::accept(double dt) {
  if (salt_) {
    if (used_.concentration > spec_.electrolyte.salt.solubility.si()) fail("the salt precipitates at the surface", dt);
    if (used_.concentration < salt_->floor()) fail("the salt at the surface is used up", dt);
    salt_->accept();
  }
  gold_.accept();
  step_charge_ = trial_charge_;
  grown_charge_.double_layer += gold_.step_charge().double_layer;
  grown_charge_.water += gold_.step_charge().water;
  last_step_ = dt;
  smooth_ = true;
}

void SurroundedCell::jump(double E_vs_Li) {
  stepper_.jump(E_vs_Li);
  smooth_ = false;
}

CellCurrents SurroundedCell::currents() const {
  CellCurrents i = stepper_.currents();
  i.double_layer += gold_.currents().double_layer;
  i.water += gold_.currents().water;
  i.total += gold_.currents().double_layer + gold_.currents().water;
  return i;
}

CellCurrents SurroundedCell::charge() const {
  CellCurrents q = stepper_.state().charge;
  q.double_layer += grown_charge_.double_layer;
  q.water += grown_charge_.water;
  q.total += grown_charge_.double_layer + grown_charge_.water;
  return q;
}

void SurroundedCell::fail(const char* what, double dt) const {
  throw SolverError(fmt::format(
      "electrolyte: {}: step from t = {:.9g} s of {:.4g} s, ionic current {:.4g} A, salt at the surface {:.4g} mol/L "
      "(bulk {:.4g}, solubility {:.4g} mol/L; steady limiting current {:.3g} A): lower the current or "
      "electrolyte.evaporation, or take a wider pipette",
      what, start_.time, dt, current_, used_.concentration * 1e-3, spec_.electrolyte.salt_concentration.si() * 1e-3,
      spec_.electrolyte.salt.solubility.si() * 1e-3, salt_limiting_current(spec_)));
}

}  // namespace seccm::models
