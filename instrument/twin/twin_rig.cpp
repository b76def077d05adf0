#include "instrument/twin/twin_rig.hpp"

#include <vector>

#include "instrument/twin/twin_camera.hpp"
#include "instrument/twin/twin_light.hpp"
#include "instrument/twin/twin_sequencer.hpp"
#include "instrument/twin/virtual_clock.hpp"
#include "instrument/twin/world.hpp"
#include "models/micrograph/micrograph.hpp"
#include "models/optics/image_formation.hpp"
#include "sim/random.hpp"

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

const models::SampleField& TwinRig::sample() const {
  return parts_->world.field();
}

models::Micrograph TwinRig::micrograph(double x, double y, double field, std::uint64_t id) const {
  const World& world = parts_->world;
  const auto& spec = world.spec();
  RandomStream stream(parts_->seed, "micrograph position", id);
  const double error = spec.alignment.micrograph_error.si();
  // Aimed with the map of t = 0: the microscope finds its place again by the sample's own marks, not by the stage.
  const double field_x = x + world.alignment().shift_x + error * stream.normal();
  const double field_y = y + world.alignment().shift_y + error * stream.normal();
  std::vector<models::SceneParticle> particles;
  for (const auto& ref : world.field().particles_within(field_x, field_y, field)) {
    const auto& p = world.field().particle(ref);
    particles.push_back({p.x, p.y, p.z, p.radius});
  }
  auto image = models::render_micrograph(spec.micrograph, particles, world.residues(), field_x, field_y, field,
                                         parts_->seed, id);
  image.centre_x = x;
  image.centre_y = y;
  return image;
}

}  // namespace seccm::instrument::twin
