#include "models/reference/host_block.hpp"

namespace seccm::models {

void HostBlock::set_tolerances(double relative, std::span<double> all) const {
  for (const Flux& flux : fluxes_) all[flux.unknown] = relative;
}
void HostBlock::event(std::span<const double> /*u*/, std::span<double> /*g*/) const {}
bool HostBlock::settle_branch(std::span<const double> /*u*/) {
  return false;
}
void HostBlock::follow_branch(const HostBlock& /*other*/) {}

}  // namespace seccm::models
