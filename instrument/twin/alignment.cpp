#include "instrument/twin/alignment.hpp"

#include "sim/random.hpp"

namespace seccm::instrument::twin {

namespace {

double within(RandomStream& stream, double spread) {
  return spread * (2.0 * stream.uniform() - 1.0);
}

}  // namespace

Point3 Alignment::to_field(const Point3& stage, double t) const {
  return {stage.x + shift_x - drift.x * t, stage.y + shift_y - drift.y * t, stage.z - surface_z - drift.z * t};
}

Affine Alignment::stage_to_field() const {
  return {shift_x, 1.0, 0.0, shift_y, 0.0, 1.0};
}

Affine Alignment::pixel_to_stage() const {
  const auto origin = pose.to_stage(0.0, 0.0), right = pose.to_stage(1.0, 0.0), down = pose.to_stage(0.0, 1.0);
  return {origin[0] - shift_x, right[0] - origin[0], down[0] - origin[0],
          origin[1] - shift_y, right[1] - origin[1], down[1] - origin[1]};
}

Alignment draw_alignment(const TwinSpec& spec, double pixel_size, std::uint64_t seed) {
  RandomStream stream(seed, "alignment");
  Alignment a;
  const auto& sample = spec.sample;
  const auto& stage = spec.stage;
  a.pose.rotation = within(stream, spec.alignment.rotation_spread);
  a.pose.pixel_size = pixel_size * (1.0 + within(stream, spec.alignment.scale_spread));
  a.pose.mirror = spec.alignment.mirrored;
  a.pose.stage_x = 0.5 * sample.field_width.si() + within(stream, spec.alignment.offset_spread.si());
  a.pose.stage_y = 0.5 * sample.field_height.si() + within(stream, spec.alignment.offset_spread.si());
  a.pose.column = 0.5 * (spec.camera.width - 1);
  a.pose.row = 0.5 * (spec.camera.height - 1);
  a.shift_x = 0.5 * (sample.field_width.si() - stage.range_xy.si());
  a.shift_y = 0.5 * (sample.field_height.si() - stage.range_xy.si());
  a.surface_z = stage.surface_z.si() + within(stream, stage.surface_z_spread.si());
  const double drift = stage.drift.si();
  a.drift = {drift * stream.normal(), drift * stream.normal(), drift * stream.normal()};
  return a;
}

}  // namespace seccm::instrument::twin
