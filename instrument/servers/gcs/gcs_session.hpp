// GCS 2.0 of one connection: frames lines and single-byte commands, runs them on the controller, latches errors.
//
// Commands end with LF (a CR before it is dropped); the bytes 5, 7, 9 and 24 are commands of their own wherever they
// come, also within a line. An unknown query gets no reply, only error 2. A line longer than `longest_line` is dropped
// to its end and is error 3. Only the last error is kept, until ERR? reads it.
#pragma once

#include <string>
#include <string_view>

#include "instrument/servers/gcs/gcs_controller.hpp"
#include "instrument/servers/gcs/gcs_error.hpp"
#include "instrument/servers/wire/line_session.hpp"

namespace seccm::instrument::servers {

class GcsSession final : public Session {
 public:
  static constexpr std::size_t longest_line = 16384;

  /// `controller` must outlive the session.
  explicit GcsSession(GcsController& controller) : controller_(controller) {}
  std::string feed(std::string_view bytes) override;

 private:
  std::string single(char byte);
  std::string line();
  std::string run(const std::string& name, const GcsWords& words);

  GcsController& controller_;
  std::string line_;
  bool too_long_ = false;
  GcsError error_ = GcsError::none;
};

/// Sessions on one controller, which must outlive them.
SessionFactory gcs_sessions(GcsController& controller);

}  // namespace seccm::instrument::servers
