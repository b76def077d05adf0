// The sockets of a GigE Vision camera: control and stream on its own address, discovery by broadcast on the interface
// of that address and no other. For the sources of this folder: Asio is a heavy header.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <string>
#include <vector>

#include "instrument/servers/gige/gvcp_packet.hpp"

namespace seccm::instrument::servers {

class GigeSockets {
 public:
  /// Throws InputError if the address is none of this machine or its port is taken. `note`, which may be empty, is told
  /// if the system does not let a socket be tied to its interface: the camera is then not found by broadcast.
  GigeSockets(boost::asio::io_context& context, const std::string& address,
              const std::function<void(const std::string&)>& note);

  /// Replies to a datagram; `broadcast` if it was not sent to the address itself.
  using Answer = std::function<std::string(std::string_view datagram, GigePeer from, bool broadcast)>;
  void serve(Answer answer);
  /// Sends one datagram of the stream. Safe from another thread than the one that serves.
  void send(const std::string& datagram, GigePeer to);
  /// IPv4, host byte order.
  [[nodiscard]] std::uint32_t address() const { return address_.to_uint(); }

 private:
  using Udp = boost::asio::ip::udp;
  struct Ear {
    Udp::socket socket;
    Udp::endpoint from;
    std::string datagram;
  };
  void listen_for_broadcasts(boost::asio::io_context& context, const std::function<void(const std::string&)>& note);
  void receive(Ear& ear, bool broadcast);

  boost::asio::ip::address_v4 address_;
  Ear control_;
  Udp::socket stream_;
  std::vector<Ear> broadcasts_;
  Answer answer_;
};

}  // namespace seccm::instrument::servers
