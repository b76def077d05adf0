// Frames as the recorder keeps them: signed 16-bit counts of each channel, with the scales of the sequencer.
//
// A frame that the rig digitised comes back to the same count; a value outside the range is clipped to it.
#pragma once

#include "files/records.hpp"
#include "instrument/roles/probe_sequencer.hpp"

namespace seccm::scan {

class FramePacker {
 public:
  /// `tick`: unit of the device time of the run file, s.
  FramePacker(const instrument::Capabilities& capabilities, double tick);

  [[nodiscard]] files::PackedFrame pack(const instrument::Frame& frame) const;

 private:
  struct Channel {
    double per_count, offset;
    [[nodiscard]] std::int16_t count(double value) const;
  };
  static Channel channel(const instrument::ChannelScale& scale);

  Channel x_, y_, z_, E1_, i1_, E2_, i2_;
  double per_tick_;
};

}  // namespace seccm::scan
