#include "instrument/twin/bench_timeline.hpp"

#include <algorithm>

#include "instrument/twin/twin_source_meter.hpp"
#include "instrument/twin/twin_stage.hpp"

namespace seccm::instrument::twin {

namespace {

// The tip is looked at as often: over which ground it is while it moves, and where it drifts to while it rests.
constexpr Tick moving_piece = 40'000;       // 1 ms
constexpr Tick resting_piece = 40'000'000;  // 1 s

}  // namespace

void BenchTimeline::advance_to(double time) {
  const Tick until = ticks_up(time);
  while (world_.tick() < until) {
    const Tick now = world_.tick();
    Tick next = std::min(until, now + (stage_.any_moving() ? moving_piece : resting_piece));
    next = std::min(next, stage_.next_arrival(next));
    next = std::min(next, meter_->next_event(next));
    Drive drive = stage_.drive();
    drive.E = meter_->applied();
    Integrals sum;
    world_.advance(drive, next - now, sum);
    meter_->collect(sum);
    meter_->settle();
  }
}

}  // namespace seccm::instrument::twin
