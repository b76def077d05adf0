#include "models/optics/height_map.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/error.hpp"
#include "sim/quantity.hpp"
#include "sim/units.hpp"

namespace seccm::models {
namespace {

constexpr int fewest_points = 12;
constexpr double points_per_cell = 16.0;
constexpr std::size_t most_cells = 100'000'000;

// A point of the unit disc and the chord of the unit sphere over it.
struct SubColumn {
  double x, y, half_chord;
};

std::vector<SubColumn> sunflower(int count) {
  const double golden_angle = constants::pi * (3.0 - std::sqrt(5.0));
  std::vector<SubColumn> points;
  points.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) {
    const double rho2 = (k + 0.5) / count;
    const double rho = std::sqrt(rho2);
    points.push_back({rho * std::cos(golden_angle * k), rho * std::sin(golden_angle * k), std::sqrt(1.0 - rho2)});
  }
  return points;
}

HeightMap empty_map(const StageBox& box, double cell) {
  HeightMap map;
  map.x_low = box.x_low;
  map.y_low = box.y_low;
  map.cell = cell;
  const double columns = std::ceil((box.x_high - box.x_low) / cell);
  const double rows = std::ceil((box.y_high - box.y_low) / cell);
  if (!(columns >= 1.0 && rows >= 1.0 && columns * rows <= static_cast<double>(most_cells))) {
    throw InputError("height map: " + std::to_string(columns) + " x " + std::to_string(rows) +
                     " cells; accepted: 1 to 1e8 cells in all");
  }
  map.columns = static_cast<int>(columns);
  map.rows = static_cast<int>(rows);
  const auto size = static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows);
  map.height.assign(size, 0.0F);
  map.packing.assign(size, 0.0F);
  return map;
}

// Adds volume (to `packing`, as a length: volume per cell area) and height of one sub-column.
void deposit(HeightMap& map, double x, double y, double top, double length) {
  const double c = std::floor((x - map.x_low) / map.cell);
  const double r = std::floor((y - map.y_low) / map.cell);
  if (!(c >= 0.0 && r >= 0.0 && c < map.columns && r < map.rows)) return;
  const std::size_t i = map.index(static_cast<int>(c), static_cast<int>(r));
  map.height[i] = std::max(map.height[i], static_cast<float>(top));
  map.packing[i] += static_cast<float>(length);
}

}  // namespace

void check_particle(const SceneParticle& p) {
  if (std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z) && p.radius > 0.0 && p.radius <= 10e-6) return;
  throw InputError("scene: particle at (" + format_quantity(p.x, "um") + ", " + format_quantity(p.y, "um") + ", " +
                   format_quantity(p.z, "um") + ") with radius " + format_quantity(p.radius, "nm") +
                   "; accepted: finite position, radius above 0 up to 10 um");
}

HeightMap rasterise(std::span<const SceneParticle> particles, const StageBox& box, double cell) {
  HeightMap map = empty_map(box, cell);
  std::vector<std::vector<SubColumn>> patterns;  // by number of points / fewest_points
  for (const SceneParticle& p : particles) {
    check_particle(p);
    const double wanted = constants::pi * p.radius * p.radius / (cell * cell) * points_per_cell;
    const auto size = static_cast<std::size_t>(std::ceil(std::clamp(wanted / fewest_points, 1.0, 1e4)));
    if (patterns.size() <= size) patterns.resize(size + 1);
    auto& pattern = patterns[size];
    if (pattern.empty()) pattern = sunflower(static_cast<int>(size) * fewest_points);
    double sum = 0.0;
    for (const SubColumn& s : pattern) sum += s.half_chord;
    const double volume = 4.0 / 3.0 * constants::pi * p.radius * p.radius * p.radius;
    const double per_chord = volume / (sum * cell * cell);
    for (const SubColumn& s : pattern) {
      deposit(map, p.x + p.radius * s.x, p.y + p.radius * s.y, p.z + p.radius * s.half_chord, per_chord * s.half_chord);
    }
    deposit(map, p.x, p.y, p.z + p.radius, 0.0);
  }
  for (std::size_t i = 0; i < map.height.size(); ++i) {
    map.packing[i] = map.height[i] > 0.0F ? std::min(map.packing[i] / map.height[i], 1.0F) : 0.0F;
  }
  return map;
}

}  // namespace seccm::models
