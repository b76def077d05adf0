#include "models/sample/packing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

#include "models/sample/sphere_grid.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

constexpr int kOnGold = -1;
constexpr double kRoughening = 0.25;    // width of the random factor on Φ
constexpr int kMaxTries = 4;            // radii that a pocket may turn out to be too small for
constexpr double kDensePacking = 0.61;  // measured inside piles of thousands of spheres
constexpr double kTouch = 1e-9;         // relative overlap that counts as touching

struct Point {
  double x, y, z;
};

double distance2(const Point& p, const Sphere& s) {
  const double dx = p.x - s.x;
  const double dy = p.y - s.y;
  const double dz = p.z - s.z;
  return dx * dx + dy * dy + dz * dz;
}

bool overlaps(const Point& p, double radius, const Sphere& s) {
  const double reach = (radius + s.radius) * (1.0 - kTouch);
  return distance2(p, s) < reach * reach;
}

/// The two positions at which a sphere touches the gold and two spheres.
std::optional<std::array<Point, 2>> touch_gold(const Sphere& a, const Sphere& b, double radius) {
  const double reach_a2 = (a.radius + radius) * (a.radius + radius) - (a.z - radius) * (a.z - radius);
  const double reach_b2 = (b.radius + radius) * (b.radius + radius) - (b.z - radius) * (b.z - radius);
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double d2 = dx * dx + dy * dy;
  if (reach_a2 <= 0.0 || reach_b2 <= 0.0 || d2 <= 0.0) return std::nullopt;
  const double along = 0.5 * (1.0 + (reach_a2 - reach_b2) / d2);  // in units of b - a
  const double across2 = reach_a2 / d2 - along * along;
  if (across2 < 0.0) return std::nullopt;
  const double across = std::sqrt(across2);
  return std::array<Point, 2>{{{a.x + along * dx - across * dy, a.y + along * dy + across * dx, radius},
                               {a.x + along * dx + across * dy, a.y + along * dy - across * dx, radius}}};
}

/// The two positions at which a sphere touches three spheres (trilateration).
std::optional<std::array<Point, 2>> touch_three(const Sphere& a, const Sphere& b, const Sphere& c, double radius) {
  const double ra = a.radius + radius;
  const double rb = b.radius + radius;
  const double rc = c.radius + radius;
  const Point ab{b.x - a.x, b.y - a.y, b.z - a.z};
  const Point ac{c.x - a.x, c.y - a.y, c.z - a.z};
  const double d2 = ab.x * ab.x + ab.y * ab.y + ab.z * ab.z;
  const double d = std::sqrt(d2);
  const Point ex{ab.x / d, ab.y / d, ab.z / d};
  const double i = ex.x * ac.x + ex.y * ac.y + ex.z * ac.z;
  Point ey{ac.x - i * ex.x, ac.y - i * ex.y, ac.z - i * ex.z};
  const double j = std::sqrt(ey.x * ey.x + ey.y * ey.y + ey.z * ey.z);
  if (j < 1e-3 * radius) return std::nullopt;  // three in a row hold nothing
  ey = {ey.x / j, ey.y / j, ey.z / j};
  const double u = (ra * ra - rb * rb + d2) / (2.0 * d);
  const double v = (ra * ra - rc * rc + i * i + j * j - 2.0 * i * u) / (2.0 * j);
  const double w2 = ra * ra - u * u - v * v;
  if (w2 < 0.0) return std::nullopt;
  const double w = std::sqrt(w2);
  const Point ez{ex.y * ey.z - ex.z * ey.y, ex.z * ey.x - ex.x * ey.z, ex.x * ey.y - ex.y * ey.x};
  const Point foot{a.x + u * ex.x + v * ey.x, a.y + u * ex.y + v * ey.y, a.z + u * ex.z + v * ey.z};
  return std::array<Point, 2>{{{foot.x + w * ez.x, foot.y + w * ez.y, foot.z + w * ez.z},
                               {foot.x - w * ez.x, foot.y - w * ez.y, foot.z - w * ez.z}}};
}

/// A position held by spheres a, b and c (or the gold), found free for a particle of the median radius.
struct Pocket {
  double key;  // Φ with its random factor
  int a, b, c;
  int side;  // which of the two solutions
  int tries;
};
struct Later {
  bool operator()(const Pocket& p, const Pocket& q) const {
    return std::tie(p.key, p.a, p.b, p.c, p.side) > std::tie(q.key, q.a, q.b, q.c, q.side);
  }
};

class Pile {
 public:
  Pile(std::span<const double> radii, const PileShape& shape, RandomStream& random)
      : radii_(radii),
        shape_(shape),
        random_(random),
        typical_(median(radii)),
        largest_(*std::max_element(radii.begin(), radii.end())),
        grid_(make_grid()) {}

  std::vector<Sphere> grow() {
    spheres_.reserve(radii_.size());
    place({0.0, 0.0, radii_[0]}, radii_[0]);
    if (radii_.size() > 1) place_beside_first(radii_[1]);
    for (std::size_t k = 2; k < radii_.size(); ++k) settle(radii_[k]);
    return std::move(spheres_);
  }

 private:
  static double median(std::span<const double> radii) {
    std::vector<double> sorted(radii.begin(), radii.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

  [[nodiscard]] SphereGrid make_grid() const {
    double solid = 0.0;  // Σ r³: a half ellipsoid (2/3)π w² (q w) φ holds (4/3)π Σ r³
    double shadow = 0.0;
    for (double r : radii_) {
      solid += r * r * r;
      shadow += r * r;
    }
    const double q = shape_.aspect;
    const double half_width =
        std::max(std::cbrt(5.0 * solid / q), std::sqrt(1.5 * shadow)) * std::sqrt(shape_.elongation);
    const double height = std::min(std::cbrt(5.0 * solid / q) * q, std::cbrt(8.0 * solid)) + 4.0 * typical_;
    const double cell = std::max(2.2 * typical_, std::cbrt(4.0 * half_width * half_width * height / 4e6));
    return {half_width, height, cell};
  }

  [[nodiscard]] double potential(const Point& p, double radius) const {
    const double c = std::cos(shape_.azimuth);
    const double s = std::sin(shape_.azimuth);
    const double u = c * p.x + s * p.y;
    const double v = c * p.y - s * p.x;
    const double h = (p.z - radius) / shape_.aspect;
    return u * u / shape_.elongation + v * v * shape_.elongation + h * h;
  }

  [[nodiscard]] const Sphere& sphere(int k) const { return spheres_[static_cast<std::size_t>(k)]; }

  [[nodiscard]] std::optional<std::array<Point, 2>> solve(int a, int b, int c, double radius) const {
    return c == kOnGold ? touch_gold(sphere(a), sphere(b), radius)
                        : touch_three(sphere(a), sphere(b), sphere(c), radius);
  }

  void place(const Point& p, double radius) {
    const int index = static_cast<int>(spheres_.size());
    spheres_.push_back({p.x, p.y, p.z, radius});
    grid_.add(p.x, p.y, p.z);
    open_pockets(index);
  }

  void place_beside_first(double radius) {
    const double first = spheres_[0].radius;
    const double apart = 2.0 * std::sqrt(first * radius);  // both on the gold
    const double angle = 2.0 * constants::pi * random_.uniform();
    place({apart * std::cos(angle), apart * std::sin(angle), radius}, radius);
  }

  /// All pockets that the newest sphere takes part in.
  void open_pockets(int index) {
    const Sphere& newest = sphere(index);
    near_.clear();
    grid_.for_each_near(newest.x, newest.y, newest.z, newest.radius + largest_ + 2.0 * typical_, [&](int k) {
      const double reach = newest.radius + sphere(k).radius + 2.0 * typical_;
      if (k != index && distance2({newest.x, newest.y, newest.z}, sphere(k)) < reach * reach) near_.push_back(k);
      return true;
    });
    std::sort(near_.begin(), near_.end());
    for (std::size_t i = 0; i < near_.size(); ++i) {
      if (newest.z < newest.radius + 2.0 * typical_) open_pocket(near_[i], index, kOnGold);
      for (std::size_t j = 0; j < i; ++j) {
        const Sphere& a = sphere(near_[i]);
        const double reach = a.radius + sphere(near_[j]).radius + 2.0 * typical_;
        if (distance2({a.x, a.y, a.z}, sphere(near_[j])) < reach * reach) open_pocket(near_[j], near_[i], index);
      }
    }
  }

  void open_pocket(int a, int b, int c) {
    const auto solutions = solve(a, b, c, typical_);
    if (!solutions) return;
    for (int side = 0; side < 2; ++side) {
      const Point& p = (*solutions)[static_cast<std::size_t>(side)];
      // Whatever could be in the way touches the neighbourhood of the newest sphere, which is near_.
      if (p.z < typical_ * (1.0 - kTouch)) continue;
      const auto blocks = [&](int k) { return k != a && k != b && k != c && overlaps(p, typical_, sphere(k)); };
      if (std::any_of(near_.begin(), near_.end(), blocks)) continue;
      const double factor = 1.0 + kRoughening * random_.uniform();
      pockets_.push({potential(p, typical_) * factor, a, b, c, side, 0});
    }
  }

  [[nodiscard]] bool is_free(const Point& p, double radius) const {
    if (p.z < radius * (1.0 - kTouch)) return false;
    bool free = true;
    grid_.for_each_near(p.x, p.y, p.z, radius + largest_, [&](int k) {
      free = !overlaps(p, radius, sphere(k));
      return free;
    });
    return free;
  }

  /// Takes the best pocket that this radius fits into; pockets that are too small for it stay for another one.
  void settle(double radius) {
    refused_.clear();
    std::optional<Point> found;
    while (!found && !pockets_.empty()) {
      Pocket pocket = pockets_.top();
      pockets_.pop();
      const auto solutions = solve(pocket.a, pocket.b, pocket.c, radius);
      if (solutions && is_free((*solutions)[static_cast<std::size_t>(pocket.side)], radius)) {
        found = (*solutions)[static_cast<std::size_t>(pocket.side)];
      } else if (++pocket.tries < kMaxTries) {
        refused_.push_back(pocket);
      }
    }
    for (const Pocket& pocket : refused_) pockets_.push(pocket);
    place(found ? *found : beyond_the_pile(radius), radius);
  }

  /// No pocket left (a very loose pile): on the gold, clear of everything.
  [[nodiscard]] Point beyond_the_pile(double radius) {
    const double angle = 2.0 * constants::pi * random_.uniform();
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    double edge = 0.0;
    for (const Sphere& other : spheres_) edge = std::max(edge, c * other.x + s * other.y + other.radius);
    return {(edge + radius) * c, (edge + radius) * s, radius};
  }

  std::span<const double> radii_;
  PileShape shape_;
  RandomStream& random_;
  double typical_;
  double largest_;
  SphereGrid grid_;
  std::vector<Sphere> spheres_;
  std::priority_queue<Pocket, std::vector<Pocket>, Later> pockets_;
  std::vector<int> near_;
  std::vector<Pocket> refused_;
};

}  // namespace

std::vector<Sphere> deposit_pile(std::span<const double> radii, const PileShape& shape, RandomStream& random) {
  if (radii.empty()) return {};
  if (shape.vacancies <= 0.0) return Pile(radii, shape, random).grow();
  // Place holders between the particles that stay, so that exactly the radii that were asked for remain.
  std::vector<double> with_holders{radii[0]};
  std::vector<bool> stays{true};
  for (double r : radii.subspan(1)) {
    while (random.uniform() < shape.vacancies) {
      with_holders.push_back(radii[random.below(radii.size())]);
      stays.push_back(false);
    }
    with_holders.push_back(r);
    stays.push_back(true);
  }
  const std::vector<Sphere> grown = Pile(with_holders, shape, random).grow();
  std::vector<Sphere> pile;
  for (std::size_t k = 0; k < grown.size(); ++k) {
    if (stays[k]) pile.push_back(grown[k]);
  }
  return pile;
}

void scatter_around(std::vector<Sphere>& pile, std::span<const double> radii, RandomStream& random) {
  if (radii.empty()) return;
  double edge = 0.0;
  for (const Sphere& s : pile) edge = std::max(edge, std::hypot(s.x, s.y) + s.radius);
  double shadow = 0.0;
  for (double r : radii) shadow += r * r;
  const double widest = *std::max_element(radii.begin(), radii.end());
  // Discs of 12 % coverage: loose, and far below where random placing gets stuck (54.7 %).
  const double inner2 = edge * edge;
  double outer2 = std::max(inner2 + shadow / 0.12, (edge + 3.0 * widest) * (edge + 3.0 * widest));
  const std::size_t first = pile.size();
  for (double r : radii) {
    for (bool placed = false; !placed; outer2 *= 1.02) {
      for (int k = 0; k < 50 && !placed; ++k) {
        const double rho = std::sqrt(inner2 + (outer2 - inner2) * random.uniform()) + r;
        const double angle = 2.0 * constants::pi * random.uniform();
        const Sphere s{rho * std::cos(angle), rho * std::sin(angle), r, r};
        placed = std::none_of(pile.begin() + static_cast<std::ptrdiff_t>(first), pile.end(), [&](const Sphere& other) {
          return overlaps({s.x, s.y, s.z}, r * 1.01, other);
        });
        if (placed) pile.push_back(s);
      }
    }
  }
}

double vacancies_for(double packing_fraction) {
  return std::clamp(1.0 - packing_fraction / kDensePacking, 0.0, 0.5);
}

}  // namespace seccm::models
