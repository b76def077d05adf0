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
constexpr long per_interval = 1L << rungs_below;
constexpr double room_to_grow = 0.5;  // of the tolerance: what a step twice as long may err by the estimate
constexpr double share_of_expected = 0.1;
constexpr int low_order = 2;
// Steps for a looser tolerance are longer than a sharp wave is wide. Worst error of 162 waves with attractive isotherms
// (g from -3.95): 338 tolerances at 1e-3 with order 4 and 8 with order 2; 18 and 22 at 3e-4.
constexpr double loosest_for_high_order = 3e-4;

/// By how much a step twice as long errs more.
double doubled(int order) {
  return static_cast<double>(2L << order);
}

/// 1 / product of t_k - t_j over j != k, for the first `points` of them.
template <std::size_t N>
std::array<double, N> inverse_products(const std::array<double, N>& time, std::size_t points) {
  std::array<double, N> product{};
  product.fill(1.0);
  for (std::size_t k = 0; k < points; ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      const double apart = time.at(k) - time.at(j);
      product.at(k) *= apart;
      product.at(j) *= -apart;
    }
  }
  for (double& p : product) p = 1.0 / p;
  return product;
}

void add(CellCurrents& sum, double w, const CellCurrents& c) {
  sum.total += w * c.total;
  sum.intercalation += w * c.intercalation;
  sum.double_layer += w * c.double_layer;
  sum.stray += w * c.stray;
  sum.surface_redox += w * c.surface_redox;
  sum.water += w * c.water;
  sum.ferrocene += w * c.ferrocene;
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
    : cell_(&cell),
      stepper_(&stepper),
      tolerance_(tolerance),
      surroundings_(std::move(surroundings)),
      history_(cell.layout()),
      highest_order_(
          std::min(history_.highest_order(), tolerance > loosest_for_high_order ? low_order : sim::highest_bdf_order)) {
  for (Point& point : points_) point.filling.assign(cell.spec().particles.size(), 0.0);
  trial_ = points_.front();
}

/// Behind a corner: nothing is known but the present.
void AdaptiveSteps::start() {
  history_.restart(stepper_->state());
  known_ = 0;
  rung_ = 0;
  rough_ = 0;
  fill(trial_);
  remember();
}

void AdaptiveSteps::fill(Point& point) const {
  const CellState& state = stepper_->state();
  point.time = state.time;
  point.currents = state.currents;
  point.charge = state.charge;
  for (std::size_t i = 0; i < point.filling.size(); ++i) {
    point.filling[i] = cell_->layout().hosts.front()->surface(state.hosts.front(), i);
  }
}

void AdaptiveSteps::remember() {
  newest_ = (newest_ + 1) % most_points;
  known_ = std::min(known_ + 1, most_points);
  std::swap(points_.at(newest_), trial_);
}

/// Of the trial step; needs order + 1 known points.
double AdaptiveSteps::estimate(int order) const {
  const auto points = static_cast<std::size_t>(order) + 2;
  std::array<const Point*, most_points> p{&trial_};
  std::array<double, most_points> time{trial_.time};
  for (std::size_t k = 1; k < points; ++k) {
    p.at(k) = &back(k - 1);
    time.at(k) = p.at(k)->time;
  }
  // The divided difference is a sum over the points; C_m (m+1)! h^(m+1) goes into the weights.
  const double h = time[0] - time[1];
  double scale = sim::bdf_of_order(order).error;
  for (int k = 1; k <= order + 1; ++k) scale *= k * h;
  std::array<double, most_points> weight = inverse_products(time, points);
  for (double& w : weight) w *= scale;
  const auto size = [&](const auto& value) {
    double sum = 0.0;
    for (std::size_t k = 0; k < points; ++k) sum += weight.at(k) * (value(*p.at(k)) - value(*p[1]));
    return std::abs(sum);
  };
  const double peak = std::max({largest_, std::abs(trial_.currents.total), expected_, 1e-300});
  double worst = size([](const Point& point) { return point.currents.total; }) / peak;
  for (std::size_t i = 0; i < trial_.filling.size(); ++i) {
    worst = std::max(worst, size([i](const Point& point) { return point.filling[i]; }));
  }
  return worst / tolerance_;
}

int AdaptiveSteps::order_to_take() const {
  const int cap = rough_ > 0 ? std::min(low_order, highest_order_) : highest_order_;
  return std::min(cap, history_.points());
}

AdaptiveSteps::Polynomial AdaptiveSteps::polynomial() const {
  Polynomial p;
  p.points = known_;
  for (std::size_t k = 0; k < known_; ++k) p.time.at(k) = back(k).time;
  p.factor = inverse_products(p.time, known_);
  return p;
}

AdaptiveRow AdaptiveSteps::between(const Polynomial& p, double time, double E) const {
  AdaptiveRow row{.time = time, .E_vs_Li = E, .currents = {}};
  CellCurrents charge;
  std::array<double, most_points> weight = p.factor;
  double before = 1.0, behind = 1.0;  // products of time - t_j on either side
  for (std::size_t k = 0; k < p.points; ++k) {
    const std::size_t r = p.points - 1 - k;
    weight.at(k) *= before;
    weight.at(r) *= behind;
    before *= time - p.time.at(k);
    behind *= time - p.time.at(r);
  }
  for (std::size_t k = 0; k < p.points; ++k) {
    add(row.currents, weight.at(k), back(k).currents);
    charge.total += weight.at(k) * back(k).charge.total;
    charge.intercalation += weight.at(k) * back(k).charge.intercalation;
  }
  row.charge = charge.total;
  row.lithium = lithium_ - charge.intercalation / constants::faraday;
  return row;
}

void AdaptiveSteps::run(double E_end, double dt, int count, const std::function<void(const AdaptiveRow&)>& row) {
  const double E_start = stepper_->state().E_vs_Li;
  const double t_start = stepper_->state().time;
  const long end = count * per_interval;
  const double tick = dt / per_interval;
  const double scan_rate = std::abs(E_end - E_start) / (dt * count);
  const auto potential = [&](double ticks) { return E_start + (E_end - E_start) * (ticks / static_cast<double>(end)); };
  expected_ = share_of_expected * expected_peak(*cell_, scan_rate);
  lithium_ = cell_->lithium(stepper_->state()) + stepper_->state().charge.intercalation / constants::faraday;
  start();
  for (long at = 0; at < end;) {
    while (at + (1L << rung_) > end) {
      history_.halve(order_to_take());
      --rung_;
    }
    const int order = order_to_take();
    const long length = 1L << rung_;
    const double h = tick * static_cast<double>(length);
    saved_ = stepper_->state();
    if (surroundings_) stepper_->surround(surroundings_(saved_, h));
    stepper_->advance(potential(static_cast<double>(at + length)), h, history_, order);
    fill(trial_);
    const bool judged = stepper_->state().smooth && known_ > static_cast<std::size_t>(order);
    const double error = judged ? estimate(order) : 0.0;
    if (error > 1.0 && rung_ > 0) {
      stepper_->restore(saved_);
      ++rejected_;
      if (order > low_order && estimate(low_order) < error) rough_ = most_points;
      for (int k = error > doubled(order) ? 2 : 1; k > 0 && rung_ > 0; --k, --rung_) history_.halve(order);
      continue;
    }
    if (rough_ > 0) --rough_;
    remember();
    largest_ = std::max(largest_, std::abs(stepper_->currents().total));
    const long first = at / per_interval + 1;
    const Polynomial through = first * per_interval < at + length ? polynomial() : Polynomial{};
    for (long k = first; k * per_interval <= at + length; ++k) {
      const auto ticks = static_cast<double>(k * per_interval);
      if (k * per_interval == at + length) {
        const CellState& state = stepper_->state();
        row({state.time, state.E_vs_Li, state.currents, state.charge.total, cell_->lithium(state)});
      } else {
        row(between(through, t_start + tick * ticks, potential(ticks)));
      }
    }
    at += length;
    if (!stepper_->state().smooth) {  // D has changed with the direction, or the step was split: a corner
      start();
      continue;
    }
    history_.record(stepper_->state());
    const bool fits = at % (2 * length) == 0 && at + 2 * length <= end && rung_ < rungs_below + rungs_above;
    if (judged && fits && history_.points() >= 2 * order - 1 && error * doubled(order) < room_to_grow) {
      history_.redouble();
      ++rung_;
    }
  }
}

}  // namespace seccm::models
