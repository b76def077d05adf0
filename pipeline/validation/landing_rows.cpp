#include "pipeline/validation/landing_rows.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/validation/matching.hpp"

namespace seccm::validation {
namespace {

using files::PointKind;

struct Tally {
  int count = 0, of = 0;
  void operator()(bool yes) {
    ++of;
    if (yes) ++count;
  }
};

double distance(StagePosition a, StagePosition b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

/// Kinds whose pixel says where they aim.
bool has_pixel(const files::PointRecord& p) {
  return p.kind == PointKind::target || p.kind == PointKind::blank;
}

struct RootMeanSquare {
  double sum = 0.0, largest = 0.0;
  int n = 0;
  void operator()(double error) {
    sum += error * error;
    largest = std::max(largest, std::abs(error));
    ++n;
  }
  [[nodiscard]] double value() const { return n > 0 ? std::sqrt(sum / n) : 0.0; }
};

struct Box {
  double left = 0, right = 0, top = 0, bottom = 0;
};

Box field_of(const files::RunSummary& run, int width, int height) {
  if (width > 0 && height > 0) return {-0.5, width - 0.5, -0.5, height - 0.5};
  Box box{1e300, -1e300, 1e300, -1e300};
  const auto include = [&](double x, double y) {
    box = {std::min(box.left, x), std::max(box.right, x), std::min(box.top, y), std::max(box.bottom, y)};
  };
  for (const auto& p : run.points)
    if (has_pixel(p)) include(p.pixel_x, p.pixel_y);
  for (const auto& m : run.registration.matches) include(m.pixel_x, m.pixel_y);
  return box.left > box.right ? Box{} : box;
}

}  // namespace

LandingRow landing_row(const files::RunSummary& run, const Truth& truth, std::span<const int> match,
                       const ValidationParameters& parameters) {
  LandingRow row;
  Tally contact, confirmed, particles, intended, blank, grid;
  std::vector<Grouped> aim;
  for (std::size_t k = 0; k < run.points.size(); ++k) {
    const auto& p = run.points[k];
    const TrueLanding* l = match[k] >= 0 ? &truth.landings[static_cast<std::size_t>(match[k])] : nullptr;
    contact(p.contact);
    if (p.contact) confirmed(l != nullptr);
    if (!p.contact && l != nullptr) ++row.unnoticed;
    if (!p.contact || l == nullptr) continue;
    const bool hit = l->cluster >= 0 && l->wetted_particles > 0;
    double off = 0.0;
    if (has_pixel(p)) {
      off = distance({l->stage_x, l->stage_y}, map_pixel(truth.pixel_to_stage, p.pixel_x, p.pixel_y));
      aim.push_back({static_cast<int>(k), off});
      row.aim_max = std::max(row.aim_max, off);
    }
    if (p.kind == PointKind::target) particles(hit);
    if (p.kind == PointKind::target) intended(hit && off <= 0.5 * l->footprint_diameter);
    if (p.kind == PointKind::blank || p.kind == PointKind::ferrocene) blank(!hit);
    if (p.kind == PointKind::grid) grid(hit);
  }
  const auto share = [&](const Tally& t) { return share_of(t.count, t.of, parameters.confidence); };
  row.contact = share(contact);
  row.confirmed_truly = share(confirmed);
  row.on_particles = share(particles);
  row.on_intended = share(intended);
  row.blank_truly_blank = share(blank);
  row.grid_on_particles = share(grid);
  row.aim = describe(aim, parameters.confidence, parameters.resamples, truth.seed, "validation/aim");
  return row;
}

RegistrationRow registration_row(const files::RunSummary& run, const Truth& truth, int width, int height) {
  RegistrationRow row;
  const auto& r = run.registration;
  row.valid = r.valid;
  row.stated_residual = r.residual_rms;
  row.matches = static_cast<int>(r.matches.size());
  for (const auto& m : r.matches) row.inliers += m.inlier ? 1 : 0;
  if (!r.valid) return row;
  std::array<double, 6> difference{};
  for (std::size_t k = 0; k < 6; ++k) difference[k] = r.affine[k] - truth.pixel_to_stage[k];
  const Box box = field_of(run, width, height);
  const double W = box.right - box.left;
  const double H = box.bottom - box.top;
  const StagePosition centre = map_pixel(difference, 0.5 * (box.left + box.right), 0.5 * (box.top + box.bottom));
  const auto mean_square = [&](double at_centre, double fx, double fy) {
    return at_centre * at_centre + (W * fx * W * fx + H * fy * H * fy) / 12.0;
  };
  row.field_rms = std::sqrt(mean_square(centre.x, difference[1], difference[2]) +
                            mean_square(centre.y, difference[4], difference[5]));
  for (const double x : {box.left, box.right})
    for (const double y : {box.top, box.bottom})
      row.field_max = std::max(row.field_max, distance(map_pixel(difference, x, y), {}));
  RootMeanSquare targets, drifted, commanded;
  for (const auto& p : run.points) {
    if (!has_pixel(p)) continue;
    const StagePosition registered = map_pixel(r.affine, p.pixel_x, p.pixel_y);
    StagePosition at = map_pixel(truth.pixel_to_stage, p.pixel_x, p.pixel_y);
    targets(distance(registered, at));
    if (!p.contact) continue;
    at.x += truth.sample_drift_x * p.t_contact;
    at.y += truth.sample_drift_y * p.t_contact;
    drifted(distance(registered, at));
    commanded(distance({p.target_x, p.target_y}, at));
  }
  row.targets_rms = targets.value();
  row.targets_max = targets.largest;
  row.drifted_rms = drifted.value();
  row.drifted_max = drifted.largest;
  row.commanded_rms = commanded.value();
  row.commanded_max = commanded.largest;
  return row;
}

namespace {

/// Linear between two calibrations, constant outside: what a user of the run would apply.
double offset_at(const std::vector<files::ReferenceCalibration>& c, double t) {
  if (t <= c.front().t) return c.front().offset_vs_Li;
  for (std::size_t k = 1; k < c.size(); ++k)
    if (t <= c[k].t) {
      const double f = (t - c[k - 1].t) / (c[k].t - c[k - 1].t);
      return (1 - f) * c[k - 1].offset_vs_Li + f * c[k].offset_vs_Li;
    }
  return c.back().offset_vs_Li;
}

}  // namespace

ReferenceRow reference_row(const files::RunSummary& run, const Truth& truth, const ValidationParameters& parameters) {
  ReferenceRow row;
  std::vector<files::ReferenceCalibration> valid;
  std::vector<double> stated;
  for (const auto& c : run.reference_calibrations) {
    if (!c.valid) continue;
    valid.push_back(c);
    stated.push_back(c.standard_error);
  }
  std::stable_sort(valid.begin(), valid.end(), [](const auto& a, const auto& b) { return a.t < b.t; });
  row.calibrations = static_cast<int>(run.reference_calibrations.size());
  row.valid = static_cast<int>(valid.size());
  row.median_stated_error = median(stated);
  if (truth.landings.empty()) return row;
  row.true_drift = truth.landings.back().qrce_offset_vs_Li - truth.landings.front().qrce_offset_vs_Li;
  if (valid.empty()) return row;
  std::vector<Grouped> errors;
  for (std::size_t k = 0; k < truth.landings.size(); ++k) {
    const auto& l = truth.landings[k];
    const double error = offset_at(valid, l.t) - l.qrce_offset_vs_Li;
    errors.push_back({static_cast<int>(k), error});
    row.error_max = std::max(row.error_max, std::abs(error));
  }
  row.error = describe(errors, parameters.confidence, parameters.resamples, truth.seed, "validation/reference");
  return row;
}

}  // namespace seccm::validation
