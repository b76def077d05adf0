// The error queue of a SCPI instrument: first in, first out, at most `most` entries. When it is full, its last entry
// becomes -350 and later errors are dropped, as SCPI-99 (volume 2, 21.8) has it.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace seccm::instrument::servers {

struct ScpiError {
  int code = 0;
  std::string_view text = "No error";
  double t = 0.0;  ///< s, when it happened
};

inline constexpr ScpiError undefined_header{.code = -113, .text = "Undefined header"};
inline constexpr ScpiError data_type_error{.code = -104, .text = "Data type error"};
inline constexpr ScpiError missing_parameter{.code = -109, .text = "Missing parameter"};
inline constexpr ScpiError parameter_not_allowed{.code = -108, .text = "Parameter not allowed"};
inline constexpr ScpiError trigger_ignored{.code = -211, .text = "Trigger ignored"};
inline constexpr ScpiError init_ignored{.code = -213, .text = "Init ignored"};
inline constexpr ScpiError settings_conflict{.code = -221, .text = "Settings conflict"};
inline constexpr ScpiError data_out_of_range{.code = -222, .text = "Data out of range"};
inline constexpr ScpiError illegal_parameter{.code = -224, .text = "Illegal parameter value"};
/// Of the 2400's own.
inline constexpr ScpiError not_with_output_off{.code = 803, .text = "Not permitted with OUTPUT off"};
inline constexpr ScpiError queue_overflow{.code = -350, .text = "Queue overflow"};
inline constexpr ScpiError query_deadlocked{.code = -430, .text = "Query deadlocked"};
inline constexpr ScpiError input_overrun{.code = -363, .text = "Input buffer overrun"};

class ScpiErrorQueue {
 public:
  static constexpr std::size_t most = 16;
  void push(const ScpiError& error) {
    if (errors_.size() < most) {
      errors_.push_back(error);
    } else {
      errors_.back() = queue_overflow;
    }
  }
  /// The oldest, or "No error".
  ScpiError pop() {
    if (errors_.empty()) return {};
    const ScpiError first = errors_.front();
    errors_.pop_front();
    return first;
  }
  [[nodiscard]] std::size_t size() const { return errors_.size(); }
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  void clear() { errors_.clear(); }

 private:
  std::deque<ScpiError> errors_;
};

}  // namespace seccm::instrument::servers
