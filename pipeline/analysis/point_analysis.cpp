#include "pipeline/analysis/point_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "pipeline/analysis/averaging.hpp"
#include "pipeline/analysis/optical_area.hpp"
#include "pipeline/analysis/selection.hpp"

namespace seccm::analysis {

namespace {

int cycle_at_rate(const Voltammogram& v) {
  return v.cycle_at_rate > 0 ? v.cycle_at_rate : v.cycle;
}

/// The first cycle to take at a scan rate: `first_cycle`, or the last there is before it.
int first_taken(const PointInput& input, double scan_rate, int first_cycle) {
  int last = 0;
  for (const Voltammogram& v : input.voltammograms) {
    if (same_rate(v.scan_rate, scan_rate)) last = std::max(last, cycle_at_rate(v));
  }
  return std::min(first_cycle, last);
}

// One value per cycle with the error of its own, and what all cycles share.
struct CycleValue {
  double value, own_error;
};
Measured mean_over_cycles(std::span<const CycleValue> values, double shared_error) {
  Measured mean{.known = !values.empty()};
  if (values.empty()) {
    mean.reason = "no peak";
    return mean;
  }
  const auto n = static_cast<double>(values.size());
  double propagated = 0;
  for (const CycleValue& v : values) {
    mean.value += v.value / n;
    propagated += v.own_error * v.own_error / (n * n);
  }
  double scatter = 0;
  for (const CycleValue& v : values) scatter += (v.value - mean.value) * (v.value - mean.value);
  if (values.size() > 1) scatter /= n * (n - 1);
  mean.error = std::hypot(std::sqrt(std::max(propagated, scatter)), shared_error);
  return mean;
}

Measured mean_of(const DirectionAnalysis& d, double shared_error, const auto& value_of) {
  std::vector<CycleValue> values;
  for (const SweepAnalysis& s : d.sweeps) {
    if (s.peak.found) values.push_back(value_of(s));
  }
  return mean_over_cycles(values, shared_error);
}

// What is left of an error when a part of it is taken out.
double without(double error, double part) {
  return std::sqrt(std::max(0.0, error * error - part * part));
}

// Sweeps behind which the contact ended lack what flowed on: where others do not, they are no part of the mean.
std::vector<const SweepAnalysis*> sweeps_of_total(const DirectionAnalysis& d) {
  std::vector<const SweepAnalysis*> closed, open;
  for (const SweepAnalysis& s : d.sweeps)
    if (s.peak.found) (s.charge.open_end ? open : closed).push_back(&s);
  return closed.empty() ? open : closed;
}

Measured mean_total(const DirectionAnalysis& d) {
  std::vector<CycleValue> values;
  double shared = 0.0;
  for (const SweepAnalysis* s : sweeps_of_total(d)) {
    values.push_back({s->charge.total, without(s->charge.total_error, s->charge.total_shared_error)});
    shared += s->charge.total_shared_error;
  }
  return mean_over_cycles(values, values.empty() ? 0.0 : shared / static_cast<double>(values.size()));
}

void summarise(DirectionAnalysis& d) {
  if (d.sweeps.empty()) return;
  const Sweep& first = d.sweeps.front().sweep;
  const double common = first.background_error;
  d.E = mean_of(d, 0.0, [](const SweepAnalysis& s) { return CycleValue{s.peak.E, s.peak.E_error}; });
  d.E_noise = d.E.error;
  d.E.error = std::hypot(d.E.error, first.E_standard_error);
  d.current = mean_of(d, common, [&](const SweepAnalysis& s) {
    return CycleValue{s.peak.current, without(s.peak.current_error, common)};
  });
  d.height = mean_of(d, 0.0, [](const SweepAnalysis& s) { return CycleValue{s.peak.height, s.peak.height_error}; });
  d.total = mean_total(d);
  d.intercalation = mean_of(d, 0.0, [](const SweepAnalysis& s) {
    return CycleValue{s.charge.intercalation, s.charge.intercalation_error};
  });
  d.double_layer = mean_of(d, 0.0, [](const SweepAnalysis& s) { return CycleValue{s.charge.double_layer, 0.0}; });
  d.window = mean_of(d, 0.0, [](const SweepAnalysis& s) { return CycleValue{s.charge.window, 0.0}; }).value;
  d.span = std::abs(first.E_vs_Li.back() - first.E_vs_Li.front());
}

RateAnalysis& rate_of(PointAnalysis& point, double scan_rate) {
  for (RateAnalysis& r : point.rates) {
    if (same_rate(r.scan_rate, scan_rate)) return r;
  }
  point.rates.emplace_back();
  RateAnalysis& added = point.rates.back();
  added.scan_rate = scan_rate;
  added.anodic.direction = 1;
  added.cathodic.direction = -1;
  return added;
}

std::vector<SweepAnalysis*> all_sweeps(PointAnalysis& point) {
  std::vector<SweepAnalysis*> all;
  for (RateAnalysis& rate : point.rates) {
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic})
      for (SweepAnalysis& s : d->sweeps) all.push_back(&s);
  }
  return all;
}

const Sweep* sweep_behind(const Sweep& sweep, const std::vector<SweepAnalysis*>& all) {
  for (const SweepAnalysis* other : all) {
    if (follows(sweep, other->sweep)) return &other->sweep;
  }
  return nullptr;
}

// Mean over the vertices between two sweeps of this rate.
std::optional<Capacitance> mean_capacitance(const RateAnalysis& rate, const std::vector<SweepAnalysis*>& all) {
  Capacitance mean;
  double n = 0, variance = 0;
  for (const DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
    for (const SweepAnalysis& s : d->sweeps) {
      const Sweep* next = sweep_behind(s.sweep, all);
      if (next == nullptr || !same_rate(next->scan_rate, rate.scan_rate)) continue;
      const auto step = vertex_capacitance(s.sweep, *next);
      if (!step) continue;
      mean.value += step->value;
      variance += step->error * step->error;
      n += 1;
    }
  }
  if (n == 0) return std::nullopt;
  return Capacitance{mean.value / n, std::sqrt(variance) / n};
}

double last_time(const PointInput& input) {
  double last = -1e300;
  for (const Voltammogram& v : input.voltammograms)
    if (!v.t.empty()) last = std::max(last, v.t.back());
  return last;
}

void set_charges(PointAnalysis& point, const PointInput& input) {
  const auto all = all_sweeps(point);
  const double end = last_time(input);
  for (RateAnalysis& rate : point.rates) {
    rate.capacitance = mean_capacitance(rate, all);
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      for (SweepAnalysis& s : d->sweeps) {
        if (!s.peak.found) continue;
        const double bin = std::abs(s.sweep.t.back() - s.sweep.t[s.sweep.size() - 2]);
        const bool last = s.sweep.t.back() > end - bin;
        s.charge = integrate(s.sweep, s.peak,
                             {.next = sweep_behind(s.sweep, all),
                              .hold_after = last ? input.hold_after : 0.0,
                              .capacitance = rate.capacitance});
      }
    }
  }
}

// The line under a peak takes a part of the wave with it: all that the total holds beyond may be of the same kind. Then
// the upper limit is that of the total, with its relative error.
void bound_intercalation(DirectionAnalysis& d) {
  Measured& m = d.intercalation;
  m.above = std::max(0.0, d.total.value - m.value);
  if (d.total.value > 0.0) m.error = std::max(m.error, d.total.error * m.value / d.total.value);
  m.leaves_out = d.total.leaves_out;
}

// What the error of a total charge leaves out.
void set_left_out(RateAnalysis& rate, const Background& background) {
  for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
    std::string& left_out = d->total.leaves_out;
    const auto also = [&left_out](const std::string& text) {
      if (!text.empty()) left_out += (left_out.empty() ? "" : "; ") + text;
    };
    also(background.caveat(rate.scan_rate, d->direction));
    if (!rate.capacitance) also("double layer of the particles, which no vertex between two sweeps shows");
    if (std::ranges::any_of(sweeps_of_total(*d), [](const SweepAnalysis* s) { return s->charge.open_end; }))
      also("what flows on behind the sweep");
  }
}

// The spread of the meniscus over the opening, and twice the relative error of the diameter where that is stated.
Measured opening_area(double diameter, double relative_error, const Measured& stated) {
  if (!(diameter > 0.0)) return {.reason = "pipette diameter unknown"};
  const double of_diameter = stated.known ? 2.0 * stated.log_error : 0.0;
  return {.value = std::numbers::pi / 4 * diameter * diameter,
          .known = true,
          .reason = stated.known ? "diameter " + stated.reason : "",
          .log_error = std::hypot(relative_error, of_diameter)};
}

void set_geometry(PointAnalysis& point, const PointInput& input, const AnalysisParameters& p) {
  point.optical_area = analysis::optical_area(input.image_area, p.optical_resolution.si());
  point.pipette_area = opening_area(input.pipette_diameter, p.pipette_area_error,
                                    stated_value(input.stated, files::stated_pipette_diameter));
  point.stated_area = stated_value(input.stated, files::stated_area);
  point.stated_radius = stated_value(input.stated, files::stated_particle_radius);
  for (Measured* m : {&point.micrograph_area, &point.footprint_area, &point.volume}) m->reason = "no micrograph";
  if (!input.micrograph) return;
  point.micrograph_area = input.micrograph->cluster_area;
  point.footprint_area = input.micrograph->footprint_area;
  point.volume = input.micrograph->volume;
  point.volume.log_error = std::hypot(point.volume.log_error, p.micrograph_volume_error);
}

}  // namespace

// Areas and radii are positive: their error counts as one of the logarithm.
Measured stated_value(const std::vector<files::StatedQuantity>& stated, std::string_view quantity) {
  const auto found = std::ranges::find(stated, quantity, &files::StatedQuantity::quantity);
  if (found == stated.end() || !(found->value > 0.0)) return {.reason = fmt::format("no {} is stated", quantity)};
  Measured out{.value = found->value, .known = true, .log_error = found->standard_error / found->value};
  const bool area = found->unit == "m^2";
  const double scale = area ? 1e12 : 1e9;
  const std::string error = found->standard_error > 0.0 ? fmt::format(" +- {:.3g}", scale * found->standard_error) : "";
  out.reason = fmt::format("{:.4g}{} {} stated{} ({})", scale * found->value, error, area ? "um^2" : "nm",
                           error.empty() ? " without an error" : "", found->origin);
  return out;
}

std::vector<Sweep> analysed_sweeps(const PointInput& input, const AnalysisParameters& parameters) {
  std::vector<Sweep> sweeps;
  for (const Voltammogram& v : input.voltammograms) {
    if (cycle_at_rate(v) < first_taken(input, v.scan_rate, parameters.first_cycle)) continue;
    if (auto sweep = average(v, parameters.bin_width.si())) sweeps.push_back(std::move(*sweep));
  }
  return sweeps;
}

PointAnalysis analyse_point(const PointInput& input, const Background& background, const AnalysisParameters& p) {
  PointAnalysis point{.index = input.index, .kind = input.kind};
  set_geometry(point, input, p);
  for (Sweep& sweep : analysed_sweeps(input, p)) {
    RateAnalysis& rate = rate_of(point, sweep.scan_rate);
    rate.only_early_cycles = rate.only_early_cycles || sweep.cycle_at_rate < p.first_cycle;
    rate.background = background.method_at(sweep.scan_rate, sweep.direction);
    background.remove(sweep);
    SweepAnalysis s{.sweep = std::move(sweep)};
    s.peak = find_peak(s.sweep, peak_window(p, s.sweep.direction), p);
    (s.sweep.direction > 0 ? rate.anodic : rate.cathodic).sweeps.push_back(std::move(s));
  }
  std::stable_sort(point.rates.begin(), point.rates.end(),
                   [](const RateAnalysis& a, const RateAnalysis& b) { return a.scan_rate < b.scan_rate; });
  set_charges(point, input);
  for (RateAnalysis& rate : point.rates) {
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) {
      summarise(*d);
      judge(*d, p);
    }
    set_left_out(rate, background);
    for (DirectionAnalysis* d : {&rate.anodic, &rate.cathodic}) bound_intercalation(*d);
  }
  point.reason = reject_before_treatment(input, p);
  if (point.reason.empty()) select(point);
  return point;
}

}  // namespace seccm::analysis
