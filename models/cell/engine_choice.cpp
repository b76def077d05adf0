#include "models/cell/engine_choice.hpp"

#include <fmt/format.h>

#include "models/cell/wiring.hpp"
#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

// A dense system of particles with error control costs seconds each: `auto` does not walk into minutes.
constexpr std::size_t most_particles = 50;
// V. At 125 uV the worst row of network_cluster is still off by 5 % of the peak (docs/physics-reference.md); D.
constexpr double igniting_step = 50e-6;

bool is_sharp(const CellSpec& spec) {
  return spec.model != ParticleModel::fick || spec.material.law == IsothermKind::anatase_plateau ||
         (spec.material.law == IsothermKind::frumkin && spec.material.g < -1.0);
}

/// Why `auto` leaves a cell that the steps do not resolve to the fast engine; empty if it does not.
std::string why_fast(const CellSpec& spec) {
  const auto slow = [](std::string_view with) { return fmt::format("the reference engine is slow with {}", with); };
  if (spec.particles.empty()) return "there is no particle whose wave that could be";
  if (spec.model != ParticleModel::fick) {
    return slow(fmt::format("particle.model = \"{}\"", particle_model_names[static_cast<std::size_t>(spec.model)]));
  }
  if (spec.wiring) return slow("a contact network (cluster.wiring)");
  if (spec.particles.size() > most_particles) return slow(fmt::format("more than {} particles", most_particles));
  return {};
}

}  // namespace

double longest_potential_step(const CellSpec& spec) {
  if (spec.wiring && spec.wiring->ignites()) return igniting_step;
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  return is_sharp(spec) ? thermal / 20.0 : thermal / 8.0;
}

EngineChoice choose_engine(const CellSpec& spec) {
  const NumericsParameters& numerics = spec.numerics;
  if (!numerics.sensitivities.empty()) {
    if (numerics.engine != EngineKind::fast) {
      return {EngineKind::reference, "the sensitivities that are asked for are its"};
    }
    throw InputError(
        fmt::format("numerics.sensitivities = \"{}\": they come from the reference engine, which engine = \"fast\" "
                    "excludes; accepted "
                    "are \"\", or engine = \"auto\" or \"reference\"",
                    numerics.sensitivities));
  }
  if (numerics.engine == EngineKind::reference) return {EngineKind::reference, "asked for"};
  if (numerics.engine == EngineKind::fast) return {EngineKind::fast, "asked for"};
  if (numerics.step == StepKind::adaptive) return {EngineKind::fast, "its steps follow the solution"};
  const double step = numerics.potential_step.si();
  const double longest = longest_potential_step(spec);
  if (step <= longest) {
    return {EngineKind::fast,
            fmt::format("steps of {:.3g} mV resolve the wave ({:.3g} mV or less do)", step * 1e3, longest * 1e3)};
  }
  const std::string too_long =
      fmt::format("steps of {:.3g} mV do not resolve the wave ({:.3g} mV or less do)", step * 1e3, longest * 1e3);
  const std::string fast = why_fast(spec);
  if (!fast.empty()) return {EngineKind::fast, fmt::format("{}, but {}", too_long, fast)};
  return {EngineKind::reference, too_long};
}

}  // namespace seccm::models
