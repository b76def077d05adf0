// Errors that a user can cause. Own mistakes assert; user mistakes throw one of these with what, where, the offending
// value with its unit, and what would be accepted.
#pragma once

#include <stdexcept>
#include <string>

namespace seccm {

/// Bad input: a scenario, a parameter, a file, a path. The command ends with exit status 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
};

/// What the machine could not give: space on a disk, permission, memory. The input may be right. The command ends with
/// exit status 4.
class ResourceError : public InputError {
 public:
  explicit ResourceError(const std::string& message) : InputError(message) {}
};

/// A solver that can not return a result it could vouch for: names the time, the component and the residual.
class SolverError : public std::runtime_error {
 public:
  explicit SolverError(const std::string& message) : std::runtime_error(message) {}
};

/// A device that did not do what it was asked. The command ends with exit status 3.
class DeviceError : public std::runtime_error {
 public:
  explicit DeviceError(const std::string& message) : std::runtime_error(message) {}
};

/// The user asked to stop (SIGINT): what was finished is kept.
class Cancelled : public std::runtime_error {
 public:
  explicit Cancelled(const std::string& message) : std::runtime_error(message) {}
};

}  // namespace seccm
