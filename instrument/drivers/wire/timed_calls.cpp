#include "instrument/drivers/wire/asio_stream.hpp"

namespace seccm::instrument::drivers {

TimedCalls::End TimedCalls::run(const bool& done, std::chrono::steady_clock::time_point deadline) {
  if (stopped()) return End::cancelled;
  context_.restart();
  // A stop between the test above and the restart would have been lost.
  if (stopped()) return End::cancelled;
  // What is ready is taken even when the deadline is now.
  context_.poll();
  while (!done && !stopped() && std::chrono::steady_clock::now() < deadline) {
    if (context_.stopped() && !stopped()) break;
    context_.run_one_until(deadline);
  }
  if (done) return End::finished;
  return stopped() ? End::cancelled : End::late;
}

void TimedCalls::settle() {
  context_.restart();
  context_.poll();
}

void TimedCalls::cancel_on(const std::stop_token& stop) {
  interrupt_.reset();
  stop_ = stop;
  interrupt_.emplace(stop_, Interrupt{&context_});
}

std::chrono::steady_clock::time_point TimedCalls::deadline() const {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(timeout_));
}

Error TimedCalls::error(Errc code, std::string detail) const {
  return {code, peer_, std::move(detail), code == Errc::timeout};
}

Error TimedCalls::late(std::string_view what) const {
  return error(Errc::timeout, fmt::format("{} took longer than {:.6g} s", what, timeout_));
}

}  // namespace seccm::instrument::drivers
