// A stage behind a GCS 2.0 controller (PI E-727 and its kin), over TCP or a serial line.
//
// Positions in m, velocities in m/s; axes counted from 0 in the order of the configuration. connect() opens the wire,
// asks who is there, reads limits, and switches the servo on, which can move the stage: with the servo off it needs the
// consent. Every command is followed by its ERR?; a refused one is an error of its own and moves nothing. After a
// timeout, a protocol error or a lost connection it is doubtful what the controller does: nothing but stops is sent
// until connect() again (Errc::needs_reconnect). A stop is always tried.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "instrument/drivers/wire/byte_stream.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/device.hpp"

namespace seccm::instrument::drivers {

class GcsLine;

struct GcsConfig {
  std::vector<std::string> axes{"1", "2", "3"};  ///< names on the controller
};

/// What moves where, in one command.
struct AxisTarget {
  int axis = 0;
  double target = 0.0;  ///< m
};

class GcsStage final : public Device {
 public:
  /// How to open the wire, for each connect().
  using Open = std::function<Result<std::unique_ptr<ByteStream>>()>;

  /// `clock` is the rig's and must outlive the stage. Throws InputError if there are no axes, one twice, or names that
  /// could not be sent.
  GcsStage(Open open, GcsConfig config, const Clock& clock);
  ~GcsStage() override;

  [[nodiscard]] Identity identity() const override { return identity_; }
  [[nodiscard]] Health health() const override;
  /// Errc::interlock_tripped if the servo is off and motion is not allowed.
  Outcome connect(ConnectConsent consent) override;
  /// Stops all axes at once (#24) and waits for the confirmation.
  void make_safe() noexcept override;

  [[nodiscard]] int axes() const { return static_cast<int>(config_.axes.size()); }
  /// Soft limits of the controller, m; 0 until connected.
  [[nodiscard]] double travel_min(int axis) const { return low_.at(static_cast<std::size_t>(axis)); }
  [[nodiscard]] double travel_max(int axis) const { return high_.at(static_cast<std::size_t>(axis)); }

  /// Errc::limit_rejected, with value and limits, before anything is sent for a target outside of the travel, and if
  /// the controller says so.
  Outcome move_to(std::span<const AxisTarget> targets);
  Outcome set_velocity(int axis, double velocity);
  [[nodiscard]] Result<double> velocity(int axis);
  [[nodiscard]] Result<std::vector<double>> positions();
  /// Arrived and settled, all axes that are asked for.
  [[nodiscard]] Result<bool> on_target(std::span<const int> axes);
  /// The command has not arrived, for any axis.
  [[nodiscard]] Result<bool> moving();
  Outcome halt(int axis);
  Outcome stop_all();

 private:
  Outcome greet(ConnectConsent consent);
  Outcome servo_on(ConnectConsent consent);
  Outcome ready() const;
  /// What the wire said; a doubtful answer ends the conversation.
  template <class T>
  Result<T> heard(Result<T> result);
  [[nodiscard]] Error error(Errc code, std::string detail) const;
  [[nodiscard]] const std::string& name(int axis) const { return config_.axes.at(static_cast<std::size_t>(axis)); }

  Open open_;
  GcsConfig config_;
  const Clock& clock_;
  std::unique_ptr<GcsLine> line_;
  Identity identity_;
  std::vector<double> low_, high_;  // m
  double last_seen_ = 0.0;
  std::string trouble_ = "not connected";
  bool doubtful_ = false;
};

}  // namespace seccm::instrument::drivers
