// Typed physical quantities: a number whose dimension the compiler checks.
//
// A Dimension is the exponent of each base unit mol, m, s, V, A, K, stored doubled so that V^(1/2) s^(-1/2) exists.
// Values are coherent SI inside. Kernels work on plain doubles: take `.si()` once at the door.
//
//   const Length radius = 25.0 * unit::nm;
//   const Diffusivity D = 3e-15 * unit::cm2_per_s;
//   double w = (radius * radius / (D * time)).si();
#pragma once

namespace seccm {

/// Exponents of the base units, doubled: area has length = 4, V^(1/2) has potential = 1.
struct Dimension {
  int amount = 0;
  int length = 0;
  int time = 0;
  int potential = 0;
  int current = 0;
  int temperature = 0;

  friend constexpr bool operator==(const Dimension&, const Dimension&) = default;
  friend constexpr Dimension operator+(Dimension a, Dimension b) {
    return {a.amount + b.amount,       a.length + b.length,   a.time + b.time,
            a.potential + b.potential, a.current + b.current, a.temperature + b.temperature};
  }
  friend constexpr Dimension operator-(Dimension a, Dimension b) {
    return {a.amount - b.amount,       a.length - b.length,   a.time - b.time,
            a.potential - b.potential, a.current - b.current, a.temperature - b.temperature};
  }
};

/// A value of dimension D in coherent SI units.
template <Dimension D>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double si) : si_(si) {}

  static constexpr Dimension dimension = D;
  [[nodiscard]] constexpr double si() const { return si_; }
  /// The value expressed in `unit`, e.g. radius.in(unit::nm).
  [[nodiscard]] constexpr double in(Quantity unit) const { return si_ / unit.si_; }

  constexpr Quantity operator-() const { return Quantity(-si_); }
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.si_ + b.si_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.si_ - b.si_); }
  friend constexpr Quantity operator*(double s, Quantity a) { return Quantity(s * a.si_); }
  friend constexpr Quantity operator*(Quantity a, double s) { return Quantity(s * a.si_); }
  friend constexpr Quantity operator/(Quantity a, double s) { return Quantity(a.si_ / s); }
  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;

 private:
  double si_ = 0.0;
};

template <Dimension A, Dimension B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
  return Quantity<A + B>(a.si() * b.si());
}
template <Dimension A, Dimension B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
  return Quantity<A - B>(a.si() / b.si());
}

using Dimensionless = Quantity<Dimension{}>;
using Length = Quantity<Dimension{.length = 2}>;
using Area = Quantity<Dimension{.length = 4}>;
using Volume = Quantity<Dimension{.length = 6}>;
using Time = Quantity<Dimension{.time = 2}>;
using Frequency = Quantity<Dimension{.time = -2}>;
using Temperature = Quantity<Dimension{.temperature = 2}>;
using Potential = Quantity<Dimension{.potential = 2}>;
using Current = Quantity<Dimension{.current = 2}>;
using Charge = Quantity<Dimension{.time = 2, .current = 2}>;
using Resistance = Quantity<Dimension{.potential = 2, .current = -2}>;
using Capacitance = Quantity<Dimension{.time = 2, .potential = -2, .current = 2}>;
using ArealCapacitance = Quantity<Dimension{.length = -4, .time = 2, .potential = -2, .current = 2}>;
using ArealCharge = Quantity<Dimension{.length = -4, .time = 2, .current = 2}>;
using CurrentDensity = Quantity<Dimension{.length = -4, .current = 2}>;
using Conductivity = Quantity<Dimension{.length = -2, .potential = -2, .current = 2}>;
using Concentration = Quantity<Dimension{.amount = 2, .length = -6}>;
using Diffusivity = Quantity<Dimension{.length = 4, .time = -2}>;
using Velocity = Quantity<Dimension{.length = 2, .time = -2}>;
using ScanRate = Quantity<Dimension{.time = -2, .potential = 2}>;
using Transimpedance = Resistance;
using CurrentNoiseDensity = Quantity<Dimension{.time = 1, .current = 2}>;

namespace unit {
inline constexpr Dimensionless one{1.0};
inline constexpr Length m{1.0}, mm{1e-3}, um{1e-6}, nm{1e-9};
inline constexpr Area m2{1.0}, cm2{1e-4}, um2{1e-12}, nm2{1e-18};
inline constexpr Volume m3{1.0}, um3{1e-18};
inline constexpr Time s{1.0}, ms{1e-3}, us{1e-6}, minute{60.0}, hour{3600.0};
inline constexpr Frequency Hz{1.0}, kHz{1e3};
inline constexpr Temperature K{1.0};
inline constexpr Potential V{1.0}, mV{1e-3};
inline constexpr Current A{1.0}, nA{1e-9}, pA{1e-12}, fA{1e-15};
inline constexpr Charge C{1.0}, pC{1e-12}, fC{1e-15};
inline constexpr Resistance Ohm{1.0}, MOhm{1e6}, GOhm{1e9};
inline constexpr Capacitance F{1.0}, pF{1e-12}, fF{1e-15};
inline constexpr ArealCapacitance uF_per_cm2{1e-2};
inline constexpr ArealCharge uC_per_cm2{1e-2};
inline constexpr Conductivity S_per_m{1.0};
inline constexpr Concentration mol_per_m3{1.0}, mol_per_L{1e3}, mol_per_cm3{1e6};
inline constexpr Diffusivity m2_per_s{1.0}, cm2_per_s{1e-4};
inline constexpr Velocity m_per_s{1.0}, um_per_s{1e-6}, cm_per_s{1e-2}, nm_per_s{1e-9};
inline constexpr ScanRate V_per_s{1.0}, mV_per_s{1e-3};
inline constexpr CurrentNoiseDensity fA_per_rtHz{1e-15};
}  // namespace unit

/// CODATA 2018 exact constants.
namespace constants {
inline constexpr double faraday = 96485.33212331;             ///< F, C/mol
inline constexpr double gas = 8.31446261815324;               ///< R, J/(mol K)
inline constexpr double elementary_charge = 1.602176634e-19;  ///< e, C
inline constexpr double boltzmann = 1.380649e-23;             ///< k, J/K
inline constexpr double pi = 3.14159265358979323846;
}  // namespace constants

}  // namespace seccm
