// Role Camera on a GigE Vision camera, through Aravis. Monochrome 16-bit frames, one per software trigger.
//
// Each grab triggers, waits for that frame and no other, and checks that every packet of it came: a frame with missing
// packets is taken again, at most `retries` times, and is then Errc::framing_lost. Waiting is by the wall clock: the
// exposure and `timeout_s` on top; late is Errc::timeout. After any such failure the stream is built anew before the
// next trigger, so that no late frame can be taken for a new one. A camera that does not answer its registers (Aravis
// asks five times within 2.5 s) is Errc::disconnected; then connect() again.
//
// Times of a frame: with `rig_stamps` the camera's stamps are device time of the rig (the twin's server); otherwise the
// end of the first exposure after connect() is the rig's time at its arrival, and the camera's own clock counts on from
// there. A mean of n frames is n triggers; its first and last frame give its times. One source file sees Aravis.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "instrument/roles/camera.hpp"
#include "instrument/roles/clock.hpp"

namespace seccm::instrument::drivers {

struct GigeConfig {
  std::string id = "127.0.0.1";     ///< address, or identifier as arv-tool lists it
  int bits = 12;                    ///< significant bits per pixel, 1 to 16; GigE Vision does not say
  double nominal_pixel_size = 0.0;  ///< m at the sample
  double timeout_s = 5.0;           ///< s of the wall clock beyond the exposure, in (0, 3600]
  int retries = 2;                  ///< of a frame with missing packets, 0 to 100
  int socket_buffer = 4 << 20;      ///< bytes; the default of the system drops frames
  bool rig_stamps = false;          ///< the camera's stamps are device time of the rig
};

class GigeCamera final : public Camera {
 public:
  /// `clock` is the rig's and must outlive the camera. A stop request ends a wait with Errc::cancelled. Throws
  /// InputError for a value that is not accepted.
  GigeCamera(GigeConfig config, const Clock& clock, std::stop_token stop = {});
  ~GigeCamera() override;

  [[nodiscard]] Identity identity() const override;
  [[nodiscard]] Health health() const override;
  /// Takes control (one client at a time), sets Mono16, software trigger and the exposure. The region stays as it is.
  Outcome connect(ConnectConsent consent) override;
  /// Ends the stream. The next grab starts it anew.
  void make_safe() noexcept override;
  /// Width and height are 0 until connected.
  [[nodiscard]] CameraProperties properties() const override;
  /// Errc::limit_rejected unless exposure is in (0, 60 s] and, once connected, in the camera's range, and average in
  /// [1, 1000]. The camera may round the exposure; frames say how long it was.
  Outcome configure(const CameraConfig& config) override;
  /// Errc::timeout at once if the exposures do not fit ahead of the deadline.
  Result<Image> grab(double deadline) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::instrument::drivers
