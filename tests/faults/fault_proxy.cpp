#include "tests/faults/fault_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <stdexcept>
#include <utility>

namespace seccm::fault_test {
namespace {

sockaddr_in loopback_at(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int new_socket() {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0) throw std::runtime_error("the system has no socket left");
  const int on = 1;
  ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return s;
}

void close_socket(int& s) {
  if (s >= 0) ::close(std::exchange(s, -1));
}

void send_all(int s, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(s, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

constexpr std::chrono::milliseconds merging{20};

}  // namespace

std::string_view to_string(WireFault fault) {
  constexpr std::array<std::string_view, 9> names{"none",    "split",     "merged", "no_reply", "late_reply",
                                                  "garbage", "half_open", "reset",  "restart"};
  return names[static_cast<std::size_t>(fault)];
}

FaultProxy::FaultProxy(int server_port) : server_port_(server_port) {
  if (::pipe(wake_) != 0) throw std::runtime_error("the system has no pipe left");
  listen_again();
  thread_ = std::thread([this] { run(); });
}

FaultProxy::~FaultProxy() {
  ending_ = true;
  (void)!::write(wake_[1], "x", 1);
  thread_.join();
  hang_up(false);
  close_socket(listener_);
  for (int& end : wake_) close_socket(end);
}

void FaultProxy::strike(WireFault fault, std::uint64_t seed, double delay_s) {
  {
    const std::lock_guard lock(plan_mutex_);
    planned_ = fault;
    delay_ = delay_s;
    random_ = RandomStream(seed, "garbage");
  }
  (void)!::write(wake_[1], "x", 1);
  // The thread has seen it once it has emptied the pipe.
  pollfd seen{.fd = wake_[0], .events = POLLIN, .revents = 0};
  while (::poll(&seen, 1, 0) > 0) std::this_thread::yield();
}

void FaultProxy::listen_again() {
  if (listener_ >= 0) return;
  listener_ = new_socket();
  sockaddr_in address = loopback_at(port_);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 4) != 0)
    throw std::runtime_error("the proxy can not listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
}

void FaultProxy::accept_client() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  hang_up(false);
  client_ = client;
  const int on = 1;
  ::setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  server_ = new_socket();
  const sockaddr_in address = loopback_at(server_port_);
  if (::connect(server_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) hang_up(false);
}

void FaultProxy::hang_up(bool with_reset) {
  if (with_reset && client_ >= 0) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(client_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  close_socket(client_);
  close_socket(server_);
  held_.clear();
}

void FaultProxy::from_client() {
  std::array<char, 4096> chunk;
  const ssize_t n = ::recv(client_, chunk.data(), chunk.size(), 0);
  if (n <= 0) return hang_up(false);
  if (fault_ == WireFault::half_open) return;
  send_all(server_, {chunk.data(), static_cast<std::size_t>(n)});
}

void FaultProxy::from_server() {
  std::array<char, 4096> chunk;
  const ssize_t n = ::recv(server_, chunk.data(), chunk.size(), 0);
  if (n <= 0) return hang_up(false);
  pass_on({chunk.data(), static_cast<std::size_t>(n)});
}

void FaultProxy::pass_on(std::string_view bytes) {
  switch (fault_) {
    case WireFault::none:
      return send_all(client_, bytes);
    case WireFault::split:
      for (const char& byte : bytes) {
        send_all(client_, {&byte, 1});
        std::this_thread::sleep_for(std::chrono::microseconds(200));  // a segment of its own
      }
      return;
    case WireFault::merged:
    case WireFault::late_reply:
      if (held_.empty()) {
        const auto delay =
            std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(delay_));
        due_ = std::chrono::steady_clock::now() + (fault_ == WireFault::merged ? merging : delay);
      }
      held_ += bytes;
      return;
    case WireFault::garbage: {
      std::string other(bytes);
      for (std::size_t k = 0; k + 1 < other.size(); ++k) other[k] = static_cast<char>(random_.below(256));
      // A reply of one digit has no redundancy: another digit there is no garbage but another reply, which nobody can
      // tell.
      while (other.size() == 2 && std::isxdigit(static_cast<unsigned char>(other[0])) != 0)
        other[0] = static_cast<char>(random_.below(256));
      return send_all(client_, other);
    }
    case WireFault::no_reply:
    case WireFault::half_open:
      return;
    case WireFault::reset:
      return hang_up(true);
    case WireFault::restart:
      return hang_up(false);
  }
}

void FaultProxy::deliver_held() {
  if (held_.empty() || std::chrono::steady_clock::now() < due_) return;
  send_all(client_, held_);
  held_.clear();
}

void FaultProxy::run() {
  while (!ending_) {
    std::array<pollfd, 4> waiting{
        pollfd{.fd = wake_[0], .events = POLLIN, .revents = 0}, pollfd{.fd = listener_, .events = POLLIN, .revents = 0},
        pollfd{.fd = client_, .events = POLLIN, .revents = 0}, pollfd{.fd = server_, .events = POLLIN, .revents = 0}};
    ::poll(waiting.data(), waiting.size(), held_.empty() ? -1 : 5);
    if (waiting[0].revents != 0) {
      {
        const std::lock_guard lock(plan_mutex_);
        fault_ = planned_;
      }
      if (fault_ == WireFault::restart) {
        close_socket(listener_);
      } else {
        listen_again();
      }
      char word[64];
      (void)!::read(wake_[0], word, sizeof word);
      continue;  // the other descriptors may be others now
    }
    if (waiting[3].revents != 0) from_server();
    if (waiting[2].revents != 0 && client_ >= 0) from_client();
    if (waiting[1].revents != 0) accept_client();
    deliver_held();
  }
}

}  // namespace seccm::fault_test
