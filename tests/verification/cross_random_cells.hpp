// Random cells from the declared ranges of the parameter table.
//
// A number is drawn over its whole range: on a logarithmic scale where the range spans more than two decades, evenly
// otherwise; where it begins at 0, a third of the draws is 0 and the rest spans the upper twelve decades. A choice and
// a switch take each of their values alike. What the table can not say is put right behind the draw: laws that exclude
// each other, a sweep that passes the wave, a start in equilibrium (a step at the start is another test).
#pragma once

#include <cmath>
#include <string>

#include "models/cell.hpp"
#include "models/material/open_circuit.hpp"
#include "models/reference/reference_system.hpp"
#include "sim/random.hpp"
#include "sim/units.hpp"

namespace seccm::verification {

class DrawingVisitor final : public ParameterVisitor {
 public:
  explicit DrawingVisitor(RandomStream& random) : random_(random) {}

  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension, double& si) override {
    if (!std::isfinite(info.low) || !std::isfinite(info.high)) return;
    si = draw(info.low, info.high) * parse_unit(info.unit).si;
  }
  void quantities(const ParameterInfo&, Dimension, std::vector<double>&) override {}
  void integer(const ParameterInfo&, long long&) override {}
  void boolean(const ParameterInfo&, bool& value) override { value = random_.uniform() < 0.5; }
  void text(const ParameterInfo&, std::string&) override {}
  void choice(const ParameterInfo&, std::span<const std::string_view> names, int& index) override {
    index = static_cast<int>(random_.below(names.size()));
  }

  double draw(double low, double high) {
    const double share = random_.uniform();
    if (low > 0.0 && high / low > 100.0) return low * std::pow(high / low, share);
    if (low == 0.0 && high > 1.0 + 1e-12) return random_.uniform() < 1.0 / 3.0 ? 0.0 : high * std::pow(1e-12, share);
    return low + (high - low) * share;
  }

 private:
  RandomStream& random_;
};

struct RandomCase {
  models::CellSpec spec;
  double E_start = 0.0;
  double E_vertex = 0.0;
  double scan_rate = 0.0;
  [[nodiscard]] sim::Waveform program() const {
    return sim::Waveform::at(E_start).ramp_to(E_vertex, scan_rate).ramp_to(E_start, scan_rate);
  }
};

/// A resistance over which the cell's own current drops more than 1 V shows nothing but itself: it is kept below that.
inline void limit_resistances(RandomCase& c) {
  models::CellSpec& spec = c.spec;
  const auto limited = [](double R, double current) { return R * current > 1.0 ? 1.0 / current : R; };
  models::CellSpec without = spec;
  without.series_resistance = 0.0;
  spec.series_resistance = limited(spec.series_resistance, models::reference_units(without, c.scan_rate).current);
  for (models::CellParticle& particle : spec.particles) {
    without.particles = {particle};
    without.gold_area = 0.0;
    particle.contact_resistance =
        limited(particle.contact_resistance, models::reference_units(without, c.scan_rate).current);
  }
  const double area = spec.geometry == sim::Geometry::sphere
                          ? 4.0 * constants::pi * spec.particles[0].radius * spec.particles[0].radius
                          : spec.face_area;
  const double film = spec.material.film_resistance.si() / area;
  const double current = models::reference_units(without, c.scan_rate).current;
  if (film > 0.0) spec.material.film_resistance = models::ArealResistance(limited(film, current) * area);
}

/// Case `number` of a seed.
inline RandomCase random_case(std::uint64_t seed, std::uint64_t number) {
  using namespace models;
  RandomStream random(seed, "cross engines", number);
  DrawingVisitor draw(random);
  RandomCase c;
  CellSpec& spec = c.spec;
  MaterialParameters::visit(draw, spec.material);
  DoubleLayerParameters::visit(draw, spec.double_layer);
  SurfaceRedoxParameters::visit(draw, spec.surface_redox);
  WaterReductionParameters::visit(draw, spec.water);
  CellScenarioParameters cell;
  CellScenarioParameters::visit(draw, cell);
  spec.geometry = cell.geometry;
  spec.face_area = cell.area.si();
  spec.gold_area = cell.gold_area.si();
  spec.series_resistance = cell.series_resistance.si();
  spec.temperature = cell.temperature.si();
  const std::uint64_t particles = 1 + random.below(3);
  for (std::uint64_t k = 0; k < particles; ++k) {
    spec.particles.push_back({.radius = cell.radius.si() * (0.7 + 0.6 * random.uniform()),
                              .wetted_fraction = random.uniform(),
                              .contact_resistance = cell.contact_resistance.si() * random.uniform()});
  }
  MaterialParameters& material = spec.material;
  if (material.kinetics == KineticsKind::marcus_hush_chidsey) material.alpha = 0.5;
  if (material.diffusion == DiffusionKind::thermodynamic && material.law == IsothermKind::anatase_plateau) {
    material.diffusion = DiffusionKind::single;
  }
  if (material.diffusion == DiffusionKind::table) {
    for (const double y : {0.0, 0.5, 1.0}) {
      material.D_table_y.emplace_back(y);
      material.D_table.emplace_back(material.D.si() * draw.draw(0.1, 10.0));
    }
  }
  material.D_deintercalation = Diffusivity(material.D_intercalation.si() * draw.draw(0.01, 100.0 + 1e-9));
  if (material.diffusion == DiffusionKind::per_direction) {
    material.second_process = false;
    spec.particles.resize(1);
  }
  c.scan_rate = draw.draw(0.02, 0.5);  // V/s, of the reference measurement
  c.E_start = material.E0.si() + 0.3 + 0.2 * random.uniform();
  c.E_vertex = c.E_start - 0.8;
  if (material.second_E0.si() > c.E_start - 0.3) material.second_E0 = Potential(c.E_start - 0.3);
  for (CellParticle& particle : spec.particles) {
    particle.initial_filling = filling_at(material, c.E_start, spec.temperature);
  }
  limit_resistances(c);
  if (material.law == IsothermKind::anatase_plateau) {
    const double flux = reference_units(spec, c.scan_rate).flux.front();
    material.k0 = Velocity(std::min(material.k0.si(), flux));
  }
  spec.numerics.cells = 16;
  spec.numerics.potential_step = 2.0 * unit::mV;
  spec.numerics.fastest_scan_rate = ScanRate(c.scan_rate);
  return c;
}

}  // namespace seccm::verification
