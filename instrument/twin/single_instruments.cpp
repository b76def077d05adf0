#include "instrument/twin/single_instruments.hpp"

#include "instrument/twin/twin_camera.hpp"
#include "instrument/twin/twin_light.hpp"
#include "instrument/twin/twin_sequencer.hpp"
#include "instrument/twin/twin_stage.hpp"
#include "instrument/twin/virtual_clock.hpp"
#include "instrument/twin/world.hpp"
#include "models/optics/image_formation.hpp"

namespace seccm::instrument::twin {

struct SingleInstruments::Parts {
  Parts(const TwinSpec& spec, std::uint64_t seed)
      : optics(spec.optics, spec.camera, seed),
        world(spec, optics.pixel_size(), seed, power_on_position(spec.stage)),
        stage(world, seed, power_on_position(spec.stage)),
        clock(stage),
        light(stage),
        camera(world, stage, light, optics) {}

  models::ImageFormation optics;
  World world;
  TwinStage stage;
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

}  // namespace seccm::instrument::twin
