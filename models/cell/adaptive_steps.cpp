#include "models/cell/adaptive_steps.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "models/material/diffusivity.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int rungs_below = 6;  // of the grid's step
constexpr int rungs_above = 6;
constexpr double much_too_large = 8.0;  // of the tolerance: two rungs down
constexpr double room_to_grow = 0.1;    // a step twice as long errs eight times as much, and changes its ratio
constexpr double share_of_expected = 0.1;

CellCurrents weighted(const std::array<double, 4>& w, const std::array<const CellCurrents*, 4>& c) {
  CellCurrents sum;
  for (std::size_t k = 0; k < 4; ++k) {
    sum.total += w[k] * c[k]->total;
    sum.intercalation += w[k] * c[k]->intercalation;
    sum.double_layer += w[k] * c[k]->double_layer;
    sum.stray += w[k] * c[k]->stray;
    sum.surface_redox += w[k] * c[k]->surface_redox;
    sum.water += w[k] * c[k]->water;
    sum.ferrocene += w[k] * c[k]->ferrocene;
  }
  return sum;
}

/// Hermite's cubic between (0, a) and (h, b) with the slopes there, at u h.
double hermite(double u, double h, double a, double slope_a, double b, double slope_b) {
  const double v = 1.0 - u;
  return a * v * v * (1.0 + 2.0 * u) + b * u * u * (3.0 - 2.0 * u) + h * u * v * (v * slope_a - u * slope_b);
}

}  // namespace

double expected_peak(const Cell& cell, double scan_rate) {
  const CellSpec& spec = cell.spec();
  const CellLayout& layout = cell.layout();
  const double D = smallest_diffusivity(spec.material);
  double sum = 0.0;
  for (std::size_t i = 0; i < spec.particles.size(); ++i) {
    const double full = constants::faraday * spec.material.c_max.si() * layout.volume[i];  // C
    const double depth = spec.particles[i].radius / sim::dimension_of(spec.geometry);
    const double layer = 0.4463 * std::sqrt(D * layout.f * scan_rate) / depth;  // per full charge, 1/s
    sum += spec.particles[i].wetted_fraction * full * std::min(layer, 0.25 * layout.f * scan_rate);
  }
  return sum;
}

AdaptiveSteps::AdaptiveSteps(const Cell& cell, CellStepper& stepper, double tolerance, SurroundingsOf surroundings)
    : cell_(&cell), stepper_(&stepper), tolerance_(tolerance), surroundings_(std::move(surroundings)) {
  for (Point& point : points_) point.filling.assign(cell.spec().particles.size(), 0.0);
  remember();
}

void AdaptiveSteps::remember() {
  newest_ = (newest_ + 1) % 4;
  known_ = std::min<std::size_t>(known_ + 1, 4);
  Point& point = points_[newest_];
  const CellState& state = stepper_->state();
  point.time = state.time;
  point.currents = state.currents;
  point.charge = state.charge;
  for (std::size_t i = 0; i < point.filling.size(); ++i) {
    point.filling[i] = cell_->layout().hosts.front()->surface(state.hosts.front(), i);
  }
}

double AdaptiveSteps::estimate() const {
  const Point& c = back(0);
  const Point& b = back(1);
  const Point& a = back(2);
  const CellState& state = stepper_->state();
  const double h = state.time - c.time;
  const double h1 = c.time - b.time;
  const double h2 = b.time - a.time;
  const double r = h / h1;
  const double size = (1.0 + r) * (1.0 + r) / (r * (1.0 + 2.0 * r)) * h * h * h;
  const auto error = [&](double y3, double y2, double y1, double y0) {
    const double d3 = (y3 - y2) / h;
    const double d2 = (y2 - y1) / h1;
    const double d1 = (y1 - y0) / h2;
    const double curve = (d3 - d2) / (h + h1);
    const double curve_before = (d2 - d1) / (h1 + h2);
    return size * std::abs(curve - curve_before) / (h + h1 + h2);
  };
  const double peak = std::max({largest_, std::abs(state.currents.total), expected_, 1e-300});
  double worst = error(state.currents.total, c.currents.total, b.currents.total, a.currents.total) / peak;
  for (std::size_t i = 0; i < c.filling.size(); ++i) {
    const double now = cell_->layout().hosts.front()->surface(state.hosts.front(), i);
    worst = std::max(worst, error(now, c.filling[i], b.filling[i], a.filling[i]));
  }
  return worst;
}

AdaptiveRow AdaptiveSteps::between(double time, double E) const {
  const std::array<const Point*, 4> p{&back(3), &back(2), &back(1), &back(0)};
  std::array<double, 4> weight{};
  for (std::size_t k = 0; k < 4; ++k) {
    weight[k] = 1.0;
    for (std::size_t j = 0; j < 4; ++j) {
      if (j != k) weight[k] *= (time - p[j]->time) / (p[k]->time - p[j]->time);
    }
  }
  const double h = p[3]->time - p[2]->time;
  const double u = (time - p[2]->time) / h;
  const auto charge = [&](double CellCurrents::*part) {
    return hermite(u, h, p[2]->charge.*part, p[2]->currents.*part, p[3]->charge.*part, p[3]->currents.*part);
  };
  return {.time = time,
          .E_vs_Li = E,
          .currents = weighted(weight, {&p[0]->currents, &p[1]->currents, &p[2]->currents, &p[3]->currents}),
          .charge = charge(&CellCurrents::total),
          .lithium = lithium_ - charge(&CellCurrents::intercalation) / constants::faraday};
}

void AdaptiveSteps::run(double E_end, double dt, int count, const std::function<void(const AdaptiveRow&)>& row) {
  constexpr long per_interval = 1L << rungs_below;
  const double E_start = stepper_->state().E_vs_Li;
  const double t_start = stepper_->state().time;
  const long end = count * per_interval;
  const double tick = dt / per_interval;
  const double scan_rate = std::abs(E_end - E_start) / (dt * count);
  const auto potential = [&](double ticks) { return E_start + (E_end - E_start) * (ticks / static_cast<double>(end)); };
  expected_ = share_of_expected * expected_peak(*cell_, scan_rate);
  lithium_ = cell_->lithium(stepper_->state()) + stepper_->state().charge.intercalation / constants::faraday;
  int rung = 0;
  known_ = 0;
  for (long at = 0; at < end;) {
    while (at % (1L << rung) != 0 || at + (1L << rung) > end) --rung;
    const long length = 1L << rung;
    const double h = tick * static_cast<double>(length);
    saved_ = stepper_->state();
    if (surroundings_) stepper_->surround(surroundings_(saved_, h));
    stepper_->advance(potential(static_cast<double>(at + length)), h, StepChange::follow);
    const bool judged = known_ >= 3;
    const double error = judged ? estimate() / tolerance_ : 0.0;
    if (error > 1.0 && rung > 0) {
      stepper_->restore(saved_);
      ++rejected_;
      rung = std::max(0, rung - (error > much_too_large ? 2 : 1));
      continue;
    }
    remember();
    largest_ = std::max(largest_, std::abs(stepper_->currents().total));
    for (long k = at / per_interval + 1; k * per_interval <= at + length; ++k) {
      const auto ticks = static_cast<double>(k * per_interval);
      if (k * per_interval == at + length) {
        const CellState& state = stepper_->state();
        row({state.time, state.E_vs_Li, state.currents, state.charge.total, cell_->lithium(state)});
      } else {
        row(between(t_start + tick * ticks, potential(ticks)));
      }
    }
    at += length;
    if (!stepper_->state().smooth) {  // D has changed with the direction, or the step was split: a corner
      known_ = 0;
      rung = 0;
    } else if (judged && error < room_to_grow && rung < rungs_below + rungs_above) {
      ++rung;
    }
  }
}

}  // namespace seccm::models
