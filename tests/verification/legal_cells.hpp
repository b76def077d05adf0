// Random legal cells: every law, host, wiring, liquid, start and program that a scenario may name, drawn over the
// ranges of laboratories and some way beyond. A seed and a number name a cell, whatever else is drawn.
//
// Whether a rate, a resistance or a diffusivity matters depends on the others: they are drawn by their effect. D makes
// R^2 F v/(RT D) lie between 1e-3 and 1e5, k0 lies within a factor of 1e4 of what diffusion takes away, resistances
// drop at most 0.3 V at the cell's own current.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <string>

#include "models/cell.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/material/open_circuit.hpp"
#include "models/network/network_wiring.hpp"
#include "models/reference/reference_system.hpp"
#include "sim/random.hpp"
#include "sim/units.hpp"

namespace seccm::verification {

struct LegalCell {
  models::CellSpec spec;
  std::function<models::ElectrolyteSpec(double)> liquid;  ///< empty: none that changes
  sim::Waveform program = sim::Waveform::at(3.0);
  std::string host, law, wiring, start, path;  ///< regions
};

class LegalCellDraw {
 public:
  LegalCellDraw(std::uint64_t seed, std::uint64_t number) : random_(seed, "legal cells", number) {}

  LegalCell cell() {
    spec().temperature = one_in(3) ? linear(200.0, 380.0) : 298.15;
    scan_rate_ = logarithmic(0.005, 2.0);
    draw_particles();
    draw_law();
    draw_transport();
    draw_surface();
    draw_wiring();
    draw_start();
    draw_program();
    draw_liquid();
    limit_resistances();
    spec().numerics.potential_step = Potential(linear(2e-3, 5e-3));
    spec().numerics.hold_step = Time(spec().numerics.potential_step.si() / scan_rate_);
    spec().numerics.fastest_scan_rate = ScanRate(scan_rate_);
    spec().numerics.tolerance = separates() || ignites() ? 1e-2 : logarithmic(1e-4, 1e-2);
    return std::move(c_);
  }

 private:
  models::CellSpec& spec() { return c_.spec; }
  models::MaterialParameters& material() { return c_.spec.material; }
  bool one_in(std::uint64_t n) { return random_.below(n) == 0; }
  double linear(double low, double high) { return low + (high - low) * random_.uniform(); }
  double logarithmic(double low, double high) { return low * std::pow(high / low, random_.uniform()); }
  bool separates() { return spec().model != models::ParticleModel::fick; }
  bool ignites() { return spec().wiring && spec().wiring->ignites(); }
  double f() { return constants::faraday / (constants::gas * spec().temperature); }

  void draw_particles() {
    using sim::Geometry;
    constexpr std::array shapes{Geometry::slab, Geometry::cylinder, Geometry::sphere};
    constexpr std::array<const char*, 3> names{"slab", "cylinder", "sphere"};
    const std::size_t shape = random_.below(3);
    spec().geometry = shapes.at(shape);
    spec().face_area = logarithmic(1e-15, 1e-11);
    c_.host = names.at(shape);
    if (one_in(12)) {
      spec().model =
          one_in(2) ? models::ParticleModel::cahn_hilliard : models::ParticleModel::cahn_hilliard_two_lattices;
      c_.host = "phase field";
    }
    const double radius = separates() ? linear(4e-9, 12e-9) : logarithmic(5e-9, 1e-6);
    const std::uint64_t count = separates() ? 1 : 1 + random_.below(3);
    for (std::uint64_t k = 0; k < count; ++k) {
      spec().particles.push_back({.radius = radius * linear(0.7, 1.3), .wetted_fraction = linear(0.05, 1.0)});
    }
  }

  void draw_law() {
    models::MaterialParameters& m = material();
    m.E0 = Potential(linear(1.5, 2.2));
    m.c_max = Concentration(logarithmic(1e3, 5e4));
    m.alpha = linear(0.1, 0.9);
    if (separates()) {
      c_.law = "regular solution";
      m.E0 = Potential(1.8);
      spec().phase_field.omega = linear(0.0, 3.4);
      spec().phase_field.omega_second = linear(0.0, 3.0);
      return;
    }
    m.law = static_cast<models::IsothermKind>(random_.below(3));
    m.g = one_in(3) ? linear(-3.98, -3.0) : linear(-3.0, 12.0);
    m.plateau_solubility = linear(0.01, 0.2);
    if (one_in(4)) {
      m.kinetics = models::KineticsKind::marcus_hush_chidsey;
      m.alpha = 0.5;
      m.reorganisation_energy = models::Energy(logarithmic(0.05, 2.0) * constants::elementary_charge);
    }
    c_.law = std::string(models::isotherm_names.at(static_cast<std::size_t>(m.law)));
    if (m.kinetics == models::KineticsKind::marcus_hush_chidsey) c_.law += ", Marcus";
  }

  void draw_transport() {
    models::MaterialParameters& m = material();
    const double R = spec().particles.front().radius;
    const double D = separates() ? logarithmic(1e-19, 1e-16) : R * R * f() * scan_rate_ / logarithmic(1e-3, 1e5);
    const double carries = std::sqrt(D * f() * scan_rate_);  // m/s
    m.D = Diffusivity(D);
    m.k0 = Velocity(std::min(carries, R * f() * scan_rate_) * logarithmic(1e-4, 1e4));
    m.second_E0 = Potential(m.E0.si() - linear(0.15, 0.4));
    m.second_D = Diffusivity(D * logarithmic(1e-2, 1.0));
    m.second_k0 = Velocity(m.k0.si() * logarithmic(1e-2, 1.0));
    if (separates()) return;
    m.diffusion = one_in(2) ? static_cast<models::DiffusionKind>(random_.below(5)) : models::DiffusionKind::single;
    if (m.diffusion == models::DiffusionKind::thermodynamic && m.law == models::IsothermKind::anatase_plateau) {
      m.diffusion = models::DiffusionKind::exponential;
    }
    // The D of all particles changes with their net flux: where it is zero those of several are not, and with the other
    // D it may have the other sign. What follows is no solution of the equations, and the engines do not agree on it.
    if (m.diffusion == models::DiffusionKind::per_direction) spec().particles.resize(1);
    m.D_exponent = linear(-5.0, 5.0);
    m.D_intercalation = m.D;
    m.D_deintercalation = Diffusivity(D * logarithmic(0.1, 10.0));
    if (m.diffusion == models::DiffusionKind::table) {
      for (const double y : {0.0, 0.3, 0.6, 1.0}) {
        m.D_table_y.emplace_back(y);
        m.D_table.emplace_back(D * logarithmic(0.1, 10.0));
      }
    }
    m.second_process = one_in(5);
    c_.host += ", D " + std::string(models::diffusion_names.at(static_cast<std::size_t>(m.diffusion)));
    if (m.second_process) c_.host += ", second process";
    if (one_in(5)) m.film_resistance = models::ArealResistance(logarithmic(1e-4, 10.0));
  }

  void draw_surface() {
    spec().double_layer.titania = ArealCapacitance(one_in(3) ? 0.0 : logarithmic(1e-2, 5.0));
    spec().double_layer.gold = ArealCapacitance(logarithmic(1e-2, 0.5));
    spec().gold_area = one_in(2) ? 0.0 : logarithmic(1e-15, 1e-11);
    spec().stray_capacitance = one_in(2) ? 0.0 : logarithmic(1e-16, 1e-12);
    spec().water.enabled = one_in(3);
    models::SurfaceRedoxParameters& redox = spec().surface_redox;
    redox.enabled = one_in(3);
    redox.g = one_in(2) ? linear(-3.9, 0.0) : linear(0.0, 30.0);
    redox.E0 = Potential(linear(1.4, 2.4));
    redox.alpha = linear(0.1, 0.9);
    redox.rate = Frequency(one_in(2) ? 0.0 : logarithmic(1e-3, 1e5));
    c_.law += redox.enabled ? ", surface redox" : "";
    spec().series_resistance = one_in(2) ? 0.0 : logarithmic(1e6, 1e15);
    const bool contacts = one_in(2);
    for (models::CellParticle& p : spec().particles) p.contact_resistance = contacts ? logarithmic(1e6, 1e15) : 0.0;
  }

  void draw_wiring() {
    c_.wiring = "star";
    const std::size_t count = spec().particles.size();
    if (count < 2 || one_in(2)) return;
    models::NetworkSpec network;
    const bool may_join =
        material().diffusion == models::DiffusionKind::single && material().film_resistance.si() == 0.0;
    const bool necks = may_join && one_in(2);
    for (std::size_t k = 0; k < count; ++k) {
      spec().particles[k].contact_resistance = 0.0;
      const int to = k == 0 ? models::on_gold : static_cast<int>(random_.below(k));
      const double spot = linear(0.1, 0.4) * spec().particles[k].radius;
      network.contacts.push_back({static_cast<int>(k), to, 1.0, spot});
      if (necks && to != models::on_gold) {
        const double exchange = 2.0 * spot * material().D.si() * logarithmic(1e-3, 10.0);
        network.necks.push_back({static_cast<int>(k), to, exchange});
      }
    }
    network.conductivity.pristine = one_in(2) ? 1e-6 : 1e-9;
    network.conductivity.lithiated = 1e-2;
    c_.wiring = necks ? "necks" : "network";
    models::CellSpec without = spec();
    without.series_resistance = 0.0;
    const double current = models::reference_units(without, scan_rate_).current;
    for (models::NetworkContact& contact : network.contacts) {
      contact.interface_resistance = std::max(models::least_resistance, logarithmic(1e-6, 0.3) / current);
    }
    spec().wiring = std::make_shared<const models::NetworkWiringModel>(std::move(network), material().c_max.si());
  }

  void draw_start() {
    E_ = material().E0.si() + linear(0.3, 0.6);
    const std::uint64_t kind = separates() ? random_.below(2) : random_.below(6);
    constexpr std::array<const char*, 6> names{"empty",       "in equilibrium", "in equilibrium",
                                               "half filled", "full",           "any filling"};
    c_.start = names.at(kind);
    for (models::CellParticle& p : spec().particles) {
      if (kind == 1 || kind == 2) {
        p.initial_filling = separates() ? 0.01 : models::filling_at(material(), E_, spec().temperature);
      } else {
        p.initial_filling = kind == 0 ? 0.0 : kind == 3 ? 0.5 : kind == 4 ? 1.0 : random_.uniform();
      }
    }
  }

  void draw_program() {
    const double low = E_ - linear(0.6, 1.2);
    const double rest = logarithmic(0.1, 30.0) / (f() * scan_rate_);
    const auto start = sim::Waveform::at(E_);
    switch (random_.below(6)) {
      case 0:
        c_.path = "rest and cycle";
        c_.program = start.hold(rest).cyclic(low, E_, scan_rate_, 1);
        return;
      case 1:
        c_.path = "jump and hold";
        c_.program = start.jump(low).hold(rest).jump(E_).hold(rest);
        return;
      case 2:
        c_.path = "sweep, jump, sweep";
        c_.program = start.ramp_to(low, scan_rate_).jump(low + 0.4).hold(rest).ramp_to(E_, scan_rate_);
        return;
      case 3:
        c_.path = "staircase";
        c_.program =
            start.staircase_to(low, scan_rate_, {.step_height = linear(0.02, 0.05), .window = linear(0.1, 1.0)});
        return;
      default:
        c_.path = "cycle";
        c_.program = start.cyclic(low, E_, scan_rate_, 1);
    }
  }

  void draw_liquid() {
    if (!one_in(10)) return;
    models::ElectrolyteParameters electrolyte;
    if (!one_in(4)) electrolyte.salt.transport = models::SaltTransport::cone;
    electrolyte.salt.properties = static_cast<models::SaltLaw>(random_.below(3));
    const bool moves = electrolyte.salt.transport == models::SaltTransport::none || one_in(3);
    if (moves) electrolyte.salt.spreading = one_in(2) ? models::Spreading::power : models::Spreading::exponential;
    electrolyte.salt.spreading_time = Time(logarithmic(0.3, 30.0) / (f() * scan_rate_));
    electrolyte.salt.cells = 40;
    spec().numerics.tolerance = 1e-2;
    spec().temperature = 298.15;
    c_.liquid = [electrolyte](double step) { return models::assemble_electrolyte(electrolyte, {}, {}, 298.15, step); };
    c_.path += " under a liquid";
  }

  /// What drops more than 0.3 V at the cell's own current shows nothing but itself.
  void limit_resistances() {
    const auto limited = [](double R, double current) { return std::min(R, 0.3 / current); };
    models::CellSpec without = spec();
    without.series_resistance = 0.0;
    spec().series_resistance = limited(spec().series_resistance, models::reference_units(without, scan_rate_).current);
    for (models::CellParticle& particle : spec().particles) {
      without.particles = {particle};
      without.wiring.reset();
      without.gold_area = 0.0;
      const double current = models::reference_units(without, scan_rate_).current;
      particle.contact_resistance = limited(particle.contact_resistance, current);
      const double r = particle.radius;
      const double area = spec().geometry == sim::Geometry::sphere ? 4.0 * constants::pi * r * r : spec().face_area;
      const double film = material().film_resistance.si() / area;
      material().film_resistance = models::ArealResistance(limited(film, current) * area);
    }
  }

  RandomStream random_;
  LegalCell c_;
  double scan_rate_ = 0.05;
  double E_ = 3.0;
};

}  // namespace seccm::verification
