// A pair of file descriptors that behave as the two ends of a serial line.
#pragma once

#include <string>
#include <utility>

namespace seccm::instrument::servers {

/// Owns both ends. The far end stays open here too, so that a client may come and go without the near end failing.
class PseudoTerminal {
 public:
  /// Raw: no echo, no translation of line ends. Throws InputError if the system has none left.
  PseudoTerminal();
  ~PseudoTerminal();
  PseudoTerminal(PseudoTerminal&& other) noexcept
      : near_(std::exchange(other.near_, -1)), far_(std::exchange(other.far_, -1)), device_(std::move(other.device_)) {}
  PseudoTerminal& operator=(PseudoTerminal&&) = delete;

  /// Hands the near end over to its reader.
  [[nodiscard]] int release_near() { return std::exchange(near_, -1); }
  [[nodiscard]] const std::string& device() const { return device_; }

 private:
  int near_ = -1, far_ = -1;
  std::string device_;
};

}  // namespace seccm::instrument::servers
