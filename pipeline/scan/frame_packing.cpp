#include "pipeline/scan/frame_packing.hpp"

#include <algorithm>
#include <cmath>

namespace seccm::scan {

FramePacker::Channel FramePacker::channel(const instrument::ChannelScale& scale) {
  return {1.0 / scale.lsb, scale.offset};
}

std::int16_t FramePacker::Channel::count(double value) const {
  const double counts = std::nearbyint((value - offset) * per_count);
  return static_cast<std::int16_t>(std::clamp(counts, -32768.0, 32767.0));
}

FramePacker::FramePacker(const instrument::Capabilities& c, double tick)
    : x_(channel(c.x)),
      y_(channel(c.y)),
      z_(channel(c.z)),
      E1_(channel(c.E1)),
      i1_(channel(c.i1)),
      E2_(channel(c.E2)),
      i2_(channel(c.i2)),
      per_tick_(1.0 / tick) {}

files::PackedFrame FramePacker::pack(const instrument::Frame& frame) const {
  files::PackedFrame out;
  out.tick = std::llround(frame.t * per_tick_);
  out.x = x_.count(frame.x);
  out.y = y_.count(frame.y);
  out.z = z_.count(frame.z);
  out.E1 = E1_.count(frame.E1);
  out.i1 = i1_.count(frame.i1);
  out.tag = static_cast<std::int16_t>(frame.tag);
  out.flags = frame.flags;
  out.E2 = E2_.count(frame.E2);
  out.i2 = i2_.count(frame.i2);
  return out;
}

}  // namespace seccm::scan
