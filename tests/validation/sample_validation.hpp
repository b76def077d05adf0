// A run, its results and its truth with chosen errors.
#pragma once

#include <cmath>
#include <string>

#include "files/quantities.hpp"
#include "files/results_file.hpp"
#include "files/run_file.hpp"
#include "pipeline/validation/truth_file.hpp"
#include "pipeline/validation/validation_summary.hpp"

namespace seccm::validation::test {

inline constexpr double z_975 = 1.959963984540054;

inline Truth sample_truth() {
  Truth t;
  t.scenario_name = "sample";
  t.truth_set = "reconciled";
  t.seed = 7;
  t.D_intercalation = 2e-18;
  t.D_deintercalation = 3e-19;
  t.k0 = 2e-11;
  t.c_max = 24000;
  t.E0_vs_Li = 1.75;
  t.pixel_to_stage = {1e-5, 1e-7, 0, 2e-5, 0, 1e-7};
  return t;
}

/// Point k is visited in [10 k, 10 k + 9] and lands at 10 k + 2.
inline files::PointRecord point(int k, files::PointKind kind = files::PointKind::target) {
  files::PointRecord p;
  p.index = k;
  p.kind = kind;
  p.t_start = 10.0 * k;
  p.t_contact = 10.0 * k + 2.0;
  p.t_end = 10.0 * k + 9.0;
  p.contact = true;
  return p;
}

inline TrueLanding landing(int k) {
  TrueLanding l;
  l.t = 10.0 * k + 2.0;
  l.cluster = k;
  l.wetted_particles = 3;
  l.footprint_diameter = 1e-6;
  l.wetted_area = 2e-12;
  l.wetted_volume = 3e-20;
  l.cluster_projected_area = 5e-13;
  l.x_max = 0.3;
  l.x_min = 0.1;
  l.x_turns = {0.0, 0.25, 0.1, 0.3, 0.12};  // cycle 2 takes up 0.20 and gives back 0.18
  l.qrce_offset_vs_Li = 2.9;
  return l;
}

struct SampleRun {
  files::RunSummary run;
  files::Results results;
  Truth truth = sample_truth();

  explicit SampleRun(int points = 0) {
    run.status = "complete";
    run.header.seed = results.seed = truth.seed;
    run.header.scenario_name = results.scenario_name = truth.scenario_name;
    for (int k = 0; k < points; ++k) {
      run.points.push_back(point(k));
      truth.landings.push_back(landing(k));
    }
  }

  [[nodiscard]] JudgedRun judged() const { return {&run, &results, &truth}; }

  /// With the interval that follows from a small error on the scale of the quantity.
  files::Estimate& add(int at, const std::string& estimator, const std::string& quantity, int direction, double value,
                       double error = 0.0, double scan_rate = 0.0) {
    files::Estimate e;
    e.point = at;
    e.estimator = estimator;
    e.quantity = quantity;
    e.unit = "unit";
    e.direction = direction;
    e.scan_rate = scan_rate;
    e.value = value;
    e.standard_error = error;
    e.scale = files::scale_of(quantity);
    e.verdict = files::Verdict::valid;
    const double relative = z_975 * error / std::abs(value);
    const bool logarithmic = e.scale == files::IntervalScale::logarithmic;
    e.level = error > 0.0 ? 0.95 : 0.0;
    e.lower = logarithmic ? value * std::exp(-relative) : value - z_975 * error;
    e.upper = logarithmic ? value * std::exp(relative) : value + z_975 * error;
    return results.estimates.emplace_back(e);
  }
  void lose(int at, const std::string& estimator, const std::string& quantity, int direction,
            const std::string& reason) {
    auto& e = add(at, estimator, quantity, direction, 0.0);
    e.verdict = files::Verdict::refused;
    e.reason = reason;
  }
};

/// Distribution function of the standard normal.
inline double phi(double x) {
  return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

}  // namespace seccm::validation::test
