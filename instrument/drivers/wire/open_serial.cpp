#include <boost/asio/serial_port.hpp>

#include "instrument/drivers/wire/asio_stream.hpp"
#include "instrument/drivers/wire/check_timeout.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

Result<std::unique_ptr<ByteStream>> open_serial(const std::string& device, int baud, double timeout_s) {
  using boost::asio::serial_port_base;
  check_timeout(timeout_s);
  if (baud < 50 || baud > 4000000) throw InputError(fmt::format("baud rate {}, accepted are 50 to 4000000", baud));
  auto stream = std::make_unique<AsioStream<boost::asio::serial_port>>(fmt::format("serial {}", device), timeout_s);
  auto& port = stream->channel();
  boost::system::error_code code;
  const auto failed = [&](std::string_view what) {
    stream->close();
    return stream->calls().error(Errc::disconnected, fmt::format("{}: {}", what, code.message()));
  };
  port.open(device, code);
  if (code) return failed("opening the line");
  port.set_option(serial_port_base::baud_rate(static_cast<unsigned>(baud)), code);
  if (code) return failed(fmt::format("setting {} baud", baud));
  port.set_option(serial_port_base::character_size(8), code);
  if (!code) port.set_option(serial_port_base::parity(serial_port_base::parity::none), code);
  if (!code) port.set_option(serial_port_base::stop_bits(serial_port_base::stop_bits::one), code);
  if (!code) port.set_option(serial_port_base::flow_control(serial_port_base::flow_control::none), code);
  if (code) return failed("setting 8 data bits, no parity, 1 stop bit");
  return std::unique_ptr<ByteStream>(std::move(stream));
}

}  // namespace seccm::instrument::drivers
