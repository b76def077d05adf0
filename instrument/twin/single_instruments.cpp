#include "instrument/twin/single_instruments.hpp"

#include "instrument/twin/bench_timeline.hpp"
#include "instrument/twin/sample_micrograph.hpp"
#include "instrument/twin/twin_camera.hpp"
#include "instrument/twin/twin_light.hpp"
#include "instrument/twin/twin_sequencer.hpp"
#include "instrument/twin/twin_source_meter.hpp"
#include "instrument/twin/twin_stage.hpp"
#include "instrument/twin/virtual_clock.hpp"
#include "instrument/twin/world.hpp"
#include "models/micrograph/micrograph.hpp"
#include "models/optics/image_formation.hpp"

namespace seccm::instrument::twin {

struct SingleInstruments::Parts {
  Parts(const TwinSpec& spec, std::uint64_t seed_of_all)
      : seed(seed_of_all),
        optics(spec.optics, spec.camera, seed),
        world(spec, optics.pixel_size(), seed, power_on_position(spec.stage)),
        stage(world, seed, power_on_position(spec.stage)),
        time(world, stage),
        meter(world, time, seed),
        clock(time),
        light(time),
        camera(world, time, light, optics) {
    time.attach(meter);
  }

  std::uint64_t seed;
  models::ImageFormation optics;
  World world;
  TwinStage stage;
  BenchTimeline time;
  TwinSourceMeter meter;
  VirtualClock clock;
  TwinLight light;
  TwinCamera camera;
};

SingleInstruments::SingleInstruments(const TwinSpec& spec, std::uint64_t seed)
    : parts_(std::make_unique<Parts>(spec, seed)) {}
SingleInstruments::~SingleInstruments() = default;

bench::StageModel& SingleInstruments::stage() {
  return parts_->stage;
}
bench::SourceMeterModel& SingleInstruments::source_meter() {
  return parts_->meter;
}
Camera& SingleInstruments::camera() {
  return parts_->camera;
}
Light& SingleInstruments::light() {
  return parts_->light;
}
Clock& SingleInstruments::clock() {
  return parts_->clock;
}
const TwinTruth& SingleInstruments::truth() const {
  return parts_->world.truth();
}
std::vector<LandingRecord> SingleInstruments::take_landings() {
  return parts_->world.take_landings();
}
models::Micrograph SingleInstruments::micrograph(double x, double y, double field, std::uint64_t id) const {
  return sample_micrograph(parts_->world, parts_->seed, x, y, field, id);
}

}  // namespace seccm::instrument::twin
