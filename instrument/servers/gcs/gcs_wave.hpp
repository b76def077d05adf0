// Wave tables and wave generators of the controller. A generator plays its table on the target of its axis, one point
// per wave period; the axis follows with its own velocity. Values in um, as they stand in the table.
#pragma once

#include <optional>
#include <vector>

#include "instrument/servers/gcs/gcs_syntax.hpp"

namespace seccm::instrument::servers {

/// The points of a segment as WAV describes it: `type` SIN_P, LIN, RAMP or PNT, `words` what follows it,
/// `length_before` the points in the table that it is attached to (0: it begins anew). Throws
/// GcsFailure wave_type, wave_parameter_number, wave_parameter_range, wave_too_large or syntax.
std::vector<double> wave_segment(const std::string& type, const GcsWords& words, std::size_t length_before);

class GcsWaves {
 public:
  static constexpr int tables = 8;
  static constexpr int points_in_all = 262144;
  static constexpr int most_rate = 1000000;

  GcsWaves(int generators, double servo_period)
      : servo_period_(servo_period), generators_(static_cast<std::size_t>(generators)) {}

  struct Generator {
    int table = 0;   ///< from 1; 0 is none
    int cycles = 0;  ///< 0 is without end
    bool running = false;
    double started = 0.0;  ///< s
  };

  /// Throws GcsFailure wave_too_large if all tables together would not fit.
  void append(int table, const std::vector<double>& points, bool anew);
  void clear(int table) { tables_.at(static_cast<std::size_t>(table - 1)).clear(); }
  [[nodiscard]] const std::vector<double>& points(int table) const {
    return tables_.at(static_cast<std::size_t>(table - 1));
  }
  [[nodiscard]] bool in_use(int table) const;

  [[nodiscard]] Generator& generator(int axis) { return generators_.at(static_cast<std::size_t>(axis)); }
  [[nodiscard]] const Generator& generator(int axis) const { return generators_.at(static_cast<std::size_t>(axis)); }
  void set_rate(int rate) { rate_ = rate; }
  [[nodiscard]] int rate() const { return rate_; }
  [[nodiscard]] double point_time() const { return rate_ * servo_period_; }
  [[nodiscard]] bool any_running() const;

  /// The target of a running generator at `now`; past its last cycle it stops, at its last point.
  double play(int axis, double now);
  /// s from `now` to the next point of any generator, none if none runs.
  [[nodiscard]] std::optional<double> until_next(double now) const;

 private:
  double servo_period_;
  int rate_ = 1;
  std::vector<std::vector<double>> tables_{tables};
  std::vector<Generator> generators_;
};

}  // namespace seccm::instrument::servers
