#include "models/engine/liquid_engine.hpp"

#include <cmath>
#include <utility>

#include "sim/error.hpp"

namespace seccm::models {
namespace {

const Cell& in_fixed_steps(const Cell& cell) {
  if (cell.spec().numerics.step == StepKind::adaptive) {
    throw InputError(
        "numerics.step = \"adaptive\" with electrolyte.transport or electrolyte.spreading: the loop of cell and liquid "
        "takes fixed steps; accepted are \"auto\" and \"fixed\"");
  }
  return cell;
}

}  // namespace

LiquidEngine::LiquidEngine(const Cell& cell, const ElectrolyteSpec& liquid, double E_vs_Li)
    : cell_(&cell), run_(in_fixed_steps(cell), liquid, E_vs_Li, 1.0) {}

LiquidEngine::LiquidEngine(std::unique_ptr<const Cell> cell, const ElectrolyteSpec& liquid, double E_vs_Li,
                           double water_left)
    : owned_(std::move(cell)), cell_(owned_.get()), run_(in_fixed_steps(*cell_), liquid, E_vs_Li, water_left) {}

void LiquidEngine::advance(double E_end, double dt) {
  run_.advance(E_end, dt);
  if (watch_) watch_(time());
}

std::optional<LiquidRow> LiquidEngine::liquid() const {
  const SaltTip& tip = run_.tip();
  const double thermal = constants::gas * cell_->spec().temperature / constants::faraday;
  return LiquidRow{.concentration = tip.concentration,
                   .activity = tip.activity,
                   .nernst_potential = thermal * std::log(tip.activity),
                   .diffusion_potential = tip.diffusion_potential,
                   .series_resistance = run_.series_resistance(),
                   .footprint_radius = run_.gold().footprint()};
}

}  // namespace seccm::models
