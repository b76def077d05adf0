// Time of a rig whose devices are spoken to one request at a time.
//
// Transaction-stepped: a request lets exactly its modelled latency pass, so that a polling client meets the same world
// at each run. Paced: a request lets the world catch up with the wall clock times a speed. A server calls `on_request`
// once per request, before it looks at or changes anything. What the request computed (an aperture, an exposure) can
// have put the world ahead of the wall clock: its answer is held back for `ahead()`.
#pragma once

namespace seccm::instrument::bench {

class BenchTime {
 public:
  virtual ~BenchTime() = default;
  [[nodiscard]] virtual double now() const = 0;  ///< device time, s
  /// `latency`: s that the request takes on the wire and in the device.
  virtual void on_request(double latency) = 0;
  /// s of the wall clock until it is where the world is; 0 in stepped time, which the wall clock has no part in.
  [[nodiscard]] virtual double ahead() const { return 0.0; }
};

}  // namespace seccm::instrument::bench
