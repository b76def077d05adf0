#include "instrument/twin/cell_runner.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace seccm::instrument::twin {

namespace {

constexpr double longest_ramp_step = 0.25;  // s
constexpr double same_potential = 1e-9;     // V
constexpr double smallest_turn = 1e-4;      // of x_max: a reversal of x counts

}  // namespace

CellRunner::CellRunner(std::unique_ptr<models::CellEngine> engine, const Steps& steps, const models::Qrce& reference,
                       double t, double E_vs_QRCE)
    : engine_(std::move(engine)),
      numerics_(steps.numerics),
      reference_(reference),
      leg_start_(t),
      leg_end_(t),
      leg_E_(E_vs_QRCE),
      E_now_(E_vs_QRCE),
      hold_step_(first_hold_step),
      begin_t_(t),
      end_t_(t),
      asked_t_(t),
      turns_(smallest_turn * steps.x_max) {
  x_start_ = steps.x_max * steps.filling;
  x_per_charge_ = steps.capacity > 0.0 ? -steps.x_max / (constants::faraday * steps.capacity) : 0.0;
  x_max_ = x_min_ = x_start_;
  turns_.add(x_start_);
}

void CellRunner::begin_leg(double t, double E_vs_QRCE, double slope, double duration) {
  shift_ += interpolated(t) - end_charge_;
  const bool jumped = std::abs(E_vs_QRCE - E_now_) > same_potential;
  if (jumped) engine_->jump(E_vs_QRCE + reference_.offset(t));
  if (jumped || slope_ != 0.0) hold_step_ = first_hold_step;
  corner_ = jumped || slope != slope_;
  if (corner_) engine_->corner();
  leg_start_ = begin_t_ = end_t_ = asked_t_ = t;
  // The stepper books what a jump moves at once in its charge; the frames get the stray part elsewhere, none is here.
  begin_charge_ = end_charge_ = engine_->charge().total;
  leg_E_ = E_now_ = E_vs_QRCE;
  leg_end_ = t + duration;
  slope_ = slope;
  if (slope != 0.0) {
    const double wanted = std::min(numerics_.potential_step.si() / std::abs(slope), longest_ramp_step);
    ramp_step_ = duration / std::max(1.0, std::ceil(duration / wanted - 1e-9));
  }
}

double CellRunner::step_length() const {
  if (slope_ != 0.0) return ramp_step_;
  const double left = leg_end_ - end_t_;
  return left > 0.0 && left < 1.5 * hold_step_ ? left : hold_step_;
}

void CellRunner::step() {
  const double dt = step_length();
  begin_t_ = end_t_;
  begin_charge_ = end_charge_;
  end_t_ = begin_t_ + dt;
  const double E = leg_E_ + slope_ * (end_t_ - leg_start_);
  engine_->advance(E + reference_.offset(end_t_), dt);
  end_charge_ = engine_->charge().total;
  const double before = end_current_;
  end_current_ = engine_->currents().total;
  begin_current_ = corner_ ? 2.0 * (end_charge_ - begin_charge_) / dt - end_current_ : before;
  corner_ = false;
  if (slope_ == 0.0) hold_step_ = std::min(2.0 * hold_step_, numerics_.hold_step.si());
  note_filling();
}

void CellRunner::note_filling() {
  const double x = x_start_ + x_per_charge_ * engine_->charge().intercalation;
  x_max_ = std::max(x_max_, x);
  x_min_ = std::min(x_min_, x);
  turns_.add(x);
}

double CellRunner::interpolated(double t) const {
  const double dt = end_t_ - begin_t_;
  if (dt <= 0.0 || t >= end_t_) return end_charge_;
  const double u = std::max(0.0, (t - begin_t_) / dt);
  const double rise = end_charge_ - begin_charge_;
  const double a = begin_current_ * dt - rise;
  const double b = rise - end_current_ * dt;
  return begin_charge_ + u * rise + u * (1.0 - u) * (a * (1.0 - u) + b * u);
}

double CellRunner::charge(double t) {
  if (to_the_point_) leg_end_ = t;
  while (end_t_ < t - 1e-12) step();
  asked_t_ = t;
  E_now_ = leg_E_ + slope_ * (t - leg_start_);
  return interpolated(t) + shift_;
}

double CellRunner::current() const {
  const double dt = end_t_ - begin_t_;
  if (dt <= 0.0) return end_current_;
  const double u = std::clamp((asked_t_ - begin_t_) / dt, 0.0, 1.0);
  return begin_current_ + u * (end_current_ - begin_current_);
}

}  // namespace seccm::instrument::twin
