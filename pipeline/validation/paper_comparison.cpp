#include "pipeline/validation/paper_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "pipeline/validation/matching.hpp"
#include "pipeline/validation/true_values.hpp"
#include "sim/error.hpp"

namespace seccm::validation {
namespace {

constexpr int fewest_targets_of_a_scan = 20;
constexpr double square_centimetres = 1e4;  // per m²

/// A run with its matching and the landing of each point.
struct Joined {
  const JudgedRun* judged = nullptr;
  std::vector<int> match;
  std::map<int, const TrueLanding*> landing;  // by index of the point
  int number = 0;

  [[nodiscard]] int targets() const {
    return static_cast<int>(std::count_if(judged->run->points.begin(), judged->run->points.end(),
                                          [](const auto& p) { return p.kind == files::PointKind::target; }));
  }
  [[nodiscard]] bool is_grid() const {
    return std::any_of(judged->run->points.begin(), judged->run->points.end(),
                       [](const auto& p) { return p.kind == files::PointKind::grid; });
  }
  [[nodiscard]] bool is_scan() const { return targets() >= fewest_targets_of_a_scan; }
};

/// One estimate with the truth of its landing and a group of its own per landing.
struct Sample {
  const files::Estimate* estimate = nullptr;
  const Joined* run = nullptr;
  const TrueLanding* landing = nullptr;
  [[nodiscard]] std::vector<int> cycles() const {
    return analysed_cycles(*run->judged->results, estimate->point, estimate->scan_rate);
  }
  [[nodiscard]] int group() const { return run->number * 1000003 + estimate->point; }
};

struct Wanted {
  std::string_view estimator, quantity;
  int direction = 0;
  double scan_rate = 0.0;  ///< V/s; 0: any
};

bool same_rate(double a, double b) {
  return std::abs(a - b) < 0.02 * b;
}

bool at_50_mV_per_s(const files::Results& results) {
  return std::any_of(results.curves.begin(), results.curves.end(),
                     [](const auto& curve) { return same_rate(curve.scan_rate, 0.05); });
}

class Comparison {
 public:
  Comparison(std::span<const JudgedRun> runs, std::string truth_set, const ValidationParameters& parameters)
      : parameters_(parameters),
        truth_set_(std::move(truth_set)),
        z_(normal_quantile(0.5 + 0.5 * parameters.confidence)) {
    for (const JudgedRun& r : runs) {
      if (r.truth->truth_set != truth_set_) continue;
      Joined j{&r, match_landings(r.run->points, r.truth->landings), {}, static_cast<int>(joined_.size())};
      for (std::size_t k = 0; k < j.match.size(); ++k)
        if (j.match[k] >= 0)
          j.landing[r.run->points[k].index] = &r.truth->landings[static_cast<std::size_t>(j.match[k])];
      joined_.push_back(std::move(j));
    }
  }

  PaperComparison rows() {
    diffusion();
    exponents();
    peak();
    composition();
    well_defined();
    time_saved();
    return {truth_set_, std::move(rows_)};
  }

 private:
  std::vector<Sample> find(const Wanted& w, std::string& why_not) const {
    std::vector<Sample> found;
    std::map<std::string, int> lost;
    for (const Joined& j : joined_) {
      if (j.judged->results == nullptr) continue;
      for (const auto& e : j.judged->results->estimates) {
        if (e.estimator != w.estimator || e.quantity != w.quantity || e.direction != w.direction) continue;
        if (w.scan_rate > 0.0 && !same_rate(e.scan_rate, w.scan_rate)) continue;
        if (!e.usable()) {
          ++lost[e.reason];
          continue;
        }
        const auto at = j.landing.find(e.point);
        found.push_back({&e, &j, at == j.landing.end() ? nullptr : at->second});
      }
    }
    why_not = "no run gives " + std::string(w.estimator);
    int most = 0;
    for (const auto& [reason, count] : lost)
      if (count > most) {
        most = count;
        why_not = std::to_string(count) + " lost: " + reason;
      }
    return found;
  }

  /// Fills blind value and uncertainty with the median of the samples times `unit`.
  void fill(PaperRow& row, const std::vector<Sample>& samples, double unit) const {
    row.n = static_cast<int>(samples.size());
    if (samples.empty()) return;
    std::vector<Grouped> values;
    std::vector<double> errors;
    for (const Sample& s : samples) {
      values.push_back({s.group(), s.estimate->value * unit});
      errors.push_back(s.estimate->standard_error * unit);
    }
    const Distribution d = describe(values, parameters_.confidence, parameters_.resamples,
                                    joined_.front().judged->truth->seed, "paper/" + row.quantity);
    row.blind = d.median;
    const double spread = (d.median_interval.high - d.median_interval.low) / (2.0 * z_);
    const double own = median(errors);
    if (d.groups > 1)
      row.uncertainty = spread;
    else if (own > 0.0)
      row.uncertainty = own;
  }

  void finish(PaperRow row) {
    const auto difference = [&row](double a, double b) -> std::optional<double> {
      if (!row.relative) return a - b;
      if (!(a > 0.0) || !(b > 0.0)) return std::nullopt;
      return std::log10(a / b);
    };
    if (row.blind) row.to_paper = difference(*row.blind, row.paper);
    if (row.blind && row.truth) row.to_truth = difference(*row.blind, *row.truth);
    rows_.push_back(std::move(row));
  }

  /// Median over the samples of the truth that `true_values` gives under `meaning`.
  std::optional<double> truth_of(const std::vector<Sample>& samples, std::string_view meaning, double unit) const {
    std::vector<double> values;
    for (const Sample& s : samples)
      for (const TrueValue& t : true_values(*s.estimate, *s.run->judged->truth, s.landing, s.cycles()))
        if (t.meaning == meaning) values.push_back(t.value * unit);
    if (values.empty()) return std::nullopt;
    return median(values);
  }

  void row(PaperRow base, const Wanted& wanted, double unit, std::string_view meaning) {
    std::string why_not;
    const auto samples = find(wanted, why_not);
    fill(base, samples, unit);
    if (samples.empty()) base.note = why_not;
    if (!meaning.empty()) base.truth = truth_of(samples, meaning, unit);
    finish(std::move(base));
  }

  void diffusion() {
    const std::string hangs = "area in eq. 3 (D ~ A^-2): image area against the wetted one; then R^2/D and k0";
    row({.quantity = "D, de-intercalation",
         .unit = "cm^2/s",
         .paper = 3e-15,
         .paper_text = "3e-15",
         .source = "eq. 3, Figure 3f",
         .truth_meaning = "D",
         .hangs_on = hangs},
        {"randles_sevcik_eq3", "D", +1}, square_centimetres, "D");
    row({.quantity = "D, intercalation",
         .unit = "cm^2/s",
         .paper = 2e-14,
         .paper_text = "2e-14",
         .source = "eq. 3, Figure S9",
         .truth_meaning = "D",
         .hangs_on = hangs},
        {"randles_sevcik_eq3", "D", -1}, square_centimetres, "D");
    own_area();
    row({.quantity = "slope of i_p against v^1/2",
         .unit = "A (V/s)^-1/2",
         .paper = 2.9e-11,
         .paper_text = "2.9e-11",
         .source = "Figure 3f",
         .truth_meaning = "eq. 3, wetted area",
         .hangs_on = "number of wetted particles (their surface) and D"},
        {"peak_current_slope", "slope", +1}, 1.0, "eq. 3, wetted area");
  }

  /// Eq. 3 with the area that the paper's slope and D stand for: D = 3e-15 cm^2/s (slope/2.9e-11)^2, A = 10.45 um^2.
  void own_area() {
    PaperRow r{.quantity = "D, de-intercalation, area 10.45 um^2",
               .unit = "cm^2/s",
               .paper = 3e-15,
               .paper_text = "3e-15",
               .source = "area solved back from slope and D of Figure 3f",
               .truth_meaning = "D",
               .hangs_on = "wetted area of the cluster against 10.45 um^2, then R^2/D"};
    const auto samples = find({"peak_current_slope", "slope", +1}, r.note);
    if (!samples.empty()) r.note.clear();
    std::vector<double> values, truths;
    for (const Sample& s : samples) {
      values.push_back(r.paper * std::pow(s.estimate->value / 2.9e-11, 2));
      truths.push_back(s.run->judged->truth->D_deintercalation * square_centimetres);
    }
    r.n = static_cast<int>(values.size());
    if (!values.empty()) {
      r.blind = median(values);
      r.truth = median(truths);
    }
    finish(std::move(r));
  }

  void exponents() {
    row({.quantity = "b, de-intercalation",
         .unit = "1",
         .paper = 0.55,
         .paper_text = "0.55",
         .source = "Figure 3c",
         .truth_meaning = "",
         .relative = false,
         .hangs_on = "R^2/D (finite particles) and the capacitive share"},
        {"b_value", "b", +1}, 1.0, "");
    row({.quantity = "b, intercalation",
         .unit = "1",
         .paper = 0.67,
         .paper_text = "0.67",
         .source = "text to Figure 3",
         .truth_meaning = "",
         .relative = false,
         .hangs_on = "R^2/D, the capacitive share, and trace-water reduction under the cathodic peak"},
        {"b_value", "b", -1}, 1.0, "");
  }

  void peak() {
    row({.quantity = "cathodic peak at 50 mV/s",
         .unit = "V vs Li/Li+",
         .paper = 1.5,
         .paper_text = "~1.5",
         .source = "Figure 2",
         .truth_meaning = "E0",
         .relative = false,
         .hangs_on = "k0 and the contact resistance (overpotential), then the reference electrode's offset"},
        {"peak_potential", "peak_potential", -1, 0.05}, 1.0, "E0");
  }

  /// x against volume at 100 mV/s, and the C-rate of the best cluster.
  void composition() {
    PaperRow smallest{.quantity = "x, highest among the smallest clusters",
                      .unit = "1",
                      .paper = 0.3,
                      .paper_text = "up to 0.3",
                      .source = "Figure 4d, 100 mV/s",
                      .truth_meaning = "highest x that a sweep gave back among them",
                      .hangs_on = "R^2/D and the potential window; the volume from the micrograph (x ~ 1/V)"};
    PaperRow largest{.quantity = "x, median of the largest clusters",
                     .unit = "1",
                     .paper = 0.1,
                     .paper_text = "< 0.1",
                     .source = "Figure 4d, 100 mV/s",
                     .truth_meaning = "median x that a sweep gave back",
                     .hangs_on = "share of the cluster that is wetted and connected; contact resistance"};
    PaperRow rate{.quantity = "C-rate of the highest x",
                  .unit = "1/h",
                  .paper = 108,
                  .paper_text = "108 C",
                  .source = "Conclusion, section S4",
                  .truth_meaning = "the same with the true x of the sweep",
                  .hangs_on = "definition of the C-rate (time base), then x"};
    std::string why_not;
    auto samples = find({"composition", "x", +1, 0.1}, why_not);
    std::map<std::pair<int, int>, double> volume;  // of (run, point)
    std::string unused;
    for (const Sample& s : find({"volume_micrograph", "volume", 0}, unused))
      volume[{s.run->number, s.estimate->point}] = s.estimate->value;
    const auto volume_of = [&](const Sample& s) { return volume.at({s.run->number, s.estimate->point}); };
    std::erase_if(samples, [&](const Sample& s) { return !volume.contains({s.run->number, s.estimate->point}); });
    if (samples.empty()) {
      for (PaperRow* r : {&smallest, &largest, &rate}) r->note = why_not;
    } else {
      std::vector<double> volumes;
      for (const Sample& s : samples) volumes.push_back(volume_of(s));
      const double low = quantile(volumes, 0.25), high = quantile(volumes, 0.75);
      std::vector<Sample> small, large;
      for (const Sample& s : samples) {
        if (volume_of(s) <= low) small.push_back(s);
        if (volume_of(s) >= high) large.push_back(s);
      }
      best_of(small, smallest, rate);
      fill(largest, large, 1.0);
      largest.truth = truth_of(large, "sweep exchange", 1.0);
      smallest.note = "lower quartile of the volume";
      largest.note = "upper quartile of the volume";
    }
    for (PaperRow* r : {&smallest, &largest, &rate}) finish(std::move(*r));
  }

  void best_of(const std::vector<Sample>& small, PaperRow& x, PaperRow& rate) const {
    const Sample best = *std::max_element(small.begin(), small.end(), [](const Sample& a, const Sample& b) {
      return a.estimate->value < b.estimate->value;
    });
    x.n = static_cast<int>(small.size());
    x.blind = best.estimate->value;
    if (best.estimate->standard_error > 0.0) x.uncertainty = best.estimate->standard_error;
    double highest = 0.0;
    for (const Sample& s : small)
      if (s.landing != nullptr) highest = std::max(highest, exchanged_x(*s.landing, +1, s.cycles()));
    if (highest > 0.0) x.truth = highest;
    std::string why_not;
    for (const Sample& s : find({"c_rate", "C_rate", +1, 0.1}, why_not)) {
      if (s.run != best.run || s.estimate->point != best.estimate->point || s.estimate->cycle != best.estimate->cycle)
        continue;
      rate.n = 1;
      rate.blind = s.estimate->value;
      if (s.estimate->standard_error > 0.0) rate.uncertainty = s.estimate->standard_error;
      if (best.landing != nullptr && best.estimate->value > 0.0)
        rate.truth = s.estimate->value * exchanged_x(*best.landing, +1, best.cycles()) / best.estimate->value;
    }
    if (!rate.blind) rate.note = why_not;
  }

  void well_defined() {
    PaperRow r{.quantity = "share of well-defined voltammograms",
               .unit = "1",
               .paper = 47.0 / 60.0,
               .paper_text = "47 of 60",
               .source = "text to Figure 4, scan at 50 mV/s",
               .truth_meaning = "share of points with particles under the meniscus",
               .relative = false,
               .hangs_on = "cluster sizes under the meniscus, noise, and what is called well defined"};
    int accepted = 0, judged = 0, points = 0, on_particles = 0;
    for (const Joined& j : joined_) {
      if (!j.is_scan() || j.judged->results == nullptr || !at_50_mV_per_s(*j.judged->results)) continue;
      const ScanEconomy e = scan_economy(*j.judged->run, j.judged->results, *j.judged->truth, j.match);
      accepted += e.well_defined;
      judged += e.points;
      points += e.points;
      on_particles += e.on_particles;
    }
    r.n = judged;
    if (judged == 0) {
      r.note = "no analysed scan of at least " + std::to_string(fewest_targets_of_a_scan) + " targets at 50 mV/s";
    } else {
      const Share share = share_of(accepted, judged, parameters_.confidence);
      r.blind = share.value();
      r.uncertainty = (share.interval.high - share.interval.low) / (2.0 * z_);
      r.truth = static_cast<double>(on_particles) / points;
      r.note = std::to_string(accepted) + " of " + std::to_string(judged);
    }
    finish(std::move(r));
  }

  void time_saved() {
    PaperRow r{.quantity = "time saved per useful particle",
               .unit = "1",
               .paper = 0.9,
               .paper_text = "> 0.9",
               .source = "Conclusion: scan time, not per particle",
               .truth_meaning = "",
               .relative = false,
               .hangs_on = "how densely the clusters lie against the pitch of the array, and what is called useful"};
    std::optional<ScanEconomy> grid;
    std::vector<double> saved;
    for (const Joined& j : joined_)
      if (j.is_grid() && !grid) grid = scan_economy(*j.judged->run, j.judged->results, *j.judged->truth, j.match);
    for (const Joined& j : joined_) {
      if (!j.is_scan()) continue;
      const ScanEconomy e = scan_economy(*j.judged->run, j.judged->results, *j.judged->truth, j.match);
      // A node of the array lasts as long as its programme: only scans of the same programme compare.
      const bool comparable = grid && std::abs(grid->time_per_point - e.time_per_point) < 0.25 * e.time_per_point;
      std::optional<TimeSaved> t;
      if (comparable)
        t = time_saved_by_runs(e, *grid, parameters_);
      else if (j.judged->array != nullptr)
        t = time_saved_by_simulation(e, *j.judged->array, parameters_);
      if (t && t->saved) saved.push_back(*t->saved);
      r.note += (r.note.empty() ? "" : "; ") + j.judged->truth->scenario_name + ": " + (t ? t->basis : "no array");
    }
    r.n = static_cast<int>(saved.size());
    if (saved.empty() && r.note.empty())
      r.note = "no scan of at least " + std::to_string(fewest_targets_of_a_scan) + " targets";
    if (!saved.empty()) r.blind = median(saved);
    finish(std::move(r));
  }

  const ValidationParameters& parameters_;
  std::string truth_set_;
  double z_;
  std::vector<Joined> joined_;
  std::vector<PaperRow> rows_;
};

}  // namespace

std::vector<PaperComparison> compare_with_paper(std::span<const JudgedRun> runs,
                                                const ValidationParameters& parameters) {
  require_valid(parameters);
  std::vector<std::string> sets;
  for (const JudgedRun& r : runs) {
    if (r.run == nullptr || r.truth == nullptr) throw InputError("the comparison needs each run with its truth");
    if (std::find(sets.begin(), sets.end(), r.truth->truth_set) == sets.end()) sets.push_back(r.truth->truth_set);
  }
  std::vector<PaperComparison> comparisons;
  for (const std::string& set : sets) comparisons.push_back(Comparison(runs, set, parameters).rows());
  return comparisons;
}

}  // namespace seccm::validation
