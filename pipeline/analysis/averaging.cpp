#include "pipeline/analysis/averaging.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace seccm::analysis {

namespace {

constexpr int half = 12;  // of the moving quartic, bins
constexpr std::size_t half_bins = half;
constexpr int length = 2 * half + 1;
constexpr std::size_t fewest_bins = 30;

// Weights of the centre value of a quartic (= cubic's even part extended) least-squares fit on -half..half: the even
// polynomial a + b k² + c k⁴ that reproduces 1 and annihilates k² and k⁴.
std::array<double, length> quartic_smoother() {
  double s0 = 0, s2 = 0, s4 = 0, s6 = 0, s8 = 0;
  for (int k = -half; k <= half; ++k) {
    const double q = static_cast<double>(k) * k;
    s0 += 1;
    s2 += q;
    s4 += q * q;
    s6 += q * q * q;
    s8 += q * q * q * q;
  }
  // first column of the inverse of {{s0,s2,s4},{s2,s4,s6},{s4,s6,s8}}
  const double c0 = s4 * s8 - s6 * s6, c1 = s4 * s6 - s2 * s8, c2 = s2 * s6 - s4 * s4;
  const double determinant = s0 * c0 + s2 * c1 + s4 * c2;
  std::array<double, length> weights{};
  for (int k = -half; k <= half; ++k) {
    const double q = static_cast<double>(k) * k;
    weights[static_cast<std::size_t>(k) + half_bins] = (c0 + c1 * q + c2 * q * q) / determinant;
  }
  return weights;
}

// What the residual filter δ - smoother does to noise c(j) = ρ^|j|: covariances at lag 0 and 1 for σ = 1.
struct FilteredNoise {
  double lag0, lag1;
};
FilteredNoise through_filter(const std::array<double, length>& filter, double rho) {
  FilteredNoise out{0, 0};
  for (int j = 0; j < length; ++j) {
    for (int k = 0; k < length; ++k) {
      const double product = filter[static_cast<std::size_t>(j)] * filter[static_cast<std::size_t>(k)];
      out.lag0 += product * std::pow(rho, std::abs(j - k));
      out.lag1 += product * std::pow(rho, std::abs(j - k + 1));
    }
  }
  return out;
}

struct NoiseTable {
  std::array<double, length> filter{};
  static constexpr int steps = 99;
  std::array<FilteredNoise, steps> by_rho{};  // rho = 0, 0.01, ..., 0.98
};
const NoiseTable& noise_table() {
  static const NoiseTable table = [] {
    NoiseTable t;
    const auto smoother = quartic_smoother();
    for (int k = 0; k < length; ++k) {
      t.filter[static_cast<std::size_t>(k)] = (k == half ? 1.0 : 0.0) - smoother[static_cast<std::size_t>(k)];
    }
    for (int r = 0; r < NoiseTable::steps; ++r)
      t.by_rho[static_cast<std::size_t>(r)] = through_filter(t.filter, 0.01 * r);
    return t;
  }();
  return table;
}

struct Block {
  double lag0, lag1;
};

std::vector<Block> block_covariances(std::span<const double> residuals) {
  const std::size_t blocks = std::clamp<std::size_t>(residuals.size() / 24, 1, 24);
  std::vector<Block> out;
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t begin = b * residuals.size() / blocks, end = (b + 1) * residuals.size() / blocks;
    Block block{0, 0};
    for (std::size_t k = begin; k < end; ++k) block.lag0 += residuals[k] * residuals[k];
    for (std::size_t k = begin; k + 1 < end; ++k) block.lag1 += residuals[k] * residuals[k + 1];
    block.lag0 /= static_cast<double>(end - begin);
    block.lag1 /= static_cast<double>(end - begin - 1);
    out.push_back(block);
  }
  return out;
}

double upper_median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

BinNoise solve(double lag0, double ratio) {
  const NoiseTable& table = noise_table();
  std::size_t r = 0;  // the ratio grows with rho
  while (r + 1 < table.by_rho.size() && table.by_rho[r + 1].lag1 / table.by_rho[r + 1].lag0 <= ratio) ++r;
  return {std::sqrt(lag0 / table.by_rho[r].lag0), 0.01 * static_cast<double>(r)};
}

}  // namespace

BinNoise measure_noise(std::span<const double> values) {
  if (values.size() < 60) return {};
  const auto& filter = noise_table().filter;
  std::vector<double> residuals;
  for (std::size_t k = half_bins; k + half_bins < values.size(); ++k) {
    double r = 0;
    for (std::size_t m = 0; m < filter.size(); ++m) r += filter[m] * values[k + m - half_bins];
    residuals.push_back(r);
  }
  const auto blocks = block_covariances(residuals);
  std::vector<double> scales;
  for (const Block& b : blocks) scales.push_back(b.lag0);
  const double lag0 = upper_median(scales);
  double sum0 = 0, sum1 = 0;
  for (const Block& b : blocks) {
    if (b.lag0 > 2.0 * lag0) continue;
    sum0 += b.lag0;
    sum1 += b.lag1;
  }
  return lag0 > 0 ? solve(lag0, sum1 / sum0) : BinNoise{};
}

std::optional<Sweep> average(const Voltammogram& frames, double bin_width) {
  const std::size_t n = frames.i.size();
  if (n < fewest_bins || frames.E_vs_Li.size() != n || frames.t.size() != n) return std::nullopt;
  for (std::size_t k = 0; k < n; ++k) {
    if (!std::isfinite(frames.i[k] + frames.E_vs_Li[k] + frames.t[k])) return std::nullopt;
  }
  const double start = frames.E_vs_Li.front();
  const double span = (frames.E_vs_Li.back() - start) * frames.direction;
  const double bins = std::floor(span / bin_width);
  if (!(bins >= static_cast<double>(fewest_bins)) || bins > 1e6) return std::nullopt;

  const auto count = static_cast<std::size_t>(bins);
  std::vector<double> E(count, 0.0), i(count, 0.0), t(count, 0.0), frames_in(count, 0.0);
  for (std::size_t k = 0; k < n; ++k) {
    const double position = (frames.E_vs_Li[k] - start) * frames.direction / span * bins;
    const auto bin = static_cast<std::size_t>(std::clamp(position, 0.0, bins - 1.0));
    E[bin] += frames.E_vs_Li[k];
    i[bin] += frames.i[k];
    t[bin] += frames.t[k];
    frames_in[bin] += 1.0;
  }
  Sweep sweep{.cycle = frames.cycle,
              .cycle_at_rate = frames.cycle_at_rate > 0 ? frames.cycle_at_rate : frames.cycle,
              .direction = frames.direction,
              .scan_rate = frames.scan_rate,
              .E_standard_error = frames.E_standard_error};
  for (std::size_t b = 0; b < count; ++b) {
    if (frames_in[b] == 0.0) continue;
    sweep.E_vs_Li.push_back(E[b] / frames_in[b]);
    sweep.i.push_back(i[b] / frames_in[b]);
    sweep.t.push_back(t[b] / frames_in[b]);
  }
  if (sweep.size() < fewest_bins) return std::nullopt;
  sweep.background.assign(sweep.size(), 0.0);
  sweep.noise = measure_noise(sweep.i);
  return sweep;
}

std::vector<double> moving_mean(std::span<const double> values, std::size_t half_width) {
  std::vector<double> prefix(values.size() + 1, 0.0), out(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) prefix[k + 1] = prefix[k] + values[k];
  for (std::size_t k = 0; k < values.size(); ++k) {
    // shrink symmetrically at the ends: a one-sided mean would shift a slope
    const std::size_t h = std::min({half_width, k, values.size() - 1 - k});
    out[k] = (prefix[k + h + 1] - prefix[k - h]) / static_cast<double>(2 * h + 1);
  }
  return out;
}

}  // namespace seccm::analysis
