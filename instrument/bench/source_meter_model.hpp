// A source-measure unit as its front panel knows it: a voltage at its terminals, a current through them. What stands
// behind an instrument's protocol. E = potential of the substrate against the quasi-reference electrode, V; current
// anodic positive, A. A step of the level is a step at the cell: such an instrument makes a staircase, never a ramp.
//
// Readings are taken one behind the other by the instrument's own clock, while the rest of the rig goes on: `start`
// hands them over, time that passes anywhere takes them, `finish` waits for them.
#pragma once

#include <optional>
#include <vector>

namespace seccm::instrument::bench {

/// One reading to take: set the level (if there is one), wait, integrate.
struct SourcePoint {
  std::optional<double> level;  ///< V
  double delay = 0.0;           ///< s, source delay, >= 0
  double aperture = 20e-3;      ///< s, > 0
};

struct CurrentReading {
  double level = 0.0;    ///< V, that was applied
  double current = 0.0;  ///< A, mean over the aperture
  double t = 0.0;        ///< device time of the end of the aperture, s
  bool overrange = false;
};

class SourceMeterModel {
 public:
  virtual ~SourceMeterModel() = default;
  virtual void set_level(double E) = 0;
  [[nodiscard]] virtual double level() const = 0;
  /// Off: 0 V at the terminals, whatever the level.
  virtual void set_output(bool on) = 0;
  [[nodiscard]] virtual bool output() const = 0;
  /// Full scale of the current measurement, A; the next larger range of the instrument is taken and returned.
  virtual double set_current_range(double full_scale) = 0;
  [[nodiscard]] virtual double current_range() const = 0;

  /// Begins at once; readings of an earlier start that were not taken are dropped. Not while it is running.
  virtual void start(std::vector<SourcePoint> points) = 0;
  [[nodiscard]] virtual bool running() const = 0;
  /// Ends where it is; complete readings are kept.
  virtual void stop() = 0;
  /// Lets time pass until it has ended.
  virtual void finish() = 0;
  /// The complete readings since the last take.
  virtual std::vector<CurrentReading> take() = 0;
};

}  // namespace seccm::instrument::bench
