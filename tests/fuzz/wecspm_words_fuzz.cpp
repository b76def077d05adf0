// Any bytes as words of the FPGA: each record survives its round trip, velocities and travel times stay finite.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <vector>

#include "instrument/wecspm/units.hpp"
#include "instrument/wecspm/words.hpp"

namespace {

using namespace seccm::instrument::wecspm;

void require(bool condition) {
  if (!condition) std::abort();
}

void judge(std::span<const std::int16_t, frame_words> words) {
  Words same{};
  std::copy(words.begin(), words.end(), same.begin());
  const NativeWaypoint waypoint = decode_waypoint(words);
  require(encode(waypoint) == same);
  const NativeSample sample = decode_sample(words);
  require(decode_sample(encode(sample)) == sample);
  for (std::size_t axis = 0; axis < axis_count; ++axis) {
    const double speed = velocity_of(waypoint.velocity[axis], words[11]);
    require(std::isfinite(speed));
    const auto ticks = travel_ticks(0, waypoint.target[axis], waypoint.velocity[axis], words[11]);
    require(!ticks || *ticks >= 0);
    if (speed <= 0.0) continue;
    const int n = velocity_exponent(speed);
    require(velocity_word(speed, n) >= 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::int16_t> words(size / 2);
  if (!words.empty()) std::memcpy(words.data(), data, words.size() * 2);
  for (std::span<const std::int16_t> left(words); left.size() >= frame_words; left = left.subspan(frame_words)) {
    judge(left.first<frame_words>());
  }
  return 0;
}
