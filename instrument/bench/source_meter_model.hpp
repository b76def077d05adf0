// A source-measure unit as its front panel knows it: a voltage at its terminals, a current through them. What stands
// behind an instrument's protocol. E = potential of the substrate against the quasi-reference electrode, V; current
// anodic positive, A. A step of the level is a step at the cell: such an instrument makes a staircase, never a ramp.
#pragma once

namespace seccm::instrument::bench {

struct CurrentReading {
  double current = 0.0;  ///< A, mean over the aperture
  double t = 0.0;        ///< device time of the end of the aperture, s
  bool overrange = false;
};

class SourceMeterModel {
 public:
  virtual ~SourceMeterModel() = default;
  virtual void set_level(double E) = 0;
  [[nodiscard]] virtual double level() const = 0;
  virtual void set_output(bool on) = 0;
  [[nodiscard]] virtual bool output() const = 0;
  /// Full scale of the current measurement, A; the next larger range of the instrument is taken and returned.
  virtual double set_current_range(double full_scale) = 0;
  [[nodiscard]] virtual double current_range() const = 0;
  /// Lets `aperture` s pass and returns the mean current.
  virtual CurrentReading measure(double aperture) = 0;
  /// Lets time pass (source delay).
  virtual void wait(double seconds) = 0;
};

}  // namespace seccm::instrument::bench
