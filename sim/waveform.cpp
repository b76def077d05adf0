#include "sim/waveform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/error.hpp"

namespace seccm::sim {
namespace {

void require_potential(double E, const char* what) {
  if (!std::isfinite(E))
    throw InputError(fmt::format("potential program: {} is {} V; a finite value is needed", what, E));
}
void require_rate(double rate) {
  if (!(std::isfinite(rate) && rate > 0.0)) {
    throw InputError(fmt::format("potential program: scan rate {} V/s; a value above 0 is needed", rate));
  }
}
void require_cycles(int cycles) {
  if (cycles < 1) throw InputError(fmt::format("potential program: {} cycles; at least 1 is needed", cycles));
}
void require_hold_step(double hold_step) {
  if (!(std::isfinite(hold_step) && hold_step > 0.0)) {
    throw InputError(fmt::format("step plan: hold step {} s; a value above 0 is needed", hold_step));
  }
}
double longest_hold_step(const Segment& hold, double hold_step) {
  return hold.longest_step > 0.0 ? hold.longest_step : hold_step;
}

}  // namespace

Waveform Waveform::at(double E) {
  require_potential(E, "the start");
  return Waveform(E);
}

double Waveform::end_potential() const {
  return segments_.empty() ? start_ : segments_.back().E_end;
}

double Waveform::duration() const {
  return segments_.empty() ? 0.0 : segments_.back().start_time + segments_.back().duration;
}

void Waveform::append(Segment segment) {
  segment.start_time = duration();
  segments_.push_back(segment);
}

Waveform Waveform::hold(double duration) const {
  if (!(std::isfinite(duration) && duration >= 0.0)) {
    throw InputError(fmt::format("potential program: a hold of {} s; 0 or more is needed", duration));
  }
  Waveform next = *this;
  const double E = end_potential();
  if (duration > 0.0) next.append({.kind = Segment::Kind::hold, .duration = duration, .E_start = E, .E_end = E});
  return next;
}

Waveform Waveform::jump(double E) const {
  require_potential(E, "a jump");
  Waveform next = *this;
  next.append({.kind = Segment::Kind::jump, .E_start = end_potential(), .E_end = E});
  return next;
}

Waveform Waveform::ramp_to(double E, double scan_rate) const {
  require_potential(E, "the end of a ramp");
  require_rate(scan_rate);
  const double from = end_potential();
  if (from == E) throw InputError(fmt::format("potential program: a ramp from {} V to itself", E));
  Waveform next = *this;
  next.append({.kind = Segment::Kind::ramp,
               .duration = std::abs(E - from) / scan_rate,
               .E_start = from,
               .E_end = E,
               .scan_rate = scan_rate});
  return next;
}

Waveform Waveform::cyclic(double vertex1, double vertex2, double scan_rate, int cycles) const {
  require_cycles(cycles);
  const double start = end_potential();
  Waveform next = *this;
  for (int i = 0; i < cycles; ++i) {
    const std::size_t first = next.segments_.size();
    next = next.ramp_to(vertex1, scan_rate).ramp_to(vertex2, scan_rate);
    if (vertex2 != start) next = next.ramp_to(start, scan_rate);
    ++next.cycles_;
    for (std::size_t k = first; k < next.segments_.size(); ++k) next.segments_[k].cycle = next.cycles_;
  }
  return next;
}

Waveform Waveform::cyclic(double vertex1, double vertex2, std::span<const double> scan_rates, int cycles,
                          double rest) const {
  if (scan_rates.empty()) throw InputError("potential program: no scan rate; at least one is needed");
  Waveform next = *this;
  for (const double rate : scan_rates) next = next.hold(rest).cyclic(vertex1, vertex2, rate, cycles);
  return next;
}

void Waveform::append_staircase(double E, double scan_rate, Staircase staircase, int cycle) {
  require_potential(E, "the end of a staircase");
  require_rate(scan_rate);
  if (!(std::isfinite(staircase.step_height) && staircase.step_height > 0.0)) {
    throw InputError(fmt::format("staircase: step height {} V; a value above 0 is needed", staircase.step_height));
  }
  if (!(staircase.window > 0.0 && staircase.window <= 1.0)) {
    throw InputError(fmt::format("staircase: sampling window {}; above 0 and up to 1 is accepted", staircase.window));
  }
  const double from = end_potential();
  if (from == E) throw InputError(fmt::format("potential program: a staircase from {} V to itself", E));
  const int treads = std::max(1, static_cast<int>(std::lround(std::abs(E - from) / staircase.step_height)));
  const double tread = std::abs(E - from) / treads / scan_rate;
  for (int k = 1; k <= treads; ++k) {
    const double level = from + (E - from) * k / treads;
    append({.kind = Segment::Kind::jump,
            .E_start = end_potential(),
            .E_end = level,
            .cycle = cycle,
            .scan_rate = scan_rate});
    append({.kind = Segment::Kind::hold,
            .duration = tread,
            .E_start = level,
            .E_end = level,
            .cycle = cycle,
            .scan_rate = scan_rate,
            .tread = true,
            .sample_from = 1.0 - staircase.window});
  }
}

Waveform Waveform::staircase_to(double E, double scan_rate, Staircase staircase) const {
  Waveform next = *this;
  next.append_staircase(E, scan_rate, staircase, 0);
  return next;
}

Waveform Waveform::cyclic_staircase(double vertex1, double vertex2, double scan_rate, int cycles,
                                    Staircase staircase) const {
  require_cycles(cycles);
  const double start = end_potential();
  Waveform next = *this;
  for (int i = 0; i < cycles; ++i) {
    ++next.cycles_;
    next.append_staircase(vertex1, scan_rate, staircase, next.cycles_);
    next.append_staircase(vertex2, scan_rate, staircase, next.cycles_);
    if (vertex2 != start) next.append_staircase(start, scan_rate, staircase, next.cycles_);
  }
  return next;
}

Waveform Waveform::thinned(double hold_step) const {
  require_hold_step(hold_step);
  Waveform next(start_);
  next.cycles_ = cycles_;
  for (const Segment& segment : segments_) {
    if (segment.kind == Segment::Kind::hold && !segment.tread) {
      next.append_thinned(segment, hold_step);
    } else {
      next.append(segment);
    }
  }
  return next;
}

void Waveform::append_thinned(const Segment& hold, double hold_step) {
  constexpr double sliver = 1e-9;  // of the hold: no stretch of round-off at its end
  Segment stretch = hold;
  double step = hold_step;
  for (double from = 0.0, to = dense_steps * hold_step; from < hold.duration; from = to, to *= 2.0, step *= 2.0) {
    if (to > (1.0 - sliver) * hold.duration) to = hold.duration;
    stretch.duration = to - from;
    stretch.longest_step = step;
    append(stretch);
    stretch.continues = true;
  }
}

double Waveform::potential(double time) const {
  if (segments_.empty() || time < 0.0) return start_;
  auto after = std::upper_bound(segments_.begin(), segments_.end(), time,
                                [](double t, const Segment& s) { return t < s.start_time; });
  const Segment& segment = *std::prev(after);
  const double share = segment.duration > 0.0 ? std::min(1.0, (time - segment.start_time) / segment.duration) : 1.0;
  return segment.E_start + share * (segment.E_end - segment.E_start);
}

std::vector<double> Waveform::corners() const {
  std::vector<double> times{0.0};
  for (const Segment& segment : segments_) {
    if (segment.continues) times.pop_back();
    times.push_back(segment.start_time + segment.duration);
  }
  times.erase(std::unique(times.begin(), times.end()), times.end());
  return times;
}

double Waveform::fastest_scan_rate() const {
  double fastest = 0.0;
  for (const Segment& segment : segments_) fastest = std::max(fastest, segment.scan_rate);
  return fastest;
}

std::vector<SegmentSteps> plan_steps(const Waveform& waveform, double potential_step, double hold_step,
                                     int tread_steps) {
  if (!(std::isfinite(potential_step) && potential_step > 0.0)) {
    throw InputError(fmt::format("step plan: potential step {} V; a value above 0 is needed", potential_step));
  }
  require_hold_step(hold_step);
  constexpr double round_off = 1e-9;  // 2.0 V in steps of 1 mV are 2000 steps, not 2001
  constexpr double most_steps = 1e9;
  std::vector<SegmentSteps> plan;
  for (const Segment& segment : waveform.segments()) {
    if (segment.kind == Segment::Kind::jump) {
      plan.push_back({});
      continue;
    }
    double steps = segment.kind == Segment::Kind::ramp ? std::abs(segment.E_end - segment.E_start) / potential_step
                                                       : segment.duration / longest_hold_step(segment, hold_step);
    if (segment.tread) steps = std::max(steps, static_cast<double>(tread_steps));
    if (steps > most_steps) {
      throw InputError(
          fmt::format("step plan: a segment of {:.4g} steps; at most {:.0e} are accepted", steps, most_steps));
    }
    const int count = std::max(1, static_cast<int>(std::ceil(steps - round_off)));
    const int window_start = segment.tread ? static_cast<int>(segment.sample_from * count) : 0;
    plan.push_back({.count = count, .dt = segment.duration / count, .window_start = window_start});
  }
  return plan;
}

std::vector<SegmentSteps> subdivided(std::vector<SegmentSteps> plan, int pieces) {
  for (SegmentSteps& steps : plan) {
    steps.count *= pieces;
    steps.window_start *= pieces;
    steps.dt /= pieces;
  }
  return plan;
}

PlannedRows count_rows(const Waveform& waveform, std::span<const SegmentSteps> plan) {
  PlannedRows rows;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const Segment& segment = waveform.segments()[k];
    const auto count = static_cast<std::uint64_t>(plan[k].count);
    if (segment.tread) {
      ++rows.treads;
    } else {
      (segment.kind == Segment::Kind::ramp ? rows.sweeps : rows.holds) += count;
    }
  }
  return rows;
}

}  // namespace seccm::sim
