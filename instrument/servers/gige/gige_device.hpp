// The registers of the served camera, who may write them, and what they make the camera do. Knows nothing of sockets,
// threads or the wall clock: datagrams and times come in, replies and frames that are due go out.
//
//   control   one client at a time: who writes the control privilege (CCP) first. Any other's write is answered with
//             access_denied, and so are reads while the privilege is exclusive. It ends when the client gives it up or
//             is not heard of for GevHeartbeatTimeout.
//   values    what the table of features (gige_features.hpp) does not accept is answered with invalid_parameter and
//             changes nothing; what is fixed during an acquisition with busy; what can not be written at all with
//             write_protect.
//   frames    AcquisitionStart to AcquisitionStop: one per TriggerSoftware, or at AcquisitionFrameRate if TriggerMode
//   is
//             Off. SingleFrame and MultiFrame end by themselves after 1 and AcquisitionFrameCount of them.
//   stream    goes to the machine that has the control, and to no other. That machine may ask for packets again.
//
// Not there: message channel, events, time stamp latch.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "instrument/servers/gige/gige_features.hpp"
#include "instrument/servers/gige/gvcp_packet.hpp"

namespace seccm::instrument::servers {

/// What the bootstrap registers say of the camera.
struct GigeLabel {
  std::uint32_t address = 0x7F000001;  ///< IPv4, host byte order
  std::string vendor, model, version, serial;
  int width = 0, height = 0;  ///< px, of the sensor
  bool resends = true;        ///< packets that are asked for again
};

/// One frame that is due.
struct GigeShot {
  double exposure = 0.0;  ///< s
  int x = 0, y = 0, width = 0, height = 0;
  std::uint32_t format = gige_mono_16;
  GigePeer to;
  std::uint32_t packet_size = 0;   ///< bytes with the headers of IP and UDP
  std::uint32_t packet_delay = 0;  ///< ns
  std::uint64_t acquisition = 0;   ///< changes with every start and stop
};

/// Packets `first` to `last` of a frame, that are to be sent again.
struct GigeResend {
  std::uint16_t block = 0;
  std::uint32_t first = 0, last = 0;
};

class GigeDevice {
 public:
  explicit GigeDevice(const GigeLabel& label);

  /// The reply to a datagram, empty for none. `broadcast`: it was not sent to the camera's own address, and only a
  /// discovery is answered. `now`: s, of any clock that does not go back.
  std::string answer(std::string_view datagram, GigePeer from, bool broadcast, double now);
  /// Takes the control from a client that is not heard of any more.
  void watch_control(double now);

  /// The next frame if it is due now; it then counts as taken.
  std::optional<GigeShot> take_shot(double now);
  /// s of `now` at which a frame without trigger is due, none if none is.
  [[nodiscard]] std::optional<double> next_shot() const;
  /// Whether a frame of this acquisition may still leave.
  [[nodiscard]] bool wanted(const GigeShot& shot) const { return shot.acquisition == acquisition_; }
  /// The number of the next frame of the stream: 1 to 65535, and 1 again.
  std::uint16_t next_block();
  /// What was asked for again since the last call.
  std::optional<GigeResend> take_resend() { return std::exchange(resend_, std::nullopt); }
  /// Where a test packet was asked for, and how large; once.
  std::optional<GigeShot> take_test_packet();

 private:
  GvcpStatus read(std::uint32_t address, std::size_t count, std::string& out) const;
  GvcpStatus write(std::uint32_t address, std::string_view bytes, GigePeer from, double now);
  GvcpStatus write_control(std::uint32_t value, GigePeer from);
  GvcpStatus write_feature(const GigeFeature& feature, std::string_view bytes, double now);
  GvcpStatus write_stream(std::uint32_t address, std::string_view bytes);
  GvcpStatus do_command(std::string_view name, double now);
  GvcpStatus command(GvcpCommand what, std::string_view payload, GigePeer from, double now, std::string& reply);
  GvcpStatus read_registers(std::string_view payload, std::string& reply) const;
  GvcpStatus write_registers(std::string_view payload, GigePeer from, double now, std::string& reply);
  [[nodiscard]] double largest(const GigeFeature& feature) const;
  [[nodiscard]] std::uint32_t word(std::uint32_t address) const { return gvcp_word(memory_, address); }
  [[nodiscard]] std::uint32_t word(std::string_view feature) const { return word(gige_feature(feature)->address); }
  [[nodiscard]] double real(std::string_view feature) const;
  void store(std::uint32_t address, std::string_view bytes) { memory_.replace(address, bytes.size(), bytes); }
  void store_word(std::uint32_t address, std::uint32_t value);
  void store_word(std::string_view feature, std::uint32_t value) { store_word(gige_feature(feature)->address, value); }
  void store_real(std::string_view feature, double value);
  void store_text(std::uint32_t address, std::size_t length, std::string_view text);
  void update_payload();
  void end_acquisition();
  [[nodiscard]] bool locked_out(GigePeer from) const { return control_ != 0 && !(controller_ == from); }
  [[nodiscard]] GigeShot shot() const;

  std::string memory_;
  std::size_t description_end_ = 0;
  std::uint32_t control_ = 0;  ///< the privilege as it was written, 0: nobody has it
  GigePeer controller_;
  double last_heard_ = 0.0;  ///< s, of the controller
  bool acquiring_ = false;
  std::uint64_t acquisition_ = 0;
  std::uint32_t left_ = 0;      ///< frames of this acquisition, if it is not continuous
  std::uint32_t triggers_ = 0;  ///< not yet served
  double due_ = 0.0;            ///< s, of the next frame without trigger
  std::uint16_t block_ = 0;
  bool test_packet_ = false;
  std::optional<GigeResend> resend_;
};

}  // namespace seccm::instrument::servers
