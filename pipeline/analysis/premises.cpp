#include "pipeline/analysis/premises.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace seccm::analysis {

namespace {

constexpr double semi_infinite = 1000.0;  // w: 0.05 decades of D
constexpr double table_temperature = 298.15;
constexpr double reversible_separation = 83e-3, irreversible_separation = 180e-3;  // V at 298.15 K: 0.05 decades of D
constexpr double planar_separation = 57e-3;                                        // V at 298.15 K, least of all

double thermal_voltage(const AnalysisParameters& p) {
  return constants::gas * p.temperature.si() / constants::faraday;
}

struct Separation {
  double volts, error, scan_rate;
};
std::vector<Separation> separations(const PointAnalysis& point) {
  std::vector<Separation> list;
  for (const RateAnalysis& r : point.rates) {
    if (!r.anodic.well_defined || !r.cathodic.well_defined) continue;
    list.push_back(
        {r.anodic.E.value - r.cathodic.E.value, std::hypot(r.anodic.E_noise, r.cathodic.E_noise), r.scan_rate});
  }
  return list;
}

std::string apart(const Separation& s) {
  return fmt::format("peaks {:.0f} mV apart at {:g} mV/s", 1e3 * s.volts, 1e3 * s.scan_rate);
}

// The other maximum that every analysed cycle has; of several the highest of the first cycle.
std::string second_maximum(const RateAnalysis& rate, const DirectionAnalysis& d) {
  double other = 0.0;
  for (const SweepAnalysis& s : d.sweeps) {
    if (!s.peak.found || s.peak.other_maxima.empty()) return {};
    if (&s == &d.sweeps.front()) other = s.peak.other_maxima.front();
  }
  return fmt::format("peaks at {:.2f} and {:.2f} V in the window at {:g} mV/s: more than one couple", d.E.value, other,
                     1e3 * rate.scan_rate);
}

std::string moved(const RateAnalysis& slow, const RateAnalysis& fast, int direction, const AnalysisParameters& p) {
  const DirectionAnalysis &a = slow.at(direction), &b = fast.at(direction);
  const double kinetic = 0.5 * thermal_voltage(p) / p.alpha * std::log(fast.scan_rate / slow.scan_rate);
  const double width = std::max(a.sweeps.front().peak.half_width, b.sweeps.front().peak.half_width);
  const double shift = std::abs(b.E.value - a.E.value);
  if (shift <= width + kinetic + 4.0 * std::hypot(a.E_noise, b.E_noise)) return {};
  return fmt::format(
      "the peak moves from {:.2f} V at {:g} mV/s to {:.2f} V at {:g} mV/s, further than one couple's: more "
      "than one couple",
      a.E.value, 1e3 * slow.scan_rate, b.E.value, 1e3 * fast.scan_rate);
}

std::string couples_of(const PointAnalysis& point, int direction, const AnalysisParameters& p) {
  const RateAnalysis* before = nullptr;
  for (const RateAnalysis& rate : point.rates) {
    const DirectionAnalysis& d = rate.at(direction);
    if (!d.well_defined) continue;
    if (std::string two = second_maximum(rate, d); !two.empty()) return two;
    if (before != nullptr) {
      if (std::string away = moved(*before, rate, direction, p); !away.empty()) return away;
    }
    before = &rate;
  }
  return {};
}

}  // namespace

double finite_size_group(double D, double scan_rate, const AnalysisParameters& p) {
  const double R = p.particle_radius.si();
  return R * R * scan_rate / (thermal_voltage(p) * D);
}

std::string finite_size_caveat(double D, double slowest_rate, const AnalysisParameters& p, const Measured& stated) {
  AnalysisParameters own = p;
  if (stated.known) own.particle_radius = stated.value * unit::m;
  if (!(own.particle_radius.si() > 0.0)) return {};
  const double w = finite_size_group(D, slowest_rate, own);
  const double smallest = w * std::exp(-2.0 * half_width(interval_level, 0) * (stated.known ? stated.log_error : 0.0));
  if (smallest >= semi_infinite) return {};
  return fmt::format("R^2 Fv/(RT D) = {:.3g} at {:g} mV/s and R = {:g} nm{}, {} {:g}: not semi-infinite", w,
                     1e3 * slowest_rate, 1e9 * own.particle_radius.si(), stated.known ? " (" + stated.reason + ")" : "",
                     w < semi_infinite ? "below" : "within its error below", semi_infinite);
}

std::string continuum_caveat(double D, double fastest_rate, const AnalysisParameters& p) {
  const double layer = diffusion_layer(D, fastest_rate, p);
  if (layer >= p.lattice_constant.si()) return {};
  return fmt::format("diffusion layer {:.2g} nm at {:g} mV/s, thinner than a unit cell ({:.2g} nm): no continuum",
                     1e9 * layer, 1e3 * fastest_rate, 1e9 * p.lattice_constant.si());
}

std::string regime_caveat(WaveLaw law, const PointAnalysis& point, const AnalysisParameters& p) {
  const auto list = separations(point);
  if (list.empty()) return {};
  const double scale = p.temperature.si() / table_temperature;
  const auto [closest, widest] = std::ranges::minmax_element(list, {}, &Separation::volts);
  const auto beyond = [](const Separation& s) { return 4.0 * s.error; };
  if (closest->volts + beyond(*closest) < planar_separation * scale)
    return apart(*closest) + ", closer than planar diffusion sets them: a thin layer";
  if (law == WaveLaw::reversible && widest->volts - beyond(*widest) > reversible_separation * scale)
    return apart(*widest) + ": not reversible, as the law takes it";
  if (law == WaveLaw::irreversible && closest->volts + beyond(*closest) < irreversible_separation * scale)
    return apart(*closest) + ": not irreversible, as the law takes it";
  return {};
}

std::string several_couples(const PointAnalysis& point, int direction, const AnalysisParameters& p) {
  std::string own = couples_of(point, direction, p);
  if (!own.empty()) return own;
  const std::string opposite = couples_of(point, -direction, p);
  return opposite.empty() ? "" : "in the opposite sweep " + opposite;
}

}  // namespace seccm::analysis
