// Charges of one sweep, as magnitudes (C): the split of the reference measurement into intercalation, surface
// (pseudo-capacitive) and double layer, as far as ONE scan rate can tell.
//
//   Q_total        = ∫ s dt while s > 0, minus what the double layer took (s = direction · current, background removed)
//   Q_intercalation = (1/v) ∫ (s - baseline) dE between the feet     "to exclude pseudo-capacitive charge storage"
//   Q_surface      = Q_total - Q_intercalation: surface redox and the part of the wave under the line together; at one
//                    rate they are not identifiable apart
//   Q_double_layer = (1/v) ∫ background · direction dE over the sweep: stray and gold, as removed; a constant offset
//                    in it cancels in the mean of both sweeps
//
// Reversals. A diffusive wave does not end at the vertex: behind it the current keeps its sign until the potential has
// come back to the wave. That part, a tenth to a fifth of the charge, is counted in the sweep that follows without a
// pause. Behind the last sweep the contact lasts for some time T without a ramp; the current there lies between 0 and
// twice its last value s_e: s_e T with the standard error of a uniform law, s_e T/√3.
//
// Double layer. Reversing the ramp turns the current of a capacitor at once and leaves every faradaic current where it
// was, so its step at a vertex is
//   Δi = C (v₁ + v₂),    C: double layer of the particles, and what of the gold the background took off wrongly,
// from a quartic over 120 mV on either side. C ΔE is taken off the total, ΔE = (span in the sweep) - (span behind it).
//
// Standard errors hold the noise of the sweep, that of the two feet, that of C, and what is common to all cycles: the
// background.
#pragma once

#include <optional>

#include "pipeline/analysis/peak.hpp"
#include "pipeline/analysis/voltammogram.hpp"

namespace seccm::analysis {

struct SweepCharge {
  double total = 0.0, total_error = 0.0;                  ///< C
  double total_shared_error = 0.0;                        ///< C, part of total_error that all cycles have in common
  bool open_end = false;                                  ///< what flowed behind the sweep is not in the total
  double intercalation = 0.0, intercalation_error = 0.0;  ///< C
  double double_layer = 0.0;                              ///< C
  double window = 0.0;                                    ///< V between the feet
};

/// Slope of a charge against a potential with its standard error.
struct Capacitance {
  double value = 0.0, error = 0.0;  ///< F
};

/// What came behind a sweep in the same contact, and what is known of the capacitor.
struct SweepContext {
  const Sweep* next = nullptr;  ///< the sweep in the other direction that began when this one ended
  double hold_after = 0.0;      ///< s of contact without a ramp, where there is no next
  std::optional<Capacitance> capacitance{};
};

/// Whether `next` runs back from the vertex at which `sweep` ended, without a pause.
bool follows(const Sweep& sweep, const Sweep& next);

/// From the step of the current between two sweeps of which the second follows the first; nothing where a sweep is
/// shorter than 120 mV.
std::optional<Capacitance> vertex_capacitance(const Sweep& sweep, const Sweep& next);

/// Requires a peak that was found.
SweepCharge integrate(const Sweep& sweep, const Peak& peak, const SweepContext& context = {});

}  // namespace seccm::analysis
