// What a device call returns: a value, or an Error that says which device, what happened, and whether to try again.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace seccm::instrument {

enum class Errc {
  timeout,
  disconnected,
  stale_data,
  protocol,
  limit_rejected,
  interlock_tripped,
  cancelled,
  overflow,
  framing_lost,
  saturated,
  device_fault,
  needs_reconnect,
};
std::string_view to_string(Errc code);

struct Error {
  Errc code = Errc::device_fault;
  std::string device;
  std::string detail;
  bool retryable = false;
};
/// One line: device, code, detail.
std::string describe(const Error& error);

/// Either a T or an Error. `value()` on an error throws DeviceError with `describe(error)`.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const T& value() const& {
    require();
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    require();
    return std::get<0>(std::move(state_));
  }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  void require() const;
  std::variant<T, Error> state_;
};

struct Done {};
/// Result of an action that has no value of its own.
using Outcome = Result<Done>;

[[noreturn]] void throw_device_error(const Error& error);

template <class T>
void Result<T>::require() const {
  if (!ok()) throw_device_error(error());
}

}  // namespace seccm::instrument
