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

CellState Cell::rest(double E_vs_Li) const {
  if (!std::isfinite(E_vs_Li))
    throw InputError(fmt::format("cell: rest at {} V; a finite potential is needed", E_vs_Li));
  const CellLayout& layout = *layout_;
  const std::size_t lanes = layout.lanes();
  CellState state;
  state.E_vs_Li = state.electrode_potential = state.electrode_potential_before = E_vs_Li;
  state.filling.assign(layout.radial.profile_size(), 0.0);
  state.surface_filling.assign(lanes, 0.0);
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
    const double y = spec_.particles[i].initial_filling;
    state.surface_filling[i] = y;
    for (int k = 0; k < layout.radial.mesh().cells(); ++k) {
      state.filling[layout.radial.index(i, static_cast<std::size_t>(k))] = y;
    }
  }
  state.filling_before = state.filling;
  state.particle_potential.assign(lanes, E_vs_Li);
  state.particle_potential_before = state.particle_potential;
  if (layout.has_second) {
    state.second.assign(layout.radial.profile_size(), 0.0);
    state.second_before = state.second;
    state.second_surface_filling.assign(lanes, 0.0);
  }
  if (layout.has_surface_redox) {
    state.coverage.assign(lanes, equilibrium_coverage(spec_.surface_redox, E_vs_Li, spec_.temperature));
    state.coverage_before = state.coverage;
  }
  return state;
}

double Cell::lithium(const CellState& state) const {
  const CellLayout& layout = *layout_;
  double filled = 0.0;  // m^3
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) {
    double y = layout.radial.mean(state.filling, i);
    if (layout.has_second) y += layout.radial.mean(state.second, i);
    filled += layout.volume[i] * y;
  }
  return spec_.material.c_max.si() * filled;
}

double Cell::capacity() const {
  double volume = 0.0;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) volume += layout_->volume[i];
  return spec_.material.c_max.si() * volume * (layout_->has_second ? 2.0 : 1.0);
}

std::vector<double> Cell::mean_filling(const CellState& state) const {
  std::vector<double> means;
  for (std::size_t i = 0; i < spec_.particles.size(); ++i) means.push_back(layout_->radial.mean(state.filling, i));
  return means;
}

double Cell::mean_x(const CellState& state) const {
  const double lattices = layout_->has_second ? 2.0 : 1.0;
  return spec_.material.x_max * lattices * lithium(state) / capacity();
}

std::vector<double> Cell::profile(const CellState& state, std::size_t particle) const {
  if (particle >= spec_.particles.size()) {
    throw InputError(fmt::format("cell: particle {} of {}", particle, spec_.particles.size()));
  }
  std::vector<double> y;
  for (int k = 0; k < layout_->radial.mesh().cells(); ++k) {
    y.push_back(state.filling[layout_->radial.index(particle, static_cast<std::size_t>(k))]);
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
