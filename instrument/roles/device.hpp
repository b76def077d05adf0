// What every device can say of itself.
#pragma once

#include <string>

#include "instrument/roles/result.hpp"

namespace seccm::instrument {

struct Identity {
  std::string vendor;
  std::string model;
  std::string serial;
  std::string firmware;
};

struct Health {
  enum class Condition { ok, degraded, stale, faulted };
  Condition condition = Condition::ok;
  double last_seen = 0.0;  ///< device time, s
  std::string detail;
};

/// Connecting a sequencer can move the stage (the real target starts with X and Y at mid-range): the caller says that
/// it knows.
struct ConnectConsent {
  bool allow_motion = false;
};

class Device {
 public:
  virtual ~Device() = default;
  [[nodiscard]] virtual Identity identity() const = 0;
  [[nodiscard]] virtual Health health() const = 0;
  virtual Outcome connect(ConnectConsent consent) = 0;
  /// Brings the device to its safe state before anything else: stop, retract unless motion itself is doubtful, cell
  /// off, lamp off. Idempotent, never throws, may be called at any time.
  virtual void make_safe() noexcept = 0;
};

}  // namespace seccm::instrument
