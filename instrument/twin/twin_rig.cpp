#include "instrument/twin/twin_rig.hpp"

#include "instrument/twin/sample_micrograph.hpp"
#include "instrument/twin/twin_camera.hpp"
#include "instrument/twin/twin_light.hpp"
#include "instrument/twin/twin_sequencer.hpp"
#include "instrument/twin/virtual_clock.hpp"
#include "instrument/twin/world.hpp"
#include "models/micrograph/micrograph.hpp"
#include "models/optics/image_formation.hpp"

namespace seccm::instrument::twin {

struct TwinRig::Parts {
  Parts(const TwinSpec& spec, std::uint64_t seed_of_all)
      : seed(seed_of_all),
        optics(spec.optics, spec.camera, seed),
        world(spec, optics.pixel_size(), seed, power_on_position(spec.stage)),
        sequencer(world, seed),
        clock(sequencer),
        light(sequencer),
        camera(world, sequencer, light, optics) {}

  std::uint64_t seed;
  models::ImageFormation optics;
  World world;
  TwinSequencer sequencer;
  VirtualClock clock;
  TwinLight light;
  TwinCamera camera;
};

TwinRig::TwinRig(const TwinSpec& spec, std::uint64_t seed) : parts_(std::make_unique<Parts>(spec, seed)) {}
TwinRig::~TwinRig() = default;

Rig TwinRig::rig() {
  return {parts_->clock, parts_->sequencer, parts_->camera, parts_->light};
}

const TwinTruth& TwinRig::truth() const {
  return parts_->world.truth();
}

std::vector<LandingRecord> TwinRig::take_landings() {
  return parts_->world.take_landings();
}

const models::SampleField& TwinRig::sample() const {
  return parts_->world.field();
}

models::Micrograph TwinRig::micrograph(double x, double y, double field, std::uint64_t id) const {
  return sample_micrograph(parts_->world, parts_->seed, x, y, field, id);
}

}  // namespace seccm::instrument::twin
