// Potential programs: an immutable list of segments whose corners are known, so that a fixed-step solver can place a
// step end on every corner and on every jump.
//
//   const auto program = Waveform::at(3.0).hold(2.0).cyclic(1.0, 3.0, 0.05, 4);
//
// Potentials in V, times in s, rates in V/s (positive). Every builder returns a new value. Throws InputError for a
// non-finite potential, a rate <= 0, a negative duration or a count < 1.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace seccm::sim {

struct Segment {
  enum class Kind { hold, ramp, jump };
  Kind kind = Kind::hold;
  double start_time = 0.0;
  double duration = 0.0;  ///< 0 for a jump
  double E_start = 0.0;
  double E_end = 0.0;
  int cycle = 0;              ///< 0 outside a cyclic program, then 1, 2, ... through the whole program
  double scan_rate = 0.0;     ///< nominal rate of the sweep the segment belongs to, >= 0; 0 for a plain hold
  bool tread = false;         ///< of a staircase: its current is the mean over the part behind `sample_from`
  double sample_from = 0.0;   ///< in [0, 1)
  double longest_step = 0.0;  ///< s, of a hold in place of the plan's; 0: the plan's
  bool continues = false;     ///< goes on with the hold before it: no corner where it starts

  [[nodiscard]] double slope() const { return duration > 0.0 ? (E_end - E_start) / duration : 0.0; }
};

/// How a staircase is sampled: the current reported for a tread is its mean over the last `window` (0, 1] of it.
struct Staircase {
  double step_height = 5e-3;  ///< V
  double window = 0.25;
};

class Waveform {
 public:
  static Waveform at(double E);

  [[nodiscard]] Waveform hold(double duration) const;
  [[nodiscard]] Waveform jump(double E) const;
  [[nodiscard]] Waveform ramp_to(double E, double scan_rate) const;
  /// From where the program stands: n times to vertex1 -> vertex2 -> back.
  [[nodiscard]] Waveform cyclic(double vertex1, double vertex2, double scan_rate, int cycles) const;
  /// The same for several rates in a row, with a rest of `rest` before each.
  [[nodiscard]] Waveform cyclic(double vertex1, double vertex2, std::span<const double> scan_rates, int cycles,
                                double rest) const;
  /// Jumps of step_height, each held for step_height / scan_rate.
  [[nodiscard]] Waveform staircase_to(double E, double scan_rate, Staircase staircase) const;
  [[nodiscard]] Waveform cyclic_staircase(double vertex1, double vertex2, double scan_rate, int cycles,
                                          Staircase staircase) const;

  /// The same potentials with long holds cut into stretches, for a plan with fewer rows: steps of hold_step for the
  /// first `dense_steps` of them, then stretches of half as many steps, in each of them twice as long as before. So
  /// rows are dense behind the corner or jump where the hold starts, and never further apart than 2/dense_steps of the
  /// time since then: what relaxes from there on is resolved as well at any time. Not for what may start late by
  /// itself.
  [[nodiscard]] Waveform thinned(double hold_step) const;

  [[nodiscard]] std::span<const Segment> segments() const { return segments_; }
  [[nodiscard]] double duration() const;
  [[nodiscard]] double start_potential() const { return start_; }
  [[nodiscard]] double end_potential() const;
  /// Potential at a time; at a jump the value behind it. Outside the program its first or last value.
  [[nodiscard]] double potential(double time) const;
  /// Times at which the slope or the value changes, ascending, start and end included.
  [[nodiscard]] std::vector<double> corners() const;
  /// The fastest sweep of the program, 0 if there is none.
  [[nodiscard]] double fastest_scan_rate() const;

 private:
  explicit Waveform(double start) : start_(start) {}
  void append(Segment segment);
  void append_thinned(const Segment& hold, double hold_step);
  void append_staircase(double E, double scan_rate, Staircase staircase, int cycle);

  double start_ = 0.0;
  int cycles_ = 0;
  std::vector<Segment> segments_;
};

/// Equal steps within one segment, so that both its ends are step ends.
struct SegmentSteps {
  int count = 0;
  double dt = 0.0;
  int window_start = 0;  ///< of a tread: the step behind which its current is sampled
};

/// A staircase tread starts with a current that falls as t^(-1/2): it gets at least this many steps.
inline constexpr int fewest_steps_per_tread = 32;

/// Steps of a hold before `Waveform::thinned` makes them longer.
inline constexpr int dense_steps = 1024;

/// Sweeps in steps of at most `potential_step` (V), holds in steps of at most `hold_step` (s) or of their own.
/// Treads in at least `tread_steps`.
std::vector<SegmentSteps> plan_steps(const Waveform& waveform, double potential_step, double hold_step,
                                     int tread_steps = fewest_steps_per_tread);

/// Every step cut into as many: the ends of the steps of a plan are ends of steps of the finer one.
std::vector<SegmentSteps> subdivided(std::vector<SegmentSteps> plan, int pieces);

/// Rows of a plan by what they belong to: one for each step, one for each tread, one before the start.
struct PlannedRows {
  std::uint64_t start = 1, sweeps = 0, holds = 0, treads = 0;
  [[nodiscard]] std::uint64_t all() const { return start + sweeps + holds + treads; }
};
PlannedRows count_rows(const Waveform& waveform, std::span<const SegmentSteps> plan);

}  // namespace seccm::sim
