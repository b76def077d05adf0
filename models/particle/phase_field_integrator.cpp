#include "models/particle/phase_field_integrator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

using phase_field::PerLane;
using phase_field::PerLattice;

constexpr int most_iterations = 14;
// Behind a jump the rate comes down from e^(F ΔE/RT) by one kT per iteration: 150 serve jumps of 7 V.
constexpr int most_behind_jump = 150;
// Newton converges quadratically: behind a move of 1e-10 the error is of the order of 1e-20 times the curvature.
constexpr double settled = 1e-10;
constexpr double shortest_step = 1e-9;  // of the interval
constexpr double longest_growth = 2.0;  // of a step; BDF2 is stable below 2.414
constexpr double step_after_failure = 0.25;
// The first step behind a jump has no history to judge it by: it may change y by this many tolerances. Its own error
// is the change times h/(2τ), with τ >> h the time in which the rate changes.
constexpr double first_change = 30.0;
// A transient behind a jump that is over in this part of the interval is not resolved: backward Euler damps it.
constexpr double shortest_transient = 1e-7;
constexpr int longest_sequence = 256;

}  // namespace

struct PhaseFieldIntegrator::Lanes {
  phase_field::SubStep step;
  phase_field::SurfaceReaction reaction;
  PerLane done{};      // s, since the start of the interval
  PerLane h{};         // of the inner step being tried
  PerLane h_last{};    // 0: no history
  PerLane h_next{};    // planned
  PerLane theta{};     // share of the end potential in the one at the end of the inner step
  PerLane largest{};   // last Newton move
  PerLane accepted{};  // 1 or 0
  PerLane exchange{};  // in the last inner step, from the reaction
  PerLane reacted{};
  std::array<int, phase_field::widest_block> count{};  // inner steps so far
  PerLattice start{};                                  // means at the start
};

PhaseFieldIntegrator::PhaseFieldIntegrator(const PhaseFieldModel& model)
    : PhaseFieldIntegrator(model, model.spec().parameters.tolerance) {}

PhaseFieldIntegrator::PhaseFieldIntegrator(const PhaseFieldModel& model, double tolerance)
    : model_(&model), tolerance_(tolerance), result_(model.rest(0.5, 0.5, 0.0)), tangent_(result_.y.size(), 0.0) {
  if (!(tolerance > 0.0)) {
    throw InputError(fmt::format("phase field: tolerance = {}; a value above 0 is accepted", tolerance));
  }
  for (auto* values : {&filled_, &slope_, &reacted_, &surface_, &rate_}) values->assign(model.lanes(), 0.0);
  sequence_.assign(model.lanes() * longest_sequence, 0.0);
  steps_.assign(model.lanes(), 0);
  const auto width = static_cast<std::size_t>(model.width());
  const auto rows = static_cast<std::size_t>(model.rows());
  const std::size_t half = 2 * static_cast<std::size_t>(model.spec().lattices);
  for (auto* values : {&y_, &y0_, &y1_, &history_, &excess_, &curve_, &curve0_, &tangent0_, &tangent1_}) {
    values->assign(rows * width, 0.0);
  }
  change_.assign((rows + half) * width, 0.0);
  matrix_.assign((rows + half) * (2 * half + 1) * width, 0.0);
  column_.assign(static_cast<std::size_t>(model.spec().lattices) * (rows + half) * width, 0.0);
}

phase_field::BlockArrays PhaseFieldIntegrator::arrays() {
  return {.y = y_.data(),
          .history = history_.data(),
          .excess = excess_.data(),
          .matrix = matrix_.data(),
          .change = change_.data(),
          .column = column_.data()};
}

void PhaseFieldIntegrator::begin(const PhaseFieldState& from, double time, double dt, double activity, bool jump) {
  if (from.y.size() != result_.y.size() || from.potential.size() != model_->lanes()) {
    throw InputError("phase field: the state belongs to another model (its profiles do not fit this one)");
  }
  if (!(std::isfinite(dt) && dt > 0.0)) {
    throw InputError(fmt::format("phase field: a step of {} s; a value above 0 is needed", dt));
  }
  from_ = &from;
  time_ = time;
  dt_ = dt;
  activity_ = activity;
  jump_ = jump;
  first_run_ = true;
}

void PhaseFieldIntegrator::run(std::span<const double> potential) {
  const std::size_t blocks = model_->blocks().size();
  for (std::size_t b = 0; b < blocks; ++b) run_block(b, potential);
  std::copy(potential.begin(), potential.end(), result_.potential.begin());
  first_run_ = false;
}

void PhaseFieldIntegrator::run_block(std::size_t block, std::span<const double> potential) {
  const auto width = static_cast<std::size_t>(model_->width());
  bool replay = !first_run_;
  for (std::size_t l = 0; l < width; ++l) replay = replay && steps_[block * width + l] > 0;
  if (replay && try_block(block, potential, true)) return;
  (void)try_block(block, potential, false);
}

void PhaseFieldIntegrator::start_block(std::size_t block, Lanes& lanes) {
  const auto width = static_cast<std::size_t>(model_->width());
  const std::size_t size = y0_.size();
  const auto offset = static_cast<std::ptrdiff_t>(block * size);
  std::copy_n(from_->y.begin() + offset, size, y0_.begin());
  std::copy_n(from_->before.begin() + offset, size, y1_.begin());
  std::copy_n(from_->curvature.begin() + offset, size, curve0_.begin());
  std::fill(tangent0_.begin(), tangent0_.end(), 0.0);
  std::fill(tangent1_.begin(), tangent1_.end(), 0.0);
  for (std::size_t l = 0; l < width; ++l) {
    const std::size_t lane = block * width + l;
    lanes.h_last[l] = jump_ ? 0.0 : from_->last_step[lane];
    lanes.h_next[l] = from_->next_step[lane];
    lanes.exchange[l] = from_->last_exchange[lane];
    lanes.step.active[l] = 1.0;
  }
  lanes.step.activity = activity_;
  phase_field::means(model_->spec().lattices, model_->width(), model_->blocks()[block], y0_.data(), lanes.start);
}

/// Length of the next inner step of every lane that is not at the end. Returns false when all are.
bool PhaseFieldIntegrator::choose_steps(std::size_t block, Lanes& lanes, bool replay) const {
  const auto width = static_cast<std::size_t>(model_->width());
  bool any = false;
  for (std::size_t l = 0; l < width; ++l) {
    const double left = dt_ - lanes.done[l];
    const std::size_t lane = block * width + l;
    const bool finished = replay ? lanes.count[l] == steps_[lane] : !(left > 0.0);
    lanes.step.active[l] = finished ? 0.0 : 1.0;
    any = any || !finished;
    if (finished) {
      lanes.h[l] = dt_;
      continue;
    }
    if (replay) {
      lanes.h[l] = sequence_[lane * longest_sequence + static_cast<std::size_t>(lanes.count[l])];
      continue;
    }
    double planned = lanes.h_next[l];
    if (lanes.h_last[l] > 0.0) planned = std::min(planned, longest_growth * lanes.h_last[l]);
    if (planned >= left) {
      lanes.h[l] = left;
    } else {
      lanes.h[l] = 2.0 * planned > left ? 0.5 * left : planned;  // leave no crumb behind
    }
  }
  return any;
}

/// Coefficients of the inner step and a first guess.
void PhaseFieldIntegrator::prepare(std::size_t block, std::span<const double> potential, Lanes& lanes, bool replay) {
  const PhaseFieldSpec& spec = model_->spec();
  const auto width = static_cast<std::size_t>(model_->width());
  phase_field::SubStep& s = lanes.step;
  const double f = model_->blocks()[block].f;
  PerLane ratio{};
  for (std::size_t l = 0; l < width; ++l) {
    const std::size_t lane = block * width + l;
    const double h = lanes.h[l];
    const bool has_history = lanes.h_last[l] > 0.0;
    const double w = has_history ? h / lanes.h_last[l] : 0.0;
    ratio[l] = w;
    s.now[l] = has_history ? (1.0 + 2.0 * w) / (1.0 + w) : 1.0;
    s.last[l] = -(1.0 + w);
    s.before[l] = has_history ? w * w / (1.0 + w) : 0.0;
    lanes.theta[l] = jump_ ? 1.0 : std::min(1.0, (lanes.done[l] + h) / dt_);
    const double p = from_->potential[lane] + lanes.theta[l] * (potential[lane] - from_->potential[lane]);
    const double R = spec.particles[std::min(lane, spec.particles.size() - 1)].radius;
    for (int i = 0; i < spec.lattices; ++i) {
      const SublatticeConstants& lattice = spec.lattice[static_cast<std::size_t>(i)];
      s.lambda[i][l] = R * R / (lattice.D * h);
      s.reduced[i][l] = f * (p - lattice.E_p);
    }
  }
  const int rows = model_->rows();
  phase_field::combine(model_->width(), rows, s.last, y0_.data(), s.before, y1_.data(), history_.data());
  bool one_step = replay;
  for (std::size_t l = 0; l < width; ++l) one_step = one_step && steps_[block * width + l] == 1;
  if (one_step) {
    const auto offset = static_cast<std::ptrdiff_t>(block * y_.size());
    std::copy_n(result_.y.begin() + offset, y_.size(), y_.begin());
  } else {
    phase_field::extrapolate(model_->width(), rows, ratio, y0_.data(), y1_.data(), y_.data());
  }
}

/// Newton's method for all active lanes at once; `largest` tells which have settled.
void PhaseFieldIntegrator::solve(std::size_t block, Lanes& lanes) {
  const auto width = static_cast<std::size_t>(model_->width());
  const phase_field::BlockConstants& c = model_->blocks()[block];
  bool fresh = false;
  for (std::size_t l = 0; l < width; ++l) fresh = fresh || (lanes.step.active[l] != 0.0 && lanes.h_last[l] == 0.0);
  const int most = fresh ? most_behind_jump : most_iterations;
  for (int iteration = 0; iteration < most; ++iteration) {
    phase_field::newton_pass(model_->spec().lattices, model_->width(), c, lanes.step, arrays(), lanes.reaction,
                             lanes.largest);
    ++counts_.newton_passes;
    bool all = true;
    for (std::size_t l = 0; l < width; ++l) {
      const bool lost = !std::isfinite(lanes.largest[l]);
      all = all && (lanes.step.active[l] == 0.0 || lost || lanes.largest[l] < settled);
    }
    if (all) return;
  }
}

/// Accepts or rejects the inner step lane by lane and plans the next one.
void PhaseFieldIntegrator::judge(Lanes& lanes, bool replay) {
  const auto width = static_cast<std::size_t>(model_->width());
  const int rows = model_->rows();
  PerLane inverse_h{};
  PerLane inverse_last{};
  PerLane jump{};
  PerLane change{};
  for (std::size_t l = 0; l < width; ++l) {
    inverse_h[l] = 1.0 / lanes.h[l];
    inverse_last[l] = lanes.h_last[l] > 0.0 ? 1.0 / lanes.h_last[l] : 0.0;
  }
  phase_field::curvature_change(model_->width(), rows, inverse_h, inverse_last, y_.data(), y0_.data(), y1_.data(),
                                curve0_.data(), curve_.data(), jump);
  phase_field::largest_difference(model_->width(), rows, y_.data(), y0_.data(), change);
  for (std::size_t l = 0; l < width; ++l) {
    lanes.accepted[l] = 0.0;
    if (lanes.step.active[l] == 0.0) continue;
    const double h = lanes.h[l];
    const double last = lanes.h_last[l];
    if (!(lanes.largest[l] < settled)) {
      lanes.h_next[l] = step_after_failure * h;
      continue;
    }
    // Local error of BDF2 with y''' from the change of the second differences.
    const double local =
        last > 0.0 ? h * h * (h + last) / (h + 2.0 * last) / lanes.step.now[l] * jump[l] : change[l] / first_change;
    const double error = local / tolerance_;
    const bool transient = last == 0.0 && h <= shortest_transient * dt_;
    lanes.accepted[l] = replay || transient || error <= 1.0 ? 1.0 : 0.0;
    const double growth = error > 0.0 ? 0.9 / std::cbrt(error) : longest_growth;
    lanes.h_next[l] = std::isinf(tolerance_) ? 1e300 : h * std::clamp(growth, 0.2, longest_growth);
  }
}

/// The accepted lanes move on: booking of the reaction, tangent, history.
void PhaseFieldIntegrator::take_steps(std::size_t block, Lanes& lanes) {
  const auto width = static_cast<std::size_t>(model_->width());
  const int rows = model_->rows();
  const PhaseFieldSpec& spec = model_->spec();
  const phase_field::BlockConstants& c = model_->blocks()[block];
  const phase_field::SubStep& s = lanes.step;
  phase_field::surface_reaction(spec.lattices, model_->width(), c, s, arrays(), lanes.reaction);
  phase_field::combine(model_->width(), rows, s.last, tangent0_.data(), s.before, tangent1_.data(), history_.data());
  phase_field::tangent_pass(spec.lattices, model_->width(), c, s, arrays(), lanes.reaction, lanes.theta);
  phase_field::copy_lanes(model_->width(), rows, lanes.accepted, tangent0_.data(), tangent1_.data());
  phase_field::copy_lanes(model_->width(), rows, lanes.accepted, change_.data(), tangent0_.data());
  phase_field::copy_lanes(model_->width(), rows, lanes.accepted, y0_.data(), y1_.data());
  phase_field::copy_lanes(model_->width(), rows, lanes.accepted, y_.data(), y0_.data());
  phase_field::copy_lanes(model_->width(), rows, lanes.accepted, curve_.data(), curve0_.data());
  for (std::size_t l = 0; l < width; ++l) {
    if (lanes.accepted[l] == 0.0) continue;
    const std::size_t lane = block * width + l;
    double taken = s.before[l] * lanes.exchange[l];
    double rate = 0.0;
    for (int i = 0; i < spec.lattices; ++i) rate -= c.dimension * lanes.reaction.flux[i][l] / s.lambda[i][l];
    taken = (taken + rate) / s.now[l];
    rate_[lane] = rate / lanes.h[l];
    lanes.exchange[l] = taken;
    lanes.reacted[l] += taken;
    if (lanes.count[l] < longest_sequence) {
      sequence_[lane * longest_sequence + static_cast<std::size_t>(lanes.count[l])] = lanes.h[l];
    }
    ++lanes.count[l];
    ++counts_.inner_steps;
    lanes.done[l] = lanes.h[l] >= dt_ - lanes.done[l] ? dt_ : lanes.done[l] + lanes.h[l];
    lanes.h_last[l] = lanes.h[l];
  }
}

bool PhaseFieldIntegrator::try_block(std::size_t block, std::span<const double> potential, bool replay) {
  const auto width = static_cast<std::size_t>(model_->width());
  Lanes lanes;
  start_block(block, lanes);
  while (choose_steps(block, lanes, replay)) {
    prepare(block, potential, lanes, replay);
    solve(block, lanes);
    judge(lanes, replay);
    for (std::size_t l = 0; l < width; ++l) {
      if (lanes.step.active[l] == 0.0 || lanes.accepted[l] == 1.0) continue;
      if (replay) return false;
      ++counts_.rejected;
      if (lanes.h_next[l] < shortest_step * dt_) {
        throw SolverError(fmt::format(
            "phase field: particle {} finds no solution at t = {:.9g} s: with an inner step of {:.3g} s the last "
            "Newton "
            "move is {:.3g} in y (accepted {:.0e}); take a finer mesh (node_spacing) or a shorter potential_step",
            block * width + l, time_ + lanes.done[l], lanes.h[l], lanes.largest[l], settled));
      }
    }
    take_steps(block, lanes);
  }
  finish_block(block, lanes);
  if (!replay) {
    for (std::size_t l = 0; l < width; ++l) {
      steps_[block * width + l] = lanes.count[l] <= longest_sequence ? lanes.count[l] : -1;
    }
  }
  return true;
}

void PhaseFieldIntegrator::finish_block(std::size_t block, const Lanes& lanes) {
  const auto width = static_cast<std::size_t>(model_->width());
  const auto offset = static_cast<std::ptrdiff_t>(block * y0_.size());
  std::copy(y0_.begin(), y0_.end(), result_.y.begin() + offset);
  std::copy(y1_.begin(), y1_.end(), result_.before.begin() + offset);
  std::copy(curve0_.begin(), curve0_.end(), result_.curvature.begin() + offset);
  std::copy(tangent0_.begin(), tangent0_.end(), tangent_.begin() + offset);
  const int lattices = model_->spec().lattices;
  const phase_field::BlockConstants& c = model_->blocks()[block];
  PerLattice end{};
  PerLattice response{};
  phase_field::means(lattices, model_->width(), c, y0_.data(), end);
  phase_field::means(lattices, model_->width(), c, tangent0_.data(), response);
  const std::size_t surface = (y0_.size() / width - static_cast<std::size_t>(lattices)) * width;
  for (std::size_t l = 0; l < width; ++l) {
    const std::size_t lane = block * width + l;
    filled_[lane] = slope_[lane] = 0.0;
    for (int i = 0; i < lattices; ++i) {
      filled_[lane] += end[i][l] - lanes.start[i][l];
      slope_[lane] += response[i][l];
    }
    reacted_[lane] = lanes.reacted[l];
    surface_[lane] = y0_[surface + l];
    result_.last_step[lane] = lanes.h_last[l];
    result_.next_step[lane] = lanes.h_next[l];
    result_.last_exchange[lane] = lanes.exchange[l];
  }
}

void PhaseFieldIntegrator::move(std::span<const double> change) {
  const auto width = static_cast<std::size_t>(model_->width());
  const auto rows = static_cast<std::size_t>(model_->rows());
  for (std::size_t n = 0; n < result_.y.size(); ++n) {
    const std::size_t lane = n / (rows * width) * width + n % width;
    const double moved = result_.y[n] + tangent_[n] * change[lane];
    if (moved > 0.0 && moved < 1.0) result_.y[n] = moved;
  }
  for (std::size_t lane = 0; lane < change.size(); ++lane) {
    result_.potential[lane] += change[lane];
    filled_[lane] += slope_[lane] * change[lane];
  }
}

void PhaseFieldIntegrator::accept(PhaseFieldState& to) {
  std::swap(to.y, result_.y);
  std::swap(to.before, result_.before);
  std::swap(to.curvature, result_.curvature);
  std::swap(to.potential, result_.potential);
  std::swap(to.last_step, result_.last_step);
  std::swap(to.next_step, result_.next_step);
  std::swap(to.last_exchange, result_.last_exchange);
}

}  // namespace seccm::models
