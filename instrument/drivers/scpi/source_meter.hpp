// A source-measure unit over SCPI (Keithley 2450 and 2400 and what speaks like them), over TCP or a serial line: the
// potential of the substrate and its current.
//
// E = potential of the substrate against the quasi-reference electrode, V; current anodic positive, A (force HI at the
// substrate). The unit makes steps, never ramps: a voltammogram is a staircase,
//   E_k = E_(k-1) ± ΔE at once,  held for ΔE/v,  current averaged over the last `aperture` seconds of the step,
// which agrees with a ramp of the rate v where the current changes little within a step.
//
// connect() asks who is there and which dialect it speaks, resets the unit (output off, 0 V) and sets source, limit and
// range. Every message brings its error back; a refused one is an error of its own and changes nothing. After a
// timeout, a protocol error or a lost connection nothing but the safe state is sent until connect() again
// (Errc::needs_reconnect). Each request ends within the timeout of the stream, to which the aperture of a reading must
// leave room.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "instrument/drivers/wire/byte_stream.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/device.hpp"

namespace seccm::instrument::drivers {

class ScpiLine;

struct SourceMeterConfig {
  double voltage_range = 20.0;       ///< V; potentials up to 1.05 of it
  double current_limit = 1e-6;       ///< A, compliance
  double current_range = 1e-8;       ///< A, full scale of the measurement
  bool output_off_when_safe = true;  ///< make_safe: 0 V and output off; false: 0 V, output stays on
};

struct SourceReading {
  double t = 0.0;  ///< s, the unit's own clock, end of the aperture
  double E = 0.0;  ///< V
  double i = 0.0;  ///< A
  bool overrange = false;
};

/// start -> turns... in steps of `step` V, the last one of each leg shorter if it does not divide it.
struct Staircase {
  double start = 0.0;
  std::vector<double> turns;
  double step = 1e-3;     ///< V, > 0
  double rate = 0.05;     ///< V/s, > 0
  double aperture = 0.0;  ///< s, at the end of each step; 0: all of it
};
/// The levels of a staircase, the start included. Throws InputError for numbers that can not be.
std::vector<double> staircase_levels(const Staircase& staircase);

class SourceMeter final : public Device {
 public:
  /// Most levels of one staircase: the list of either instrument.
  static constexpr std::size_t most_levels = 2500;
  /// How to open the wire, for each connect().
  using Open = std::function<Result<std::unique_ptr<ByteStream>>()>;

  /// `clock` is the rig's and must outlive it. Throws InputError for a configuration that can not be.
  SourceMeter(Open open, const SourceMeterConfig& config, const Clock& clock);
  ~SourceMeter() override;

  [[nodiscard]] Identity identity() const override { return identity_; }
  [[nodiscard]] Health health() const override;
  /// Errc::protocol for an instrument that is none of these, or that a 2450 is set to TSP.
  Outcome connect(ConnectConsent consent) override;
  /// Readings end, 0 V, output off (SourceMeterConfig::output_off_when_safe).
  void make_safe() noexcept override;

  [[nodiscard]] double potential_max() const { return 1.05 * config_.voltage_range; }  ///< V, either sign
  [[nodiscard]] double current_range() const { return range_; }                        ///< A, as the unit took it
  [[nodiscard]] double line_frequency() const { return line_frequency_; }              ///< Hz
  /// Accepted apertures, s: 0.01 to 10 power-line cycles.
  [[nodiscard]] double aperture_min() const { return 0.01 / line_frequency_; }
  [[nodiscard]] double aperture_max() const { return 10.0 / line_frequency_; }

  Outcome set_level(double E);
  Outcome set_output(bool on);
  /// Sets the level (if there is one) and takes one reading at once, in one message.
  Result<SourceReading> measure(std::optional<double> level, double aperture);

  /// Takes a staircase by the unit's own clock, into its buffer. Errc::limit_rejected beyond range, apertures or
  /// `most_levels`.
  Outcome start(const Staircase& staircase);
  /// Readings of the staircase so far.
  Result<std::size_t> taken();
  /// Of the whole staircase, once it has been taken.
  Result<std::vector<SourceReading>> readings();
  Outcome stop();

 private:
  enum class Dialect { k2450, k2400 };
  Outcome greet();
  Outcome identify();
  Outcome configure();
  Outcome send_list(const std::vector<double>& levels);
  [[nodiscard]] Outcome ready() const;
  [[nodiscard]] Outcome accept_level(double E) const;
  [[nodiscard]] Outcome accept_aperture(double aperture) const;
  [[nodiscard]] SourceReading reading(const double* values) const;
  [[nodiscard]] std::size_t values_per_reading() const { return dialect_ == Dialect::k2450 ? 4 : 3; }
  template <class T>
  Result<T> heard(Result<T> result);
  [[nodiscard]] Error error(Errc code, std::string detail) const;

  Open open_;
  SourceMeterConfig config_;
  const Clock& clock_;
  std::unique_ptr<ScpiLine> line_;
  Identity identity_;
  Dialect dialect_ = Dialect::k2450;
  double line_frequency_ = 50.0, range_ = 0.0;
  double aperture_ = -1.0;    // that the unit is set to, s; negative: not known
  std::size_t expected_ = 0;  // readings of the staircase
  double last_seen_ = 0.0;
  std::string trouble_ = "not connected";
  bool doubtful_ = false;
};

}  // namespace seccm::instrument::drivers
