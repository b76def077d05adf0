// The electrode under one meniscus, immutable. Its state is a value; `CellStepper` advances it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/cell/cell_spec.hpp"
#include "models/cell/cell_state.hpp"

namespace seccm::models {

class CellLayout;

class Cell {
 public:
  /// Throws InputError for a particle, material or circuit value outside its range, and for an attractive isotherm
  /// with g <= -4 (the chemical diffusivity would be negative inside the spinodal).
  explicit Cell(CellSpec spec);

  /// At rest at a potential: capacitances charged, surface redox in equilibrium, each particle uniformly at its initial
  /// filling (which need not be the equilibrium one). `water_left`: share of the trace water that the gold still has.
  [[nodiscard]] CellState rest(double E_vs_Li, double water_left = 1.0) const;

  [[nodiscard]] const CellSpec& spec() const { return spec_; }
  [[nodiscard]] const CellLayout& layout() const { return *layout_; }

  /// Lithium stored in all particles, mol.
  [[nodiscard]] double lithium(const CellState& state) const;
  /// Lithium that all particles hold at y = 1, mol.
  [[nodiscard]] double capacity() const;
  /// Mean y of the first lattice, per particle.
  [[nodiscard]] std::vector<double> mean_filling(const CellState& state) const;
  /// Mean x in LixTiO2 of the whole cell, all lattices; 0 without particles.
  [[nodiscard]] double mean_x(const CellState& state) const;
  /// y of one particle's first lattice from the centre to the surface cell.
  [[nodiscard]] std::vector<double> profile(const CellState& state, std::size_t particle) const;
  /// y_s of the first lattice, per particle.
  [[nodiscard]] std::vector<double> surface_filling(const CellState& state) const;
  /// θ of the surface redox per particle; empty without it.
  [[nodiscard]] std::vector<double> coverage(const CellState& state) const;
  /// Lattices of c_max each that the particles have.
  [[nodiscard]] int lattices() const;

  /// Open-circuit potential of the first lattice at filling y in (0,1), V vs Li/Li+.
  [[nodiscard]] double equilibrium_potential(double y) const;
  /// The filling in equilibrium with a potential.
  [[nodiscard]] double equilibrium_filling(double E_vs_Li) const;

 private:
  [[nodiscard]] std::vector<double> surface_of(const CellState& state, std::size_t host) const;

  CellSpec spec_;
  std::shared_ptr<const CellLayout> layout_;
};

/// What a sweep at this rate asks of the continuum model; empty if nothing is wrong. Each sentence carries its numbers:
/// a diffusion layer sqrt(D RT/(F v)) or a phase boundary below one unit cell of anatase (0.95 nm), a particle too
/// small for two phases. How far the numbers are off is measured, not guessed (models/engine/measured_run.hpp).
std::vector<std::string> validity_warnings(const CellSpec& spec, double scan_rate);

}  // namespace seccm::models
