// What an electrochemical cell under one meniscus consists of: its particles on one shared potential and everything
// that adds to their current. Plain values; `Cell` checks them.
//
// Circuit, anodic current positive (E is the metal against Li/Li+ at the reference, φ behind the series resistance):
//
//   E - φ   = R_series (Σ_k i_k + i_gold + i_water + i_Fc)
//   φ - p_k = R_contact,k i_k                              p_k potential of particle k
//   i_k     = i_intercalation,k + i_second,k + C_k dp_k/dt + i_surface,k
//   i       = (E - φ)/R_series + C_stray dE/dt             (the first term is the sum itself when R_series = 0)
//
// That is the star; other wirings replace the second line (models/cell/wiring.hpp).
#pragma once

#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "models/material/material_parameters.hpp"
#include "models/particle/particle_parameters.hpp"
#include "models/particle/phase_field_parameters.hpp"
#include "sim/parameter.hpp"
#include "sim/radial_mesh.hpp"
#include "sim/waveform.hpp"

namespace seccm::models {

class WiringModel;

/// Section [double_layer]: ideal capacitances per true area. 0 turns one off.
struct DoubleLayerParameters {
  ArealCapacitance titania = 10.0 * unit::uF_per_cm2;
  ArealCapacitance gold = 10.0 * unit::uF_per_cm2;
  static void visit(ParameterVisitor& v, DoubleLayerParameters& p);
};

/// Section [surface_redox]: pseudocapacitive storage on the wetted TiO2 surface, Frumkin isotherm in the coverage θ:
///   E = E0 - (RT/F)[ln(θ/(1-θ)) + g(θ - 1/2)],  dθ/dt = k[(1-θ)e^(-αz) - θ e^((1-α)z)],  z = F(p-E0)/RT + g(θ - 1/2).
struct SurfaceRedoxParameters {
  bool enabled = false;
  ArealCharge charge = 82.0 * unit::uC_per_cm2;  ///< F times the site density
  Potential E0{1.80};
  double g = 20.0;  ///< > -4; positive spreads the response
  double alpha = 0.5;
  Frequency rate{0.0};  ///< k; 0 means in equilibrium at all times
  static void visit(ParameterVisitor& v, SurfaceRedoxParameters& p);
};

/// Section [water_reduction]: trace water (HF) reduced on gold. A finite reservoir: a full cathodic sweep has a
/// Gaussian peak and leaves 1/decay of the reservoir for the next one; the anodic sweep has none.
struct WaterReductionParameters {
  bool enabled = true;
  ArealCharge charge = 100.0 * unit::uC_per_cm2;
  Potential peak{2.0};
  Potential width{0.3};  ///< full width at half maximum
  double decay = 7.0;    ///< ratio of the peaks of successive cycles
  static void visit(ParameterVisitor& v, WaterReductionParameters& p);
};

/// Steps on the grid of potential_step as they are, steps that follow the solution, or what the job takes where nothing
/// is said: a measured run those that follow, `simulate` and the twin those on the grid.
enum class StepKind { automatic, fixed, adaptive };
inline constexpr std::array<std::string_view, 3> step_names{"auto", "fixed", "adaptive"};

/// The fast engine (this box), the one with complete error control, or the fast one and where its measured error does
/// not come down the other (models/engine/measured_run.hpp).
enum class EngineKind { automatic, fast, reference };
inline constexpr std::array<std::string_view, 3> engine_names{"auto", "fast", "reference"};

/// Section [numerics].
struct NumericsParameters {
  EngineKind engine = EngineKind::automatic;
  StepKind step = StepKind::automatic;
  double tolerance = 0.0;                     ///< of the current, over the largest one of its scan rate; 0: chosen
  std::string sensitivities;                  ///< names of models/reference/parameter_path.hpp; the reference engine's
  int cells = 0;                              ///< 0: chosen for the fastest sweep, at least 60
  double grading = 0.0;                       ///< surface cell relative to a uniform one; 0: chosen
  Potential potential_step = 1.0 * unit::mV;  ///< of a sweep
  Time hold_step{0.02};
  ScanRate fastest_scan_rate{0.5};  ///< that the mesh has to resolve
  int steps_per_row = 1;            ///< under a liquid and in voxels; no key, a measured run raises it
  bool all_rows = true;      ///< of steps that follow the solution; no key, a run that is only compared has fewer
  long most_iterations = 0;  ///< of Newton's method in steps that follow the solution; no key, 0: any number
  static void visit(ParameterVisitor& v, NumericsParameters& p);
};

/// A particle as the solver sees it: diffusion is radial, its exchange is averaged over the surface.
struct CellParticle {
  double radius = 25e-9;          ///< m; thickness for a slab
  double wetted_fraction = 1.0;   ///< share of its surface that exchanges lithium and carries a double layer, [0, 1]
  double contact_resistance = 0;  ///< Ohm, to the metal
  double initial_filling = 0;     ///< y, uniform
};

/// Steady-state wave of the mediator in the pipette: with s = F(φ - E0)/RT
///   i = i_lim e^(αs) / (m/k0 + e^(αs) + e^(-(1-α)s)),  α of the oxidation.
struct FerroceneWave {
  double i_lim = 0;        ///< A; 0 turns it off
  double E0_vs_Li = 3.25;  ///< V
  double m_over_k0 = 0;    ///< mass transfer over kinetics; 0 reversible
  double alpha = 0.5;
};

struct CellSpec {
  MaterialParameters material;
  ParticleModel model = ParticleModel::fick;
  PhaseFieldParameters phase_field;  ///< of the cahn_hilliard models
  DoubleLayerParameters double_layer;
  SurfaceRedoxParameters surface_redox;
  WaterReductionParameters water;
  NumericsParameters numerics;
  std::vector<CellParticle> particles;        ///< none: bare gold
  std::shared_ptr<const WiringModel> wiring;  ///< none: each particle on the metal behind its contact resistance
  double gold_area = 0;                       ///< m^2 of bare gold under the meniscus
  double series_resistance = 0;               ///< Ohm, pipette and access
  double stray_capacitance = 0;               ///< F, across the whole cell, does not pass the series resistance
  FerroceneWave ferrocene;
  double temperature = 298.15;  ///< K
  sim::Geometry geometry = sim::Geometry::sphere;
  double face_area = 1e-12;  ///< m^2 of each slab or cylinder; a sphere has its own
};

}  // namespace seccm::models
