#include "instrument/drivers/wecspm/image_session.hpp"

#include <fmt/format.h>

#include <array>

#include <utility>

namespace seccm::instrument::wecspm {

namespace {

constexpr std::uint32_t fifo_patience_ms = 5000;
constexpr std::int64_t hold_ticks_per_us = 40;

struct Setting {
  Reg reg;
  std::int64_t value;
};

// Thresholds beyond every count: neither comparator is ever set.
constexpr std::array neutral{
    Setting{Reg::feedback_type, 1},     Setting{Reg::threshold, 32768},     Setting{Reg::greater_than, 1},
    Setting{Reg::feedback_type2, 1},    Setting{Reg::threshold2, 32768},    Setting{Reg::greater_than2, 1},
    Setting{Reg::internal_pause, 0},    Setting{Reg::change_v_on_fly, 0},   Setting{Reg::change_v2_on_fly, 0},
    Setting{Reg::end_current_line, 0},  Setting{Reg::upper_limit_dz, 10},   Setting{Reg::p2_avg_whole, 1},
    Setting{Reg::p2_avg_minus, 0},      Setting{Reg::feedback_on_hold, 0},  Setting{Reg::distance_to_bulk, 0},
    Setting{Reg::distance_to_bulk2, 0}, Setting{Reg::distance_to_bulk3, 0}, Setting{Reg::hold_scale, hold_ticks_per_us},
};

Error failure(FpgaStatus status, std::string_view what) {
  return fpga_error(Errc::device_fault, fmt::format("{}: status {}", what, describe_status(status)));
}

}  // namespace

Error fpga_error(Errc code, std::string detail, bool retryable) {
  return {code, "WEC-SPM", std::move(detail), retryable};
}

ImageSession::ImageSession(NiFpgaApi& api, const Bitfile& bitfile, std::string path, std::string resource,
                           const ImageTiming& timing)
    : api_(api),
      map_(map_image(bitfile, path)),
      signature_(bitfile.signature),
      path_(std::move(path)),
      resource_(std::move(resource)),
      timing_(timing) {}

Outcome ImageSession::outcome(FpgaStatus status, std::string_view what) {
  if (status < 0) return failure(status, what);
  return Done{};
}

Outcome ImageSession::open() {
  if (open_) return Done{};
  const FpgaStatus status = api_.open(path_, signature_, resource_);
  if (status < 0) {
    return fpga_error(Errc::disconnected,
                      fmt::format("opening {} with {}: status {}", resource_, path_, describe_status(status)));
  }
  open_ = true;
  return Done{};
}

void ImageSession::close() noexcept {
  try {
    if (open_) (void)api_.close();
  } catch (...) {
    // Nothing is left to close.
  }
  open_ = false;
}

Outcome ImageSession::prepare_fifo(std::uint32_t number, std::size_t& depth) {
  if (auto done = outcome(api_.stop_fifo(number), "stopping a FIFO"); !done) return done;
  if (auto done = outcome(api_.configure_fifo(number, host_buffer_elements, depth), "configuring a FIFO"); !done) {
    return done;
  }
  return outcome(api_.start_fifo(number), "starting a FIFO");
}

Outcome ImageSession::write_neutral() {
  for (const Setting& setting : neutral) {
    if (auto done = write(setting.reg, setting.value); !done) return done;
  }
  if (auto done = write(Reg::buffer_wait, timing_.sample_ticks); !done) return done;
  if (auto done = write(Reg::two_to_minus_n, timing_.average_exponent); !done) return done;
  std::int64_t scale = 0;
  const FpgaStatus status = api_.read(map_.of(Reg::hold_scale), rule(Reg::hold_scale).type, scale);
  if (status < 0) return failure(status, "reading HoldTimerScale");
  if (scale != hold_ticks_per_us) {
    return fpga_error(Errc::protocol, fmt::format("{} reads back {}, written was {}", rule(Reg::hold_scale).name, scale,
                                                  hold_ticks_per_us));
  }
  return Done{};
}

Outcome ImageSession::start() {
  if (auto done = outcome(api_.reset(), "reset"); !done) return done;
  ViState state = ViState::invalid;
  if (auto done = outcome(api_.state(state), "state"); !done) return done;
  if (state != ViState::not_running) {
    return fpga_error(Errc::protocol,
                      fmt::format("state {} after the reset, expected 0 (not running)", static_cast<unsigned>(state)));
  }
  if (auto done = write(Reg::external_stop, 0); !done) return done;
  if (auto done = write(Reg::external_pause, 1); !done) return done;
  std::size_t ignored = 0;
  if (auto done = prepare_fifo(map_.waypoints, ignored); !done) return done;
  if (auto done = prepare_fifo(map_.samples, buffer_depth_); !done) return done;
  if (auto done = write_neutral(); !done) return done;
  return outcome(api_.run(), "run");
}

Result<std::int64_t> ImageSession::read(Reg reg) {
  std::int64_t value = 0;
  const FpgaStatus status = api_.read(map_.of(reg), rule(reg).type, value);
  if (status < 0) return failure(status, fmt::format("reading {}", rule(reg).name));
  return value;
}

Outcome ImageSession::write(Reg reg, std::int64_t value) {
  return outcome(api_.write(map_.of(reg), rule(reg).type, value), fmt::format("writing {}", rule(reg).name));
}

Outcome ImageSession::write_waypoints(std::span<const std::int16_t> words) {
  std::size_t room = 0;
  const FpgaStatus status = api_.write_fifo(map_.waypoints, words, fifo_patience_ms, room);
  if (status == fpga_status::fifo_timeout) {
    return fpga_error(Errc::timeout, fmt::format("no room for {} words in the waypoint FIFO after {} ms", words.size(),
                                                 fifo_patience_ms));
  }
  return outcome(status, "writing waypoints");
}

Result<std::size_t> ImageSession::waiting() {
  std::size_t remaining = 0;
  const FpgaStatus status = api_.read_fifo(map_.samples, {}, 0, remaining);
  if (status < 0) return failure(status, "looking at the sample FIFO");
  return remaining;
}

Result<bool> ImageSession::read_samples(std::span<std::int16_t> words, std::uint32_t timeout_ms) {
  std::size_t remaining = 0;
  const FpgaStatus status = api_.read_fifo(map_.samples, words, timeout_ms, remaining);
  if (status == fpga_status::fifo_timeout) return false;
  if (status < 0) return failure(status, "reading samples");
  return true;
}

}  // namespace seccm::instrument::wecspm
