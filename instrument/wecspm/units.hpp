// Counts of the target's converters <-> SI, and the scaling of velocities.
//
// Lateral axes are unipolar: position = lsb x count, 0 .. span - lsb. Z counts grow TOWARDS the sample while z of the
// sequencer role grows away from it: z = top - lsb x count, so that count 0 (the start-up state) is fully retracted.
// Potential and current: value = lsb x count with a signed lsb; it is negative where the hardware's polarity is
// opposite to IUPAC (E1 of the substrate vs the electrode in the pipette; anodic current positive).
//
// A velocity word is counts per tick x 2^n with one exponent n per axis and program; the register "ExpandVelScaller
// <axis>" holds -n. Words are rounded down, so that a limit on the speed also holds behind the rounding: a speed is
// low by at most 1 / word, 2^-14 for the fastest of the axis.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "instrument/wecspm/words.hpp"

namespace seccm::instrument::wecspm {

struct NativeUnits {
  double x_lsb = 0, y_lsb = 0, z_lsb = 0;  ///< m per count, > 0
  double z_top = 0;                        ///< m: z at count 0
  double E_lsb = 0;                        ///< V per count, signed
  double i_lsb = 0;                        ///< A per count, signed

  /// Size of one count of an axis, > 0: m, or V for the potentials.
  [[nodiscard]] double step(Axis axis) const;
  /// SI value of a count, and the nearest count; none for a value (or NaN) that 16 bits do not hold.
  [[nodiscard]] double value(Axis axis, std::int16_t count) const;
  [[nodiscard]] std::optional<std::int16_t> count(Axis axis, double value) const;
};

/// The nearest count; a value beyond 16 bits becomes the last one. NaN becomes 0.
std::int16_t saturated_count(double value, double lsb);

/// floor(log2(32767 / fastest)); 0 when nothing moves. `fastest`: counts per tick, >= 0. At most 62.
int velocity_exponent(double fastest);
/// Rounded down, at least 1 and at most 32767.
std::int16_t velocity_word(double counts_per_tick, int exponent);
/// Counts per tick of a word under the register value `-n`.
double velocity_of(std::int16_t word, int scaler);

/// Whole ticks that |to - from| counts take; 0 if there is no distance, none if the word is not positive.
std::optional<std::int64_t> travel_ticks(std::int16_t from, std::int16_t to, std::int16_t word, int scaler);

}  // namespace seccm::instrument::wecspm
