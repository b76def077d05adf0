// Progress of a long run, and the request to end it. An engine tells after every step that it takes, a step taken back
// included: a request to stop is served within one step, however few rows the program asks for. There is no clock here;
// a callback that draws or waits limits itself.
#pragma once

#include <algorithm>
#include <functional>

#include "sim/error.hpp"

namespace seccm::models {

class Progress {
 public:
  /// Keeps a reference to the callback, which may be empty; it gets the fraction done, which never falls, and returns
  /// false to stop. `duration` is that of the program, s.
  Progress(const std::function<bool(double)>& callback, double duration)
      : callback_(&callback), duration_(std::max(duration, 1e-300)) {}

  /// The run has arrived at that time, s from its start. Throws Cancelled.
  void at(double time) {
    if (!*callback_) return;
    done_ = std::max(done_, std::min(time / duration_, 1.0));
    if (!(*callback_)(done_)) throw Cancelled("simulation stopped on request");
  }

 private:
  const std::function<bool(double)>* callback_;
  double duration_;
  double done_ = 0.0;
};

}  // namespace seccm::models
