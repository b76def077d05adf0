#include "models/cell/cell_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/material/open_circuit.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

/// Coverage in equilibrium with E: the Frumkin isotherm of the surface redox.
double equilibrium_coverage(const SurfaceRedoxParameters& redox, double E, double temperature) {
  MaterialParameters surface;
  surface.law = IsothermKind::frumkin;
  surface.E0 = redox.E0;
  surface.g = redox.g;
  return filling_at(surface, E, temperature);
}

}  // namespace

Cell::Cell(CellSpec spec) : spec_(std::move(spec)), layout_(std::make_shared<const CellLayout>(spec_)) {}

CellState Cell::rest(double E_vs_Li, double water_left) const {
  if (!std::isfinite(E_vs_Li))
    throw InputError(fmt::format("cell: rest at {} V; a finite potential is needed", E_vs_Li));
  const CellLayout& layout = *layout_;
  CellState state;
  state.E_vs_Li = state.electrode_potential = state.electrode_potential_before = E_vs_Li;
  state.reservoir = state.reservoir_before = water_left;
  state.particle_potential.assign(layout.lanes(), E_vs_Li);
  state.particle_potential_before = state.particle_potential;
  std::vector<double> filling;
  for (const CellParticle& particle : spec_.particles) filling.push_back(particle.initial_filling);
  for (std::size_t k = 0; k < layout.insertion_hosts; ++k) {
    state.hosts.push_back(layout.hosts[k]->rest(filling, E_vs_Li));
    std::fill(filling.begin(), filling.end(), 0.0);  // the second lattice starts empty
  }
  if (layout.has_surface_redox()) {
    const std::vector<double> coverage(layout.lanes(),
                                       equilibrium_coverage(spec_.surface_redox, E_vs_Li, spec_.temperature));
    state.hosts.push_back(layout.hosts.back()->rest(coverage, E_vs_Li));
  }
  return state;
}

double Cell::lithium(const CellState& state) const {
  const CellLayout& layout = *layout_;
  double filled = 0.0;  // m^3
  for (std::size_t k = 0; k < layout.insertion_hosts; ++k) {
    const Host& host = *layout.hosts[k];
    for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
      for (int lattice = 0; lattice < host.lattices(); ++lattice) {
        filled += layout.volume[i] * host.mean(state.hosts[k], i, lattice);
      }
    }
  }
  return spec_.material.c_max.si() * filled;
}

int Cell::lattices() const {
  int sum = 0;
  for (std::size_t k = 0; k < layout_->insertion_hosts; ++k) sum += layout_->hosts[k]->lattices();
  return sum;
}

double Cell::capacity() const {
  double volume = 0.0;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) volume += layout_->volume[i];
  return spec_.material.c_max.si() * volume * lattices();
}

std::vector<double> Cell::mean_filling(const CellState& state) const {
  std::vector<double> means;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i)
    means.push_back(layout_->hosts[0]->mean(state.hosts[0], i, 0));
  return means;
}

double Cell::mean_x(const CellState& state) const {
  return spec_.particles.empty() ? 0.0 : spec_.material.x_max * lattices() * lithium(state) / capacity();
}

std::vector<double> Cell::profile(const CellState& state, std::size_t particle) const {
  if (particle >= spec_.particles.size()) {
    throw InputError(fmt::format("cell: particle {} of {}", particle, spec_.particles.size()));
  }
  return layout_->hosts[0]->profile(state.hosts[0], particle);
}

std::vector<double> Cell::surface_filling(const CellState& state) const {
  return surface_of(state, 0);
}

std::vector<double> Cell::coverage(const CellState& state) const {
  return layout_->has_surface_redox() ? surface_of(state, layout_->hosts.size() - 1) : std::vector<double>{};
}

std::vector<double> Cell::surface_of(const CellState& state, std::size_t host) const {
  std::vector<double> y;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
    y.push_back(layout_->hosts[host]->surface(state.hosts[host], i));
  }
  return y;
}

double Cell::equilibrium_potential(double y) const {
  if (!(y > 0.0 && y < 1.0))
    throw InputError(fmt::format("open-circuit potential: y = {}; between 0 and 1, exclusive", y));
  return open_circuit_potential(spec_.material, y, spec_.temperature);
}

double Cell::equilibrium_filling(double E_vs_Li) const {
  return filling_at(spec_.material, E_vs_Li, spec_.temperature);
}

}  // namespace seccm::models
