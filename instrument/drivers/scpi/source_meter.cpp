#include "instrument/drivers/scpi/source_meter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "instrument/drivers/scpi/scpi_line.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

constexpr double overrange_reading = 1e37;  // A: an instrument says 9.9e37 beyond its range
constexpr std::size_t list_words = 100;     // levels of one message
constexpr std::size_t buffer_words = 100;   // readings of one response of a 2450
constexpr double percent = 0.01;

/// "KEITHLEY INSTRUMENTS,MODEL 2450,04412345,1.7.12b"
Identity parse_scpi_identity(const std::string& text) {
  std::array<std::string, 4> parts;
  std::size_t k = 0;
  for (const char c : text) {
    if (c == ',' && k < 3) {
      ++k;
    } else {
      parts.at(k) += c;
    }
  }
  return {parts[0], parts[1], parts[2], parts[3]};
}

bool scpi_refused(Errc code) {
  return code == Errc::limit_rejected || code == Errc::device_fault || code == Errc::interlock_tripped;
}

void require_positive(const char* what, double value, const char* unit) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw InputError(fmt::format("{} of the source meter = {:.6g} {}, accepted are above 0 {}", what, value, unit, unit));
}

}  // namespace

SourceMeter::SourceMeter(Open open, const SourceMeterConfig& config, const Clock& clock)
    : open_(std::move(open)), config_(config), clock_(clock) {
  require_positive("voltage range", config.voltage_range, "V");
  require_positive("current limit", config.current_limit, "A");
  require_positive("current range", config.current_range, "A");
}

SourceMeter::~SourceMeter() = default;

Error SourceMeter::error(Errc code, std::string detail) const {
  return {code, "source meter", std::move(detail), false};
}

Health SourceMeter::health() const {
  if (doubtful_) return {Health::Condition::faulted, last_seen_, trouble_};
  if (!line_) return {Health::Condition::stale, last_seen_, trouble_};
  return {Health::Condition::ok, last_seen_, ""};
}

Outcome SourceMeter::ready() const {
  if (!line_) return error(Errc::disconnected, "not connected");
  if (doubtful_) return error(Errc::needs_reconnect, trouble_);
  return Done{};
}

template <class T>
Result<T> SourceMeter::heard(Result<T> result) {
  if (result.ok() || scpi_refused(result.error().code)) {
    last_seen_ = clock_.now();
    return result;
  }
  trouble_ = describe(result.error());
  doubtful_ = true;
  return result;
}

Outcome SourceMeter::connect(ConnectConsent) {
  line_.reset();
  doubtful_ = false;
  expected_ = 0;
  aperture_ = -1.0;
  auto stream = open_();
  if (!stream.ok()) {
    trouble_ = describe(stream.error());
    return stream.error();
  }
  line_ = std::make_unique<ScpiLine>(std::move(stream).value());
  auto outcome = heard(greet());
  if (!outcome.ok()) {
    trouble_ = describe(outcome.error());
    line_.reset();
    doubtful_ = false;
  }
  return outcome;
}

Outcome SourceMeter::greet() {
  if (auto cleared = line_->clear(); !cleared.ok()) return cleared;
  if (auto known = identify(); !known.ok()) return known;
  return configure();
}

Outcome SourceMeter::identify() {
  const auto who = line_->ask("*IDN?");
  if (!who.ok()) return who.error();
  identity_ = parse_scpi_identity(who.value());
  const auto is_one_of = [&](std::initializer_list<const char*> models) {
    return std::any_of(models.begin(), models.end(),
                       [&](const char* model) { return identity_.model == std::string("MODEL ") + model; });
  };
  if (is_one_of({"2450", "2460", "2461", "2470"})) {
    const auto language = line_->ask("*LANG?");
    if (!language.ok()) return language.error();
    if (language.value() != "SCPI" && language.value() != "SCPI2400") {
      return error(Errc::protocol, fmt::format("{} is set to the command language '{}', accepted are SCPI and SCPI2400",
                                               identity_.model, language.value()));
    }
    dialect_ = language.value() == "SCPI" ? Dialect::k2450 : Dialect::k2400;
    return Done{};
  }
  if (is_one_of({"2400", "2401", "2410", "2420", "2425", "2430", "2440", "6430"})) {
    dialect_ = Dialect::k2400;
    return Done{};
  }
  return error(Errc::protocol,
               fmt::format("'{}' is no source meter that is known here, accepted are MODEL 2450 and 2400 "
                           "and their kin",
                           who.value().substr(0, 80)));
}

Outcome SourceMeter::configure() {
  const bool k2450 = dialect_ == Dialect::k2450;
  std::vector<std::string> commands{
      "*RST",
      ":SOUR:FUNC VOLT",
      fmt::format(":SOUR:VOLT:RANG {:.6g}", config_.voltage_range),
      fmt::format("{} {:.6g}", k2450 ? ":SOUR:VOLT:ILIM" : ":SENS:CURR:PROT", config_.current_limit),
      ":SENS:FUNC 'CURR'",
      ":SENS:CURR:RANG:AUTO 0",
      fmt::format(":SENS:CURR:RANG {:.6g}", config_.current_range)};
  if (!k2450) commands.emplace_back(":FORM:ELEM VOLT,CURR,TIME");
  for (const std::string& command : commands) {
    if (auto done = line_->command(command); !done.ok()) return done;
  }
  const auto frequency = line_->ask_numbers(":SYST:LFR?", 1);
  if (!frequency.ok()) return frequency.error();
  const auto range = line_->ask_numbers(":SENS:CURR:RANG?", 1);
  if (!range.ok()) return range.error();
  line_frequency_ = frequency.value()[0];
  range_ = range.value()[0];
  if (!(line_frequency_ >= 10.0 && line_frequency_ <= 1000.0)) {
    return error(Errc::protocol, fmt::format("line frequency {:.6g} Hz, expected 10 Hz to 1000 Hz", line_frequency_));
  }
  if (range_ >= (1.0 - percent) * config_.current_range) return Done{};
  return error(Errc::protocol,
               fmt::format("current range {:.6g} A after {:.6g} A was set", range_, config_.current_range));
}

void SourceMeter::make_safe() noexcept {
  if (!line_) return;
  try {
    const bool doubted = doubtful_;
    const char* safe = config_.output_off_when_safe ? ":ABOR;:SOUR:VOLT 0;:OUTP OFF" : ":ABOR;:SOUR:VOLT 0";
    static_cast<void>(heard(line_->command(safe)));
    doubtful_ = doubtful_ || doubted;
  } catch (...) {  // out of memory while a message was written
    doubtful_ = true;
  }
}

Outcome SourceMeter::accept_level(double E) const {
  if (std::abs(E) <= potential_max()) return Done{};
  return error(Errc::limit_rejected,
               fmt::format("E = {:.6g} V, accepted are {:.6g} V to {:.6g} V", E, -potential_max(), potential_max()));
}

Outcome SourceMeter::accept_aperture(double aperture) const {
  constexpr double rounding = 1e-9;
  if (aperture >= aperture_min() * (1.0 - rounding) && aperture <= aperture_max() * (1.0 + rounding)) return Done{};
  return error(Errc::limit_rejected, fmt::format("aperture {:.6g} s, accepted are {:.6g} s to {:.6g} s", aperture,
                                                 aperture_min(), aperture_max()));
}

Outcome SourceMeter::set_level(double E) {
  if (auto outcome = ready(); !outcome.ok()) return outcome;
  if (auto outcome = accept_level(E); !outcome.ok()) return outcome;
  return heard(line_->command(fmt::format(":SOUR:VOLT {:.7g}", E)));
}

Outcome SourceMeter::set_output(bool on) {
  if (auto outcome = ready(); !outcome.ok()) return outcome;
  return heard(line_->command(on ? ":OUTP ON" : ":OUTP OFF"));
}

SourceReading SourceMeter::reading(const double* values) const {
  const double t = dialect_ == Dialect::k2450 ? values[2] + values[3] : values[2];
  return {.t = t, .E = values[0], .i = values[1], .overrange = std::abs(values[1]) > overrange_reading};
}

Result<SourceReading> SourceMeter::measure(std::optional<double> level, double aperture) {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  if (auto outcome = accept_aperture(aperture); !outcome.ok()) return outcome.error();
  std::string message;
  if (aperture != aperture_) message += fmt::format(":SENS:CURR:NPLC {:.7g};", aperture * line_frequency_);
  if (level) {
    if (auto outcome = accept_level(*level); !outcome.ok()) return outcome.error();
    message += fmt::format(":SOUR:VOLT {:.7g};", *level);
  }
  message += dialect_ == Dialect::k2450 ? ":READ? \"defbuffer1\",SOUR,READ,SEC,FRAC" : ":READ?";
  const auto values = heard(line_->ask_numbers(message, values_per_reading()));
  aperture_ = values.ok() ? aperture : -1.0;
  if (!values.ok()) return values.error();
  return reading(values.value().data());
}

Outcome SourceMeter::send_list(const std::vector<double>& levels) {
  for (std::size_t begin = 0; begin < levels.size(); begin += list_words) {
    std::string message = begin == 0 ? ":SOUR:LIST:VOLT " : ":SOUR:LIST:VOLT:APP ";
    for (std::size_t k = begin; k < std::min(levels.size(), begin + list_words); ++k) {
      message += fmt::format("{}{:.7g}", k == begin ? "" : ",", levels[k]);
    }
    if (auto done = line_->command(message); !done.ok()) return done;
  }
  return Done{};
}

Outcome SourceMeter::start(const Staircase& staircase) {
  if (auto outcome = ready(); !outcome.ok()) return outcome;
  const std::vector<double> levels = staircase_levels(staircase);
  const double period = staircase.step / staircase.rate;
  const double aperture = staircase.aperture > 0.0 ? staircase.aperture : period;
  if (levels.size() > most_levels) {
    return error(Errc::limit_rejected,
                 fmt::format("a staircase of {} levels, accepted are up to {}", levels.size(), most_levels));
  }
  for (const double level : levels) {
    if (auto outcome = accept_level(level); !outcome.ok()) return outcome;
  }
  if (auto outcome = accept_aperture(aperture); !outcome.ok()) return outcome;
  if (aperture > period * (1.0 + 1e-9)) {
    return error(Errc::limit_rejected,
                 fmt::format("aperture {:.6g} s, accepted are up to the {:.6g} s of a step", aperture, period));
  }
  if (auto sent = heard(send_list(levels)); !sent.ok()) return sent;
  const double delay = std::max(0.0, period - aperture);
  std::vector<std::string> commands{fmt::format(":SENS:CURR:NPLC {:.7g}", aperture * line_frequency_)};
  if (dialect_ == Dialect::k2450) {
    commands.emplace_back(":TRAC:CLE \"defbuffer1\"");
    commands.push_back(fmt::format(":SOUR:SWE:VOLT:LIST 1,{:.7g}", delay));
  } else {
    commands.push_back(fmt::format(":SOUR:DEL {:.7g};:SOUR:VOLT:MODE LIST;:TRIG:COUN {}", delay, levels.size()));
    commands.push_back(fmt::format(":TRAC:CLE;:TRAC:POIN {};:TRAC:FEED SENS;:TRAC:FEED:CONT NEXT", levels.size()));
  }
  commands.emplace_back(":INIT");
  aperture_ = -1.0;
  for (const std::string& command : commands) {
    if (auto done = heard(line_->command(command)); !done.ok()) return done;
  }
  expected_ = levels.size();
  return Done{};
}

Result<std::size_t> SourceMeter::taken() {
  if (auto outcome = ready(); !outcome.ok()) return outcome.error();
  const auto count = heard(line_->ask_numbers(dialect_ == Dialect::k2450 ? ":TRAC:ACT?" : ":TRAC:POIN:ACT?", 1));
  if (!count.ok()) return count.error();
  return static_cast<std::size_t>(std::clamp(count.value()[0], 0.0, 1e9));
}

Result<std::vector<SourceReading>> SourceMeter::readings() {
  const auto count = taken();
  if (!count.ok()) return count.error();
  if (expected_ == 0 || count.value() != expected_) {
    return error(Errc::interlock_tripped,
                 fmt::format("{} of {} readings of the staircase have been taken", count.value(), expected_));
  }
  const std::size_t width = values_per_reading();
  std::vector<double> all;
  if (dialect_ == Dialect::k2450) {
    for (std::size_t begin = 0; begin < expected_; begin += buffer_words) {
      const std::size_t end = std::min(expected_, begin + buffer_words);
      auto part = heard(line_->ask_numbers(
          fmt::format(":TRAC:DATA? {},{},\"defbuffer1\",SOUR,READ,SEC,FRAC", begin + 1, end), width * (end - begin)));
      if (!part.ok()) return part.error();
      all.insert(all.end(), part.value().begin(), part.value().end());
    }
  } else {
    auto whole = heard(line_->ask_numbers(":TRAC:DATA?", width * expected_));
    if (!whole.ok()) return whole.error();
    all = std::move(whole).value();
    // Single readings next: the source mode is a list no longer.
    if (auto fixed = heard(line_->command(":SOUR:VOLT:MODE FIX;:SOUR:DEL 0;:TRIG:COUN 1")); !fixed.ok()) {
      return fixed.error();
    }
  }
  std::vector<SourceReading> taken_readings;
  for (std::size_t k = 0; k < expected_; ++k) taken_readings.push_back(reading(all.data() + k * width));
  return taken_readings;
}

Outcome SourceMeter::stop() {
  if (!line_) return error(Errc::disconnected, "not connected");
  expected_ = 0;
  const bool doubted = doubtful_;
  const char* stopped = dialect_ == Dialect::k2450 ? ":ABOR" : ":ABOR;:SOUR:VOLT:MODE FIX;:SOUR:DEL 0;:TRIG:COUN 1";
  auto outcome = heard(line_->command(stopped));
  doubtful_ = doubtful_ || doubted;
  return outcome;
}

}  // namespace seccm::instrument::drivers
