#include "models/reference/reference_sensitivity.hpp"

#include <cmath>

#include "models/cell/cell_layout.hpp"
#include "models/reference/parameter_path.hpp"

namespace seccm::models {
namespace {

constexpr double difference = 1e-5;  // of π

}  // namespace

SensitiveSystem::SensitiveSystem(const ReferenceSpec& spec, double scan_rate, std::span<const std::string> paths) {
  const ReferenceMesh mesh = reference_mesh(spec.cell);
  const ReferenceUnits units = reference_units(spec, scan_rate);
  base_ = std::make_unique<ReferenceSystem>(spec, mesh, units);
  work_.resize(base_->pattern().size);
  for (const std::string& path : paths) {
    const double value = parameter_value(spec, path);
    Neighbours pair;
    pair.scale = parameter_scale(spec, path);
    const ReferenceSpec above = with_parameter(spec, path, value + difference * pair.scale);
    const ReferenceSpec below = with_parameter(spec, path, value - difference * pair.scale);
    pair.stray = (above.cell.stray_capacitance - below.cell.stray_capacitance) / (2.0 * difference);
    pair.above = std::make_unique<ReferenceSystem>(above, mesh, units);
    pair.below = std::make_unique<ReferenceSystem>(below, mesh, units);
    neighbours_.push_back(std::move(pair));
  }
}

void SensitiveSystem::set_ramp(const Ramp& ramp) {
  base_->ramp = ramp;
  for (Neighbours& pair : neighbours_) pair.above->ramp = pair.below->ramp = ramp;
}

void SensitiveSystem::set_direction(bool intercalating) {
  base_->intercalating = intercalating;
  for (Neighbours& pair : neighbours_) pair.above->intercalating = pair.below->intercalating = intercalating;
}

bool SensitiveSystem::settle_branches(std::span<const double> u) {
  const bool changed = base_->settle_branches(u);
  for (Neighbours& pair : neighbours_) {
    pair.above->follow_branches(*base_);
    pair.below->follow_branches(*base_);
  }
  return changed;
}

void SensitiveSystem::free_branches() {
  base_->free_branches();
  for (Neighbours& pair : neighbours_) {
    pair.above->free_branches();
    pair.below->free_branches();
  }
}

void SensitiveSystem::by_parameter(std::size_t k, double t, std::span<const double> u, std::span<const double> du,
                                   std::span<double> out) {
  neighbours_[k].above->residual(t, u, du, out);
  neighbours_[k].below->residual(t, u, du, work_);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (out[i] - work_[i]) / (2.0 * difference);
}

std::vector<std::vector<double>> SensitiveSystem::rest(double E) const {
  std::vector<std::vector<double>> all;
  for (const Neighbours& pair : neighbours_) {
    std::vector<double> s = pair.above->rest(E);
    const std::vector<double> below = pair.below->rest(E);
    for (std::size_t i = 0; i < s.size(); ++i) s[i] = (s[i] - below[i]) / (2.0 * difference);
    all.push_back(std::move(s));
  }
  return all;
}

std::vector<std::vector<double>> SensitiveSystem::jump(double t, double E_before, double E_after,
                                                       const std::vector<double>& u,
                                                       const std::vector<std::vector<double>>& s) const {
  std::vector<std::vector<double>> all;
  for (std::size_t k = 0; k < neighbours_.size(); ++k) {
    std::vector<double> above = u;
    std::vector<double> below = u;
    for (std::size_t i = 0; i < u.size(); ++i) {
      above[i] += difference * s[k][i];
      below[i] -= difference * s[k][i];
    }
    neighbours_[k].above->jump(t, E_before, E_after, above);
    neighbours_[k].below->jump(t, E_before, E_after, below);
    for (std::size_t i = 0; i < u.size(); ++i) above[i] = (above[i] - below[i]) / (2.0 * difference);
    all.push_back(std::move(above));
  }
  return all;
}

std::vector<double> SensitiveSystem::event_delay(const std::vector<double>& u, const std::vector<double>& du,
                                                 const std::vector<std::vector<double>>& s) const {
  // i(u, p) is linear in u: i = Σ c_n u_n, so that di/dt is i evaluated at u'.
  const double speed = base_->intercalation_current(du);
  std::vector<double> all;
  for (std::size_t k = 0; k < neighbours_.size(); ++k) {
    const double direct =
        (neighbours_[k].above->intercalation_current(u) - neighbours_[k].below->intercalation_current(u)) /
        (2.0 * difference);
    const double change = base_->intercalation_current(s[k]) + direct;
    all.push_back(speed != 0.0 ? -change / speed : 0.0);
  }
  return all;
}

double SensitiveSystem::current_sensitivity(std::size_t k, std::span<const double> s) const {
  const double by_scaled = base_->current_unit() * s[base_->current_index()] + neighbours_[k].stray * base_->ramp.slope;
  return by_scaled / neighbours_[k].scale;
}

double SensitiveSystem::charge_sensitivity(std::size_t k, std::span<const double> s) const {
  return base_->current_unit() * s[base_->current_index() + 1] / neighbours_[k].scale;
}

}  // namespace seccm::models
