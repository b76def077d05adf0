#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "instrument/drivers/wire/asio_stream.hpp"
#include "instrument/drivers/wire/check_timeout.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::drivers {

namespace {

using boost::asio::ip::tcp;

/// Runs one of the two steps of a connection. Names are looked up by a thread of Asio, which ends in its own time.
template <class Start>
Outcome step(TimedCalls& calls, std::chrono::steady_clock::time_point deadline, std::string_view what, Start start,
             const boost::system::error_code& failure, const bool& done) {
  start();
  const auto end = calls.run(done, deadline);
  if (end == TimedCalls::End::late) return calls.late(what);
  if (failure) return calls.error(Errc::disconnected, fmt::format("{}: {}", what, failure.message()));
  return Done{};
}

}  // namespace

Result<std::unique_ptr<ByteStream>> connect_tcp(const std::string& host, int port, double timeout_s) {
  check_timeout(timeout_s);
  if (port < 1 || port > 65535) throw InputError(fmt::format("TCP port {}, accepted are 1 to 65535", port));
  auto stream = std::make_unique<AsioStream<tcp::socket>>(fmt::format("tcp {}:{}", host, port), timeout_s);
  TimedCalls& calls = stream->calls();
  const auto deadline = calls.deadline();

  tcp::resolver resolver(calls.context());
  tcp::resolver::results_type addresses;
  boost::system::error_code failure;
  bool done = false;
  auto outcome = step(
      calls, deadline, "looking up the host",
      [&] {
        resolver.async_resolve(host, std::to_string(port), [&](const auto& code, const auto& found) {
          failure = code;
          addresses = found;
          done = true;
        });
      },
      failure, done);
  if (outcome.ok()) {
    done = false;
    outcome = step(
        calls, deadline, "connecting",
        [&] {
          boost::asio::async_connect(stream->channel(), addresses, [&](const auto& code, const auto&) {
            failure = code;
            done = true;
          });
        },
        failure, done);
  }
  if (!outcome.ok()) {
    resolver.cancel();
    stream->close();
    return outcome.error();
  }
  boost::system::error_code ignored;
  stream->channel().set_option(tcp::no_delay(true), ignored);
  stream->channel().set_option(boost::asio::socket_base::keep_alive(true), ignored);
  return std::unique_ptr<ByteStream>(std::move(stream));
}

}  // namespace seccm::instrument::drivers
