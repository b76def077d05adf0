#include "tests/wires/served.hpp"

#include <cctype>
#include <stdexcept>

namespace seccm::instrument::testing {

std::string EchoSession::feed(std::string_view bytes) {
  std::string reply;
  for (char c : bytes) {
    line_ += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (c != '\n') continue;
    if (line_ == "THROW\n") throw std::runtime_error("the device behind the echo failed");
    if (line_ != "QUIET\n") reply += line_;
    line_.clear();
  }
  return reply;
}

std::string ScriptedSession::feed(std::string_view bytes) {
  std::string reply;
  for (char c : bytes) {
    if (c != end_) {
      line_ += c;
      continue;
    }
    reply += answer_(std::exchange(line_, {}));
  }
  return reply;
}

}  // namespace seccm::instrument::testing
