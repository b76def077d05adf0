#include "pipeline/analysis/analyse.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/analysis/background.hpp"
#include "pipeline/analysis/estimator_registry.hpp"
#include "pipeline/analysis/exponent_curve.hpp"
#include "pipeline/analysis/point_analysis.hpp"
#include "pipeline/analysis/reference_potential.hpp"
#include "pipeline/analysis/segmentation.hpp"
#include "pipeline/analysis/selection.hpp"

namespace seccm::analysis {

namespace {

bool takes_part(const files::PointRecord& point) {
  return point.kind == files::PointKind::target || point.kind == files::PointKind::grid ||
         point.kind == files::PointKind::blank;
}

// Runs `work(k)` for k < count over the threads. An exception of the lowest k wins, whatever the order of events.
void for_each_index(std::size_t count, const auto& work) {
  std::vector<std::exception_ptr> failures(count);
#pragma omp parallel for schedule(dynamic)
  for (std::size_t k = 0; k < count; ++k) {
    try {
      work(k);
    } catch (...) {
      failures[k] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// The reader is one file handle: reading is serial, treating is not.
class SerialReader {
 public:
  SerialReader(const files::RunReader& run, const ReferencePotential& reference) : run_(run), reference_(reference) {}
  PointInput read(const files::PointRecord& point) {
    const std::scoped_lock lock(mutex_);
    return read_point(run_, point, reference_);
  }
  std::optional<files::MicrographRecord> micrograph(int point) {
    const std::scoped_lock lock(mutex_);
    return run_.micrograph(point);
  }

 private:
  const files::RunReader& run_;
  const ReferencePotential& reference_;
  std::mutex mutex_;
};

Background make_background(SerialReader& reader, const std::vector<const files::PointRecord*>& points,
                           const files::Preflight& preflight, const AnalysisParameters& p) {
  std::vector<const files::PointRecord*> blanks;
  for (const auto* point : points) {
    if (point->kind == files::PointKind::blank && point->contact && point->complete) blanks.push_back(point);
  }
  if (p.background != BackgroundMethod::blank) blanks.clear();
  std::vector<BlankSweeps> sweeps(blanks.size());
  for_each_index(blanks.size(), [&](std::size_t k) {
    const PointInput input = reader.read(*blanks[k]);
    if (input.saturated_frames <= p.saturated_frames_max) sweeps[k] = analysed_sweeps(input, p);
  });
  return {p.background, {preflight.current_offset, preflight.stray_capacitance}, sweeps};
}

// One cycle in time order; the line under the peaks between the feet, the current itself elsewhere.
void append_curves(const PointAnalysis& point, std::vector<files::CvCurve>& curves) {
  struct Sample {
    double t, E, i, baseline;
  };
  std::map<std::pair<double, int>, std::vector<Sample>> cycles;
  for (const RateAnalysis& rate : point.rates) {
    for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      for (const SweepAnalysis& s : d->sweeps) {
        auto& samples = cycles[{rate.scan_rate, s.sweep.cycle}];
        const auto [low, high] = std::minmax(s.peak.baseline.E_before, s.peak.baseline.E_after);
        for (std::size_t k = 0; k < s.sweep.size(); ++k) {
          const double E = s.sweep.E_vs_Li[k];
          const bool under_peak = s.peak.found && E >= low && E <= high;
          samples.push_back({s.sweep.t[k], E, s.sweep.i[k], under_peak ? s.peak.baseline.at(E) : s.sweep.i[k]});
        }
      }
    }
  }
  for (auto& [key, samples] : cycles) {
    std::stable_sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.t < b.t; });
    files::CvCurve curve;
    curve.point = point.index;
    curve.cycle = key.second;
    curve.scan_rate = key.first;
    for (const Sample& s : samples) {
      curve.E_vs_Li.push_back(s.E);
      curve.current.push_back(s.i);
      curve.baseline.push_back(s.baseline);
    }
    curves.push_back(std::move(curve));
  }
}

}  // namespace

void append_results(const PointAnalysis& point, const AnalysisParameters& parameters, files::Results& results) {
  results.selections.push_back({point.index, point.accepted, point.reason});
  append_curves(point, results.curves);
  if (!point.accepted) return;
  for (const Estimator& estimator : estimators()) run_estimator(estimator, point, parameters, results.estimates);
  for (const int direction : {1, -1}) {
    if (auto curve = exponent_curve(point, direction, parameters)) results.exponents.push_back(std::move(*curve));
  }
}

files::Results analyse(const files::RunReader& run, const AnalysisParameters& parameters) {
  check(parameters);
  const files::RunSummary& summary = run.summary();
  const ReferencePotential reference(summary.reference_calibrations);
  std::vector<const files::PointRecord*> points;
  for (const files::PointRecord& point : summary.points) {
    if (takes_part(point)) points.push_back(&point);
  }
  SerialReader reader(run, reference);
  const Background background = make_background(reader, points, summary.preflight, parameters);
  std::vector<files::Results> parts(points.size());
  for_each_index(points.size(), [&](std::size_t k) {
    PointInput input = reader.read(*points[k]);
    if (const auto picture = reader.micrograph(points[k]->index)) {
      input.micrograph =
          read_micrograph(*picture, input.pipette_diameter, {.edge_gain = parameters.micrograph_edge_gain});
    }
    append_results(analyse_point(input, background, parameters), parameters, parts[k]);
  });

  files::Results results;
  results.scenario_name = summary.header.scenario_name;
  results.seed = summary.header.seed;
  for (files::Results& part : parts) {
    std::ranges::move(part.selections, std::back_inserter(results.selections));
    std::ranges::move(part.estimates, std::back_inserter(results.estimates));
    std::ranges::move(part.curves, std::back_inserter(results.curves));
    std::ranges::move(part.exponents, std::back_inserter(results.exponents));
  }
  return results;
}

}  // namespace seccm::analysis
