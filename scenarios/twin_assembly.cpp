#include "scenarios/twin_assembly.hpp"

#include <algorithm>

namespace seccm::scenarios {

instrument::twin::TwinSpec twin_spec_of(const Scenario& scenario) {
  instrument::twin::TwinSpec spec = scenario.twin;
  for (const ScanRate rate : scenario.scan.cv.scan_rates) {
    spec.numerics.fastest_scan_rate = std::max(spec.numerics.fastest_scan_rate, rate);
  }
  return spec;
}

}  // namespace seccm::scenarios
