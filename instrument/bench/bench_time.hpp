// Time of a rig whose devices are spoken to one request at a time.
//
// Transaction-stepped: a request lets exactly its modelled latency pass, so that a polling client meets the same world
// at each run. Paced: a request lets the world catch up with the wall clock times a speed. A server calls `on_request`
// once per request, before it looks at or changes anything, and knows nothing else of time.
#pragma once

namespace seccm::instrument::bench {

class BenchTime {
 public:
  virtual ~BenchTime() = default;
  [[nodiscard]] virtual double now() const = 0;  ///< device time, s
  /// `latency`: s that the request takes on the wire and in the device.
  virtual void on_request(double latency) = 0;
};

}  // namespace seccm::instrument::bench
