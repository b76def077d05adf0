#include "pipeline/analysis/randles_sevcik.hpp"

#include <cmath>

namespace seccm::analysis {

double diffusivity(WaveLaw law, double slope, double area, const AnalysisParameters& p) {
  const double f = constants::faraday / (constants::gas * p.temperature.si());
  // 0.4958 as printed in the reference measurement (exact 0.495763); 0.4463 is exact to 1e-5
  const double constant = law == WaveLaw::irreversible ? 0.4958 * std::sqrt(p.alpha) : 0.446295;
  const double root = slope / (constant * constants::faraday * area * p.host_concentration.si() * std::sqrt(f));
  return root * root;
}

double diffusion_layer(double D, double scan_rate, const AnalysisParameters& p) {
  return std::sqrt(D * constants::gas * p.temperature.si() / (constants::faraday * scan_rate));
}

}  // namespace seccm::analysis
