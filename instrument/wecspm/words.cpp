#include "instrument/wecspm/words.hpp"

#include <algorithm>

namespace seccm::instrument::wecspm {

namespace {

std::int16_t biased(std::uint32_t half) {
  return static_cast<std::int16_t>(static_cast<std::int32_t>(half & 0xFFFFU) - 32768);
}

std::uint32_t unbiased(std::int16_t word) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(word) + 32768);
}

}  // namespace

Words encode(const NativeWaypoint& waypoint) {
  Words words{};
  words[0] = waypoint.action;
  std::copy(waypoint.velocity.begin(), waypoint.velocity.end(), words.begin() + 1);
  std::copy(waypoint.target.begin(), waypoint.target.end(), words.begin() + 6);
  words[11] = waypoint.loop_wait_us;
  words[12] = waypoint.hold_us;
  words[13] = static_cast<std::int16_t>(waypoint.flags);
  return words;
}

NativeWaypoint decode_waypoint(std::span<const std::int16_t, frame_words> words) {
  NativeWaypoint waypoint;
  waypoint.action = words[0];
  std::copy_n(words.begin() + 1, axis_count, waypoint.velocity.begin());
  std::copy_n(words.begin() + 6, axis_count, waypoint.target.begin());
  waypoint.loop_wait_us = words[11];
  waypoint.hold_us = words[12];
  waypoint.flags = static_cast<std::uint16_t>(words[13]);
  return waypoint;
}

Words encode(const NativeSample& sample) {
  Words words{};
  std::copy(sample.position.begin(), sample.position.end(), words.begin());
  words[5] = sample.i1;
  words[6] = sample.i2;
  words[8] = sample.feedback;
  words[9] = sample.line;
  words[12] = biased(sample.interval >> 16U);
  words[13] = biased(sample.interval);
  return words;
}

NativeSample decode_sample(std::span<const std::int16_t, frame_words> words) {
  NativeSample sample;
  std::copy_n(words.begin(), axis_count, sample.position.begin());
  sample.i1 = words[5];
  sample.i2 = words[6];
  sample.feedback = words[8];
  sample.line = words[9];
  sample.interval = unbiased(words[12]) << 16U | unbiased(words[13]);
  return sample;
}

}  // namespace seccm::instrument::wecspm
