// One session with the FPGA image: registers by their name in the contract, statuses as errors of the roles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "instrument/roles/result.hpp"
#include "instrument/wecspm/bitfile.hpp"
#include "instrument/wecspm/nifpga_api.hpp"

namespace seccm::instrument::wecspm {

Error fpga_error(Errc code, std::string detail, bool retryable = false);

/// How the image samples: its registers "Buffer Loop Wait Time" and "2^(-n)".
struct ImageTiming {
  std::int64_t sample_ticks = 160;    ///< of 25 ns
  std::int64_t average_exponent = 8;  ///< a frame is the mean of 2^n samples
};

class ImageSession {
 public:
  /// `api` must outlive it. Throws InputError if `bitfile` is not of the contract; `path` names it in messages.
  ImageSession(NiFpgaApi& api, const Bitfile& bitfile, std::string path, std::string resource,
               const ImageTiming& timing);

  Outcome open();
  void close() noexcept;
  /// Brings the image from reset to running with the neutral settings: FIFOs empty, paused, comparators never set.
  Outcome start();

  Result<std::int64_t> read(Reg reg);
  Outcome write(Reg reg, std::int64_t value);
  Outcome write_waypoints(std::span<const std::int16_t> words);
  /// Whole words that wait unread.
  Result<std::size_t> waiting();
  /// False if they did not come in time; then none is taken.
  Result<bool> read_samples(std::span<std::int16_t> words, std::uint32_t timeout_ms);

  /// Elements of the host's sample buffer.
  [[nodiscard]] std::size_t buffer_depth() const { return buffer_depth_; }

 private:
  Outcome outcome(FpgaStatus status, std::string_view what);
  Outcome prepare_fifo(std::uint32_t number, std::size_t& depth);
  Outcome write_neutral();

  NiFpgaApi& api_;
  ImageMap map_;
  std::string signature_, path_, resource_;
  ImageTiming timing_;
  std::size_t buffer_depth_ = 0;
  bool open_ = false;
};

}  // namespace seccm::instrument::wecspm
