// What a program of somebody else does with the package: a voltammogram of a cell, and a driver of its own behind the
// roles. Prints what it found; 1 where a number is not the textbook's.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "instrument/decorators/fault_injection.hpp"
#include "instrument/decorators/shared_clock.hpp"
#include "instrument/roles/light.hpp"
#include "models/cell.hpp"
#include "sim/quantity.hpp"

namespace {

using namespace seccm;

/// Reversible peak of a thick slab over 0.446295 F A C sqrt(D F v/RT).
double peak_over_randles_sevcik() {
  models::CellSpec spec;
  spec.geometry = sim::Geometry::slab;
  spec.particles = {{.radius = 2e-6, .initial_filling = 0.0}};
  spec.face_area = 1e-12;
  spec.double_layer.titania = {};
  spec.material.k0 = Velocity(1e-2);
  spec.material.D = 1e-14 * unit::m2_per_s;
  spec.material.diffusion = models::DiffusionKind::single;
  const double rate = 0.1, E0 = spec.material.E0.si();
  const auto program = sim::Waveform::at(E0 + 0.4).ramp_to(E0 - 0.3, rate);
  const models::Trace trace = models::simulate(models::Cell(spec), program);
  const double f = constants::faraday / (constants::gas * spec.temperature);
  const double expected = 0.446295 * constants::faraday * spec.face_area * spec.material.c_max.si() *
                          std::sqrt(spec.material.D.si() * f * rate);
  return -*std::min_element(trace.current.begin(), trace.current.end()) / expected;
}

/// A lamp of one's own.
class Torch final : public instrument::Light {
 public:
  [[nodiscard]] instrument::Identity identity() const override { return {"nobody", "torch", "1", "1"}; }
  [[nodiscard]] instrument::Health health() const override { return {}; }
  instrument::Outcome connect(instrument::ConnectConsent) override { return instrument::Done{}; }
  void make_safe() noexcept override { state_ = {}; }
  instrument::Outcome set(instrument::LightChannel channel, double intensity) override {
    (channel == instrument::LightChannel::reflection ? state_.reflection : state_.transmission) = intensity;
    return instrument::Done{};
  }
  [[nodiscard]] instrument::Result<instrument::LightState> get() const override { return state_; }

 private:
  instrument::LightState state_;
};

}  // namespace

int main() {
  const double ratio = peak_over_randles_sevcik();
  std::printf("peak over Randles-Sevcik: %.5f\n", ratio);
  Torch torch;
  instrument::Light& light = torch;
  const bool lit = light.set(instrument::LightChannel::reflection, 0.5).ok() && light.get().value().reflection == 0.5;
  light.make_safe();
  const bool dark = light.get().value().reflection == 0.0;
  std::printf("torch: %s, %s\n", lit ? "lit" : "not lit", dark ? "dark again" : "still lit");
  // Steps of 1 mV on the mesh that is chosen: 6e-4 and 1e-3 of the peak.
  return std::abs(ratio - 1.0) < 2e-3 && lit && dark ? 0 : 1;
}
