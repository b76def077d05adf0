#include "instrument/servers/wire/pseudo_terminal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "sim/error.hpp"

namespace seccm::instrument::servers {

PseudoTerminal::PseudoTerminal() {
  termios mode{};
  cfmakeraw(&mode);
  mode.c_cflag |= CREAD | CLOCAL;
  std::array<char, 128> name{};
  if (openpty(&near_, &far_, nullptr, &mode, nullptr) != 0 || ttyname_r(far_, name.data(), name.size()) != 0) {
    throw InputError(fmt::format("pseudo terminal: {}", std::generic_category().message(errno)));
  }
  // A program started by the server must not keep the line.
  fcntl(near_, F_SETFD, FD_CLOEXEC);
  fcntl(far_, F_SETFD, FD_CLOEXEC);
  device_ = name.data();
}

PseudoTerminal::~PseudoTerminal() {
  if (near_ >= 0) ::close(near_);
  if (far_ >= 0) ::close(far_);
}

}  // namespace seccm::instrument::servers
