// The gold under the meniscus as a part of the reference system: double layer, trace water, and the ring that a
// spreading meniscus wets. Equations of models/cell/water_reservoir.hpp and models/electrolyte/spreading_gold.hpp in
// time, φ the potential of the metal. Internal to models/reference.
//
// Unknowns, with water: the reservoir ρ of the first footprint, and with spreading the water w left on the ring (over
// the area A0 = π a0² of the first footprint).
//
//   ρ' = ρ σ min(φ', 0),         σ = (dS/dφ)/S
//   w' = w σ min(φ', 0) + S(φ) A'/A0                                       A(t) grown area, known
//   i  = C φ' + C' [A φ' + A' (φ - E_pzc)] + Q_w ρ' + q_w (A0 w' - A')      C', q_w per area
#pragma once

#include <optional>
#include <span>
#include <string>

#include "models/cell/cell_spec.hpp"
#include "models/cell/water_reservoir.hpp"
#include "models/electrolyte/electrolyte_spec.hpp"
#include "models/reference/jacobian_assembler.hpp"
#include "models/reference/reference_block.hpp"

namespace seccm::models {

class GoldBlock {
 public:
  struct Parts {
    double double_layer = 0.0;  ///< A, or C
    double water = 0.0;
  };

  /// `liquid`: what spreads, or null.
  GoldBlock(const CellSpec& cell, const ElectrolyteSpec* liquid);
  void lay_out(Unknowns& unknowns);

  /// Of the first footprint, F.
  [[nodiscard]] double capacitance() const { return capacitance_; }
  void raise_capacitance(double by) { capacitance_ += by; }
  /// Something on it needs φ', whatever its double layer is.
  [[nodiscard]] bool follows_rate() const { return reservoir_ || spreads(); }

  void rows(double t, PotentialRate phi, std::span<const double> u, std::span<const double> du,
            std::span<double> r) const;
  /// The entries of its rows, and factor times those of its current in `row`.
  void entries(JacobianAssembler& jacobian, std::size_t row, double factor, double t, PotentialRate phi,
               UnknownColumn metal, std::span<const double> u) const;
  [[nodiscard]] Parts currents(double t, PotentialRate phi, std::span<const double> du) const;
  /// Since rest at phi_rest.
  [[nodiscard]] Parts charges(double t, double phi, double phi_rest, std::span<const double> u) const;

  void rest(std::span<double> u) const;
  /// φ jumps: what passes at once, C.
  double jump(double t, double before, double after, std::span<double> u) const;
  [[nodiscard]] double footprint(double t) const;  ///< radius, m; 0 without a liquid
  [[nodiscard]] std::optional<std::string> name(std::size_t unknown) const;

 private:
  struct Grown {
    double area = 0.0;  ///< m²
    double rate = 0.0;  ///< m²/s
  };
  struct Consumption {
    double rate = 0.0;   ///< σ, 1/V
    double slope = 0.0;  ///< dσ/dφ
  };
  [[nodiscard]] bool spreads() const { return salt_.spreading != Spreading::none; }
  [[nodiscard]] Grown grown(double t) const;
  [[nodiscard]] Consumption consumption(double phi) const;

  SaltTransportParameters salt_;
  WaterReductionParameters reduction_;
  WaterReservoir water_;
  double footprint_ = 0.0, first_area_ = 0.0;
  double capacitance_ = 0.0, areal_capacitance_ = 0.0;
  double water_charge_ = 0.0, areal_water_ = 0.0;
  std::optional<std::size_t> reservoir_, ring_;
};

}  // namespace seccm::models
