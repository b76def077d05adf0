// A camera of the twin as a GigE Vision camera: any GigE Vision client finds it, reads its features and grabs its
// frames. What it can be told and how it answers: gige_features.hpp, gige_device.hpp.
//
// Frames are what Camera::grab returns, count for count, as Mono16 (or shifted to 8 bit as Mono8), cut to the client's
// region. The time stamp of a frame is the device time of the end of its exposure in ns; stamp 0 marks a frame that the
// camera behind it did not deliver, which is black.
//
// Only what comes to `address` itself is answered, and on the interface of that address a discovery by broadcast: on
// the loopback no other machine is heard. GigE Vision has one fixed port (UDP 3956): one server per address. Frames are
// made on a thread of the server, under `world` if one is given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "instrument/bench/bench_time.hpp"
#include "instrument/roles/camera.hpp"

namespace seccm::instrument::servers {

struct GigeOptions {
  std::string address = "127.0.0.1";                  ///< IPv4, of an interface of this machine
  std::string serial = "TWIN01";                      ///< at most 15 characters
  double latency = 0.0;                               ///< s, of one frame beside its exposure
  double packet_loss = 0.0;                           ///< fraction of image packets that are dropped for good, 0..1
  std::mutex* world = nullptr;                        ///< held while a frame is made; must outlive the server
  std::function<void(const std::string&)> note = {};  ///< told, on a thread of the server, what went wrong
};

class GigeServer {
 public:
  /// Serves at once, until it is destroyed. `camera` (connected here) and `time` must outlive it. Throws InputError if
  /// the address is none of this machine or already serves a GigE Vision camera, or the camera has more than 16384
  /// pixels in a row or column.
  GigeServer(Camera& camera, bench::BenchTime& time, GigeOptions options);
  ~GigeServer();
  GigeServer(const GigeServer&) = delete;
  GigeServer& operator=(const GigeServer&) = delete;

  struct Counts {
    std::uint64_t frames = 0;    ///< made for clients
    std::uint64_t failures = 0;  ///< of these, not delivered by the camera
  };
  [[nodiscard]] Counts counts() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace seccm::instrument::servers
