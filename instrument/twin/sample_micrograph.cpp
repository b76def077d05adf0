#include "instrument/twin/sample_micrograph.hpp"

#include <vector>

#include "sim/random.hpp"

namespace seccm::instrument::twin {

models::Micrograph sample_micrograph(const World& world, std::uint64_t seed, double x, double y, double field,
                                     std::uint64_t id) {
  const auto& spec = world.spec();
  RandomStream stream(seed, "micrograph position", id);
  const double error = spec.alignment.micrograph_error.si();
  // Aimed with the map of t = 0: the microscope finds its place again by the sample's own marks, not by the stage.
  const double field_x = x + world.alignment().shift_x + error * stream.normal();
  const double field_y = y + world.alignment().shift_y + error * stream.normal();
  std::vector<models::SceneParticle> particles;
  for (const auto& ref : world.field().particles_within(field_x, field_y, field)) {
    const auto& p = world.field().particle(ref);
    particles.push_back({p.x, p.y, p.z, p.radius});
  }
  auto image =
      models::render_micrograph(spec.micrograph, particles, world.residues(), field_x, field_y, field, seed, id);
  image.centre_x = x;
  image.centre_y = y;
  return image;
}

}  // namespace seccm::instrument::twin
