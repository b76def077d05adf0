// An FPGA behind which a test can look and meddle: forwards every call.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "instrument/wecspm/nifpga_api.hpp"

namespace seccm::instrument::wecspm::testing {

class WatchedFpga final : public NiFpgaApi {
 public:
  explicit WatchedFpga(NiFpgaApi& behind) : behind_(behind) {}

  std::vector<std::string> calls;                             ///< "write 32768 1", ...
  std::function<void(std::uint32_t, std::int64_t&)> on_read;  ///< may change what a register says
  std::function<void(std::span<std::int16_t>)> on_samples;    ///< may change samples
  FpgaStatus forced = 0;                                      ///< every call fails with it, if < 0

  FpgaStatus open(const std::string& b, const std::string& s, const std::string& r) override {
    return forced < 0 ? forced : behind_.open(b, s, r);
  }
  FpgaStatus close() override { return behind_.close(); }
  FpgaStatus reset() override {
    calls.emplace_back("reset");
    return forced < 0 ? forced : behind_.reset();
  }
  FpgaStatus run() override {
    calls.emplace_back("run");
    return forced < 0 ? forced : behind_.run();
  }
  FpgaStatus state(ViState& state) override { return forced < 0 ? forced : behind_.state(state); }
  FpgaStatus read(std::uint32_t address, DataType type, std::int64_t& value) override {
    calls.push_back("read " + std::to_string(address));
    if (forced < 0) return forced;
    const FpgaStatus status = behind_.read(address, type, value);
    if (on_read) on_read(address, value);
    return status;
  }
  FpgaStatus write(std::uint32_t address, DataType type, std::int64_t value) override {
    calls.push_back("write " + std::to_string(address) + " " + std::to_string(value));
    return forced < 0 ? forced : behind_.write(address, type, value);
  }
  FpgaStatus configure_fifo(std::uint32_t fifo, std::size_t depth, std::size_t& actual) override {
    return forced < 0 ? forced : behind_.configure_fifo(fifo, depth, actual);
  }
  FpgaStatus start_fifo(std::uint32_t fifo) override { return forced < 0 ? forced : behind_.start_fifo(fifo); }
  FpgaStatus stop_fifo(std::uint32_t fifo) override { return forced < 0 ? forced : behind_.stop_fifo(fifo); }
  FpgaStatus write_fifo(std::uint32_t fifo, std::span<const std::int16_t> words, std::uint32_t timeout_ms,
                        std::size_t& room) override {
    calls.push_back("waypoints " + std::to_string(words.size() / 14));
    return forced < 0 ? forced : behind_.write_fifo(fifo, words, timeout_ms, room);
  }
  FpgaStatus read_fifo(std::uint32_t fifo, std::span<std::int16_t> words, std::uint32_t timeout_ms,
                       std::size_t& remaining) override {
    if (forced < 0) return forced;
    const FpgaStatus status = behind_.read_fifo(fifo, words, timeout_ms, remaining);
    if (status == 0 && !words.empty() && on_samples) on_samples(words);
    return status;
  }

 private:
  NiFpgaApi& behind_;
};

}  // namespace seccm::instrument::wecspm::testing
