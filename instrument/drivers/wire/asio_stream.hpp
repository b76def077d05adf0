// ByteStream over any channel of Boost.Asio. For the sources of this folder: Asio is a heavy header.
#pragma once

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "instrument/drivers/wire/byte_stream.hpp"

namespace seccm::instrument::drivers {

/// Calls of one stream, each run to its end or to its deadline on an io_context of the stream's own.
class TimedCalls {
 public:
  TimedCalls(std::string peer, double timeout_s) : peer_(std::move(peer)), timeout_(timeout_s) {}

  enum class End { finished, late, cancelled };
  /// Runs what was started until `done` or until the deadline.
  End run(const bool& done, std::chrono::steady_clock::time_point deadline);
  /// Lets the handlers of cancelled operations end, so that nothing they refer to can dangle.
  void settle();
  void cancel_on(const std::stop_token& stop);

  [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }
  [[nodiscard]] std::chrono::steady_clock::time_point deadline() const;
  [[nodiscard]] Error error(Errc code, std::string detail) const;
  [[nodiscard]] Error late(std::string_view what) const;
  [[nodiscard]] const std::string& peer() const { return peer_; }
  boost::asio::io_context& context() { return context_; }

 private:
  struct Interrupt {
    boost::asio::io_context* context;
    void operator()() const { context->stop(); }
  };

  boost::asio::io_context context_{1};
  std::string peer_;
  double timeout_;
  std::stop_token stop_;
  std::optional<std::stop_callback<Interrupt>> interrupt_;
};

template <class Channel>
class AsioStream final : public ByteStream {
 public:
  AsioStream(std::string peer, double timeout_s) : calls_(std::move(peer), timeout_s), channel_(calls_.context()) {}
  ~AsioStream() override { close_channel(); }

  Outcome write(std::string_view bytes) override;
  Result<std::string> read_until(char end, std::size_t most) override;
  Result<std::string> read_exactly(std::size_t count) override;
  Outcome discard_input() override;
  void cancel_on(const std::stop_token& stop) override { calls_.cancel_on(stop); }
  [[nodiscard]] std::string peer() const override { return calls_.peer(); }
  void close() noexcept override { close_channel(); }

  TimedCalls& calls() { return calls_; }
  Channel& channel() { return channel_; }

 private:
  /// Waits for bytes and appends them to the kept ones.
  Outcome receive(std::chrono::steady_clock::time_point deadline);
  /// Runs an operation that was started; on a late or cancelled one the channel lets go of it.
  Outcome finish(const bool& done, const boost::system::error_code& failure,
                 std::chrono::steady_clock::time_point deadline, std::string_view what);
  std::string take(std::size_t count);
  void close_channel() noexcept;

  TimedCalls calls_;
  Channel channel_;
  std::string kept_;
  std::array<char, 4096> chunk_{};
};

template <class Channel>
Outcome AsioStream<Channel>::finish(const bool& done, const boost::system::error_code& failure,
                                    std::chrono::steady_clock::time_point deadline, std::string_view what) {
  const auto end = calls_.run(done, deadline);
  if (end != TimedCalls::End::finished) {
    boost::system::error_code ignored;
    channel_.cancel(ignored);
    calls_.settle();
    if (end == TimedCalls::End::late) return calls_.late(what);
    return calls_.error(Errc::cancelled, fmt::format("stopped while {}", what));
  }
  if (!failure) return Done{};
  close_channel();
  return calls_.error(Errc::disconnected, fmt::format("{}: {}", what, failure.message()));
}

template <class Channel>
Outcome AsioStream<Channel>::write(std::string_view bytes) {
  if (!channel_.is_open()) return calls_.error(Errc::disconnected, "the connection is closed");
  bool done = false;
  boost::system::error_code failure;
  boost::asio::async_write(channel_, boost::asio::buffer(bytes.data(), bytes.size()),
                           [&](const boost::system::error_code& code, std::size_t) {
                             failure = code;
                             done = true;
                           });
  auto outcome = finish(done, failure, calls_.deadline(), "sending a request");
  // Part of a request may be on its way: no later request could be told from its rest.
  if (!outcome.ok()) close_channel();
  return outcome;
}

template <class Channel>
Outcome AsioStream<Channel>::receive(std::chrono::steady_clock::time_point deadline) {
  if (!channel_.is_open()) return calls_.error(Errc::disconnected, "the connection is closed");
  bool done = false;
  std::size_t count = 0;
  boost::system::error_code failure;
  channel_.async_read_some(boost::asio::buffer(chunk_), [&](const boost::system::error_code& code, std::size_t n) {
    failure = code;
    count = n;
    done = true;
  });
  auto outcome = finish(done, failure, deadline, "waiting for a reply");
  // A read that was cancelled may still have brought bytes.
  kept_.append(chunk_.data(), count);
  return outcome;
}

template <class Channel>
std::string AsioStream<Channel>::take(std::size_t count) {
  std::string taken = kept_.substr(0, count);
  kept_.erase(0, count);
  return taken;
}

template <class Channel>
Result<std::string> AsioStream<Channel>::read_until(char end, std::size_t most) {
  const auto deadline = calls_.deadline();
  for (;;) {
    const auto at = kept_.find(end);
    if (at < most) return take(at + 1);
    if (kept_.size() >= most) {
      kept_.clear();
      return calls_.error(Errc::protocol, fmt::format("no end of a reply within {} bytes", most));
    }
    if (auto outcome = receive(deadline); !outcome.ok()) return outcome.error();
  }
}

template <class Channel>
Result<std::string> AsioStream<Channel>::read_exactly(std::size_t count) {
  const auto deadline = calls_.deadline();
  while (kept_.size() < count) {
    if (auto outcome = receive(deadline); !outcome.ok()) return outcome.error();
  }
  return take(count);
}

template <class Channel>
Outcome AsioStream<Channel>::discard_input() {
  kept_.clear();
  // A peer that never stops sending must not hold us here: 1 MiB is more than any late reply.
  constexpr int most_chunks = 256;
  for (int k = 0; k < most_chunks; ++k) {
    auto outcome = receive(std::chrono::steady_clock::now());
    if (outcome.ok()) continue;
    kept_.clear();
    if (outcome.error().code == Errc::timeout) return Done{};
    return outcome;
  }
  kept_.clear();
  return calls_.error(Errc::protocol, "the device does not stop sending");
}

template <class Channel>
void AsioStream<Channel>::close_channel() noexcept {
  boost::system::error_code ignored;
  channel_.close(ignored);
  try {
    calls_.settle();
  } catch (...) {  // the handlers here do not throw; an allocation of Asio might
  }
}

}  // namespace seccm::instrument::drivers
