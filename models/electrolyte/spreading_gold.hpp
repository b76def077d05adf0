// Gold that a spreading meniscus wets while the cell runs.
//
// Footprint radius (m), t since the start:
//   exponential   a_f(t) = a0 + (a_end - a0)(1 - e^(-t/τ)),  a_end = ratio a0
//   power         a_f(t) = a0 (1 + t/τ)^n
// The grown area ΔA = π (a_f² - a0²) is bare gold at the potential φ of the metal. Its charge
//   q(t) = C' ΔA (φ - E_pzc)  -  q_w [ ΔA - W ]
// C' double-layer capacitance per area, E_pzc potential of zero charge (V vs Li/Li+), q_w water per area, W the water
// that is left on it (as an area): gold wetted at φ has at once passed what a sweep down to φ passes, W grows by
// S(φ) dA, and a cathodic sweep consumes by S as in models/cell/water_reservoir.hpp. The current dq/dt, anodic
// positive, follows the formula of the steps, so that the charges add up to q. Particles in the grown ring are not
// wetted.
#pragma once

#include "models/cell/cell_spec.hpp"
#include "models/cell/surroundings.hpp"
#include "models/cell/water_reservoir.hpp"
#include "models/electrolyte/electrolyte_transport_parameters.hpp"
#include "sim/step_scheme.hpp"

namespace seccm::models {

/// a_f(t)/a0.
double spread_ratio(const SaltTransportParameters& parameters, double time);

class SpreadingGold final : public MetalLoad {
 public:
  struct Currents {
    double double_layer = 0.0;  ///< A
    double water = 0.0;
  };

  /// `footprint` is the radius at the start.
  SpreadingGold(const SaltTransportParameters& parameters, const CellSpec& cell, double footprint);

  /// Prepares a step.
  void begin(double dt, const sim::StepScheme& scheme);
  [[nodiscard]] NodeCurrent at(double phi) const override;
  /// The end of the step at the potential φ; the state stays as it was.
  const Currents& solve(double phi);
  void accept();

  [[nodiscard]] const Currents& currents() const { return currents_; }   ///< of the last solution, A
  [[nodiscard]] const Currents& step_charge() const { return passed_; }  ///< of the last solution, C
  [[nodiscard]] double grown_area() const { return now_.area; }          ///< m²
  [[nodiscard]] double footprint() const;                                ///< radius, m

 private:
  struct Point {
    double time = 0.0, phi = 0.0, area = 0.0;
    double water = 0.0;         ///< W, m²
    double layer_charge = 0.0;  ///< C
    double water_charge = 0.0;  ///< C
  };
  [[nodiscard]] double area_at(double time) const;
  [[nodiscard]] bool spreads() const { return parameters_.spreading != Spreading::none; }
  [[nodiscard]] bool consumes(double phi) const { return started_ && phi < now_.phi; }
  [[nodiscard]] Point end_at(double phi) const;
  [[nodiscard]] double rate(double end, double last, double before) const {
    return (scheme_.now * end + scheme_.last * last + scheme_.before * before) / dt_;
  }

  SaltTransportParameters parameters_;
  WaterReservoir reservoir_;
  double footprint_;
  double capacitance_, water_;  ///< per area
  Point now_, before_, trial_;
  Currents currents_, passed_;
  double dt_ = 1.0;
  sim::StepScheme scheme_;
  bool started_ = false;
};

}  // namespace seccm::models
