#include "models/cell/engine_choice.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"
#include "sim/quantity.hpp"

namespace seccm::models {
namespace {

// A dense system of particles with error control costs seconds each: `auto` does not walk into minutes.
constexpr std::size_t most_particles = 50;

bool is_sharp(const CellSpec& spec) {
  return spec.model != ParticleModel::fick || spec.material.law == IsothermKind::anatase_plateau ||
         (spec.material.law == IsothermKind::frumkin && spec.material.g < -1.0);
}

void require_sensitivities(const NumericsParameters& numerics, const std::string& beyond) {
  const bool fast = numerics.engine == EngineKind::fast;
  if (!fast && beyond.empty()) return;
  throw InputError(fmt::format(
      "numerics.sensitivities = \"{}\": they come from the reference engine, which {}; accepted are \"\" or engine = "
      "\"auto\" with Fick particles, each behind its own contact",
      numerics.sensitivities, fast ? "engine = \"fast\" excludes" : "does not describe " + beyond));
}

}  // namespace

double longest_potential_step(const CellSpec& spec) {
  const double thermal = constants::gas * spec.temperature / constants::faraday;
  return is_sharp(spec) ? thermal / 20.0 : thermal / 8.0;
}

std::string beyond_reference(const CellSpec& spec) {
  if (spec.particles.empty()) return "a cell without particles";
  if (spec.model != ParticleModel::fick) {
    return fmt::format("particle.model = \"{}\"", particle_model_names[static_cast<std::size_t>(spec.model)]);
  }
  if (spec.wiring) return "a contact network (cluster.wiring)";
  return {};
}

EngineChoice choose_engine(const CellSpec& spec) {
  const NumericsParameters& numerics = spec.numerics;
  const std::string beyond = beyond_reference(spec);
  if (!numerics.sensitivities.empty()) {
    require_sensitivities(numerics, beyond);
    return {EngineKind::reference, "the sensitivities that are asked for are its"};
  }
  if (numerics.engine == EngineKind::reference) {
    if (!beyond.empty()) {
      throw InputError(fmt::format(
          "numerics.engine = \"reference\" does not describe {}; accepted are \"fast\" and \"auto\"", beyond));
    }
    return {EngineKind::reference, "asked for"};
  }
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
  if (!beyond.empty()) {
    return {EngineKind::fast, fmt::format("{}, but the reference engine does not describe {}", too_long, beyond)};
  }
  if (spec.particles.size() > most_particles) {
    return {EngineKind::fast,
            fmt::format("{}, but the reference engine is slow with more than {} particles", too_long, most_particles)};
  }
  return {EngineKind::reference, too_long};
}

}  // namespace seccm::models
