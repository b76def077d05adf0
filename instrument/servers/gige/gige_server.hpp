// A camera of the twin as a GigE Vision camera, through Aravis' fake camera: any GigE Vision client finds it, reads its
// features and grabs its frames.
//
// Frames are what Camera::grab returns, count for count, as Mono16 (or shifted to 8 bit as Mono8; other formats are
// black). The client's region is cut out of them; outside of them it is black. ExposureTimeAbs (us) is the exposure;
// GainRaw and binning change nothing. Trigger source Software gives one frame per trigger; free running gives frames
// at AcquisitionFrameRate of the wall clock. The time stamp of a frame is the device time of the end of its exposure in
// ns; stamp 0 marks a frame that the camera behind it did not deliver, which is black.
//
// GigE Vision has one fixed port (UDP 3956): one server per address. Frames are made on a thread of Aravis, under
// `world` if one is given. One source file sees Aravis.
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
  std::string address = "127.0.0.1";                  ///< of an interface of this machine
  std::string serial = "TWIN01";                      ///< at most 15 characters
  double latency = 0.0;                               ///< s, of one frame beside its exposure
  double packet_loss = 0.0;                           ///< fraction of image packets that are dropped on purpose, 0..1
  std::mutex* world = nullptr;                        ///< held while a frame is made; must outlive the server
  std::function<void(const std::string&)> note = {};  ///< told, on Aravis' thread, what went wrong
};

class GigeServer {
 public:
  /// Serves at once, until it is destroyed. `camera` (connected here) and `time` must outlive it. Throws InputError if
  /// the address is none of this machine or already serves a GigE Vision camera, or the camera has more than 2048
  /// pixels in a row or column (Aravis' sensor).
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
