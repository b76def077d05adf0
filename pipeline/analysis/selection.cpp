#include "pipeline/analysis/selection.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace seccm::analysis {

namespace {

std::string judge_peak(const SweepAnalysis& s, const AnalysisParameters& p) {
  const Peak& peak = s.peak;
  if (!peak.found) return peak.reason;
  if (peak.at_window_edge) return fmt::format("peak at the edge of its window ({:.3f} V vs Li)", peak.E);
  const double height = s.sweep.direction * peak.height;
  if (height < p.snr_min * s.sweep.noise.sigma) {
    return fmt::format("signal-to-noise ratio {:.1f} below {:g}", height / s.sweep.noise.sigma, p.snr_min);
  }
  if (height < p.prominence_min * s.sweep.direction * peak.current) {
    return fmt::format("peak stands {:.0f} % of its current above the baseline, less than {:g} %",
                       100 * peak.height / peak.current, 100 * p.prominence_min);
  }
  return {};
}

std::string judge_stability(const DirectionAnalysis& d, const AnalysisParameters& p) {
  double low = 1e300, high = -1e300, mean = 0, error = 0;
  for (const SweepAnalysis& s : d.sweeps) {
    low = std::min(low, s.peak.current);
    high = std::max(high, s.peak.current);
    mean += s.peak.current / static_cast<double>(d.sweeps.size());
    error = std::max(error, s.peak.current_error);
  }
  // noise alone spreads cycles by about 4 standard errors
  if (high - low <= p.cycle_change_max * std::abs(mean) + 4 * error) return {};
  return fmt::format("unstable: peak current changes by {:.0f} % between cycles", 100 * (high - low) / std::abs(mean));
}

}  // namespace

void judge(DirectionAnalysis& d, const AnalysisParameters& p) {
  const std::string name = d.direction > 0 ? "anodic" : "cathodic";
  d.well_defined = false;
  if (d.sweeps.empty()) {
    d.reason = "no complete " + name + " sweep";
    return;
  }
  for (const SweepAnalysis& s : d.sweeps) {
    const std::string reason = judge_peak(s, p);
    if (reason.empty()) continue;
    d.reason = fmt::format("no well-defined {} peak at {:g} mV/s in cycle {}: {}", name, 1e3 * s.sweep.scan_rate,
                           s.sweep.cycle, reason);
    return;
  }
  d.reason = judge_stability(d, p);
  d.well_defined = d.reason.empty();
}

namespace {

bool sweeps_both_ways(const PointInput& input) {
  const auto any = [&](int direction) {
    return std::ranges::any_of(input.voltammograms,
                               [direction](const Voltammogram& v) { return v.direction == direction; });
  };
  return any(1) && any(-1);
}

}  // namespace

std::string reject_before_treatment(const PointInput& input, const AnalysisParameters& p) {
  const std::string verdict = input.verdict.empty() || input.verdict == "ok" ? "" : " (" + input.verdict + ")";
  if (input.kind == files::PointKind::blank) return "blank point: quality check of the tip";
  if (!input.contact) return "no contact" + verdict;
  // what ran before a programme ended early is as good as ever: only the piece that it ended in is left out
  if (!input.complete && !sweeps_both_ways(input)) return "programme incomplete" + verdict;
  if (!input.reference_known)
    return "the potential against Li is unknown: no valid ferrocene calibration and no stated offset (seccm import "
           "--reference-offset)";
  if (input.voltammograms.empty()) return "no voltammogram";
  if (input.saturated_frames > p.saturated_frames_max) {
    return fmt::format("current out of range in {} frames", input.saturated_frames);
  }
  return {};
}

void select(PointAnalysis& point) {
  point.accepted = false;
  const RateAnalysis* closest = nullptr;
  for (const RateAnalysis& rate : point.rates) {
    if (rate.anodic.well_defined && rate.cathodic.well_defined) {
      point.accepted = true;
      point.reason.clear();
      return;
    }
    const bool half = rate.anodic.well_defined || rate.cathodic.well_defined;
    if (closest == nullptr || (half && !closest->anodic.well_defined && !closest->cathodic.well_defined)) {
      closest = &rate;
    }
  }
  if (closest == nullptr) {
    point.reason = "no complete sweep";
  } else {
    point.reason = closest->anodic.well_defined ? closest->cathodic.reason : closest->anodic.reason;
  }
}

}  // namespace seccm::analysis
