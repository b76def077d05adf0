#include "pipeline/validation/truth_file.hpp"

#include <algorithm>

#include "files/binary.hpp"
#include "files/hdf5.hpp"
#include "files/table.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

constexpr std::string_view schema = "seccm-truth";
constexpr int schema_version = 3;

}  // namespace

void describe(files::FieldVisitor& visit, Truth& t) {
  visit("scenario_name", t.scenario_name);
  visit("truth_set", t.truth_set);
  visit("scenario_text", t.scenario_text);
  visit("seed", "1", t.seed);
  visit("D_intercalation", "m^2/s", t.D_intercalation);
  visit("D_deintercalation", "m^2/s", t.D_deintercalation);
  visit("D_meaning", t.D_meaning);
  visit("k0", "m/s", t.k0);
  visit("alpha", "1", t.alpha);
  visit("temperature", "K", t.temperature);
  visit("c_max", "mol/m^3", t.c_max);
  visit("x_max", "1", t.x_max);
  visit("E0_vs_Li", "V", t.E0_vs_Li);
  visit("sample_drift_x", "m/s", t.sample_drift_x);
  visit("sample_drift_y", "m/s", t.sample_drift_y);
}

void describe(files::FieldVisitor& visit, TrueLanding& l) {
  visit("t", "s", l.t);
  visit("stage_x", "m", l.stage_x);
  visit("stage_y", "m", l.stage_y);
  visit("footprint_diameter", "m", l.footprint_diameter);
  visit("cluster", "1", l.cluster);
  visit("wetted_particles", "1", l.wetted_particles);
  visit("wetted_volume", "m^3", l.wetted_volume);
  visit("wetted_area", "m^2", l.wetted_area);
  visit("cluster_volume", "m^3", l.cluster_volume);
  visit("cluster_projected_area", "m^2", l.cluster_projected_area);
  visit("gold_area", "m^2", l.gold_area);
  visit("series_resistance", "Ohm", l.series_resistance);
  visit("qrce_offset_vs_Li", "V", l.qrce_offset_vs_Li);
  visit("mean_radius", "m", l.mean_radius);
  visit("sauter_radius", "m", l.sauter_radius);
  visit("x_max", "1", l.x_max);
  visit("x_min", "1", l.x_min);
  visit("x_turns", "1", l.x_turns);
  visit("particle_radius", "m", l.particle_radius);
  visit("particle_wetted_fraction", "1", l.particle_wetted_fraction);
  visit("particle_contact_resistance", "Ohm", l.particle_contact_resistance);
}

namespace {

void require_consistent(const TrueLanding& l) {
  if (l.particle_wetted_fraction.size() != l.particle_radius.size() ||
      l.particle_contact_resistance.size() != l.particle_radius.size())
    throw InputError(
        "truth: the lists of the particles of one landing differ in length; one value per particle is expected");
}

}  // namespace

TruthWriter::TruthWriter(std::filesystem::path path) : path_(std::move(path)), scratch_(path_) {}

void TruthWriter::add(TrueLanding landing) {
  require_consistent(landing);
  files::add_row(landings_, landing);
}

void TruthWriter::write(const Truth& truth) {
  for (const TrueLanding& landing : truth.landings) add(landing);
  files::require_finite("pixel_to_stage", truth.pixel_to_stage);
  files::h5::OutputFile file(path_);
  const files::h5::Group root = file.root();
  files::h5::set_schema(root, schema, schema_version);
  const files::h5::Group group = root.create_group("truth");
  files::write_record(group, truth);
  auto map = group.create<double>("pixel_to_stage", {.shape = {6}, .chunk = {}, .growing = false, .deflate = 0});
  map.write(std::span<const double>(truth.pixel_to_stage));
  map.set("units", "m, m/pixel, m/pixel, m, m/pixel, m/pixel");
  const files::h5::Dataset coefficient = group.create_dimension("coefficient", 6);
  const files::h5::ScaleUse use[] = {{&map, 0, &coefficient}};
  files::h5::attach_scales(use);
  files::write_table<TrueLanding>(root, "landings", landings_);
  file.commit();
}

void write_truth(const std::filesystem::path& path, const Truth& truth) {
  TruthWriter(path).write(truth);
}

Truth read_truth(const std::filesystem::path& path) {
  const files::h5::InputFile file(path, schema, schema_version);
  const files::h5::Group root = file.root();
  const files::h5::Group group = root.group("truth");
  Truth truth;
  files::TableReader header(group, true);
  describe(header, truth);
  const auto map = group.dataset("pixel_to_stage");
  const std::uint64_t six[] = {6};
  map.require_shape(six);
  const auto values = map.read<double>();
  files::require_finite(map.where(), values);
  std::copy(values.begin(), values.end(), truth.pixel_to_stage.begin());
  const files::h5::Group landing_group = root.group("landings");
  files::TableReader landings(landing_group);
  for (std::uint64_t row = 0; row < landings.rows(); ++row) {
    landings.begin_row(row);
    describe(landings, truth.landings.emplace_back());
    require_consistent(truth.landings.back());
  }
  return truth;
}

}  // namespace seccm::validation
