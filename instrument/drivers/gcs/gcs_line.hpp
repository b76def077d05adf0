// The conversation with a GCS 2.0 controller: queries and their lines, commands and the error that each leaves.
//
// Every command is followed by ERR? in the same write, so that an error belongs to the command that made it. A query
// without a reply is asked after with ERR?: a controller answers an unknown query with silence and an error. Replies
// are bounded; numbers are finite or Errc::protocol.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "instrument/drivers/wire/byte_stream.hpp"

namespace seccm::instrument::drivers {

/// "7: position out of limits", for the numbers that matter here.
std::string gcs_error_text(int code);
/// limit_rejected for 7 and 8, cancelled for 10 (stopped), protocol for 1 to 3, 15 and 54, device_fault otherwise.
Errc gcs_errc(int code);

class GcsLine {
 public:
  explicit GcsLine(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  /// The lines of a reply, without their ends.
  Result<std::vector<std::string>> ask(const std::string& query);
  /// One number per axis, in the order asked: "1=1.5e+00" lines.
  Result<std::vector<double>> ask_numbers(const std::string& query, const std::vector<std::string>& axes);
  Outcome command(const std::string& command);
  /// #5: a bit per axis in the order of SAI?.
  Result<unsigned> moving_axes();
  /// #24 and what it leaves: error 10 is what it should be.
  Outcome stop_all();
  /// ERR?, after throwing away what had arrived.
  Result<int> clear_error();
  [[nodiscard]] std::string peer() const { return stream_->peer(); }

 private:
  Result<std::vector<std::string>> read_lines();
  Result<int> read_error();
  Error reason_of_silence(const std::string& query, const Error& late);
  [[nodiscard]] Error error(Errc code, std::string detail, bool retryable = false) const;

  std::unique_ptr<ByteStream> stream_;
};

}  // namespace seccm::instrument::drivers
