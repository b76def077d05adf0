#include "pipeline/scan/registration.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <optional>
#include <vector>

namespace seccm::scan {
namespace {

using Complex = std::complex<double>;  // a point of the plane: a similarity is z -> a z + b

struct Orientation {
  double sign_x, sign_y;
};

std::vector<Orientation> orientations(ImageMirror mirror) {
  switch (mirror) {
    case ImageMirror::none:
      return {{1, 1}};
    case ImageMirror::rows:
      return {{1, -1}};
    case ImageMirror::columns:
      return {{-1, 1}};
    case ImageMirror::both:
      return {{-1, -1}};
    case ImageMirror::automatic:
      break;
  }
  return {{1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
}

/// landing -> footprint, -1 for none
using Assignment = std::vector<int>;

struct Hypothesis {
  Assignment assignment;
  int matches = 0;
  double misfit = std::numeric_limits<double>::infinity();  // sum of squared distances

  [[nodiscard]] bool better_than(const Hypothesis& other) const {
    return matches != other.matches ? matches > other.matches : misfit < other.misfit;
  }
};

/// Matches that two assignments share; an assignment that was never made shares none.
int agreement(const Assignment& a, const Assignment& b) {
  int same = 0;
  if (a.size() != b.size()) return same;
  for (std::size_t k = 0; k < a.size(); ++k) same += a[k] >= 0 && a[k] == b[k] ? 1 : 0;
  return same;
}

/// The best assignment, and the best of those that share less than half of its matches.
struct Contest {
  Hypothesis best, rival;

  void enter(Hypothesis candidate) {
    if (candidate.better_than(best)) {
      if (2 * agreement(candidate.assignment, best.assignment) < candidate.matches && best.better_than(rival))
        rival = best;
      best = std::move(candidate);
      // A former rival may now agree with the winner.
      if (!rival.assignment.empty() && 2 * agreement(rival.assignment, best.assignment) >= rival.matches) rival = {};
    } else if (2 * agreement(candidate.assignment, best.assignment) < candidate.matches &&
               candidate.better_than(rival)) {
      rival = std::move(candidate);
    }
  }
};

/// Footprints mapped by `place`; each landing takes the nearest one within the tolerance, each footprint one landing.
template <class Place>
Hypothesis assign(std::span<const Complex> landings, std::size_t footprints, double tolerance, Place&& place,
                  std::vector<Complex>& mapped) {
  mapped.resize(footprints);
  for (std::size_t j = 0; j < footprints; ++j) mapped[j] = place(j);
  Hypothesis out{Assignment(landings.size(), -1), 0, 0.0};
  std::vector<int> taken_by(footprints, -1);
  const double limit = tolerance * tolerance;
  for (std::size_t k = 0; k < landings.size(); ++k) {
    int nearest = -1;
    double least = limit;
    for (std::size_t j = 0; j < footprints; ++j) {
      const double distance = std::norm(mapped[j] - landings[k]);
      if (distance <= least) {
        least = distance;
        nearest = static_cast<int>(j);
      }
    }
    if (nearest < 0) continue;
    int& owner = taken_by[static_cast<std::size_t>(nearest)];
    if (owner >= 0) {
      const double before =
          std::norm(mapped[static_cast<std::size_t>(nearest)] - landings[static_cast<std::size_t>(owner)]);
      if (before <= least) continue;
      out.assignment[static_cast<std::size_t>(owner)] = -1;
      out.misfit -= before;
      --out.matches;
    }
    owner = static_cast<int>(k);
    out.assignment[k] = nearest;
    out.misfit += least;
    ++out.matches;
  }
  return out;
}

/// The search over pairs for one orientation of the image.
class PairSearch {
 public:
  PairSearch(std::span<const StagePoint> landings, std::span<const PixelPoint> footprints,
             const RegistrationPrior& prior)
      : prior_(prior), footprints_(footprints) {
    for (const StagePoint& p : landings) landings_.emplace_back(p.x, p.y);
    for (std::size_t a = 0; a < landings_.size(); ++a)
      for (std::size_t b = 0; b < landings_.size(); ++b)
        extent_ = std::max(extent_, std::abs(landings_[a] - landings_[b]));
  }

  void run(Orientation orientation, Contest& contest) {
    std::vector<Complex> seen;
    for (const PixelPoint& p : footprints_)
      seen.emplace_back(orientation.sign_x * p.x * prior_.pixel_size, orientation.sign_y * p.y * prior_.pixel_size);
    for (std::size_t a = 0; a < landings_.size(); ++a) {
      for (std::size_t b = a + 1; b < landings_.size(); ++b) {
        const Complex side = landings_[b] - landings_[a];
        // A short base line would blow up the error of its ends.
        if (std::abs(side) < 0.35 * extent_) continue;
        try_pairs(a, side, seen, contest);
      }
    }
  }

 private:
  void try_pairs(std::size_t a, Complex side, const std::vector<Complex>& seen, Contest& contest) {
    for (std::size_t i = 0; i < seen.size(); ++i) {
      for (std::size_t j = 0; j < seen.size(); ++j) {
        if (i == j) continue;
        const Complex ratio = side / (seen[j] - seen[i]);
        if (std::abs(std::abs(ratio) - 1.0) > prior_.scale_tolerance) continue;
        if (std::abs(std::arg(ratio)) > prior_.rotation_tolerance) continue;
        const Complex shift = landings_[a] - ratio * seen[i];
        const auto place = [&](std::size_t k) { return ratio * seen[k] + shift; };
        contest.enter(assign(landings_, seen.size(), prior_.match_tolerance, place, mapped_));
      }
    }
  }

  const RegistrationPrior& prior_;
  std::span<const PixelPoint> footprints_;
  std::vector<Complex> landings_;
  double extent_ = 0.0;
  std::vector<Complex> mapped_;
};

/// Least squares over the given pairs; nothing when they do not span the plane.
std::optional<std::array<double, 6>> fit_affine(std::span<const files::Registration::Match> matches) {
  double mean_x = 0, mean_y = 0;
  Eigen::Index n = 0;
  for (const auto& m : matches) {
    if (!m.inlier) continue;
    mean_x += m.pixel_x;
    mean_y += m.pixel_y;
    ++n;
  }
  if (n < 3) return std::nullopt;
  mean_x /= static_cast<double>(n);
  mean_y /= static_cast<double>(n);
  Eigen::MatrixXd design(n, 3);
  Eigen::MatrixXd stage(n, 2);
  Eigen::Index row = 0;
  for (const auto& m : matches) {
    if (!m.inlier) continue;
    design.row(row) << 1.0, m.pixel_x - mean_x, m.pixel_y - mean_y;
    stage.row(row) << m.stage_x, m.stage_y;
    ++row;
  }
  const Eigen::Matrix2d spread = design.rightCols(2).transpose() * design.rightCols(2);
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> axes(spread);
  if (!(axes.eigenvalues()(0) > 1e-6 * axes.eigenvalues()(1))) return std::nullopt;
  const Eigen::MatrixXd solution = design.colPivHouseholderQr().solve(stage);
  std::array<double, 6> affine{};
  for (Eigen::Index axis = 0; axis < 2; ++axis) {
    const auto k = static_cast<std::size_t>(3 * axis);
    affine[k + 1] = solution(1, axis);
    affine[k + 2] = solution(2, axis);
    affine[k] = solution(0, axis) - affine[k + 1] * mean_x - affine[k + 2] * mean_y;
  }
  return affine;
}

void update_residuals(files::Registration& registration) {
  for (auto& m : registration.matches) {
    const StagePoint place = to_stage(registration, {m.pixel_x, m.pixel_y});
    m.residual = std::hypot(place.x - m.stage_x, place.y - m.stage_y);
  }
}

/// 3.5 standard deviations per axis, from the median distance: a Rayleigh distance has the median 1.1774 s, and a fit
/// of 3 parameters per axis leaves s √(1 - 3/n) of it. Never below what numbers of 0.02 px can tell.
double outlier_threshold(const files::Registration& registration, double pixel_size) {
  std::vector<double> residuals;
  for (const auto& m : registration.matches)
    if (m.inlier) residuals.push_back(m.residual);
  const auto n = static_cast<double>(residuals.size());
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  const double shrinkage = n > 4.0 ? std::sqrt(1.0 - 3.0 / n) : 0.5;
  return std::max(3.5 * *middle / (1.1774 * shrinkage), 0.02 * pixel_size);
}

void refine(files::Registration& registration, const RegistrationPrior& prior) {
  for (int round = 0; round < 20; ++round) {
    const auto affine = fit_affine(registration.matches);
    if (!affine)
      throw RegistrationError("registration: the matched calibration landings lie on one line and fix no map");
    registration.affine = *affine;
    update_residuals(registration);
    const double threshold = std::min(outlier_threshold(registration, prior.pixel_size), prior.match_tolerance);
    bool changed = false;
    for (auto& m : registration.matches) {
      const bool inlier = m.residual <= threshold;
      changed = changed || inlier != m.inlier;
      m.inlier = inlier;
    }
    if (!changed) break;
  }
}

}  // namespace

files::Registration register_image(std::span<const StagePoint> landings, std::span<const PixelPoint> footprints,
                                   const RegistrationPrior& prior) {
  Contest contest;
  PairSearch search(landings, footprints, prior);
  for (const Orientation& orientation : orientations(prior.mirror)) search.run(orientation, contest);
  const Hypothesis& best = contest.best;
  if (best.matches < fewest_matches)
    throw RegistrationError(
        fmt::format("registration: only {} of {} calibration landings found among {} footprint candidates; at least {} "
                    "are needed. Check light and focus, calibration.mirror, calibration.scale_tolerance ({:g}), "
                    "calibration.rotation_tolerance ({:g} rad) and calibration.view_offset_x/y",
                    best.matches, landings.size(), footprints.size(), fewest_matches, prior.scale_tolerance,
                    prior.rotation_tolerance));
  if (contest.rival.matches >= best.matches - 1)
    throw RegistrationError(
        fmt::format("registration: ambiguous: two different assignments explain {} and {} of {} calibration landings. "
                    "More landings, a larger calibration.jitter or a given calibration.mirror would decide",
                    best.matches, contest.rival.matches, landings.size()));

  files::Registration registration;
  for (std::size_t k = 0; k < landings.size(); ++k) {
    if (best.assignment[k] < 0) continue;
    const PixelPoint& seen = footprints[static_cast<std::size_t>(best.assignment[k])];
    registration.matches.push_back({seen.x, seen.y, landings[k].x, landings[k].y, 0.0, true});
  }
  refine(registration, prior);
  int inliers = 0;
  double sum = 0.0;
  for (const auto& m : registration.matches) {
    if (!m.inlier) continue;
    ++inliers;
    sum += m.residual * m.residual;
  }
  if (inliers < fewest_matches)
    throw RegistrationError(fmt::format("registration: {} of {} matches agree with one affine map; at least {} needed",
                                        inliers, registration.matches.size(), fewest_matches));
  registration.residual_rms = std::sqrt(sum / inliers);
  registration.valid = true;
  return registration;
}

StagePoint to_stage(const files::Registration& registration, PixelPoint p) {
  const auto& a = registration.affine;
  return {a[0] + a[1] * p.x + a[2] * p.y, a[3] + a[4] * p.x + a[5] * p.y};
}

PixelPoint to_pixel(const files::Registration& registration, StagePoint s) {
  const auto& a = registration.affine;
  const double determinant = a[1] * a[5] - a[2] * a[4];
  const double u = s.x - a[0], v = s.y - a[3];
  return {(a[5] * u - a[2] * v) / determinant, (a[1] * v - a[4] * u) / determinant};
}

double pixel_area(const files::Registration& registration) {
  const auto& a = registration.affine;
  return std::abs(a[1] * a[5] - a[2] * a[4]);
}

}  // namespace seccm::scan
