// The [analysis] section: what an experimenter must assume or choose to turn currents into numbers. The analysis is
// blind: these are the analyst's values, and may differ from those of the sample that was measured.
#pragma once

#include <array>
#include <string_view>

#include "sim/parameter.hpp"
#include "sim/quantity.hpp"

namespace seccm::analysis {

/// What is taken off the current before anything is read from it.
enum class BackgroundMethod : int {
  none,               ///< nothing: currents as recorded
  stray_capacitance,  ///< amplifier offset and C_stray dE/dt, both measured in air before the scan
  blank,              ///< the voltammogram of the blank points at the same scan rate; without one, as stray_capacitance
};
inline constexpr std::array<std::string_view, 3> background_names{"none", "stray_capacitance", "blank"};

/// The line under a peak for charges and for heights above the baseline.
enum class BaselineMethod : int {
  linear_feet,  ///< straight line between the feet on either side (the dashed lines of the reference measurement)
  foot_level,   ///< horizontal line through the foot before the peak
  none,         ///< zero current
};
inline constexpr std::array<std::string_view, 3> baseline_names{"linear_feet", "foot_level", "none"};

struct AnalysisParameters {
  // constants of material and law
  Temperature temperature = 298.15 * unit::K;
  Concentration host_concentration = 0.024 * unit::mol_per_cm3;  ///< C in eq. 3: Ti3+ in the lattice at x = x_cap
  double x_cap = 0.5;                                            ///< x in Li_xTiO2 at `host_concentration`
  double alpha = 0.5;
  Length lattice_constant = 0.9514 * unit::nm;  ///< longest edge of the unit cell, for the validity of continuum laws

  Length particle_radius = 25.0 * unit::nm;  ///< for the check of semi-infinite diffusion; 0: not known

  // treatment
  Potential bin_width = 1.5 * unit::mV;
  int first_cycle = 2;  ///< earlier cycles are not analysed where later ones exist at the same scan rate
  BackgroundMethod background = BackgroundMethod::blank;
  BaselineMethod baseline = BaselineMethod::linear_feet;

  // where peaks may be, V vs Li
  Potential anodic_window_low = 1.6 * unit::V;
  Potential anodic_window_high = 2.8 * unit::V;
  Potential cathodic_window_low = 1.05 * unit::V;
  Potential cathodic_window_high = 1.95 * unit::V;
  double fit_width = 0.6;              ///< half-width of the fit about a peak, in widths at half height
  double foot_level = 0.01;            ///< a peak has come down where the current is below this share of it
  double current_model_error = 0.005;  ///< relative, added in quadrature to the noise of peak currents in fits

  // selection
  double snr_min = 5.0;         ///< peak height over the standard error of a bin
  double prominence_min = 0.1;  ///< peak height above its baseline over peak current
  double cycle_change_max = 0.2;
  int saturated_frames_max = 0;

  // areas and volumes
  Length optical_resolution = 0.40 * unit::um;  ///< full width at half maximum of the microscope that the scan used
  double pipette_area_error = 0.1;              ///< relative 1 sigma
  double micrograph_volume_error = 0.02;        ///< relative 1 sigma of the thickness scale of the grey levels
  double micrograph_edge_gain = 0.02;           ///< grey of a tilted surface, share of the range per (1/cos θ - 1)

  static void visit(ParameterVisitor& v, AnalysisParameters& p);
};

/// Throws InputError for a non-finite value, a value out of range, and a peak window without width.
void check(const AnalysisParameters& parameters);

}  // namespace seccm::analysis
