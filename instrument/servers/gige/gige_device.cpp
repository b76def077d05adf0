#include "instrument/servers/gige/gige_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "sim/random.hpp"

namespace seccm::instrument::servers {

namespace {

// Bootstrap registers (GigE Vision).
constexpr std::uint32_t version_register = 0x0, device_mode = 0x4, mac_high = 0x8, mac_low = 0xC, ip_options = 0x10,
                        ip_option = 0x14, current_ip = 0x24, subnet_mask = 0x34, vendor_name = 0x48, model_name = 0x68,
                        device_version = 0x88, serial_number = 0xD8, user_name = 0xE8, description_url = 0x200,
                        interfaces = 0x600, stream_channels = 0x904, capability = 0x934, heartbeat = 0x938,
                        tick_low = 0x940, control_privilege = 0xA00, stream_port = 0xD00, packet_size = 0xD04,
                        packet_delay = 0xD08, stream_address = 0xD18;
constexpr std::size_t bootstrap_end = 0xE00, discovery_length = 0xF8, name_length = 32, serial_length = 16;
constexpr std::uint32_t description_begin = 0x10000, features_begin = 0x20000, features_end = 0x20078;
constexpr std::size_t longest_reading = 536, header_length = 8;  // bytes of one reply
constexpr std::uint32_t packets_again = 1U << 2U;
constexpr std::uint32_t exclusive = 1U << 0U, control_and_more = 7U;
constexpr std::uint32_t fire_test = 1U << 31U, do_not_fragment = 1U << 30U, size_mask = 0xFFFF;
constexpr std::uint32_t usual_packet = 1500, usual_heartbeat = 3000;
constexpr double usual_exposure = 10000.0, usual_rate = 25.0;  // us, Hz

}  // namespace

GigeDevice::GigeDevice(const GigeLabel& label) : memory_(features_end, '\0') {
  store_word(version_register, 1U << 16U | 2U);
  store_word(device_mode, 1U << 31U | 1U);  // big-endian, UTF-8
  // A locally administered address, the same for a serial number.
  const std::uint64_t mac = purpose_id(label.serial);
  store_word(mac_high, 0x0200U | static_cast<std::uint32_t>(mac >> 32U & 0xFFU));
  store_word(mac_low, static_cast<std::uint32_t>(mac));
  store_word(ip_options, 4U);  // link-local address, as it is the one that is always there
  store_word(ip_option, 4U);
  store_word(current_ip, label.address);
  store_word(subnet_mask, 0xFF000000U);
  store_text(vendor_name, name_length, label.vendor);
  store_text(model_name, name_length, label.model);
  store_text(device_version, name_length, label.version);
  store_text(serial_number, serial_length, label.serial);
  store_word(interfaces, 1);
  store_word(stream_channels, 1);
  // User name, serial, write memory, several registers.
  store_word(capability, 1U << 31U | 1U << 30U | 1U << 1U | 1U | (label.resends ? packets_again : 0U));
  store_word(heartbeat, usual_heartbeat);
  store_word(tick_low, 1000000000U);
  store_word(packet_size, usual_packet);
  const std::string description = gige_description(label.vendor, label.model);
  description_end_ = description_begin + description.size();
  store(description_begin, description);
  store_text(description_url, 512,
             fmt::format("Local:seccm-twin-camera.xml;{:x};{:x}", description_begin, description.size()));
  store_word("SensorWidth", static_cast<std::uint32_t>(label.width));
  store_word("SensorHeight", static_cast<std::uint32_t>(label.height));
  store_word("Width", static_cast<std::uint32_t>(label.width));
  store_word("Height", static_cast<std::uint32_t>(label.height));
  store_word("PixelFormat", gige_mono_16);
  store_word("BinningHorizontal", 1);
  store_word("BinningVertical", 1);
  store_word("AcquisitionFrameCount", 1);
  store_real("AcquisitionFrameRate", usual_rate);
  store_real("ExposureTime", usual_exposure);
  update_payload();
}

double GigeDevice::real(std::string_view feature) const {
  return std::bit_cast<double>(gvcp_number(memory_, gige_feature(feature)->address, 8));
}

void GigeDevice::store_word(std::uint32_t address, std::uint32_t value) {
  std::string bytes;
  gvcp_append(bytes, value, 4);
  store(address, bytes);
}

void GigeDevice::store_real(std::string_view feature, double value) {
  std::string bytes;
  gvcp_append(bytes, std::bit_cast<std::uint64_t>(value), 8);
  store(gige_feature(feature)->address, bytes);
}

void GigeDevice::store_text(std::uint32_t address, std::size_t length, std::string_view text) {
  std::string bytes(text.substr(0, length - 1));
  bytes.resize(length, '\0');
  store(address, bytes);
}

void GigeDevice::update_payload() {
  store_word("PayloadSize", word("Width") * word("Height") * (word("PixelFormat") >> 16U & 0xFFU) / 8U);
}

GvcpStatus GigeDevice::read(std::uint32_t address, std::size_t count, std::string& out) const {
  const auto inside = [&](std::size_t begin, std::size_t end) {
    return address >= begin && address < end && count <= end - address;
  };
  // Clients read the description in whole words.
  const std::size_t words_end = (description_end_ + 3) / 4 * 4;
  if (!inside(0, bootstrap_end) && !inside(description_begin, words_end) && !inside(features_begin, features_end))
    return GvcpStatus::invalid_address;
  out += memory_.substr(address, count);
  return GvcpStatus::success;
}

GvcpStatus GigeDevice::write(std::uint32_t address, std::string_view bytes, GigePeer from, double now) {
  if (locked_out(from)) return GvcpStatus::access_denied;
  if (address == control_privilege && bytes.size() == 4) return write_control(gvcp_word(bytes, 0), from);
  if (control_ == 0) return GvcpStatus::access_denied;
  if (const GigeFeature* feature = gige_feature_at(address)) return write_feature(*feature, bytes, now);
  if (address == user_name && bytes.size() <= serial_length) {
    store_text(user_name, serial_length, bytes.substr(0, bytes.find('\0')));
    return GvcpStatus::success;
  }
  if (bytes.size() == 4 && (address == stream_port || address == packet_size || address == stream_address))
    return write_stream(address, bytes);
  std::string there;
  return read(address, bytes.size(), there) == GvcpStatus::success ? GvcpStatus::write_protect
                                                                   : GvcpStatus::invalid_address;
}

GvcpStatus GigeDevice::write_control(std::uint32_t value, GigePeer from) {
  if ((value & ~control_and_more) != 0) return GvcpStatus::invalid_parameter;
  if (value == 0) end_acquisition();
  control_ = value;
  controller_ = from;
  store_word(control_privilege, value);
  return GvcpStatus::success;
}

double GigeDevice::largest(const GigeFeature& feature) const {
  return feature.whole.empty() ? feature.high : static_cast<double>(word(feature.whole)) - word(feature.beside);
}

GvcpStatus GigeDevice::write_feature(const GigeFeature& feature, std::string_view bytes, double now) {
  if (!feature.writable) return GvcpStatus::write_protect;
  if (bytes.size() != (feature.kind == GigeKind::real ? 8U : 4U)) return GvcpStatus::invalid_address;
  if (feature.kind == GigeKind::command)
    return gvcp_word(bytes, 0) == 1 ? do_command(feature.name, now) : GvcpStatus::invalid_parameter;
  if (feature.kind == GigeKind::choice) {
    const auto named = [&](const GigeChoice& c) { return c.value == gvcp_word(bytes, 0); };
    if (std::none_of(feature.choices.begin(), feature.choices.end(), named)) return GvcpStatus::invalid_parameter;
  } else {
    const double value =
        feature.kind == GigeKind::real ? std::bit_cast<double>(gvcp_number(bytes, 0, 8)) : gvcp_word(bytes, 0);
    if (!(value >= feature.low && value <= largest(feature))) return GvcpStatus::invalid_parameter;
  }
  if (feature.fixed_while_acquiring && acquiring_) return GvcpStatus::busy;
  store(feature.address, bytes);
  if (feature.name == "TriggerMode") triggers_ = 0;
  if (feature.name == "AcquisitionFrameRate") due_ = std::min(due_, now + 1.0 / real("AcquisitionFrameRate"));
  update_payload();
  return GvcpStatus::success;
}

GvcpStatus GigeDevice::write_stream(std::uint32_t address, std::string_view bytes) {
  const std::uint32_t value = gvcp_word(bytes, 0);
  if (address == stream_address && value != 0 && value != controller_.address) return GvcpStatus::invalid_parameter;
  if (address == stream_port && value > 0xFFFFU) return GvcpStatus::invalid_parameter;
  if (address == packet_size) {
    const std::uint32_t size = value & size_mask;
    if ((value & ~(fire_test | do_not_fragment | size_mask)) != 0 || size < gige_least_packet ||
        size > gige_largest_packet)
      return GvcpStatus::invalid_parameter;
    test_packet_ = test_packet_ || (value & fire_test) != 0;
    store_word(packet_size, value & ~fire_test);
    return GvcpStatus::success;
  }
  if (address == stream_port) block_ = 0;
  store(address, bytes);
  return GvcpStatus::success;
}

GvcpStatus GigeDevice::do_command(std::string_view name, double now) {
  if (name == "TriggerSoftware") {
    // A camera that is not armed lets a trigger pass.
    if (acquiring_ && word("TriggerMode") == 1) ++triggers_;
  } else if (name == "AcquisitionStop") {
    end_acquisition();
  } else {
    if (acquiring_) return GvcpStatus::success;
    acquiring_ = true;
    ++acquisition_;
    triggers_ = 0;
    due_ = now;
    left_ = word("AcquisitionMode") == 2 ? word("AcquisitionFrameCount") : 1;
  }
  return GvcpStatus::success;
}

void GigeDevice::end_acquisition() {
  acquiring_ = false;
  ++acquisition_;
}

void GigeDevice::watch_control(double now) {
  if (control_ == 0 || now - last_heard_ <= 1e-3 * word(heartbeat)) return;
  write_control(0, controller_);
}

std::string GigeDevice::answer(std::string_view datagram, GigePeer from, bool broadcast, double now) {
  constexpr unsigned char command_key = 0x42;
  if (datagram.size() < header_length || static_cast<unsigned char>(datagram[0]) != command_key) return {};
  const auto what = static_cast<GvcpCommand>(gvcp_number(datagram, 2, 2));
  if (broadcast && what != GvcpCommand::discovery) return {};
  watch_control(now);
  const std::size_t length = gvcp_number(datagram, 4, 2);
  const std::string_view payload = datagram.substr(header_length);
  std::string reply;
  const GvcpStatus status =
      payload.size() == length ? command(what, payload, from, now, reply) : GvcpStatus::invalid_header;
  if (control_ != 0 && controller_ == from) last_heard_ = now;
  const bool asks_for_answer = (static_cast<unsigned char>(datagram[1]) & 1U) != 0;
  if (!asks_for_answer) return {};
  if (status != GvcpStatus::success && what != GvcpCommand::write_register) reply.clear();
  std::string packet;
  gvcp_append(packet, static_cast<std::uint16_t>(status), 2);
  gvcp_append(packet, static_cast<std::uint16_t>(what) + 1U, 2);
  gvcp_append(packet, reply.size(), 2);
  packet += datagram.substr(6, 2);
  return packet + reply;
}

GvcpStatus GigeDevice::command(GvcpCommand what, std::string_view payload, GigePeer from, double now,
                               std::string& reply) {
  if (what == GvcpCommand::discovery) {
    reply = memory_.substr(0, discovery_length);
    return GvcpStatus::success;
  }
  const bool reading = what == GvcpCommand::read_register || what == GvcpCommand::read_memory;
  if (reading && locked_out(from) && (control_ & exclusive) != 0) return GvcpStatus::access_denied;
  switch (what) {
    case GvcpCommand::read_register:
      return read_registers(payload, reply);
    case GvcpCommand::write_register:
      return write_registers(payload, from, now, reply);
    case GvcpCommand::read_memory: {
      if (payload.size() != 8) return GvcpStatus::invalid_header;
      const std::size_t count = gvcp_number(payload, 6, 2);
      if (count > longest_reading) return GvcpStatus::invalid_parameter;
      reply = payload.substr(0, 4);
      return read(gvcp_word(payload, 0), count, reply);
    }
    case GvcpCommand::write_memory: {
      if (payload.size() <= 4) return GvcpStatus::invalid_header;
      gvcp_append(reply, payload.size() - 4, 4);
      return write(gvcp_word(payload, 0), payload.substr(4), from, now);
    }
    case GvcpCommand::packet_resend: {
      // Clients ask from the socket of the stream, not from that of the control.
      if ((word(capability) & packets_again) == 0) return GvcpStatus::not_implemented;
      if (control_ == 0 || from.address != controller_.address) return GvcpStatus::access_denied;
      if (payload.size() < 12) return GvcpStatus::invalid_header;
      constexpr std::uint32_t packet_mask = 0xFFFFFF;
      resend_ = GigeResend{static_cast<std::uint16_t>(gvcp_number(payload, 2, 2)), gvcp_word(payload, 4) & packet_mask,
                           gvcp_word(payload, 8) & packet_mask};
      return GvcpStatus::success;
    }
    default:
      return GvcpStatus::not_implemented;
  }
}

GvcpStatus GigeDevice::read_registers(std::string_view payload, std::string& reply) const {
  if (payload.empty() || payload.size() % 4 != 0 || payload.size() > longest_reading) return GvcpStatus::invalid_header;
  for (std::size_t at = 0; at < payload.size(); at += 4) {
    const GvcpStatus status = read(gvcp_word(payload, at), 4, reply);
    if (status != GvcpStatus::success) return status;
  }
  return GvcpStatus::success;
}

GvcpStatus GigeDevice::write_registers(std::string_view payload, GigePeer from, double now, std::string& reply) {
  if (payload.empty() || payload.size() % 8 != 0) return GvcpStatus::invalid_header;
  GvcpStatus status = GvcpStatus::success;
  std::size_t written = 0;
  for (; written < payload.size() / 8 && status == GvcpStatus::success; ++written)
    status = write(gvcp_word(payload, 8 * written), payload.substr(8 * written + 4, 4), from, now);
  // How many were written; of an error the one that failed.
  gvcp_append(reply, status == GvcpStatus::success ? written : written - 1, 4);
  return status;
}

GigeShot GigeDevice::shot() const {
  const auto number = [&](std::string_view feature) { return static_cast<int>(word(feature)); };
  const std::uint32_t host = word(stream_address);
  return {.exposure = real("ExposureTime") * 1e-6,
          .x = number("OffsetX"),
          .y = number("OffsetY"),
          .width = number("Width"),
          .height = number("Height"),
          .format = word("PixelFormat"),
          .to = {host, static_cast<std::uint16_t>(word(stream_port))},
          .packet_size = word(packet_size) & size_mask,
          .packet_delay = word(packet_delay),
          .acquisition = acquisition_};
}

std::optional<double> GigeDevice::next_shot() const {
  if (!acquiring_ || word("TriggerMode") == 1) return std::nullopt;
  return due_;
}

std::optional<GigeShot> GigeDevice::take_shot(double now) {
  if (!acquiring_) return std::nullopt;
  if (word("TriggerMode") == 1) {
    if (triggers_ == 0) return std::nullopt;
    --triggers_;
  } else {
    if (now < due_) return std::nullopt;
    const double period = 1.0 / real("AcquisitionFrameRate");
    // Frames that took longer than their period are not made up for.
    due_ = std::max(due_ + period, now);
  }
  const GigeShot due = shot();
  constexpr std::uint32_t continuous = 0;
  if (word("AcquisitionMode") != continuous && --left_ == 0) acquiring_ = false;
  return due;
}

std::uint16_t GigeDevice::next_block() {
  block_ = block_ == 0xFFFFU ? std::uint16_t{1} : static_cast<std::uint16_t>(block_ + 1U);
  return block_;
}

std::optional<GigeShot> GigeDevice::take_test_packet() {
  if (!test_packet_) return std::nullopt;
  test_packet_ = false;
  return shot();
}

}  // namespace seccm::instrument::servers
