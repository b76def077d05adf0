#include "models/reference/parameter_path.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>

#include "models/electrolyte/salt_properties.hpp"
#include "sim/error.hpp"

namespace seccm::models {
namespace {

/// Visits every number and hands (path, value) on.
class NumberVisitor final : public ParameterVisitor {
 public:
  using Use = std::function<void(const std::string&, double&)>;
  NumberVisitor(std::string section, Use use) : section_(std::move(section)), use_(std::move(use)) {}

  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension, double& si) override {
    use_(fmt::format("{}.{}", section_, info.key), si);
  }
  void quantities(const ParameterInfo&, Dimension, std::vector<double>&) override {}
  void integer(const ParameterInfo&, long long&) override {}
  void boolean(const ParameterInfo&, bool&) override {}
  void text(const ParameterInfo&, std::string&) override {}
  void choice(const ParameterInfo&, std::span<const std::string_view>, int&) override {}

 private:
  std::string section_;
  Use use_;
};

/// One property of all particles, scaled in proportion (or set, where the first is 0).
void visit_particles(CellSpec& spec, const std::string& path, double CellParticle::*member,
                     const NumberVisitor::Use& use) {
  if (spec.particles.empty()) return;
  const double before = spec.particles.front().*member;
  double value = before;
  use(path, value);
  if (value == before) return;
  for (CellParticle& particle : spec.particles) {
    particle.*member = before != 0.0 ? particle.*member * (value / before) : particle.*member + value;
  }
}

/// A number that is derived from the fields.
template <class Set>
void visit_derived(const char* path, double before, const NumberVisitor::Use& use, const Set& set) {
  double value = before;
  use(path, value);
  if (value != before) set(value);
}

void visit_liquid(ElectrolyteSpec& liquid, const NumberVisitor::Use& use) {
  NumberVisitor visitor("electrolyte", use);
  ElectrolyteParameters::visit(visitor, liquid.electrolyte);
  SaltGeometry& g = liquid.geometry;
  visit_derived("pipette.diameter", 2.0 * g.radius, use, [&g](double value) {
    const double ratio = 0.5 * value / g.radius;
    for (double* length : {&g.radius, &g.droplet_height, &g.footprint_radius}) *length *= ratio;
  });
  use("pipette.half_cone_angle", g.half_angle);
  use("pipette.cone_length", g.length);
  visit_derived("meniscus.height_fraction", g.droplet_height / g.radius, use,
                [&g](double value) { g.droplet_height = value * g.radius; });
  visit_derived("meniscus.footprint_ratio", g.footprint_radius / g.radius, use,
                [&g](double value) { g.footprint_radius = value * g.radius; });
}

void visit_cell(CellSpec& spec, const NumberVisitor::Use& use) {
  const auto section = [&use](const char* name, auto& part) {
    NumberVisitor visitor(name, use);
    std::decay_t<decltype(part)>::visit(visitor, part);
  };
  section("material", spec.material);
  if (spec.model != ParticleModel::fick) section("phase_field", spec.phase_field);
  section("double_layer", spec.double_layer);
  section("surface_redox", spec.surface_redox);
  section("water_reduction", spec.water);
  visit_particles(spec, "cell.radius", &CellParticle::radius, use);
  visit_particles(spec, "cell.wetted_fraction", &CellParticle::wetted_fraction, use);
  visit_particles(spec, "cell.contact_resistance", &CellParticle::contact_resistance, use);
  visit_particles(spec, "cell.initial_filling", &CellParticle::initial_filling, use);
  use("cell.area", spec.face_area);
  use("cell.gold_area", spec.gold_area);
  use("cell.series_resistance", spec.series_resistance);
  use("cell.stray_capacitance", spec.stray_capacitance);
  use("cell.temperature", spec.temperature);
}

/// What a cluster in voxels takes from its cell, and the D of its grains.
void visit_resolved(CellSpec& spec, ResolvedCluster& voxels, const NumberVisitor::Use& use) {
  constexpr std::array<std::string_view, 6> of_material{"material.E0",    "material.g",  "material.plateau_solubility",
                                                        "material.c_max", "material.k0", "material.alpha"};
  NumberVisitor material("material", [&](const std::string& name, double& value) {
    if (std::find(of_material.begin(), of_material.end(), name) != of_material.end()) use(name, value);
  });
  MaterialParameters::visit(material, spec.material);
  double& first = voxels.grain_D.front().front();
  visit_derived("voxels.grain_D", first, use, [&, before = first](double value) {
    for (auto& grain : voxels.grain_D) {
      for (double& D : grain) D *= value / before;
    }
  });
  double titania = spec.double_layer.titania.si();
  use("double_layer.titania", titania);
  spec.double_layer.titania = ArealCapacitance(titania);
  use("cell.initial_filling", voxels.initial_filling);
  use("cell.series_resistance", spec.series_resistance);
  use("cell.stray_capacitance", spec.stray_capacitance);
  use("cell.temperature", spec.temperature);
}

void visit_numbers(ReferenceSpec& spec, const NumberVisitor::Use& use) {
  if (spec.voxels) return visit_resolved(spec.cell, *spec.voxels, use);
  visit_cell(spec.cell, use);
  if (!spec.liquid) return;
  spec.liquid->temperature = spec.cell.temperature;
  visit_liquid(*spec.liquid, use);
}

[[noreturn]] void unknown(const ReferenceSpec& spec, std::string_view path) {
  throw InputError(
      fmt::format("\"{}\" is no number of a cell; accepted are {}", path, fmt::join(parameter_paths(spec), ", ")));
}

}  // namespace

double parameter_value(const ReferenceSpec& spec, std::string_view path) {
  ReferenceSpec copy = spec;
  std::optional<double> found;
  visit_numbers(copy, [&](const std::string& name, double& si) {
    if (name == path) found = si;
  });
  if (!found) unknown(spec, path);
  return *found;
}

double parameter_value(const CellSpec& spec, std::string_view path) {
  return parameter_value(ReferenceSpec{spec, std::nullopt}, path);
}

ReferenceSpec with_parameter(const ReferenceSpec& spec, std::string_view path, double si) {
  ReferenceSpec changed = spec;
  bool found = false;
  visit_numbers(changed, [&](const std::string& name, double& value) {
    if (name != path) return;
    value = si;
    found = true;
  });
  if (!found) unknown(spec, path);
  return changed;
}

CellSpec with_parameter(const CellSpec& spec, std::string_view path, double si) {
  return with_parameter(ReferenceSpec{spec, std::nullopt}, path, si).cell;
}

double parameter_scale(const ReferenceSpec& spec, std::string_view path) {
  const double value = parameter_value(spec, path);
  if (value != 0.0) return std::abs(value);
  if (path != "electrolyte.evaporation" || !spec.liquid) return 1.0;
  const SaltProperties salt(spec.liquid->electrolyte, spec.liquid->temperature);
  return salt.diffusivity(salt.reference()) / SaltColumn(spec.liquid->geometry).resistance();
}

std::vector<std::string> parameter_paths(const ReferenceSpec& spec) {
  ReferenceSpec copy = spec;
  std::vector<std::string> all;
  visit_numbers(copy, [&](const std::string& name, double&) { all.push_back(name); });
  return all;
}

}  // namespace seccm::models
