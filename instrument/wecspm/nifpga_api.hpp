// What the driver needs of the FPGA Interface C API: one session with one image.
//
// Implemented over a shared library (drivers/wecspm/nifpga_library.hpp) and by the software target
// (servers/nifpga/fpga_target.hpp). Each call returns the API's status: 0 is success, < 0 an error, > 0 a warning.
// Addresses are those of the bitfile. Values of registers travel as 64-bit integers; a boolean is 0 or 1.
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "instrument/wecspm/register_contract.hpp"

namespace seccm::instrument::wecspm {

using FpgaStatus = std::int32_t;

namespace fpga_status {
inline constexpr FpgaStatus success = 0;
inline constexpr FpgaStatus fifo_timeout = -50400;
inline constexpr FpgaStatus memory_full = -52000;
inline constexpr FpgaStatus software_fault = -52003;
inline constexpr FpgaStatus invalid_parameter = -52005;
inline constexpr FpgaStatus resource_not_found = -52006;
inline constexpr FpgaStatus not_running = -61003;
inline constexpr FpgaStatus signature_mismatch = -61210;
inline constexpr FpgaStatus invalid_session = -63195;
}  // namespace fpga_status

/// "-50400 (FIFO timeout)"; a number alone where the name is not known.
std::string describe_status(FpgaStatus status);

enum class ViState : std::uint32_t { not_running = 0, invalid = 1, running = 2, naturally_stopped = 3 };

class NiFpgaApi {
 public:
  virtual ~NiFpgaApi() = default;
  /// Opens without running.
  virtual FpgaStatus open(const std::string& bitfile, const std::string& signature, const std::string& resource) = 0;
  virtual FpgaStatus close() = 0;
  virtual FpgaStatus reset() = 0;
  virtual FpgaStatus run() = 0;
  virtual FpgaStatus state(ViState& state) = 0;
  virtual FpgaStatus read(std::uint32_t address, DataType type, std::int64_t& value) = 0;
  virtual FpgaStatus write(std::uint32_t address, DataType type, std::int64_t value) = 0;
  virtual FpgaStatus configure_fifo(std::uint32_t fifo, std::size_t depth, std::size_t& actual) = 0;
  virtual FpgaStatus start_fifo(std::uint32_t fifo) = 0;
  virtual FpgaStatus stop_fifo(std::uint32_t fifo) = 0;
  /// All words or none; `room`: elements that can still be written.
  virtual FpgaStatus write_fifo(std::uint32_t fifo, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                                std::size_t& room) = 0;
  /// Fills `words` or, after `timeout_ms`, takes nothing; `remaining`: elements still waiting.
  virtual FpgaStatus read_fifo(std::uint32_t fifo, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                               std::size_t& remaining) = 0;
};

}  // namespace seccm::instrument::wecspm
