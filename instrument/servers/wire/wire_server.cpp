#include <fmt/format.h>
#include <netinet/tcp.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <vector>

#include "instrument/servers/wire/connection.hpp"
#include "instrument/servers/wire/pseudo_terminal.hpp"
#include "sim/error.hpp"

namespace seccm::instrument::servers {

namespace {

using boost::asio::ip::tcp;

/// A client whose machine is gone frees its place after a minute at most.
void watch_for_death(tcp::socket& socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(boost::asio::socket_base::keep_alive(true), ignored);
  const auto set = [&](int option, int value) {
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  };
  set(TCP_KEEPIDLE, 30);
  set(TCP_KEEPINTVL, 10);
  set(TCP_KEEPCNT, 3);
  set(TCP_USER_TIMEOUT, 60000);
}

}  // namespace

class WireServer::Impl {
 public:
  explicit Impl(WireOptions options) : options_(std::move(options)) {}

  int add_tcp(const std::string& address, int port, SessionFactory factory);
  void add_serial(const std::string& device, int baud, const SessionFactory& factory);
  std::string add_pseudo_terminal(const SessionFactory& factory);
  void run(const std::stop_token& stop);
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Port {
    tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
    SessionFactory factory;
    std::vector<std::shared_ptr<OpenWire>> open;
  };

  void accept(Port& port);
  void accepted(Port& port, tcp::socket socket);
  template <class Channel>
  void keep(Channel channel, const SessionFactory& factory, const std::string& name);

  WireOptions options_;
  boost::asio::io_context context_{1};
  std::list<Port> ports_;
  std::vector<std::shared_ptr<OpenWire>> lines_;
  std::vector<PseudoTerminal> terminals_;
};

int WireServer::Impl::add_tcp(const std::string& address, int port, SessionFactory factory) {
  boost::system::error_code code;
  const auto fail = [&](std::string_view what) {
    throw InputError(fmt::format("{} {}:{}: {}", what, address, port, code.message()));
  };
  if (port < 0 || port > 65535) throw InputError(fmt::format("TCP port {}, accepted are 0 to 65535", port));
  const auto ip = boost::asio::ip::make_address(address, code);
  if (code) fail("listening on");
  const tcp::endpoint endpoint(ip, static_cast<unsigned short>(port));
  tcp::acceptor acceptor(context_);
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
  // A kernel told to route 127.0.0.0/8 would hand over what another machine sends there. Where a socket can not be tied
  // to the loopback, such a kernel is the operator's own doing.
  if (!code && ip.is_loopback()) ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_BINDTODEVICE, "lo", 2);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(boost::asio::socket_base::max_listen_connections, code);
  if (code) fail("listening on");
  const int bound = acceptor.local_endpoint().port();
  ports_.push_back({std::move(acceptor), boost::asio::steady_timer(context_), std::move(factory), {}});
  accept(ports_.back());
  return bound;
}

void WireServer::Impl::accept(Port& port) {
  port.acceptor.async_accept([this, &port](const boost::system::error_code& code, tcp::socket socket) {
    if (code == boost::asio::error::operation_aborted) return;
    if (!code) {
      accepted(port, std::move(socket));
      return accept(port);
    }
    // Out of descriptors: trying again at once would spin.
    if (options_.note) options_.note(fmt::format("accepting a connection: {}", code.message()));
    port.pause.expires_after(std::chrono::milliseconds(100));
    port.pause.async_wait([this, &port](const boost::system::error_code& cancelled) {
      if (!cancelled) accept(port);
    });
  });
}

void WireServer::Impl::accepted(Port& port, tcp::socket socket) {
  std::erase_if(port.open, [](const auto& wire) { return !wire->open(); });
  boost::system::error_code code;
  const auto remote = socket.remote_endpoint(code);
  if (code) return;  // gone already
  const std::string peer = fmt::format("tcp {}:{}", remote.address().to_string(), remote.port());
  if (port.open.size() >= options_.most_connections) {
    if (options_.note) options_.note(fmt::format("{}: refused, {} connections are open", peer, port.open.size()));
    return;
  }
  watch_for_death(socket);
  port.open.push_back(std::make_shared<Connection<tcp::socket>>(std::move(socket), port.factory(), peer, options_));
  port.open.back()->start();
}

template <class Channel>
void WireServer::Impl::keep(Channel channel, const SessionFactory& factory, const std::string& name) {
  lines_.push_back(std::make_shared<Connection<Channel>>(std::move(channel), factory(), "serial " + name, options_));
  lines_.back()->start();
}

void WireServer::Impl::add_serial(const std::string& device, int baud, const SessionFactory& factory) {
  using boost::asio::serial_port_base;
  boost::system::error_code code;
  boost::asio::serial_port port(context_);
  port.open(device, code);
  if (!code) port.set_option(serial_port_base::baud_rate(static_cast<unsigned>(baud)), code);
  if (!code) port.set_option(serial_port_base::character_size(8), code);
  if (!code) port.set_option(serial_port_base::parity(serial_port_base::parity::none), code);
  if (!code) port.set_option(serial_port_base::stop_bits(serial_port_base::stop_bits::one), code);
  if (!code) port.set_option(serial_port_base::flow_control(serial_port_base::flow_control::none), code);
  if (code) throw InputError(fmt::format("serial line {} at {} baud: {}", device, baud, code.message()));
  keep(std::move(port), factory, device);
}

std::string WireServer::Impl::add_pseudo_terminal(const SessionFactory& factory) {
  PseudoTerminal terminal;
  boost::asio::posix::stream_descriptor near(context_, terminal.release_near());
  const std::string device = terminal.device();
  terminals_.push_back(std::move(terminal));
  keep(std::move(near), factory, device);
  return device;
}

void WireServer::Impl::run(const std::stop_token& stop) {
  context_.restart();
  // The work keeps a server without wires waiting for its stop.
  const auto work = boost::asio::make_work_guard(context_);
  const std::stop_callback on_stop(stop, [this] { context_.stop(); });
  if (!stop.stop_requested()) context_.run();
  for (Port& port : ports_) {
    for (const auto& wire : port.open) wire->close();
    port.open.clear();
  }
}

std::size_t WireServer::Impl::connections() const {
  std::size_t count = 0;
  for (const Port& port : ports_) {
    for (const auto& wire : port.open) count += wire->open() ? 1 : 0;
  }
  return count;
}

WireServer::WireServer(WireOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
WireServer::~WireServer() = default;

int WireServer::add_tcp(const std::string& address, int port, SessionFactory factory) {
  return impl_->add_tcp(address, port, std::move(factory));
}

void WireServer::add_serial(const std::string& device, int baud, const SessionFactory& factory) {
  impl_->add_serial(device, baud, factory);
}

std::string WireServer::add_pseudo_terminal(const SessionFactory& factory) {
  return impl_->add_pseudo_terminal(factory);
}

void WireServer::run(const std::stop_token& stop) {
  impl_->run(stop);
}

std::size_t WireServer::connections() const {
  return impl_->connections();
}

}  // namespace seccm::instrument::servers
