#include "models/ensemble/ensemble_block.hpp"

#include <algorithm>
#include <cmath>

#include "models/material/butler_volmer.hpp"
#include "sim/bracketed_root.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

void eliminate(EnsembleBlock& b, BlockElimination& e, double now) {
  const auto& volume = b.mesh->volume();
  const auto& conductance = b.mesh->conductance();
  const std::size_t cells = volume.size();
  LaneRow held;
  for (std::size_t k = 0; k < cells; ++k) {
    const double inner = conductance[k];
    const double outer = k + 1 < cells ? conductance[k + 1] : 0.0;
    for (std::size_t l = 0; l < block_lanes; ++l) {
      // What a cell holds on to, itself and through the cells behind it; sums only, so that nothing cancels.
      const double through_inner_face = inner > 0.0 ? inner * held[l] / (inner + held[l]) : 0.0;
      held[l] = b.lambda[l] * now * volume[k] + through_inner_face;
      e.pivot[k][l] = 1.0 / (held[l] + outer);
    }
  }
  const double w = b.mesh->inner_weight();
  for (std::size_t l = 0; l < block_lanes; ++l) {
    const double passed = conductance[cells - 1] * e.pivot[cells - 2][l];
    e.slope[l] = -b.flux_scale[l] * (e.pivot[cells - 1][l] * (1.0 + w - w * passed) + b.mesh->slope_weight());
  }
}

}  // namespace

TangentSeed seed_of(EnsembleParameter parameter, sim::Geometry geometry) {
  const double area = geometry == sim::Geometry::sphere ? 2.0 : 0.0;
  switch (parameter) {
    case EnsembleParameter::ln_D:
      return {.ln_lambda = -1.0, .ln_flux_scale = -1.0};
    case EnsembleParameter::ln_k0:
      return {.ln_rate = 1.0};
    case EnsembleParameter::ln_radius:
      return {.ln_lambda = 2.0, .ln_flux_scale = 1.0, .ln_current_scale = area, .ln_capacitance = area};
    case EnsembleParameter::ln_area:
      return {.ln_current_scale = 1.0};
    case EnsembleParameter::E0:
      return {.E0 = 1.0};
    case EnsembleParameter::alpha:
      return {.alpha = 1.0};
    case EnsembleParameter::g:
      return {.g = 1.0};
    case EnsembleParameter::resistance:
      return {.resistance = 1.0};
    case EnsembleParameter::capacitance:
      return {.capacitance = 1.0};
  }
  return {};
}

EnsembleBlock::EnsembleBlock(const EnsembleFrame& frame, const sim::RadialMesh& mesh_given,
                             const std::vector<EnsembleParameter>& by)
    : mesh(&mesh_given),
      law(frame.law),
      plateau(AnatasePlateauLaw::with_solubility(frame.plateau_solubility)),
      f(constants::faraday / (constants::gas * frame.temperature)) {
  const auto cells = static_cast<std::size_t>(mesh->cells());
  for (auto* rows : {&elimination.pivot, &profile, &before}) rows->resize(cells);
  for (const EnsembleParameter parameter : by) {
    BlockTangent& tangent = tangents.emplace_back();
    tangent.seed = seed_of(parameter, frame.geometry);
    tangent.profile.resize(cells);
    tangent.before.resize(cells);
  }
  if (!tangents.empty()) change.resize(cells);
  current.resize(block_rows);
  slopes.resize(block_rows * tangents.size());
}

void EnsembleBlock::rest(const EnsembleCell* first, std::size_t count, double E_rest) {
  E = E_rest;
  dt = 0.0;
  linear = law == IsothermKind::ideal;
  LaneRow filling;
  for (std::size_t l = 0; l < block_lanes; ++l) {
    const EnsembleCell& cell = first[std::min(l, count - 1)];
    radius[l] = cell.radius;
    D[l] = cell.D;
    k0[l] = cell.k0;
    alpha[l] = cell.alpha;
    E0[l] = cell.E0;
    g[l] = cell.g;
    scale[l] = cell.current_per_flux;
    resistance[l] = cell.resistance;
    own_capacitance[l] = cell.capacitance;
    capacitance[l] = cell.capacitance + cell.fixed_capacitance;
    stray[l] = cell.stray_capacitance;
    time_scale[l] = cell.time_scale;
    filling[l] = cell.initial_filling;
    p[l] = p_before[l] = E;
    linear = linear && cell.resistance == 0.0;
  }
  y = y_before = filling;
  std::fill(profile.begin(), profile.end(), filling);
  std::fill(before.begin(), before.end(), filling);
  step_charge = charge = step_lithium = lithium_charge = LaneRow{};
  for (BlockTangent& tangent : tangents) {
    std::fill(tangent.profile.begin(), tangent.profile.end(), LaneRow{});
    std::fill(tangent.before.begin(), tangent.before.end(), LaneRow{});
    tangent.p = tangent.p_before = tangent.step_charge = tangent.charge = LaneRow{};
  }
}

void EnsembleBlock::set_step(double dt_wanted, const sim::StepScheme& scheme) {
  if (dt_wanted == dt && scheme.now == now) return;
  dt = dt_wanted;
  now = scheme.now;
  for (std::size_t l = 0; l < block_lanes; ++l) {
    lane_dt[l] = dt * time_scale[l];
    lambda[l] = radius[l] * radius[l] / (D[l] * lane_dt[l]);
    flux_scale[l] = radius[l] / D[l];
    susceptance[l] = capacitance[l] / lane_dt[l];
  }
  eliminate(*this, elimination, now);
}

double EnsembleBlock::mean_filling(std::size_t lane) const {
  double sum = 0.0;
  for (std::size_t k = 0; k < profile.size(); ++k) sum += mesh->volume()[k] * profile[k][lane];
  return sum * sim::dimension_of(mesh->geometry());
}

void solve_lane_by_bracketing(EnsembleBlock& b, std::size_t l, double B) {
  const auto flux_of = [&](double y_s) { return (y_s - b.a[l]) / B; };
  const auto solve = [&](const auto& law) {
    const auto residual = [&](double y_s) {
      const double q = flux_of(y_s);
      const double reduced = b.f * (b.at_rest[l] - b.coupling[l] * q - b.E0[l]);
      return q - butler_volmer(law, b.k0[l], b.alpha[l], reduced, y_s).flux;
    };
    b.y[l] = sim::bracketed_root(residual, 0.0, 1.0, 1e-15);
  };
  switch (b.law) {
    case IsothermKind::frumkin:
      solve(FrumkinLaw{b.g[l]});
      break;
    case IsothermKind::anatase_plateau:
      solve(b.plateau);
      break;
    case IsothermKind::ideal:
      solve(IdealLaw{});
      break;
  }
  b.q[l] = flux_of(b.y[l]);
  b.p[l] = b.at_rest[l] - b.coupling[l] * b.q[l];
}

}  // namespace seccm::models
