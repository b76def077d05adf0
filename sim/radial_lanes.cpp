#include "sim/radial_lanes.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "sim/error.hpp"
#include "sim/multiversion.hpp"

namespace seccm::sim {
namespace {

constexpr int narrow_block = 8;
constexpr int wide_block = 16;

int width_for(std::size_t bodies) {
  if (bodies == 1) return 1;
  return bodies <= narrow_block ? narrow_block : wide_block;
}

/// What the sweeps read that is common to all lanes.
struct Sweep {
  std::size_t cells;
  std::size_t blocks;
  const double* volume;
  const double* conductance;
  const double* pivot;
  double inner_weight;
};

template <int W>
SECCM_INLINE void forward_blocks(const Sweep& s, const double* lambda, double last, double before_weight,
                                 const double* now, double* before, double* a) {
  for (std::size_t b = 0; b < s.blocks; ++b) {
    const std::size_t first = b * s.cells * W;
    const double* y = now + first;
    const double* p = s.pivot + first;
    double* g = before + first;
    double scale[W];
    double carried[W];
    for (int l = 0; l < W; ++l) {
      scale[l] = lambda[b * W + static_cast<std::size_t>(l)];
      carried[l] = 0.0;
    }
    for (std::size_t k = 0; k < s.cells; ++k) {
      const double last_k = -last * s.volume[k];
      const double before_k = -before_weight * s.volume[k];
      const double tau = s.conductance[k];
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        const double history = scale[l] * (last_k * y[l] + before_k * g[l]);
        carried[l] = p[l] * history + (tau * p[l]) * carried[l];
        g[l] = carried[l];
      }
      y += W;
      p += W;
      g += W;
    }
    const double* outer = g - W;
    const double* inner = g - 2 * W;
    const double* inner_pivot = p - 2 * W;
    const double tau = s.conductance[s.cells - 1];
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const double next = inner[l] + tau * inner_pivot[l] * outer[l];
      a[b * W + static_cast<std::size_t>(l)] = outer[l] + s.inner_weight * (outer[l] - next);
    }
  }
}

template <int W>
SECCM_INLINE void backward_blocks(const Sweep& s, const double* flux_scale, const double* flux, double* profile) {
  for (std::size_t b = 0; b < s.blocks; ++b) {
    const std::size_t first = b * s.cells * W;
    const double* p = s.pivot + first + (s.cells - 1) * W;
    double* g = profile + first + (s.cells - 1) * W;
    double outer[W];
#pragma omp simd
    for (int l = 0; l < W; ++l) {
      const std::size_t lane = b * W + static_cast<std::size_t>(l);
      outer[l] = g[l] - p[l] * flux_scale[lane] * flux[lane];
      g[l] = outer[l];
    }
    for (std::size_t k = s.cells - 1; k-- > 0;) {
      const double tau = s.conductance[k + 1];
      p -= W;
      g -= W;
#pragma omp simd
      for (int l = 0; l < W; ++l) {
        outer[l] = g[l] + tau * p[l] * outer[l];
        g[l] = outer[l];
      }
    }
  }
}

/// One body has no lanes to fill: its sweeps are chains along the cells, cut into pieces.
SECCM_CLONES void forward_1(const Sweep& s, const double* held, const SplitChain& chain, double last,
                            double before_weight, const double* now, double* before, double* a) {
#pragma omp simd
  for (std::size_t k = 0; k < s.cells; ++k) before[k] = -held[k] * (last * now[k] + before_weight * before[k]);
  chain.run_up(before);
  const double outer = before[s.cells - 1];
  const double next = before[s.cells - 2] + s.conductance[s.cells - 1] * s.pivot[s.cells - 2] * outer;
  a[0] = outer + s.inner_weight * (outer - next);
}
SECCM_CLONES void forward_8(const Sweep& s, const double* lambda, double last, double before_weight, const double* now,
                            double* before, double* a) {
  forward_blocks<narrow_block>(s, lambda, last, before_weight, now, before, a);
}
SECCM_CLONES void forward_16(const Sweep& s, const double* lambda, double last, double before_weight, const double* now,
                             double* before, double* a) {
  forward_blocks<wide_block>(s, lambda, last, before_weight, now, before, a);
}
SECCM_CLONES void backward_1(const Sweep& s, const SplitChain& chain, double flux, double* profile) {
  profile[s.cells - 1] -= s.pivot[s.cells - 1] * flux;
  chain.run_down(profile);
}
SECCM_CLONES void backward_8(const Sweep& s, const double* scale, const double* flux, double* profile) {
  backward_blocks<narrow_block>(s, scale, flux, profile);
}
SECCM_CLONES void backward_16(const Sweep& s, const double* scale, const double* flux, double* profile) {
  backward_blocks<wide_block>(s, scale, flux, profile);
}

SECCM_CLONES double product_sum(const double* a, const double* b, std::size_t size) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (std::size_t k = 0; k < size; ++k) sum += a[k] * b[k];
  return sum;
}

Sweep sweep_of(const RadialLanes& lanes, const std::vector<double>& pivot) {
  const RadialMesh& mesh = lanes.mesh();
  return {.cells = static_cast<std::size_t>(mesh.cells()),
          .blocks = lanes.lanes() / static_cast<std::size_t>(lanes.width()),
          .volume = mesh.volume().data(),
          .conductance = mesh.conductance().data(),
          .pivot = pivot.data(),
          .inner_weight = mesh.inner_weight()};
}

}  // namespace

RadialLanes::RadialLanes(RadialMesh mesh, std::vector<double> radius)
    : mesh_(std::move(mesh)), bodies_(radius.size()), width_(width_for(radius.size())), radius_(std::move(radius)) {
  if (bodies_ == 0) throw InputError("radial lanes: no body; at least one is needed");
  for (const double r : radius_) {
    if (!(std::isfinite(r) && r > 0.0)) {
      throw InputError(fmt::format("radial lanes: radius {} m; a value above 0 is needed", r));
    }
  }
  const auto w = static_cast<std::size_t>(width_);
  radius_.resize((bodies_ + w - 1) / w * w, radius_.front());
}

std::size_t RadialLanes::index(std::size_t body, std::size_t cell) const {
  const auto w = static_cast<std::size_t>(width_);
  return ((body / w) * static_cast<std::size_t>(mesh_.cells()) + cell) * w + body % w;
}

double RadialLanes::mean(std::span<const double> profile, std::size_t body) const {
  const double* y = profile.data() + index(body, 0);
  const auto stride = static_cast<std::size_t>(width_);
  const double* volume = mesh_.volume().data();
  const std::size_t cells = mesh_.volume().size();
  double sum = 0.0;
  if (stride == 1) {
    sum = product_sum(volume, y, cells);
  } else {
    for (std::size_t k = 0; k < cells; ++k) sum += volume[k] * y[k * stride];
  }
  return sum * dimension_of(mesh_.geometry());
}

RadialElimination::RadialElimination(const RadialLanes& lanes, double D, double dt, StepScheme scheme)
    : lanes_(&lanes), scheme_(scheme), pivot_(lanes.profile_size()) {
  if (!(D > 0.0) || !(dt > 0.0))
    throw InputError(fmt::format("radial diffusion: D = {} m^2/s, dt = {} s; both above 0", D, dt));
  const RadialMesh& mesh = lanes.mesh();
  const std::size_t cells = mesh.volume().size();
  const auto width = static_cast<std::size_t>(lanes.width());
  for (auto* values : {&lambda_, &flux_scale_, &slope_}) values->reserve(lanes.lanes());
  for (std::size_t lane = 0; lane < lanes.lanes(); ++lane) {
    const double r = lanes.radius()[lane];
    const double lambda = r * r / (D * dt);
    double* pivot = pivot_.data() + lanes.index(lane, 0);
    // What a cell holds on to, itself and through the cells behind it; sums only, so that nothing cancels.
    double held = 0.0;
    for (std::size_t k = 0; k < cells; ++k) {
      const double inner = mesh.conductance()[k];
      const double outer = k + 1 < cells ? mesh.conductance()[k + 1] : 0.0;
      const double through_inner_face = inner > 0.0 ? inner * held / (inner + held) : 0.0;
      held = lambda * scheme.now * mesh.volume()[k] + through_inner_face;
      pivot[k * width] = 1.0 / (held + outer);
    }
    const double outer_pivot = pivot[(cells - 1) * width];
    const double passed = mesh.conductance()[cells - 1] * pivot[(cells - 2) * width];
    const double w = mesh.inner_weight();
    lambda_.push_back(lambda);
    flux_scale_.push_back(r / D);
    slope_.push_back(-(r / D) * (outer_pivot * (1.0 + w - w * passed) + mesh.slope_weight()));
  }
  if (lanes.lanes() > 1) return;
  std::vector<double> outwards(cells), inwards(cells, 0.0);
  held_.resize(cells);
  for (std::size_t k = 0; k < cells; ++k) {
    held_[k] = lambda_[0] * mesh.volume()[k] * pivot_[k];
    outwards[k] = mesh.conductance()[k] * pivot_[k];
    if (k > 0) inwards[cells - k] = mesh.conductance()[k] * pivot_[k - 1];
  }
  outwards_ = SplitChain(std::move(outwards));
  inwards_ = SplitChain(std::move(inwards));
}

void RadialElimination::forward(std::span<const double> now, std::span<double> before, std::span<double> a) const {
  assert(now.size() == pivot_.size() && before.size() == pivot_.size() && a.size() == lambda_.size());
  const Sweep sweep = sweep_of(*lanes_, pivot_);
  if (lanes_->width() == 1) {
    forward_1(sweep, held_.data(), outwards_, scheme_.last, scheme_.before, now.data(), before.data(), a.data());
    return;
  }
  const auto run = lanes_->width() == narrow_block ? &forward_8 : &forward_16;
  run(sweep, lambda_.data(), scheme_.last, scheme_.before, now.data(), before.data(), a.data());
}

void RadialElimination::backward(std::span<double> profile, std::span<const double> flux) const {
  assert(profile.size() == pivot_.size() && flux.size() == lambda_.size());
  const Sweep sweep = sweep_of(*lanes_, pivot_);
  if (lanes_->width() == 1) {
    backward_1(sweep, inwards_, flux_scale_[0] * flux[0], profile.data());
    return;
  }
  const auto run = lanes_->width() == narrow_block ? &backward_8 : &backward_16;
  run(sweep, flux_scale_.data(), flux.data(), profile.data());
}

}  // namespace seccm::sim
