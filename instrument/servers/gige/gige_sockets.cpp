#include "instrument/servers/gige/gige_sockets.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "sim/error.hpp"

namespace seccm::instrument::servers {

namespace {

namespace ip = boost::asio::ip;
using boost::asio::ip::udp;

constexpr std::size_t longest_datagram = 2048;  // bytes; a control packet of the standard has 576 at most

/// The interface that has an address, and where it hears broadcasts.
struct Interface {
  std::string name;
  std::vector<ip::address_v4> broadcasts{ip::address_v4::broadcast()};
};

std::optional<Interface> interface_of(const ip::address_v4& address) {
  ifaddrs* raw = nullptr;
  if (getifaddrs(&raw) != 0) return std::nullopt;
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> all(raw, &freeifaddrs);
  const auto number = [](const sockaddr* a) {
    return ip::address_v4(ntohl(reinterpret_cast<const sockaddr_in*>(a)->sin_addr.s_addr));
  };
  for (const ifaddrs* i = all.get(); i != nullptr; i = i->ifa_next) {
    if (i->ifa_addr == nullptr || i->ifa_addr->sa_family != AF_INET) continue;
    // All of 127.0.0.0/8 is the loopback's.
    const bool loopback = address.is_loopback() && (i->ifa_flags & IFF_LOOPBACK) != 0;
    if (!loopback && number(i->ifa_addr) != address) continue;
    Interface found{i->ifa_name};
    if ((i->ifa_flags & IFF_BROADCAST) != 0 && i->ifa_broadaddr != nullptr)
      found.broadcasts.push_back(number(i->ifa_broadaddr));
    return found;
  }
  return std::nullopt;
}

/// What arrives through another interface is then not for this socket, whatever address it bears.
bool tie(udp::socket& socket, const std::string& interface) {
  return ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                      static_cast<socklen_t>(interface.size())) == 0;
}

}  // namespace

GigeSockets::GigeSockets(boost::asio::io_context& context, const std::string& address,
                         const std::function<void(const std::string&)>& note)
    : control_{.socket = udp::socket(context), .from = {}, .datagram = {}}, stream_(context) {
  boost::system::error_code code;
  address_ = ip::make_address_v4(address, code);
  // Not one for all interfaces, nor a broadcast: what is bound to these hears machines that nobody named.
  if (!code && !interface_of(address_)) {
    throw InputError(
        fmt::format("GigE Vision camera on {}:{}: no address of an interface of this machine", address, gvcp_port));
  }
  if (!code) control_.socket.open(udp::v4(), code);
  if (!code) control_.socket.bind({address_, gvcp_port}, code);
  if (!code) stream_.open(udp::v4(), code);
  if (!code) stream_.bind({address_, 0}, code);
  if (code) throw InputError(fmt::format("GigE Vision camera on {}:{}: {}", address, gvcp_port, code.message()));
  listen_for_broadcasts(context, note);
}

void GigeSockets::listen_for_broadcasts(boost::asio::io_context& context,
                                        const std::function<void(const std::string&)>& note) {
  const auto interface = interface_of(address_);
  if (!interface) return;
  // A kernel told to route 127.0.0.0/8 would hand over what another machine sends there.
  if (address_.is_loopback()) tie(control_.socket, interface->name);
  for (const auto& broadcast : interface->broadcasts) {
    Ear ear{.socket = udp::socket(context), .from = {}, .datagram = {}};
    boost::system::error_code code;
    ear.socket.open(udp::v4(), code);
    // Cameras on other addresses hear the same broadcasts.
    if (!code) ear.socket.set_option(udp::socket::reuse_address(true), code);
    if (!code && !tie(ear.socket, interface->name)) code = {errno, boost::system::system_category()};
    if (!code) ear.socket.bind({broadcast, gvcp_port}, code);
    if (!code) {
      broadcasts_.push_back(std::move(ear));
    } else if (note) {
      note(fmt::format(
          "GigE Vision camera on {}: not found by broadcast to {}, for a socket of {} alone can not be had: {}",
          address_.to_string(), broadcast.to_string(), interface->name, code.message()));
    }
  }
}

void GigeSockets::serve(Answer answer) {
  answer_ = std::move(answer);
  receive(control_, false);
  for (Ear& ear : broadcasts_) receive(ear, true);
}

void GigeSockets::receive(Ear& ear, bool broadcast) {
  ear.datagram.resize(longest_datagram);
  ear.socket.async_receive_from(boost::asio::buffer(ear.datagram), ear.from,
                                [this, &ear, broadcast](const boost::system::error_code& code, std::size_t length) {
                                  if (code == boost::asio::error::operation_aborted) return;
                                  if (!code) {
                                    const GigePeer from{ear.from.address().to_v4().to_uint(), ear.from.port()};
                                    const std::string reply =
                                        answer_(std::string_view(ear.datagram).substr(0, length), from, broadcast);
                                    boost::system::error_code gone;
                                    if (!reply.empty())
                                      control_.socket.send_to(boost::asio::buffer(reply), ear.from, 0, gone);
                                  }
                                  receive(ear, broadcast);
                                });
}

void GigeSockets::send(const std::string& datagram, GigePeer to) {
  boost::system::error_code gone;
  stream_.send_to(boost::asio::buffer(datagram), udp::endpoint(ip::address_v4(to.address), to.port), 0, gone);
}

}  // namespace seccm::instrument::servers
