// The 14-word records of the WEC-SPM FPGA target: a waypoint (host to FPGA) and a sample (FPGA to host).
//
// Waypoint: [0] line action; [1..5] velocities and [6..10] targets of X, Y, Z, V1, V2; [11] wait of the position loop,
// us; [12] hold, us; [13] flags. Sample: [0..4] X, Y, Z, V1, V2; [5..6] I1, I2; [7] unused; [8] feedback type; [9] line
// number; [10..11] unused; [12..13] high and low half of the INTERVAL since the previous sample in 40 MHz ticks, each
// half stored as half - 32768. It is an interval, not a time: times are sums of it.
// Words are counts of a signed 16-bit converter. Every 14 words decode; what a decoded record means is judged
// elsewhere. Source: the public host program of that target (echemtips, docs/HARDWARE_INTEGRATION.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace seccm::instrument::wecspm {

inline constexpr std::size_t frame_words = 14;
inline constexpr double tick_rate = 40e6;        ///< Hz
inline constexpr int longest_hold_us = 32767;    ///< one waypoint's hold; longer ones are split
inline constexpr std::size_t max_lines = 32767;  ///< waypoints of one program: the tag of a sample is a signed word

using Words = std::array<std::int16_t, frame_words>;

enum Axis : std::size_t { axis_x, axis_y, axis_z, axis_v1, axis_v2, axis_count };

enum class LineAction : std::int16_t { none = 0, stop_on_contact = 2 };

enum WaypointFlag : std::uint16_t {
  move_x = 1,
  move_y = 2,
  move_z = 4,
  move_v = 8,
  jump_v = 16,
  hold_line = 32,
  move_v2 = 64,
  jump_v2 = 128,
};

struct NativeWaypoint {
  std::int16_t action = 0;
  std::array<std::int16_t, axis_count> velocity{};  ///< counts per tick x 2^n of the axis
  std::array<std::int16_t, axis_count> target{};    ///< counts
  std::int16_t loop_wait_us = 0;
  std::int16_t hold_us = 0;
  std::uint16_t flags = 0;

  friend bool operator==(const NativeWaypoint&, const NativeWaypoint&) = default;
};
Words encode(const NativeWaypoint& waypoint);
NativeWaypoint decode_waypoint(std::span<const std::int16_t, frame_words> words);

struct NativeSample {
  std::array<std::int16_t, axis_count> position{};
  std::int16_t i1 = 0, i2 = 0;
  std::int16_t feedback = 0;
  std::int16_t line = 0;       ///< low 16 bits of LineNumber
  std::uint32_t interval = 0;  ///< ticks since the previous sample

  friend bool operator==(const NativeSample&, const NativeSample&) = default;
};
Words encode(const NativeSample& sample);
NativeSample decode_sample(std::span<const std::int16_t, frame_words> words);

}  // namespace seccm::instrument::wecspm
