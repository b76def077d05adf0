#include "pipeline/analysis/analysis_parameters.hpp"

#include <cmath>

#include <fmt/format.h>

#include "sim/error.hpp"
#include "sim/units.hpp"

namespace seccm::analysis {

namespace {

constexpr std::string_view paper_source = "Tetteh et al., Angew. Chem. 2023";

void visit_constants(ParameterVisitor& v, AnalysisParameters& p) {
  v({.key = "temperature",
     .unit = "K",
     .low = 200,
     .high = 400,
     .grade = Grade::standard,
     .source = "25 C",
     .text = "Temperature of the cell as the analyst states it; left out: tip.temperature"},
    p.temperature);
  v({.key = "host_concentration",
     .unit = "mol/cm^3",
     .low = 1e-4,
     .high = 0.1,
     .grade = Grade::paper,
     .source = paper_source,
     .text = "Concentration of Ti3+ in the lattice at x = x_cap, C of eq. 3"},
    p.host_concentration);
  v({.key = "x_cap",
     .low = 0.01,
     .high = 1,
     .grade = Grade::paper,
     .source = paper_source,
     .text = "x in Li_xTiO2 that host_concentration stands for"},
    p.x_cap);
  v({.key = "alpha",
     .low = 0.05,
     .high = 0.95,
     .grade = Grade::paper,
     .source = paper_source,
     .text = "Transfer coefficient alpha n_a of eq. 3"},
    p.alpha);
  v({.key = "lattice_constant",
     .unit = "nm",
     .low = 0.1,
     .high = 10,
     .grade = Grade::recalled,
     .source = "anatase c axis",
     .text = "A diffusion layer thinner than this makes a continuum reading of eq. 3 inconsistent: flagged"},
    p.lattice_constant);
  v({.key = "particle_radius",
     .unit = "nm",
     .low = 0,
     .high = 1e6,
     .grade = Grade::paper,
     .source = paper_source,
     .text =
         "Radius that R^2 Fv/(RT D) is computed with: a value below 1000 flags D as not semi-infinite; 0: not known"},
    p.particle_radius);
}

void visit_treatment(ParameterVisitor& v, AnalysisParameters& p) {
  v({.key = "bin_width", .unit = "mV", .low = 0.2, .high = 10, .text = "Frames are averaged to bins of this potential"},
    p.bin_width);
  v({.key = "first_cycle",
     .low = 1,
     .high = 1000,
     .grade = Grade::paper,
     .source = paper_source,
     .text = "First cycle analysed (trace water is reduced in the first)"},
    p.first_cycle);
  v({.key = "background", .text = "What is taken off the current before peaks are read"}, background_names,
    p.background);
  v({.key = "baseline",
     .grade = Grade::paper,
     .source = paper_source,
     .text = "Line under the peaks, for charges and heights above the baseline"},
    baseline_names, p.baseline);
  v({.key = "fit_width",
     .low = 0.1,
     .high = 1.5,
     .text = "Half-width of the polynomial fit about a peak, in widths at half height"},
    p.fit_width);
  v({.key = "foot_level",
     .low = 0.0,
     .high = 0.5,
     .text = "A peak has come down to its foot where the current is within this share of zero or of its lowest"},
    p.foot_level);
  v({.key = "current_model_error",
     .low = 0,
     .high = 0.2,
     .text = "Relative error of a peak current beyond noise, in the weights of fits against scan rate"},
    p.current_model_error);
}

void visit_windows(ParameterVisitor& v, AnalysisParameters& p) {
  v({.key = "anodic_window_low", .unit = "V", .low = -1, .high = 5, .text = "Anodic peaks are sought above, vs Li"},
    p.anodic_window_low);
  v({.key = "anodic_window_high", .unit = "V", .low = -1, .high = 5, .text = "Anodic peaks are sought below, vs Li"},
    p.anodic_window_high);
  v({.key = "cathodic_window_low", .unit = "V", .low = -1, .high = 5, .text = "Cathodic peaks are sought above, vs Li"},
    p.cathodic_window_low);
  v({.key = "cathodic_window_high",
     .unit = "V",
     .low = -1,
     .high = 5,
     .text = "Cathodic peaks are sought below, vs Li"},
    p.cathodic_window_high);
}

void visit_selection(ParameterVisitor& v, AnalysisParameters& p) {
  v({.key = "snr_min",
     .low = 0,
     .high = 1000,
     .text = "Smallest height above the baseline of a well-defined peak, in standard errors of one bin"},
    p.snr_min);
  v({.key = "prominence_min",
     .low = 0,
     .high = 1,
     .text = "Smallest height above the baseline of a well-defined peak, as a share of the peak current"},
    p.prominence_min);
  v({.key = "cycle_change_max",
     .low = 0,
     .high = 10,
     .text = "Largest change of a peak current between analysed cycles, relative to their mean"},
    p.cycle_change_max);
  v({.key = "saturated_frames_max",
     .low = 0,
     .high = 1000000,
     .text = "Frames with the amplifier out of range that an analysed point may have"},
    p.saturated_frames_max);
}

void visit_geometry(ParameterVisitor& v, AnalysisParameters& p) {
  v({.key = "optical_resolution",
     .unit = "um",
     .low = 0,
     .high = 5,
     .grade = Grade::computed,
     .source = "0.51 wavelength/NA",
     .text = "Full width at half maximum of the point-spread function behind the areas in the optical image"},
    p.optical_resolution);
  v({.key = "pipette_area_error",
     .low = 0,
     .high = 3,
     .grade = Grade::computed,
     .source = "5 % in diameter between approaches (Valavanis et al., Faraday Discuss. 2022)",
     .text = "Relative standard error of the area of the pipette opening as a footprint"},
    p.pipette_area_error);
  v({.key = "micrograph_volume_error",
     .low = 0,
     .high = 3,
     .text = "Relative standard error of the thickness scale of a micrograph's grey levels"},
    p.micrograph_volume_error);
  v({.key = "micrograph_edge_gain",
     .low = 0,
     .high = 1,
     .text = "Grey that a surface tilted by θ adds in a micrograph, as a share of the range per (1/cos θ - 1): from "
             "spheres "
             "of known size"},
    p.micrograph_edge_gain);
}

}  // namespace

namespace {

// Refuses what lies outside the declared ranges: a struct can be filled by hand as well as by the scenario parser.
class RangeCheck : public ParameterVisitor {
 public:
  void begin_section(std::string_view, std::string_view) override {}
  void end_section() override {}
  void quantity(const ParameterInfo& info, Dimension, double& si) override {
    const double unit = parse_unit(info.unit).si;
    // the bounds are inclusive: a value written in its unit may differ from the bound by rounding
    const double slack = 1e-12 * std::abs(si);
    if (si >= info.low * unit - slack && si <= info.high * unit + slack) return;
    throw InputError(fmt::format("analysis.{} = {}; accepted: {:g} to {:g} {}", info.key,
                                 format_quantity(si, info.unit), info.low, info.high, info.unit));
  }
  void quantities(const ParameterInfo&, Dimension, std::vector<double>&) override {}
  void integer(const ParameterInfo& info, long long& value) override {
    const auto v = static_cast<double>(value);
    if (v >= info.low && v <= info.high) return;
    throw InputError(fmt::format("analysis.{} = {}; accepted: {:g} to {:g}", info.key, value, info.low, info.high));
  }
  void boolean(const ParameterInfo&, bool&) override {}
  void text(const ParameterInfo&, std::string&) override {}
  void choice(const ParameterInfo& info, std::span<const std::string_view> names, int& index) override {
    if (index >= 0 && static_cast<std::size_t>(index) < names.size()) return;
    throw InputError(fmt::format("analysis.{} = choice {}; accepted: 0 to {}", info.key, index, names.size() - 1));
  }
};

void check_window(std::string_view name, Potential low, Potential high) {
  if (high.si() - low.si() >= 0.1) return;
  throw InputError(
      fmt::format("analysis.{0}_window_low = {1:g} V and analysis.{0}_window_high = {2:g} V; accepted: a "
                  "window of at least 0.1 V",
                  name, low.si(), high.si()));
}

}  // namespace

void check(const AnalysisParameters& parameters) {
  AnalysisParameters copy = parameters;
  RangeCheck visitor;
  AnalysisParameters::visit(visitor, copy);
  check_window("anodic", parameters.anodic_window_low, parameters.anodic_window_high);
  check_window("cathodic", parameters.cathodic_window_low, parameters.cathodic_window_high);
}

void AnalysisParameters::visit(ParameterVisitor& v, AnalysisParameters& p) {
  visit_constants(v, p);
  visit_treatment(v, p);
  visit_windows(v, p);
  visit_selection(v, p);
  visit_geometry(v, p);
}

}  // namespace seccm::analysis
