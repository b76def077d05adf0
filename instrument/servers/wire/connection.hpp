// One open wire of a server: reads a piece, feeds the session, writes the reply whole once its time has come, reads on.
// A client that does not take its replies is not read from, so that nothing piles up. For the sources of this folder:
// Asio is a heavy header.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "instrument/servers/wire/line_session.hpp"

namespace seccm::instrument::servers {

class OpenWire {
 public:
  virtual ~OpenWire() = default;
  virtual void start() = 0;
  virtual void close() = 0;
  [[nodiscard]] virtual bool open() const = 0;
};

template <class Channel>
class Connection final : public OpenWire, public std::enable_shared_from_this<Connection<Channel>> {
 public:
  Connection(Channel channel, std::unique_ptr<Session> session, std::string peer, const WireOptions& options)
      : channel_(std::move(channel)),
        hold_(channel_.get_executor()),
        session_(std::move(session)),
        peer_(std::move(peer)),
        options_(options) {}

  void start() override { read(); }
  void close() override {
    boost::system::error_code ignored;
    hold_.cancel();
    channel_.close(ignored);
  }
  [[nodiscard]] bool open() const override { return channel_.is_open(); }

 private:
  void read() {
    channel_.async_read_some(boost::asio::buffer(chunk_),
                             [self = this->shared_from_this()](const boost::system::error_code& code, std::size_t n) {
                               self->received(code, n);
                             });
  }

  void received(const boost::system::error_code& code, std::size_t count) {
    if (code) return close();
    double ahead = 0.0;
    try {
      std::unique_lock<std::mutex> world;
      if (options_.world != nullptr) world = std::unique_lock(*options_.world);
      reply_ = session_->feed({chunk_.data(), count});
      if (options_.ahead) ahead = options_.ahead();
    } catch (const std::exception& failure) {
      if (options_.note) options_.note(peer_ + ": " + failure.what());
      return close();
    }
    if (reply_.empty()) return read();
    if (ahead <= 0.0) return answer();
    hold_.expires_after(std::chrono::ceil<std::chrono::nanoseconds>(std::chrono::duration<double>(ahead)));
    hold_.async_wait([self = this->shared_from_this()](const boost::system::error_code& cancelled) {
      if (!cancelled) self->answer();
    });
  }

  void answer() {
    boost::asio::async_write(channel_, boost::asio::buffer(reply_),
                             [self = this->shared_from_this()](const boost::system::error_code& failed, std::size_t) {
                               if (failed) return self->close();
                               self->read();
                             });
  }

  Channel channel_;
  boost::asio::steady_timer hold_;  // of a reply whose time has not come
  std::unique_ptr<Session> session_;
  std::string peer_;
  const WireOptions& options_;
  std::array<char, 4096> chunk_{};
  std::string reply_;
};

}  // namespace seccm::instrument::servers
