// A source-measure unit that answers SCPI as a Keithley 2450, 2400 or 6430 does, in front of a SourceMeterModel:
// it sources a voltage and measures a current, point by point or as a staircase sweep into its buffer. docs/scpi.md
// lists every command and what is refused.
//
// A message (one line) lets `latency` pass before it is looked at; READ?, MEASure?, *WAI and *OPC? let time pass until
// their readings are there. Readings that INITiate started are taken by the instrument's own clock while other
// instruments are spoken to. A reading takes source delay and aperture (NPLC / line frequency), nothing else.
// E in V of the substrate against the quasi-reference electrode, current in A, anodic positive.
//
// A unit that can not be done changes nothing and puts its error into the queue; the units behind it are still done.
// Not modelled: regulation at the current limit (the reading is clipped to it, the level stays).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/bench/bench_time.hpp"
#include "instrument/bench/source_meter_model.hpp"
#include "instrument/servers/scpi/scpi_error_queue.hpp"
#include "instrument/servers/scpi/scpi_model.hpp"
#include "instrument/servers/scpi/scpi_syntax.hpp"
#include "instrument/servers/wire/line_session.hpp"

namespace seccm::instrument::servers {

struct ScpiOptions {
  ScpiDialect dialect = ScpiDialect::keithley_2450;
  double latency = 1e-3;         ///< s per message
  double line_frequency = 50.0;  ///< Hz, of one power-line cycle
};

/// What the commands set; *RST brings it back.
struct ScpiSettings {
  double voltage_range = 2.0;  ///< V
  bool voltage_auto = true;
  double current_limit = 1e-4;                                                 ///< A
  bool current_auto = false;                                                   ///< range follows single readings
  bool auto_zero = true, read_back = true, concurrent = true, display = true;  ///< change nothing
  int reading_count = 1;                                                       ///< 2450: readings of one READ?
  std::array<double, 10> user_delays{};                                        ///< s, 2450: five of sense, of source
  double nplc = 1.0;
  double source_delay = 0.0;                                        ///< s
  std::vector<std::string> elements;                                ///< 2400: FORMat:ELEMents, short forms
  int trigger_count = 1, arm_count = 1;                             ///< 2400
  double trigger_delay = 0.0;                                       ///< s, 2400
  enum class Source { fixed, sweep, list } source = Source::fixed;  ///< 2400
  double sweep_start = 0.0, sweep_stop = 0.0, sweep_step = 0.0;     ///< V, 2400
  std::string sweep_ranging = "BEST";                               ///< 2400, changes nothing
  bool sweep_down = false;                                          ///< 2400
  std::vector<double> list;                                         ///< V
  bool feed_next = false;                                           ///< 2400: TRACe:FEED:CONTrol
  std::string statistic = "MEAN";                                   ///< 2400: CALCulate3:FORMat
};

/// The instrument, shared by all its connections. `meter` and `time` must outlive it.
class ScpiSourceMeter {
 public:
  static constexpr std::size_t most_points = 100000, most_list = 2500, most_list_values = 100;
  /// Bounds of what one message can ask for: responses, bytes (-430 beyond), and time of readings, s (-222 beyond).
  static constexpr std::size_t most_response = 16U << 20U;
  static constexpr double longest_readings = 86400.0;
  static constexpr double not_a_number = 9.91e37;  ///< of SCPI

  ScpiSourceMeter(bench::SourceMeterModel& meter, bench::BenchTime& time, const ScpiOptions& options);
  /// One program message without its line end; returns the responses joined by ';', or nothing.
  std::string execute(std::string_view message);
  void report(const ScpiError& error);

  // For the commands. They throw ScpiError.
  [[nodiscard]] const ScpiModel& model() const { return scpi_model(options_.dialect); }
  [[nodiscard]] bool is_2450() const { return model().is_2450; }
  [[nodiscard]] const ScpiOptions& options() const { return options_; }
  [[nodiscard]] bench::SourceMeterModel& meter() const { return meter_; }
  [[nodiscard]] ScpiSettings& settings() { return settings_; }
  [[nodiscard]] const ScpiSettings& settings() const { return settings_; }
  [[nodiscard]] double now() const { return time_.now() - time_zero_; }  ///< s, what TIME counts
  void restart_time() { time_zero_ = time_.now(); }
  void reset();
  void clear_status();
  [[nodiscard]] double largest_level() const;  ///< V, of the present range
  void set_voltage_range(double range);
  /// The smallest range of the model on the label that holds it; ends the automatic choice.
  void set_current_range(double full_scale);
  /// A, of the model on the label and of the meter behind it.
  [[nodiscard]] double lowest_current_range() const { return lowest_range_; }
  /// The oldest error as SYSTem:ERRor? says it.
  std::string next_error();
  [[nodiscard]] std::size_t errors() const { return errors_.size(); }
  void clear_errors() { errors_.clear(); }

  /// Readings at the present level, or what the 2400's source mode says; none with the output off.
  [[nodiscard]] std::vector<bench::SourcePoint> trigger_points();
  [[nodiscard]] bench::SourcePoint point() const;
  void begin(std::vector<bench::SourcePoint> points);
  /// What INITiate starts on the 2450.
  void load(std::vector<bench::SourcePoint> points) { loaded_ = std::move(points); }
  [[nodiscard]] const std::vector<bench::SourcePoint>& loaded() const { return loaded_; }
  void finish();
  /// One reading at the present level. An automatic range goes up until it holds the reading, each try taking its time,
  /// and down for the next one.
  void measure_once();
  void abort();
  [[nodiscard]] bool running() const { return meter_.running(); }
  /// Readings of the measurement that ended last.
  [[nodiscard]] const std::deque<bench::CurrentReading>& latest() const { return latest_; }
  [[nodiscard]] const std::deque<bench::CurrentReading>& buffer() const { return buffer_; }
  void clear_buffer();
  void set_buffer_size(std::size_t points);
  [[nodiscard]] std::size_t buffer_size() const { return buffer_size_; }
  /// Beyond the limit at the reading taken last.
  [[nodiscard]] bool limited() const;
  /// The value of an element (short form: READ, SOUR, VOLT, CURR, RES, TIME, REL, SEC, FRAC, STAT; DATE, CLOCK and TST
  /// by the unit's clock, which began with 1970) of a reading.
  [[nodiscard]] std::string element(const bench::CurrentReading& reading, std::string_view name) const;
  [[nodiscard]] std::string number(double value) const;

  // Status registers. Bits: IEEE 488.2, and of the 2400's measurement event register.
  int service_mask = 0, event_mask = 0, measurement_mask = 0;
  [[nodiscard]] int status_byte() const;
  int take_event_status();
  int take_measurement_events();
  /// *OPC: bit 0 of the event status once nothing runs.
  void note_when_done() { done_asked_ = true; }

 private:
  std::string execute_unit(const ScpiUnit& unit);
  void collect();
  void keep(const bench::CurrentReading& reading);

  bench::SourceMeterModel& meter_;
  bench::BenchTime& time_;
  ScpiOptions options_;
  ScpiSettings settings_;
  ScpiErrorQueue errors_;
  std::vector<bench::SourcePoint> loaded_;
  std::deque<bench::CurrentReading> latest_, buffer_;
  std::size_t buffer_size_;
  double lowest_range_ = 0.0;  // A
  double first_t_ = 0.0;       // of the buffer's first reading, s
  double time_zero_ = 0.0;
  double message_t_ = 0.0;  // when the message in progress came, s
  int event_status_ = 0, measurement_events_ = 0;
  bool done_asked_ = false;
};

/// Lines end with LF (a CR before it is dropped); a line of more than 4096 bytes is dropped and is error -363.
/// Sessions on one instrument, which must outlive them.
SessionFactory scpi_sessions(ScpiSourceMeter& meter);

}  // namespace seccm::instrument::servers
