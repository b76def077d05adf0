#include "models/cell/adaptive_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "models/cell/cell_layout.hpp"
#include "models/material/diffusivity.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

constexpr int rungs_below = 30;  // of the grid's step
constexpr int rungs_above = 6;
constexpr int longest_first_rung = rungs_below - 6;
// The first step is backward Euler, off by its square: it follows the root of the tolerance, so that runs of different
// tolerances do not share what it leaves.
constexpr double tolerance_of_longest = 1e-4;
constexpr int most_lower = 14;
constexpr int event_rung = rungs_below - 14;
constexpr int fewest_lower = 2;  // rungs, where the first steps behind a corner are too long
// The shortest step where no corner is: 15 nV of a grid of 1 mV.
constexpr int smooth_floor = rungs_below - 16;
// Halving interpolates what stands behind; what that is off is divided by ever shorter steps, and a capacity without a
// resistance before it answers with a current. Where halvings follow each other the history is dropped. A wave that
// rises takes one every few steps for its own sake: begun anew at order 1 within it, steps had left 53 tolerances.
constexpr int most_halvings = 2;
constexpr int calm_steps = 2;  // accepted ones behind which halvings no longer follow each other
constexpr int lower_anew = 3;
constexpr int rungs_of_failure = 2;  // down, where a step has no solution
constexpr long per_interval = 1L << rungs_below;
constexpr double room_to_grow = 0.5;  // of the tolerance: what a step twice as long may err by the estimate
constexpr double share_of_expected = 0.1;
constexpr double round_off = 4e-15;  // of what is stored, in the charge of a step
constexpr double one_volt = 1.0;
// Of the direction of `per_direction` within one segment. A sweep has one or two of its own; where the lithium current
// hovers about zero each D drives it back to the other, and there is one every few steps without end.
constexpr int most_turns = 50;
constexpr int low_order = 2;
// Where not all rows are wanted: a row's error is the largest of at least eight rows on either side.
constexpr long most_rows_apart = 8;
// Steps for a looser tolerance are longer than a sharp wave is wide. Worst error of 162 waves with attractive isotherms
// (g from -3.95): 338 tolerances at 1e-3 with order 4 and 5 with order 2.
constexpr double loosest_for_high_order = 3e-4;

/// By how much a step twice as long errs more.
double doubled(int order) {
  return static_cast<double>(2L << order);
}

template <std::size_t Points, std::size_t N>
void invert_products(const std::array<double, N>& time, std::array<double, N>& inverse) {
  for (std::size_t k = 0; k < Points; ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      const double apart = time[k] - time[j];
      inverse[k] *= apart;
      inverse[j] *= -apart;
    }
  }
  for (std::size_t k = 0; k < Points; ++k) inverse[k] = 1.0 / inverse[k];
}

/// 1 / product of t_k - t_j over j != k, for the first `points` of them; loops of known lengths are unrolled.
std::array<double, 6> inverse_products(const std::array<double, 6>& time, std::size_t points) {
  std::array<double, 6> inverse{};
  inverse.fill(1.0);
  switch (points) {
    case 2:
      invert_products<2>(time, inverse);
      break;
    case 3:
      invert_products<3>(time, inverse);
      break;
    case 4:
      invert_products<4>(time, inverse);
      break;
    case 5:
      invert_products<5>(time, inverse);
      break;
    case 6:
      invert_products<6>(time, inverse);
      break;
    default:  // a single point is its own polynomial
      break;
  }
  return inverse;
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

double stored_charge(const Cell& cell) {
  const CellSpec& spec = cell.spec();
  const CellLayout& layout = cell.layout();
  double capacitance = layout.gold_capacitance + spec.stray_capacitance;
  double full = 0.0;
  for (std::size_t i = 0; i < spec.particles.size(); ++i) {
    full += constants::faraday * spec.material.c_max.si() * layout.volume[i];
    capacitance += layout.capacitance[i];
  }
  return full + capacitance * one_volt;
}

AdaptiveSteps::AdaptiveSteps(const Cell& cell, CellStepper& stepper, double tolerance, SurroundingsOf surroundings)
    : cell_(&cell),
      stepper_(&stepper),
      tolerance_(tolerance),
      surroundings_(std::move(surroundings)),
      history_(cell.layout()),
      stored_(stored_charge(cell)),
      highest_order_(
          std::min(history_.highest_order(), tolerance > loosest_for_high_order ? low_order : sim::highest_bdf_order)) {
  for (Point& point : points_) point.filling.assign(cell.spec().particles.size(), 0.0);
  trial_ = points_.front();
}

int AdaptiveSteps::first_rung() const {
  const double halvings = 0.5 * std::log2(tolerance_of_longest / tolerance_);
  return longest_first_rung - static_cast<int>(std::clamp(std::round(halvings), 0.0, static_cast<double>(most_lower)));
}

/// Behind a corner: nothing is known but the present.
void AdaptiveSteps::start(long at) {
  corner_ = stepper_->state();
  corner_at_ = at;
  floor_ = 0;
  // Steps stand at multiples of their length: behind an event first short ones lead back to the grid.
  start_on(at == 0 ? first_rung() : std::min(first_rung(), std::countr_zero(static_cast<unsigned long>(at))));
}

/// Without the history, where it does not lead to a step that is accepted. Returns false on the shortest steps.
bool AdaptiveSteps::start_anew(long at) {
  if (rung_ <= smooth_floor) return false;
  stepper_->restore(saved_);
  corner_ = saved_;
  corner_at_ = at;
  row_behind_corner_ = false;
  floor_ = smooth_floor;
  start_on(std::max(floor_, rung_ - lower_anew));
  return true;
}

void AdaptiveSteps::start_on(int rung) {
  history_.restart(stepper_->state());
  known_ = 0;
  accepted_ = 0;
  rung_ = start_rung_ = rung;
  rough_ = 0;
  nearing_event_ = false;
  halvings_ = calm_ = 0;
  fill(trial_);
  remember();
}

/// The first steps behind a corner are too long for what happens there. The current tells one step later than the
/// fillings: that at the corner takes no part.
bool AdaptiveSteps::restart_lower(int order, double error) {
  const std::size_t first_ones = static_cast<std::size_t>(order) + (floor_ == 0 ? 1 : 0);
  if (accepted_ > first_ones || start_rung_ <= floor_ || row_behind_corner_) return false;
  const double halvings = std::log2(std::min(error, 1e12)) / (order + 1);
  stepper_->restore(corner_);
  start_on(std::max(floor_, start_rung_ - std::max(fewest_lower, static_cast<int>(std::ceil(halvings)))));
  return true;
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
  ++accepted_;
  std::swap(points_.at(newest_), trial_);
}

/// C_m h^(m+1) (m+1)! over the trial point and those behind it, as weights of a sum over their values.
AdaptiveSteps::Weights AdaptiveSteps::difference(int order) const {
  const auto points = static_cast<std::size_t>(order) + 2;
  std::array<double, most_points> time{trial_.time};
  for (std::size_t k = 1; k < points; ++k) time.at(k) = back(k - 1).time;
  const double h = time[0] - time[1];
  double scale = sim::bdf_of_order(order).error;
  for (int k = 1; k <= order + 1; ++k) scale *= k * h;
  Weights weights = inverse_products(time, points);
  for (double& w : weights) w *= scale;
  return weights;
}

/// Of the trial step; needs order + 1 known points. The current of a corner is that before it: behind one the current
/// is judged by the highest difference that does without.
double AdaptiveSteps::estimate(int order) const {
  const auto size = [&](const Weights& weights, int of, const auto& value) {
    const double now = value(trial_);
    double sum = 0.0;
    for (std::size_t k = 1; k < static_cast<std::size_t>(of) + 2; ++k) {
      sum += weights.at(k) * (value(back(k - 1)) - now);
    }
    return std::abs(sum);
  };
  double worst = 0.0;
  const Weights weights = difference(order);
  const int of_current = std::min(order, static_cast<int>(accepted_) - 2);
  if (of_current >= 1) {
    const double present = std::max(std::abs(trial_.currents.total), std::abs(back(0).currents.total));
    const double peak = std::max({largest_, present, expected_, 1e-300});
    const double error = size(of_current == order ? weights : difference(of_current), of_current,
                              [](const Point& point) { return point.currents.total; });
    const double noise = round_off * stored_ / (trial_.time - back(0).time);
    worst = std::max(0.0, error - noise) / peak;
  }
  for (std::size_t i = 0; i < trial_.filling.size(); ++i) {
    worst = std::max(worst, size(weights, order, [i](const Point& point) { return point.filling[i]; }));
  }
  return worst / tolerance_;
}

int AdaptiveSteps::order_to_take() const {
  const int cap = rough_ > 0 ? std::min(low_order, highest_order_) : highest_order_;
  return std::min({cap, history_.points(), std::max(1, static_cast<int>(known_) - 1)});
}

AdaptiveSteps::Polynomial AdaptiveSteps::polynomial(int order) const {
  Polynomial p;
  p.points = std::min(known_, static_cast<std::size_t>(order) + 2);
  for (std::size_t k = 0; k < p.points; ++k) p.time.at(k) = back(k).time;
  p.factor = inverse_products(p.time, p.points);
  return p;
}

CellReading AdaptiveSteps::between(const Polynomial& p, double time, double E) const {
  CellReading row{.time = time, .E_vs_Li = E, .currents = {}, .charge = {}};
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
    add(row.charge, weight.at(k), back(k).charge);
  }
  row.lithium = lithium_ - row.charge.intercalation / constants::faraday;
  return row;
}

void AdaptiveSteps::run(double E_end, double dt, int count, const RowSink& row, bool all_rows) {
  all_rows_ = all_rows;
  stretch_ = {.E_start = stepper_->state().E_vs_Li,
              .E_end = E_end,
              .t_start = stepper_->state().time,
              .tick = dt / per_interval,
              .end = count * per_interval};
  const double scan_rate = std::abs(E_end - stretch_.E_start) / (dt * count);
  expected_ = share_of_expected * expected_peak(*cell_, scan_rate);
  lithium_ = cell_->lithium(stepper_->state()) + stepper_->state().charge.intercalation / constants::faraday;
  long at = 0;
  turns_ = 0;
  row_behind_corner_ = false;
  start(at);
  while (at < stretch_.end) {
    while (at + (1L << rung_) > stretch_.end) shorten(order_to_take());
    const int order = order_to_take();
    const Verdict verdict = try_step(at, order);
    if (!verdict.accepted) {
      if (verdict.from_corner) at = corner_at_;
      continue;
    }
    const long length = 1L << rung_;
    emit_rows(at, length, order, row);
    at += length;
    note_peaks();
    if (!stepper_->state().smooth) {  // D has changed with the direction, or the step was split: a corner
      if (stepper_->state().intercalating != saved_.intercalating) count_turn();
      row_behind_corner_ = false;
      start(at);
      continue;
    }
    history_.record(stepper_->state());
    const bool fits = at % (2 * length) == 0 && at + 2 * length <= stretch_.end && rung_ < rungs_below + rungs_above;
    const bool room = verdict.judged && verdict.error * doubled(order) < room_to_grow;
    if (room && fits && !nearing_event_ && history_.points() >= 2 * order - 1) {
      history_.redouble();
      ++rung_;
    }
  }
}

void AdaptiveSteps::count_turn() {
  if (++turns_ <= most_turns) return;
  throw SolverError(fmt::format(
      "cell at t = {:.6g} s: the lithium current changes its direction more than {} times within one sweep or "
      "hold; with D on its sign (diffusion = \"per_direction\") there is no solution beyond, take one D",
      stepper_->state().time, most_turns));
}

void AdaptiveSteps::shorten(int order) {
  history_.halve(order);
  --rung_;
}

/// One step from `at`; where it is not accepted everything is as before it, or at the corner.
AdaptiveSteps::Verdict AdaptiveSteps::try_step(long at, int order) {
  const long length = 1L << rung_;
  const double h = stretch_.tick * static_cast<double>(length);
  saved_ = stepper_->state();
  if (surroundings_) stepper_->surround(surroundings_(saved_, h));
  const double E_end = stretch_.potential(static_cast<double>(at + length));
  if (!stepper_->try_advance(E_end, h, history_, order)) {
    if (watch_) watch_(saved_.time);
    if (rung_ > lowest_rung()) {
      ++rejected_;
      take_back(order, rungs_of_failure);
      return {};
    }
    stepper_->restore(saved_);
    stepper_->advance_in_pieces(E_end, h);
  }
  fill(trial_);
  if (watch_) watch_(trial_.time);
  if (stepper_->state().intercalating != saved_.intercalating && rung_ > event_rung) {
    nearing_event_ = true;
    ++rejected_;
    take_back(order, 1);
    return {};
  }
  const bool judged = stepper_->state().smooth && known_ > static_cast<std::size_t>(order);
  const double error = judged ? estimate(order) : 0.0;
  if (error > 1.0 && rung_ > lowest_rung()) {
    ++rejected_;
    calm_ = 0;
    if (restart_lower(order, error)) return {.from_corner = true};
    if (++halvings_ > most_halvings && start_anew(at)) return {};
    if (order > low_order && estimate(low_order) < error) rough_ = most_points;
    take_back(order, error > doubled(order) ? 2 : 1);
    return {};
  }
  if (++calm_ >= calm_steps) halvings_ = 0;
  if (rough_ > 0) --rough_;
  remember();
  return {.accepted = true, .judged = judged, .error = error};
}

/// The step end before the last one, if the current turns there.
void AdaptiveSteps::note_peaks() {
  const bool sweeps = stretch_.E_start != stretch_.E_end;
  if (!sweeps || accepted_ < 4 || back(2).time < stretch_.t_start + stretch_.tick * per_interval) return;
  const double before = back(1).time - back(2).time, behind = back(0).time - back(1).time;
  const double i = back(1).currents.total;
  const double rise = (i - back(2).currents.total) / before;
  const double fall = (back(0).currents.total - i) / behind;
  if (rise * fall > 0.0 || rise == fall) return;
  const double curvature = 2.0 * (fall - rise) / (before + behind);
  const double slope = (rise * behind + fall * before) / (before + behind);  // at the middle one
  const double later = -slope / curvature;
  TracePeak peak{.current = i + 0.5 * slope * later,
                 .E_vs_Li = stretch_.potential((back(1).time + later - stretch_.t_start) / stretch_.tick),
                 .between_rows = true};
  if (peak.current > highest_.current) highest_ = peak;
  if (peak.current < lowest_.current) lowest_ = peak;
}

int AdaptiveSteps::lowest_rung() const {
  return std::max(floor_, std::min(start_rung_, smooth_floor));
}

void AdaptiveSteps::take_back(int order, int rungs) {
  stepper_->restore(saved_);
  for (; rungs > 0 && rung_ > lowest_rung(); --rungs) shorten(order);
}

/// The grid points of the step of `length` ticks from `at`, which has been taken.
void AdaptiveSteps::emit_rows(long at, long length, int order, const RowSink& row) {
  const long before = at / per_interval;
  const long apart = all_rows_ ? 1 : std::clamp(length / per_interval / 2, 1L, most_rows_apart);
  const Polynomial through = (before + 1) * per_interval < at + length ? polynomial(order) : Polynomial{};
  for (long k = before + apart; k * per_interval <= at + length; k += apart) {
    row_behind_corner_ = true;
    if (k * per_interval == at + length) largest_ = std::max(largest_, std::abs(stepper_->currents().total));
    const auto ticks = static_cast<double>(k * per_interval);
    if (k * per_interval == at + length) {
      const CellState& state = stepper_->state();
      row({state.time, state.E_vs_Li, state.currents, state.charge, cell_->lithium(state)});
    } else {
      row(between(through, stretch_.t_start + stretch_.tick * ticks, stretch_.potential(ticks)));
    }
  }
}

}  // namespace seccm::models
