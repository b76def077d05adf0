// Camera and lamps of a twin on the wire, where [serve] says.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "instrument/bench/bench_time.hpp"
#include "instrument/roles/camera.hpp"
#include "instrument/roles/light.hpp"
#include "instrument/servers/gige/gige_server.hpp"
#include "instrument/servers/led/led_session.hpp"
#include "instrument/servers/wire/line_session.hpp"
#include "scenarios/scenario.hpp"

namespace seccm::rigs {

/// One thing that listens.
struct Listener {
  std::string instrument;  ///< "stage", "light", "source meter", "camera"
  std::string protocol;
  std::string where;  ///< "127.0.0.1:50000", "/dev/pts/3"
};

/// Told, on threads of the servers, what went wrong on a wire.
using WireNote = std::function<void(const std::string&)>;

/// The port that `wire` now listens on. Throws InputError, naming `key`, if it can not be had.
int listen_at(instrument::servers::WireServer& wire, const char* key, const std::string& address, int port,
              instrument::servers::SessionFactory sessions);

class ServedMicroscope {
 public:
  /// `time` and `world`, the mutex of whoever works on it, must outlive it.
  ServedMicroscope(instrument::bench::BenchTime& time, std::mutex& world) : time_(time), world_(world) {}

  /// Both listen at once and must be outlived by camera and light. Throw InputError for a place that can not be had.
  Listener serve(instrument::Light& light, const scenarios::ServeParameters& serve,
                 instrument::servers::WireServer& wire);
  /// The lamps that are served already, on a pseudo terminal as well.
  Listener serve_lamps_on_a_line(instrument::servers::WireServer& wire);
  Listener serve(instrument::Camera& camera, const scenarios::ServeParameters& serve, WireNote note);

  /// Frames that the camera made for its clients.
  [[nodiscard]] std::uint64_t camera_frames() const { return camera_ ? camera_->counts().frames : 0; }

 private:
  instrument::bench::BenchTime& time_;
  std::mutex& world_;
  std::optional<instrument::servers::LedSource> lamps_;
  std::optional<instrument::servers::GigeServer> camera_;
};

}  // namespace seccm::rigs
