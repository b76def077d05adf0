#include "models/sample/disc_union.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr double kTurn = 2.0 * constants::pi;

using Arcs = std::vector<std::pair<double, double>>;

void add_arc(Arcs& covered, double centre, double half_width) {
  double from = std::fmod(centre - half_width, kTurn);
  if (from < 0.0) from += kTurn;
  const double to = from + 2.0 * half_width;
  if (to <= kTurn) {
    covered.emplace_back(from, to);
  } else {
    covered.emplace_back(from, kTurn);
    covered.emplace_back(0.0, to - kTurn);
  }
}

/// Marks the arc of disc i that lies inside disc j; false if the whole disc i does (of two equal discs the second is
/// inside).
bool cover(Arcs& covered, const Disc& a, const Disc& b, bool b_is_first) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double d = std::hypot(dx, dy);
  if (d >= a.radius + b.radius || d + b.radius < a.radius) return true;
  if (d + a.radius <= b.radius) return !(d + b.radius > a.radius || b_is_first);
  const double cosine = (d * d + a.radius * a.radius - b.radius * b.radius) / (2.0 * d * a.radius);
  add_arc(covered, std::atan2(dy, dx), std::acos(std::clamp(cosine, -1.0, 1.0)));
  return true;
}

double boundary_term(const Disc& disc, double a, double b) {
  return 0.5 * disc.radius *
         (disc.radius * (b - a) + disc.x * (std::sin(b) - std::sin(a)) - disc.y * (std::cos(b) - std::cos(a)));
}

double uncovered_boundary(const Disc& disc, Arcs& covered) {
  std::sort(covered.begin(), covered.end());
  double sum = 0.0;
  double at = 0.0;
  for (const auto& [from, to] : covered) {
    if (from > at) sum += boundary_term(disc, at, from);
    at = std::max(at, to);
  }
  if (at < kTurn) sum += boundary_term(disc, at, kTurn);
  return sum;
}

}  // namespace

double union_area(std::span<const Disc> discs) {
  if (discs.empty()) return 0.0;
  std::vector<Disc> local;
  for (const Disc& d : discs) local.push_back({d.x - discs[0].x, d.y - discs[0].y, d.radius});
  const ParticleIndex index(local);
  double area = 0.0;
  Arcs covered;
  for (int i = 0; i < static_cast<int>(local.size()); ++i) {
    const Disc& disc = local[static_cast<std::size_t>(i)];
    covered.clear();
    bool visible = true;
    index.for_each_near(disc.x, disc.y, disc.radius, [&](int j) {
      if (!visible || j == i) return;
      const Disc& other = local[static_cast<std::size_t>(j)];
      const double reach = disc.radius + other.radius;
      if (std::abs(other.x - disc.x) < reach && std::abs(other.y - disc.y) < reach) {
        visible = cover(covered, disc, other, j < i);
      }
    });
    if (visible) area += uncovered_boundary(disc, covered);
  }
  return area;
}

double union_area_within(std::span<const Disc> discs, const Disc& window) {
  std::vector<Disc> all;
  for (const Disc& d : discs) {
    if (std::hypot(d.x - window.x, d.y - window.y) < d.radius + window.radius) all.push_back(d);
  }
  const double shadows = union_area(all);
  all.push_back(window);
  const double area = constants::pi * window.radius * window.radius;
  return std::clamp(shadows + area - union_area(all), 0.0, std::min(shadows, area));
}

}  // namespace seccm::models
