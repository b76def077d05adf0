#include "jobs/simulated_array.hpp"

#include <algorithm>
#include <cmath>

#include "instrument/twin/landing_cell.hpp"

namespace seccm::jobs {
namespace {

int nodes_over(Length length, Length pitch) {
  return std::max(1, static_cast<int>(std::lround(length.si() / pitch.si())));
}

validation::SimulatedArray::Node node_of(const instrument::twin::LandingRecord& record) {
  const bool on_particles = record.wetted_area > 0.0;
  return {on_particles ? record.cluster : -1, record.wetted_area};
}

}  // namespace

validation::SimulatedArray simulated_array(const scenarios::Scenario& scenario) {
  const auto seed = static_cast<std::uint64_t>(scenario.seed);
  const models::SampleField field(scenario.twin.sample, seed);
  const auto& v = scenario.validation;
  const double pitch = v.grid_pitch.si();
  const int columns = nodes_over(v.grid_width, v.grid_pitch), rows = nodes_over(v.grid_height, v.grid_pitch);
  const double x0 = 0.5 * (field.width() - pitch * (columns - 1)), y0 = 0.5 * (field.height() - pitch * (rows - 1));
  validation::SimulatedArray array;
  for (int k = 0; k < columns * rows; ++k) {
    const int row = k / columns;
    const auto landing = models::land(field, scenario.twin.meniscus, scenario.twin.pipette, x0 + k % columns * pitch,
                                      y0 + row * pitch, seed, static_cast<std::uint64_t>(k));
    array.nodes.push_back(node_of(instrument::twin::landing_record(scenario.twin, field, landing)));
  }
  return array;
}

bool same_measurement(const scenarios::Scenario& a, const scenarios::Scenario& b) {
  const auto programme = [](const scenarios::Scenario& s) {
    const auto& cv = s.scan.cv;
    std::vector<double> values{cv.start.si(),
                               cv.vertex1.si(),
                               cv.vertex2.si(),
                               cv.hold.si(),
                               cv.rest.si(),
                               1.0 * cv.cycles,
                               s.twin.pipette.diameter.si()};
    for (const ScanRate rate : cv.scan_rates) values.push_back(rate.si());
    return values;
  };
  return programme(a) == programme(b);
}

}  // namespace seccm::jobs
