#include "models/particle/host.hpp"

namespace seccm::models {
namespace {

struct Stored {
  std::span<const double> operator()(const RadialState& state) const { return state.filling; }
  std::span<const double> operator()(const PhaseFieldHostState& state) const { return state.filled; }
};

struct Behind {
  std::span<double> operator()(RadialState& state) const { return state.before; }
  std::span<double> operator()(PhaseFieldHostState& state) const { return state.before; }
};

}  // namespace

std::span<const double> stored_of(const HostState& state) {
  return std::visit(Stored{}, state);
}

std::span<double> behind_of(HostState& state) {
  return std::visit(Behind{}, state);
}

}  // namespace seccm::models
