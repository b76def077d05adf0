// Role Light on a three-channel LED light source of the CoolLED pE-300 kind, over TCP or a serial line.
//
// Intensities are whole percents on the device: what was asked for is rounded, and get() says what the device says. A
// lamp of intensity 0 is deselected; the third channel is left alone. A state that does not become what was asked for
// is Errc::protocol. After any failure but a rejected intensity nothing is sent until connect(), which opens the wire
// anew; only make_safe() still tries. make_safe() switches all channels off and waits for the device to say so.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "instrument/drivers/wire/byte_stream.hpp"
#include "instrument/roles/clock.hpp"
#include "instrument/roles/light.hpp"

namespace seccm::instrument::drivers {

class LedLine;

struct LedConfig {
  char reflection = 'A', transmission = 'B';  ///< letters of the two lamps, two of A, B, C
};

class LedLight final : public Light {
 public:
  /// How to open the wire, for each connect().
  using Open = std::function<Result<std::unique_ptr<ByteStream>>()>;

  /// `clock` is the rig's and must outlive the light. Throws InputError for letters that are not two of A, B, C.
  LedLight(Open open, LedConfig config, const Clock& clock);
  ~LedLight() override;

  [[nodiscard]] Identity identity() const override { return identity_; }
  [[nodiscard]] Health health() const override;
  /// Asks who is there (Errc::protocol if it is no pE-300) and for its state, and changes nothing.
  Outcome connect(ConnectConsent consent) override;
  void make_safe() noexcept override;
  /// Errc::limit_rejected unless the intensity is in [0, 1].
  Outcome set(LightChannel channel, double intensity) override;
  [[nodiscard]] Result<LightState> get() const override;

 private:
  /// What reading the state changes: a const question is still an exchange.
  struct Talk;

  Outcome greet();
  [[nodiscard]] Error error(Errc code, std::string detail) const;
  [[nodiscard]] char letter(LightChannel channel) const {
    return channel == LightChannel::reflection ? config_.reflection : config_.transmission;
  }

  Open open_;
  LedConfig config_;
  const Clock& clock_;
  Identity identity_{"CoolLED", "", "", ""};
  std::unique_ptr<Talk> talk_;
};

}  // namespace seccm::instrument::drivers
