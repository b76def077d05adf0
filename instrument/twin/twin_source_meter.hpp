// The source-measure unit of the twin: holds the potential of the substrate and integrates the current of the world.
//
// A reading is i = Q/T_a + noise, Q the charge that passed during the aperture T_a (that of a potential step into the
// stray capacitance counts if the aperture begins with the step), rounded to a millionth of the range and overrange
// beyond 1.05 of it. Noise of a reading, from the numbers of [amplifier]:
//   white     variance S/(2 T_a)
//   flicker   the Lorentzians of instrument/twin/amplifier.hpp, each carried on from reading to reading over the time
//             between
//   mains     A sinc(π f T_a) at the phase of the aperture's middle: none over whole power-line cycles
// It is a function of (seed, number of the reading) and of the times between readings.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "instrument/bench/source_meter_model.hpp"
#include "instrument/twin/time_base.hpp"
#include "instrument/twin/world.hpp"

namespace seccm::instrument::twin {

class TwinSourceMeter final : public bench::SourceMeterModel {
 public:
  /// `world` and `timeline` must outlive it.
  TwinSourceMeter(World& world, Timeline& timeline, std::uint64_t seed);

  void set_level(double E) override;
  [[nodiscard]] double level() const override { return level_; }
  void set_output(bool on) override;
  [[nodiscard]] bool output() const override { return output_; }
  double set_current_range(double full_scale) override;
  [[nodiscard]] double current_range() const override { return range_; }
  void start(std::vector<bench::SourcePoint> points) override;
  [[nodiscard]] bool running() const override { return next_ < points_.size(); }
  void stop() override { points_.clear(), next_ = 0; }
  void finish() override;
  std::vector<bench::CurrentReading> take() override;

  // For the time line.
  [[nodiscard]] double applied() const { return output_ ? level_ : 0.0; }
  /// The first instant up to `latest` at which a reading has something to do.
  [[nodiscard]] Tick next_event(Tick latest) const;
  /// What passed since the last call; a piece never crosses an event.
  void collect(const Integrals& sum);
  /// Does what is due now.
  void settle();

 private:
  void apply();
  void begin_point();
  void begin_aperture();
  void end_aperture();
  double noise(double aperture);

  World& world_;
  Timeline& timeline_;
  std::uint64_t seed_;
  double level_ = 0.0;
  bool output_ = false;
  double range_;

  std::vector<bench::SourcePoint> points_;
  std::size_t next_ = 0;  // the point in progress
  Tick aperture_begin_ = 0, aperture_end_ = 0;
  bool integrating_ = false;
  double charge_ = 0.0;  // C, of the aperture so far
  double step_charge_ = 0.0;
  Tick step_tick_ = -1;  // when it passed
  std::vector<bench::CurrentReading> readings_;

  static constexpr std::size_t modes = 5;
  std::array<double, modes> flicker_{};
  double flicker_rms_;
  double last_t_ = 0.0;
  std::uint64_t count_ = 0;
};

}  // namespace seccm::instrument::twin
