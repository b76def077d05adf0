#include "instrument/servers/nifpga/fpga_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "sim/error.hpp"

namespace seccm::instrument::nifpga {

using wecspm::DataType;
using wecspm::FpgaStatus;
using wecspm::Reg;
using wecspm::ViState;
namespace status = wecspm::fpga_status;

namespace {

constexpr std::string_view only_resource = "RIO0";
constexpr std::size_t largest_depth = std::size_t{1} << 24U;
constexpr double infinite_timeout = 86400.0;  // s: 0xFFFFFFFF ms

wecspm::NativeUnits units_of(const Capabilities& c, const Limits& l, bool inverted) {
  const double sign = inverted ? -1.0 : 1.0;
  return {c.x.lsb, c.y.lsb, c.z.lsb, l.z_max, sign * c.E1.lsb, sign * c.i1.lsb};
}

std::pair<std::int64_t, std::int64_t> range_of(DataType type) {
  switch (type) {
    case DataType::boolean:
      return {0, 1};
    case DataType::u8:
      return {0, 255};
    case DataType::i16:
      return {-32768, 32767};
    case DataType::i32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    case DataType::u32:
    case DataType::fixed_point:
      return {0, std::numeric_limits<std::uint32_t>::max()};
    case DataType::u64:
      break;
  }
  return {0, std::numeric_limits<std::int64_t>::max()};
}

/// A frame of 2^n samples and one more interval; a number that is no power of two counts as the next one.
RigTiming timing_of(double frame, double sample) {
  const double samples = frame / sample;
  if (!(samples >= 2.0 - 1e-6 && std::abs(samples - std::nearbyint(samples)) < 1e-6)) {
    throw InputError(fmt::format("sample interval = {:.6g} us: a frame of {:.6g} us is not a whole number of them",
                                 sample * 1e6, frame * 1e6));
  }
  return {std::llround(sample * wecspm::tick_rate), std::llround(std::ceil(std::log2(samples - 1.0) - 1e-9))};
}

double seconds_of(std::uint32_t timeout_ms) {
  return timeout_ms == UINT32_MAX ? infinite_timeout : timeout_ms * 1e-3;
}

}  // namespace

FpgaTarget::FpgaTarget(ProbeSequencer& sequencer, Clock& clock, const TargetOptions& options)
    : sequencer_(sequencer),
      clock_(clock),
      options_(options),
      image_(
          wecspm::map_image(wecspm::parse_bitfile(wecspm::synthetic_bitfile(), "software target"), "software target")),
      units_(units_of(sequencer.capabilities(), sequencer.limits(), options.polarity_inverted)),
      frame_interval_(sequencer.capabilities().frame_interval),
      timing_(timing_of(frame_interval_, options.sample_interval)) {
  if (!(options.latency >= 0.0 && options.latency <= 1.0)) {
    throw InputError(fmt::format("latency = {:.6g} s, accepted are 0 s to 1 s", options.latency));
  }
  waypoints_.on_target = wecspm::waypoint_fifo_elements;
  samples_.on_target = wecspm::sample_fifo_elements;
  defaults();
}

void FpgaTarget::defaults() {
  for (std::size_t k = 0; k < values_.size(); ++k) values_[k] = start_value(static_cast<Reg>(k), timing_);
  publish();
}

void FpgaTarget::note(const std::string& what) const {
  if (options_.note) options_.note(what);
}

FpgaStatus FpgaTarget::open(const std::string&, const std::string& signature, const std::string& resource) {
  if (open_) return status::invalid_session;
  if (resource != only_resource) {
    note(fmt::format("resource \"{}\" is not there, accepted is \"{}\"", resource, only_resource));
    return status::resource_not_found;
  }
  if (signature != wecspm::synthetic_signature) return status::signature_mismatch;
  open_ = true;
  return status::success;
}

FpgaStatus FpgaTarget::close() {
  if (!open_) return status::invalid_session;
  const FpgaStatus result = reset();
  open_ = false;
  return result;
}

FpgaStatus FpgaTarget::reset() {
  if (!open_) return status::invalid_session;
  stop();
  state_ = ViState::not_running;
  stopped_ = end_spent_ = false;
  fault_.clear();
  samples_.words.clear();
  lines_ = 0;
  defaults();
  return status::success;
}

// The motion stops where it is, and so do the registers.
FpgaStatus FpgaTarget::abort() {
  if (!open_) return status::invalid_session;
  if (state_ == ViState::running) {
    sync();
    stop();
    publish();
  }
  state_ = ViState::not_running;
  return status::success;
}

FpgaStatus FpgaTarget::download() {
  return reset();
}

// The image starts retracted, potentials at zero and the lateral axes at +5 V.
FpgaStatus FpgaTarget::run() {
  if (!open_) return status::invalid_session;
  if (state_ == ViState::running) return status::success;
  if (!sequencer_.connect({.allow_motion = true})) return status::software_fault;
  sequencer_.make_safe();
  if (!go_to_start()) return status::software_fault;
  v2_ = 0;
  lines_ = 0;
  fault_.clear();
  at(Reg::internal_stop) = 0;
  end_spent_ = false;
  stopped_ = on(Reg::external_stop);
  state_ = ViState::running;
  fresh_ = true;
  publish();
  return status::success;
}

FpgaStatus FpgaTarget::state(ViState& state) {
  if (!open_) return status::invalid_session;
  state = state_;
  return status::success;
}

FpgaStatus FpgaTarget::read(std::uint32_t address, DataType type, std::int64_t& value) {
  if (!open_) return status::invalid_session;
  const auto found = std::find(image_.address.begin(), image_.address.end(), address);
  if (found == image_.address.end()) return status::invalid_parameter;
  const auto reg = static_cast<Reg>(found - image_.address.begin());
  if (wecspm::rule(reg).type != type) return status::invalid_parameter;
  pass(options_.latency);
  if (!wecspm::rule(reg).indicator) {
    value = at(reg);
    return status::success;
  }
  if (seen_.contains(reg)) publish();
  seen_.insert(reg);
  value = snapshot_[static_cast<std::size_t>(reg)];
  return status::success;
}

FpgaStatus FpgaTarget::write(std::uint32_t address, DataType type, std::int64_t value) {
  if (!open_) return status::invalid_session;
  const auto found = std::find(image_.address.begin(), image_.address.end(), address);
  if (found == image_.address.end()) return status::invalid_parameter;
  const auto reg = static_cast<Reg>(found - image_.address.begin());
  const auto [low, high] = range_of(type);
  if (wecspm::rule(reg).type != type || value < low || value > high) return status::invalid_parameter;
  pass(options_.latency);
  if (const auto why = refused(reg, value)) {
    note(*why);
    return status::invalid_parameter;
  }
  const bool changed = at(reg) != value;
  at(reg) = value;
  apply(reg, changed);
  sync();
  publish();
  return status::success;
}

std::optional<std::string> FpgaTarget::refused(Reg reg, std::int64_t value) {
  if (auto why = refusal(reg, value, timing_)) return why;
  if (state_ != ViState::running) return std::nullopt;
  if (reg == Reg::external_stop && value == 0 && stopped_) {
    return fmt::format("{} = 0 is refused: the stop is final until reset and run", wecspm::rule(reg).name);
  }
  if (reg == Reg::end_current_line && value != 0 && !on(reg) && end_spent_) {
    return fmt::format("{} = 1 is refused: it acts once between two resets", wecspm::rule(reg).name);
  }
  return std::nullopt;
}

FpgaTarget::Fifo* FpgaTarget::fifo(std::uint32_t number) {
  if (number == image_.waypoints) return &waypoints_;
  if (number == image_.samples) return &samples_;
  return nullptr;
}

FpgaStatus FpgaTarget::configure_fifo(std::uint32_t number, std::size_t depth, std::size_t& actual) {
  if (!open_) return status::invalid_session;
  Fifo* which = fifo(number);
  if (which == nullptr || depth > largest_depth) return status::invalid_parameter;
  which->on_host = actual = depth;
  return status::success;
}

FpgaStatus FpgaTarget::fifo_depth(std::uint32_t number, std::size_t& depth) {
  if (!open_) return status::invalid_session;
  const Fifo* which = fifo(number);
  if (which == nullptr) return status::invalid_parameter;
  depth = which->on_host;
  return status::success;
}

FpgaStatus FpgaTarget::start_fifo(std::uint32_t number) {
  if (!open_) return status::invalid_session;
  return fifo(number) == nullptr ? status::invalid_parameter : status::success;
}

FpgaStatus FpgaTarget::stop_fifo(std::uint32_t number) {
  if (!open_) return status::invalid_session;
  Fifo* which = fifo(number);
  if (which == nullptr) return status::invalid_parameter;
  which->words.clear();
  return status::success;
}

/// False when it is of no use to go on waiting: the time is over, or another thread has closed the session.
bool FpgaTarget::wait_a_frame(double until) {
  const double before = clock_.now();
  if (before >= until) return false;
  step(std::min(until, before + frame_interval_));
  const bool passed = clock_.now() > before;
  if (options_.meanwhile) options_.meanwhile();
  return passed && open_;
}

FpgaStatus FpgaTarget::write_fifo(std::uint32_t number, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                                  std::size_t& room) {
  if (!open_) return status::invalid_session;
  if (number != image_.waypoints) return status::invalid_parameter;
  pass(options_.latency);
  const double until = clock_.now() + seconds_of(timeout_ms);
  while (waypoints_.room() < words.size() && wait_a_frame(until)) {
  }
  if (!open_) return status::invalid_session;
  const bool fits = words.size() <= waypoints_.room();
  if (fits) waypoints_.words.insert(waypoints_.words.end(), words.begin(), words.end());
  sync();
  publish();
  room = waypoints_.room();
  return fits ? status::success : status::fifo_timeout;
}

FpgaStatus FpgaTarget::read_fifo(std::uint32_t number, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                                 std::size_t& remaining) {
  if (!open_) return status::invalid_session;
  if (number != image_.samples) return status::invalid_parameter;
  pass(options_.latency);
  const double until = clock_.now() + seconds_of(timeout_ms);
  while (samples_.words.size() < words.size() && wait_a_frame(until)) {
  }
  if (!open_) return status::invalid_session;
  const bool there = samples_.words.size() >= words.size();
  if (there) {
    std::copy_n(samples_.words.begin(), words.size(), words.begin());
    samples_.words.erase(samples_.words.begin(), samples_.words.begin() + static_cast<std::ptrdiff_t>(words.size()));
  }
  publish();
  remaining = samples_.words.size();
  return there ? status::success : status::fifo_timeout;
}

}  // namespace seccm::instrument::nifpga
