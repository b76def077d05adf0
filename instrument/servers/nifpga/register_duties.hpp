// What the software target does with each register of the contract: it shows something, acts on what is written, or
// refuses, by name, what another value would ask for or what the value would serve. None is ignored in silence.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "instrument/wecspm/register_contract.hpp"

namespace seccm::instrument::nifpga {

enum class Duty : std::uint8_t {
  shows,  ///< an indicator: what is written is refused
  acts,   ///< a control whose value has an effect
  kept,   ///< a control for something that is itself refused where it is asked for
  fixed,  ///< a control with one accepted value
};

struct RegisterDuty {
  Duty duty = Duty::shows;
  std::string_view what;  ///< what it shows or does, or why no other value is accepted
};
const std::array<RegisterDuty, wecspm::register_count>& duties();
inline const RegisterDuty& duty(wecspm::Reg reg) {
  return duties()[static_cast<std::size_t>(reg)];
}

/// The timing of the rig behind the target.
struct RigTiming {
  std::int64_t sample_ticks = 160;    ///< of 25 ns
  std::int64_t average_exponent = 8;  ///< a frame is the mean of 2^n samples
};

/// The value with which `reg` comes out of a reset; of a fixed register the one that is accepted.
std::int64_t start_value(wecspm::Reg reg, const RigTiming& timing);

/// Why `value` is not accepted by `reg`, with the register's name; none if it is.
std::optional<std::string> refusal(wecspm::Reg reg, std::int64_t value, const RigTiming& timing);

}  // namespace seccm::instrument::nifpga
