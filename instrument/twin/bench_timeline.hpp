// The time line of instruments without a controller: lets the world run under the commands of the stage's axes and the
// level of the source meter, in pieces that end where one of them has something to do.
#pragma once

#include "instrument/twin/time_base.hpp"
#include "instrument/twin/world.hpp"

namespace seccm::instrument::twin {

class TwinSourceMeter;
class TwinStage;

class BenchTimeline final : public Timeline {
 public:
  /// `world` and `stage` must outlive it.
  BenchTimeline(World& world, const TwinStage& stage) : world_(world), stage_(stage) {}
  /// `meter` must outlive every later call.
  void attach(TwinSourceMeter& meter) { meter_ = &meter; }

  [[nodiscard]] double now() const override { return seconds(world_.tick()); }
  void advance_to(double time) override;

 private:
  World& world_;
  const TwinStage& stage_;
  TwinSourceMeter* meter_ = nullptr;
};

}  // namespace seccm::instrument::twin
