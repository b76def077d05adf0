#include "models/cell/step_history.hpp"

#include <algorithm>
#include <utility>

#include "sim/multiversion.hpp"

namespace seccm::models {
namespace {

constexpr std::array charge_parts{&CellCurrents::total,    &CellCurrents::intercalation, &CellCurrents::double_layer,
                                  &CellCurrents::stray,    &CellCurrents::surface_redox, &CellCurrents::water,
                                  &CellCurrents::ferrocene};
constexpr std::size_t widest_polynomial = 6;

/// Of the values at 0, 1, ... steps back for the polynomial through n of them, one step ahead: (-1)^k binomial(n, k+1).
constexpr std::array<std::array<double, widest_polynomial>, sim::highest_bdf_order + 1> ahead{
    {{1.0}, {2.0, -1.0}, {3.0, -3.0, 1.0}, {4.0, -6.0, 4.0, -1.0}, {5.0, -10.0, 10.0, -5.0, 1.0}}};

SECCM_CLONES void scaled(std::size_t n, double w, const double* from, double* out) {
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) out[k] = w * from[k];
}
SECCM_CLONES void add_scaled(std::size_t n, double w, const double* from, double* out) {
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) out[k] += w * from[k];
}
SECCM_CLONES void sum_of_3(std::size_t n, const double* w, const double* a, const double* b, const double* c,
                           double* out) {
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) out[k] = w[0] * a[k] + w[1] * b[k] + w[2] * c[k];
}

/// Weights of the values at 0, 1, ... (in steps back) for the polynomial through `count` of them from `first` on, at
/// `position`.
std::array<double, widest_polynomial> weights_at(double position, std::size_t first, std::size_t count) {
  std::array<double, widest_polynomial> weight{};
  for (std::size_t k = 0; k < count; ++k) {
    weight.at(k) = 1.0;
    for (std::size_t j = 0; j < count; ++j) {
      if (j == k) continue;
      const auto at_k = static_cast<double>(first + k);
      const auto at_j = static_cast<double>(first + j);
      weight.at(k) *= (position - at_j) / (at_k - at_j);
    }
  }
  return weight;
}

}  // namespace

StepHistory::StepHistory(const CellLayout& layout) {
  for (const auto& host : layout.hosts) {
    const std::size_t size = host->stored_size();
    hosts_.push_back({size_, size, host->iterates_filling()});
    highest_order_ = std::min(highest_order_, host->highest_order());
    size_ += size;
  }
  lanes_ = layout.lanes();
  potentials_ = size_;
  electrode_ = potentials_ + lanes_;
  reservoir_ = electrode_ + 1;
  charges_ = reservoir_ + 1;
  size_ = charges_ + charge_parts.size();
  for (auto* ring : {&ring_, &spare_}) {
    for (Values& values : *ring) values.assign(size_, 0.0);
  }
  predicted_.assign(size_, 0.0);
  behind_.assign(lanes_ + 2, 0.0);
}

void StepHistory::pack(const CellState& state, Values& to) const {
  for (std::size_t k = 0; k < hosts_.size(); ++k) {
    const std::span<const double> stored = stored_of(state.hosts[k]);
    std::copy(stored.begin(), stored.end(), to.begin() + static_cast<std::ptrdiff_t>(hosts_[k].first));
  }
  std::copy(state.particle_potential.begin(), state.particle_potential.end(),
            to.begin() + static_cast<std::ptrdiff_t>(potentials_));
  to[electrode_] = state.electrode_potential;
  to[reservoir_] = state.reservoir;
  for (std::size_t k = 0; k < charge_parts.size(); ++k) to[charges_ + k] = state.charge.*charge_parts.at(k);
}

/// The values k and 2k steps back.
void StepHistory::exchange(int k) {
  const auto to = static_cast<std::size_t>(k);
  ring_.at((newest_ + capacity - to) % capacity).swap(ring_.at((newest_ + capacity - 2 * to) % capacity));
}

void StepHistory::restart(const CellState& now) {
  points_ = 0;
  record(now);
}

void StepHistory::record(const CellState& now) {
  before_redouble_ = 0;
  newest_ = (newest_ + 1) % capacity;
  pack(now, ring_.at(newest_));
  points_ = std::min(points_ + 1, static_cast<int>(capacity));
}

void StepHistory::halve(int order) {
  if (before_redouble_ > 0) {
    for (int k = points_ - 1; k > 0; --k) exchange(k);
    points_ = std::exchange(before_redouble_, 0);
    return;
  }
  const auto known = static_cast<std::size_t>(points_);
  const std::size_t through = std::min({known, static_cast<std::size_t>(order) + 2, widest_polynomial});
  const std::size_t made = std::min(2 * known - 1, capacity);
  for (std::size_t k = 0; k < made; ++k) {
    Values& out = spare_.at(capacity - 1 - k);  // the newest one last
    if (k % 2 == 0) {
      out = back(k / 2);
      continue;
    }
    const std::size_t middle = k / 2 + 1;
    const std::size_t first = std::min(middle - std::min(middle, through / 2), known - through);
    const auto weight = weights_at(0.5 * static_cast<double>(k), first, through);
    scaled(size_, weight[0], back(first).data(), out.data());
    for (std::size_t j = 1; j < through; ++j) {
      add_scaled(size_, weight.at(j), back(first + j).data(), out.data());
    }
  }
  ring_.swap(spare_);
  newest_ = capacity - 1;
  points_ = static_cast<int>(made);
}

void StepHistory::redouble() {
  const int kept = (points_ + 1) / 2;
  for (int k = 1; k < kept; ++k) exchange(k);
  before_redouble_ = points_;
  points_ = kept;
}

sim::StepScheme StepHistory::lay_behind(int order, CellState& state) {
  state.step_charge = {};
  if (order == 1) return sim::backward_euler;
  const sim::BdfFormula& formula = sim::bdf_of_order(order);
  const std::array<double, 3> weight{formula.weight[2], formula.weight[3], formula.weight[4]};
  const auto blend = [&](std::size_t first, std::size_t size, double* out) {
    sum_of_3(size, weight.data(), back(1).data() + first, back(2).data() + first, back(3).data() + first, out);
  };
  for (std::size_t k = 0; k < hosts_.size(); ++k) {
    blend(hosts_[k].first, hosts_[k].size, behind_of(state.hosts[k]).data());
  }
  blend(potentials_, lanes_ + 2, behind_.data());
  std::copy_n(behind_.begin(), lanes_, state.particle_potential_before.begin());
  state.electrode_potential_before = behind_[lanes_];
  state.reservoir_before = behind_[lanes_ + 1];
  for (std::size_t k = 0; k < charge_parts.size(); ++k) {
    const double now = back(0)[charges_ + k];
    for (std::size_t j = 0; j < weight.size(); ++j) {
      state.step_charge.*charge_parts.at(k) += weight.at(j) * (now - back(j + 1)[charges_ + k]);
    }
  }
  return {formula.weight[0], formula.weight[1], 1.0, 1.0 / formula.weight[0]};
}

void StepHistory::predict(int order) {
  const std::size_t through = std::min(static_cast<std::size_t>(order) + 1, static_cast<std::size_t>(points_));
  const std::array<double, widest_polynomial>& weight = ahead.at(through - 1);
  const auto run = [&](std::size_t first, std::size_t size) {
    double* out = predicted_.data() + first;
    scaled(size, weight[0], back(0).data() + first, out);
    for (std::size_t j = 1; j < through; ++j) add_scaled(size, weight.at(j), back(j).data() + first, out);
  };
  for (const Part& host : hosts_) {
    if (host.predicted) run(host.first, host.size);
  }
  run(potentials_, lanes_ + 1);
}

std::span<const double> StepHistory::predicted_potential() const {
  return {predicted_.data() + potentials_, lanes_};
}

std::span<const double> StepHistory::predicted_filling(std::size_t host) const {
  const Part& part = hosts_[host];
  return part.predicted ? std::span<const double>{predicted_.data() + part.first, part.size}
                        : std::span<const double>{};
}

}  // namespace seccm::models
