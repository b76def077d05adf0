// Section [cell] of a `simulate` job: one idealised electrode, all particles alike.
#pragma once

#include <array>
#include <string_view>

#include "models/cell/cell_spec.hpp"
#include "models/cell/program_parameters.hpp"

namespace seccm::models {

inline constexpr std::array<std::string_view, 3> geometry_names{"slab", "cylinder", "sphere"};

struct CellScenarioParameters {
  sim::Geometry geometry = sim::Geometry::sphere;
  Length radius = 25.0 * unit::nm;  ///< of sphere or cylinder, thickness of a slab
  double w = 0.0;                   ///< R^2 F v/(R_g T D) at the first scan rate; > 0 sets D (both directions)
  int particles = 1;
  Area area = 1.0 * unit::um2;  ///< face of each slab, side of each cylinder
  double wetted_fraction = 1.0;
  double initial_filling = 0.0;
  Resistance series_resistance{0.0};
  Resistance contact_resistance{0.0};
  Area gold_area{0.0};
  Capacitance stray_capacitance{0.0};
  Temperature temperature{298.15};

  static void visit(ParameterVisitor& v, CellScenarioParameters& p);
};

/// The other sections of the job.
struct CellSections {
  MaterialParameters material;
  DoubleLayerParameters double_layer;
  SurfaceRedoxParameters surface_redox;
  WaterReductionParameters water_reduction;
  NumericsParameters numerics;
  ParticleParameters particle;
  PhaseFieldParameters phase_field;
};

/// Resolves w and the spread of the radii, and has the mesh resolve the fastest sweep of the program.
/// Where `cell.w` is above 0: puts the D that it stands for, and diffusion = single, into the material, and w to 0.
void resolve_w(CellScenarioParameters& cell, const ProgramParameters& program, MaterialParameters& material);

CellSpec assemble_cell(const CellScenarioParameters& cell, const CellSections& sections,
                       const ProgramParameters& program);

}  // namespace seccm::models
