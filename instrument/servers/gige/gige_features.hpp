// What the served camera can be told: each feature once, with its address and what it accepts. The GenICam description
// that clients read and the check of what they write are made from this one table.
//
// Names are those of the Standard Features Naming Convention (EMVA SFNC 2.7), and `ExposureTimeAbs`, the name of older
// cameras, beside `ExposureTime`. A feature that can not be changed on this camera (binning, gain) accepts its one
// value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace seccm::instrument::servers {

enum class GigeKind {
  integer,  ///< 4 bytes, unsigned
  real,     ///< 8 bytes, IEEE 754
  choice,   ///< 4 bytes, one of `choices`
  command,  ///< 4 bytes, 1 does it
};

struct GigeChoice {
  std::string_view name;
  std::uint32_t value;
};

struct GigeFeature {
  std::string_view name;
  std::string_view group;  ///< SFNC category
  std::uint32_t address = 0;
  GigeKind kind = GigeKind::integer;
  bool writable = false;
  bool fixed_while_acquiring = false;
  double low = 0.0, high = 0.0;  ///< announced and enforced; integers in steps of 1
  std::string_view unit = {};
  /// The largest value is that of feature `whole` less that of `beside`, if these are given.
  std::string_view whole = {}, beside = {};
  std::span<const GigeChoice> choices = {};
};

/// Every feature. Where two have one address they are two names of one register.
std::span<const GigeFeature> gige_features();
/// Null if there is none.
const GigeFeature* gige_feature(std::string_view name);
const GigeFeature* gige_feature_at(std::uint32_t address);

inline constexpr std::uint32_t gige_mono_8 = 0x01080001, gige_mono_16 = 0x01100007;
inline constexpr int gige_longest_side = 16384;                        // px
inline constexpr std::uint32_t gige_least_packet = 576;                // bytes with the headers of IP and UDP
inline constexpr std::uint32_t gige_largest_packet = 9000;             // bytes, likewise
inline constexpr std::uint32_t gige_shortest_heartbeat = 500;          // ms
inline constexpr std::uint32_t gige_longest_heartbeat = 3'600'000;     // ms
inline constexpr std::uint32_t gige_longest_packet_delay = 1'000'000;  // ns

/// The GenICam description (GenApi 1.1 schema) of a camera of this vendor and model.
std::string gige_description(std::string_view vendor, std::string_view model);

}  // namespace seccm::instrument::servers
