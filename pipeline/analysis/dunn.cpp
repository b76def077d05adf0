#include "pipeline/analysis/dunn.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "pipeline/analysis/current_table.hpp"
#include "pipeline/analysis/regression.hpp"

namespace seccm::analysis {

namespace {

struct Split {
  double E;
  PlaneFit fit;
  std::vector<double> current{};  // per rate
};

// The fit of one direction. Without noise its weights are those of the usual straight line through i/v^1/2 against
// v^1/2: the model error of a rate is a share of the largest current there, scaled with v^1/2. A share of the current
// itself would weigh the rates at which it happens to cross zero without bounds.
std::vector<Split> split(const CurrentTable& table, double model_error) {
  std::vector<Split> out{};
  std::vector<double> v{}, root_v{};
  for (const RateColumn& c : table.columns) {
    v.push_back(c.scan_rate);
    root_v.push_back(std::sqrt(c.scan_rate));
  }
  for (std::size_t k = 0; k < table.E_vs_Li.size(); ++k) {
    std::vector<double> current, sigma;
    double largest = 0;
    for (const RateColumn& c : table.columns) largest = std::max(largest, std::abs(c.current[k]));
    for (const RateColumn& c : table.columns) {
      current.push_back(c.current[k]);
      const double model = std::max(model_error, 1e-6) * largest * std::sqrt(c.scan_rate / v.back());
      sigma.push_back(std::max(std::hypot(c.noise, model), 1e-300));
    }
    if (const auto fit = fit_two(v, root_v, current, sigma)) out.push_back({table.E_vs_Li[k], *fit, current});
  }
  return out;
}

struct Sums {
  double capacitive_loop = 0, capacitive_variance = 0, loop = 0, capacitive = 0, diffusive = 0, outside = 0, count = 0;
};

// The share at a potential means nothing where there is next to no current.
double smallest_counted(const std::vector<Split>& splits, std::size_t rate, double noise) {
  double largest = 0;
  for (const Split& s : splits) largest = std::max(largest, std::abs(s.current[rate]));
  return std::max(0.01 * largest, 3.0 * noise);
}

/// V that the potential k stands for: halfway to its neighbours, the outer ones to the ends of the sweep.
double stretch(const std::vector<Split>& splits, std::size_t k, const RateColumn& column) {
  const double from = k == 0 ? column.low : 0.5 * (splits[k - 1].E + splits[k].E);
  const double to = k + 1 == splits.size() ? column.high : 0.5 * (splits[k].E + splits[k + 1].E);
  return to - from;
}

void accumulate(Sums& sums, const std::vector<Split>& splits, int direction, const RateColumn& column,
                std::size_t rate) {
  const double v = column.scan_rate, smallest = smallest_counted(splits, rate, column.noise);
  sums.loop += direction * column.integral;
  for (std::size_t k = 0; k < splits.size(); ++k) {
    const Split& s = splits[k];
    const double capacitive = s.fit.a * v, diffusive = s.fit.b * std::sqrt(v), share = capacitive / s.current[rate];
    const double dE = stretch(splits, k, column), error = s.fit.a_error * v * dE;
    sums.capacitive_loop += direction * capacitive * dE;
    sums.capacitive_variance += error * error;
    sums.capacitive += std::abs(capacitive);
    sums.diffusive += std::abs(diffusive);
    if (std::abs(s.current[rate]) < smallest) continue;
    sums.outside += share >= 0.0 && share <= 1.0 ? 0.0 : 1.0;
    sums.count += 1.0;
  }
}

}  // namespace

std::vector<DunnShare> dunn_shares(const PointAnalysis& point, const AnalysisParameters& parameters) {
  const CurrentTable anodic = current_table(point, 1, parameters), cathodic = current_table(point, -1, parameters);
  if (anodic.columns.size() < 3 || anodic.columns.size() != cathodic.columns.size()) return {};
  const auto anodic_split = split(anodic, parameters.current_model_error),
             cathodic_split = split(cathodic, parameters.current_model_error);
  std::vector<DunnShare> shares{};
  for (std::size_t rate = 0; rate < anodic.columns.size(); ++rate) {
    const double v = anodic.columns[rate].scan_rate;
    Sums sums;
    accumulate(sums, anodic_split, 1, anodic.columns[rate], rate);
    accumulate(sums, cathodic_split, -1, cathodic.columns[rate], rate);
    if (!(sums.count > 0.0) || !(sums.loop > 0.0)) continue;
    DunnShare share{.scan_rate = v};
    share.loop_share = sums.capacitive_loop / sums.loop;
    share.loop_share_error = std::sqrt(sums.capacitive_variance) / sums.loop;
    share.absolute_share = sums.capacitive / (sums.capacitive + sums.diffusive);
    share.capacitive_charge = 0.5 * sums.capacitive_loop / v;
    share.charge_error = 0.5 * std::sqrt(sums.capacitive_variance) / v;
    share.outside = sums.outside / sums.count;
    shares.push_back(share);
  }
  return shares;
}

}  // namespace seccm::analysis
