// Current amplifier and digitiser: what one frame of true mean current turns into.
//
// Noise of one frame (mean over T_a = 256 samples of 4 us, one-sided densities):
//   white     S_w constant: variance S_w/(2 T_a)
//   flicker   S_w f_c/f as a sum of Lorentzians at 10, 1, 0.1, 0.01, 0.001 times f_c, each of variance S_w f_c ln 10
//             (a decade apart: ripple 2 sech(π²/ln 10) = 5.5 % of 1/f between the corners)
//   mains     A sin(2π f t + φ), attenuated by the mean, sin(256 π f δ)/(256 sin(π f δ))
// Filter: eight equal poles of total delay `filter_time`, behind the noise sources; its state equations are integrated
// with the frame's mean as piecewise constant input.
// Bandwidth: a first-order lag τ = 1/(2π B) ahead of the converter. It delays frames by τ, which is left out, it clips
// the pulse of a potential jump, and it sets the noise that the contact comparator sees, S_w π B/2.
// Digitised to signed 16 bit over ±10 V: lsb = 10 V/(32768 sensitivity).
//
// Noise is a function of (seed, frame number): skipping idle frames changes nothing later but the flicker's path, whose
// statistics stay exact.
#pragma once

#include <array>
#include <cstdint>

#include "instrument/roles/probe_sequencer.hpp"
#include "instrument/twin/amplifier_parameters.hpp"

namespace seccm::instrument::twin {

/// Seconds of one frame, and of the samples in its mean.
struct FrameTiming {
  double interval = 1.028e-3;
  double averaging = 1.024e-3;
};

class Amplifier {
 public:
  Amplifier(const AmplifierParameters& parameters, std::uint64_t seed);

  struct Reading {
    double current = 0.0;  ///< A, digitised
    bool saturated = false;
  };
  /// Frame n >= every frame before. `charge` is ∫ i dt over the frame, C, without the pulse of a potential jump, which
  /// is `jump_charge`. `noise_factor` scales the noise of the frame.
  Reading read(std::uint64_t frame, double charge, double jump_charge, double noise_factor);

  /// Chance that noise alone carries the comparator over ±threshold in one frame, with `level` the mean current
  /// relative to the baseline. 2 B T independent looks at a normal variable.
  [[nodiscard]] double false_contact_probability(double level, double threshold, double noise_factor) const;
  /// Time from a step of the current to `amplitude` until the comparator sees `threshold`, s; negative: never.
  [[nodiscard]] double crossing_time(double amplitude, double threshold) const;
  /// Offset, flicker and mains at the last frame: what shifts the comparator slowly, A.
  [[nodiscard]] double slow_level() const { return slow_level_; }
  [[nodiscard]] bool filtered() const { return filter_time_ > 0.0; }
  /// Output of the filter, A (the last frame's mean without one).
  [[nodiscard]] double output() const { return output_; }

  [[nodiscard]] ChannelScale scale() const { return {lsb_, 0.0}; }
  [[nodiscard]] double full_scale() const { return 32767.0 * lsb_; }  ///< A
  [[nodiscard]] const FrameTiming& timing() const { return timing_; }

 private:
  static constexpr std::size_t modes = 5, draws = modes + 1, block = 64;
  void load(std::uint64_t block_index);
  double noise(std::uint64_t frame);
  double filter(double input);
  [[nodiscard]] double clipped_pulse(double jump_charge) const;

  std::uint64_t seed_;
  FrameTiming timing_;
  double lsb_;
  double lag_;
  double white_rms_, comparator_rms_, flicker_rms_;
  double bandwidth_;
  double mains_amplitude_, mains_phase_, mains_step_;
  double offset_;
  double filter_time_;
  std::array<double, modes> rate_{}, keep_{}, kick_{}, flicker_{};
  std::array<double, 8> poles_{};
  std::array<double, draws * block> normals_{};
  std::uint64_t loaded_ = UINT64_MAX, last_frame_ = UINT64_MAX;
  double slow_level_ = 0.0, output_ = 0.0;
};

}  // namespace seccm::instrument::twin
